/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is of a BD writer's firmware: the maker's .enc file, and the memory that was read.
 * pioneer 3.6, 2.7 rows 3 and 4. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define HEADER_LEN 0x200u
#define DESCRIPTION_AT 0x60
#define DESCRIPTION_LEN 24
#define VENDOR_LEN 8
#define REVISION_AT 0x90
#define REVISION_LEN 5
#define VERSION_AT 0xb0
#define KERNEL_TAG_AT 0xd0
#define DESTINATION_AT 0xf0
#define FIELD_LEN 8
#define DATE_AT 0x130
#define DATE_LEN 10
#define SAT_LEN 4 /* of VERSION_AT, what stands before the number */

#define KEY_LEN 0x10000u
#define LENGTH_STEP 0x100u
#define LENGTH_MOST 0xffff00u
#define PLAIN_LENGTH_AT 0x14
#define PLAIN_LEAST 0x18 /* what must be there to tell a length */

static const char plain_lead[] = "PIONEER ";

static gboolean
begins_plain (const guint8 *data, gsize length)
{
  return length >= PLAIN_LEAST && memcmp (data, plain_lead, sizeof plain_lead - 1) == 0;
}

/**
 * ofl_pioneer_bd_is_file:
 * @data: (array length=length): a file that has a Pioneer header
 * @length: its length
 *
 * Returns: whether it is for a BD writer: its hardware is a SAT number
 */
gboolean
ofl_pioneer_bd_is_file (const guint8 *data, gsize length)
{
  return length >= HEADER_LEN && memcmp (data + VERSION_AT, OFL_PIONEER_BD_SAT, SAT_LEN) == 0;
}

/**
 * ofl_pioneer_bd_is_dump:
 * @data: (array length=length): bytes
 * @length: their number
 *
 * Returns: whether they are a Kernel of 10000h bytes with a Normal behind it that says to be as long
 *   as what is there
 */
gboolean
ofl_pioneer_bd_is_dump (const guint8 *data, gsize length)
{
  const guint8 *normal = data + OFL_PIONEER_BD_KERNEL_LEN;

  return length > OFL_PIONEER_BD_KERNEL_LEN
         && begins_plain (normal, length - OFL_PIONEER_BD_KERNEL_LEN)
         && ofl_get_be (normal + PLAIN_LENGTH_AT, 4) == length - OFL_PIONEER_BD_KERNEL_LEN;
}

/**
 * ofl_pioneer_bd_is_image:
 * @image: an image of the family
 *
 * Returns: whether it belongs to a BD writer, as a file or as what was read
 */
gboolean
ofl_pioneer_bd_is_image (const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  return ofl_pioneer_bd_is_file (data, length) || ofl_pioneer_bd_is_dump (data, length);
}

static guint32
rotate_right (guint32 word, guint by)
{
  return by == 0 ? word : word >> by | word << (32 - by);
}

static void
unscramble (const guint8 *words, gsize length, const guint8 *key, guint8 *plain)
{
  for (gsize i = 0; i + 4 <= length; i += 4)
    {
      guint32 k = ofl_get_le (key + i % KEY_LEN, 4);

      ofl_put_le (plain + i, 4, rotate_right (ofl_get_le (words + i, 4) ^ k, k & 0x1f));
    }
}

/**
 * ofl_pioneer_bd_unscramble:
 * @data: (array length=length): a BD file
 * @length: its length
 *
 * pioneer 3.6: of the two places where the key may stand, the one that makes sense.
 *
 * Returns: (transfer full) (nullable): the plain part, as the drive's memory holds it; %NULL when
 *   neither place gives one
 */
GBytes *
ofl_pioneer_bd_unscramble (const guint8 *data, gsize length)
{
  static const gsize keys[] = { HEADER_LEN, HEADER_LEN + KEY_LEN };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const guint8 *key = data + keys[i];
      gsize at = keys[i] + KEY_LEN;
      guint8 head[PLAIN_LEAST];
      guint8 *plain;

      if (length < at + PLAIN_LEAST)
        return NULL;
      unscramble (data + at, sizeof head, key, head);
      if (!begins_plain (head, sizeof head))
        continue;
      plain = g_malloc0 (length - at);
      unscramble (data + at, length - at, key, plain);
      return g_bytes_new_take (plain, length - at);
    }
  return NULL;
}

/**
 * ofl_pioneer_bd_plain:
 * @image: an image of a BD writer
 *
 * Returns: (transfer full) (nullable): what the drive's memory holds from 410000h on with it
 */
GBytes *
ofl_pioneer_bd_plain (const OflImage *image)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  if (ofl_pioneer_bd_is_file (data, length))
    return ofl_pioneer_bd_unscramble (data, length);
  return g_bytes_new_from_bytes (ofl_image_get_bytes (image), OFL_PIONEER_BD_KERNEL_LEN,
                                 length - OFL_PIONEER_BD_KERNEL_LEN);
}

/**
 * ofl_pioneer_bd_sum:
 * @data: (array length=length): bytes
 * @length: their number; what is beyond the last whole word counts as if zeros followed
 *
 * Returns: the sum of all big-endian words, modulo 2^32
 */
guint32
ofl_pioneer_bd_sum (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i < length; i += 4)
    {
      guint8 word[4] = { 0 };

      memcpy (word, data + i, MIN (4, length - i));
      sum += ofl_get_be (word, 4);
    }
  return sum;
}

/**
 * ofl_pioneer_bd_mark:
 * @version: (array fixed-size=8): hardware
 * @kernel_tag: (array fixed-size=8): the kernel's tag
 *
 * The same two fields stand in a drive's identity and in a file's header.
 *
 * Returns: (transfer full): the hardware mark
 */
char *
ofl_pioneer_bd_mark (const guint8 *version, const guint8 *kernel_tag)
{
  g_autofree char *sat = ofl_family_text (version, FIELD_LEN);
  g_autofree char *tag = ofl_family_text (kernel_tag, FIELD_LEN);

  return g_strdup_printf ("%s / %s", sat, tag);
}

static void
set_facts (OflImage *image, const guint8 *data, gboolean kernel)
{
  g_autofree char *mark = ofl_pioneer_bd_mark (data + VERSION_AT, data + KERNEL_TAG_AT);

  ofl_family_set_field (image, "vendor", data + DESCRIPTION_AT, VENDOR_LEN);
  ofl_family_set_field (image, "product", data + DESCRIPTION_AT + VENDOR_LEN,
                        DESCRIPTION_LEN - VENDOR_LEN);
  ofl_family_set_field (image, "revision", data + REVISION_AT, REVISION_LEN);
  ofl_family_set_field (image, "date", data + DATE_AT, DATE_LEN);
  ofl_family_set_field (image, "hardware", data + VERSION_AT, FIELD_LEN);
  ofl_family_set_field (image, "kernel type", data + KERNEL_TAG_AT, FIELD_LEN);
  ofl_family_set_field (image, "destination", data + DESTINATION_AT, FIELD_LEN);
  ofl_image_set_fact (image, "component", kernel ? "Kernel" : "Normal");
  ofl_image_set_mark (image, mark);
}

static gboolean
check_length (OflImage *image, gsize length)
{
  if (length % LENGTH_STEP == 0 && length <= LENGTH_MOST)
    return TRUE;
  ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                       _ ("%zu bytes, where whole blocks of %u belong, %u bytes at most"), length,
                       LENGTH_STEP, LENGTH_MOST);
  return FALSE;
}

static void
check_sum (OflImage *image, const char *name, const guint8 *data, gsize length)
{
  guint32 sum = ofl_pioneer_bd_sum (data, length);
  gboolean kernel = g_str_equal (name, "kernel");

  if (sum == 0)
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_OK,
                         kernel ? _ ("the words of the kernel add up to 0, as they must")
                                : _ ("the words of the firmware add up to 0, as they must"));
  else
    ofl_image_add_check (image, name, OFL_IMAGE_CHECK_CHANGED,
                         kernel ? _ ("the words of the kernel add up to %08X instead of 0")
                                : _ ("the words of the firmware add up to %08X instead of 0"),
                         sum);
}

static void
check_plain (OflImage *image, const guint8 *data, gsize length)
{
  g_autoptr (GBytes) plain = ofl_pioneer_bd_unscramble (data, length);
  const guint8 *bytes;
  gsize size;
  guint32 stated;

  if (plain == NULL)
    {
      ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_CHANGED,
                           _ ("the key in it does not open what stands behind it"));
      return;
    }
  bytes = g_bytes_get_data (plain, &size);
  stated = ofl_get_be (bytes + PLAIN_LENGTH_AT, 4);
  if (stated == size)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK,
                         _ ("a firmware of %zu bytes, as it says itself"), size);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         _ ("a firmware of %zu bytes, which says itself that it has %u"), size,
                         stated);
  check_sum (image, "integrity", bytes, size);
}

static void
check_signature (OflImage *image, const guint8 *data, gsize length)
{
  switch (ofl_pioneer_bd_signed (data, length))
    {
    case OFL_PIONEER_SIGNED_KEY:
      ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_OK,
                           _ ("the signature fits all that stands behind the header, by the key "
                              "that stands in the file itself"));
      break;
    case OFL_PIONEER_SIGNED_WORDS:
      ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_OK,
                           _ ("the signature fits all that stands behind the first %u bytes, by "
                              "the key that stands in the file itself"),
                           HEADER_LEN + KEY_LEN);
      break;
    case OFL_PIONEER_SIGNED_NOT:
    default:
      ofl_image_add_check (image, "signature", OFL_IMAGE_CHECK_CHANGED,
                           _ ("its signature does not fit its content"));
      break;
    }
}

/* A release that its source calls spliced. */
static void
check_spliced (const OflFamily *self, OflImage *image, const guint8 *data)
{
  g_autofree char *number = ofl_family_text (data + VERSION_AT + SAT_LEN, FIELD_LEN - SAT_LEN);
  const char *revision = ofl_image_get_fact (image, "revision");

  if (revision != NULL && *number != '\0'
      && ofl_family_lists (self, "spliced BD releases", number, revision))
    ofl_image_add_check (image, "spliced", OFL_IMAGE_CHECK_CHANGED,
                         _ ("it is revision %s for SAT %s, a release that the source of this way "
                            "calls spliced and never writes"),
                         revision, number);
}

static void
parse_file (const OflFamily *self, GBytes *bytes, gboolean kernel, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  OflImage *image = ofl_image_new (self->id, bytes);

  g_ptr_array_add (images, image);
  set_facts (image, data, kernel);
  if (kernel)
    {
      ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                           _ ("how the kernel of a BD drive could be checked is not built in"));
      return;
    }
  if (check_length (image, length))
    check_plain (image, data, length);
  check_signature (image, data, length);
  check_spliced (self, image, data);
}

static void
parse_dump (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  const guint8 *normal = data + OFL_PIONEER_BD_KERNEL_LEN;
  OflImage *image = ofl_image_new (self->id, bytes);

  g_ptr_array_add (images, image);
  ofl_family_set_field (image, "vendor", normal, VENDOR_LEN);
  ofl_family_set_field (image, "product", normal + VENDOR_LEN,
                        OFL_PIONEER_BD_DESCRIPTOR_LEN - VENDOR_LEN);
  ofl_image_set_fact (image, "component", "memory");
  ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK,
                       _ ("a kernel of %u bytes and a firmware of %zu, as it says itself"),
                       OFL_PIONEER_BD_KERNEL_LEN, length - OFL_PIONEER_BD_KERNEL_LEN);
  check_sum (image, "kernel", data, OFL_PIONEER_BD_KERNEL_LEN);
  check_sum (image, "integrity", normal, length - OFL_PIONEER_BD_KERNEL_LEN);
}

/**
 * ofl_pioneer_bd_parse:
 * @self: the family
 * @bytes: a file with a Pioneer header for which ofl_pioneer_bd_is_file() says yes, or any bytes
 * @images: (element-type OflImage): where to append what is recognised
 *
 * A file that fails a check of pioneer 3.6 or 3.7 is an image whose check says so.
 */
void
ofl_pioneer_bd_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  OflPioneerParts parts;

  if (ofl_pioneer_split (self, data, length, &parts))
    parse_file (self, bytes, parts.kernel != NULL, images);
  else if (ofl_pioneer_bd_is_dump (data, length))
    parse_dump (self, bytes, images);
}
