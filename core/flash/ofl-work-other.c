/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A write that is not by a plan of ours: what comes before it, and what can be told after it. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-preflight.h"
#include "scsi/ofl-error.h"

/* For so long, by the drive's clock, a drive that says that it is getting ready is waited for. */
#define READY_MS (5 * 60 * 1000)
#define READY_STEP_MS 1000

static gint64
now_us (const OflWork *self)
{
  return ofl_transport_now_us (self->transport);
}

static gboolean
may_read (const OflWork *self, OflCaps what)
{
  return self->family != NULL
         && ofl_preflight_may_read (self->before, self->options->choices, what);
}

/* Only for the backup; what cannot be planned is one more reason why there is none. */
static OflResult *
plan_backup (OflWork *self)
{
  g_autoptr (GError) error = NULL;

  if (!may_read (self, OFL_CAP_READ | OFL_CAP_READ_EEPROM))
    return NULL;
  self->read_plan
      = ofl_family_plan_read (self->family, self->before, self->options->choices, &error);
  if (self->read_plan == NULL)
    return ofl_work_end_error (self, OFL_VERDICT_REFUSED, error, NULL);
  ofl_work_announce_read (self);
  return NULL;
}

/* Since the drive said who it is a person may have put a disc into it, or another program have had it. */
static OflResult *
look_anew (OflWork *self)
{
  OflSnapshot *now = ofl_work_look_again (self);
  const OflIdentity *was = ofl_snapshot_identity (self->before);
  const OflIdentity *is = now != NULL ? ofl_snapshot_identity (now) : NULL;

  if (is == NULL || !ofl_identity_same_drive (was, is) || !g_str_equal (was->revision, is->revision)
      || ofl_snapshot_get_state (self->before) != ofl_snapshot_get_state (now))
    {
      g_clear_pointer (&now, ofl_snapshot_unref);
      return ofl_work_refuse (
          self,
          OFL_SAY (_ ("The drive does not answer any more as it did when the job began, though "
                      "nothing was sent that could change it.")),
          _ ("Check the cable, the USB bridge and the drive's power, let Optiflash look at the drive "
             "again, and try again."));
    }
  ofl_snapshot_unref (self->before);
  self->before = now;
  return NULL;
}

/**
 * ofl_work_get_ready:
 * @self: a job's work of %OFL_JOB_UPDATER, with its journal open; nothing was sent that could change the
 *   drive
 *
 * All that comes before the first command that could: the link, what is around the drive, a disc, a backup as
 * far as there is a way. Blocks for as long as that takes.
 *
 * Returns: (transfer full) (nullable): a result when the job ends here
 */
OflResult *
ofl_work_get_ready (OflWork *self)
{
  OflResult *result = look_anew (self);

  if (result == NULL)
    {
      result = ofl_work_check_link (self);
      ofl_work_note_link (self);
    }
  if (result != NULL)
    return result;
  ofl_work_look_around (self);
  ofl_work_note_checks (self);
  result = ofl_work_check_disc (self);
  if (result == NULL)
    result = plan_backup (self);
  if (result == NULL)
    result = ofl_work_back_up (self);
  if (result == NULL && g_cancellable_is_cancelled (self->cancellable))
    result = ofl_work_end (self, OFL_VERDICT_CANCELLED,
                           OFL_SAY (_ ("Cancelled before anything was sent.")), NULL);
  return result;
}

/**
 * ofl_work_begin_other:
 * @self: a job's work
 * @what: who writes now, for the journal
 *
 * The next command may change the drive, and from then on nothing can be taken back. A cancel that came until
 * now counts.
 *
 * Returns: (transfer full) (nullable): a result when nothing may be sent: it was cancelled, or the journal cannot
 *   be put on the disk
 */
OflResult *
ofl_work_begin_other (OflWork *self, const char *what)
{
  g_autoptr (GError) error = NULL;

  /* first nobody is told any more that a cancel takes effect, then the last one is looked for */
  ofl_progress_set_cancelable (self->progress, FALSE);
  if (g_cancellable_is_cancelled (self->cancellable))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled before anything was sent.")), NULL);
  ofl_journal_write (self->journal, "write-begins", "by", what, NULL);
  ofl_journal_write (self->journal, "point-of-no-return", "step", what, NULL);
  if (!ofl_journal_sync (self->journal, &error))
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  self->run.wrote = TRUE;
  ofl_progress_set_danger (self->progress, TRUE);
  ofl_progress_log (self->progress, OFL_LOG_INFO, "Point of no return: %s", what);
  return NULL;
}

/* A drive that programs itself is waited for. */
static OflSnapshot *
wait_for_drive (OflWork *self)
{
  gint64 end = now_us (self) + (gint64) READY_MS * 1000;
  OflSnapshot *seen = ofl_work_look_again (self);

  while (seen != NULL && ofl_snapshot_identity (seen)->getting_ready && now_us (self) < end)
    {
      ofl_snapshot_unref (seen);
      ofl_transport_sleep_ms (self->transport, READY_STEP_MS, NULL);
      seen = ofl_work_look_again (self);
    }
  return seen;
}

/* A plan knows the drive by what it says of itself, which is another thing now. Where it has none for that, there is no
 * way to read it. */
static gboolean
plan_anew (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflPlan *plan = ofl_family_plan_read (self->family, self->after, self->options->choices, &error);

  if (plan == NULL)
    {
      ofl_progress_log (self->progress, OFL_LOG_WARNING, "The drive is not read back: %s",
                        ofl_error_english (error));
      return FALSE;
    }
  ofl_plan_free (self->read_plan);
  self->read_plan = plan;
  return TRUE;
}

/* Reads the drive and holds it against @self's image, which was found in the maker's program. NULL: there is no
 * way to. */
static OflResult *
read_and_compare (OflWork *self)
{
  OflResult *result;

  if (self->image == NULL || self->read_plan == NULL || !may_read (self, OFL_CAP_READ)
      || !ofl_family_can_compare (self->family)
      || g_strcmp0 (ofl_image_get_family (self->image), ofl_family_id (self->family)) != 0)
    return NULL;
  if (!plan_anew (self))
    return NULL;
  ofl_progress_plan_stage (self->progress, OFL_STAGE_VERIFY, 0, 1000, 10000);
  /* whoever could cancel could before the point of no return */
  g_clear_object (&self->cancellable);
  result = ofl_work_compare (self);
  if (result->verdict == OFL_VERDICT_VERIFIED)
    return result;
  if (result->verdict != OFL_VERDICT_DIFFERENT)
    { /* what it failed at is said, not what a job that only reads would make of it */
      g_autoptr (OflResult) failed = result;
      OflSentence what = { g_strdup (failed->what), g_strdup (failed->record_what) };

      result = ofl_work_end (self, OFL_VERDICT_UNKNOWN, what, failed->technical);
      return result;
    }
  ofl_result_free (result);
  if (ofl_work_flash_equals_backup (self))
    return ofl_work_end (self, OFL_VERDICT_UNCHANGED,
                         OFL_SAY (_ ("The drive holds what it held before.")), NULL);
  return ofl_work_end (self, OFL_VERDICT_UNKNOWN,
                       OFL_SAY (_ ("The drive was read back: it does not hold the image that was "
                                   "found in the maker's program.")),
                       NULL);
}

/* Translators: the first %s is the drive's name, the others are revisions. */
static char *
say_seen (const OflWork *self)
{
  const char *before = ofl_snapshot_identity (self->before)->revision;
  const char *after = self->after != NULL ? ofl_snapshot_identity (self->after)->revision : NULL;
  g_autofree char *name = self->after != NULL ? ofl_work_name_now (self) : ofl_work_describe (self);

  if (after == NULL)
    return g_strdup_printf (_ ("%s does not answer now."), name);
  if (ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_BOOT)
    return g_strdup_printf (_ ("Only the boot code of %s answers: revision %s."), name, after);
  if (g_str_equal (before, after))
    return g_strdup_printf (_ ("%s reports revision %s, as before. Whether its firmware was "
                               "rewritten, that does not tell."),
                            name, after);
  return g_strdup_printf (_ ("%s reports revision %s (before: %s)."), name, after, before);
}

/* The revision alone, by the rule of ofl_family_confirm_identity(), for a program that came to its end and an
 * image that is known; where the image names a revision it has to be that. */
static OflVerdict
judge_revision (const OflWork *self, gboolean clean)
{
  const char *brings = self->image != NULL ? ofl_image_get_fact (self->image, "revision") : NULL;
  const char *before = ofl_snapshot_identity (self->before)->revision;
  const char *after;

  if (self->after == NULL)
    return OFL_VERDICT_UNKNOWN;
  if (ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_BOOT)
    return OFL_VERDICT_FAILED_RECOVERY;
  after = ofl_snapshot_identity (self->after)->revision;
  if (!clean || self->image == NULL || self->family == NULL
      || ofl_snapshot_get_state (self->after) != OFL_DRIVE_STATE_NORMAL
      || ofl_snapshot_get_state (self->before) == OFL_DRIVE_STATE_BOOT
      || ofl_snapshot_identity (self->after)->getting_ready || !ofl_work_same_serial (self)
      || g_str_equal (before, after) || (brings != NULL && !g_str_equal (brings, after)))
    return OFL_VERDICT_UNKNOWN;
  return OFL_VERDICT_CONFIRMED;
}

static gboolean
answers (const OflWork *self)
{
  return self->after != NULL && !ofl_snapshot_identity (self->after)->getting_ready;
}

/**
 * ofl_work_judge_other:
 * @self: a job's work; whoever wrote sends nothing any more
 * @clean: it came to its end by itself, and each of its commands ended well
 * @how: (transfer full): how that ended, a sentence
 *
 * Waits for the drive, looks at what it holds now, and says so. Blocks for as long as that takes.
 *
 * Returns: (transfer full): the end of the job
 */
OflResult *
ofl_work_judge_other (OflWork *self, gboolean clean, OflSentence how)
{
  OflResult *result = NULL;
  gboolean good;

  ofl_progress_set_cancelable (self->progress, FALSE);
  ofl_progress_plan_stage (self->progress, OFL_STAGE_CONFIRM, 0, 1000, READY_MS);
  ofl_progress_begin_stage (self->progress, OFL_STAGE_CONFIRM, now_us (self));
  self->after = wait_for_drive (self);
  if (answers (self) && ofl_snapshot_get_state (self->after) == OFL_DRIVE_STATE_NORMAL)
    result = read_and_compare (self);
  if (result == NULL)
    result
        = ofl_work_end (self, judge_revision (self, clean), OFL_SENTENCE (say_seen (self)), NULL);
  good = ofl_verdict_is_success (result->verdict) || result->verdict == OFL_VERDICT_UNCHANGED;
  if (good)
    ofl_journal_write (self->journal, "safe-again", "step", "the drive answers", NULL);
  if (answers (self))
    ofl_progress_set_danger (self->progress, FALSE);
  ofl_progress_end_stage (self->progress, OFL_STAGE_CONFIRM,
                          good ? OFL_STAGE_STATE_DONE : OFL_STAGE_STATE_FAILED, now_us (self));
  ofl_work_append (result, how);
  if (answers (self)
      && (result->verdict == OFL_VERDICT_UNKNOWN || result->verdict == OFL_VERDICT_FAILED_RECOVERY))
    ofl_work_set_next (result,
                       _ ("Leave the drive switched on for some minutes, then switch it off and on "
                          "and ⟦look-again⟧: some drives show a new revision only then. If the "
                          "drive does not work as it should, let the maker's program run again."));
  return result;
}
