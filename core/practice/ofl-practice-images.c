/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware images for the practice drives, made by code: the documented structure around bytes
 * that mean nothing. */
#include "practice/ofl-practice-images.h"

#include <string.h>

#include "practice/ofl-practice-cmac.h"
#include "practice/ofl-practice-drive.h"
#include "practice/ofl-practice-mt1959.h"
#include "practice/ofl-practice-random.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

/* Real images have unused space too; it makes a flash chip's pages of ones part of every test. */
#define UNUSED_START 0x190000u
#define UNUSED_END 0x1b0000u
#define BOOT_SEED 0xb0071959u

typedef struct {
  const char *banner;
  const char *product;
} Board;

static const Board bu5 = { "MT1959 Boot BU5 ", BU40N_PRODUCT };
static const Board jb8 = { "MT1959 Boot JB8 ", "BD-RE WH16NS60  " };

/* FNV-1a: another revision gives another body. */
static guint32
revision_seed (const char *revision)
{
  guint32 hash = 0x811c9dc5;

  for (guint i = 0; i < 4; i++)
    hash = (hash ^ (guint8) revision[i]) * 0x01000193u;
  return hash;
}

/* A date that grows with the revision's digits, so that a newer revision looks newer. */
static void
put_date (guint8 *out, const char *revision)
{
  g_autofree char *text = NULL;
  guint number = 0;

  for (guint i = 0; i < 4; i++)
    if (g_ascii_isdigit (revision[i]))
      number = number * 10 + (guint) g_ascii_digit_value (revision[i]);
  text = g_strdup_printf ("%04u%02u15120000", 2010 + number / 12 % 90, number % 12 + 1);
  memcpy (out, text, MT1959_PRACTICE_DATE_SIZE);
}

/* [0, 10000): the boot code, the same in every revision. Page 0 is stored in a form that is not
 * the copy of page 10000 that a drive shows there. */
static void
put_boot_area (guint8 *image, const Board *board)
{
  guint32 random = BOOT_SEED;

  ofl_practice_random_fill (&random, image, MT1959_MAIN);
  memset (image + MT1959_BANNER, 0, MT1959_BANNER_SIZE);
  memcpy (image + MT1959_BANNER, board->banner, MT1959_BANNER_ID_SIZE);
  memcpy (image + MT1959_BANNER + MT1959_BANNER_ID_SIZE, "PRACTICE", 8);
}

static void
put_descriptor (guint8 *image, const Board *board, const char *revision)
{
  guint8 *descriptor = image + MT1959_DESCRIPTOR;

  memset (descriptor, 0, MT1959_DESCRIPTOR_SIZE);
  memcpy (descriptor + MT1959_PRACTICE_VENDOR, BU40N_VENDOR, 8);
  memcpy (descriptor + MT1959_PRACTICE_PRODUCT, board->product, 16);
  memcpy (descriptor + MT1959_PRACTICE_REVISION, revision, 4);
  put_date (descriptor + MT1959_PRACTICE_DATE, revision);
  memcpy (descriptor + MT1959_TAG, MT1959_TAG_TEXT, strlen (MT1959_TAG_TEXT));
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
make_mt1959 (const Board *board, const char *revision)
{
  guint8 *image = g_malloc (MT1959_SIZE);
  guint32 random = revision_seed (revision);

  memset (image, 0xff, MT1959_SIZE);
  put_boot_area (image, board);
  ofl_practice_random_fill (&random, image + MT1959_MAIN, UNUSED_START - MT1959_MAIN);
  ofl_practice_random_fill (&random, image + UNUSED_END, MT1959_UNIT - UNUSED_END);
  ofl_practice_random_fill (&random, image + MT1959_DESCRIPTOR,
                            MT1959_CALIBRATION - MT1959_DESCRIPTOR);
  random = BOOT_SEED + 1;
  ofl_practice_random_fill (&random, image + MT1959_KEY, MT1959_KEY_SIZE);
  memcpy (image + MT1959_KEY_COPY, image + MT1959_KEY, MT1959_KEY_SIZE);
  put_descriptor (image, board, revision);
  put_table (image);
  ofl_practice_cmac_seal (image, MT1959_SIZE);
  return image;
}

/**
 * ofl_practice_bu40n_image: (skip)
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image; "bad-cmac" with a byte changed that the
 *   integrity table covers; "truncated"; "wrong-family", a good image for another board;
 *   "raw-dump", as a drive reads its own flash, with page 0 shown as page 10000
 *
 * Makes an image for the practice BU40N. Source of the format: protocols.md 3.3,
 * annex-containers.md section 9; the strings in the identity descriptor are our own.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_bu40n_image (const char *revision, const char *variant)
{
  gboolean other = g_strcmp0 (variant, "wrong-family") == 0;
  g_autofree guint8 *image = make_mt1959 (other ? &jb8 : &bu5, revision);
  gsize size = MT1959_SIZE;

  if (g_strcmp0 (variant, "bad-cmac") == 0)
    image[0x20000] ^= 0x01;
  else if (g_strcmp0 (variant, "truncated") == 0)
    size = 0x180000;
  else if (g_strcmp0 (variant, "raw-dump") == 0)
    memcpy (image, image + MT1959_MAIN, MT1959_BOOT_PAGE_SIZE);
  else if (!other && variant != NULL && *variant != '\0')
    return NULL;
  return g_bytes_new (image, size);
}

static guint32
sum_bytes (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += data[i];
  return sum & 0xffff;
}

/**
 * ofl_practice_standard_image: (skip)
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image; "bad-sum"; "truncated"; "wrong-family", with
 *   another magic
 *
 * Makes an image for the standard practice drive, in the format of ofl-practice-images.h.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_standard_image (const char *revision, const char *variant)
{
  guint8 image[STANDARD_SIZE] = { 0 };
  guint32 random = revision_seed (revision);
  gsize size = STANDARD_SIZE;

  memcpy (image, STANDARD_MAGIC, STANDARD_MAGIC_SIZE);
  ofl_put_be (image + STANDARD_LENGTH, 4, STANDARD_SIZE);
  memcpy (image + STANDARD_VENDOR, STANDARD_VENDOR_NAME, 8);
  memcpy (image + STANDARD_PRODUCT, STANDARD_PRODUCT_NAME, 16);
  memcpy (image + STANDARD_REVISION, revision, 4);
  ofl_practice_random_fill (&random, image + STANDARD_BODY, STANDARD_SIZE - 2 - STANDARD_BODY);
  ofl_put_be (image + STANDARD_SIZE - 2, 2, sum_bytes (image, STANDARD_SIZE - 2));
  if (g_strcmp0 (variant, "bad-sum") == 0)
    image[STANDARD_SIZE / 2] ^= 0x01;
  else if (g_strcmp0 (variant, "truncated") == 0)
    size = STANDARD_SIZE / 2;
  else if (g_strcmp0 (variant, "wrong-family") == 0)
    image[0] = 'X';
  else if (variant != NULL && *variant != '\0')
    return NULL;
  return g_bytes_new (image, size);
}

/**
 * ofl_practice_standard_check: (skip)
 * @image: (array length=size): bytes that claim to be an image
 * @size: how many
 *
 * Checks magic, size and sum, as the drive does before it saves.
 *
 * Returns: whether all are right
 */
gboolean
ofl_practice_standard_check (const guint8 *image, gsize size)
{
  return size == STANDARD_SIZE && memcmp (image, STANDARD_MAGIC, STANDARD_MAGIC_SIZE) == 0
         && ofl_get_be (image + STANDARD_LENGTH, 4) == STANDARD_SIZE
         && ofl_get_be (image + STANDARD_SIZE - 2, 2) == sum_bytes (image, STANDARD_SIZE - 2);
}

/**
 * ofl_practice_factory_image: (skip)
 * @id: "bu40n" or "standard"
 *
 * The image with which a practice drive leaves the factory. Made once and shared: tests make
 * thousands of drives.
 *
 * Returns: (transfer full): the image
 */
GBytes *
ofl_practice_factory_image (const char *id)
{
  static GMutex lock;
  static GBytes *bu40n = NULL;
  static GBytes *standard = NULL;
  GBytes *image;

  g_mutex_lock (&lock);
  if (bu40n == NULL)
    bu40n = ofl_practice_bu40n_image (FACTORY_REVISION, NULL);
  if (standard == NULL)
    standard = ofl_practice_standard_image (FACTORY_REVISION, NULL);
  image = g_bytes_ref (g_str_equal (id, "standard") ? standard : bu40n);
  g_mutex_unlock (&lock);
  return image;
}
