/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry: which families there are, and the images they find in a file. */
#include "families/ofl-families.h"

#include "families/ofl-families-list.h"
#include "family/ofl-family-private.h"

#define DECLARE(id) extern const OflFamily ofl_family_##id;
OFL_FAMILIES (DECLARE)

#define NAME(id) &ofl_family_##id,
static const OflFamily *const families[] = { OFL_FAMILIES (NAME) };

/**
 * ofl_families_count:
 *
 * Returns: number of families
 */
guint
ofl_families_count (void)
{
  return G_N_ELEMENTS (families);
}

/**
 * ofl_families_get:
 * @index: from 0
 *
 * Returns: (transfer none): a family, in the order in which they probe
 */
const OflFamily *
ofl_families_get (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (families), NULL);
  return families[index];
}

/**
 * ofl_families_find:
 * @id: (nullable): a family's short name
 *
 * Returns: (transfer none) (nullable): the family, or %NULL
 */
const OflFamily *
ofl_families_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (families[i]->id, id) == 0)
      return families[i];
  return NULL;
}

/**
 * ofl_families_parse:
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * A damaged image is an image whose checks say so.
 */
void
ofl_families_parse (GBytes *bytes, GPtrArray *images)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    families[i]->parse (families[i], bytes, images);
}

/**
 * ofl_families_containers:
 *
 * Returns: (transfer none) (array zero-terminated=1): the containers of all families
 */
const OflVendorFormat *
ofl_families_containers (void)
{
  static gsize all = 0;

  if (g_once_init_enter (&all))
    {
      GArray *formats = g_array_new (TRUE, TRUE, sizeof (OflVendorFormat));

      for (guint i = 0; i < G_N_ELEMENTS (families); i++)
        for (const OflVendorFormat *format = families[i]->containers;
             format != NULL && format->unpack != NULL; format++)
          g_array_append_vals (formats, format, 1);
      g_once_init_leave (&all, (gsize) g_array_free (formats, FALSE));
    }
  return (const OflVendorFormat *) all;
}

/**
 * ofl_families_recognise:
 * @firmware: a loaded file
 * @error: return location
 *
 * Unpacks the file and lets every family look for its images.
 *
 * Returns: %FALSE with the errors of ofl_firmware_parse()
 */
gboolean
ofl_families_recognise (OflFirmware *firmware, GError **error)
{
  OflRecogniser recogniser = { ofl_families_containers (), ofl_families_parse };

  return ofl_firmware_parse (firmware, &recogniser, error);
}

/**
 * ofl_families_combine:
 * @images: (element-type OflImage): all images of a firmware file, or of two that belong together
 *
 * Puts in front what only several of them together form.
 */
void
ofl_families_combine (GPtrArray *images)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i]->combine != NULL)
      families[i]->combine (families[i], images);
}

/**
 * ofl_families_open:
 * @file: a firmware file
 * @cancellable: (nullable): cancels reading
 * @error: return location
 *
 * Reads a file, unpacks it and lets every family look for its images. Blocks: for a worker thread.
 *
 * Returns: (transfer full): the file; with 0 images when no family recognises anything in it.
 *   %NULL with the errors of ofl_firmware_load() and ofl_firmware_parse()
 */
OflFirmware *
ofl_families_open (GFile *file, GCancellable *cancellable, GError **error)
{
  return ofl_families_open_with (file, NULL, cancellable, error);
}

static OflFirmware *
open_one (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_load (file, cancellable, error);

  if (firmware == NULL || !ofl_families_recognise (firmware, error))
    return NULL;
  return g_steal_pointer (&firmware);
}

/**
 * ofl_families_open_with:
 * @file: a firmware file
 * @other: (nullable): a second one that belongs to it, as Pioneer's updates have two
 * @cancellable: (nullable): cancels reading
 * @error: return location
 *
 * The same with the images of two files, and the sets that these form. Blocks.
 *
 * Returns: (transfer full): @file with all images; %NULL with the errors of ofl_families_open()
 */
OflFirmware *
ofl_families_open_with (GFile *file, GFile *other, GCancellable *cancellable, GError **error)
{
  g_autoptr (OflFirmware) firmware = open_one (file, cancellable, error);
  g_autoptr (OflFirmware) second = NULL;

  if (firmware == NULL)
    return NULL;
  if (other != NULL)
    {
      second = open_one (other, cancellable, error);
      if (second == NULL)
        return NULL;
      for (guint i = 0; i < ofl_firmware_get_n_images (second); i++)
        g_ptr_array_add (ofl_firmware_get_images (firmware),
                         ofl_image_ref (ofl_firmware_get_image (second, i)));
    }
  ofl_families_combine (ofl_firmware_get_images (firmware));
  return g_steal_pointer (&firmware);
}

/**
 * ofl_families_assume_image:
 * @family_id: (nullable): the family that the user forces
 * @image: an image
 *
 * Where a family cannot write its own images, because how is not public, the user may force one
 * that takes any file; the judgement then says that this is an assumption. An image that its family
 * can write stays what it is.
 *
 * Returns: (transfer full): an image of the forced family with what was read in @image, or @image
 */
OflImage *
ofl_families_assume_image (const char *family_id, OflImage *image)
{
  const OflFamily *family = ofl_families_find (family_id);
  const OflFamily *made_for = ofl_families_find (ofl_image_get_family (image));

  if (family == NULL || family->assume == NULL || made_for == NULL || made_for->plan_write != NULL)
    return ofl_image_ref (image);
  return family->assume (family, ofl_image_get_bytes (image), image, made_for);
}

/**
 * ofl_families_raw_image:
 * @family_id: (nullable): a drive's family; %NULL for a drive of none
 * @bytes: a file that no family recognises
 *
 * A family that takes any file sends it as it is, and its judgement says that nothing in it can be
 * checked. So does the judgement of a drive of no family, which is refused whatever the file.
 *
 * Returns: (transfer full) (nullable): an image without any fact; %NULL when the family knows its
 *   files
 */
OflImage *
ofl_families_raw_image (const char *family_id, GBytes *bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i]->assume != NULL
        && (family_id == NULL || g_str_equal (families[i]->id, family_id)))
      return families[i]->assume (families[i], bytes, NULL, NULL);
  return NULL;
}
