/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images for the standard practice drive, in a format of our own. */
#include "families/standard/ofl-practice-standard.h"

#include <string.h>

/**
 * ofl_practice_standard_image: (skip)
 * @entry: the standard drive
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image; "bad-sum"; "truncated"; "wrong-family", with
 *   another magic
 *
 * Makes an image for the standard practice drive, in the format of ofl-practice-standard.h.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_standard_image (const OflPracticeEntry *entry, const char *revision,
                             const char *variant)
{
  guint8 image[STANDARD_SIZE] = { 0 };
  guint32 random = ofl_practice_mix (OFL_PRACTICE_MIX_START, revision);
  gsize size = STANDARD_SIZE;

  memcpy (image, STANDARD_MAGIC, STANDARD_MAGIC_SIZE);
  ofl_put_be (image + STANDARD_LENGTH, 4, STANDARD_SIZE);
  memcpy (image + STANDARD_VENDOR, STANDARD_VENDOR_NAME, 8);
  memcpy (image + STANDARD_PRODUCT, STANDARD_PRODUCT_NAME, 16);
  memcpy (image + STANDARD_REVISION, revision, 4);
  ofl_practice_random_fill (&random, image + STANDARD_BODY, STANDARD_SIZE - 2 - STANDARD_BODY);
  ofl_put_be (image + STANDARD_SIZE - 2, 2, ofl_practice_sum (image, STANDARD_SIZE - 2, 0));
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
         && ofl_get_be (image + STANDARD_SIZE - 2, 2)
                == ofl_practice_sum (image, STANDARD_SIZE - 2, 0);
}
