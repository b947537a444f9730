/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MT1959 images: recognising them and what they say about themselves. */
#include "families/mt1959/ofl-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

#define SIGNATURE_AT 0x10ff0u
#define SIGNATURE_COPY_AT 0x1ff000u
#define SIGNATURE_LEN 16
/* another firmware's mark, right behind the integrity table (mt1959 3.1) */
#define OMNIDRIVE_AT 0x105c8u
#define OMNIDRIVE_LEN 8
/* the trailer of images for TSST's drives with the same chip (se506 3.1) */
#define TSST_TRAILER_AT 0x1fffd0

/**
 * ofl_mt1959_banner:
 * @data: (array length=length): bytes from 3000 of a flash or image
 * @length: their number
 *
 * mt1959 1.1: `MT19`, two digits, ` Boot `, then printable up to a NUL or the end.
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
 * Reads of the boot page return the page at 10000 (mt1959 3.1), so equal pages show that
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

/**
 * ofl_mt1959_drive_banner:
 * @drive: a drive of the family
 *
 * Returns: (nullable): its banner, %OFL_MT1959_BANNER_LEN bytes
 */
const guint8 *
ofl_mt1959_drive_banner (const OflSnapshot *drive)
{
  GBytes *blob = ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_BANNER);

  return blob != NULL ? g_bytes_get_data (blob, NULL) : NULL;
}

/**
 * ofl_mt1959_keeps_boot_area:
 * @self: the family
 * @image: an image of full size
 * @drive_banner: (nullable): what the drive has at 3000
 * @choices: (nullable): what the user chose
 *
 * Whether @image is written in the way "redumper", which leaves the first 64 KiB to the drive
 * (mt1959 2.5 row 3, 2.8): when that is chosen, and, where no way is chosen, for a file that
 * no other way can write: one that was read from a drive, or one for another board of the group.
 *
 * Returns: whether the boot area of @image is not sent
 */
gboolean
ofl_mt1959_keeps_boot_area (const OflFamily *self, const OflImage *image,
                            const guint8 *drive_banner, const OflChoices *choices)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  if (ofl_choices_get (choices, "dialect") != NULL || length != OFL_MT1959_SIZE)
    return ofl_family_chose (self, choices, "dialect", "redumper");
  if (drive_banner != NULL
      && memcmp (drive_banner, data + OFL_MT1959_BANNER_AT, OFL_MT1959_BANNER_ID_LEN) != 0)
    return TRUE;
  return ofl_mt1959_is_raw_dump (image) || ofl_family_chose (self, choices, "dialect", "redumper");
}

/* What the descriptor says of itself (mt1959 3.3). */
static void
set_fields (OflImage *image, const guint8 *descriptor)
{
  static const struct {
    const char *fact;
    gsize at, length;
  } fields[] = {
    { N_ ("vendor"), OFL_MT1959_VENDOR_AT, OFL_MT1959_VENDOR_LEN },
    { N_ ("product"), OFL_MT1959_MODEL_AT, OFL_MT1959_MODEL_LEN },
    { N_ ("revision"), OFL_MT1959_REVISION_AT, OFL_MT1959_REVISION_LEN },
    { N_ ("SKU"), OFL_MT1959_SKU_AT, OFL_MT1959_SKU_LEN },
  };
  g_autofree char *svc = ofl_mt1959_svc_text (descriptor + OFL_MT1959_SVC_AT);
  g_autofree char *date = ofl_mt1959_date (descriptor);
  g_autofree char *readable = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *text = ofl_mt1959_field (descriptor, fields[i].at, fields[i].length);

      if (text != NULL)
        ofl_image_set_fact (image, fields[i].fact, text);
    }
  if (date != NULL)
    {
      readable = g_strdup_printf ("20%.2s-%.2s-%.2s", date, date + 2, date + 4);
      ofl_image_set_fact (image, N_ ("date"), readable);
    }
  if (svc != NULL)
    ofl_image_set_fact (image, N_ ("SVC code"), svc);
  if (memcmp (descriptor + OFL_MT1959_DOWNGRADE_AT, "DE", 2) == 0)
    ofl_image_set_fact (image, N_ ("downgrade"), "DE");
}

/* A file whose eight bytes behind the integrity table are not erased may be another firmware than
 * its revision says: OmniDrive puts its mark there. */
static void
set_omnidrive (OflImage *image, const guint8 *data)
{
  GString *hex = g_string_new (NULL);
  gboolean erased = TRUE;

  for (guint i = 0; i < OMNIDRIVE_LEN; i++)
    {
      erased &= data[OMNIDRIVE_AT + i] == 0xff || data[OMNIDRIVE_AT + i] == 0;
      g_string_append_printf (hex, "%02X", data[OMNIDRIVE_AT + i]);
    }
  if (!erased)
    ofl_image_set_fact (image, N_ ("behind the integrity table"), hex->str);
  g_string_free (hex, TRUE);
}

static void
check_descriptor (OflImage *image, const guint8 *data, const char *banner)
{
  const guint8 *descriptor = data + OFL_MT1959_DESCRIPTOR_AT;
  g_autofree char *runs = ofl_family_runs (descriptor, OFL_MT1959_DESCRIPTOR_LEN, 3);
  g_autofree char *chip = ofl_mt1959_chip (descriptor, OFL_MT1959_DESCRIPTOR_LEN);
  g_autofree char *mark = ofl_mt1959_mark (chip, banner);

  set_fields (image, descriptor);
  set_omnidrive (image, data);
  ofl_image_set_fact (image, N_ ("chip"), chip);
  ofl_image_set_fact (image, N_ ("descriptor"), runs);
  ofl_image_set_mark (image, mark);
  if (chip != NULL)
    ofl_image_add_check (image, "chip", OFL_IMAGE_CHECK_OK, _ ("made for the chip %s"), chip);
  else
    ofl_image_add_check (image, "chip", OFL_IMAGE_CHECK_ABSENT,
                         _ ("the image does not say for which chip it is made"));
}

static void
check_copies (OflImage *image, const guint8 *data)
{
  if (boot_page_is_copy (data))
    ofl_image_add_check (image, "boot-page", OFL_IMAGE_CHECK_WARNING,
                         _ ("a dump read from a drive: its boot page is not the stored one"));
  else
    ofl_image_add_check (image, "boot-page", OFL_IMAGE_CHECK_OK, _ ("a boot page of its own"));
  if (memcmp (data + SIGNATURE_AT, data + SIGNATURE_COPY_AT, SIGNATURE_LEN) == 0)
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_OK, _ ("both copies are equal"));
  else
    /* the rule is documented for a drive with the same chip, not for this family: no refusal */
    ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_WARNING,
                         _ ("the copies at %06X and %06X differ"), SIGNATURE_AT, SIGNATURE_COPY_AT);
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
  ofl_image_set_fact (image, N_ ("banner"), banner);
  if (length != OFL_MT1959_SIZE)
    {
      ofl_image_set_mark (image, banner);
      ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                           length < OFL_MT1959_SIZE
                               ? _ ("a truncated MT1959 image: %zu bytes where %u belong")
                               : _ ("too long for an MT1959 image: %zu bytes where %u belong"),
                           length, (guint) OFL_MT1959_SIZE);
      return;
    }
  ofl_family_check_size (image, OFL_MT1959_SIZE);
  ofl_image_add_check (image, "banner", OFL_IMAGE_CHECK_OK, "%s", banner);
  check_descriptor (image, data, banner);
  ofl_mt1959_check_table (image, data);
  check_copies (image, data);
}
