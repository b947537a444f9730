/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was compared, what differed, and what was left out. */
#include "plan/ofl-comparison.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/**
 * ofl_comparison_clear:
 * @self: a comparison
 *
 * Makes it empty.
 */
void
ofl_comparison_clear (OflComparison *self)
{
  g_clear_pointer (&self->left_out, g_array_unref);
  memset (self, 0, sizeof *self);
}

/**
 * ofl_comparison_add:
 * @self: a comparison
 * @settled: whether the drive must hold these bytes once the image was written
 * @offset: where they stand in the image
 * @want: (array length=length): the image's bytes
 * @have: (array length=length): the drive's
 * @length: their number
 *
 * Compares them and counts.
 */
void
ofl_comparison_add (OflComparison *self, gboolean settled, guint64 offset, const guint8 *want,
                    const guint8 *have, gsize length)
{
  OflCompareCount *count = settled ? &self->settled : &self->unsettled;

  count->compared += length;
  /* as nearly always, and faster than byte by byte */
  if (length == 0 || memcmp (want, have, length) == 0)
    return;
  for (gsize i = 0; i < length; i++)
    if (want[i] != have[i] && count->different++ == 0)
      count->first = offset + i;
}

/**
 * ofl_comparison_add_missing:
 * @self: a comparison
 * @offset: first byte of the image that the drive does not have at all
 * @length: number of such bytes
 *
 * Counts them as different.
 */
void
ofl_comparison_add_missing (OflComparison *self, guint64 offset, guint64 length)
{
  if (length > 0 && self->settled.different == 0)
    self->settled.first = offset;
  self->settled.compared += length;
  self->settled.different += length;
}

/**
 * ofl_comparison_leave_out:
 * @self: a comparison
 * @offset: first byte, as the image counts
 * @length: number of bytes; 0 does nothing
 * @why: why they are not compared, marked with N_() for whom it is shown to
 */
void
ofl_comparison_leave_out (OflComparison *self, guint64 offset, guint64 length, const char *why)
{
  OflLeftOut left = { offset, length, g_intern_string (why) };

  if (length == 0)
    return;
  if (self->left_out == NULL)
    self->left_out = g_array_new (FALSE, FALSE, sizeof (OflLeftOut));
  g_array_append_val (self->left_out, left);
}

/**
 * ofl_comparison_leave_out_all:
 * @self: a comparison
 * @left_out: (nullable) (element-type OflLeftOut): a list of another one
 */
void
ofl_comparison_leave_out_all (OflComparison *self, const GArray *left_out)
{
  for (guint i = 0; left_out != NULL && i < left_out->len; i++)
    {
      const OflLeftOut *left = &g_array_index (left_out, OflLeftOut, i);

      ofl_comparison_leave_out (self, left->offset, left->length, left->why);
    }
}

/**
 * ofl_comparison_get_compared:
 * @self: a comparison
 *
 * Returns: number of bytes that were compared; 0 when nothing could be
 */
guint64
ofl_comparison_get_compared (const OflComparison *self)
{
  return self->settled.compared + self->unsettled.compared;
}

/**
 * ofl_comparison_get_different:
 * @self: a comparison
 *
 * Returns: number of bytes that differed, anywhere
 */
guint64
ofl_comparison_get_different (const OflComparison *self)
{
  return self->settled.different + self->unsettled.different;
}

/**
 * ofl_comparison_is_equal:
 * @self: a comparison
 *
 * Returns: whether something was compared and none of it differed
 */
gboolean
ofl_comparison_is_equal (const OflComparison *self)
{
  return ofl_comparison_get_compared (self) > 0 && ofl_comparison_get_different (self) == 0;
}

/**
 * ofl_comparison_is_whole:
 * @self: a comparison
 *
 * Returns: whether every byte of the image was compared, so that one may speak of the whole
 */
gboolean
ofl_comparison_is_whole (const OflComparison *self)
{
  return ofl_comparison_get_compared (self) > 0 && self->left_out == NULL;
}

/**
 * ofl_left_out_describe:
 * @self: a stretch that is left out
 *
 * Returns: (transfer full): "1F0000h to 1FFFFFh, 65536 bytes: this drive's own calibration"
 */
char *
ofl_left_out_describe (const OflLeftOut *self)
{
  /* Translators: first and last byte of a stretch, hexadecimal, its length, and why it is not
   * compared. */
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%" PRIX64 "h to %" PRIX64 "h, %" PRIu64 " byte: %s",
                   "%" PRIX64 "h to %" PRIX64 "h, %" PRIu64 " bytes: %s", (gulong) self->length),
      self->offset, self->offset + self->length - 1, self->length, _ (self->why));
}

/* A part of a sentence with a number of its own, for a language may bend words by two of them. */
static char *
describe_difference (const OflCompareCount *count)
{
  if (count->different == 0)
    /* Translators: ends "… bytes read back and compared, %s." */
    return g_strdup (_ ("0 differ"));
  /* Translators: ends "… bytes read back and compared, %s."; the second is a place, hexadecimal */
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%" PRIu64 " differs, the first at %" PRIX64 "h",
                   "%" PRIu64 " differ, the first at %" PRIX64 "h", (gulong) count->different),
      count->different, count->first);
}

static guint64
sum_left_out (const OflComparison *self)
{
  guint64 sum = 0;

  for (guint i = 0; self->left_out != NULL && i < self->left_out->len; i++)
    sum += g_array_index (self->left_out, OflLeftOut, i).length;
  return sum;
}

static char *
describe_whole (guint64 bytes, OflCompareHow how, const char *difference)
{
  gulong n = (gulong) bytes;

  switch (how)
    {
    case OFL_COMPARE_READ_BACK:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%" PRIu64 " byte read back and compared, %s.",
                                           "%" PRIu64 " bytes read back and compared, %s.", n),
                              bytes, difference);
    case OFL_COMPARE_READ_TWICE:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%" PRIu64 " byte read twice and compared, %s.",
                                           "%" PRIu64 " bytes read twice and compared, %s.", n),
                              bytes, difference);
    case OFL_COMPARE_READ:
    default:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%" PRIu64 " byte read and compared, %s.",
                                           "%" PRIu64 " bytes read and compared, %s.", n),
                              bytes, difference);
    }
}

static char *
describe_part (guint64 bytes, guint64 all, OflCompareHow how, const char *difference)
{
  gulong n = (gulong) all;

  switch (how)
    {
    case OFL_COMPARE_READ_BACK:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " of %" PRIu64 " byte read back and compared, %s.",
                       "%" PRIu64 " of %" PRIu64 " bytes read back and compared, %s.", n),
          bytes, all, difference);
    case OFL_COMPARE_READ_TWICE:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%" PRIu64 " of %" PRIu64 " byte read twice and compared, %s.",
                       "%" PRIu64 " of %" PRIu64 " bytes read twice and compared, %s.", n),
          bytes, all, difference);
    case OFL_COMPARE_READ:
    default:
      /* Translators: %s is "0 differ", or "3 differ, the first at 1F0h" */
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%" PRIu64 " of %" PRIu64 " byte read and compared, %s.",
                       "%" PRIu64 " of %" PRIu64 " bytes read and compared, %s.", n),
          bytes, all, difference);
    }
}

static char *
describe_counts (const OflComparison *self, OflCompareHow how)
{
  guint64 compared = ofl_comparison_get_compared (self);
  OflCompareCount all = self->settled;
  g_autofree char *difference = NULL;

  if (self->settled.different == 0)
    all.first = self->unsettled.first;
  else if (self->unsettled.different > 0)
    all.first = MIN (all.first, self->unsettled.first);
  all.different += self->unsettled.different;
  difference = describe_difference (&all);
  if (ofl_comparison_is_whole (self))
    return describe_whole (compared, how, difference);
  return describe_part (compared, compared + sum_left_out (self), how, difference);
}

static void
append_left_out (GString *text, const GArray *left_out)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < left_out->len; i++)
    {
      g_autofree char *left = ofl_left_out_describe (&g_array_index (left_out, OflLeftOut, i));

      g_string_append_printf (list, "%s%s", i == 0 ? "" : "; ", left);
    }
  g_string_append_c (text, ' ');
  /* Translators: a list, parted by semicolons, of stretches of bytes, each with the reason */
  g_string_append_printf (text, _ ("Not compared: %s."), list->str);
}

/**
 * ofl_comparison_describe:
 * @self: a comparison of at least one byte
 * @how: how the drive's bytes were come by
 *
 * Returns: (transfer full): what was compared, what differed and what was left out, in sentences:
 *   the bytes that the drive must hold, and apart from them those of which nobody knows
 */
char *
ofl_comparison_describe (const OflComparison *self, OflCompareHow how)
{
  g_autofree char *counts = describe_counts (self, how);
  GString *text = g_string_new (counts);

  if (self->settled.different == 0 && self->unsettled.different > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              /* Translators: of the bytes that differ */
                              g_dngettext (GETTEXT_PACKAGE,
                                           "All of them lie among %" PRIu64
                                           " byte of which no source says whether the "
                                           "drive keeps what is sent there.",
                                           "All of them lie among %" PRIu64
                                           " bytes of which no source says whether the "
                                           "drive keeps what is sent there.",
                                           (gulong) self->unsettled.compared),
                              self->unsettled.compared);
    }
  if (self->left_out != NULL)
    append_left_out (text, self->left_out);
  return g_string_free (text, FALSE);
}
