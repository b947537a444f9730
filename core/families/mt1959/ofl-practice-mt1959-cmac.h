/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ofl_practice_mt1959_cmac_seal (guint8 *image, gsize size);
gboolean ofl_practice_mt1959_cmac_check (const guint8 *image, gsize size);
void ofl_practice_mt1959_decrypt (guint8 *data, gsize length);

G_END_DECLS
