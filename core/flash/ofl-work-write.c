/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job from the first dangerous command to the verdict. */
#include "flash/ofl-work.h"

#include "scsi/ofl-error.h"

/* A drive that fell off the bus by a reset is back within seconds; one that was unplugged is not,
 * and the user should not wait for it. */
#define COME_BACK_MS 5000

static gint64
now_us (const OflWork *self)
{
  return ofl_transport_now_us (self->transport);
}

/* Who answers now? NULL when nobody does. */
static OflSnapshot *
look_again (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflSnapshot *seen = ofl_drive_take_snapshot (self->transport, ofl_families_probe,
                                               self->options->family, &error);

  if (seen == NULL && g_error_matches (error, OFL_ERROR, OFL_ERROR_LOST)
      && ofl_transport_reopen (self->transport, COME_BACK_MS, NULL, NULL))
    seen = ofl_drive_take_snapshot (self->transport, ofl_families_probe, self->options->family,
                                    NULL);
  if (seen != NULL
      && g_strcmp0 (ofl_snapshot_identity (seen)->serial,
                    ofl_snapshot_identity (self->before)->serial)
             != 0
      && *ofl_snapshot_identity (seen)->serial != '\0')
    g_clear_pointer (&seen, ofl_snapshot_unref);
  return seen;
}

static gboolean
same_firmware_as_before (const OflWork *self)
{
  const OflIdentity *a = ofl_snapshot_identity (self->before);
  const OflIdentity *b = ofl_snapshot_identity (self->after);

  return g_str_equal (a->revision, b->revision) && g_str_equal (a->product, b->product)
         && ofl_snapshot_get_state (self->before) == ofl_snapshot_get_state (self->after);
}

static OflResult *
end_cancelled (OflWork *self)
{
  self->after = look_again (self);
  if (self->after == NULL)
    return ofl_work_end (self, OFL_VERDICT_UNKNOWN,
                         "Cancelled before the point of no return, and the drive does not answer.",
                         NULL);
  if (self->run.wrote && !same_firmware_as_before (self))
    return ofl_work_end (self, OFL_VERDICT_FAILED_RECOVERY,
                         "Cancelled before anything was programmed, but the drive had been put "
                         "into another mode already and has not left it.",
                         NULL);
  return ofl_work_end (self, OFL_VERDICT_CANCELLED, "Cancelled before the point of no return.",
                       NULL);
}

static OflResult *
end_failed (OflWork *self)
{
  g_autofree char *what = NULL;
  const OflStep *step = ofl_plan_get_step (self->write_plan, self->run.failed_step);
  const char *why = self->run.error != NULL ? self->run.error->message : "no reason was given";

  self->after = look_again (self);
  what = g_strdup_printf ("%s: %s", step->label, why);
  if (self->run.danger)
    {
      gboolean only_verify = step->stage >= OFL_STAGE_VERIFY && self->after != NULL
                             && ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_NORMAL;

      return ofl_work_end (self,
                           only_verify ? OFL_VERDICT_UNKNOWN : OFL_VERDICT_FAILED_RECOVERY, what,
                           self->run.technical);
    }
  if (!self->run.wrote)
    return ofl_work_end (self,
                         self->run.error != NULL && self->run.error->domain == OFL_ERROR
                                 && (self->run.error->code == OFL_ERROR_NOT_READY
                                     || self->run.error->code == OFL_ERROR_MISMATCH)
                             ? OFL_VERDICT_REFUSED
                             : OFL_VERDICT_FAILED_UNTOUCHED,
                         what, self->run.technical);
  /* something was sent, nothing dangerous: only a drive that answers as before proves it */
  if (self->after != NULL && same_firmware_as_before (self))
    return ofl_work_end (self, OFL_VERDICT_FAILED_UNTOUCHED, what, self->run.technical);
  if (self->after != NULL)
    return ofl_work_end (self, OFL_VERDICT_FAILED_RECOVERY, what, self->run.technical);
  return ofl_work_end (self, OFL_VERDICT_UNKNOWN, what, self->run.technical);
}

/* Is it the backup that is still there? The backup is an image of the same family. */
static gboolean
flash_equals_backup (OflWork *self)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_image_unref);
  g_auto (OflRun) run = { self->transport, self->progress, self->journal, NULL, OFL_STAGE_CONFIRM };
  g_autoptr (GBytes) now = NULL;
  guint64 compared = 0;

  if (self->backup == NULL || self->read_plan == NULL || self->family->compare_read == NULL)
    return FALSE;
  self->family->parse (self->family, self->backup->flash, images);
  if (images->len == 0)
    return FALSE;
  ofl_run_execute (&run, self->read_plan);
  if (run.end != OFL_RUN_DONE)
    return FALSE;
  now = ofl_run_get_capture (&run, 0);
  return self->family->compare_read (self->family, g_ptr_array_index (images, 0), now,
                                     self->options->choices, &compared)
             == 0
         && compared > 0;
}

static char *
what_was_seen (const OflWork *self, OflVerdict verdict)
{
  const char *before = ofl_snapshot_identity (self->before)->revision;
  const char *after = self->after != NULL ? ofl_snapshot_identity (self->after)->revision : NULL;
  g_autofree char *name = ofl_work_describe (self);

  if (after == NULL)
    return g_strdup_printf ("%s took every command and does not answer now.", name);
  if (verdict == OFL_VERDICT_VERIFIED || verdict == OFL_VERDICT_CONFIRMED)
    return g_strdup_printf ("%s reports revision %s (before: %s).", name, after, before);
  if (verdict == OFL_VERDICT_UNCHANGED)
    return g_strdup_printf ("%s took every command and still reports revision %s.", name, after);
  return g_strdup_printf ("%s reports revision %s, and its firmware is not the image.", name,
                          after);
}

static OflResult *
end_confirmed (OflWork *self)
{
  OflProof proof = { self->before, NULL, self->image, self->run.compared, self->run.different };
  g_autofree char *what = NULL;
  OflVerdict verdict;
  OflResult *result;

  ofl_progress_begin_stage (self->progress, OFL_STAGE_CONFIRM, now_us (self));
  self->after = look_again (self);
  proof.after = self->after;
  if (self->after != NULL && proof.different > 0)
    proof.equals_backup = flash_equals_backup (self);
  verdict = self->after != NULL ? self->family->confirm (self->family, &proof)
                                : OFL_VERDICT_UNKNOWN;
  if (self->after != NULL && ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_BOOT)
    verdict = OFL_VERDICT_FAILED_RECOVERY;
  ofl_progress_end_stage (self->progress, OFL_STAGE_CONFIRM,
                          ofl_verdict_is_success (verdict) ? OFL_STAGE_STATE_DONE
                                                           : OFL_STAGE_STATE_FAILED,
                          now_us (self));
  what = what_was_seen (self, verdict);
  result = ofl_work_end (self, verdict, what, NULL);
  if (proof.compared > 0)
    result->proof = g_strdup_printf (
        "%" G_GUINT64_FORMAT " bytes read back and compared, %" G_GUINT64_FORMAT " differ%s",
        proof.compared, proof.different, proof.different > 0 ? "" : ".");
  if (proof.different > 0)
    {
      g_autofree char *old = g_steal_pointer (&result->proof);

      result->proof = g_strdup_printf ("%s, the first at %Xh.", old, self->run.first_difference);
    }
  return result;
}

/**
 * ofl_work_write:
 * @self: a job's work, its backup made
 *
 * Puts the journal on the disk, runs the write plan and finds the verdict.
 *
 * Returns: (transfer full): the result
 */
OflResult *
ofl_work_write (OflWork *self)
{
  g_autofree char *digest = ofl_plan_digest (self->write_plan);
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED, "Cancelled before anything was sent.", NULL);
  ofl_journal_write (self->journal, "write-begins", "plan", ofl_plan_get_title (self->write_plan),
                     "plan_sha256", digest, NULL);
  if (!ofl_journal_sync (self->journal, &error))
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  self->run.transport = self->transport;
  self->run.progress = self->progress;
  self->run.journal = self->journal;
  self->run.cancellable = self->cancellable;
  self->run.stage = -1;
  ofl_run_execute (&self->run, self->write_plan);
  ofl_progress_set_cancelable (self->progress, FALSE);
  if (self->run.end == OFL_RUN_CANCELLED)
    return end_cancelled (self);
  if (self->run.end == OFL_RUN_FAILED)
    return end_failed (self);
  return end_confirmed (self);
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
  g_auto (OflRun) run = { self->transport, self->progress, self->journal, self->cancellable,
                          OFL_STAGE_VERIFY };
  g_autoptr (GBytes) dump = NULL;
  guint64 compared = 0, different;
  OflResult *result;

  if (self->family->compare_read == NULL
      || g_strcmp0 (ofl_image_get_family (self->image), self->family->id) != 0)
    return ofl_work_refuse (self, "This file cannot be compared with this drive.",
                            "Choose a firmware file of the drive's own family.");
  ofl_progress_begin_stage (self->progress, OFL_STAGE_VERIFY, now_us (self));
  ofl_run_execute (&run, self->read_plan);
  if (run.end == OFL_RUN_CANCELLED)
    return ofl_work_end (self, OFL_VERDICT_CANCELLED, "Cancelled while the drive was read.", NULL);
  if (run.end == OFL_RUN_FAILED)
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, run.error, run.technical);
  ofl_progress_end_stage (self->progress, OFL_STAGE_VERIFY, OFL_STAGE_STATE_DONE, now_us (self));
  dump = ofl_run_get_capture (&run, 0);
  different = self->family->compare_read (self->family, self->image, dump, self->options->choices,
                                          &compared);
  if (compared == 0)
    return ofl_work_end (self, OFL_VERDICT_UNKNOWN,
                         "The image names no range that could be compared.", NULL);
  result = ofl_work_end (self, different == 0 ? OFL_VERDICT_VERIFIED : OFL_VERDICT_DIFFERENT,
                         different == 0 ? "The drive's firmware equals the image."
                                        : "The drive's firmware differs from the image.",
                         NULL);
  result->proof = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes read and compared, %"
                                   G_GUINT64_FORMAT " differ.",
                                   compared, different);
  return result;
}

static gboolean
open_journal (OflWork *self, GError **error)
{
  static const char *const kinds[] = { "flash", "backup", "verify" };
  g_autofree char *name = ofl_work_describe (self);
  g_autofree char *image = self->image != NULL ? ofl_image_describe (self->image) : NULL;
  const OflIdentity *id = ofl_snapshot_identity (self->before);

  self->journal = ofl_journal_open (self->options->state_dir, error);
  if (self->journal == NULL)
    return FALSE;
  ofl_journal_write (self->journal, "job", "kind", kinds[self->kind], "drive", name, "drive_id",
                     ofl_target_get_id (self->target), "serial", id->serial, "revision",
                     id->revision, "family",
                     self->family != NULL ? self->family->id : NULL, "image", image,
                     "image_sha256",
                     self->image != NULL ? ofl_image_get_hashes (self->image)->sha256 : NULL, NULL);
  return TRUE;
}

static OflResult *
run_phases (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflResult *result = ofl_work_identify (self);

  if (result == NULL)
    result = ofl_work_judge (self);
  if (result != NULL)
    return result;
  if (g_cancellable_is_cancelled (self->cancellable))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED, "Cancelled before anything was read.", NULL);
  if (!open_journal (self, &error))
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  if (self->kind == OFL_JOB_VERIFY)
    return ofl_work_compare (self);
  result = ofl_work_back_up (self);
  if (result != NULL)
    return result;
  if (self->kind == OFL_JOB_BACKUP)
    {
      gboolean firmware = (ofl_snapshot_get_caps (self->before) & OFL_CAP_READ) != 0;

      result = ofl_work_end (self, OFL_VERDICT_DONE,
                             firmware ? "The firmware was read twice and is stored."
                                      : "What belongs to this very drive was read twice and is "
                                        "stored. Its firmware cannot be read.",
                             NULL);
      result->proof = g_strdup_printf ("Two reads of %" G_GSIZE_FORMAT " bytes are equal.",
                                       g_bytes_get_size (self->backup->flash));
      return result;
    }
  return ofl_work_write (self);
}

/**
 * ofl_work_execute:
 * @self: a job's work
 *
 * Does the whole job on the calling thread, lets the drive go, and says how it ended.
 *
 * Returns: (transfer full): the result, never %NULL
 */
OflResult *
ofl_work_execute (OflWork *self)
{
  OflResult *result = run_phases (self);

  if (self->journal != NULL)
    {
      ofl_journal_write (self->journal, "end", "verdict", ofl_verdict_id (result->verdict), "what",
                         result->what, "proof", result->proof, "technical", result->technical,
                         NULL);
      ofl_journal_sync (self->journal, NULL);
    }
  ofl_progress_log (self->progress,
                    ofl_verdict_is_success (result->verdict) ? OFL_LOG_INFO : OFL_LOG_ERROR,
                    "%s. %s", ofl_verdict_title (result->verdict), result->what);
  if (self->transport != NULL)
    ofl_transport_close (self->transport);
  ofl_progress_finish (self->progress, result->verdict,
                       self->transport != NULL ? now_us (self) : g_get_monotonic_time ());
  return result;
}
