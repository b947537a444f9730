/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for the practice drives: the documented structure around bytes that mean nothing. Sources:
 * mt1959 3.1, 3.2, 3.3, 1.4. */
#include "families/mt1959/ofl-practice-mt1959.h"

#include <string.h>

#include "families/mt1959/ofl-practice-mt1959-cmac.h"

/* Real images have unused space too; it makes a flash chip's pages of ones part of every test. */
#define UNUSED_START 0x190000u
#define UNUSED_END 0x1b0000u
#define BOOT_SEED 0xb0071959u

/* INQUIRY's bytes from 36 on begin with it: of a maker's firmware, and of MakeMKV's */
#define MAKERS_SKU "N000700 "
#define MODIFIED_SKU "NM00000 "

#define HLDS "HL-DT-ST"
#define NO_SVC "    "

const Mt1959Model ofl_practice_mt1959_bu40n
    = { "MT1959 Boot BU5 ", HLDS, "BD-RE BU40N     ", MAKERS_SKU, "BU40", INTERFACE_USB };
const Mt1959Model ofl_practice_mt1959_wh16ns60
    = { "MT1959 Boot JB9 ", HLDS, "BD-RE  WH16NS60 ", MAKERS_SKU, "NS60", INTERFACE_SERIAL_ATAPI };
const Mt1959Model ofl_practice_mt1959_bp60nb10
    = { "MT1959 Boot BUP5", HLDS, "BD-RE BP60NB10  ", MAKERS_SKU, "NB10", INTERFACE_USB };
const Mt1959Model ofl_practice_mt1959_bp60nb12
    = { "MT1959 Boot BP52", HLDS, "BD-RE BP60NB10  ", MAKERS_SKU, "NB12", INTERFACE_USB };

/* Products of which there are images only */
static const Mt1959Model bu50n
    = { "MT1959 Boot BU51", HLDS, "BD-RE BU50N     ", MAKERS_SKU, NO_SVC, INTERFACE_USB };
static const Mt1959Model bw16d1ht = { "MT1959 Boot JB8 ", "ASUS    ", "BW-16D1HT       ",
                                      MAKERS_SKU,         NO_SVC,     INTERFACE_SERIAL_ATAPI };

/* What an image is made of */
typedef struct {
  const Mt1959Model *model; /* whose firmware it is */
  const char *board;        /* the board it is for */
  gboolean modified, late, no_de;
} Recipe;

/* A date that grows with the revision; "late" ones are of receivers that want the encrypted form
 * (mt1959 3.4). */
static void
put_date (guint8 *out, const char *revision, gboolean late)
{
  GDate date;
  char text[MT1959_DATE_SIZE + 1];

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, late ? 7 : 1, late ? G_DATE_MAY : G_DATE_JANUARY, late ? 2020 : 2017);
  g_date_add_days (&date, ofl_practice_revision_number (revision) % 1000);
  g_snprintf (text, sizeof text, "%02u%02u%02u1200", g_date_get_year (&date) % 100u,
              (guint) g_date_get_month (&date), (guint) g_date_get_day (&date));
  memcpy (out, text, MT1959_DATE_SIZE);
}

static void
put_banner (guint8 *banner, const char *board)
{
  memset (banner, 0, MT1959_BANNER_SIZE);
  memcpy (banner, board, MT1959_BANNER_ID_SIZE);
  memcpy (banner + MT1959_BANNER_ID_SIZE, "PRACTICE", 8);
}

/* [0, 10000): the boot code, the same in every revision. Page 0 is stored in a form that is not
 * the copy of page 10000 that a drive shows there. */
static void
put_boot_area (guint8 *image, const char *board)
{
  guint32 random = BOOT_SEED;

  ofl_practice_random_fill (&random, image, MT1959_MAIN);
  put_banner (image + MT1959_BANNER, board);
}

static void
put_key (guint8 *key)
{
  guint32 random = BOOT_SEED + 1;

  ofl_practice_random_fill (&random, key, MT1959_KEY_SIZE);
}

/* The code begins with these, and goes on with the same numbers. */
static guint32
code_seed (const Recipe *recipe, const char *revision)
{
  return ofl_practice_mix (ofl_practice_mix (OFL_PRACTICE_MIX_START, revision),
                           recipe->model->product);
}

static void
put_descriptor (guint8 *descriptor, const Recipe *recipe, const char *revision)
{
  memset (descriptor, 0, MT1959_DESCRIPTOR_SIZE);
  memcpy (descriptor + MT1959_VENDOR, recipe->model->vendor, 8);
  memcpy (descriptor + MT1959_PRODUCT, recipe->model->product, MT1959_PRODUCT_SIZE);
  memcpy (descriptor + MT1959_REVISION, revision, 4);
  memcpy (descriptor + MT1959_SKU, recipe->modified ? MODIFIED_SKU : recipe->model->sku,
          MT1959_SKU_SIZE);
  OFL_PRACTICE_PUT_TEXT (descriptor + MT1959_UNIQUE, "UNIQUE");
  put_date (descriptor + MT1959_DATE, revision, recipe->late);
  OFL_PRACTICE_PUT_TEXT (descriptor + MT1959_TAG, MT1959_TAG_TEXT);
  memcpy (descriptor + MT1959_SVC, recipe->model->svc, MT1959_SVC_SIZE);
  if (!recipe->no_de)
    OFL_PRACTICE_PUT_TEXT (descriptor + MT1959_DE, MT1959_DE_TEXT);
}

static void
put_table (guint8 *image)
{
  static const guint32 ranges[][2] = { { 0x11000, 0x16fff }, { 0x17000, 0x1817ff } };
  guint8 *table = image + MT1959_TABLE;

  memset (table, 0xff, (gsize) MT1959_TABLE_ENTRIES * MT1959_TABLE_ENTRY);
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      ofl_put_le (table + i * MT1959_TABLE_ENTRY, 4, 1);
      ofl_put_le (table + i * MT1959_TABLE_ENTRY + 4, 4, ranges[i][0]);
      ofl_put_le (table + i * MT1959_TABLE_ENTRY + 8, 4, ranges[i][1]);
    }
}

static guint8 *
make_mt1959 (const Recipe *recipe, const char *revision)
{
  guint8 *image = g_malloc (MT1959_SIZE);
  guint32 random = code_seed (recipe, revision);

  memset (image, 0xff, MT1959_SIZE);
  put_boot_area (image, recipe->board);
  ofl_practice_random_fill (&random, image + MT1959_MAIN, UNUSED_START - MT1959_MAIN);
  ofl_practice_random_fill (&random, image + UNUSED_END, MT1959_UNIT - UNUSED_END);
  ofl_practice_random_fill (&random, image + MT1959_DESCRIPTOR,
                            MT1959_CALIBRATION - MT1959_DESCRIPTOR);
  memcpy (image + MT1959_SHOWN, recipe->board, MT1959_BANNER_ID_SIZE);
  put_key (image + MT1959_KEY);
  memcpy (image + MT1959_KEY_COPY, image + MT1959_KEY, MT1959_KEY_SIZE);
  put_descriptor (image + MT1959_DESCRIPTOR, recipe, revision);
  put_table (image);
  ofl_practice_mt1959_cmac_seal (image, MT1959_SIZE);
  return image;
}

/* A product on another board of @model's group */
static const Mt1959Model *
other_board (const Mt1959Model *model)
{
  if (model == &ofl_practice_mt1959_wh16ns60)
    return &bw16d1ht;
  return model == &ofl_practice_mt1959_bu40n ? &bu50n : &ofl_practice_mt1959_bu40n;
}

/* FALSE for a variant that is none of these, or none of this drive's */
static gboolean
choose (const Mt1959Model *model, const char *variant, Recipe *recipe)
{
  gboolean half_height = model == &ofl_practice_mt1959_wh16ns60;
  gboolean is_other_board = g_str_has_prefix (variant, "other-board");

  *recipe = (Recipe){ .model = model, .board = model->board };
  if (is_other_board)
    recipe->model = other_board (model);
  else if (g_str_equal (variant, "other-model"))
    recipe->model = model == &ofl_practice_mt1959_bu40n ? &bu50n : NULL;
  else if (g_str_equal (variant, "wrong-family"))
    recipe->model = half_height ? &ofl_practice_mt1959_bu40n : &ofl_practice_mt1959_wh16ns60;
  if (recipe->model == NULL)
    return FALSE;
  if (!g_str_equal (variant, "other-model"))
    recipe->board = recipe->model->board;
  recipe->no_de = g_str_equal (variant, "no-de") || g_str_equal (variant, "other-board-no-de");
  recipe->late = g_str_has_prefix (variant, "late");
  recipe->modified = g_str_equal (variant, "modified") || g_str_equal (variant, "late-modified");
  return TRUE;
}

/* Whether @word is one of the words of @list */
static gboolean
is_listed (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

/**
 * ofl_practice_mt1959_image: (skip)
 * @entry: the drive
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image, which may go to an older or another drive
 *   ("DE"); "bad-cmac" with a byte changed that the integrity table covers; "truncated";
 *   "wrong-family", a good image for a board of another group; "other-board", one of another
 *   product and another board of the group; "other-model", of another product for this board;
 *   "raw-dump", as a drive reads its own flash, with page 0 shown as page 10000; "no-de" and
 *   "other-board-no-de" without DE; "modified" as MakeMKV's; "late" of a date that wants the
 *   encrypted form from then on; "late-modified" both
 *
 * Makes an image. Source of the format: mt1959 3.1, 3.2, 3.3.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_mt1959_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  g_autofree guint8 *image = NULL;
  gsize size = MT1959_SIZE;
  Recipe recipe;

  if (variant == NULL)
    variant = "";
  if ((*variant != '\0' && !is_listed (entry->variants, variant))
      || !choose (entry->data, variant, &recipe))
    return NULL;
  image = make_mt1959 (&recipe, revision);
  if (g_str_equal (variant, "bad-cmac"))
    image[0x20000] ^= 0x01;
  else if (g_str_equal (variant, "truncated"))
    size = 0x180000;
  else if (g_str_equal (variant, "raw-dump"))
    memcpy (image, image + MT1959_MAIN, MT1959_BOOT_PAGE_SIZE);
  return g_bytes_new (image, size);
}

/**
 * ofl_practice_mt1959_put_marks: (skip)
 * @entry: the drive
 * @chip: its chip, new
 *
 * Says what the factory writes where a drive is asked who it is: banner, first page of the code,
 * board string, key and its copy, descriptor.
 */
void
ofl_practice_mt1959_put_marks (const OflPracticeEntry *entry, OflPracticeChip *chip)
{
  const Mt1959Model *model = entry->data;
  const Recipe recipe = { .model = model, .board = model->board };
  guint32 random = code_seed (&recipe, entry->revision);
  guint8 cells[MT1959_BOOT_PAGE_SIZE];

  put_banner (cells, model->board);
  ofl_practice_chip_put_mark (chip, MT1959_BANNER, cells, MT1959_BANNER_SIZE);
  ofl_practice_random_fill (&random, cells, MT1959_BOOT_PAGE_SIZE);
  ofl_practice_chip_put_mark (chip, MT1959_MAIN, cells, MT1959_BOOT_PAGE_SIZE);
  ofl_practice_chip_put_mark (chip, MT1959_SHOWN, (const guint8 *) model->board,
                              MT1959_BANNER_ID_SIZE);
  put_key (cells);
  ofl_practice_chip_put_mark (chip, MT1959_KEY, cells, MT1959_KEY_SIZE);
  ofl_practice_chip_put_mark (chip, MT1959_KEY_COPY, cells, MT1959_KEY_SIZE);
  put_descriptor (cells, &recipe, entry->revision);
  ofl_practice_chip_put_mark (chip, MT1959_DESCRIPTOR, cells, MT1959_DESCRIPTOR_SIZE);
}
