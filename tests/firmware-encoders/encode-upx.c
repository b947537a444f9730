/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packs a program as UPX does (firmware 2), with libucl as the compressor. */
#include "tests/firmware-encoders/encode.h"

#include <string.h>
#include <ucl/ucl.h>

#include "scsi/ofl-bytes.h"

#define PE 0x200u
#define SECTIONS (PE + 0xF8)
#define PAGE 0x1000u
#define ALIGNMENT 0x200u

GBytes *
encode_nrv (guint method, const guint8 *data, gsize length)
{
  struct ucl_compress_config_t config;
  ucl_uint room = (ucl_uint) (length + length / 8 + 256);
  guint8 *out = g_malloc (room);
  int (*compress) (const ucl_bytep, ucl_uint, ucl_bytep, ucl_uintp, ucl_progress_callback_p, int,
                   const struct ucl_compress_config_p, ucl_uintp)
      = method == 2   ? ucl_nrv2b_99_compress
        : method == 5 ? ucl_nrv2d_99_compress
                      : ucl_nrv2e_99_compress;

  memset (&config, 0xFF, sizeof config);
  config.bb_endian = 0;
  config.bb_size = 32;
  if (compress (data, (ucl_uint) length, out, &room, NULL, 9, &config, NULL) != UCL_E_OK)
    g_error ("libucl cannot compress");
  return g_bytes_new_take (out, room);
}

static gsize
pad (gsize value, gsize alignment)
{
  return (value + alignment - 1) / alignment * alignment;
}

static void
put_section (guint8 *entry, const char *name, guint32 virtual_size, guint32 rva, guint32 raw_size,
             guint32 raw)
{
  memcpy (entry, name, strlen (name));
  ofl_put_le (entry + 8, 4, virtual_size);
  ofl_put_le (entry + 12, 4, rva);
  ofl_put_le (entry + 16, 4, raw_size);
  ofl_put_le (entry + 20, 4, raw);
}

static void
put_header (guint8 *file, guint n_sections, guint32 code_size)
{
  memcpy (file, "MZ", 2);
  ofl_put_le (file + 0x3C, 4, PE);
  memcpy (file + PE, "PE\0\0", 4);
  ofl_put_le (file + PE + 4, 2, 0x14C);
  ofl_put_le (file + PE + 6, 2, n_sections);
  ofl_put_le (file + PE + 0x14, 2, 0xE0);
  ofl_put_le (file + PE + 0x18, 2, 0x10B);
  ofl_put_le (file + PE + 0x1C, 4, code_size);
  ofl_put_le (file + PE + 0x2C, 4, PAGE);
  ofl_put_le (file + PE + 0x3C, 4, ALIGNMENT);
}

/* A Windows program with its header at 200 and two sections. */
GBytes *
encode_program (GBytes *code, GBytes *data)
{
  gsize code_length, data_length;
  const guint8 *code_bytes = g_bytes_get_data (code, &code_length);
  const guint8 *data_bytes = g_bytes_get_data (data, &data_length);
  gsize code_raw = 0x400, data_raw = code_raw + pad (code_length, ALIGNMENT);
  gsize length = data_raw + pad (data_length, ALIGNMENT);
  guint8 *file = g_malloc0 (length);

  put_header (file, 2, (guint32) code_length);
  put_section (file + SECTIONS, ".text", (guint32) code_length, PAGE,
               (guint32) pad (code_length, ALIGNMENT), (guint32) code_raw);
  put_section (file + SECTIONS + 0x28, ".data", (guint32) data_length,
               (guint32) (PAGE + pad (code_length, PAGE)), (guint32) pad (data_length, ALIGNMENT),
               (guint32) data_raw);
  memcpy (file + code_raw, code_bytes, code_length);
  memcpy (file + data_raw, data_bytes, data_length);
  return g_bytes_new_take (file, length);
}

/* Makes distances of calls (E8) and jumps (E9) absolute, as UPX's filters do before packing. The
 * marked filters (24, 25, 26, 46, 49) only take operands whose target fits 24 bits. */
void
encode_filter (guint8 *code, gsize length, guint8 filter, guint8 cto, guint32 base)
{
  gboolean marked = filter >= 0x20;

  for (gsize i = 0; i + 5 < length; i++)
    {
      gboolean call = code[i] == 0xE8 && filter % 16 != 5 && filter != 0x12;
      gboolean jump = code[i] == 0xE9 && filter % 16 != 4 && filter != 0x11;
      guint32 target;

      if (!call && !jump)
        continue;
      target = ofl_get_le (code + i + 1, 4) + (guint32) i + 1 + base;
      if (marked && target >= 0x1000000)
        {
          /* Left alone, so it must not look marked. */
          g_assert_cmpuint (code[i + 1], !=, cto);
          continue;
        }
      if (filter >= 0x11 && filter <= 0x13)
        ofl_put_le (code + i + 1, 4, target);
      else
        ofl_put_be (code + i + 1, 4, target + (marked ? (guint32) cto << 24 : 0));
      i += 4;
    }
}

/* What UPX compresses: the sections as in memory, then the original header, then where that is. */
static GByteArray *
make_block (const guint8 *program, guint8 filter)
{
  GByteArray *block = g_byte_array_new ();
  guint n_sections = ofl_get_le (program + PE + 6, 2);
  guint8 offset[4];

  for (guint i = 0; i < n_sections; i++)
    {
      const guint8 *entry = program + SECTIONS + i * 0x28;
      guint32 rva = ofl_get_le (entry + 12, 4), size = ofl_get_le (entry + 16, 4);
      guint old = block->len, end = (guint) pad (rva - PAGE + size, PAGE);

      g_byte_array_set_size (block, end);
      memset (block->data + old, 0, end - old);
      memcpy (block->data + rva - PAGE, program + ofl_get_le (entry + 20, 4), size);
    }
  if (filter != 0)
    encode_filter (block->data, ofl_get_le (program + PE + 0x1C, 4), filter, 0, 0);
  ofl_put_le (offset, 4, block->len);
  g_byte_array_append (block, program + PE, 0xF8 + n_sections * 0x28);
  g_byte_array_append (block, offset, 4);
  return block;
}

static void
put_pack_header (guint8 *p, guint method, guint8 filter, const GByteArray *block, GBytes *packed,
                 gsize file_size)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);
  guint sum = 0;

  memcpy (p, "UPX!", 4);
  p[4] = 0x0D;
  p[5] = 0x09;
  p[6] = (guint8) method;
  p[7] = 9;
  ofl_put_le (p + 8, 4, ucl_adler32 (1, block->data, block->len));
  ofl_put_le (p + 12, 4, ucl_adler32 (1, data, (ucl_uint) length));
  ofl_put_le (p + 16, 4, block->len);
  ofl_put_le (p + 20, 4, (guint32) length);
  ofl_put_le (p + 24, 4, (guint32) file_size);
  p[28] = filter;
  for (guint i = 4; i < 31; i++)
    sum += p[i];
  p[31] = (guint8) (sum % 0xFB);
}

/* A packed program; @disguise overwrites the marks as XFlash updaters do. */
GBytes *
encode_upx (GBytes *program, guint method, guint8 filter, gboolean disguise, GBytes *overlay)
{
  gsize program_size, packed_size, raw_size;
  const guint8 *original = g_bytes_get_data (program, &program_size);
  g_autoptr (GByteArray) block = make_block (original, filter);
  g_autoptr (GBytes) packed = encode_nrv (method, block->data, block->len);
  const guint8 *data = g_bytes_get_data (packed, &packed_size);
  g_autoptr (GBytes) whole = NULL;
  guint8 *file;

  raw_size = pad (packed_size + 64, ALIGNMENT);
  file = g_malloc0 (0x400 + raw_size);
  memcpy (file, original, PE);
  put_header (file, 3, (guint32) raw_size);
  put_section (file + SECTIONS, "UPX0", block->len, PAGE, 0, 0x400);
  put_section (file + SECTIONS + 0x28, "UPX1", (guint32) raw_size,
               (guint32) (PAGE + pad (block->len, PAGE)), (guint32) raw_size, 0x400);
  put_section (file + SECTIONS + 0x50, ".rsrc", 0, (guint32) (PAGE + 2 * pad (block->len, PAGE)), 0,
               (guint32) (0x400 + raw_size));
  put_pack_header (file + 0x3E0, method, filter, block, packed, program_size);
  memcpy (file + 0x3DB, "1.24", 5);
  memcpy (file + 0x400, data, packed_size);
  if (disguise)
    {
      memcpy (file + 0x2F8, ".abc", 4);
      memcpy (file + 0x320, ".def", 4);
      memcpy (file + 0x3DB, "LiteOn\0\0", 8);
    }
  whole = g_bytes_new_take (file, 0x400 + raw_size);
  return overlay != NULL ? encode_join (whole, overlay, NULL) : g_steal_pointer (&whole);
}
