/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG's updaters for Renesas drives: renesas 3. Private to core/firmware and its
 * tests. */
#pragma once

#include "firmware/ofl-container-format.h"

G_BEGIN_DECLS

/* What each component has in front of its code. */
#define OFL_HLDS_HEADER_SIZE 0x400u

/**
 * OflHldsCipher:
 * @OFL_HLDS_CIPHER_MULTIPLY: 1: a multiplication, its highest byte
 * @OFL_HLDS_CIPHER_ROTATE: 2: a rotation by what the key is modulo 15
 * @OFL_HLDS_CIPHER_ROTATE_SUM: 3: a rotation by what the key's bytes' sum is modulo 15
 */
typedef enum {
  OFL_HLDS_CIPHER_MULTIPLY = 1,
  OFL_HLDS_CIPHER_ROTATE = 2,
  OFL_HLDS_CIPHER_ROTATE_SUM = 3,
} OflHldsCipher;

void ofl_hlds_crypt (OflHldsCipher cipher, guint16 seed, const guint8 *from, guint8 *to,
                     gsize n_bytes);
const char *ofl_hlds_get_kind (OflSlice component);
OflUnpacked ofl_hlds_split (GBytes *flat, OflSayDamaged say, guint64 offset,
                            const OflContainerInput *input, OflContainerOutput *output,
                            GError **error);

OflUnpacked ofl_container_hlds_exe (const OflContainerInput *input, OflContainerOutput *output,
                                    GError **error);
OflUnpacked ofl_container_hlds_flat (const OflContainerInput *input, OflContainerOutput *output,
                                     GError **error);

G_END_DECLS
