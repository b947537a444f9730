/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/encode.h"

#include <string.h>

#include "scsi/ofl-bytes.h"

GBytes *
encode_hlds_component (const char *kind, guint32 seed, guint32 n_bytes)
{
  g_autofree guint8 *code = encode_noise (seed, n_bytes);
  gboolean is_main = g_str_equal (kind, "MAIN");
  gsize length = 0x400 + (gsize) n_bytes;
  guint8 *data = g_malloc0 (length);
  guint sum = 0;

  memcpy (data + 0x400, code, n_bytes);
  memcpy (data + 0x18, is_main ? "MAIN    " : "CORE    ", 8);
  memcpy (data + 0x20, "REV LVL 1.00", 12);
  memcpy (data + 0x30, "ROM REV ", 8);
  ofl_put_be (data + 0x40, 4, is_main ? 0x00400000 : 0x00300000);
  ofl_put_be (data + 0x44, 4, n_bytes);
  if (is_main)
    memcpy (data + length - 16, data + 0x400, 16);
  for (gsize i = 2; i + 1 < length; i += 2)
    sum += (guint) data[i] << 8 | data[i + 1];
  ofl_put_be (data, 2, (0xFFFF - sum) & 0xFFFF);
  return g_bytes_new_take (data, length);
}

/* Turns a 16-bit number left without cutting what leaves it at the top. */
static guint32
roll (guint32 number, guint bits)
{
  return number << bits | number >> (16 - bits);
}

void
encode_hlds_stream (guint cipher, guint16 seed, guint8 *data, gsize n_bytes)
{
  guint64 state = MAX (seed, 1);

  for (gsize i = 0; i < n_bytes; i++)
    switch (cipher)
      {
      case 1:
        state = state * 0x6C078965u % 0x100000000u;
        data[i] ^= (guint8) (state / 0x1000000u);
        break;
      case 2:
        state = (state + roll ((guint32) state, 1 + state % 15)) % 0x10000u;
        data[i] ^= (guint8) state;
        break;
      default:
        state = (state + roll ((guint32) state, 1 + (state / 256 + state) % 15)) % 0x10000u;
        data[i] ^= (guint8) state;
        break;
      }
}

/* The data of @flat without its holes, behind the table of them. */
static GByteArray *
make_block (GBytes *flat, guint32 stub, guint16 seed, const guint32 (*holes)[2], guint n_holes)
{
  GByteArray *block = g_byte_array_new ();
  gsize length, at = 0;
  const guint8 *data = g_bytes_get_data (flat, &length);

  g_byte_array_set_size (block, 0x204);
  memset (block->data, 0, 0x204);
  ofl_put_be (block->data, 2, seed);
  for (guint i = 0; i < n_holes; i++)
    {
      g_byte_array_append (block, data + at, (guint) (holes[i][0] - at));
      ofl_put_be (block->data + 4 + 4 * i, 4, stub + block->len);
      ofl_put_be (block->data + 0x104 + 4 * i, 4, holes[i][1]);
      at = holes[i][0] + holes[i][1];
    }
  g_byte_array_append (block, data + at, (guint) (length - at));
  return block;
}

GBytes *
encode_hlds_exe (GBytes *flat, guint cipher, guint16 seed, const guint32 (*holes)[2], guint n_holes)
{
  g_autofree guint8 *stub = encode_noise (0x10 + cipher, 0x1000);
  g_autoptr (GByteArray) block = make_block (flat, 0x1000, seed, holes, n_holes);
  GByteArray *file = g_byte_array_new ();
  guint8 trailer[0x2C] = { 0 };

  memcpy (stub, "MZ", 2);
  encode_hlds_stream (cipher, seed, block->data + 2, block->len - 2);
  ofl_put_be (trailer, 2, seed ^ 0x55);
  ofl_put_be (trailer + 2, 4, 0x1000);
  ofl_put_be (trailer + 6, 4, block->len + sizeof trailer);
  memcpy (trailer + 10, "Update Data for HLDS's Drive", 28);
  encode_hlds_stream (cipher, seed ^ 0x55, trailer + 2, sizeof trailer - 2);
  g_byte_array_append (file, stub, 0x1000);
  g_byte_array_append (file, block->data, block->len);
  g_byte_array_append (file, trailer, sizeof trailer);
  return g_byte_array_free_to_bytes (file);
}
