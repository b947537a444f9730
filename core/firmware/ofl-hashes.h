/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lower-case hexadecimal text of a file's or an image's hashes. */
typedef struct {
  char sha256[65];
  char sha1[41];
  char md5[33];
  char crc32[9];
} OflHashes;

void ofl_sha256_compute (const guint8 *data, gsize length, char out[65]);
void ofl_hashes_compute (OflHashes *self, const guint8 *data, gsize length);

G_END_DECLS
