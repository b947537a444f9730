/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of the Pioneer BD practice drive, checked against pioneer 2.8 and 3.1 by code of their
 * own; cipher and signature against vectors that a program of another language reckoned. */
#include <string.h>

#include "families/pioneer/ofl-practice-pioneer-bd.h"
#include "kit/wire.h"

#define ID "bdr"
#define FILE_SIZE 0x17a500u
#define BODY 0x10200u

static guint32
le (const guint8 *p)
{
  return (guint32) p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
}

/* What is in a file, a word at a time by the text of pioneer 2.8 */
static GByteArray *
open_file (GBytes *file)
{
  GByteArray *plain = g_byte_array_new ();
  gsize size;
  const guint8 *bytes = g_bytes_get_data (file, &size);

  for (gsize at = BODY; at + 4 <= size; at += 4)
    {
      guint32 k = le (bytes + 0x200 + (at - BODY) % 0x10000);
      guint32 word = le (bytes + at) ^ k;
      guint8 data[4];

      for (guint turns = k & 0x1f; turns > 0; turns--)
        word = word >> 1 | (word & 1) << 31;
      for (guint i = 0; i < 4; i++)
        data[i] = (guint8) (word >> (8 * i));
      g_byte_array_append (plain, data, sizeof data);
    }
  return plain;
}

static guint32
total (const GByteArray *plain)
{
  guint32 sum = 0;

  for (guint i = 0; i < plain->len; i += 4)
    sum += fact_be (plain->data + i, 4);
  return sum;
}

static void
assert_field (const guint8 *header, guint offset, const char *label, const char *value)
{
  g_assert_cmpmem (header + offset - strlen (label), strlen (label), label, strlen (label));
  g_assert_cmpmem (header + offset, strlen (value), value, strlen (value));
  g_assert_cmphex (header[offset + strlen (value)], ==, 0);
}

static void
test_header (void)
{
  g_autoptr (GBytes) file = wire_image (ID, "1.34", NULL);
  gsize size;
  const guint8 *header = g_bytes_get_data (file, &size);

  g_assert_cmphex (size, ==, FILE_SIZE);
  g_assert_cmpuint (size % 0x100, ==, 0);
  g_assert_cmpuint (size % 0x8000, !=, 0);
  g_assert_true (g_str_has_prefix ((const char *) header,
                                   "********  Copyright(c) 2000 Pioneer Corporation  ********     "
                                   "\r\nThis is microcode file.  \r\nID : PIONEER "));
  assert_field (header, 0x60, "\r\nID : ", "PIONEER BD-RW   BDR-S09 ");
  assert_field (header, 0x90, "\r\nRevision Level : ", "1.34 ");
  assert_field (header, 0xb0, "\r\nHardware Version : ", "SAT 8600");
  assert_field (header, 0xd0, "\r\nKernel Version : ", "ID43    ");
  assert_field (header, 0xf0, "\r\nDestination : ", "ID43    ");
  assert_field (header, 0x110, "\r\nFile Type : ", "Normal  ");
  assert_field (header, 0x130, "\r\nGenerated Date : ", "2016/04/25");
  assert_field (header, 0x150, "\r\nKernel Version2 : ", "0000");
  g_assert_cmpmem (header + 0x15d, 3, "\r\n\x1a", 3);
}

static void
test_body (void)
{
  g_autoptr (GBytes) file = wire_image (ID, "1.34", NULL);
  g_autoptr (GBytes) again = wire_image (ID, "1.34", NULL);
  g_autoptr (GBytes) other = wire_image (ID, "1.35", NULL);
  g_autoptr (GByteArray) plain = open_file (file);
  g_autoptr (GByteArray) other_plain = open_file (other);

  g_assert_cmphex (plain->len, ==, FILE_SIZE - BODY);
  g_assert_cmpmem (plain->data, 16, "PIONEER  BDR-S09", 16);
  g_assert_cmphex (fact_be (plain->data + 0x14, 4), ==, plain->len);
  g_assert_cmphex (total (plain), ==, 0);
  g_assert_cmphex (total (other_plain), ==, 0);
  g_assert_cmpint (memcmp (plain->data + 0x10000, other_plain->data + 0x10000, 0x100), !=, 0);
  g_assert_true (g_bytes_equal (file, again));
  g_assert_true (
      ofl_practice_pioneer_bd_check_signature (g_bytes_get_data (file, NULL), FILE_SIZE));
}

/* Each variant is wrong in the one thing that its name says. */
static void
test_variants (void)
{
  static const struct {
    const char *name;
    const char *hardware, *kernel_tag, *descriptor;
    gboolean sum, signature;
    gsize size;
  } variants[] = {
    { "other-sat", "SAT 8A10", "ID43    ", "PIONEER  BDR-S09", TRUE, TRUE, FILE_SIZE },
    { "other-type", "SAT 8600", "GENERAL ", "PIONEER  BDR-S09", TRUE, TRUE, FILE_SIZE },
    { "spliced", "SAT 8510", "ID43    ", "PIONEER  BDR-S09", TRUE, TRUE, FILE_SIZE },
    { "wrong-family", "SAT 8A10", "GENERAL ", "PIONEER BDR-UD04", TRUE, TRUE, FILE_SIZE },
    { "bad-sum", "SAT 8600", "ID43    ", "PIONEER  BDR-S09", FALSE, TRUE, FILE_SIZE },
    { "bad-signature", "SAT 8600", "ID43    ", "PIONEER  BDR-S09", TRUE, FALSE, FILE_SIZE },
    { "truncated", "SAT 8600", "ID43    ", "PIONEER  BDR-S09", FALSE, FALSE, FILE_SIZE - 0x8000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (GBytes) file = wire_image (ID, "1.35", variants[i].name);
      g_autoptr (GByteArray) plain = open_file (file);
      gsize size;
      const guint8 *header = g_bytes_get_data (file, &size);

      g_test_message ("%s", variants[i].name);
      g_assert_cmphex (size, ==, variants[i].size);
      g_assert_cmpmem (header + 0xb0, 8, variants[i].hardware, 8);
      g_assert_cmpmem (header + 0xd0, 8, variants[i].kernel_tag, 8);
      g_assert_cmpmem (plain->data, 16, variants[i].descriptor, 16);
      g_assert_true ((total (plain) == 0) == variants[i].sum);
      g_assert_true (ofl_practice_pioneer_bd_check_signature (header, size)
                     == variants[i].signature);
      /* 8510 1.03 is one of the releases; whatever was asked for */
      g_assert_cmpmem (header + 0x90, 4,
                       g_str_equal (variants[i].name, "spliced") ? "1.03" : "1.35", 4);
    }
}

#define VECTOR_SIZE 0x10400u

static void
put_hex (guint8 *data, const char *hex)
{
  for (; *hex != '\0'; hex += 2)
    *data++ = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
}

/* G(BD, 10400), signed with the practice key and another choice of k, by arithmetic that is not
 * libgcrypt's; and its last 200 bytes, deciphered with the key at 200 */
static void
test_vectors (void)
{
  g_autofree guint8 *file = g_malloc (VECTOR_SIZE);
  g_autofree guint8 *body = NULL;
  g_autofree char *sum = NULL;

  fact_generate (0xbd, file, VECTOR_SIZE);
  put_hex (file + 0x170, "65876b0a5ea49ca83049bd9ba4594ad046fc8528"
                         "59cdcf4bd7cc8b9e43544539e8c25c04185e5e77"
                         "1fb126aea3219873ee3a64ff42c92838b0d108de"
                         "2fdbf7bcd496935fedc9e728d959ee126b5b580d");
  g_assert_true (ofl_practice_pioneer_bd_check_signature (file, VECTOR_SIZE));
  for (guint at = 0x170; at < 0x1c0; at++)
    {
      file[at] ^= 0x10;
      g_assert_false (ofl_practice_pioneer_bd_check_signature (file, VECTOR_SIZE));
      file[at] ^= 0x10;
    }
  for (guint at = 0x200; at < VECTOR_SIZE; at += 0x1ff)
    {
      file[at] ^= 0x01;
      g_assert_false (ofl_practice_pioneer_bd_check_signature (file, VECTOR_SIZE));
      file[at] ^= 0x01;
    }
  body = g_memdup2 (file + BODY, VECTOR_SIZE - BODY);
  ofl_practice_pioneer_bd_decipher (file + 0x200, body, VECTOR_SIZE - BODY);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, body, VECTOR_SIZE - BODY);
  g_assert_cmpstr (sum, ==, "1c71cf03f3670a9d42f50804ac69e5d28d9f9c0c728eb151948b471376b7ab60");
  ofl_practice_pioneer_bd_encipher (file + 0x200, body, VECTOR_SIZE - BODY);
  g_assert_cmpmem (body, VECTOR_SIZE - BODY, file + BODY, VECTOR_SIZE - BODY);
}

/* A file that another key signed well is not taken. */
static void
test_other_signer (void)
{
  g_autofree guint8 *file = g_malloc (VECTOR_SIZE);

  fact_generate (0xbd, file, VECTOR_SIZE);
  ofl_practice_pioneer_bd_sign (file, VECTOR_SIZE, "a261862811c48fe3efa3aff8ff2ecd94811e8fcc",
                                "bc015655395c208008ed11c27a67edfbf37db782"
                                "7fcae7fa31bceac388f06176abc3e7c7bf44b692");
  g_assert_false (ofl_practice_pioneer_bd_check_signature (file, VECTOR_SIZE));
  ofl_practice_pioneer_bd_sign_practice (file, VECTOR_SIZE);
  g_assert_true (ofl_practice_pioneer_bd_check_signature (file, VECTOR_SIZE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/pioneer-bd-files/header", test_header);
  g_test_add_func ("/practice/pioneer-bd-files/body", test_body);
  g_test_add_func ("/practice/pioneer-bd-files/variants", test_variants);
  g_test_add_func ("/practice/pioneer-bd-files/vectors", test_vectors);
  g_test_add_func ("/practice/pioneer-bd-files/other-signer", test_other_signer);
  return g_test_run ();
}
