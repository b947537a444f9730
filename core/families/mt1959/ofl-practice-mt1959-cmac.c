/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrity table and the transport encryption of MT1959 images, as the receiving drive sees
 * them. Source: mt1959 3.2, 3.4. */
#include "families/mt1959/ofl-practice-mt1959-cmac.h"

#include <nettle/aes.h>
#include <nettle/cmac.h>
#include <string.h>

#include "families/mt1959/ofl-practice-mt1959.h"
#include "scsi/ofl-bytes.h"

#define GROUP 16
#define MAC_SIZE 16

static const guint8 mac_key[AES128_KEY_SIZE] = { 0xbd, 0x20, 0x94, 0x08, 0xe3, 0x5e, 0x52, 0x6a,
                                                 0x36, 0x23, 0x52, 0x34, 0x43, 0x4f, 0xe8, 0xab };
static const guint8 enc_key[AES128_KEY_SIZE] = { 0x5e, 0x9e, 0x4f, 0x00, 0x94, 0xef, 0x20, 0xab,
                                                 0x52, 0xe3, 0x5e, 0x73, 0x6a, 0xcb, 0x23, 0x24 };

static void
reverse (guint8 *out, const guint8 *in, gsize length)
{
  for (gsize i = 0; i < length; i++)
    out[i] = in[length - 1 - i];
}

/* AES-128-CMAC (RFC 4493) over groups of 16 bytes, each with its bytes reversed; the result is
 * reversed too, as the table stores it. Source: mt1959 3.2. */
static void
cmac (const guint8 *data, gsize length, guint8 mac[MAC_SIZE])
{
  struct cmac_aes128_ctx context;
  guint8 reversed[GROUP * 64];
  guint8 digest[CMAC128_DIGEST_SIZE];
  gsize held = 0;

  cmac_aes128_set_key (&context, mac_key);
  for (gsize done = 0; done < length; done += GROUP)
    {
      gsize group = MIN ((gsize) GROUP, length - done);

      reverse (reversed + held, data + done, group);
      held += group;
      if (held + GROUP > sizeof reversed)
        {
          cmac_aes128_update (&context, held, reversed);
          held = 0;
        }
    }
  cmac_aes128_update (&context, held, reversed);
  cmac_aes128_digest (&context, sizeof digest, digest);
  reverse (mac, digest, sizeof digest);
}

/* Finds entry @index of the table: 1 when it is in use and lies within the image, 0 when it is
 * switched off, -1 when it makes no sense. */
static int
read_entry (const guint8 *image, gsize size, guint index, guint32 *start, guint32 *length)
{
  const guint8 *entry = image + MT1959_TABLE + index * MT1959_TABLE_ENTRY;
  guint32 end = ofl_get_le (entry + 8, 4);

  if (ofl_get_le (entry, 4) == G_MAXUINT32)
    return 0;
  *start = ofl_get_le (entry + 4, 4);
  if (*start > end || end >= size)
    return -1;
  *length = end - *start + 1;
  return 1;
}

/**
 * ofl_practice_mt1959_cmac_seal: (skip)
 * @image: (array length=size): an image with a table whose ranges are filled in
 * @size: bytes of it
 *
 * Computes the results of the table, in the order of its entries.
 *
 * Returns: FALSE when a range lies outside of the image
 */
gboolean
ofl_practice_mt1959_cmac_seal (guint8 *image, gsize size)
{
  g_return_val_if_fail (size >= MT1959_TABLE + MT1959_TABLE_ENTRIES * MT1959_TABLE_ENTRY, FALSE);

  for (guint i = 0; i < MT1959_TABLE_ENTRIES; i++)
    {
      guint32 start, length;
      int state = read_entry (image, size, i, &start, &length);

      if (state < 0)
        return FALSE;
      if (state > 0)
        cmac (image + start, length, image + MT1959_TABLE + i * MT1959_TABLE_ENTRY + 12);
    }
  return TRUE;
}

/**
 * ofl_practice_mt1959_cmac_check: (skip)
 * @image: (array length=size): an image
 * @size: bytes of it
 *
 * Checks the table as the receiver does before it burns. A table without any entry in use is
 * refused: it would accept any bytes.
 *
 * Returns: whether every entry in use is right and there is one
 */
gboolean
ofl_practice_mt1959_cmac_check (const guint8 *image, gsize size)
{
  guint n_used = 0;

  g_return_val_if_fail (size >= MT1959_TABLE + MT1959_TABLE_ENTRIES * MT1959_TABLE_ENTRY, FALSE);

  for (guint i = 0; i < MT1959_TABLE_ENTRIES; i++)
    {
      guint8 mac[MAC_SIZE];
      guint32 start, length;
      int state = read_entry (image, size, i, &start, &length);

      if (state == 0)
        continue;
      if (state < 0)
        return FALSE;
      cmac (image + start, length, mac);
      if (memcmp (mac, image + MT1959_TABLE + i * MT1959_TABLE_ENTRY + 12, sizeof mac) != 0)
        return FALSE;
      n_used++;
    }
  return n_used > 0;
}

/**
 * ofl_practice_mt1959_decrypt: (skip)
 * @data: (array length=length): changed in place
 * @length: a multiple of 16 bytes
 *
 * Undoes the form that a receiver may want: AES-128-ECB. Source: mt1959 3.2, 3.4.
 */
void
ofl_practice_mt1959_decrypt (guint8 *data, gsize length)
{
  struct aes128_ctx context;

  aes128_set_decrypt_key (&context, enc_key);
  aes128_decrypt (&context, length, data, data);
}
