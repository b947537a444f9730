/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images that hold what their drive says of itself: fields of text, or all of INQUIRY's bytes 8 to 35. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* INQUIRY, SPC 6.6: vendor, product and revision from byte 8 on */
#define INQUIRY_NAME_AT 8
#define VENDOR_LEN 8
#define PRODUCT_LEN 16
#define REVISION_LEN 4
#define NAME_LEN (VENDOR_LEN + PRODUCT_LEN)

/**
 * ofl_family_set_field:
 * @image: an image
 * @name: the fact's name, marked for translation
 * @field: (array length=length): the bytes that hold it
 * @length: their number
 *
 * Sets a fact from a field of text, as ofl_family_text() reads it. A blank field sets nothing.
 */
void
ofl_family_set_field (OflImage *image, const char *name, const guint8 *field, gsize length)
{
  g_autofree char *text = ofl_family_text (field, length);

  if (*text != '\0')
    ofl_image_set_fact (image, name, text);
}

/**
 * ofl_family_new_named_image:
 * @self: the family
 * @bytes: the image
 * @at: where it holds INQUIRY's bytes 8 to 35; all of them are there
 *
 * Makes an image for the model that it names, with vendor, product and revision as facts and the product
 * as its mark.
 *
 * Returns: (transfer full) (nullable): the image; %NULL when the family has no such model
 */
OflImage *
ofl_family_new_named_image (const OflFamily *self, GBytes *bytes, gsize at)
{
  const guint8 *name = (const guint8 *) g_bytes_get_data (bytes, NULL) + at;
  g_autofree char *vendor = ofl_family_text (name, VENDOR_LEN);
  g_autofree char *product = ofl_family_text (name + VENDOR_LEN, PRODUCT_LEN);
  g_autofree char *model = ofl_family_model_of (self, vendor, product);
  OflImage *image;

  if (model == NULL)
    return NULL;
  image = ofl_image_new (self->id, bytes);
  ofl_image_set_fact (image, N_ ("vendor"), vendor);
  ofl_image_set_fact (image, N_ ("product"), product);
  ofl_family_set_field (image, N_ ("revision"), name + NAME_LEN, REVISION_LEN);
  ofl_image_set_mark (image, product);
  return image;
}

/**
 * ofl_family_judge_named_image:
 * @drive: a drive
 * @image: an image of ofl_family_new_named_image()
 * @at: the same place
 * @judgement: where to add the reason
 *
 * Holds vendor and product of the image against the drive's, by INQUIRY's bytes and not by words: of
 * several blanks words keep one. Another name is final.
 */
void
ofl_family_judge_named_image (const OflSnapshot *drive, const OflImage *image, gsize at,
                              OflJudgement *judgement)
{
  const OflIdentity *identity = ofl_snapshot_identity (drive);
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autofree char *name = ofl_identity_name (identity);

  if (memcmp (identity->inquiry + INQUIRY_NAME_AT, data + at, NAME_LEN) == 0)
    ofl_family_judge_named (drive, "model", judgement);
  else
    ofl_judgement_add (judgement, OFL_LEVEL_RED, "model",
                       _ ("Choose a firmware that is made for this drive."),
                       _ ("The file is for %s %s; the drive is %s."),
                       ofl_image_get_fact (image, "vendor"), ofl_image_get_fact (image, "product"),
                       name);
}
