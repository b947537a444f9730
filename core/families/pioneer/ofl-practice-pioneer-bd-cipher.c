/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cipher and sum of a BD writer's files, as the drive's side of an update knows them. Source:
 * pioneer 2.8. */
#include "families/pioneer/ofl-practice-pioneer-bd.h"

#include <string.h>

#define WORD 4u
#define TURN 0x1fu

/* To the right; a whole turn is none. */
static guint32
rotate (guint32 word, guint by)
{
  by &= TURN;
  return by == 0 ? word : word >> by | word << (32 - by);
}

/**
 * ofl_practice_pioneer_bd_encipher: (skip)
 * @key: (array fixed-size=65536): of the file; it begins anew every 10000 bytes
 * @body: (array length=length): a Normal, in place
 * @length: its bytes, a multiple of 4
 *
 * Enciphers little-endian words: turned left by the low five bits of the key's, then XOR.
 */
void
ofl_practice_pioneer_bd_encipher (const guint8 *key, guint8 *body, gsize length)
{
  for (gsize i = 0; i + WORD <= length; i += WORD)
    {
      guint32 k = ofl_get_le (key + i % PIONEER_BD_KEY_SIZE, WORD);

      ofl_put_le (body + i, WORD, rotate (ofl_get_le (body + i, WORD), 32 - (k & TURN)) ^ k);
    }
}

/**
 * ofl_practice_pioneer_bd_decipher: (skip)
 * @key: (array fixed-size=65536): of the file
 * @body: (array length=length): the enciphered Normal, in place
 * @length: its bytes, a multiple of 4
 *
 * Undoes ofl_practice_pioneer_bd_encipher().
 */
void
ofl_practice_pioneer_bd_decipher (const guint8 *key, guint8 *body, gsize length)
{
  for (gsize i = 0; i + WORD <= length; i += WORD)
    {
      guint32 k = ofl_get_le (key + i % PIONEER_BD_KEY_SIZE, WORD);

      ofl_put_le (body + i, WORD, rotate (ofl_get_le (body + i, WORD) ^ k, k & TURN));
    }
}

/**
 * ofl_practice_pioneer_bd_sum: (skip)
 * @data: (array length=length): a Kernel or a Normal, deciphered
 * @length: its bytes, a multiple of 4
 *
 * Returns: the sum of its big-endian words of 32 bits; 0 when it is whole
 */
guint32
ofl_practice_pioneer_bd_sum (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i + WORD <= length; i += WORD)
    sum += ofl_get_be (data + i, WORD);
  return sum;
}

/**
 * ofl_practice_pioneer_bd_plain: (skip)
 * @file: (array length=size): a file as it came over the wire
 * @size: its bytes
 *
 * Returns: (transfer full) (nullable): the Normal in it; NULL when the length cannot be that of a
 *   file for this flash
 */
GBytes *
ofl_practice_pioneer_bd_plain (const guint8 *file, gsize size)
{
  gsize length = size - PIONEER_BD_BODY;
  guint8 *plain;

  if (size <= PIONEER_BD_BODY || size % PIONEER_BD_UNIT != 0 || length > PIONEER_BD_NORMAL_MAX)
    return NULL;
  plain = g_memdup2 (file + PIONEER_BD_BODY, length);
  ofl_practice_pioneer_bd_decipher (file + PIONEER_BD_KEY, plain, length);
  return g_bytes_new_take (plain, length);
}
