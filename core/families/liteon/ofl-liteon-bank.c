/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On images: how their code banks lie in the file. liteon 3.2. */
#include "families/liteon/ofl-liteon.h"

#include <string.h>

#define REBANKED_AT 0xfff8
#define TAIL_LEN 16

/**
 * ofl_liteon_size_is_legal:
 * @length: number of bytes
 *
 * Returns: whether images of that length exist
 */
gboolean
ofl_liteon_size_is_legal (gsize length)
{
  return length == 0x20000 || length == 0x40000 || length == 0x80000 || length == OFL_LITEON_FULL;
}

/**
 * ofl_liteon_is_rebanked:
 * @data: (array length=length): an image
 * @length: its length
 *
 * liteon 3.2: the form in which what all banks share is stored once.
 *
 * Returns: whether it is in that form
 */
gboolean
ofl_liteon_is_rebanked (const guint8 *data, gsize length)
{
  return length >= OFL_LITEON_BANK && data[0] == 0x02 && data[OFL_LITEON_BOOTCODE] == 0x02
         && memcmp (data + REBANKED_AT, "LITEONIT", 8) == 0;
}

/**
 * ofl_liteon_call_probe:
 * @data: (array length=length): an image
 * @length: its length
 *
 * The code by which a bank is called masks the bank's number: E5 90 54 mask B4 00.
 *
 * Returns: the mask: 0F straight, 1F rebanked, 07 in 512 KiB; 0 when the code is not found or the
 *   image is too small to have it
 */
guint
ofl_liteon_call_probe (const guint8 *data, gsize length)
{
  gboolean full = length == OFL_LITEON_FULL;

  for (gsize at = OFL_LITEON_BOOTCODE; length >= 0x80000 && at + 6 <= OFL_LITEON_BANK; at++)
    {
      const guint8 *p = data + at;
      guint mask = p[3];

      if (p[0] == 0xe5 && p[1] == 0x90 && p[2] == 0x54 && p[4] == 0xb4 && p[5] == 0
          && (full ? mask == 0x0f || mask == 0x1f : mask == 0x07))
        return mask;
    }
  return 0;
}

/**
 * ofl_liteon_has_tail:
 * @data: (array length=length): an image
 * @length: its length, at least 16
 *
 * Returns: whether the last 16 bytes are capital letters and blanks, the signature of slim drives
 */
gboolean
ofl_liteon_has_tail (const guint8 *data, gsize length)
{
  for (gsize i = length - TAIL_LEN; i < length; i++)
    if (data[i] != ' ' && !g_ascii_isupper ((char) data[i]))
      return FALSE;
  return TRUE;
}

/**
 * ofl_liteon_straighten:
 * @data: (array length=length): a rebanked image, with its boot code
 * @length: its length, more than boot code and common area
 * @common: length of what all banks share: 3000 or 4000
 *
 * Puts the common area before each bank's own part, so that every bank has 64 KiB; the last may be
 * short. The boot code stays apart.
 *
 * Returns: (transfer full): the banks
 */
GBytes *
ofl_liteon_straighten (const guint8 *data, gsize length, guint32 common)
{
  gsize own = OFL_LITEON_BANK - common;
  GByteArray *banks = g_byte_array_new ();

  for (gsize at = OFL_LITEON_BOOTCODE + common; at < length; at += own)
    {
      g_byte_array_append (banks, data + OFL_LITEON_BOOTCODE, common);
      g_byte_array_append (banks, data + at, (guint) MIN (own, length - at));
    }
  return g_byte_array_free_to_bytes (banks);
}
