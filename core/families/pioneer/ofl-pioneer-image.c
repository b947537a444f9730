/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pioneer files: a kernel part, a normal part, or both, one behind the other.
 * pioneer 3.1, 2.5. */
#include "families/pioneer/ofl-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"

/* The header's fields; each is preceded by its title, which must be there too. */
#define HEADER_LEN 0x200
#define DESCRIPTION_AT 0x60
#define DESCRIPTION_LEN 24
#define VENDOR_LEN 8
#define REVISION_AT 0x90
#define REVISION_LEN 5
#define VERSION_AT 0xb0
#define KERNEL_TYPE_AT 0xd0
#define DESTINATION_AT 0xf0
#define FIELD_LEN 8
#define FILE_TYPE_AT 0x110
#define FILE_TYPE_LEN 6
#define DATE_AT 0x130
#define DATE_LEN 10

#define TYPE_LEN 7 /* kernel types are compared by these */

static const char lead[] = "********  Copyright(c) 2000 Pioneer Corporation  ********     \r\n"
                           "This is microcode file.  \r\n"
                           "ID : ";

/* Titles right before the fields that are used. */
static const struct {
  gsize field;
  const char *title;
} titles[] = {
  { REVISION_AT, "\r\nRevision Level : " },
  { VERSION_AT, "\r\nHardware Version : " },
  { KERNEL_TYPE_AT, "\r\nKernel Version : " },
  { FILE_TYPE_AT, "\r\nFile Type : " },
};

static gboolean
has_header (const guint8 *data, gsize length)
{
  if (length < HEADER_LEN || memcmp (data, lead, sizeof lead - 1) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      gsize title = strlen (titles[i].title);

      if (memcmp (data + titles[i].field - title, titles[i].title, title) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_part (const guint8 *data, gsize length, const char *type)
{
  return has_header (data, length) && memcmp (data + FILE_TYPE_AT, type, FILE_TYPE_LEN) == 0;
}

static void
read_part_hardware (const OflFamily *self, const guint8 *part, OflPioneerHardware *hardware)
{
  ofl_pioneer_read_hardware (self, part + VERSION_AT, part + KERNEL_TYPE_AT, hardware);
}

/* 0 for a generation that is not in the table. */
static guint32
kernel_size (const OflFamily *self, const guint8 *part)
{
  g_auto (OflPioneerHardware) hardware = { 0 };

  read_part_hardware (self, part, &hardware);
  return hardware.group != NULL ? ofl_family_number (self, hardware.group, "kernel-size") : 0;
}

/**
 * ofl_pioneer_split:
 * @self: the family
 * @data: (array length=length): a file
 * @length: its length
 * @parts: (out caller-allocates): what it consists of
 *
 * A file is a kernel part or a normal part; a set is a kernel part of its generation's size with a
 * normal part right behind it.
 *
 * Returns: whether it is any of these
 */
gboolean
ofl_pioneer_split (const OflFamily *self, const guint8 *data, gsize length, OflPioneerParts *parts)
{
  guint32 size;

  memset (parts, 0, sizeof *parts);
  if (is_part (data, length, "Normal"))
    {
      parts->normal = data;
      parts->normal_length = length;
      return TRUE;
    }
  if (!is_part (data, length, "Kernel"))
    return FALSE;
  parts->kernel = data;
  parts->kernel_length = length;
  size = kernel_size (self, data);
  if (size == 0 || size >= length || !is_part (data + size, length - size, "Normal"))
    return TRUE;
  parts->kernel_length = size;
  parts->normal = data + size;
  parts->normal_length = length - size;
  parts->normal_at = size;
  return TRUE;
}

/* The part that says what the firmware is. */
static const guint8 *
main_part (const OflPioneerParts *parts)
{
  return parts->normal != NULL ? parts->normal : parts->kernel;
}

static const guint8 *
image_part (const OflFamily *self, const OflImage *image)
{
  OflPioneerParts parts;
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  ofl_pioneer_split (self, data, length, &parts);
  return main_part (&parts);
}

/**
 * ofl_pioneer_image_hardware:
 * @self: the family
 * @image: an image of it
 * @hardware: (out caller-allocates): for which drives it is made
 */
void
ofl_pioneer_image_hardware (const OflFamily *self, const OflImage *image,
                            OflPioneerHardware *hardware)
{
  read_part_hardware (self, image_part (self, image), hardware);
}

/**
 * ofl_pioneer_description:
 * @image: an image of the family
 *
 * Returns: (transfer none): its description, 24 bytes as INQUIRY's bytes 8 to 31
 */
const guint8 *
ofl_pioneer_description (const OflImage *image)
{
  return image_part (&ofl_family_pioneer, image) + DESCRIPTION_AT;
}

static void
set_facts (const OflFamily *self, OflImage *image, const OflPioneerParts *parts)
{
  const guint8 *part = main_part (parts);
  g_auto (OflPioneerHardware) hardware = { 0 };
  g_autofree char *mark = NULL;

  ofl_family_set_field (image, "vendor", part + DESCRIPTION_AT, VENDOR_LEN);
  ofl_family_set_field (image, "product", part + DESCRIPTION_AT + VENDOR_LEN,
                        DESCRIPTION_LEN - VENDOR_LEN);
  ofl_family_set_field (image, "revision", part + REVISION_AT, REVISION_LEN);
  ofl_family_set_field (image, "date", part + DATE_AT, DATE_LEN);
  ofl_family_set_field (image, "hardware", part + VERSION_AT, FIELD_LEN);
  ofl_family_set_field (image, "kernel type", part + KERNEL_TYPE_AT, FIELD_LEN);
  ofl_family_set_field (image, "destination", part + DESTINATION_AT, FIELD_LEN);
  /* “Kernel” and “Normal” are the maker's names */
  ofl_image_say_fact (image, N_ ("component"),
                      OFL_SENTENCE (g_strdup (parts->kernel == NULL   ? "Normal"
                                              : parts->normal == NULL ? "Kernel"
                                                                      : _ ("Kernel and Normal"))));
  read_part_hardware (self, part, &hardware);
  mark = ofl_pioneer_mark (&hardware);
  ofl_image_set_mark (image, mark);
}

static void
check_size (OflImage *image, gboolean kernel, gsize length, guint32 exact)
{
  if (length == exact)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_OK,
                         kernel ? _ ("a kernel part of %zu bytes")
                                : _ ("a normal part of %zu bytes"),
                         length);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         kernel ? _ ("a kernel part of %zu bytes where %u belong")
                                : _ ("a normal part of %zu bytes where %u belong"),
                         length, exact);
}

/* A generation of which the source tells a rule: the lengths that it names, and between which bounds
 * and in which steps others may be. Nothing in the file says its length. */
static void
check_size_by_rule (const OflFamily *self, OflImage *image, const char *group, gsize length)
{
  guint32 least = ofl_family_number (self, group, "normal-least");
  guint32 most = ofl_family_number (self, group, "normal-most");
  guint32 step = MAX (ofl_family_number (self, group, "normal-step"), 1);
  g_auto (GStrv) named
      = g_key_file_get_string_list (ofl_family_table (self), group, "normal-sizes", NULL, NULL);

  for (guint i = 0; named != NULL && named[i] != NULL; i++)
    if (length == g_ascii_strtoull (named[i], NULL, 0))
      {
        check_size (image, FALSE, length, (guint32) length);
        return;
      }
  if (length >= least && length <= most && length % step == 0)
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_WARNING,
                         _ ("a normal part of %zu bytes; which lengths between %u and %u belong to "
                            "this model is not public, so a file that was cut short would not be "
                            "noticed"),
                         length, least, most);
  else
    ofl_image_add_check (
        image, "size", OFL_IMAGE_CHECK_CHANGED,
        _ ("a normal part of %zu bytes where %u to %u in whole blocks of %u belong"), length, least,
        most, step);
}

static void
check_sizes (const OflFamily *self, OflImage *image, const OflPioneerParts *parts)
{
  g_auto (OflPioneerHardware) hardware = { 0 };
  guint32 exact;

  read_part_hardware (self, main_part (parts), &hardware);
  if (hardware.group == NULL)
    {
      ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_ABSENT,
                           _ ("which size belongs to this generation is not known"));
      return;
    }
  exact = ofl_family_number (self, hardware.group, "kernel-size");
  if (parts->kernel != NULL)
    check_size (image, TRUE, parts->kernel_length, exact);
  exact = ofl_family_number (self, hardware.group, "normal-size");
  if (parts->normal != NULL && exact != 0)
    check_size (image, FALSE, parts->normal_length, exact);
  else if (parts->normal != NULL)
    check_size_by_rule (self, image, hardware.group, parts->normal_length);
}

static gboolean
parts_agree (const guint8 *kernel, const guint8 *normal)
{
  return memcmp (kernel + DESCRIPTION_AT, normal + DESCRIPTION_AT, DESCRIPTION_LEN) == 0
         && memcmp (kernel + KERNEL_TYPE_AT, normal + KERNEL_TYPE_AT, TYPE_LEN) == 0
         && memcmp (kernel + VERSION_AT, normal + VERSION_AT, FIELD_LEN) == 0;
}

/* One of scramble's sums (pioneer 3.3). Its author wrote it to make files, not to
 * refuse them, so a sum that does not fit is worth a word and no refusal. */
static void
check_sum (OflImage *image, const guint8 *part, gsize length, gboolean kernel)
{
  guint32 stored, computed;

  if (!ofl_pioneer_check_sum (part, length, kernel, &stored, &computed))
    return;
  if (stored == computed)
    ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_OK,
                         kernel ? _ ("the kernel part has the sum it carries, %08X")
                                : _ ("the normal part has the sum it carries, %08X"),
                         stored);
  else
    ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_WARNING,
                         kernel ? _ ("the kernel part carries the sum %08X and has %08X")
                                : _ ("the normal part carries the sum %08X and has %08X"),
                         stored, computed);
}

static void
check_integrity (const OflFamily *self, OflImage *image, const OflPioneerParts *parts)
{
  g_auto (OflPioneerHardware) hardware = { 0 };

  read_part_hardware (self, main_part (parts), &hardware);
  if (hardware.group == NULL
      || !g_key_file_get_boolean (ofl_family_table (self), hardware.group, "scrambled", NULL))
    {
      ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_ABSENT,
                           _ ("nothing is known in this file by which it could be checked"));
      return;
    }
  if (parts->kernel != NULL)
    check_sum (image, parts->kernel, parts->kernel_length, TRUE);
  if (parts->normal != NULL)
    check_sum (image, parts->normal, parts->normal_length, FALSE);
}

/**
 * ofl_pioneer_parse:
 * @self: the family
 * @bytes: one part of a firmware file, or a set made by ofl_pioneer_combine()
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises bytes by the text of their header. A wrong length makes a damaged image, whose check
 * "size" says so.
 */
void
ofl_pioneer_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  OflPioneerParts parts;
  OflImage *image;

  if (!ofl_pioneer_split (self, data, length, &parts) || ofl_pioneer_bd_is_file (data, length))
    {
      ofl_pioneer_bd_parse (self, bytes, images);
      return;
    }
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  set_facts (self, image, &parts);
  check_sizes (self, image, &parts);
  check_integrity (self, image, &parts);
  if (parts.kernel == NULL || parts.normal == NULL)
    return;
  if (parts_agree (parts.kernel, parts.normal))
    ofl_image_add_check (image, "pair", OFL_IMAGE_CHECK_OK,
                         _ ("both parts are for the same drives"));
  else
    ofl_image_add_check (image, "pair", OFL_IMAGE_CHECK_CHANGED,
                         _ ("the kernel part is for other drives than the normal part"));
}

static GBytes *
join (const OflPioneerParts *kernel, const OflPioneerParts *normal)
{
  GByteArray *both
      = g_byte_array_sized_new ((guint) (kernel->kernel_length + normal->normal_length));

  g_byte_array_append (both, kernel->kernel, (guint) kernel->kernel_length);
  g_byte_array_append (both, normal->normal, (guint) normal->normal_length);
  return g_byte_array_free_to_bytes (both);
}

/* Only a kernel of its documented size is found again as the first half of a set. */
static gboolean
may_join (const OflFamily *self, const OflPioneerParts *kernel, const OflPioneerParts *normal)
{
  return kernel->kernel != NULL && kernel->normal == NULL && normal->normal != NULL
         && normal->kernel == NULL && kernel->kernel_length == kernel_size (self, kernel->kernel)
         && parts_agree (kernel->kernel, normal->normal);
}

static gboolean
get_parts (const OflFamily *self, const OflImage *image, OflPioneerParts *parts)
{
  gsize length;
  const guint8 *data = ofl_image_get_data (image, &length);

  return g_strcmp0 (ofl_image_get_family (image), self->id) == 0
         && ofl_pioneer_split (self, data, length, parts);
}

/**
 * ofl_pioneer_combine:
 * @self: the family
 * @images: (element-type OflImage): all images of one firmware file
 *
 * Puts in front, for each kernel part and each normal part that are for the same drives
 * (pioneer 2.5), the set of both: the kernel's bytes, then the normal part's. In front,
 * so that who gives both parts gets both written.
 */
void
ofl_pioneer_combine (const OflFamily *self, GPtrArray *images)
{
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);

  for (guint i = 0; i < images->len; i++)
    for (guint j = 0; j < images->len; j++)
      {
        OflPioneerParts kernel, normal;
        g_autoptr (GBytes) both = NULL;

        if (!get_parts (self, g_ptr_array_index (images, i), &kernel)
            || !get_parts (self, g_ptr_array_index (images, j), &normal)
            || !may_join (self, &kernel, &normal))
          continue;
        both = join (&kernel, &normal);
        ofl_pioneer_parse (self, both, sets);
      }
  for (guint i = 0; i < sets->len; i++)
    g_ptr_array_insert (images, (int) i, ofl_image_ref (g_ptr_array_index (sets, i)));
}
