/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hitachi-LG Renesas: MAIN and CORE files. renesas 3.1. */
#include "families/renesas/ofl-renesas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define REVISION_TITLE_AT 0x20
#define ROM_TITLE_AT 0x30
#define TITLE_LEN 8
#define TAIL_LEN 16
#define NO_SIZE 0xffffffffu

/* Load address and size once more, where the header has no size */
static const guint32 size_pairs[] = { 0x4a0, 0x9a0 };

/**
 * ofl_renesas_image_kind:
 * @data: (array length=length): a file
 * @length: its length
 *
 * Returns: what the header names first, when it is a component's header at all
 */
OflRenesasKind
ofl_renesas_image_kind (const guint8 *data, gsize length)
{
  const guint8 *main_at, *core_at;

  if (data == NULL || length < OFL_RENESAS_HEADER_LEN
      || memcmp (data + REVISION_TITLE_AT, "REV LVL ", TITLE_LEN) != 0
      || memcmp (data + ROM_TITLE_AT, "ROM REV ", TITLE_LEN) != 0)
    return OFL_RENESAS_NONE;
  main_at = memmem (data, OFL_RENESAS_HEADER_LEN, "MAIN", 4);
  core_at = memmem (data, OFL_RENESAS_HEADER_LEN, "CORE", 4);
  if (main_at == NULL && core_at == NULL)
    return OFL_RENESAS_NONE;
  if (core_at == NULL || (main_at != NULL && main_at < core_at))
    return OFL_RENESAS_MAIN;
  return OFL_RENESAS_CORE;
}

/* Whether the size that a component names is that of the code in it. */
static gboolean
size_is_right (const guint8 *data, gsize length)
{
  gsize code = length - OFL_RENESAS_HEADER_LEN;
  guint32 load = ofl_get_be (data + OFL_RENESAS_LOAD_AT, 4);
  guint32 size = ofl_get_be (data + OFL_RENESAS_SIZE_AT, 4);

  if (size != NO_SIZE)
    return code > 0 && size == code;
  for (guint i = 0; i < G_N_ELEMENTS (size_pairs); i++)
    {
      if (length < size_pairs[i] + 8)
        return FALSE;
      if (ofl_get_be (data + size_pairs[i], 4) == load)
        return ofl_get_be (data + size_pairs[i] + 4, 4) == code;
    }
  return FALSE;
}

/**
 * ofl_renesas_tail_is_right:
 * @data: (array length=length): a MAIN component's file
 * @length: its length
 *
 * The first 16 bytes of the code stand at its end once more. Compared up to the first NUL, as the
 * source does.
 *
 * Returns: whether they do
 */
gboolean
ofl_renesas_tail_is_right (const guint8 *data, gsize length)
{
  return length >= OFL_RENESAS_HEADER_LEN + TAIL_LEN
         && strncmp ((const char *) data + OFL_RENESAS_HEADER_LEN,
                     (const char *) data + length - TAIL_LEN, TAIL_LEN)
                == 0;
}

/**
 * ofl_renesas_sum:
 * @data: (array length=length): a component's file
 * @length: its length
 *
 * Returns: the sum of its 16-bit words, FFFF when it is whole
 */
guint16
ofl_renesas_sum (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i + 1 < length; i += 2)
    sum += ofl_get_be (data + i, 2);
  return (guint16) sum;
}

static void
add_checks (OflImage *image, const guint8 *data, gsize length, OflRenesasKind kind)
{
  guint16 sum = ofl_renesas_sum (data, length);

  if (size_is_right (data, length))
    ofl_family_check_size (image, length);
  else
    ofl_image_add_check (image, "size", OFL_IMAGE_CHECK_CHANGED,
                         _ ("it has 0x%zX bytes of code and names another size"),
                         length - OFL_RENESAS_HEADER_LEN);
  if (kind == OFL_RENESAS_MAIN && ofl_renesas_tail_is_right (data, length))
    ofl_image_add_check (image, "end", OFL_IMAGE_CHECK_OK, _ ("the code ends as it begins"));
  else if (kind == OFL_RENESAS_MAIN)
    ofl_image_add_check (image, "end", OFL_IMAGE_CHECK_CHANGED,
                         _ ("the code does not end as it begins"));
  if (sum == 0xffff)
    ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_OK, _ ("its checksum fits"));
  else
    ofl_image_add_check (image, "integrity", OFL_IMAGE_CHECK_CHANGED,
                         _ ("the sum of its words is %04X instead of FFFF"), sum);
}

/**
 * ofl_renesas_parse:
 * @self: the family
 * @bytes: one part of a firmware file
 * @images: (element-type OflImage): where to append what is recognised
 *
 * Recognises a component by the texts of its header. What does not fit its own size or sums is a
 * damaged image, whose checks say so.
 */
void
ofl_renesas_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  OflRenesasKind kind = ofl_renesas_image_kind (data, length);
  g_autofree char *mark = NULL;
  OflImage *image;

  if (kind == OFL_RENESAS_NONE)
    return;
  image = ofl_image_new (self->id, bytes);
  g_ptr_array_add (images, image);
  mark = ofl_renesas_mark (data, kind);
  ofl_image_set_mark (image, mark);
  ofl_image_set_fact (image, N_ ("component"), ofl_renesas_kind_name (kind));
  ofl_family_set_field (image, N_ ("product"), data + OFL_RENESAS_DEVICE_AT,
                        OFL_RENESAS_DEVICE_LEN);
  ofl_family_set_field (image, N_ ("revision"), data + OFL_RENESAS_REVISION_AT,
                        OFL_RENESAS_REVISION_LEN);
  add_checks (image, data, length, kind);
}

/**
 * ofl_renesas_compare_read:
 * @self: the family
 * @image: an image of it
 * @dump: a component as ofl_renesas_plan_read() has it
 * @choices: (nullable): not used: this family has none
 * @comparison: where to count; nothing is compared when @dump is another component
 *
 * renesas 2.3: the code is compared, the header is not. Code that @dump does not have
 * counts as different.
 */
void
ofl_renesas_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                          const OflChoices *choices, OflComparison *comparison)
{
  gsize want_length, have_length, common;
  const guint8 *want = ofl_image_get_data (image, &want_length);
  const guint8 *have = g_bytes_get_data (dump, &have_length);

  if (ofl_renesas_image_kind (have, have_length) != ofl_renesas_image_kind (want, want_length)
      || memcmp (have + OFL_RENESAS_LOAD_AT, want + OFL_RENESAS_LOAD_AT, 4) != 0)
    return;
  common = MIN (want_length, have_length);
  ofl_comparison_leave_out (comparison, 0, OFL_RENESAS_HEADER_LEN, OFL_RENESAS_HEADER_WHY);
  ofl_comparison_add (comparison, TRUE, OFL_RENESAS_HEADER_LEN, want + OFL_RENESAS_HEADER_LEN,
                      have + OFL_RENESAS_HEADER_LEN, common - OFL_RENESAS_HEADER_LEN);
  ofl_comparison_add_missing (comparison, common, want_length - common);
}
