/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SE-506 images: recognising them, their sum, what they say of themselves.
 * se506 3.1. */
#include "families/se506/ofl-se506.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define TRAILER_AT 0x1fffd0
#define VENDOR_LEN 8
#define PRODUCT_AT (TRAILER_AT + VENDOR_LEN)
#define PRODUCT_LEN 16
#define REVISION_AT (PRODUCT_AT + PRODUCT_LEN)
#define REVISION_LEN 4
#define LOAD_WORD_AT 0x1fffec
#define SIGN_AT 0x1ffff8u
#define TABLE_AT 0x10400

/**
 * ofl_se506_sum:
 * @data: an image of %OFL_SE506_SIZE bytes
 *
 * Returns: the sum of the bytes that are loaded (se506 3.1)
 */
guint16
ofl_se506_sum (const guint8 *data)
{
  guint32 sum = 0;

  for (guint32 at = OFL_SE506_LOADED_AT; at < OFL_SE506_LOADED_END; at++)
    sum += data[at];
  return (guint16) sum;
}

static void
check_sum (const OflFamily *self, OflImage *image, const guint8 *data, const char *revision)
{
  guint16 sum = ofl_se506_sum (data);
  guint32 stored = ofl_get_be (data + OFL_SE506_SUM_AT, 2);
  guint32 known = ofl_family_number (self, "known sums", revision);

  if (sum == stored)
    ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_OK, "%04X", sum);
  else
    ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_CHANGED,
                         _ ("its bytes add up to %04X, and it says %04X"), sum, stored);
  if (known == 0)
    ofl_image_add_check (image, "known", OFL_IMAGE_CHECK_ABSENT,
                         _ ("no sum of the maker's revision %s is publicly known"), revision);
  else if (known == sum)
    ofl_image_add_check (image, "known", OFL_IMAGE_CHECK_OK, _ ("the maker's %s"), revision);
  else
    ofl_image_add_check (image, "known", OFL_IMAGE_CHECK_WARNING,
                         _ ("the maker's file of revision %s has the sum %04X; this one has %04X"),
                         revision, known, sum);
}

/* The drive's own check of the table at 10400 ends at a first word of all ones; how it is computed
 * is not public. */
static void
check_table (OflImage *image, const guint8 *data)
{
  if (ofl_get_le (data + TABLE_AT, 4) == 0xffffffff)
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_WARNING,
                         _ ("the drive's own check of this file is switched off in it"));
  else
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_ABSENT,
                         _ ("how the drive itself checks the file is not public"));
}

/**
 * ofl_se506_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises bytes of the right length whose trailer names a drive of the table.
 */
void
ofl_se506_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *vendor = NULL, *product = NULL, *revision = NULL, *model = NULL, *load = NULL;
  OflImage *image;

  if (length != OFL_SE506_SIZE)
    return;
  vendor = ofl_family_text (data + TRAILER_AT, VENDOR_LEN);
  product = ofl_family_text (data + PRODUCT_AT, PRODUCT_LEN);
  model = ofl_family_model_of (self, vendor, product);
  if (model == NULL)
    return;
  revision = ofl_family_text (data + REVISION_AT, REVISION_LEN);
  load = g_strdup_printf ("%08X", ofl_get_le (data + LOAD_WORD_AT, 4));
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  ofl_image_set_fact (image, N_ ("vendor"), vendor);
  ofl_image_set_fact (image, N_ ("product"), product);
  ofl_image_set_fact (image, N_ ("load word"), load);
  if (*revision != '\0')
    ofl_image_set_fact (image, N_ ("revision"), revision);
  ofl_image_set_mark (image, product);
  ofl_family_check_size (image, OFL_SE506_SIZE);
  if (ofl_get_be (data + SIGN_AT, 2) == 0xaaaa)
    ofl_image_add_check (image, "trailer", OFL_IMAGE_CHECK_OK, _ ("AAAA at %06X"), SIGN_AT);
  else
    ofl_image_add_check (image, "trailer", OFL_IMAGE_CHECK_WARNING,
                         _ ("its trailer has no AAAA at %06X"), SIGN_AT);
  check_sum (self, image, data, revision);
  check_table (image, data);
}
