/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc images: recognised by their exact length and the ID at its place, and what they
 * say about themselves. nec 3.1, 3.4. Several images in one file are taken apart before:
 * ofl-container-nec.c. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define BOOTCODE_LEN 2
#define ID_COPY_AT 0x7b000 /* 640K: behind bank 0 */

/* INQUIRY's data in the firmware, counted from the beginning of a pattern (3.6) */
#define VENDOR_AT 0x18a
#define PRODUCT_AT 0x192
#define REVISION_AT 0x1a2
#define EXTRA_AT 0x1a6
#define EXTRA_LEN 20
#define PATTERN_ROOM 0x1c9

static const char *const layout_names[] = { "640K",    "768K",     "1M",      "1M-K2",
                                            "2M",      "2MOpti",   "2MOpti2", "2MOpti3",
                                            "2MOpti4", "2MOptiBD", "2MHDDVD" };

/* The type of drive whose image has this length and its ID at this place. */
static OflNecModel *
find_model (const OflFamily *self, const guint8 *data, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (layout_names); i++)
    {
      const OflNecLayout *layout = ofl_nec_layout (layout_names[i]);
      gsize rest = length - layout->length;
      g_autoptr (OflNecModel) model = NULL;

      if (length < layout->length
          || !(rest == 0 || (rest == BOOTCODE_LEN && layout->kind != OFL_NEC_BD)))
        continue;
      model = ofl_nec_model_by_id (self, data + layout->id_at, 0);
      if (model != NULL && model->layout == layout)
        return g_steal_pointer (&model);
    }
  return NULL;
}

static void
find_inquiry (OflImage *image, const guint8 *data, gsize length)
{
  static const guint8 pattern[] = { 7, 0, 3, 0, 0x78, 0, 0x78, 0, 0x78, 0 };
  const guint8 *at
      = length > PATTERN_ROOM
            ? memmem (data, length - PATTERN_ROOM + sizeof pattern - 1, pattern, sizeof pattern)
            : NULL;

  if (at == NULL)
    return;
  ofl_family_set_field (image, N_ ("vendor"), at + VENDOR_AT, PRODUCT_AT - VENDOR_AT);
  ofl_family_set_field (image, N_ ("product"), at + PRODUCT_AT, REVISION_AT - PRODUCT_AT);
  ofl_family_set_field (image, N_ ("revision"), at + REVISION_AT, EXTRA_AT - REVISION_AT);
  ofl_family_set_field (image, N_ ("extra"), at + EXTRA_AT, EXTRA_LEN);
}

static void
check_sum (OflImage *image, const OflNecLayout *layout, const guint8 *data)
{
  guint16 sum, stored;

  if (layout->sum_at == 0)
    {
      ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_ABSENT,
                           _ ("nothing is known by which this type of image could be checked; the "
                              "drive checks it itself"));
      return;
    }
  sum = ofl_nec_sum (data, layout->payload);
  stored = (guint16) ofl_get_be (data + layout->sum_at, 2);
  if (sum == stored)
    ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_OK, _ ("%04X, as it should be"), sum);
  else
    ofl_image_add_check (
        image, "sum", OFL_IMAGE_CHECK_CHANGED,
        _ ("the image has the sum %04X and says %04X: it is damaged or was edited"), sum, stored);
}

static void
check_id (OflImage *image, const OflNecModel *model, const guint8 *data)
{
  const guint8 *id = data + model->layout->id_at;

  ofl_family_set_field (image, OFL_NEC_FACT_ID, id, OFL_NEC_ID_LEN);
  ofl_image_add_check (image, "id", OFL_IMAGE_CHECK_OK, _ ("%s, for drives of the type %s"),
                       ofl_image_get_fact (image, OFL_NEC_FACT_ID), model->name);
  if (model->layout->kind == OFL_NEC_640K && memcmp (id, data + ID_COPY_AT, OFL_NEC_ID_LEN) != 0)
    ofl_image_add_check (image, "id-copy", OFL_IMAGE_CHECK_WARNING,
                         _ ("the ID behind the first bank is another than the one at the end"));
}

static void
check_bootcode (OflImage *image, const OflNecModel *model, const guint8 *data, gsize length)
{
  g_autofree char *text = NULL;

  if (model->layout->kind == OFL_NEC_BD)
    return;
  if (length > model->layout->length)
    text = ofl_nec_bootcode_text ((guint16) ofl_get_be (data + model->layout->length, 2));
  if (text != NULL)
    {
      ofl_image_set_fact (image, OFL_NEC_FACT_BOOTCODE, text);
      ofl_image_add_check (image, "bootcode", OFL_IMAGE_CHECK_OK, _ ("for boot code %s"), text);
    }
  else if (length > model->layout->length)
    ofl_image_add_check (image, "bootcode", OFL_IMAGE_CHECK_WARNING,
                         _ ("the two bytes at the end are no boot code's version"));
  else
    ofl_image_add_check (image, "bootcode", OFL_IMAGE_CHECK_ABSENT,
                         _ ("the image does not say for which boot code it is made"));
}

/**
 * ofl_nec_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises a single image by its length and its ID; nothing else in it would tell it apart from
 * any other bytes.
 */
void
ofl_nec_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (OflNecModel) model = find_model (self, data, length);
  g_autofree char *title = NULL;
  g_autofree char *mark = NULL;
  OflImage *image;

  if (model == NULL)
    return;
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  title = ofl_nec_model_text (self, model, "model");
  mark = g_strdup_printf ("%s / %s", model->id, model->layout->name);
  ofl_image_set_mark (image, mark);
  ofl_image_set_fact (image, OFL_NEC_FACT_TYPE, model->name);
  ofl_image_set_fact (image, N_ ("flash type"), model->layout->name);
  if (title != NULL)
    ofl_image_set_fact (image, N_ ("model"), title);
  ofl_family_check_size (image, length);
  check_id (image, model, data);
  check_sum (image, model->layout, data);
  check_bootcode (image, model, data, length);
  find_inquiry (image, data, length);
}
