/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lite-On images: every vector of liteon 11.4, and what is recognised and found
 * damaged. The images are built here from that text, not with the code that reads them. */
#include <string.h>

#include "families/liteon/ofl-liteon.h"
#include "kit/specimen.h"

#define FULL 0x100000

static void
assert_straight (const guint8 *data, gsize length, guint32 common, gsize want, const char *sha256)
{
  g_autoptr (GBytes) straight = ofl_liteon_straighten (data, length, common);
  gsize got;
  const guint8 *bytes = g_bytes_get_data (straight, &got);

  g_assert_cmphex (got, ==, want);
  specimen_assert_sha256 (bytes, got, sha256);
}

static GByteArray *
make_packed (guint32 common)
{
  GByteArray *packed = g_byte_array_new ();
  g_autofree guint8 *boot = specimen_noise (0x10, 0x4000);
  g_autofree guint8 *shared = specimen_noise (0x20, common);

  boot[0] = shared[0] = 0x02;
  specimen_assert_sha256 (boot, 0x4000,
                          "9be7b937854803136978381b48d4ae6052f87839995f88f29792e7d19e5a0ff3");
  g_byte_array_append (packed, boot, 0x4000);
  g_byte_array_append (packed, shared, common);
  for (guint i = 0; i < 15; i++)
    {
      g_autofree guint8 *own = specimen_noise (0x30 + i, 0x10000 - common);

      g_byte_array_append (packed, own, 0x10000 - common);
    }
  return packed;
}

static void
test_straighten (void)
{
  g_autoptr (GByteArray) wide = make_packed (0x4000);
  g_autoptr (GByteArray) slim = make_packed (0x3000);
  g_autofree guint8 *noise = specimen_noise (0x1234, FULL);

  g_assert_cmphex (wide->len, ==, 0xbc000);
  specimen_assert_sha256 (wide->data, wide->len,
                          "d70531a3aa1572e1a327f51a3f0e4a6cf608d4f75276509c63b061b94b02769a");
  assert_straight (wide->data, wide->len, 0x4000, 0xf0000,
                   "342681b9acc704faaaf567291d04983c25de59d177c0c639dbc7d183f7dd0175");
  g_assert_cmphex (slim->len, ==, 0xca000);
  specimen_assert_sha256 (slim->data, slim->len,
                          "9df2fdd2d892c391d09bef3d8f7f968b22acd51da7e5720a1689a9aacc2e97d7");
  assert_straight (slim->data, slim->len, 0x3000, 0xf0000,
                   "fc736f19ca65e6adc9148b0417b83509c5db014085f8883325116a7855560e2e");
  specimen_assert_sha256 (noise, FULL,
                          "804b262c44698191190f72bcb8bd20317aeb224f707ec529c4592eb7dd4f27a6");
  assert_straight (noise, FULL, 0x4000, 0x14c000,
                   "46597023fc5c12e9a1185fcd083bd4117491057a96aaf07a83a979553757566a");
  assert_straight (noise, FULL, 0x3000, 0x135000,
                   "0854871b27e9d1d1d88b7c5e1264364f5e148d5d61f163f30fb1801d52a8bf0b");
}

static void
put (guint8 *image, gsize at, const char *text)
{
  memcpy (image + at, text, strlen (text));
}

static void
put_id (guint8 *image, gsize at, const char *header, const char *text)
{
  static const guint8 rest[8] = { 0x05, 0x80, 0, 0x32, 0x5b };

  memcpy (image + at, rest, 8);
  image[at + 3] = (guint8) header[0];
  image[at + 4] = (guint8) header[1];
  put (image, at + 8, text);
}

/* 16 loads of a character each, a gap after each. */
static gsize
put_loads (guint8 *image, gsize at, const guint8 frame[2], const guint *gaps, const char *text)
{
  for (guint i = 0; i < 16; i++)
    {
      image[at] = frame[0];
      image[at + 1] = (guint8) (i < strlen (text) ? text[i] : 0);
      image[at + 2] = frame[1];
      memset (image + at + 3, 0x11, gaps[i % 2]);
      at += 3 + gaps[i % 2];
    }
  return at;
}

static const guint8 load_a[2] = { 0x7d, 0x90 }, load_b[2] = { 0x7b, 0x7d },
                    load_c[2] = { 0x7d, 0x7f };

/* liteon 11.4, the vector at its end */
static void
test_id_vector (void)
{
  static const guint gaps[2] = { 20, 20 };
  g_autofree guint8 *image = g_malloc0 (FULL);
  g_autofree char *date = NULL;
  OflLiteonId id;

  image[0] = 2;
  put_id (image, 0x5678, "\x32\x5b", "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34");
  put_loads (image, 0x8000, load_a, gaps, "US0N      ");
  ofl_liteon_read_id (&id, image, FULL);
  g_assert_cmpuint (id.level, ==, 1);
  g_assert_cmphex (id.at, ==, 0x5678);
  g_assert_cmpstr (id.vendor, ==, "LITE-ON");
  g_assert_cmpstr (id.product, ==, "DVDRW SOHW-812S");
  g_assert_cmpstr (id.revision, ==, "US0N");
  g_assert_cmpstr (id.stamp, ==, "2004/04/14 12:34");
  g_assert_cmpstr (id.internal, ==, "US0N");
  date = ofl_liteon_date (id.stamp);
  g_assert_cmpstr (date, ==, "2004-04-14");
}

static void
test_dates (void)
{
  static const struct {
    const char *stamp, *date;
  } rows[] = {
    { "Apr14 ,2004", "2004-04-14" },
    { "Dec01 ,2003", "2003-12-01" },
    { "Apr 14 ,2004", NULL },
    { "at 2004/04/14", "2004-04-14" },
    { "apr14 ,2004", NULL },
    { "Xxx14 ,2004", NULL },
    { "", NULL },
  };
  static const struct {
    const char *standard, *internal, *text;
  } pairs[] = {
    { "US0N", "US0N-XY", "US0N-XY" }, { "US0N", "US0N", "US0N" }, { "US0N", "BS41", "US0N-BS41" },
    { "US0N", "US0NXY", "US0N-XY" },  { "US0N", "", "US0N" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *date = ofl_liteon_date (rows[i].stamp);

      g_assert_cmpstr (date, ==, rows[i].date);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *text = ofl_liteon_revision_text (pairs[i].standard, pairs[i].internal);

      g_assert_cmpstr (text, ==, pairs[i].text);
    }
}

/* Which search finds which header, where, and for which size. */
static void
test_levels (void)
{
  static const struct {
    gsize size, at;
    const char *header;
    guint level;
    const char *stamp;
  } rows[] = {
    { 0x100000, 0x4000, "\x32\x5b", 1, "2004/04/14 12:34" },
    { 0x100000, 0x4000, "\x32\x1f", 2, "2004/04/14 12:34" },
    { 0x100000, 0x4000, "\x31\x5b", 0, "" },
    { 0x100000, 0x3000, "\x32\x5b", 0, "" },
    { 0x40000, 0x4100, "\x31\x5b", 3, "" },
    { 0x40000, 0x4100, "\x31\x1f", 3, "" },
    { 0x20000, 0x0800, "\x31\x1f", 4, "" },
    { 0x20000, 0x4800, "\x32\x1f", 2, "2004/04/14 12:34" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *image = g_malloc0 (rows[i].size);
      OflLiteonId id;

      put_id (image, rows[i].at, rows[i].header, "LITEON  DVD-ROM LTD163  GH5R2004/04/14 12:34");
      ofl_liteon_read_id (&id, image, rows[i].size);
      g_assert_cmpuint (id.level, ==, rows[i].level);
      g_assert_cmpstr (id.stamp, ==, rows[i].stamp);
    }
}

/* Gaps that vary, the three ways of loading, what breaks a row, and where it may stand. */
static void
test_internal (void)
{
  static const struct {
    const guint8 *frame;
    guint gaps[2];
    gsize at, size;
    const char *want;
  } rows[] = {
    { load_a, { 19, 23 }, 0x9000, 0x100000, "BS41-ABCDE" },
    { load_a, { 23, 20 }, 0x9000, 0x80000, "BS41-ABC" },
    { load_b, { 10, 12 }, 0x9000, 0x100000, "BS41-ABCDE" },
    { load_c, { 5, 8 }, 0x9000, 0x100000, "BS41-ABCDE" },
    { load_a, { 18, 20 }, 0x9000, 0x100000, "" },
    { load_a, { 20, 24 }, 0x9000, 0x100000, "" },
    { load_b, { 10, 13 }, 0x9000, 0x100000, "" },
    { load_a, { 20, 20 }, 0x3000, 0x100000, "" },
    { load_a, { 20, 20 }, 0x3000, 0x20000, "BS41-ABC" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *image = g_malloc0 (rows[i].size);
      OflLiteonId id;

      put_loads (image, rows[i].at, rows[i].frame, rows[i].gaps, "BS41-ABCDEFGHIJK");
      ofl_liteon_read_id (&id, image, rows[i].size);
      g_assert_cmpstr (id.internal, ==, rows[i].want);
    }
}

/* A gap that holds another load's bytes: the longest gap first, a shorter one when the rest does
 * not follow. */
static void
test_internal_backtracks (void)
{
  static const guint gaps[2] = { 19, 19 };
  g_autofree guint8 *image = g_malloc0 (FULL);
  OflLiteonId id;
  gsize at = 0x9000;

  put_loads (image, at, load_a, gaps, "BS41-ABCDEFGHIJK");
  /* four bytes after the second load's place stands something that looks like it */
  image[at + 22 + 4] = 0x7d;
  image[at + 22 + 5] = 'Z';
  image[at + 22 + 6] = 0x90;
  ofl_liteon_read_id (&id, image, FULL);
  g_assert_cmpstr (id.internal, ==, "BS41-ABCDE");
}

/* What a test image is made of. */
typedef struct {
  gsize size;
  const char *id;       /* vendor 8, product 16, revision 4, stamp 16 */
  const char *internal; /* NULL: none */
  guint8 mask;          /* of the code that calls banks; 0: none */
  gboolean rebanked;
  const char *tail;
  const char *text; /* somewhere in the code */
} Recipe;

static guint8 *
make_image (const Recipe *recipe)
{
  static const guint gaps[2] = { 20, 21 };
  static const guint8 probe[6] = { 0xe5, 0x90, 0x54, 0, 0xb4, 0 };
  guint8 *image = specimen_noise (7, recipe->size);

  for (gsize at = 0; at < recipe->size && !recipe->rebanked; at += 0x10000)
    image[at] = 0x02;
  image[0] = 0x02;
  put_id (image, 0x5678, "\x32\x5b", recipe->id);
  if (recipe->internal != NULL)
    put_loads (image, 0x8000, load_a, gaps, recipe->internal);
  if (recipe->mask != 0)
    {
      memcpy (image + 0x6000, probe, 6);
      image[0x6003] = recipe->mask;
    }
  if (recipe->rebanked)
    {
      image[0x4000] = 0x02;
      image[0x10000] = 0x77;
      put (image, 0xfff8, "LITEONIT");
    }
  if (recipe->text != NULL)
    put (image, 0x9800, recipe->text);
  if (recipe->tail != NULL)
    put (image, recipe->size - 16, recipe->tail);
  return image;
}

static OflImage *
parse (const Recipe *recipe)
{
  g_autofree guint8 *data = make_image (recipe);

  return specimen_parse ("liteon", data, recipe->size);
}

static OflImageCheckResult
result_of (const OflImage *image, const char *name)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    if (g_str_equal (ofl_image_get_check (image, i)->name, name))
      return ofl_image_get_check (image, i)->result;
  g_test_message ("no check %s", name);
  g_test_fail ();
  return OFL_IMAGE_CHECK_OK;
}

#define ID_812S "LITE-ON DVDRW SOHW-812S US0N2004/04/14 12:34"

static void
test_parse (void)
{
  static const Recipe recipe = { FULL, ID_812S, "US0N", 0x0f, FALSE, NULL, NULL };
  g_autoptr (OflImage) image = parse (&recipe);

  g_assert_nonnull (image);
  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "LITE-ON");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "DVDRW SOHW-812S");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "US0N");
  g_assert_cmpstr (ofl_image_get_fact (image, "full revision"), ==, "US0N");
  g_assert_cmpstr (ofl_image_get_fact (image, "date"), ==, "2004-04-14");
  g_assert_cmpstr (ofl_image_get_fact (image, "layout"), ==, "straight");
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "U / SOHW-812S/802S");
  g_assert_false (ofl_image_is_changed (image));
  g_assert_cmpint (result_of (image, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (result_of (image, "banks"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (result_of (image, "bank-calls"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (result_of (image, "letter"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (result_of (image, "ata-name"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_cmpint (result_of (image, "checksum"), ==, OFL_IMAGE_CHECK_ABSENT);
}

/* The hardware family follows from letter, size, and what the image holds. */
static void
test_hardware (void)
{
#define SLIM_TAIL "SLIM SIGNATURE X"
  static const struct {
    Recipe recipe;
    const char *mark;
    OflImageCheckResult letter;
  } rows[] = {
    { { FULL, "SONY    DVD RW DW-U18A  UY02Apr14 ,2004     ", "UY02", 0x0f },
      "U / SOHW-812S/802S",
      0 },
    { { FULL, "SlimtypeDVDRW SOSW-813S US0N2004/04/14 12:34", "US0N", 0x1f, TRUE, SLIM_TAIL },
      "u / SOSW-813S (?)",
      0 },
    { { FULL, "SlimtypeDVDRW SOSW-833S VS0N2004/04/14 12:34", NULL, 0x1f, TRUE, SLIM_TAIL },
      "v / SOSW-833S",
      0 },
    { { FULL, "LITE-ON DVDRW SOHW-1633SBS0C2004/04/14 12:34", "BS0C", 0x0f }, "B / SOHW-1633S", 0 },
    { { FULL, "LITE-ON DVDRW SOHW-1633SBS0C2004/04/14 12:34", "BS41", 0x0f },
      "b / SOHW-1633S-Enh.",
      0 },
    { { FULL, "LITE-ON DVDRW SOHW-1633SB8S22004/04/14 12:34", NULL, 0x0f }, "B / SOHW-1633S", 0 },
    { { FULL, "LITE-ON DVDRW SOHW-1633SB8SZ2004/04/14 12:34", NULL, 0x0f },
      "b / SOHW-1633S-Enh.",
      0 },
    { { FULL, "LITE-ON DVDRW LDW-851S  GS0C2004/04/14 12:34", NULL, 0x0f }, "G / LDW-851S", 0 },
    { { FULL, "LITE-ON DVDRW LDW-451S  GSB62004/04/14 12:34", NULL, 0x0f }, "g / LDW-451S", 0 },
    { { FULL, "DVDRW   DRW-1S45        GSB62004/04/14 12:34", NULL, 0x0f, FALSE, NULL, "LDW-451S" },
      "g / LDW-451S",
      0 },
    { { FULL, "SlimtypeDVDRW SOSW-852S 6SB52004/04/14 12:34", NULL, 0x0f }, "P / SOSW-852S", 0 },
    { { FULL, "LITE-ON DVDRW SOHW-1693SKS0B2004/04/14 12:34", NULL, 0x0f }, "K / SOHW-1693S", 0 },
    { { 0x80000, "LITE-ON COMBO LTC-48161HKH0M2004/04/14 12:34", NULL, 0x07 }, "K / LTC-48161H", 0 },
    { { 0x80000, "LITE-ON COMBO SOHC-5236KRK072004/04/14 12:34", NULL, 0x07 }, "R / SOHC-5236K", 0 },
    { { 0x80000, "LITE-ON COMBO SOHC-5236VR.072004/04/14 12:34", NULL, 0x07 }, "r / SOHC-5236V", 0 },
    { { 0x40000, "LITEON  DVD-ROM LTD163  GH5R2004/04/14 12:34" }, "G / LTD-163(D)/SHD-16P1S", 0 },
    { { 0x80000, "LITE-ON DVD SOHD-16P9S  FS092004/04/14 12:34", NULL, 0x07 }, "F / SOHD-16P9S", 0 },
    { { 0x80000, "NOBODY  UNLISTED COMBO  KH012004/04/14 12:34", "KH01", 0x07, FALSE, NULL,
        "VIDEO_TS" },
      "K / LTC-48161H",
      OFL_IMAGE_CHECK_WARNING },
    { { 0x40000, "NOBODY  UNLISTED PLAYER GH012004/04/14 12:34", "GH01", 0, FALSE, NULL,
        "NOSMARTX" },
      "G / LTD-163(D)/SHD-16P1S",
      OFL_IMAGE_CHECK_WARNING },
    { { 0x40000, "NOBODY  UNLISTED WRITER GH012004/04/14 12:34", "GH01" },
      NULL,
      OFL_IMAGE_CHECK_WARNING },
    { { FULL, "LITE-ON DVDRW SOHW-812S VS0N2004/04/14 12:34", NULL, 0x0f },
      "V / SOHW-832S/822S",
      OFL_IMAGE_CHECK_WARNING },
    { { FULL, "LITE-ON DVDRW SOHW-812S ZS0N2004/04/14 12:34", NULL, 0x0f },
      NULL,
      OFL_IMAGE_CHECK_WARNING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflImage) image = parse (&rows[i].recipe);

      g_test_message ("%s", rows[i].recipe.id);
      g_assert_nonnull (image);
      g_assert_cmpstr (ofl_image_get_mark (image), ==, rows[i].mark);
      g_assert_cmpint (result_of (image, "letter"), ==, rows[i].letter);
      g_assert_false (ofl_image_is_changed (image));
    }
}

/* One thing wrong at a time. */
static void
test_damage (void)
{
  static const Recipe straight = { FULL, ID_812S, "US0N", 0x0f, FALSE, NULL, NULL };
  Recipe slim = { FULL,   "SlimtypeDVDRW SOSW-813S US0N2004/04/14 12:34",
                  "US0N", 0x1f,
                  TRUE,   "SLIM SIGNATURE X",
                  NULL };
  g_autofree guint8 *data = make_image (&straight);
  g_autofree guint8 *dump = make_image (&slim);
  g_autoptr (OflImage) bank = NULL, dirty = NULL, cut = NULL, damaged = NULL, unmarked = NULL;

  data[0x50000] = 0x80;
  dirty = specimen_parse ("liteon", data, FULL);
  g_assert_cmpint (result_of (dirty, "banks"), ==, OFL_IMAGE_CHECK_WARNING);
  g_assert_false (ofl_image_is_changed (dirty));
  data[0x50000] = 0x77;
  bank = specimen_parse ("liteon", data, FULL);
  g_assert_cmpint (result_of (bank, "banks"), ==, OFL_IMAGE_CHECK_CHANGED);
  cut = specimen_parse ("liteon", data, FULL - 1);
  g_assert_cmpint (result_of (cut, "size"), ==, OFL_IMAGE_CHECK_CHANGED);

  dump[FULL - 3] = 'x';
  damaged = specimen_parse ("liteon", dump, FULL);
  g_assert_cmpint (result_of (damaged, "signature"), ==, OFL_IMAGE_CHECK_CHANGED);
  dump[FULL - 3] = 'A';
  dump[0xfff8] = 'X';
  unmarked = specimen_parse ("liteon", dump, FULL);
  g_assert_cmpint (result_of (unmarked, "bank-calls"), ==, OFL_IMAGE_CHECK_WARNING);
  g_assert_cmpint (result_of (unmarked, "signature"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpstr (ofl_image_get_fact (unmarked, "layout"), ==, "rebanked");
}

static void
swap_in (guint8 *image, gsize at, const char *text)
{
  for (gsize i = 0; i + 1 < strlen (text); i += 2)
    {
      image[at + i] = (guint8) text[i + 1];
      image[at + i + 1] = (guint8) text[i];
    }
}

static void
test_ata_copies (void)
{
  static const Recipe recipe = { FULL, ID_812S, "US0N", 0x0f, FALSE, NULL, NULL };
  static const struct {
    const char *text;
    OflImageCheckResult result;
  } rows[] = {
    { "US0N    LITE-ON DVDRW SOHW-812S ", OFL_IMAGE_CHECK_OK },
    { "US0N    LITE-ON  DVDRW SOHW-812S  ", OFL_IMAGE_CHECK_OK },
    { "US0J    LITE-ON DVDRW SOHW-812S ", OFL_IMAGE_CHECK_WARNING },
    { "US0J    LITE-ON  DVDRW SOHW-812S  ", OFL_IMAGE_CHECK_WARNING },
    { "US0N    LITE-ON DVDRW SOHW-832S ", OFL_IMAGE_CHECK_ABSENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *data = make_image (&recipe);
      g_autoptr (OflImage) image = NULL;

      swap_in (data, 0xa001, rows[i].text);
      image = specimen_parse ("liteon", data, FULL);
      g_assert_cmpint (result_of (image, "ata-name"), ==, rows[i].result);
    }
}

/* What looks alike and is none. */
static void
test_not (void)
{
  static const Recipe unlisted = { FULL, "NOBODY  NOTHING LISTED  US0N2004/04/14 12:34" };
  static const Recipe btc = { FULL, "BTC     DRW1008IM       00502004/04/14 12:34", "0050", 0x0f };
  static const Recipe garbled
      = { FULL, "LITE-ON DVDRW \x01OHW-812S US0N2004/04/14 12:34", "US0N", 0x0f };
  static const Recipe good = { FULL, ID_812S, "US0N", 0x0f, FALSE, NULL, NULL };
  g_autofree guint8 *data = make_image (&good);
  g_autofree guint8 *noise = specimen_noise (3, FULL);

  g_assert_null (parse (&unlisted));
  g_assert_null (parse (&btc));
  g_assert_null (parse (&garbled));
  data[0] = 'M';
  g_assert_null (specimen_parse ("liteon", data, FULL));
  noise[0] = 0x02;
  g_assert_null (specimen_parse ("liteon", noise, FULL));
  g_assert_null (specimen_parse ("liteon", noise, 0));
  g_assert_null (specimen_parse ("liteon", noise, 0x1ffff));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon-image/straighten", test_straighten);
  g_test_add_func ("/liteon-image/id-vector", test_id_vector);
  g_test_add_func ("/liteon-image/dates", test_dates);
  g_test_add_func ("/liteon-image/levels", test_levels);
  g_test_add_func ("/liteon-image/internal", test_internal);
  g_test_add_func ("/liteon-image/internal-backtracks", test_internal_backtracks);
  g_test_add_func ("/liteon-image/parse", test_parse);
  g_test_add_func ("/liteon-image/hardware", test_hardware);
  g_test_add_func ("/liteon-image/damage", test_damage);
  g_test_add_func ("/liteon-image/ata-copies", test_ata_copies);
  g_test_add_func ("/liteon-image/not", test_not);
  return g_test_run ();
}
