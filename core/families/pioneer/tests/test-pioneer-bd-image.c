/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for BD writers: signature, unscrambling, lengths, sums. pioneer 3.6, 3.7, 11. */
#include <string.h>

#include "families/pioneer/ofl-pioneer-bd.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "pioneer-bd-file.h"

static void
from_hex (const char *hex, guint8 *out)
{
  for (gsize i = 0; hex[2 * i] != '\0'; i++)
    out[i]
        = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

/* Two signatures that the maker made (pioneer 11), and what is nearly one. */
static void
test_known_signatures (void)
{
  static const char point[] = "972e1cb6549e0599e69cb83a1f4718d97eb84a7b"
                              "2f289bdef9f429a15b2bfdf883a4d46795abce57";
  static const struct {
    const char *digest, *numbers;
  } rows[] = {
    { "b0dcf6ae726aa7d600cb800d4e90cfea21d3747a",
      "40b72ab969671c73a89b532fe0f74892f7e76bc90b73531c03558a22d68057d48976ac4eee0c5c9e" },
    { "75a814fe90ec7fb07ba97f03889483c50134f9f9",
      "2b8852d0f4d76dd506ddee0ef222a184709e7afd02a13820b887e8ee9df62fc8bdbfddb0dc2abdbc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 signature[80], digest[20];

      from_hex (rows[i].numbers, signature);
      from_hex (point, signature + 40);
      from_hex (rows[i].digest, digest);
      g_assert_true (ofl_pioneer_bd_verify (signature, digest));
      for (guint at = 0; at < 80; at += 13) /* r, s, and a point that lies beside the curve */
        {
          signature[at] ^= 1;
          g_assert_false (ofl_pioneer_bd_verify (signature, digest));
          signature[at] ^= 1;
        }
      digest[0] ^= 1;
      g_assert_false (ofl_pioneer_bd_verify (signature, digest));
    }
}

/* r and s of zeros, and of n itself. */
static void
test_degenerate_signatures (void)
{
  guint8 signature[80] = { 0 }, digest[20] = { 0 };

  g_assert_false (ofl_pioneer_bd_verify (signature, digest));
  from_hex ("972e1cb6549e0599e69cb83a1f4718d97eb84a7b2f289bdef9f429a15b2bfdf883a4d46795abce57",
            signature + 40);
  g_assert_false (ofl_pioneer_bd_verify (signature, digest));
  from_hex ("e14639330258ef519cfc7f76cbc2926029906bb5e14639330258ef519cfc7f76cbc2926029906bb5",
            signature);
  g_assert_false (ofl_pioneer_bd_verify (signature, digest));
}

/* One word by hand: k = 04030221, c = A5A5A5A5. c xor k = A1A6A784; turned right by 1: 50D353C2. */
static void
test_unscramble_by_hand (void)
{
  g_autofree guint8 *data = g_malloc0 (0x10200 + 0x18);
  static const guint8 key[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x02, 0x03, 0x04 };
  static const guint8 words[12]
      = { 'P', 'I', 'O', 'N', 'E', 'E', 'R', ' ', 0xa5, 0xa5, 0xa5, 0xa5 };
  g_autoptr (GBytes) plain = NULL;
  g_autofree char *hex = NULL;

  memcpy (data + 0x200, key, sizeof key);
  memcpy (data + 0x10200, words, sizeof words);
  plain = ofl_pioneer_bd_unscramble (data, 0x10200 + 0x18);
  g_assert_nonnull (plain);
  g_assert_cmpuint (g_bytes_get_size (plain), ==, 0x18);
  hex = specimen_hex (g_bytes_get_data (plain, NULL), 12);
  g_assert_cmpstr (hex, ==, "50494f4e45455220c253d350");
}

static void
test_sum (void)
{
  static const guint8 data[] = { 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 1, 0, 0, 1 };

  g_assert_cmphex (ofl_pioneer_bd_sum (data, 8), ==, 0xffffffff);
  g_assert_cmphex (ofl_pioneer_bd_sum (data, 11), ==, 0xff); /* 00 00 01 and a zero: 100 */
}

typedef struct {
  const char *name;
  PioneerBdFile file;
  gssize cut;  /* bytes less, or more when negative */
  gsize spoil; /* a bit of this byte turned over; 0: none */
  int size, integrity, signature, spliced;
} Row;

#define GOOD PIONEER_BD_HEADER ("Normal")
#define SPLICED(sat, revision) \
  { \
    { \
      "PIONEER BD-RW   BDR-S09 ", revision, "SAT " sat, "ID43    ", "Normal" \
    } \
  }
#define YES OFL_IMAGE_CHECK_OK
#define NOT OFL_IMAGE_CHECK_CHANGED

static const Row rows[] = {
  { "good", { GOOD }, 0, 0, YES, YES, YES, -1 },
  { "words-signed", { GOOD, .words = TRUE }, 0, 0, YES, YES, YES, -1 },
  { "key-late", { GOOD, .key_late = TRUE }, 0, 0, YES, YES, YES, -1 },
  { "sum", { GOOD, .off = 1 }, 0, 0, YES, NOT, YES, -1 },
  { "says-less", { GOOD, .states = 0x27f00 }, 0, 0, NOT, YES, YES, -1 },
  { "says-more", { GOOD, .states = 0x28100 }, 0, 0, NOT, YES, YES, -1 },
  { "cut-in-a-block", { GOOD }, 1, 0, NOT, -1, NOT, -1 },
  { "cut-by-a-block", { GOOD }, 0x100, 0, NOT, NOT, NOT, -1 },
  { "longer", { GOOD }, -0x100, 0, NOT, NOT, NOT, -1 },
  { "header-only", { GOOD }, 0x10000 + PIONEER_BD_LENGTH, 0, -1, NOT, NOT, -1 },
  { "bit-of-the-key", { GOOD }, 0, 0x300, YES, NOT, NOT, -1 },
  { "bit-of-the-words", { GOOD }, 0, 0x20000, YES, NOT, NOT, -1 },
  { "first-word", { GOOD }, 0, 0x10200, -1, NOT, NOT, -1 },
  { "bit-of-r", { GOOD }, 0, 0x170, YES, YES, NOT, -1 },
  { "bit-of-s", { GOOD }, 0, 0x184, YES, YES, NOT, -1 },
  { "bit-of-the-point", { GOOD }, 0, 0x1bf, YES, YES, NOT, -1 },
  { "spliced-8211-101", SPLICED ("8211", "1.01"), 0, 0, YES, YES, YES, NOT },
  { "spliced-8211-202", SPLICED ("8211", "2.02"), 0, 0, YES, YES, YES, NOT },
  { "spliced-8291", SPLICED ("8291", "1.01"), 0, 0, YES, YES, YES, NOT },
  { "spliced-8510", SPLICED ("8510", "1.03"), 0, 0, YES, YES, YES, NOT },
  { "spliced-1040", SPLICED ("1040", "1.01"), 0, 0, YES, YES, YES, NOT },
  { "spliced-1041", SPLICED ("1041", "1.01"), 0, 0, YES, YES, YES, NOT },
  { "not-spliced", SPLICED ("8510", "1.04"), 0, 0, YES, YES, YES, -1 },
};

static void
test_row (gconstpointer arg)
{
  const Row *row = arg;
  gsize length, whole;
  g_autofree guint8 *data = pioneer_bd_file (&row->file, &length);
  g_autoptr (OflImage) image = NULL;

  whole = (gsize) ((gssize) length - row->cut);
  data = g_realloc (data, MAX (whole, length));
  if (whole > length)
    memset (data + length, 0xa5, whole - length);
  if (row->spoil != 0)
    data[row->spoil] ^= 1;
  image = specimen_parse ("pioneer", data, whole);
  g_assert_nonnull (image);
  g_assert_cmpint (walk_check (image, "size"), ==, row->size);
  g_assert_cmpint (walk_check (image, "integrity"), ==, row->integrity);
  g_assert_cmpint (walk_check (image, "signature"), ==, row->signature);
  g_assert_cmpint (walk_check (image, "spliced"), ==, row->spliced);
}

static void
test_facts (void)
{
  PioneerBdFile file = { GOOD };
  g_autoptr (OflImage) image = pioneer_bd_image (&file);
  g_autofree guint8 *want = pioneer_bd_firmware (PIONEER_BD_LENGTH, 0, 0, 31);
  g_autoptr (GBytes) plain = ofl_pioneer_bd_plain (image);

  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "PIONEER");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "BD-RW BDR-S09");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "1.50");
  g_assert_cmpstr (ofl_image_get_fact (image, "component"), ==, "Normal");
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "SAT 8600 / ID43");
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), want,
                   PIONEER_BD_LENGTH);
}

/* What was read: a kernel and a firmware, each with its sum. */
static void
test_memory (void)
{
  gsize length = 0x10000 + PIONEER_BD_LENGTH;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflImage) good = specimen_parse ("pioneer", memory, length);
  g_autoptr (OflImage) kernel = NULL;
  g_autoptr (OflImage) firmware = NULL;

  g_assert_false (ofl_image_is_changed (good));
  g_assert_cmpstr (ofl_image_get_fact (good, "component"), ==, "memory");
  memory[0x100] ^= 1;
  kernel = specimen_parse ("pioneer", memory, length);
  g_assert_cmpint (walk_check (kernel, "kernel"), ==, NOT);
  g_assert_cmpint (walk_check (kernel, "integrity"), ==, YES);
  memory[0x100] ^= 1;
  memory[0x10100] ^= 1;
  firmware = specimen_parse ("pioneer", memory, length);
  g_assert_cmpint (walk_check (firmware, "kernel"), ==, YES);
  g_assert_cmpint (walk_check (firmware, "integrity"), ==, NOT);
  g_assert_false (ofl_pioneer_bd_is_dump (memory, length - 4));
  g_assert_false (ofl_pioneer_bd_is_dump (memory, 0x10000));
  g_assert_false (ofl_pioneer_bd_is_dump (memory, 0x10017));
  memory[0x10000] = 'p';
  g_assert_false (ofl_pioneer_bd_is_dump (memory, length));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pioneer/bd/signature/known", test_known_signatures);
  g_test_add_func ("/pioneer/bd/signature/degenerate", test_degenerate_signatures);
  g_test_add_func ("/pioneer/bd/unscramble", test_unscramble_by_hand);
  g_test_add_func ("/pioneer/bd/sum", test_sum);
  g_test_add_func ("/pioneer/bd/facts", test_facts);
  g_test_add_func ("/pioneer/bd/memory", test_memory);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/pioneer/bd/file/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  return g_test_run ();
}
