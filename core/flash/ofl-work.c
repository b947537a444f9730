/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job from opening the drive to the backup: everything before the first dangerous command. */
#include "flash/ofl-work.h"

#include "scsi/ofl-error.h"

#define IDENTIFY_USUAL_MS 500
#define IDENTIFY_MAX_MS 5000

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
ofl_work_new (OflJobKind kind,
              OflTarget *target,
              OflSnapshot *expected,
              OflImage *image,
              const OflJobOptions *options)
{
  OflWork *self = g_new0 (OflWork, 1);

  self->kind = kind;
  self->target = ofl_target_ref (target);
  self->expected = expected != NULL ? ofl_snapshot_ref (expected) : NULL;
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->options = options != NULL ? ofl_job_options_copy (options) : ofl_job_options_new ();
  self->progress = ofl_progress_new ();
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
  g_clear_pointer (&self->read_plan, ofl_plan_unref);
  g_clear_pointer (&self->write_plan, ofl_plan_unref);
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
  g_autofree char *name = ofl_identity_name (id);
  g_autofree char *transport = ofl_transport_describe (self->transport);

  ofl_progress_log (self->progress, OFL_LOG_INFO, "%s, revision %s, serial %s, through %s", name,
                    id->revision, *id->serial != '\0' ? id->serial : "unknown", transport);
}

static OflResult *
check_same_drive (OflWork *self)
{
  const OflIdentity *id = ofl_snapshot_identity (self->before);
  g_autoptr (GError) error = NULL;

  if (!ofl_identity_is_trustworthy (id, &error))
    return ofl_work_refuse (self, error->message,
                            "Check the cable, the USB bridge and the drive's power, then try again.");
  if (self->expected != NULL
      && !ofl_identity_same_drive (ofl_snapshot_identity (self->expected), id))
    return ofl_work_refuse (self, "Another drive answers than the one that was chosen.",
                            "Choose the drive in the list again.");
  if (self->family == NULL)
    return ofl_work_refuse (self, ofl_snapshot_get_reason (self->before),
                            "Nothing can be done with this drive yet.");
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
  if (self->kind == OFL_JOB_FLASH && !ofl_transport_check_can_flash (self->transport, &error))
    return ofl_work_refuse (self, error->message, "Use the drive's sg node for writing.");
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
announce (OflWork *self)
{
  OflStagePlan stages[OFL_N_STAGES];

  ofl_progress_plan_stage (self->progress, OFL_STAGE_CHECK, 0, 200, 2000);
  if (self->read_plan != NULL)
    {
      guint passes = self->kind == OFL_JOB_VERIFY ? 1 : 2;
      OflStage stage = self->kind == OFL_JOB_VERIFY ? OFL_STAGE_VERIFY : OFL_STAGE_BACKUP;
      guint64 bytes = 0;
      guint usual = 0, max = 0;

      ofl_plan_measure (self->read_plan, stages);
      for (guint i = 0; i < OFL_N_STAGES; i++)
        {
          bytes += stages[i].bytes;
          usual += stages[i].usual_ms;
          max += stages[i].max_ms;
        }
      ofl_progress_plan_stage (self->progress, stage, bytes * passes, usual * passes, max * passes);
    }
  if (self->write_plan == NULL)
    return;
  ofl_plan_measure (self->write_plan, stages);
  for (guint i = OFL_STAGE_SEND; i < OFL_N_STAGES; i++)
    if (stages[i].steps > 0)
      ofl_progress_plan_stage (self->progress, i, stages[i].bytes, stages[i].usual_ms,
                               stages[i].max_ms);
  ofl_progress_plan_stage (self->progress, OFL_STAGE_CONFIRM, 0, 1000, 10000);
}

/* Experimental reads are off until the user switches them on. */
static gboolean
may_read (const OflWork *self, OflCaps what)
{
  OflCaps caps = ofl_snapshot_get_caps (self->before);

  return (caps & what) != 0
         && ((caps & OFL_CAP_EXPERIMENTAL) == 0
             || g_strcmp0 (ofl_family_choice (self->family, self->options->choices, "experimental"),
                           "yes")
                    == 0);
}

static OflResult *
refuse_to_read (OflWork *self, OflCaps needed)
{
  OflCaps caps = ofl_snapshot_get_caps (self->before);

  if ((caps & needed) != 0)
    return ofl_work_refuse (self, "Reading this drive is experimental and switched off.",
                            "Choose “experimental=yes” if you want to try it; it only reads.");
  return ofl_work_refuse (self, "This drive's firmware cannot be read: no way to is public.",
                          "Nothing can be backed up or compared on this drive.");
}

static OflResult *
make_plans (OflWork *self)
{
  g_autoptr (GError) error = NULL;
  OflCaps needed = self->kind == OFL_JOB_VERIFY ? OFL_CAP_READ : OFL_CAP_READ | OFL_CAP_READ_EEPROM;

  if (may_read (self, needed))
    {
      self->read_plan
          = self->family->plan_read (self->family, self->before, self->options->choices, &error);
      if (self->read_plan == NULL)
        return ofl_work_end_error (self, OFL_VERDICT_REFUSED, error, NULL);
    }
  else if (self->kind != OFL_JOB_FLASH)
    return refuse_to_read (self, needed);
  if (self->kind == OFL_JOB_FLASH && self->family->plan_write == NULL)
    return ofl_work_refuse (self, "How to write this drive's firmware is not publicly known.",
                            "Use the maker's own updater.");
  if (self->kind == OFL_JOB_FLASH)
    {
      self->write_plan = self->family->plan_write (self->family, self->before, self->image,
                                                   self->options->choices, &error);
      if (self->write_plan == NULL)
        return ofl_work_end_error (self, OFL_VERDICT_REFUSED, error, NULL);
    }
  announce (self);
  return NULL;
}

/* The standard's way knows no gate against discs (protocols.md 1.1), and a device that is no
 * optical drive always has its medium: who accepts that family's warnings accepts this one. A boot
 * code need not know what a disc is; what may be asked of it is the family's to plan. */
static gboolean
may_keep_medium (const OflWork *self)
{
  if (ofl_snapshot_get_state (self->before) == OFL_DRIVE_STATE_BOOT)
    return TRUE;
  return (ofl_snapshot_get_caps (self->before) & OFL_CAP_EXPERT) != 0
         && self->options->accept_warnings;
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
  if (self->kind == OFL_JOB_FLASH)
    {
      const OflReason *worst;

      judgement = ofl_families_judge (self->before, self->image, self->options->choices);
      for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
        {
          const OflReason *reason = ofl_judgement_get_reason (judgement, i);

          ofl_progress_log (self->progress,
                            reason->level >= OFL_LEVEL_RED_SOFT ? OFL_LOG_WARNING : OFL_LOG_INFO,
                            "Check %s (%s): %s", reason->check, ofl_level_id (reason->level),
                            reason->sentence);
        }
      worst = ofl_judgement_get_worst (judgement);
      if (!ofl_judgement_allows (judgement, self->options->accept_warnings))
        return ofl_work_refuse (self, worst->sentence, worst->remedy);
      if (ofl_snapshot_identity (self->before)->medium && !may_keep_medium (self))
        return ofl_work_refuse (self, "A disc is in the drive.", "Take it out and try again.");
    }
  result = make_plans (self);
  ofl_progress_end_stage (self->progress, OFL_STAGE_CHECK,
                          result == NULL ? OFL_STAGE_STATE_DONE : OFL_STAGE_STATE_FAILED,
                          now_us (self));
  return result;
}

static OflResult *
no_backup (OflWork *self, const char *why)
{
  g_autofree char *what = g_strdup_printf ("No backup can be made: %s", why);

  if (self->options->accept_no_backup && self->kind == OFL_JOB_FLASH)
    {
      ofl_progress_log (self->progress, OFL_LOG_WARNING, "%s Going on, as you accepted.", what);
      if (self->backup == NULL)
        ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_SKIPPED,
                                now_us (self));
      return NULL;
    }
  return ofl_work_refuse (self, what,
                          "If you want to go on without a backup, accept that in its own step.");
}

/* The flash already holds what is to be written: no wear, no risk. A drive in its boot mode is
 * flashed all the same, for it says itself that something is missing. */
static OflResult *
check_identical (OflWork *self)
{
  guint64 compared = 0, different;
  OflResult *result;

  if (self->kind != OFL_JOB_FLASH || self->options->rewrite_identical
      || self->family->compare_read == NULL
      || ofl_snapshot_get_state (self->before) != OFL_DRIVE_STATE_NORMAL)
    return NULL;
  different = self->family->compare_read (self->family, self->image, self->backup->flash,
                                          self->options->choices, &compared);
  if (different > 0 || compared == 0)
    return NULL;
  result = ofl_work_end (self, OFL_VERDICT_IDENTICAL,
                         "The drive's firmware equals this image already.", NULL);
  result->proof
      = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes read twice and compared, 0 differ.", compared);
  return result;
}

static OflResult *
end_of_failed_backup (OflWork *self, OflRun *run, const GError *error)
{
  ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_FAILED, now_us (self));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ofl_work_end (self, OFL_VERDICT_CANCELLED, "Cancelled while the backup was read.", NULL);
  /* only a drive that refuses to be read may be flashed without; a bad link or a lost drive not */
  if (g_error_matches (error, OFL_ERROR, OFL_ERROR_REJECTED))
    return no_backup (self, error->message);
  return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, run->technical);
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
  g_auto (OflRun) run = { self->transport, self->progress, self->journal, self->cancellable,
                          OFL_STAGE_BACKUP };
  g_autofree char *dir = self->options->backup_dir != NULL ? g_strdup (self->options->backup_dir)
                                                           : ofl_backup_default_dir ();
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GError) error = NULL;

  if (self->read_plan == NULL)
    return no_backup (self, "no way to read this family is public.");
  ofl_progress_begin_stage (self->progress, OFL_STAGE_BACKUP, now_us (self));
  parts = ofl_backup_read_twice (&run, self->read_plan, &error);
  if (parts == NULL)
    return end_of_failed_backup (self, &run, error);
  self->backup = ofl_backup_store (self->read_plan, parts, self->before, self->target, dir,
                                   self->options->backup_file, &error);
  if (self->backup == NULL)
    return ofl_work_end_error (self, OFL_VERDICT_FAILED_UNTOUCHED, error, NULL);
  ofl_progress_log (self->progress, OFL_LOG_INFO, "Backup, read twice and equal: %s",
                    self->backup->path);
  if (self->journal != NULL)
    ofl_journal_write (self->journal, "backup", "path", self->backup->path, "manifest",
                       self->backup->manifest_path, NULL);
  ofl_progress_end_stage (self->progress, OFL_STAGE_BACKUP, OFL_STAGE_STATE_DONE, now_us (self));
  if (self->kind == OFL_JOB_FLASH && !may_read (self, OFL_CAP_READ))
    return no_backup (self, "what belongs to this very drive is stored, its firmware cannot be "
                            "read.");
  return check_identical (self);
}
