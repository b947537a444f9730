/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serials, masked in what is sent to others. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OFL_MASK_CHAR '*'

GPtrArray *ofl_mask_new (void);
void ofl_mask_add (GPtrArray *secrets, const char *text);
void ofl_mask_apply (const GPtrArray *secrets, guint8 *data, gsize length);

G_END_DECLS
