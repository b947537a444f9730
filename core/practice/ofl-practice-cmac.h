/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OFL_PRACTICE_MAC_SIZE 16

void ofl_practice_cmac (const guint8 *data, gsize length, guint8 mac[OFL_PRACTICE_MAC_SIZE]);
gboolean ofl_practice_cmac_seal (guint8 *image, gsize size);
gboolean ofl_practice_cmac_check (const guint8 *image, gsize size);
void ofl_practice_encrypt (guint8 *data, gsize length);
void ofl_practice_decrypt (guint8 *data, gsize length);

G_END_DECLS
