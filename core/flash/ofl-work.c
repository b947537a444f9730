/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job from opening the drive to the backup: everything before the first dangerous command. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-preflight.h"
#include "flash/ofl-settings.h"
#include "scsi/ofl-error.h"

#define IDENTIFY_USUAL_MS 500
#define IDENTIFY_MAX_MS 5000

#define CHECK_LINK N_ ("Check the cable, the USB bridge and the drive's power, then try again.")

/**
 * ofl_work_new:
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image
 * @options: options
 *
 * Returns: (transfer full): work for a worker thread
 */
OflWork *
ofl_work_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
              const OflJobOptions *options)
{
  OflWork *self = g_new0 (OflWork, 1);

  self->kind = kind;
  self->target = ofl_target_ref (target);
  self->expected = expected != NULL ? ofl_snapshot_ref (expected) : NULL;
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->options = options != NULL ? ofl_job_options_copy (options) : ofl_job_options_new ();
  self->progress = ofl_progress_new ();
  self->asker = ofl_asker_new ();
  ofl_progress_plan_stage (self->progress, OFL_STAGE_IDENTIFY, 0, IDENTIFY_USUAL_MS,
                           IDENTIFY_MAX_MS);
  return self;
}

/**
 * ofl_work_free:
 * @self: (transfer full): work that no thread uses any more
 */
void
ofl_work_free (OflWork *self)
{
  ofl_run_clear (&self->run);
  g_clear_pointer (&self->backup, ofl_backup_free);
  g_free (self->earlier_backup);
  g_clear_pointer (&self->backup_parts, g_ptr_array_unref);
  g_clear_pointer (&self->read_plan, ofl_plan_free);
  g_clear_pointer (&self->write_plan, ofl_plan_free);
  g_clear_pointer (&self->link, ofl_link_free);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->before, ofl_snapshot_unref);
  g_clear_pointer (&self->after, ofl_snapshot_unref);
  g_clear_pointer (&self->expected, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->journal, ofl_journal_close);
  g_clear_object (&self->transport);
  g_clear_object (&self->cancellable);
  ofl_target_unref (self->target);
  ofl_job_options_free (self->options);
  ofl_progress_unref (self->progress);
  ofl_asker_unref (self->asker);
  ofl_sentence_clear (&self->no_backup);
  g_free (self);
}

static gint64
now_us (const OflWork *self)
{
  return self->transport != NULL ? ofl_transport_now_us (self->transport) : g_get_monotonic_time ();
}

static void
log_drive (OflWork *self)
{
  const OflIdentity *id = ofl_snapshot_identity (self->before);
  gpointer before = ofl_english_begin ();
  g_autofree char *name = ofl_identity_name (id);
  g_autofree char *transport = ofl_transport_describe (self->transport);

  ofl_english_end (before);
  ofl_progress_log (self->progress, OFL_LOG_INFO, "%s, revision %s, serial %s, through %s", name,
                    id->revision, *id->serial != '\0' ? id->serial : "unknown", transport);
  if (ofl_snapshot_get_fact (self->before, OFL_FACT_OWN_TABLE) != NULL)
    ofl_progress_log (self->progress, OFL_LOG_WARNING,
                      "Not the program's own table of these drives is used, but the one in %s.",
                      ofl_snapshot_get_fact (self->before, OFL_FACT_OWN_TABLE));
}

/* The hardware that was chosen is the hardware that answers: a drive's family and the mark that was
 * read from it do not change by themselves. Only its boot code may show less of them, or none. */
static OflResult *
check_same_hardware (OflWork *self)
{
  const OflSnapshot *a = self->expected, *b = self->before;
  const char *mark_a = ofl_snapshot_get_mark (a), *mark_b = ofl_snapshot_get_mark (b);
  OflSentence what;

  if (ofl_snapshot_get_family (a) == NULL || ofl_snapshot_get_state (a) == OFL_DRIVE_STATE_BOOT
      || ofl_snapshot_get_state (b) == OFL_DRIVE_STATE_BOOT)
    return NULL;
  if (self->options->family == NULL
      && g_strcmp0 (ofl_snapshot_get_family (a), ofl_snapshot_get_family (b)) != 0)
    what = OFL_SAY (
        _ ("The drive does not answer as it did when it was chosen: it is not recognised "
           "as of the same family now."));
  else if (self->options->family == NULL && g_strcmp0 (mark_a, mark_b) != 0)
    what = OFL_SAY (_ ("The drive does not answer as it did when it was chosen: its hardware was "
                       "“%s” and is “%s” now."),
                    mark_a != NULL ? mark_a : "", mark_b != NULL ? mark_b : "");
  else
    return NULL;
  return ofl_work_refuse (self, what,
                          _ ("Check the cable, the USB bridge and the drive's power, let Optiflash "
                             "look at the drive again, and try again."));
}

static OflSentence
say_reason (const OflSnapshot *drive)
{
  return OFL_SENTENCE (g_strdup (ofl_snapshot_get_reason (drive)));
}

static OflResult *
check_same_drive (OflWork *self)
{
  const OflIdentity *id = ofl_snapshot_identity (self->before);
  g_autoptr (GError) error = NULL;

  if (!ofl_identity_is_trustworthy (id, &error))
    return ofl_work_refuse (self, ofl_work_say_error (error), _ (CHECK_LINK));
  if (self->expected != NULL
      && !ofl_identity_same_drive (ofl_snapshot_identity (self->expected), id))
    return ofl_work_refuse (self,
                            OFL_SAY (_ ("Another drive answers than the one that was chosen.")),
                            OFL_DO ("choose-drive") ".");
  if (ofl_snapshot_get_failed (self->before) != NULL)
    return ofl_work_refuse (self, say_reason (self->before), _ (CHECK_LINK));
  if (self->expected != NULL)
    {
      OflResult *result = check_same_hardware (self);

      if (result != NULL)
        return result;
    }
  /* the maker's program knows its drives */
  if (self->family == NULL && self->kind != OFL_JOB_UPDATER)
    return ofl_work_refuse (self, say_reason (self->before),
                            _ ("Nothing can be done with this drive yet."));
  return NULL;
}

/**
 * ofl_work_identify:
 * @self: a job's work
 *
 * Opens the drive for this job alone and asks it who it is.
 *
 * Returns: (transfer full) (nullable): a result when the job ends here
 */
OflResult *
ofl_work_identify (OflWork *self)
{
  g_autoptr (GError) error = NULL;

  self->transport = ofl_target_open (self->target, OFL_OPEN_EXCLUSIVE, &error);
  if (self->transport == NULL)
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  ofl_progress_begin_stage (self->progress, OFL_STAGE_IDENTIFY, now_us (self));
  if (ofl_job_kind_writes (self->kind) && !ofl_transport_check_can_flash (self->transport, &error))
    return ofl_work_refuse (self, ofl_work_say_error (error),
                            _ ("Use the drive's sg node for writing."));
  ofl_progress_begin_command (self->progress, "Ask the drive who it is", IDENTIFY_MAX_MS, 0,
                              now_us (self));
  self->before = ofl_drive_take_snapshot (self->transport, ofl_families_probe,
                                          self->options->family, &error);
  ofl_progress_end_command (self->progress, now_us (self));
  if (self->before == NULL)
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  self->family = ofl_snapshot_get_family (self->before) != NULL
                     ? ofl_families_find (ofl_snapshot_get_family (self->before))
                     : NULL;
  log_drive (self);
  ofl_progress_end_stage (self->progress, OFL_STAGE_IDENTIFY, OFL_STAGE_STATE_DONE, now_us (self));
  return check_same_drive (self);
}

static void
announce_plans (OflWork *self)
{
  OflStagePlan stages[OFL_N_STAGES];

  ofl_progress_plan_stage (self->progress, OFL_STAGE_CHECK, 0, 200, 2000);
  if (self->read_plan != NULL)
    ofl_work_announce_read (self);
  if (self->write_plan == NULL)
    return;
  ofl_plan_measure (self->write_plan, stages);
  for (guint i = OFL_STAGE_SEND; i < OFL_N_STAGES; i++)
    if (stages[i].steps > 0)
      ofl_progress_plan_stage (self->progress, i, stages[i].bytes, stages[i].usual_ms,
                               stages[i].max_ms);
  ofl_progress_plan_stage (self->progress, OFL_STAGE_CONFIRM, 0, 1000, 10000);
}

static void
announce (OflWork *self)
{
  announce_plans (self);
  ofl_progress_set_planned (self->progress);
}

static gboolean
may_read (const OflWork *self, OflCaps what)
{
  return ofl_preflight_may_read (self->before, self->options->choices, what);
}

static OflResult *
refuse_to_read (OflWork *self, OflCaps needed)
{
  OflCaps caps = ofl_snapshot_get_caps (self->before);

  if ((caps & needed) != 0)
    return ofl_work_refuse (self,
                            OFL_SAY (_ ("Reading this drive is experimental and switched off.")),
                            _ ("⟦set experimental=yes⟧ if you want to try it; it only reads."));
  return ofl_work_refuse (
      self, OFL_SAY (_ ("This drive's firmware cannot be read: no way to is public.")),
      _ ("Nothing can be backed up or compared on this drive."));
}

static OflResult *
make_plans (OflWork *self, const OflJudgement *judgement)
{
  g_autoptr (GError) error = NULL;
  OflCaps needed = self->kind == OFL_JOB_VERIFY ? OFL_CAP_READ : OFL_CAP_READ | OFL_CAP_READ_EEPROM;

  if (may_read (self, needed))
    {
      self->read_plan
          = ofl_family_plan_read (self->family, self->before, self->options->choices, &error);
      if (self->read_plan == NULL)
        return ofl_work_end_error (self, OFL_VERDICT_REFUSED, error, NULL);
    }
  else if (self->kind != OFL_JOB_FLASH)
    return refuse_to_read (self, needed);
  if (self->kind == OFL_JOB_FLASH)
    {
      self->write_plan = ofl_family_plan_write (self->family, judgement, &error);
      if (self->write_plan == NULL)
        return ofl_work_end_error (self, OFL_VERDICT_REFUSED, error, NULL);
    }
  announce (self);
  return NULL;
}

/* What may be overridden is refused with the way to do so, and with what will be asked next. */
static OflResult *
refuse_judgement (OflWork *self, const OflReason *worst, const char *english)
{
  gboolean without = !self->options->accept_no_backup && !may_read (self, OFL_CAP_READ);
  OflSentence what = { g_strdup (worst->sentence), g_strdup (english) };
  GString *next = g_string_new (worst->remedy);
  OflResult *result;

  if (worst->level == OFL_LEVEL_RED_SOFT)
    {
      if (next->len > 0)
        g_string_append_c (next, ' ');
      g_string_append (next, without
                                 ? _ ("To go on in spite of it, ⟦accept-warnings⟧. There will be "
                                      "no backup either; to go on without one, "
                                      "⟦accept-no-backup⟧.")
                                 : ofl_preflight_accept_remedy ());
    }
  result = ofl_work_refuse (self, what, next->len > 0 ? next->str : NULL);
  g_string_free (next, TRUE);
  return result;
}

/* The same judgement in the log's language: it is a pure function. */
static OflJudgement *
judge_in_english (OflWork *self)
{
  gpointer before = ofl_english_begin ();
  OflJudgement *judgement = ofl_families_judge (self->before, self->image, self->options->choices);

  ofl_english_end (before);
  return judgement;
}

static void
log_judgement (OflWork *self, const OflJudgement *english)
{
  for (guint i = 0; i < ofl_judgement_get_n_reasons (english); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (english, i);

      ofl_progress_log (self->progress,
                        reason->level >= OFL_LEVEL_RED_SOFT ? OFL_LOG_WARNING : OFL_LOG_INFO,
                        "Check %s (%s): %s", reason->check, ofl_level_id (reason->level),
                        reason->sentence);
    }
}

/**
 * ofl_work_check_disc:
 * @self: a job's work
 *
 * Returns: (transfer full) (nullable): a refusal where a disc is in the drive
 */
OflResult *
ofl_work_check_disc (OflWork *self)
{
  g_auto (OflSentence) what = { 0 };
  const char *remedy;

  if (ofl_preflight_disc (self->before, self->options->accept_warnings, &what, &remedy)
      != OFL_CHECK_BLOCKS)
    return NULL;
  return ofl_work_refuse (self, ofl_sentence_copy (&what), remedy);
}

static OflResult *
judge_write (OflWork *self, OflJudgement **judgement)
{
  gboolean accept = self->options->accept_warnings;
  g_autoptr (OflJudgement) english = judge_in_english (self);

  *judgement = ofl_families_judge (self->before, self->image, self->options->choices);
  log_judgement (self, english);
  if (!ofl_judgement_allows (*judgement, accept))
    return refuse_judgement (self, ofl_judgement_get_worst (*judgement),
                             ofl_judgement_get_worst (english)->sentence);
  return ofl_work_check_disc (self);
}

/**
 * ofl_work_judge:
 * @self: a job's work
 *
 * Lets the family judge drive and image, looks for a disc, and makes the plans.
 *
 * Returns: (transfer full) (nullable): a result when a check says no
 */
OflResult *
ofl_work_judge (OflWork *self)
{
  g_autoptr (OflJudgement) judgement = NULL;
  OflResult *result;

  ofl_progress_plan_stage (self->progress, OFL_STAGE_CHECK, 0, 200, 2000);
  ofl_progress_begin_stage (self->progress, OFL_STAGE_CHECK, now_us (self));
  result = self->kind == OFL_JOB_FLASH ? judge_write (self, &judgement) : NULL;
  if (result != NULL)
    return result;
  result = make_plans (self, judgement);
  ofl_progress_end_stage (self->progress, OFL_STAGE_CHECK,
                          result == NULL ? OFL_STAGE_STATE_DONE : OFL_STAGE_STATE_FAILED,
                          now_us (self));
  return result;
}

static gboolean
goes_on_without (const OflWork *self)
{
  return self->asks || (ofl_job_kind_writes (self->kind) && self->options->accept_no_backup);
}

/* @what: (transfer full) */
static OflResult *
no_backup (OflWork *self, OflSentence what)
{
  const char *advice = ofl_reply_next_step (&self->run.failed_reply);
  const char *without = _ ("If you want to go on without a backup, ⟦accept-no-backup⟧.");
  g_autofree char *next = NULL;

  if (goes_on_without (self))
    {
      ofl_progress_log (self->progress, OFL_LOG_WARNING, "%s %s", what.english,
                        self->options->accept_no_backup ? "Going on, as you accepted."
                                                        : "It will be asked whether to go on.");
      ofl_sentence_clear (&self->no_backup);
      self->no_backup = what;
      if (self->backup == NULL)
        ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_SKIPPED,
                                now_us (self));
      self->run.failed_reply = (OflReply){ 0 }; /* it is not what the write will fail at */
      return NULL;
    }
  next = advice != NULL ? g_strconcat (advice, " ", without, NULL) : g_strdup (without);
  return ofl_work_refuse (self, what, next);
}

/* Writes where what was read is kept, under the name that it deserves. */
static void
note_stored (OflWork *self)
{
  const OflBackup *stored = self->backup;

  if (stored->damage.shown != NULL)
    ofl_progress_log (self->progress, OFL_LOG_WARNING,
                      "What the drive holds is damaged (%s). It was read twice and is kept as "
                      "evidence, not as a backup: %s",
                      stored->damage.english, stored->path);
  else
    ofl_progress_log (self->progress, OFL_LOG_INFO, "Backup, read twice and equal: %s",
                      stored->path);
  if (self->journal != NULL)
    ofl_journal_write (self->journal, stored->damage.shown != NULL ? "evidence" : "backup", "path",
                       stored->path, "manifest", stored->manifest_path, NULL);
}

/* Who has chosen another folder hears why it is not that one. */
static void
note_place (OflWork *self, const OflBackupPlace *place)
{
  g_autoptr (GError) error = NULL;

  if (place->file == NULL && self->options->backup_dir == NULL
      && !ofl_settings_check_backup_dir (&error))
    ofl_progress_log (self->progress, OFL_LOG_WARNING,
                      "%s Whether another folder for backups was chosen is not known; this one is "
                      "used: %s",
                      ofl_error_english (error), place->dir);
}

/* Only where backups have folders of their own, and only once a whole one is there. */
static void
prune (OflWork *self, const OflBackupPlace *place)
{
  guint keep = ofl_settings_get (OFL_SETTING_KEEP_BACKUPS);
  guint n;

  if (place->file != NULL || self->backup->damage.shown != NULL)
    return;
  n = ofl_backup_prune (place->dir, self->before, self->backup->manifest_path, keep,
                        self->options->image_file, self->options->state_dir);
  if (n > 0)
    ofl_progress_log (
        self->progress, OFL_LOG_INFO,
        "Older backups of this drive deleted: %u. The newest %u and the first are kept.", n, keep);
}

/* Of a drive that cannot give a backup now, one that was made while it was well. */
static void
name_earlier_backup (OflWork *self, const char *dir)
{
  if (!ofl_job_kind_writes (self->kind))
    return;
  self->earlier_backup = ofl_backup_find (dir, self->before);
  if (self->earlier_backup == NULL)
    return;
  ofl_progress_log (self->progress, OFL_LOG_INFO, "An earlier backup of this drive: %s",
                    self->earlier_backup);
  if (self->journal != NULL)
    ofl_journal_write (self->journal, "backup", "path", self->earlier_backup, NULL);
}

/* A drive in its boot mode is flashed to mend it, and nothing is lost by it. What a drive runs and
 * cannot be put back is lost, and who wants that says so. */
static OflResult *
check_damage (OflWork *self)
{
  if (!ofl_job_kind_writes (self->kind)
      || ofl_snapshot_get_state (self->before) == OFL_DRIVE_STATE_BOOT)
    return NULL;
  return no_backup (self,
                    /* Translators: the reason is a clause: "it fails its own check …" */
                    OFL_SAY (_ ("No backup can be made: what the drive holds now could not be "
                                "written again (%s)."),
                             ofl_sentence_text (&self->backup->damage)));
}

static OflResult *
end_of_failed_backup (OflWork *self, OflRun *run, const GError *error)
{
  ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_FAILED, now_us (self));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled while the backup was read.")), NULL);
  self->run.failed_reply = run->failed_reply;
  /* only a drive that refuses to be read may be flashed without; a bad link or a lost drive not */
  if (ofl_job_kind_writes (self->kind) && g_error_matches (error, OFL_ERROR, OFL_ERROR_REJECTED))
    return no_backup (self,
                      /* Translators: %s is a sentence that says why */
                      OFL_SAY (_ ("No backup can be made: %s"), ofl_error_text (error)));
  return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, run->technical);
}

static void
choose_place (const OflWork *self, OflBackupPlace *place)
{
  const OflJobOptions *options = self->options;

  place->dir = ofl_preflight_backup_dir (self->target, options);
  if (self->kind == OFL_JOB_BACKUP && options->backup_file != NULL)
    place->file = g_canonicalize_filename (options->backup_file, NULL);
  place->overwrite = options->overwrite;
}

/* The folder or a file is in the way of a backup; the drive has nothing to do with it. */
static OflResult *
end_without_place (OflWork *self, const GError *error)
{
  OflResult *result;

  ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_FAILED, now_us (self));
  if (g_error_matches (error, OFL_ERROR, OFL_ERROR_EXISTS))
    return ofl_work_refuse (self, ofl_work_say_error (error),
                            _ ("Choose another file, or ⟦overwrite⟧."));
  result = ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  if (self->kind == OFL_JOB_BACKUP && self->options->backup_file != NULL)
    ofl_work_set_next (result,
                       _ ("Make room in that folder, mend its permissions or choose another "
                          "file, and start again. The drive is as it was."));
  else
    ofl_work_set_next (result, ofl_preflight_room_remedy ());
  return result;
}

/**
 * ofl_work_back_up:
 * @self: a job's work
 *
 * Reads the firmware twice, compares, stores it; ends the job when it already is what was to be
 * written.
 *
 * Returns: (transfer full) (nullable): a result when the job ends here
 */
OflResult *
ofl_work_back_up (OflWork *self)
{
  g_auto (OflRun) run
      = { self->transport, self->progress, self->journal, self->cancellable, OFL_STAGE_BACKUP };
  g_auto (OflBackupPlace) place = { 0 };
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GError) error = NULL;

  run.family = self->family;
  choose_place (self, &place);
  if (self->read_plan == NULL)
    {
      name_earlier_backup (self, place.dir);
      return no_backup (
          self, OFL_SAY (_ ("No backup can be made: no way to read this family is public.")));
    }
  ofl_progress_begin_stage (self->progress, OFL_STAGE_BACKUP, now_us (self));
  note_place (self, &place);
  if (!ofl_preflight_room (&place, self->read_plan, &error))
    return end_without_place (self, error);
  parts = ofl_backup_read_twice (&run, self->read_plan, &error);
  if (parts == NULL)
    return end_of_failed_backup (self, &run, error);
  self->backup_parts = g_ptr_array_ref (parts);
  self->backup
      = ofl_backup_store (self->read_plan, parts, self->before, self->target, &place, &error);
  if (self->backup == NULL)
    return end_without_place (self, error);
  note_stored (self);
  prune (self, &place);
  ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_DONE, now_us (self));
  if (ofl_job_kind_writes (self->kind) && !may_read (self, OFL_CAP_READ))
    return no_backup (self, OFL_SAY (_ ("No backup can be made: what belongs to this very drive is "
                                        "stored, its firmware cannot be read.")));
  if (self->backup->damage.shown != NULL)
    {
      name_earlier_backup (self, place.dir);
      return check_damage (self);
    }
  if (ofl_job_kind_writes (self->kind) && self->image != NULL && !ofl_work_backup_covers (self))
    return no_backup (self,
                      OFL_SAY (_ ("No backup can be made: what was read and stored is not the "
                                  "part of the drive that this file would replace.")));
  return ofl_work_check_identical (self);
}
