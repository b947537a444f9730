/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families/renesas/ofl-hlds.h"

/* One step of ciphers 2 and 3: the key, turned by @turn bits, is added to itself. */
static guint32
turn_key (guint32 key, guint32 turn)
{
  return (key + ((key >> (16 - turn)) | (key << turn))) & 0xFFFF;
}

static guint8
next_byte (OflHldsCipher cipher, guint32 *key)
{
  if (cipher == OFL_HLDS_CIPHER_MULTIPLY)
    {
      *key *= 0x6C078965u;
      return (guint8) (*key >> 24);
    }
  if (cipher == OFL_HLDS_CIPHER_ROTATE)
    *key = turn_key (*key, *key % 15 + 1);
  else
    *key = turn_key (*key, ((*key >> 8) + *key) % 15 + 1);
  return (guint8) *key;
}

/**
 * ofl_hlds_crypt:
 * @cipher: which of the three stream ciphers
 * @seed: the two bytes before the data; 0 counts as 1
 * @from: the data
 * @to: (out): room for as many bytes; may be @from
 * @n_bytes: how many
 *
 * Decrypts or encrypts (renesas 3.2).
 */
void
ofl_hlds_crypt (OflHldsCipher cipher, guint16 seed, const guint8 *from, guint8 *to, gsize n_bytes)
{
  guint32 key = seed == 0 ? 1 : seed;

  for (gsize i = 0; i < n_bytes; i++)
    to[i] = from[i] ^ next_byte (cipher, &key);
}
