/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes firmware files of every kind for tests. Written from the facts alone, apart from the code
 * that reads such files, so that one misreading does not hide in both. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Synthetic data of tests 5. */
guint8 *encode_noise (guint32 seed, gsize n_bytes);
GBytes *encode_noise_bytes (guint32 seed, gsize n_bytes);
GBytes *encode_banked_noise (guint32 seed, gsize n_bytes);
GBytes *encode_sparse_image (gsize n_bytes);

/* XFlash, liteon 3.5 to 3.7. */
typedef struct {
  const char *version;
  gsize version_length;
  const guint8 *code;
  gsize code_length;
  const char *tag;
  const char *count;
  guint32 start[4];
  guint32 size[4];
  const char *revision[4];
  GBytes *body;
} EncodeXFlash;

GBytes *encode_xflash (const EncodeXFlash *xflash);
GBytes *encode_swapped (GBytes *image, guint inverted, guint gap);
char *encode_fibonacci_classes (void);
GBytes *encode_fibonacci (GBytes *image, GBytes *key, const char *revision);
GBytes *encode_mask (GBytes *image, GBytes *key, const char *revision, guint8 mask, guint8 extra);
GBytes *encode_join (GBytes *first, ...) G_GNUC_NULL_TERMINATED;
GBytes *encode_zeros (gsize n_bytes);
const guint8 *encode_fibonacci_code (gsize *length);
const guint8 *encode_mask_code (gboolean second, gsize *length);

/* UPX, §2. */
GBytes *encode_nrv (guint method, const guint8 *data, gsize length);
GBytes *encode_program (GBytes *code, GBytes *data);
void encode_filter (guint8 *code, gsize length, guint8 filter, guint8 cto, guint32 base);
GBytes *encode_upx (GBytes *program, guint method, guint8 filter, gboolean disguise,
                    GBytes *overlay);

/* Hitachi-LG, renesas 3. */
GBytes *encode_hlds_component (const char *kind, guint32 seed, guint32 n_bytes);
void encode_hlds_stream (guint cipher, guint16 seed, guint8 *data, gsize n_bytes);
GBytes *encode_hlds_exe (GBytes *flat, guint cipher, guint16 seed, const guint32 (*holes)[2],
                         guint n_holes);

/* BTC, §6. */
char *encode_btc_line (guint16 offset, const guint8 *data, guint n_bytes);
GBytes *encode_btc (GBytes *image, gsize per_line);

/* NEC, nec 11: P2 of a length, the ID put over it where it is kept inside, a byte of the
 * 768K type, the words' sum, ID and bootcode behind it. */
typedef struct {
  const char *id;
  gsize payload;
  gsize id_inside;
  guint8 byte_at_400;
  gboolean with_sum;
  gboolean without_tail;
  const char *bootcode;
} EncodeNec;

GBytes *encode_nec (const EncodeNec *nec);

/* Archives: name, then GBytes (NULL for a folder), …, then NULL. */
GBytes *encode_archive (int format, int filter, const char *options, ...) G_GNUC_NULL_TERMINATED;
GBytes *encode_rar (const char *name, GBytes *content, gboolean locked);
GBytes *encode_lha (const char *name, GBytes *content);
GBytes *encode_cab (const char *name, GBytes *content);

G_END_DECLS
