/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smaller forms of firmware files, and files that hold none: btc 3,
 * nec 3.2 and 11, liteon 3.8. */
#include <string.h>

#include "tests/firmware-encoders/encode.h"
#include "tests/firmware-encoders/expect.h"

#define BTC_TITLE "BTC firmware text (Intel-HEX)"

static void
test_btc_image (void)
{
  g_autoptr (GBytes) image = encode_noise_bytes (0xB7C, 0x100000);
  g_autoptr (Unpacked) raw = expect_unpacks (image, "v.bin", 1, "Raw image");
  g_autoptr (GBytes) text = encode_btc (image, 32);
  g_autoptr (Unpacked) unpacked = expect_unpacks (text, "v.hex", 1, BTC_TITLE);

  expect_sha256 (image, "f4c0015d68a2bcaed21ce3a8fd1b48a6de06b8e2404664c75b3589c1d1a10a9c");
  expect_equal (unpacked_get (unpacked, 0)->bytes, image);
  expect_equal (unpacked_get (raw, 0)->bytes, image);
}

/* btc 11's text: one line a bank. */
static GBytes *
make_btc_text (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint bank = 0; bank < 16; bank++)
    {
      g_autofree guint8 *noise = encode_noise (0x100 + bank, 0x20);
      g_autofree char *line = encode_btc_line (0x1000, noise, 0x20);

      if (bank > 0)
        g_string_append (text, ":00000155AA\n");
      g_string_append (text, line);
    }
  g_string_append (text, ":00000001FF\n");
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static GBytes *
edit_text (GBytes *text, const char *from, const char *to)
{
  g_autoptr (GString) edited
      = g_string_new_len (g_bytes_get_data (text, NULL), (gssize) g_bytes_get_size (text));

  g_assert_cmpuint (g_string_replace (edited, from, to, 0), >, 0);
  return g_string_free_to_bytes (g_steal_pointer (&edited));
}

static void
check_btc_image (GBytes *text)
{
  g_autoptr (Unpacked) unpacked = expect_unpacks (text, "v.hex", 1, BTC_TITLE);

  expect_sha256 (unpacked_get (unpacked, 0)->bytes,
                 "4d58728691ccc141308ab0d31e5088cbdacabdf4c829cc10c015340c48b12c6f");
}

static void
test_btc_text (void)
{
  g_autoptr (GBytes) text = make_btc_text ();
  g_autoptr (GBytes) dos = edit_text (text, "\n", "\r\n");
  g_autoptr (GBytes) remark = edit_text (text, ":00000155AA\n", "a remark\n\n:00000155AA\n");
  g_autoptr (GBytes) no_end = edit_text (text, ":00000001FF\n", "");
  static const char first[]
      = ":201000004E76C0E4F27700FC6939E3DC8E5C6D95B4FF40E361C7B718CDB0C2CB1893843F71\n";

  expect_sha256 (text, "6a6b37fbdabb461975114819c6a6042bd993bfbfe322cbf3deb496c8ae7cea8e");
  g_assert_cmpmem (g_bytes_get_data (text, NULL), sizeof first - 1, first, sizeof first - 1);
  check_btc_image (text);
  check_btc_image (dos);
  check_btc_image (remark);
  check_btc_image (no_end);
}

static void
check_btc_refused (const char *from, const char *to, const char *offset, const char *reason)
{
  g_autoptr (GBytes) text = make_btc_text ();
  g_autoptr (GBytes) damaged = edit_text (text, from, to);

  expect_refused (damaged, "This BTC firmware text", offset, reason, NULL);
}

static void
test_btc_damaged (void)
{
  g_autoptr (GBytes) text = make_btc_text ();
  g_autoptr (GBytes) cut = expect_cut (text, 5 * (76 + 12));
  g_autoptr (GBytes) first_line = expect_cut (text, 76);

  check_btc_refused (":201000004E76", ":201000004E77", "offset 0x0", "checksum");
  check_btc_refused (":201000004E76", ":201000014E76", "offset 0x0", "type");
  check_btc_refused (":201000004E76", ":2010zz004E76", "offset 0x0", "hexadecimal");
  check_btc_refused (":201000004E76", ":20FFF0004E76", "offset 0x0", "over the end of its bank");
  check_btc_refused ("3F71\n", "3F\n", "offset 0x0", "too short");
  check_btc_refused (":00000001FF\n", ":00000155AA\n", "offset 0x574", "more than 16 banks");
  check_btc_refused (":00000001FF\n", ":00000004FA\n", "offset 0x574", "neither a change of bank");
  expect_refused (cut, "bank 6 of 16", "offset 0x1B8", NULL);
  expect_refused (first_line, "bank 1 of 16", "offset 0x4C", NULL);
}

/* An Intel-HEX file of another device is a text, not a damaged BTC file. */
static void
test_btc_other_hex (void)
{
  static const char *texts[] = { ":10000000000102030405060708090A0B0C0D0E0F78\n:00000001FF\n",
                                 ":020000040800F2\n:10000000000102030405060708090A0B0C0D0E0F78\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) file = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (Unpacked) unpacked = expect_unpacks (file, "x.hex", 1, "Text file");

      g_assert_cmpstr (unpacked_get (unpacked, 0)->note, ==, "a text file");
    }
}

static GBytes *
make_bracketed (gsize n_bytes)
{
  g_autoptr (GBytes) before = encode_noise_bytes (3, 0x1234);
  g_autoptr (GBytes) start = g_bytes_new ("BIN-START-ADDR\0\0", 16);
  g_autoptr (GBytes) image = encode_noise_bytes (0x2B, n_bytes);
  g_autoptr (GBytes) end = g_bytes_new ("BIN-END-ADDR\0", 13);

  return encode_join (before, start, image, end, before, NULL);
}

static void
test_bracket (void)
{
  g_autoptr (GBytes) file = make_bracketed (0x40000);
  g_autoptr (GBytes) image = encode_noise_bytes (0x2B, 0x40000);
  g_autoptr (Unpacked) unpacked = expect_unpacks (
      file, "ms83.exe", 1, "Lite-On CD writer updater (image between text marks)");
  g_autoptr (GBytes) longer = make_bracketed (0x40100);
  g_autoptr (GBytes) shorter = make_bracketed (0x3FF00);
  g_autoptr (GBytes) cut = expect_cut (file, 0x40000);

  expect_equal (unpacked_get (unpacked, 0)->bytes, image);
  g_assert_nonnull (strstr (unpacked_get (unpacked, 0)->note, "one report"));
  expect_refused (longer, "offset 0x1234", "no end mark", NULL);
  expect_refused (shorter, "offset 0x1234", "no end mark", NULL);
  expect_refused (cut, "offset 0x1234", "no end mark", NULL);
}

/* The images of nec 11, one of each length. */
static const struct {
  EncodeNec image;
  gsize length;
  const char *sha256;
} nec_images[] = {
  { { .id = "K110", .payload = 0x9B004, .id_inside = 0x7B000 }, 634888, "c8491e66dba2fcbf" },
  { { .id = "L210", .payload = 0xB8000, .byte_at_400 = 0x84 }, 753668, "00a874e20dd857ef" },
  { { .id = "K352", .payload = 0xFA000, .bootcode = "08" }, 1024006, "9d529a187bbdd104" },
  { { .id = "K210", .payload = 0xFA000, .bootcode = "08" }, 1024006, "6329956e84b06b0f" },
  { { .id = "K355", .payload = 0x1E0000, .with_sum = TRUE, .bootcode = "08" },
    1966088,
    "1e826e9db0998e2b" },
  { { .id = "K370", .payload = 0x1E0000, .with_sum = TRUE, .bootcode = "08" },
    1966088,
    "48c31c1fc0bffada" },
  { { .id = "Q175", .payload = 0x1C0000, .with_sum = TRUE, .bootcode = "08" },
    1835016,
    "069d9d23b8277ad4" },
  { { .id = "G205", .payload = 0x1C0000, .with_sum = TRUE, .bootcode = "08" },
    1835016,
    "48a22e85bcc48415" },
  { { .id = "G245", .payload = 0x1B0000, .with_sum = TRUE, .bootcode = "08" },
    1769480,
    "d68d1a1304966568" },
  { { .id = "G285", .payload = 0x1B0000, .with_sum = TRUE, .bootcode = "08" },
    1769480,
    "f5b82b7dca787dc2" },
  { { .id = "C505", .payload = 0x1D0200, .id_inside = 0x42, .with_sum = TRUE, .without_tail = TRUE },
    1901058,
    "5dc6f5e4963bb13d" },
};

/* Each image alone is a raw one; two after another of every kind come apart again. */
static void
test_nec_pairs (void)
{
  g_autoptr (GBytes) before = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (nec_images); i++)
    {
      g_autoptr (GBytes) image = encode_nec (&nec_images[i].image);
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image);
      g_autoptr (Unpacked) alone = expect_unpacks (image, "one.bin", 1, "Raw image");

      g_assert_cmpuint (g_bytes_get_size (image), ==, nec_images[i].length);
      g_assert_true (g_str_has_prefix (sha256, nec_images[i].sha256));
      g_assert_cmpstr (unpacked_get (alone, 0)->name, ==, "one.bin");
      if (before != NULL)
        {
          g_autoptr (GBytes) both = encode_join (before, image, NULL);
          g_autoptr (Unpacked) apart
              = expect_unpacks (both, "two.bin", 2, "2 NEC or Optiarc images");

          g_assert_cmpstr (unpacked_get (apart, 1)->name, ==, "image 2");
          expect_equal (unpacked_get (apart, 0)->bytes, before);
          expect_equal (unpacked_get (apart, 1)->bytes, image);
          g_bytes_unref (before);
        }
      before = g_bytes_ref (image);
    }
}

/* An image without bootcode in front of one with it: the original program loses the first. Bytes
 * in front are passed over; behind they are not, and then the file is no set of images. */
static void
test_nec_mixed (void)
{
  const EncodeNec plain = { .id = "K352", .payload = 0xFA000 };
  g_autoptr (GBytes) junk = encode_noise_bytes (9, 1000);
  g_autoptr (GBytes) one = encode_nec (&plain);
  g_autoptr (GBytes) two = encode_nec (&nec_images[2].image);
  g_autoptr (GBytes) set = encode_join (junk, one, two, NULL);
  g_autoptr (GBytes) trailing = encode_join (one, two, junk, NULL);
  g_autoptr (Unpacked) apart = expect_unpacks (set, "set.bin", 2, NULL);
  g_autoptr (Unpacked) whole = expect_unpacks (trailing, "set.bin", 1, "Raw image");

  expect_equal (unpacked_get (apart, 0)->bytes, one);
  expect_equal (unpacked_get (apart, 1)->bytes, two);
  g_assert_nonnull (strstr (unpacked_get (apart, 0)->note, "0x3E8 bytes in front"));
  g_assert_null (unpacked_get (apart, 1)->note);
  expect_equal (unpacked_get (whole, 0)->bytes, trailing);
}

static void
check_stranger (const char *content, gsize n_bytes, const char *title, const char *note)
{
  g_autoptr (GBytes) file = g_bytes_new (content, n_bytes);
  g_autoptr (Unpacked) unpacked = expect_unpacks (file, "a file", 1, title);

  g_assert_cmpstr (unpacked_get (unpacked, 0)->name, ==, "a file");
  g_assert_cmpstr (unpacked_get (unpacked, 0)->note, ==, note);
  expect_equal (unpacked_get (unpacked, 0)->bytes, file);
}

static void
test_strangers (void)
{
  g_autoptr (GBytes) code = encode_noise_bytes (1, 0x800);
  g_autoptr (GBytes) program = encode_program (code, code);
  g_autofree guint8 *noise = encode_noise (0x77, 0x1000);
  guint8 blank[0x100];

  memset (blank, 0xFF, sizeof blank);
  check_stranger (g_bytes_get_data (program, NULL), g_bytes_get_size (program), "Windows program",
                  "a Windows program that could not be opened here");
  check_stranger ("Read me first.\r\n", 16, "Text file", "a text file");
  check_stranger ("", 0, "Empty file", "an empty file");
  check_stranger ((const char *) noise, 0x1000, "Raw image", NULL);
  check_stranger ((const char *) blank, sizeof blank, "Raw image", NULL);
  check_stranger ("MZ", 2, "Text file", "a text file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/btc/image", test_btc_image);
  g_test_add_func ("/container/btc/text", test_btc_text);
  g_test_add_func ("/container/btc/damaged", test_btc_damaged);
  g_test_add_func ("/container/btc/other-hex", test_btc_other_hex);
  g_test_add_func ("/container/bracket", test_bracket);
  g_test_add_func ("/container/nec/pairs", test_nec_pairs);
  g_test_add_func ("/container/nec/mixed", test_nec_mixed);
  g_test_add_func ("/container/strangers", test_strangers);
  return g_test_run ();
}
