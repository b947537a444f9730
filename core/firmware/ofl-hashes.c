/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/ofl-hashes.h"

#include <nettle/base16.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <zlib.h>

static void
put_hex (char *out, const guint8 *digest, gsize length)
{
  base16_encode_update (out, length, digest);
  out[BASE16_ENCODE_LENGTH (length)] = '\0';
}

static void
compute_sha1 (const guint8 *data, gsize length, char out[41])
{
  struct sha1_ctx context;
  guint8 digest[SHA1_DIGEST_SIZE];

  sha1_init (&context);
  sha1_update (&context, length, data);
  sha1_digest (&context, sizeof digest, digest);
  put_hex (out, digest, sizeof digest);
}

static void
compute_md5 (const guint8 *data, gsize length, char out[33])
{
  struct md5_ctx context;
  guint8 digest[MD5_DIGEST_SIZE];

  md5_init (&context);
  md5_update (&context, length, data);
  md5_digest (&context, sizeof digest, digest);
  put_hex (out, digest, sizeof digest);
}

/**
 * ofl_sha256_compute:
 * @data: (array length=length): the bytes
 * @length: how many
 * @out: (out caller-allocates) (array fixed-size=65): their SHA-256, as lower-case hexadecimal text
 *
 * For whom the other hashes are of no use.
 */
void
ofl_sha256_compute (const guint8 *data, gsize length, char out[65])
{
  struct sha256_ctx context;
  guint8 digest[SHA256_DIGEST_SIZE];

  sha256_init (&context);
  sha256_update (&context, length, data);
  sha256_digest (&context, sizeof digest, digest);
  put_hex (out, digest, sizeof digest);
}

/**
 * ofl_hashes_compute:
 * @self: (out caller-allocates): the hashes, as lower-case hexadecimal text
 * @data: (array length=length): the bytes
 * @length: how many
 *
 * SHA-256 is ours; MD5, SHA-1 and CRC-32 are there because firmware lists of the community name
 * images by them. By nettle, which has the processor's own instructions for them; GLib has not, and
 * every image is hashed several times in a job.
 */
void
ofl_hashes_compute (OflHashes *self, const guint8 *data, gsize length)
{
  uLong crc = crc32 (0L, Z_NULL, 0);

  ofl_sha256_compute (data, length, self->sha256);
  compute_sha1 (data, length, self->sha1);
  compute_md5 (data, length, self->md5);
  crc = crc32_z (crc, data, length);
  g_snprintf (self->crc32, sizeof self->crc32, "%08lx", crc);
}
