/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plextor images: recognising them, and the sum they carry. plextor 3.1. */
#include "families/plextor/ofl-plextor.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define VENDOR_LEN 8
#define NAME_LEN 24 /* vendor and product */
#define SUM_LEN 2
#define MAX_OFFSET 0x1000000 /* offsets have 24 bits */

/* The group of the table whose prefix the bytes begin with: the longest one, so that PREMIUM2 is
 * no PREMIUM. */
static char *
find_kind (const OflFamily *self, const guint8 *data)
{
  g_auto (GStrv) groups = g_key_file_get_groups (ofl_family_table (self), NULL);
  char *best = NULL;
  gsize longest = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *prefix = NULL;
      gsize length;

      if (!g_str_has_prefix (groups[i], "image "))
        continue;
      prefix = ofl_family_word (self, groups[i], "prefix");
      length = prefix != NULL ? strlen (prefix) : 0;
      if (length <= longest || length > NAME_LEN || memcmp (data, prefix, length) != 0)
        continue;
      longest = length;
      g_free (best);
      best = g_strdup (groups[i]);
    }
  return best;
}

static void
check_sum (const OflFamily *self, const char *kind, OflImage *image, const guint8 *data)
{
  guint32 at = ofl_family_number (self, kind, "sum-at");
  guint32 sum = ofl_family_number (self, kind, "sum-start");
  guint32 stored = ofl_get_be (data + at, SUM_LEN);

  for (guint32 i = 0; i < at; i++)
    sum += data[i];
  sum &= 0xffff;
  if (sum == stored)
    ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_OK, "%04X", sum);
  else
    ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_CHANGED,
                         _ ("its bytes add up to %04X, and it says %04X"), sum, stored);
}

static void
check_size (const OflFamily *self, const char *kind, OflImage *image, const guint8 *data)
{
  guint32 size = ofl_family_number (self, kind, "size");

  if (ofl_family_check_size (image, size)
      && ofl_family_number (self, kind, "sum-at") + SUM_LEN <= size)
    check_sum (self, kind, image, data);
}

/* Models that stand in redumper only: their files begin as all do, and no more is known. */
static gboolean
is_unchecked_model (const OflFamily *self, const char *product)
{
  g_autofree char *model = ofl_family_model_of (self, "PLEXTOR", product);
  g_autofree char *kind = model != NULL ? ofl_family_word (self, model, "image") : NULL;

  return model != NULL && kind == NULL;
}

/**
 * ofl_plextor_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * plextor 3.1: vendor and product at 0. The kind of image, which also serves other
 * models than the one it names, is the fact "kind" and the mark.
 */
void
ofl_plextor_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *kind = NULL;
  g_autofree char *product = NULL;
  OflImage *image;

  if (length < NAME_LEN || memcmp (data, "PLEXTOR ", VENDOR_LEN) != 0)
    return;
  product = ofl_family_text (data + VENDOR_LEN, NAME_LEN - VENDOR_LEN);
  kind = find_kind (self, data);
  if (kind == NULL && !is_unchecked_model (self, product))
    return;
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  ofl_image_set_fact (image, N_ ("vendor"), "PLEXTOR");
  ofl_image_set_fact (image, N_ ("product"), product);
  ofl_image_set_mark (image, kind != NULL ? kind + strlen ("image ") : product);
  if (kind != NULL)
    {
      ofl_image_set_fact (image, N_ ("kind"), kind + strlen ("image "));
      check_size (self, kind, image, data);
      return;
    }
  if (length > MAX_OFFSET)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         _ ("%zu bytes, more than can be sent"), length);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_ABSENT,
                         _ ("the size of this model's files is not public"));
  ofl_image_add_check (image, "sum", OFL_IMAGE_CHECK_ABSENT,
                       _ ("where this model's files keep their sum is not public"));
}
