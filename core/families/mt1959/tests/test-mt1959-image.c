/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959 images: the vectors of mt1959 11, near misses, what is to be verified. */
#include <string.h>

#include "families/mt1959/ofl-mt1959.h"
#include "family/ofl-family-private.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"

#define SIZE 0x200000

static const OflImageCheck *
find_check (const OflImage *image, const char *name)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    if (g_str_equal (ofl_image_get_check (image, i)->name, name))
      return ofl_image_get_check (image, i);
  return NULL;
}

static void
assert_check (const OflImage *image, const char *name, OflImageCheckResult result)
{
  const OflImageCheck *check = find_check (image, name);

  g_assert_nonnull (check);
  g_assert_cmpint (check->result, ==, result);
}

/* The image of the vectors, macs still zero. */
static guint8 *
vector_image (void)
{
  guint8 *image = specimen_noise (0x1959, SIZE);

  memcpy (image + 0x3000, "MT1959 Boot JB8 ", 16);
  memset (image + 0x10400, 0xff, 16 * 0x1c);
  specimen_set_entry (image, 0, 0x11000, 0x16fff);
  specimen_set_entry (image, 1, 0x17000, 0x1817ff);
  specimen_set_entry (image, 2, 0x1f0000, 0x1f0008);
  specimen_set_entry (image, 3, 0x1e0000, 0x1e0012);
  return image;
}

static void
test_vectors (void)
{
  static const char *const macs[]
      = { "aa66bf79094fc836a1a791964d8a1c64", "c8e8964feb32feebf368e423ecbc2d6d",
          "684ef5246451fcc9eef4e7bdeefdc400", "e417c560c8206ee4c714a3f67a82c376" };
  g_autofree guint8 *image = vector_image ();
  g_autoptr (OflImage) unsealed = specimen_parse ("mt1959", image, SIZE);
  g_autoptr (OflImage) parsed = NULL;

  specimen_assert_sha256 (image, SIZE,
                          "12fc1f06965d422b2e13d3805bad7911763075845754f92189441d55aa1a120d");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("integrity %u", i);

      assert_check (unsealed, name, OFL_IMAGE_CHECK_CHANGED);
    }
  specimen_seal (image);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *mac = specimen_hex (image + 0x10400 + i * 0x1c + 0xc, 16);

      g_assert_cmpstr (mac, ==, macs[i]);
    }
  specimen_assert_sha256 (image, SIZE,
                          "62d6946954c504b0438e4fdcae4ed5cd087de89795cac1028bffb188b21cf247");
  parsed = specimen_parse ("mt1959", image, SIZE);
  g_assert_false (ofl_image_is_changed (parsed));
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("integrity %u", i);

      assert_check (parsed, name, OFL_IMAGE_CHECK_OK);
    }
  g_assert_null (find_check (parsed, "integrity 4"));
}

static void
test_enc (void)
{
  guint8 zero[16] = { 0 };
  g_autoptr (GBytes) block = g_bytes_new_static (zero, sizeof zero);
  g_autoptr (GBytes) one = ofl_mt1959_encrypt (block);
  g_autofree char *hex = specimen_hex (g_bytes_get_data (one, NULL), 16);
  g_autoptr (GBytes) plain = g_bytes_new_take (specimen_noise (0x1959, SIZE), SIZE);
  g_autoptr (GBytes) all = ofl_mt1959_encrypt (plain);

  g_assert_cmpstr (hex, ==, "61bea374de7434b6b42b307a5c58be72");
  g_assert_cmpuint (g_bytes_get_size (all), ==, SIZE);
  specimen_assert_sha256 (g_bytes_get_data (all, NULL), SIZE,
                          "c21c7ed8c40d1b7972e5f382f2ccfc7a6368881201d889caff1811d19e391213");
}

static void
test_facts (void)
{
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);

  g_assert_cmpstr (ofl_image_get_family (image), ==, "mt1959");
  g_assert_cmpstr (ofl_image_get_fact (image, "banner"), ==, "MT1959 Boot BU5");
  g_assert_cmpstr (ofl_image_get_fact (image, "chip"), ==, "MTEKMT1959");
  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "HL-DT-ST");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "BD-RE BU40N");
  g_assert_nonnull (strstr (ofl_image_get_fact (image, "descriptor"), "MTEKMT1959"));
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "MTEKMT1959 / MT1959 Boot BU5");
  g_assert_false (ofl_image_is_changed (image));
  assert_check (image, "size", OFL_IMAGE_CHECK_OK);
  assert_check (image, "chip", OFL_IMAGE_CHECK_OK);
  assert_check (image, "boot-page", OFL_IMAGE_CHECK_OK);
  assert_check (image, "signature", OFL_IMAGE_CHECK_OK);
  g_assert_false (ofl_mt1959_is_raw_dump (image));
}

/* Blanks in a row, and a product that the table does not have, do not confuse it. */
static void
test_model (void)
{
  Specimen lg = { "HL-DT-ST", "BD-RE  WH16NS60", "1.02", "MTEKMT1959", "MT1959 Boot JB8 " };
  Specimen asus = { "ASUS", "BW-16D1HT", "3.10", "MTEKMT1959", "MT1959 Boot JB8 " };
  Specimen other = { "HL-DT-ST", "BD-RE BU40NX", "1.02", "MTEKMT1959", "MT1959 Boot BU5 " };
  g_autofree guint8 *a = specimen_image (&lg, 1);
  g_autofree guint8 *b = specimen_image (&asus, 1);
  g_autofree guint8 *c = specimen_image (&other, 1);
  g_autoptr (OflImage) of_lg = specimen_parse ("mt1959", a, SIZE);
  g_autoptr (OflImage) of_asus = specimen_parse ("mt1959", b, SIZE);
  g_autoptr (OflImage) of_other = specimen_parse ("mt1959", c, SIZE);

  g_assert_cmpstr (ofl_image_get_fact (of_lg, "product"), ==, "BD-RE WH16NS60");
  g_assert_cmpstr (ofl_image_get_fact (of_asus, "product"), ==, "BW-16D1HT");
  g_assert_cmpstr (ofl_image_get_fact (of_asus, "vendor"), ==, "ASUS");
  g_assert_cmpstr (ofl_image_get_fact (of_other, "product"), ==, "BD-RE BU40NX");
}

static void
test_truncated (void)
{
  static const gsize lengths[] = { 0x3010, 0x10000, 0x1fffff, 0x200001 };
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *image = specimen_image (&bu40n, 1);
  g_autofree guint8 *data = g_malloc0 (SIZE + 1);

  memcpy (data, image, SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (OflImage) parsed = specimen_parse ("mt1959", data, lengths[i]);
      g_autofree char *words
          = g_strdup_printf ("%" G_GSIZE_FORMAT " bytes where 2097152 belong", lengths[i]);

      g_assert_nonnull (parsed);
      g_assert_true (ofl_image_is_changed (parsed));
      assert_check (parsed, "size", OFL_IMAGE_CHECK_CHANGED);
      g_assert_nonnull (strstr (find_check (parsed, "size")->detail, words));
      g_assert_true ((strstr (find_check (parsed, "size")->detail, "truncated") != NULL)
                     == (lengths[i] < SIZE));
    }
}

static void
test_not_recognised (void)
{
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);

  g_assert_null (specimen_parse ("mt1959", data, 0));
  g_assert_null (specimen_parse ("mt1959", data, 0x300f));
  data[0x3000] = 'X';
  g_assert_null (specimen_parse ("mt1959", data, SIZE));
  data[0x3000] = 'M';
  data[0x3005] = 'x';
  g_assert_null (specimen_parse ("mt1959", data, SIZE));
  data[0x3005] = '9';
  memcpy (data + 0x300c, "A\0B ", 4);
  g_assert_null (specimen_parse ("mt1959", data, SIZE));
  /* TSST's drives have the same chip and another trailer: se506 3.1 */
  memcpy (data + 0x300c, "BU5 ", 4);
  memcpy (data + 0x1fffd0, "TSSTcorp", 8);
  g_assert_null (specimen_parse ("mt1959", data, SIZE));
}

static void
test_damage (void)
{
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);
  g_autoptr (OflImage) damaged = NULL;
  g_autoptr (OflImage) outside = NULL;
  g_autoptr (OflImage) itself = NULL;

  data[0x12345] ^= 1;
  damaged = specimen_parse ("mt1959", data, SIZE);
  assert_check (damaged, "integrity 0", OFL_IMAGE_CHECK_CHANGED);
  assert_check (damaged, "integrity 1", OFL_IMAGE_CHECK_OK);
  g_assert_nonnull (strstr (find_check (damaged, "integrity 0")->detail, "011000 to 016FFF"));
  data[0x12345] ^= 1;
  specimen_set_entry (data, 5, 0x1ff000, 0x200000);
  outside = specimen_parse ("mt1959", data, SIZE);
  assert_check (outside, "integrity 5", OFL_IMAGE_CHECK_CHANGED);
  specimen_set_entry (data, 5, 0x10000, 0x10fff);
  itself = specimen_parse ("mt1959", data, SIZE);
  assert_check (itself, "integrity 5", OFL_IMAGE_CHECK_WARNING);
}

static void
test_dump_and_copies (void)
{
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);
  g_autoptr (OflImage) image = NULL;

  memcpy (data, data + 0x10000, 0x400);
  data[0x1ff000] ^= 1;
  memset (data + 0x1ec034, 0, 10);
  image = specimen_parse ("mt1959", data, SIZE);
  g_assert_true (ofl_mt1959_is_raw_dump (image));
  assert_check (image, "boot-page", OFL_IMAGE_CHECK_WARNING);
  assert_check (image, "signature", OFL_IMAGE_CHECK_WARNING);
  assert_check (image, "chip", OFL_IMAGE_CHECK_ABSENT);
  g_assert_false (ofl_image_is_changed (image));
}

/* The parts that must be there, in the order in which they stand; all parts together are the whole
 * flash, once. */
static void
assert_parts (const guint8 *data, gboolean boot_area_kept, const OflMt1959Range *must, guint n)
{
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (GArray) parts = ofl_mt1959_parts (image, boot_area_kept);
  guint32 at = 0;
  guint seen = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      const OflStretch *part = &g_array_index (parts, OflStretch, i);

      g_assert_cmphex (part->start, ==, at);
      g_assert_cmphex (part->end, >, at);
      at = part->end;
      g_assert_cmpint (part->why != NULL, ==, part->claim == OFL_CLAIM_LEFT_OUT);
      if (part->claim != OFL_CLAIM_MUST)
        continue;
      g_assert_cmpuint (seen, <, n);
      g_assert_cmphex (part->start, ==, must[seen].start);
      g_assert_cmphex (part->end, ==, must[seen].end);
      seen++;
    }
  g_assert_cmphex (at, ==, SIZE);
  g_assert_cmpuint (seen, ==, n);
}

static void
test_parts (void)
{
  static const OflMt1959Range plain[] = { { 0x10000, 0x11000 },
                                          { 0x11000, 0x181800 },
                                          { 0x1d0000, 0x1d8000 },
                                          { 0x1ec000, 0x1ec100 } };
  static const OflMt1959Range low[] = { { 0x1000, 0x3000 },    { 0x3000, 0x3020 },
                                        { 0x3020, 0x10000 },   { 0x10000, 0x11000 },
                                        { 0x11000, 0x181800 }, { 0x1d0000, 0x1d8000 },
                                        { 0x1ec000, 0x1ec100 } };
  static const OflMt1959Range wide[] = { { 0x1000, 0x3000 },    { 0x3000, 0x3020 },
                                         { 0x3020, 0x10000 },   { 0x10000, 0x11000 },
                                         { 0x11000, 0x1d8000 }, { 0x1ec000, 0x1ec100 },
                                         { 0x1ec100, 0x1f0000 } };
  static const OflMt1959Range none[] = { { 0x10000, 0x11000 },
                                         { 0x11000, 0x1d8000 },
                                         { 0x1ec000, 0x1ec100 },
                                         { 0x1ec100, 0x1f0000 } };
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);

  assert_parts (data, FALSE, plain, G_N_ELEMENTS (plain));
  specimen_set_entry (data, 4, 0, 0x12000);
  assert_parts (data, FALSE, low, G_N_ELEMENTS (low));
  assert_parts (data, TRUE, plain, G_N_ELEMENTS (plain));
  specimen_set_entry (data, 4, 0, SIZE - 1);
  assert_parts (data, FALSE, wide, G_N_ELEMENTS (wide));
  memset (data + 0x10400, 0xff, 16 * 0x1c);
  assert_parts (data, FALSE, none, G_N_ELEMENTS (none));
  specimen_set_entry (data, 4, 0xfffffff0, 0xfffffffe);
  assert_parts (data, FALSE, none, G_N_ELEMENTS (none));
}

/* mt1959 3.3, with the sample that it gives; 3.1 for the mark. */
static void
test_fields (void)
{
  static const char sample[] = "ASUS    SBW-06D2X-U     A102W002000 UNIQUE2106281341MTEKMT1959";
  const Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 1);
  g_autoptr (OflImage) plain = NULL;
  g_autoptr (OflImage) marked = NULL;

  memcpy (data + 0x1ec000, sample, sizeof sample - 1);
  memcpy (data + 0x1ec04c, "NB12", 4);
  memcpy (data + 0x1ec056, "DE", 2);
  memcpy (data + 0x105c8, "\x01\x02\xab\xff\x00OD!", 8);
  marked = specimen_parse ("mt1959", data, SIZE);
  g_assert_cmpstr (ofl_image_get_fact (marked, "vendor"), ==, "ASUS");
  g_assert_cmpstr (ofl_image_get_fact (marked, "product"), ==, "SBW-06D2X-U");
  g_assert_cmpstr (ofl_image_get_fact (marked, "revision"), ==, "A102");
  g_assert_cmpstr (ofl_image_get_fact (marked, "SKU"), ==, "W002000");
  g_assert_cmpstr (ofl_image_get_fact (marked, "date"), ==, "2021-06-28");
  g_assert_cmpstr (ofl_image_get_fact (marked, "chip"), ==, "MTEKMT1959");
  g_assert_cmpstr (ofl_image_get_fact (marked, "SVC code"), ==, "NB12");
  g_assert_cmpstr (ofl_image_get_fact (marked, "downgrade"), ==, "DE");
  g_assert_cmpstr (ofl_image_get_fact (marked, "behind the integrity table"), ==,
                   "0102ABFF004F4421");

  memset (data + 0x1ec018, 0, 4);
  data[0x1ec02c] = 'x';
  memset (data + 0x1ec04c, ' ', 4);
  data[0x1ec057] = 'X';
  memset (data + 0x105c8, 0xff, 8);
  plain = specimen_parse ("mt1959", data, SIZE);
  g_assert_null (ofl_image_get_fact (plain, "revision"));
  g_assert_null (ofl_image_get_fact (plain, "date"));
  g_assert_cmpstr (ofl_image_get_fact (plain, "SVC code"), ==, "-");
  g_assert_null (ofl_image_get_fact (plain, "downgrade"));
  g_assert_null (ofl_image_get_fact (plain, "behind the integrity table"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mt1959/image/vectors", test_vectors);
  g_test_add_func ("/mt1959/image/enc", test_enc);
  g_test_add_func ("/mt1959/image/facts", test_facts);
  g_test_add_func ("/mt1959/image/model", test_model);
  g_test_add_func ("/mt1959/image/truncated", test_truncated);
  g_test_add_func ("/mt1959/image/not-recognised", test_not_recognised);
  g_test_add_func ("/mt1959/image/damage", test_damage);
  g_test_add_func ("/mt1959/image/dump-and-copies", test_dump_and_copies);
  g_test_add_func ("/mt1959/image/parts", test_parts);
  g_test_add_func ("/mt1959/image/fields", test_fields);
  return g_test_run ();
}
