/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job from the first dangerous command to the verdict. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define TEST_UNIT_READY 0x00 /* as every drive knows it (SPC) */

/* A drive that fell off the bus by a reset is back within seconds; one that was unplugged is not,
 * and the user should not wait for it. */
#define COME_BACK_MS 5000

static gint64
now_us (const OflWork *self)
{
  return ofl_transport_now_us (self->transport);
}

/**
 * ofl_work_look_again:
 * @self: a job's work
 *
 * Asks once more who answers; a drive that fell off the bus is waited for, for seconds.
 *
 * Returns: (transfer full) (nullable): the drive; %NULL when nobody answers
 */
OflSnapshot *
ofl_work_look_again (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflSnapshot *seen = ofl_drive_take_snapshot (self->transport, ofl_families_probe,
                                               self->options->family, &error);

  if (seen == NULL && g_error_matches (error, OFL_ERROR, OFL_ERROR_LOST)
      && ofl_transport_reopen (self->transport, COME_BACK_MS, NULL, NULL))
    seen = ofl_drive_take_snapshot (self->transport, ofl_families_probe, self->options->family,
                                    NULL);
  return seen;
}

/**
 * ofl_work_same_serial:
 * @self: a job's work whose drive was looked at again
 *
 * Returns: whether who answers now shows the serial that it showed before; one that shows none now may
 *   still be the same
 */
gboolean
ofl_work_same_serial (const OflWork *self)
{
  const char *now = ofl_snapshot_identity (self->after)->serial;

  return *now == '\0' || g_str_equal (now, ofl_snapshot_identity (self->before)->serial);
}

static gboolean
same_firmware_as_before (const OflWork *self)
{
  const OflIdentity *a = ofl_snapshot_identity (self->before);
  const OflIdentity *b = ofl_snapshot_identity (self->after);

  return g_str_equal (a->revision, b->revision) && g_str_equal (a->product, b->product)
         && ofl_work_same_serial (self)
         && ofl_snapshot_get_state (self->before) == ofl_snapshot_get_state (self->after);
}

static OflResult *
end_cancelled (OflWork *self)
{
  self->after = ofl_work_look_again (self);
  if (self->after == NULL)
    return ofl_work_end (self, OFL_VERDICT_UNKNOWN,
                         OFL_SAY (
                             _ ("Cancelled before the point of no return, and the drive does not "
                                "answer.")),
                         NULL);
  if (self->run.wrote && !same_firmware_as_before (self))
    return ofl_work_end (self, OFL_VERDICT_FAILED_RECOVERY,
                         OFL_SAY (_ ("Cancelled before anything was programmed, but the drive had "
                                     "been put into another mode already and has not left it.")),
                         NULL);
  return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                       OFL_SAY (_ ("Cancelled before the point of no return.")), NULL);
}

static gboolean
answers_normally (const OflWork *self)
{
  return self->after != NULL && !ofl_snapshot_identity (self->after)->getting_ready
         && ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_NORMAL;
}

/* A plan's check may fail with another domain's error: what to do then is that of any failure. */
static OflError
failed_code (const OflWork *self)
{
  const GError *error = self->run.error;

  if (error == NULL)
    return OFL_ERROR_FAILED;
  if (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR)
    return OFL_ERROR_STORAGE;
  return error->domain == OFL_ERROR ? (OflError) error->code : OFL_ERROR_FAILED;
}

static gboolean
failed_with (const OflWork *self, OflError code)
{
  return g_error_matches (self->run.error, OFL_ERROR, (int) code);
}

/* Whether @self broke off at the last command that the image needs: what would have come after it only
 * asks. */
static gboolean
was_last (const OflWork *self)
{
  for (guint i = self->run.failed_step + 1; i < ofl_plan_get_n_steps (self->write_plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (self->write_plan, i);

      if (step->kind == OFL_STEP_COMMAND && step->stage < OFL_STAGE_VERIFY
          && step->command.dir != OFL_DIR_IN && step->command.cdb[0] != TEST_UNIT_READY)
        return FALSE;
    }
  return TRUE;
}

/* Past the point of no return. A drive that is at work, or does not answer a question in time, may
 * still finish; one that answers and can be read tells what it holds. The last command may have been
 * finished though its answer did not come. */
static OflVerdict
judge_broken_off (OflWork *self, const OflStep *step)
{
  gboolean at_work = failed_with (self, OFL_ERROR_STILL_BUSY)
                     || (self->after != NULL && ofl_snapshot_identity (self->after)->getting_ready)
                     || (self->after == NULL && ofl_work_unanswered (self));

  if (at_work)
    return OFL_VERDICT_UNKNOWN;
  if (!answers_normally (self))
    return OFL_VERDICT_FAILED_RECOVERY;
  if (step->stage >= OFL_STAGE_VERIFY)
    return OFL_VERDICT_UNKNOWN;
  if (ofl_work_flash_equals_backup (self))
    return OFL_VERDICT_UNCHANGED;
  return ofl_work_unanswered (self) && was_last (self) ? OFL_VERDICT_UNKNOWN
                                                       : OFL_VERDICT_FAILED_RECOVERY;
}

/* Before the point of no return, with something sent: the revision alone proves nothing, so a drive
 * that can be read is read. */
static OflVerdict
judge_before_danger (OflWork *self)
{
  gboolean readable = self->backup != NULL && ofl_work_backup_covers (self)
                      && ofl_family_can_compare (self->family);

  if (self->after == NULL || ofl_snapshot_identity (self->after)->getting_ready
      || failed_with (self, OFL_ERROR_STILL_BUSY))
    return OFL_VERDICT_UNKNOWN;
  if (!same_firmware_as_before (self))
    return OFL_VERDICT_FAILED_RECOVERY;
  if (!readable || ofl_work_flash_equals_backup (self))
    return OFL_VERDICT_FAILED_UNTOUCHED;
  return OFL_VERDICT_UNKNOWN;
}

/* Which step failed, and how; some reasons name it themselves. */
static char *
say_failed (const OflStep *step, const GError *error)
{
  const char *label = _ (step->label);

  if (error == NULL)
    return g_strdup_printf (_ ("%s: no reason was given"), label);
  if (g_str_has_prefix (ofl_error_text (error), label))
    return g_strdup (ofl_error_text (error));
  /* Translators: what the drive was to do, and a sentence that says what happened */
  return g_strdup_printf (_ ("%s: %s"), label, ofl_error_text (error));
}

static OflResult *
end_failed (OflWork *self)
{
  const OflStep *step = ofl_plan_get_step (self->write_plan, self->run.failed_step);
  g_autoptr (GError) error = NULL;
  OflVerdict verdict;

  ofl_error_take (&error, failed_code (self), OFL_SENTENCE (say_failed (step, self->run.error)));
  self->after = ofl_work_look_again (self);
  if (self->run.danger)
    verdict = judge_broken_off (self, step);
  else if (self->run.wrote)
    verdict = judge_before_danger (self);
  else if (failed_with (self, OFL_ERROR_NOT_READY) || failed_with (self, OFL_ERROR_MISMATCH))
    verdict = OFL_VERDICT_REFUSED;
  else
    verdict = OFL_VERDICT_FAILED_UNTOUCHED;
  return ofl_work_end_error (self, verdict, error, self->run.technical);
}

/**
 * ofl_work_name_now:
 * @self: a job's work whose drive was looked at again
 *
 * After a cross-flash the new name is the sign that people look for.
 *
 * Returns: (transfer full): as the drive calls itself now, and what it was, when that is another name
 */
char *
ofl_work_name_now (const OflWork *self)
{
  g_autofree char *was = ofl_work_describe (self);
  g_autofree char *is = ofl_identity_name (ofl_snapshot_identity (self->after));
  const char *serial = ofl_snapshot_identity (self->after)->serial;
  const char *serial_was = ofl_snapshot_identity (self->before)->serial;

  if (*serial_was == '\0')
    /* Translators: instead of a serial number: "whose serial is now 123 (was none)" */
    serial_was = _ ("none");
  if (g_str_equal (was, is) && ofl_work_same_serial (self))
    return g_strdup (is);
  if (ofl_work_same_serial (self))
    /* Translators: two names of a drive; stands where a sentence names it */
    return g_strdup_printf (_ ("%s (was %s)"), is, was);
  if (g_str_equal (was, is))
    /* Translators: a drive and two serial numbers; stands where a sentence names the drive */
    return g_strdup_printf (_ ("%s, whose serial is now %s (was %s),"), is, serial, serial_was);
  /* Translators: two names of a drive and two serial numbers; stands where a sentence names it */
  return g_strdup_printf (_ ("%s (was %s), whose serial is now %s (was %s),"), is, was, serial,
                          serial_was);
}

/* Translators: in all of these the first %s is the drive's name, the others are revisions. */
static char *
what_was_seen (const OflWork *self, OflVerdict verdict)
{
  const char *before = ofl_snapshot_identity (self->before)->revision;
  const char *after = self->after != NULL ? ofl_snapshot_identity (self->after)->revision : NULL;
  g_autofree char *name = self->after != NULL ? ofl_work_name_now (self) : ofl_work_describe (self);

  if (after == NULL)
    return g_strdup_printf (_ ("%s took every command and does not answer now."), name);
  if (verdict == OFL_VERDICT_VERIFIED || verdict == OFL_VERDICT_CONFIRMED)
    return g_strdup_printf (_ ("%s reports revision %s (before: %s)."), name, after, before);
  if (verdict == OFL_VERDICT_UNCHANGED)
    return g_strdup_printf (_ ("%s took every command and holds what it held before: revision %s."),
                            name, after);
  if (self->run.comparison.settled.different > 0)
    return g_strdup_printf (_ ("%s reports revision %s, and its firmware is not the image."), name,
                            after);
  if (verdict == OFL_VERDICT_UNKNOWN && self->run.comparison.unsettled.different > 0)
    return g_strdup_printf (_ ("%s reports revision %s (before: %s). What the firmware is known to "
                               "need was read back and equals the image; other bytes differ."),
                            name, after, before);
  if (verdict == OFL_VERDICT_UNKNOWN && ofl_snapshot_identity (self->after)->getting_ready)
    return g_strdup_printf (_ ("%s took every command and is still getting ready."), name);
  if (verdict == OFL_VERDICT_UNKNOWN && ofl_work_left_boot (self))
    return g_strdup_printf (_ ("%s left its boot mode and runs revision %s, which is the image's. "
                               "Whether these bytes were written now cannot be told."),
                            name, after);
  if (verdict == OFL_VERDICT_UNKNOWN && g_str_equal (before, after))
    return g_strdup_printf (_ ("%s took every command and reports revision %s, as before. Whether "
                               "its firmware was rewritten, that does not tell."),
                            name, after);
  if (verdict == OFL_VERDICT_UNKNOWN)
    return g_strdup_printf (_ ("%s took every command and reports revision %s (before: %s), which "
                               "is not proof enough that it holds the image."),
                            name, after, before);
  return g_strdup_printf (_ ("%s took every command, but only its boot code answers: revision %s."),
                          name, after);
}

static OflResult *
end_confirmed (OflWork *self)
{
  const OflComparison *comparison = &self->run.comparison;
  OflProof proof = { .before = self->before,
                     .image = self->image,
                     .compared = ofl_comparison_get_compared (comparison),
                     .different = comparison->settled.different,
                     .unsettled = comparison->unsettled.different };
  OflVerdict verdict;
  OflResult *result;

  ofl_progress_begin_stage (self->progress, OFL_STAGE_CONFIRM, now_us (self));
  self->after = ofl_work_look_again (self);
  proof.after = self->after;
  if (self->after != NULL && ofl_comparison_get_different (comparison) > 0)
    proof.equals_backup = ofl_work_flash_equals_backup (self);
  verdict = ofl_family_confirm (self->family, &proof);
  if (self->after != NULL && ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_BOOT)
    verdict = OFL_VERDICT_FAILED_RECOVERY;
  /* a name is no proof when it may be another drive's */
  if (verdict == OFL_VERDICT_CONFIRMED && !ofl_work_same_serial (self))
    verdict = OFL_VERDICT_UNKNOWN;
  ofl_progress_end_stage (self->progress, OFL_STAGE_CONFIRM,
                          ofl_verdict_is_success (verdict) ? OFL_STAGE_STATE_DONE
                                                           : OFL_STAGE_STATE_FAILED,
                          now_us (self));
  result = ofl_work_end (self, verdict, OFL_SENTENCE (what_was_seen (self, verdict)), NULL);
  if (proof.compared > 0)
    ofl_work_set_proof (result,
                        OFL_SENTENCE (ofl_comparison_describe (comparison, OFL_COMPARE_READ_BACK)));
  return result;
}

/* Puts the journal on the disk, runs the write plan and finds the verdict. */
static OflResult *
write_firmware (OflWork *self)
{
  g_autofree char *digest = ofl_plan_digest (self->write_plan);
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled before anything was sent.")), NULL);
  ofl_journal_write (self->journal, "write-begins", "plan", ofl_plan_get_title (self->write_plan),
                     "plan_sha256", digest, NULL);
  if (!ofl_journal_sync (self->journal, &error))
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  self->run.transport = self->transport;
  self->run.progress = self->progress;
  self->run.journal = self->journal;
  self->run.cancellable = self->cancellable;
  self->run.stage = -1;
  self->run.watch_limit_ms = self->options->watch_limit_ms;
  self->run.family = self->family;
  ofl_run_execute (&self->run, self->write_plan);
  ofl_progress_set_cancelable (self->progress, FALSE);
  if (self->run.end == OFL_RUN_CANCELLED)
    return end_cancelled (self);
  if (self->run.end == OFL_RUN_FAILED)
    return end_failed (self);
  return end_confirmed (self);
}

static void
on_journal_broken (int code, gpointer data)
{
  OflWork *self = data;

  ofl_progress_log (self->progress, OFL_LOG_WARNING,
                    "The journal cannot be written any more: %s. The job goes on without it.",
                    ofl_errno_text (code));
}

/* "HL-DT-ST BD-RE BU40N 1.03": which firmware it was is told by its revision. */
static char *
describe_image (const OflWork *self)
{
  g_autofree char *title = ofl_image_describe (self->image);
  g_autofree char *revision = ofl_families_image_revision (self->before, self->image);

  if (revision == NULL || strstr (title, revision) != NULL)
    return g_steal_pointer (&title);
  return g_strdup_printf ("%s %s", title, revision);
}

/* A write needs a journal. A job that only reads does no harm without one. */
static gboolean
open_journal (OflWork *self, GError **error)
{
  static const char *const kinds[] = { "flash", "backup", "verify", "updater" };
  gpointer before = ofl_english_begin ();
  g_autofree char *name = ofl_work_describe (self);
  g_autofree char *image = self->image != NULL ? describe_image (self) : NULL;
  g_autofree char *brings
      = self->image != NULL ? ofl_families_image_revision (self->before, self->image) : NULL;
  const OflIdentity *id = ofl_snapshot_identity (self->before);
  g_autoptr (GError) local = NULL;

  ofl_english_end (before);
  self->journal = ofl_journal_open (self->options->state_dir, &local);
  if (self->journal == NULL && ofl_job_kind_writes (self->kind))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (self->journal == NULL)
    {
      ofl_progress_log (self->progress, OFL_LOG_WARNING,
                        "%s This job only reads the drive and goes on without one.",
                        ofl_error_english (local));
      return TRUE;
    }
  ofl_journal_set_broken_func (self->journal, on_journal_broken, self);
  ofl_journal_write (
      self->journal, "job", "kind", kinds[self->kind], "drive", name, "drive_id",
      ofl_target_get_id (self->target), "serial", id->serial, "revision", id->revision, "family",
      self->family != NULL ? ofl_family_id (self->family) : NULL, "image", image, "image_sha256",
      self->image != NULL ? ofl_image_get_hashes (self->image)->sha256 : NULL, "image_revision",
      brings, "image_file", self->options->image_file, "image_with", self->options->image_with,
      "own_table",
      self->before != NULL ? ofl_snapshot_get_fact (self->before, OFL_FACT_OWN_TABLE) : NULL, NULL);
  return TRUE;
}

/* Takes what was said, and adds the warning that what was read so is kept with. */
static char *
with_warning (const OflWork *self, char *said, const char *what)
{
  g_autofree char *plain = said;
  g_autofree char *warning = ofl_family_warning (self->family, what);

  return warning != NULL ? g_strconcat (plain, " ", _ (warning), NULL) : g_steal_pointer (&plain);
}

static char *
say_backed_up (const OflWork *self)
{
  if (self->backup->damage.shown != NULL)
    /* Translators: the reason is a clause: "it fails its own check …"; the second %s is a file */
    return g_strdup_printf (_ ("The drive's firmware is damaged (%s). What was read is kept as "
                               "evidence, in %s; it is no backup."),
                            ofl_sentence_text (&self->backup->damage), self->backup->path);
  if ((ofl_snapshot_get_caps (self->before) & OFL_CAP_READ) != 0)
    return with_warning (self, g_strdup (_ ("The firmware was read twice and is stored.")),
                         "reads");
  return with_warning (self,
                       g_strdup (_ ("What belongs to this very drive was read twice and is stored. "
                                    "Its firmware cannot be read.")),
                       "eeprom");
}

static char *
say_two_reads (gsize bytes)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Two reads of %zu byte are equal.",
                                       "Two reads of %zu bytes are equal.", bytes),
                          bytes);
}

static OflResult *
end_backup (OflWork *self)
{
  gsize bytes = g_bytes_get_size (self->backup->flash);
  OflResult *result
      = ofl_work_end (self, OFL_VERDICT_DONE, OFL_SENTENCE (say_backed_up (self)), NULL);

  if (self->backup->damage.shown != NULL)
    ofl_work_set_next (result,
                       _ ("Flash a firmware that is made for this drive, or a backup that was "
                          "made while it was well."));
  else
    ofl_work_set_proof (result, OFL_SENTENCE (say_two_reads (bytes)));
  return result;
}

static OflResult *
run_phases (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflResult *result = ofl_work_identify (self);

  if (result == NULL && self->kind == OFL_JOB_UPDATER)
    return open_journal (self, &error)
               ? self->func (self, self->func_data)
               : ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  if (result == NULL)
    result = ofl_work_check_link (self);
  if (result == NULL)
    {
      ofl_work_look_around (self);
      result = ofl_work_judge (self);
    }
  if (result != NULL)
    return result;
  if (g_cancellable_is_cancelled (self->cancellable))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled before anything was read.")), NULL);
  if (!open_journal (self, &error))
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  ofl_work_note_link (self);
  ofl_work_note_checks (self);
  if (self->kind == OFL_JOB_VERIFY)
    return ofl_work_compare (self);
  result = ofl_work_back_up (self);
  if (result != NULL)
    return result;
  if (self->kind == OFL_JOB_BACKUP)
    return end_backup (self);
  return write_firmware (self);
}

/* What earlier jobs left open for this drive is over once it is known to hold a whole firmware. */
static void
close_earlier (OflWork *self, const OflResult *result)
{
  OflSnapshot *seen[] = { self->before, self->after };
  const char *by = self->journal != NULL ? ofl_journal_get_path (self->journal) : NULL;
  guint closed = 0;

  if (self->kind == OFL_JOB_BACKUP || !ofl_verdict_is_success (result->verdict))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    if (seen[i] != NULL)
      closed += ofl_journal_close_earlier (self->options->state_dir,
                                           ofl_snapshot_identity (seen[i]),
                                           ofl_target_get_id (self->target), by);
  if (closed > 0)
    ofl_progress_log (self->progress, OFL_LOG_INFO,
                      "%u earlier write%s to this drive that never ended: closed by this job.",
                      closed, closed == 1 ? "" : "s");
}

static char *
say_gap (const OflWork *self, gboolean ended)
{
  const char *why = ofl_errno_words (ofl_journal_get_broken (self->journal));

  return ended
             ? g_strdup_printf (_ ("The journal of this job is not whole: %s."), why)
             : g_strdup_printf (_ ("The journal of this job is not whole: %s. The next start will "
                                   "speak of it as never ended."),
                                why);
}

/* A journal that has a gap is told of: it is what a report would be built on. */
static void
end_journal (OflWork *self, OflResult *result)
{
  gboolean ended = ofl_journal_end (self->journal, ofl_verdict_id (result->verdict),
                                    result->record_what, result->record_proof, result->technical);

  if (ended && ofl_journal_get_broken (self->journal) == 0)
    return;
  ofl_work_append (result, OFL_SENTENCE (say_gap (self, ended)));
}

/* The log's last line, in its language. */
static void
log_end (OflWork *self, const OflResult *result)
{
  gpointer before = ofl_english_begin ();

  ofl_progress_log (self->progress,
                    ofl_verdict_is_success (result->verdict) ? OFL_LOG_INFO : OFL_LOG_ERROR,
                    "%s. %s", ofl_verdict_title (result->verdict), result->record_what);
  ofl_english_end (before);
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

  ofl_work_advise (result, &self->run.failed_reply);
  ofl_work_mention_link (self, result);
  if (self->journal != NULL)
    end_journal (self, result);
  if (self->before != NULL)
    close_earlier (self, result);
  log_end (self, result);
  if (self->transport != NULL)
    ofl_transport_close (self->transport);
  ofl_progress_finish (self->progress, result->verdict,
                       self->transport != NULL ? now_us (self) : g_get_monotonic_time ());
  return result;
}
