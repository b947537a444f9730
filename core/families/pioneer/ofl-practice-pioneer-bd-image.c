/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files for the Pioneer BD practice drive, made by code: the documented header, a Normal with
 * descriptor, length and sum and with bytes that mean nothing, enciphered and signed. Source:
 * pioneer 2.8 and 3.1. */
#include "families/pioneer/ofl-practice-pioneer-bd.h"

#include <string.h>

#define VENDOR "PIONEER "
#define TEXT_SIZE 0x160u
#define NORMAL_SIZE 0x16a300u /* the file is no multiple of a piece */
#define SPOILT 0x20000u
#define PIECE 0x8000u

/* Months from the year 0 to that of revision 0.00: 1.34 is of April 2016, as the real one. */
#define MONTH_OF_FIRST 24061u
#define DAY 25u

/* A key that a receiver does not have is not made up: this one is public for this SAT. */
const PioneerBdModel ofl_practice_pioneer_bd_s09 = {
  .product = "BD-RW   BDR-S09 ",
  .hardware = "SAT 8600",
  .kernel_tag = "ID43    ",
  .descriptor = "PIONEER  BDR-S09",
  .compares_key = TRUE,
  .key = { 0x98, 0x2b, 0x1f, 0xce },
};

/* What a file is made of */
typedef struct {
  const char *product;
  const char *hardware;
  const char *kernel_tag;
  const char *revision; /* 4 characters */
  const char *descriptor;
  gboolean bad_sum, bad_signature, truncated;
} Recipe;

/* A field of the header: the words before it, its place and its width */
typedef struct {
  const char *label;
  guint32 at;
  guint width;
} Field;

enum {
  DESCRIPTION,
  REVISION,
  HARDWARE,
  KERNEL_TAG,
  DESTINATION,
  TYPE,
  DATE,
  KERNEL_REVISION,
  N_FIELDS,
};

static const Field fields[N_FIELDS] = {
  [DESCRIPTION] = { "\r\nID : ", 0x60, 24 },
  [REVISION] = { "\r\nRevision Level : ", 0x90, 5 },
  [HARDWARE] = { "\r\nHardware Version : ", PIONEER_BD_HARDWARE, PIONEER_BD_TAG_SIZE },
  [KERNEL_TAG] = { "\r\nKernel Version : ", PIONEER_BD_KERNEL_TAG, PIONEER_BD_TAG_SIZE },
  [DESTINATION] = { "\r\nDestination : ", 0xf0, PIONEER_BD_TAG_SIZE },
  [TYPE] = { "\r\nFile Type : ", PIONEER_BD_FILE_TYPE, 8 },
  [DATE] = { "\r\nGenerated Date : ", 0x130, 10 },
  [KERNEL_REVISION] = { "\r\nKernel Version2 : ", 0x150, 4 },
};

static guint
month_of (const char *revision)
{
  return MONTH_OF_FIRST + ofl_practice_revision_number (revision);
}

/* The words, the value, blanks up to the width, a NUL */
static void
put_field (guint8 *header, guint which, const char *value)
{
  const Field *field = &fields[which];
  guint8 *at = header + field->at;

  memcpy (at - strlen (field->label), field->label, strlen (field->label));
  memset (at, ' ', field->width);
  memcpy (at, value, MIN (strlen (value), (gsize) field->width));
  at[field->width] = '\0';
}

static void
put_header (guint8 *header, const Recipe *recipe)
{
  static const char start[] = "********  Copyright(c) 2000 Pioneer Corporation  ********     \r\n"
                              "This is microcode file.  ";
  g_autofree char *description = g_strconcat (VENDOR, recipe->product, NULL);
  guint month = month_of (recipe->revision);
  g_autofree char *date = g_strdup_printf ("%04u/%02u/%02u", month / 12, month % 12 + 1, DAY);

  memset (header, ' ', TEXT_SIZE);
  memcpy (header, start, sizeof start - 1);
  put_field (header, DESCRIPTION, description);
  put_field (header, REVISION, recipe->revision);
  put_field (header, HARDWARE, recipe->hardware);
  put_field (header, KERNEL_TAG, recipe->kernel_tag);
  put_field (header, DESTINATION, recipe->kernel_tag);
  put_field (header, TYPE, "Normal");
  put_field (header, DATE, date);
  put_field (header, KERNEL_REVISION, "0000");
  memcpy (header + TEXT_SIZE - 3, "\r\n\x1a", 3);
}

/* The last word makes the sum 0. */
static void
put_sum (guint8 *data, gsize length)
{
  ofl_put_be (data + length - 4, 4, 0);
  ofl_put_be (data + length - 4, 4, 0u - ofl_practice_pioneer_bd_sum (data, length));
}

static void
put_names (guint8 *normal, const Recipe *recipe)
{
  guint month = month_of (recipe->revision);
  g_autofree char *date = g_strdup_printf ("%04u%02u%02u", month / 12, month % 12 + 1, DAY);

  memset (normal, 0, PIONEER_BD_NAMED);
  memcpy (normal, recipe->descriptor, PIONEER_BD_DESCRIPTOR_SIZE);
  ofl_put_be (normal + PIONEER_BD_LENGTH, 4, NORMAL_SIZE);
  ofl_practice_put_id (normal + PIONEER_BD_NAMES, VENDOR, recipe->product, recipe->revision);
  memcpy (normal + PIONEER_BD_DATE, date, PIONEER_BD_DATE_SIZE);
  OFL_PRACTICE_PUT_TEXT (normal + PIONEER_BD_NORMAL_TAG, recipe->kernel_tag);
}

static void
put_normal (guint8 *normal, const Recipe *recipe)
{
  put_names (normal, recipe);
  ofl_practice_fill_body (normal + PIONEER_BD_NAMED, NORMAL_SIZE - PIONEER_BD_NAMED,
                          recipe->product, recipe->revision);
  put_sum (normal, NORMAL_SIZE);
  if (recipe->bad_sum)
    normal[SPOILT] ^= 0x01;
}

static Recipe
good_recipe (const PioneerBdModel *model, const char *revision)
{
  return (Recipe){ .product = model->product,
                   .hardware = model->hardware,
                   .kernel_tag = model->kernel_tag,
                   .revision = revision,
                   .descriptor = model->descriptor };
}

/* "wrong-family" and "other-sat" carry the one other SAT of which the kernel tag is public;
 * "spliced" is one of the releases that are refused by name. */
static gboolean
read_variant (const char *variant, Recipe *recipe)
{
  if (g_str_equal (variant, "truncated"))
    recipe->truncated = TRUE;
  else if (g_str_equal (variant, "bad-sum"))
    recipe->bad_sum = TRUE;
  else if (g_str_equal (variant, "bad-signature"))
    recipe->bad_signature = TRUE;
  else if (g_str_equal (variant, "other-type"))
    recipe->kernel_tag = "GENERAL ";
  else if (g_str_equal (variant, "other-sat"))
    recipe->hardware = "SAT 8A10";
  else if (g_str_equal (variant, "spliced"))
    {
      recipe->hardware = "SAT 8510";
      recipe->revision = "1.03";
    }
  else if (g_str_equal (variant, "wrong-family"))
    {
      recipe->product = "BD-RW   BDR-UD04";
      recipe->descriptor = "PIONEER BDR-UD04";
      recipe->hardware = "SAT 8A10";
      recipe->kernel_tag = "GENERAL ";
    }
  else
    return *variant == '\0';
  return TRUE;
}

/**
 * ofl_practice_pioneer_bd_image: (skip)
 * @entry: a drive; its data is a #PioneerBdModel
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good Normal; "truncated", a piece too short; "bad-sum",
 *   signed, with a wrong sum; "bad-signature", whole, with a signature that is not its own;
 *   "other-sat", "other-type", signed for another hardware or another Kernel; "spliced", a release
 *   that is refused by name, of whatever @revision; "wrong-family", a good Normal for another model
 *
 * Makes a file for a practice drive. Source: pioneer 2.8 and 3.1.
 *
 * Returns: (transfer full) (nullable): the file; NULL for an unknown variant
 */
GBytes *
ofl_practice_pioneer_bd_image (const OflPracticeEntry *entry, const char *revision,
                               const char *variant)
{
  const PioneerBdModel *model = entry->data;
  g_autofree char *shown = g_strndup (revision, 4);
  Recipe recipe = good_recipe (model, shown);
  gsize size = PIONEER_BD_BODY + NORMAL_SIZE;
  guint8 *file;

  if (!read_variant (variant != NULL ? variant : "", &recipe))
    return NULL;
  file = g_malloc0 (size);
  put_header (file, &recipe);
  ofl_practice_fill_body (file + PIONEER_BD_KEY, PIONEER_BD_KEY_SIZE, recipe.revision,
                          recipe.product);
  put_normal (file + PIONEER_BD_BODY, &recipe);
  ofl_practice_pioneer_bd_encipher (file + PIONEER_BD_KEY, file + PIONEER_BD_BODY, NORMAL_SIZE);
  ofl_practice_pioneer_bd_sign_practice (file, size);
  if (recipe.bad_signature)
    file[PIONEER_BD_SIGNATURE + PIONEER_BD_NUMBER_SIZE - 1] ^= 0x01;
  if (recipe.truncated)
    size -= PIECE;
  return g_bytes_new_take (file, size);
}

/**
 * ofl_practice_pioneer_bd_names: (skip)
 * @entry: a drive; its data is a #PioneerBdModel
 * @names: (array fixed-size=256) (out caller-allocates): the first bytes
 *
 * What the factory writes at the begin of the Normal, without the rest of it.
 */
void
ofl_practice_pioneer_bd_names (const OflPracticeEntry *entry, guint8 *names)
{
  Recipe recipe = good_recipe (entry->data, entry->revision);

  put_names (names, &recipe);
}

/**
 * ofl_practice_pioneer_bd_kernel: (skip)
 * @model: a drive
 * @kernel: (array fixed-size=65536): where to put it
 *
 * Makes the Kernel that the factory writes. Public is its size, and that its sum is 0.
 */
void
ofl_practice_pioneer_bd_kernel (const PioneerBdModel *model, guint8 *kernel)
{
  memset (kernel, 0, PIONEER_BD_NAMED);
  OFL_PRACTICE_PUT_TEXT (kernel, PIONEER_BD_KERNEL_MAGIC);
  ofl_practice_put_id (kernel + PIONEER_BD_KERNEL_NAMES, VENDOR, model->product, "0001");
  ofl_practice_fill_body (kernel + PIONEER_BD_NAMED, PIONEER_BD_KERNEL_SIZE - PIONEER_BD_NAMED,
                          model->product, model->kernel_tag);
  put_sum (kernel, PIONEER_BD_KERNEL_SIZE);
}
