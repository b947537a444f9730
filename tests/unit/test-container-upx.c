/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs packed with UPX: firmware 2. */
#include <string.h>

#include "firmware/ofl-upx.h"
#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

static const guint8 methods[] = { 2, 5, 8 };

static guint8 *
from_hex (const char *hex, gsize *length)
{
  guint8 *data = g_malloc (strlen (hex) / 2 + 1);

  *length = strlen (hex) / 2;
  for (gsize i = 0; i < *length; i++)
    data[i]
        = (guint8) (g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]));
  return data;
}

static void
test_short_blocks (void)
{
  static const char text[] = "abcabcabcabcabcabcXabcabc";
  const char *packed[] = { "00cc86ec6162630258060000000000000012ff",
                           "92b00ded61626305580da0922449ff", "92905dec61626305580da0922449ff" };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      gsize length;
      g_autofree guint8 *data = from_hex (packed[i], &length);
      g_autofree guint8 *plain = ofl_upx_decompress (methods[i], (OflSlice){ data, length }, 25);
      g_autoptr (GBytes) ours = encode_nrv (methods[i], (const guint8 *) text, 25);

      g_assert_nonnull (plain);
      g_assert_cmpmem (plain, 25, text, 25);
      g_assert_cmpmem (g_bytes_get_data (ours, NULL), g_bytes_get_size (ours), data, length);
    }
}

/* The longer text of §2.3. */
static GBytes *
make_text (void)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree guint8 *noise = encode_noise (7, 0x100);
  guint8 zeros[0x200] = { 0 };

  for (guint8 i = 0; i < 40; i++)
    {
      static const char words[] = "Update of the drive: LITE-ON DVDRW SOHW-812S US0N ";

      g_byte_array_append (text, (const guint8 *) words, sizeof words - 1);
      g_byte_array_append (text, &i, 1);
    }
  g_byte_array_append (text, noise, 0x100);
  g_byte_array_append (text, zeros, sizeof zeros);
  return g_byte_array_free_to_bytes (g_steal_pointer (&text));
}

static void
test_long_blocks (void)
{
  const char *sha256[] = { "cdeea0220e34c6fe3a52c6262c422a0913e2589a6217a7c5adca7272da8c5ebe",
                           "82845065fe590e08af4db52e3eaedca6f542efba3a00c63e642cd5442f69bbc9",
                           "4445fa61bdd6c1007bb4b5c618a5ddaa62da054ab46757e578555a3c70e533de" };
  g_autoptr (GBytes) text = make_text ();
  gsize length;
  const guint8 *data = g_bytes_get_data (text, &length);

  g_assert_cmpuint (length, ==, 2808);
  expect_sha256 (text, "c314d0b2fb7160a2dda9cb5ffe14155805fd3c7df447b1563824e6f51faf7faa");
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GBytes) packed = encode_nrv (methods[i], data, length);
      g_autofree guint8 *plain
          = ofl_upx_decompress (methods[i], ofl_slice_of_bytes (packed), length);

      g_assert_cmpuint (g_bytes_get_size (packed), ==, 476);
      expect_sha256 (packed, sha256[i]);
      g_assert_nonnull (plain);
      g_assert_cmpmem (plain, length, data, length);
    }
}

/* Every block that is cut short, too long or of another length is refused, by every method. */
static void
test_damaged_blocks (void)
{
  g_autoptr (GBytes) text = make_text ();
  gsize length;
  const guint8 *data = g_bytes_get_data (text, &length);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GBytes) packed = encode_nrv (methods[i], data, length);
      g_autoptr (GBytes) more = encode_join (packed, text, NULL);
      OflSlice span = ofl_slice_of_bytes (packed);

      for (gsize cut = 0; cut < span.length; cut++)
        g_assert_null (ofl_upx_decompress (methods[i], (OflSlice){ span.data, cut }, length));
      g_assert_null (ofl_upx_decompress (methods[i], ofl_slice_of_bytes (more), length));
      g_assert_null (ofl_upx_decompress (methods[i], span, length - 1));
      g_assert_null (ofl_upx_decompress (methods[i], span, length + 1));
    }
  g_assert_null (ofl_upx_decompress (14, (OflSlice){ data, length }, length));
}

/* Headers that UPX itself wrote, without their blocks (of which only the length counts here). */
static void
test_headers (void)
{
  static const struct {
    const char *hex;
    guint8 method, filter;
    guint32 packed_length;
  } cases[] = {
    { "555058210d09020969bb1d37cf437ecd964118009e720a00002a18000000005f", 2, 0, 0xA729E },
    { "555058210d09080969bb1d3752bbd5fc96411800aef20900002a18000000007a", 8, 0, 0x9F2AE },
    { "555058210d090509c1836e2bd9dbd2399641180068790a00002a180026000025", 5, 0x26, 0xA7968 },
  };
  g_autofree guint8 *file = g_malloc0 (0x100000);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      OflSlice span = { file, 0x100000 };
      OflUpxHeader header;
      gsize length;
      g_autofree guint8 *bytes = from_hex (cases[i].hex, &length);

      g_assert_cmpuint (length, ==, OFL_UPX_HEADER_SIZE);
      memcpy (file + 0x3E0, bytes, length);
      memcpy (file + 0x3E0, "iOn", 3);
      g_assert_true (ofl_upx_read_header (span, 0x3E0, &header));
      g_assert_cmpuint (header.method, ==, cases[i].method);
      g_assert_cmphex (header.filter, ==, cases[i].filter);
      g_assert_cmphex (header.unpacked_length, ==, 0x184196);
      g_assert_cmphex (header.packed_length, ==, cases[i].packed_length);
      span.length = 0x400 + cases[i].packed_length - 1;
      g_assert_false (ofl_upx_read_header (span, 0x3E0, &header));
      span.length = 0x100000;
      file[0x3E8] ^= 1;
      g_assert_false (ofl_upx_read_header (span, 0x3E0, &header));
    }
}

static void
test_filter_example (void)
{
  guint8 code[16] = { 0x90, 0x90, 0x90, 0x90, 0xE8, 0x7A, 0x00, 0x10, 0x05 };

  ofl_upx_unfilter (code, sizeof code, 0x24, 0x7A, 0);
  g_assert_cmpmem (code + 4, 5, "\xE8\x00\x10\x00\x00", 5);
}

/* Code with calls and jumps, whose distances stay within 24 bits. */
static GBytes *
make_code (gsize length)
{
  guint8 *code = g_malloc (length);

  memset (code, 0x90, length);
  for (gsize i = 0x10; i + 16 < length; i += 0x30)
    {
      code[i] = i % 0x60 == 0x10 ? 0xE8 : 0xE9;
      code[i + 1] = 0x20;
      code[i + 2] = (guint8) (i >> 4);
      code[i + 3] = 0x01;
      code[i + 4] = 0x00;
    }
  return g_bytes_new_take (code, length);
}

static void
test_filters (void)
{
  static const guint8 filters[]
      = { 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x24, 0x25, 0x26, 0x46, 0x49 };
  g_autoptr (GBytes) code = make_code (0x1000);
  const guint8 *plain = g_bytes_get_data (code, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree guint8 *work = g_memdup2 (plain, 0x1000);

      encode_filter (work, 0x1000, filters[i], 0x55, 0x700);
      g_assert_cmpint (memcmp (work, plain, 0x1000), !=, 0);
      ofl_upx_unfilter (work, 0x1000, filters[i], 0x55, 0x700);
      g_assert_cmpmem (work, 0x1000, plain, 0x1000);
    }
}

/* Filter 49 also takes long conditional jumps, but not one that a call's operand looks like. */
static void
test_filter_conditional (void)
{
  guint8 code[24] = { 0x0F, 0x84, 0x7A, 0x00, 0x10, 0x05 };

  ofl_upx_unfilter (code, sizeof code, 0x46, 0x7A, 0);
  g_assert_cmpmem (code + 2, 4, "\x7A\x00\x10\x05", 4);
  ofl_upx_unfilter (code, sizeof code, 0x49, 0x7A, 0);
  g_assert_cmpmem (code + 2, 4, "\x03\x10\x00\x00", 4);

  memset (code, 0, sizeof code);
  memcpy (code, "\xE8\x7A\x00\x10\x0F\x84\x7A\x00\x10\x05", 10);
  ofl_upx_unfilter (code, sizeof code, 0x49, 0x7A, 0);
  g_assert_cmpmem (code + 5, 5, "\x84\x7A\x00\x10\x05", 5);
}

/* An updater of method 2, small enough to be packed again and again. */
static GBytes *
make_updater (GBytes *image, GBytes *key)
{
  EncodeXFlash xflash = { .version = "rrX\0v2.1.1\0",
                          .version_length = 12,
                          .count = "HOW_MANY_BIN=1",
                          .size = { (guint32) g_bytes_get_size (image) },
                          .revision = { "US0N" } };
  g_autoptr (GBytes) zeros = encode_zeros (0xC00);
  g_autoptr (GBytes) scrambled = encode_fibonacci (image, key, "US0N");
  g_autoptr (GBytes) body = encode_join (key, zeros, scrambled, NULL);

  xflash.code = encode_fibonacci_code (&xflash.code_length);
  xflash.body = body;
  return encode_xflash (&xflash);
}

/* The updater's texts and images are the program's data, as in that of firmware 2. */
static GBytes *
make_program (GBytes *image)
{
  g_autoptr (GBytes) key = encode_noise_bytes (0xBEEF, 0x400);
  g_autoptr (GBytes) updater = make_updater (image, key);
  g_autoptr (GBytes) data
      = g_bytes_new_from_bytes (updater, 0x400, g_bytes_get_size (updater) - 0x400);
  g_autoptr (GBytes) code = make_code (0x1000);

  return encode_program (code, data);
}

static void
test_updaters (void)
{
  g_autoptr (GBytes) image = encode_banked_noise (0x99, 0x20000);
  g_autoptr (GBytes) program = make_program (image);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    for (guint disguise = 0; disguise < 2; disguise++)
      {
        g_autoptr (GBytes) packed
            = encode_upx (program, methods[i], i == 1 ? 0x26 : 0, disguise == 1, NULL);
        g_autoptr (Unpacked) unpacked = NULL;

        g_assert_cmpint (memcmp ((const guint8 *) g_bytes_get_data (packed, NULL) + 0x2F8,
                                 disguise == 1 ? ".abc" : "UPX0", 4),
                         ==, 0);
        unpacked = expect_unpacks (packed, "us0n.exe", 1,
                                   "Lite-On updater (XFlash 2.1.1, method 2, compressed)");
        expect_equal (unpacked_get (unpacked, 0)->bytes, image);
        g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "slot 1");
      }
}

/* What UPX packed comes back byte for byte, with the overlay behind it. */
static void
test_rebuild (void)
{
  g_autoptr (GBytes) code = make_code (0x1234);
  g_autoptr (GBytes) data = encode_noise_bytes (5, 0x3001);
  g_autoptr (GBytes) program = encode_program (code, data);
  g_autoptr (GBytes) overlay = encode_noise_bytes (6, 777);
  g_autoptr (GBytes) expected = encode_join (program, overlay, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (GBytes) packed = encode_upx (program, methods[i], 0x26, FALSE, overlay);
      g_autoptr (Unpacked) unpacked = expect_unpacks (packed, "x.exe", 1, "Windows program");

      expect_equal (unpacked_get (unpacked, 0)->bytes, expected);
      g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "x.exe");
      g_assert_cmpstr (unpacked_get (unpacked, 0)->note, ==,
                       "a Windows program that could not be opened here");
    }
}

static void
test_damaged (void)
{
  g_autoptr (GBytes) image = encode_banked_noise (0x99, 0x20000);
  g_autoptr (GBytes) program = make_program (image);
  g_autoptr (GBytes) packed = encode_upx (program, 2, 0, TRUE, NULL);
  g_autoptr (GBytes) flipped = expect_patch (packed, 0x500, "\x00\x00\x00\x00\x00\x00", 6);

  expect_refused (flipped, "compressed program", "offset 0x400", "checksum", NULL);
}

/* A header may promise any length; nothing of it is believed before there is room for it. */
static void
test_bomb (void)
{
  g_autoptr (GBytes) image = encode_banked_noise (0x99, 0x20000);
  g_autoptr (GBytes) program = make_program (image);
  g_autoptr (GBytes) packed = encode_upx (program, 2, 0, FALSE, NULL);
  const guint8 *file = g_bytes_get_data (packed, NULL);
  guint8 header[32];
  guint sum = 0;
  g_autoptr (GBytes) bomb = NULL;

  memcpy (header, file + 0x3E0, sizeof header);
  ofl_put_le (header + 16, 4, 0xF0000000u);
  for (guint i = 4; i < 31; i++)
    sum += header[i];
  header[31] = (guint8) (sum % 0xFB);
  bomb = expect_patch (packed, 0x3E0, (const char *) header, sizeof header);
  expect_refused (bomb, "far more than any firmware", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/upx/short-blocks", test_short_blocks);
  g_test_add_func ("/container/upx/long-blocks", test_long_blocks);
  g_test_add_func ("/container/upx/damaged-blocks", test_damaged_blocks);
  g_test_add_func ("/container/upx/headers", test_headers);
  g_test_add_func ("/container/upx/filter-example", test_filter_example);
  g_test_add_func ("/container/upx/filters", test_filters);
  g_test_add_func ("/container/upx/filter-conditional", test_filter_conditional);
  g_test_add_func ("/container/upx/updaters", test_updaters);
  g_test_add_func ("/container/upx/rebuild", test_rebuild);
  g_test_add_func ("/container/upx/damaged", test_damaged);
  g_test_add_func ("/container/upx/bomb", test_bomb);
  return g_test_run ();
}
