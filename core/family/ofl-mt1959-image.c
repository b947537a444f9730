/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959 images: recognising them and what they say about themselves. */
#include "family/ofl-mt1959.h"

#include <string.h>

#include "family/ofl-family-private.h"

#define SIGNATURE_AT 0x10ff0u
#define SIGNATURE_COPY_AT 0x1ff000u
#define SIGNATURE_LEN 16
/* the trailer of images for TSST's drives with the same chip (annex-containers.md 10) */
#define TSST_TRAILER_AT 0x1fffd0

/**
 * ofl_mt1959_banner:
 * @data: (array length=length): bytes from 3000 of a flash or image
 * @length: their number
 *
 * protocols.md 3.1: `MT19`, two digits, ` Boot `, then printable up to a NUL or the end.
 *
 * Returns: (transfer full) (nullable): the 16 characters that name the board, trimmed; %NULL when
 *   this is no such banner
 */
char *
ofl_mt1959_banner (const guint8 *data, gsize length)
{
  gsize i = 12;

  if (length < OFL_MT1959_BANNER_ID_LEN || memcmp (data, "MT19", 4) != 0
      || !g_ascii_isdigit ((char) data[4]) || !g_ascii_isdigit ((char) data[5])
      || memcmp (data + 6, " Boot ", 6) != 0)
    return NULL;
  while (i < OFL_MT1959_BANNER_ID_LEN && g_ascii_isprint ((char) data[i]))
    i++;
  for (; i < OFL_MT1959_BANNER_ID_LEN; i++)
    if (data[i] != 0 && data[i] != ' ')
      return NULL;
  return ofl_family_text (data, OFL_MT1959_BANNER_ID_LEN);
}

/**
 * ofl_mt1959_chip:
 * @descriptor: (array length=length): bytes from 1EC000 of a flash or image
 * @length: their number
 *
 * Returns: (transfer full) (nullable): the chip's tag, "MTEKMT1959"; %NULL when there is none
 */
char *
ofl_mt1959_chip (const guint8 *descriptor, gsize length)
{
  const guint8 *tag = descriptor + OFL_MT1959_CHIP_AT;

  if (length < OFL_MT1959_CHIP_AT + OFL_MT1959_CHIP_LEN || memcmp (tag, "MTEKMT19", 8) != 0
      || !g_ascii_isdigit ((char) tag[8]) || !g_ascii_isdigit ((char) tag[9]))
    return NULL;
  return g_strndup ((const char *) tag, OFL_MT1959_CHIP_LEN);
}

/**
 * ofl_mt1959_mark:
 * @chip: (nullable): the chip's tag
 * @banner: the banner
 *
 * Returns: (transfer full): the hardware mark: both, or the banner alone
 */
char *
ofl_mt1959_mark (const char *chip, const char *banner)
{
  return chip != NULL ? g_strdup_printf ("%s / %s", chip, banner) : g_strdup (banner);
}

static gboolean
boot_page_is_copy (const guint8 *data)
{
  return memcmp (data, data + OFL_MT1959_CODE_AT, OFL_MT1959_BOOT_PAGE_LEN) == 0;
}

/**
 * ofl_mt1959_is_raw_dump:
 * @image: an image of full size
 *
 * Reads of the boot page return the page at 10000 (protocols.md 3.3), so equal pages show that
 * the file was read from a drive.
 *
 * Returns: whether it is a drive's own dump, whose boot page is not the stored one
 */
gboolean
ofl_mt1959_is_raw_dump (const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  return length == OFL_MT1959_SIZE && boot_page_is_copy (data);
}

/* Only the chip's tag has a public place in the descriptor; vendor and product are found by
 * looking for the models of the table. */
static void
find_model (const OflFamily *self, OflImage *image, const char *text)
{
  g_autoptr (GPtrArray) models = ofl_family_list_models (self);
  const OflModel *best = NULL;

  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);

      if (!ofl_family_names (text, model->product))
        continue;
      if (best == NULL || strlen (model->product) > strlen (best->product))
        best = model;
    }
  if (best == NULL)
    return;
  ofl_image_set_fact (image, "product", best->product);
  if (ofl_family_names (text, best->vendor))
    ofl_image_set_fact (image, "vendor", best->vendor);
}

static void
check_descriptor (const OflFamily *self, OflImage *image, const guint8 *data, const char *banner)
{
  const guint8 *descriptor = data + OFL_MT1959_DESCRIPTOR_AT;
  g_autofree char *text = ofl_family_text (descriptor, OFL_MT1959_DESCRIPTOR_LEN);
  g_autofree char *runs = ofl_family_runs (descriptor, OFL_MT1959_DESCRIPTOR_LEN, 3);
  g_autofree char *chip = ofl_mt1959_chip (descriptor, OFL_MT1959_DESCRIPTOR_LEN);
  g_autofree char *mark = ofl_mt1959_mark (chip, banner);

  find_model (self, image, text);
  ofl_image_set_fact (image, "chip", chip);
  ofl_image_set_fact (image, "descriptor", runs);
  ofl_image_set_mark (image, mark);
  if (chip != NULL)
    ofl_image_add_check (image, "chip", OFL_IMAGE_CHECK_OK, "made for the chip %s", chip);
  else
    ofl_image_add_check (image, "chip", OFL_IMAGE_CHECK_ABSENT,
                         "the image does not say for which chip it is made");
}

static void
check_copies (OflImage *image, const guint8 *data)
{
  if (boot_page_is_copy (data))
    ofl_image_add_check (image, "boot-page", OFL_IMAGE_CHECK_WARNING,
                         "a dump read from a drive: its boot page is not the stored one");
  else
    ofl_image_add_check (image, "boot-page", OFL_IMAGE_CHECK_OK, "a boot page of its own");
  if (memcmp (data + SIGNATURE_AT, data + SIGNATURE_COPY_AT, SIGNATURE_LEN) == 0)
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_OK, "both copies are equal");
  else
    /* the rule is documented for a drive with the same chip, not for this family: no refusal */
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_WARNING,
                         "the copies at %06X and %06X differ", SIGNATURE_AT, SIGNATURE_COPY_AT);
}

/**
 * ofl_mt1959_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises bytes with a banner at 3000. A wrong length does not make them something else: it
 * makes them a damaged image, whose check "size" says so.
 */
void
ofl_mt1959_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree char *banner = NULL;
  OflImage *image;

  if (length < OFL_MT1959_BANNER_AT + OFL_MT1959_BANNER_ID_LEN)
    return;
  banner = ofl_mt1959_banner (data + OFL_MT1959_BANNER_AT, length - OFL_MT1959_BANNER_AT);
  if (banner == NULL)
    return;
  if (length == OFL_MT1959_SIZE && memcmp (data + TSST_TRAILER_AT, "TSSTcorp", 8) == 0)
    return;
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  ofl_image_set_fact (image, "banner", banner);
  if (length != OFL_MT1959_SIZE)
    {
      ofl_image_set_mark (image, banner);
      ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                           "%s MT1959 image: %" G_GSIZE_FORMAT " bytes where %u belong",
                           length < OFL_MT1959_SIZE ? "a truncated" : "too long for an", length,
                           (guint) OFL_MT1959_SIZE);
      return;
    }
  ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK, "%u bytes", (guint) OFL_MT1959_SIZE);
  ofl_image_add_check (image, "banner", OFL_IMAGE_CHECK_OK, "%s", banner);
  check_descriptor (self, image, data, banner);
  ofl_mt1959_check_table (image, data);
  check_copies (image, data);
}

/**
 * ofl_mt1959_image_revision:
 * @drive: a drive that runs its normal firmware
 * @image: an image of full size
 *
 * Where in the descriptor the revision stands is not public. But the drive tells its own revision,
 * and its own descriptor was read: where the one occurs in the other, exactly once, the image has
 * its revision too.
 *
 * Returns: (transfer full) (nullable): the revision the drive will have, %NULL when unknown
 */
char *
ofl_mt1959_image_revision (const OflSnapshot *drive, const OflImage *image)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_DESCRIPTOR);
  const char *revision = ofl_snapshot_identity (drive)->revision;
  gsize wanted = strlen (revision);
  gsize length, blob_length;
  const guint8 *data = ofl_image_get_data (image, &length);
  const guint8 *own, *at;
  g_autofree char *text = NULL;

  if (blob == NULL || length != OFL_MT1959_SIZE || wanted == 0
      || ofl_snapshot_get_state (drive) != OFL_DRIVE_STATE_NORMAL)
    return NULL;
  own = g_bytes_get_data (blob, &blob_length);
  at = memmem (own, blob_length, revision, wanted);
  if (at == NULL
      || memmem (at + 1, blob_length - (gsize) (at + 1 - own), revision, wanted) != NULL)
    return NULL;
  text = ofl_family_text (data + OFL_MT1959_DESCRIPTOR_AT + (at - own), wanted);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}
