/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/ofl-hashes.h"

#include <zlib.h>

static void
compute_one (GChecksumType type, const guint8 *data, gsize length, char *out, gsize out_size)
{
  g_autofree char *text = g_compute_checksum_for_data (type, data, length);

  g_strlcpy (out, text, out_size);
}

/**
 * ofl_hashes_compute:
 * @self: (out caller-allocates): the hashes, as lower-case hexadecimal text
 * @data: (array length=length): the bytes
 * @length: how many
 *
 * SHA-256 is ours; MD5, SHA-1 and CRC-32 are there because firmware lists of the community name
 * images by them.
 */
void
ofl_hashes_compute (OflHashes *self, const guint8 *data, gsize length)
{
  uLong crc = crc32 (0L, Z_NULL, 0);

  compute_one (G_CHECKSUM_SHA256, data, length, self->sha256, sizeof self->sha256);
  compute_one (G_CHECKSUM_SHA1, data, length, self->sha1, sizeof self->sha1);
  compute_one (G_CHECKSUM_MD5, data, length, self->md5, sizeof self->md5);
  crc = crc32_z (crc, data, length);
  g_snprintf (self->crc32, sizeof self->crc32, "%08lx", crc);
}
