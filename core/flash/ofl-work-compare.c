/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reading a drive takes; and what it holds, compared with an image or with its backup: each verdict
 * speaks of exactly the bytes that were compared. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Which of the parts that were read is the one that @image is for, and how the two compare: a drive
 * may show several (a MAIN and a CORE), and one says nothing of another. -1: none of them. */
static int
compare_parts (const OflWork *self, const OflImage *image, const GPtrArray *parts,
               OflComparison *comparison)
{
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      const GByteArray *part = g_ptr_array_index (parts, i);
      g_autoptr (GBytes) bytes = g_bytes_new_static (part->data, part->len);

      ofl_family_compare_read (self->family, image, bytes, self->options->choices, comparison);
      if (ofl_comparison_get_compared (comparison) > 0)
        return (int) i;
      ofl_comparison_clear (comparison);
    }
  return -1;
}

/**
 * ofl_work_backup_covers:
 * @self: a job's work whose backup was made
 *
 * Returns: whether the backup holds the part of the drive that would be written
 */
gboolean
ofl_work_backup_covers (const OflWork *self)
{
  g_auto (OflComparison) comparison = { 0 };

  return !ofl_family_can_compare (self->family)
         || compare_parts (self, self->image, self->backup_parts, &comparison) >= 0;
}

/* "…equals the image", of the whole only where the whole was compared. */
static char *
say_identical (const OflComparison *comparison)
{
  guint64 bytes = ofl_comparison_get_compared (comparison);

  if (ofl_comparison_is_whole (comparison))
    return g_strdup (_ ("The drive's firmware equals this image already."));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "The drive's firmware equals this image already in all %" PRIu64
                   " byte that was compared.",
                   "The drive's firmware equals this image already in all %" PRIu64
                   " bytes that were compared.",
                   (gulong) bytes),
      bytes);
}

static char *
say_equal (const OflComparison *comparison)
{
  guint64 bytes = ofl_comparison_get_compared (comparison);

  if (ofl_comparison_is_whole (comparison))
    return g_strdup (_ ("The drive holds exactly what the file holds."));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "The drive holds what the file holds in all %" PRIu64
                                       " byte that was compared.",
                                       "The drive holds what the file holds in all %" PRIu64
                                       " bytes that were compared.",
                                       (gulong) bytes),
                          bytes);
}

/**
 * ofl_work_check_identical:
 * @self: a job's work whose backup was made
 *
 * The flash already holds what is to be written: no wear, no risk. A drive in its boot mode is
 * flashed all the same, for it says itself that something is missing.
 *
 * Returns: (transfer full) (nullable): the result when there is nothing to write
 */
OflResult *
ofl_work_check_identical (OflWork *self)
{
  g_auto (OflComparison) comparison = { 0 };
  OflResult *result;

  if (self->kind != OFL_JOB_FLASH || self->options->rewrite_identical
      || ofl_snapshot_get_state (self->before) != OFL_DRIVE_STATE_NORMAL
      || compare_parts (self, self->image, self->backup_parts, &comparison) < 0
      || !ofl_comparison_is_equal (&comparison))
    return NULL;
  result = ofl_work_end (self, OFL_VERDICT_IDENTICAL, OFL_SENTENCE (say_identical (&comparison)),
                         NULL);
  ofl_work_set_proof (result,
                      OFL_SENTENCE (ofl_comparison_describe (&comparison, OFL_COMPARE_READ_TWICE)));
  return result;
}

static void
blank (GByteArray *bytes, const OflLeftOut *left)
{
  gsize from = MIN (left->offset, bytes->len);

  memset (bytes->data + from, 0, MIN (left->length, bytes->len - from));
}

/* A dump is laid out as an image is, so what the drive keeps for itself can be taken out of both. */
static gboolean
equal_where_compared (const GByteArray *old, const GByteArray *now, const GArray *left_out)
{
  g_autoptr (GByteArray) a = g_byte_array_append (g_byte_array_new (), old->data, old->len);
  g_autoptr (GByteArray) b = g_byte_array_append (g_byte_array_new (), now->data, now->len);

  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; left_out != NULL && i < left_out->len; i++)
    {
      blank (a, &g_array_index (left_out, OflLeftOut, i));
      blank (b, &g_array_index (left_out, OflLeftOut, i));
    }
  return memcmp (a->data, b->data, a->len) == 0;
}

/**
 * ofl_work_flash_equals_backup:
 * @self: a job's work after something was sent
 *
 * Reads the drive once more. Blocks for as long as that takes.
 *
 * Returns: whether the part that was to be written still is what the backup holds; %FALSE also when
 *   that cannot be told
 */
gboolean
ofl_work_flash_equals_backup (OflWork *self)
{
  g_auto (OflRun) run = { self->transport, self->progress, self->journal, NULL, OFL_STAGE_CONFIRM };
  g_auto (OflComparison) before = { 0 };
  int part;

  if (self->backup == NULL || self->read_plan == NULL)
    return FALSE;
  part = compare_parts (self, self->image, self->backup_parts, &before);
  if (part < 0)
    return FALSE;
  run.family = self->family;
  ofl_run_execute (&run, self->read_plan);
  if (run.end != OFL_RUN_DONE || (guint) part >= run.data.captures->len)
    return FALSE;
  return equal_where_compared (g_ptr_array_index (self->backup_parts, (guint) part),
                               g_ptr_array_index (run.data.captures, (guint) part),
                               before.left_out);
}

static char *
say_different (const OflComparison *comparison)
{
  if (comparison->settled.different > 0)
    return g_strdup (_ ("The drive does not hold what the file holds."));
  return g_strdup (_ ("The drive holds the firmware of the file, but for bytes of which no source "
                      "says whether the drive keeps its own there."));
}

/**
 * ofl_work_compare:
 * @self: a job's work
 *
 * Reads the drive's firmware once and compares it with the image; writes nothing.
 *
 * Returns: (transfer full): the result
 */
OflResult *
ofl_work_compare (OflWork *self)
{
  g_auto (OflRun) run
      = { self->transport, self->progress, self->journal, self->cancellable, OFL_STAGE_VERIFY };
  g_auto (OflComparison) comparison = { 0 };
  gboolean equal;
  OflResult *result;

  if (!ofl_family_can_compare (self->family)
      || g_strcmp0 (ofl_image_get_family (self->image), ofl_family_id (self->family)) != 0)
    return ofl_work_refuse (self, OFL_SAY (_ ("This file cannot be compared with this drive.")),
                            _ ("Choose a firmware file of the drive's own family."));
  ofl_progress_begin_stage (self->progress, OFL_STAGE_VERIFY,
                            ofl_transport_now_us (self->transport));
  run.family = self->family;
  ofl_run_execute (&run, self->read_plan);
  if (run.end == OFL_RUN_CANCELLED)
    return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled while the drive was read.")), NULL);
  self->run.failed_reply = run.failed_reply;
  if (run.end == OFL_RUN_FAILED)
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, run.error, run.technical);
  ofl_progress_end_stage (self->progress, OFL_STAGE_VERIFY, OFL_STAGE_STATE_DONE,
                          ofl_transport_now_us (self->transport));
  if (compare_parts (self, self->image, run.data.captures, &comparison) < 0)
    return ofl_work_refuse (
        self, OFL_SAY (_ ("The drive shows no part that this file could be compared with.")),
        _ ("Choose a firmware file that is made for this drive."));
  equal = ofl_comparison_is_equal (&comparison);
  result
      = ofl_work_end (self, equal ? OFL_VERDICT_VERIFIED : OFL_VERDICT_DIFFERENT,
                      OFL_SENTENCE (equal ? say_equal (&comparison) : say_different (&comparison)),
                      NULL);
  ofl_work_set_proof (result,
                      OFL_SENTENCE (ofl_comparison_describe (&comparison, OFL_COMPARE_READ)));
  return result;
}

/* What two readings have in common takes its time once. */
static void
take_off_shared (const OflPlan *plan, guint *usual_ms, guint *max_ms)
{
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);

      if (step->reading != OFL_READING_SHARED)
        continue;
      *usual_ms -= step->usual_ms;
      *max_ms -= MAX (step->max_ms, step->usual_ms);
    }
}

/**
 * ofl_work_announce_read:
 * @self: a job's work with its plan to read the drive
 *
 * Tells the progress what reading the drive will take: once to compare, twice to back up.
 */
void
ofl_work_announce_read (OflWork *self)
{
  guint passes = self->kind == OFL_JOB_VERIFY ? 1 : 2;
  OflStage stage = self->kind == OFL_JOB_VERIFY ? OFL_STAGE_VERIFY : OFL_STAGE_BACKUP;
  OflStagePlan stages[OFL_N_STAGES];
  guint64 bytes = 0;
  guint usual = 0, max = 0;

  ofl_plan_measure (self->read_plan, stages);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      bytes += stages[i].bytes;
      usual += stages[i].usual_ms;
      max += stages[i].max_ms;
    }
  usual *= passes;
  max *= passes;
  if (passes == 2)
    take_off_shared (self->read_plan, &usual, &max);
  ofl_progress_plan_stage (self->progress, stage, bytes * passes, usual, max);
}
