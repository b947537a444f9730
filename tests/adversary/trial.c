/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"

#define KILLED_DIR "killed"

/* The revision that comes after: “1.03” – “1.04”. */
static char *
next_revision (const char *revision)
{
  char *next = g_strdup (revision);

  next[3]++;
  return next;
}

/**
 * trial_image:
 * @campaign: a campaign
 * @revision: four characters
 * @twin: another image than the usual one of that revision
 *
 * Returns: (transfer full): an image for the drive
 */
OflImage *
trial_image (Campaign *campaign, const char *revision, gboolean twin)
{
  const char *variant = campaign->which->variant;
  g_autofree char *words = twin ? g_strconcat ("twin", variant != NULL ? "-" : NULL, variant, NULL)
                                : g_strdup (variant);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ofl_practice_make_image (campaign->id, revision, words, &error);
  g_autoptr (OflFirmware) firmware = NULL;

  g_assert_no_error (error);
  firmware = ofl_firmware_new_from_bytes ("image.bin", bytes);
  g_assert_true (ofl_families_recognise (firmware, &error));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), >, 0);
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

/* Each job has a folder of its own for its backup. */
static void
use_backups (const Trial *trial, const char *name)
{
  OflJobOptions *options = trial->bench->options;

  g_free (options->backup_dir);
  options->backup_dir = g_build_filename (trial->bench->dir, name, NULL);
}

/* A person has looked at the drive before. */
static OflJob *
new_job (const Trial *trial, OflJobKind kind, OflImage *image)
{
  g_autoptr (OflSnapshot) seen = workbench_look (trial->bench);

  return ofl_local_job_new (kind, ofl_drive_get_target (trial->bench->drive), seen, image,
                            trial->bench->options);
}

/**
 * trial_run:
 * @trial: a trial
 * @kind: what to do
 * @image: (nullable): with what
 * @cancel: (nullable): cancels it
 *
 * Returns: (transfer full): how it ended; nothing is held against it
 */
OflResult *
trial_run (const Trial *trial, OflJobKind kind, OflImage *image, GCancellable *cancel)
{
  g_autoptr (OflJob) job = new_job (trial, kind, image);

  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), cancel);
}

static void
check_job (const Trial *trial, OflJob *job, OflImage *image, const OflResult *result,
           const Before *before)
{
  OflProgressView view;

  trial->campaign->tally.jobs++;
  trial->campaign->tally.verdicts[result->verdict]++;
  ofl_job_read_progress (job, &view);
  claims_check (trial, image, result, &view, before);
  witness_check_journal (trial, result);
  claims_check_later (trial, image, result, before);
}

/* A job whose every word is held against the drive. */
static OflResult *
judged_job (Trial *trial, const char *name, OflJobKind kind, OflImage *image)
{
  g_autoptr (OflJob) job = NULL;
  g_auto (Before) before = { 0 };
  OflResult *result;

  trial->job = name;
  use_backups (trial, name);
  job = new_job (trial, kind, image);
  before_take (&before, trial);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
  check_job (trial, job, image, result, &before);
  if (kind == OFL_JOB_VERIFY && !trial->schedule->damages
      && ofl_practice_drive_get_n_writes (trial->bench->device) != before.n_writes)
    trial_wrong (trial, WRONG_UNTOUCHED, "%s", "a verify job has written");
  return result;
}

/* What the drive holds before the faults begin. */
static void
prepare (Trial *trial)
{
  Campaign *campaign = trial->campaign;
  const Schedule *schedule = trial->schedule;
  g_autofree char *next = next_revision (campaign->which->revision);
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflResult) result = NULL;

  if (schedule->pre == PRE_NEW)
    return;
  if (schedule->pre == PRE_OTHER)
    image = trial_image (campaign, next, FALSE);
  else if (schedule->pre == PRE_TWIN)
    image = trial_image (campaign, campaign->which->revision, TRUE);
  else
    image = ofl_image_ref (campaign->image);
  if (schedule->pre_fault != NULL)
    ofl_practice_drive_add_fault (trial->bench->device, schedule->pre_fault, NULL);
  use_backups (trial, "before");
  result = trial_run (trial, OFL_JOB_FLASH, image, NULL);
  ofl_practice_drive_clear_faults (trial->bench->device);
  ofl_practice_port_unplug (trial->bench->port);
  ofl_practice_port_plug (trial->bench->port);
}

/* The backup that a job without faults makes now. */
static void
make_reference (Trial *trial)
{
  g_autoptr (OflResult) result = NULL;

  gboolean need_folder = trial->schedule->restore && trial->campaign->readable;

  if (trial->schedule->pre == PRE_NEW && trial->campaign->backup != NULL && !need_folder)
    {
      trial->backup = g_strdup (trial->campaign->backup);
      return;
    }
  use_backups (trial, "reference");
  result = trial_run (trial, OFL_JOB_BACKUP, NULL, NULL);
  trial->backup = backups_hash (trial->bench->options->backup_dir,
                                need_folder ? &trial->backup_folder : NULL);
  if (trial->campaign->backup == NULL && trial->schedule->pre == PRE_NEW)
    trial->campaign->backup = g_strdup (trial->backup);
}

static void
set_consents (const Trial *trial)
{
  OflJobOptions *options = trial->bench->options;

  options->rewrite_identical = trial->schedule->rewrite;
  options->accept_no_backup = !trial->campaign->readable || trial->schedule->pre == PRE_HALF;
}

/* The job that the schedule is for. */
static void
first_job (Trial *trial)
{
  g_autoptr (OflJob) job = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (OflResult) result = NULL;
  g_auto (Before) before = { 0 };
  Witness witness = { .trial = trial, .before = &before, .cancel = cancel };

  trial->job = "first";
  use_backups (trial, "first");
  witness.backup_due = !trial->bench->options->accept_no_backup;
  trial->bench->options->watch_limit_ms = trial->schedule->watch_limit_ms;
  job = new_job (trial, OFL_JOB_FLASH, trial->campaign->image);
  schedule_arm (trial->schedule, trial->bench->device);
  before_take (&before, trial);
  ofl_practice_port_set_watch (trial->bench->port, witness_watch, &witness);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), cancel);
  ofl_practice_port_set_watch (trial->bench->port, NULL, NULL);
  witness_check_end (&witness);
  backups_check (trial, result);
  check_job (trial, job, trial->campaign->image, result, &before);
  claims_check_watched (trial, result);
  trial->bench->options->watch_limit_ms = 0;
}

/* The same in a process of its own, which is killed. */
static void
killed_job (Trial *trial)
{
  const Schedule *schedule = trial->schedule;
  g_autofree char *at = g_strdup_printf ("%u", schedule->kill_at);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Before) before = { 0 };
  int status = 0;

  trial->job = "killed";
  use_backups (trial, KILLED_DIR);
  before_take (&before, trial);
  g_ptr_array_add (argv, (gpointer) "/proc/self/exe");
  g_ptr_array_add (argv, (gpointer) "--be-killed");
  g_ptr_array_add (argv, (gpointer) trial->campaign->id);
  g_ptr_array_add (argv, trial->bench->dir);
  g_ptr_array_add (argv, at);
  for (guint i = 0; schedule->faults[i] != NULL; i++)
    g_ptr_array_add (argv, schedule->faults[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  /* the drive has gone through a loss of power with its process */
  g_clear_pointer (&(OflSnapshot *){ workbench_look (trial->bench) }, ofl_snapshot_unref);
  if (!WIFSIGNALED (status))
    {
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
      return;
    }
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  trial->campaign->tally.kills++;
  claims_check_unfinished (trial, &before);
  journals_check_spoilt (trial);
  backups_check (trial, NULL);
}

/**
 * trial_be_killed:
 * @campaign: a campaign with a drive and nothing else
 * @schedule: faults, and when to be killed
 * @dir: where the drive, the journal and the backup are
 *
 * The part of a trial that runs in a process of its own. Returns when the job has ended before.
 */
void
trial_be_killed (Campaign *campaign, const Schedule *schedule, const char *dir)
{
  Trial trial = { .campaign = campaign, .schedule = schedule };
  g_autoptr (Workbench) bench = workbench_new_kept (campaign->id, dir);
  g_autoptr (OflResult) result = NULL;
  Witness witness = { .trial = &trial };

  trial.bench = bench;
  practice_switch_on (bench);
  bench->options->accept_warnings = TRUE;
  bench->options->accept_no_backup = TRUE;
  bench->options->rewrite_identical = TRUE;
  use_backups (&trial, KILLED_DIR);
  schedule_arm (schedule, bench->device);
  ofl_practice_port_set_watch (bench->port, witness_watch, &witness);
  result = trial_run (&trial, OFL_JOB_FLASH, campaign->image, NULL);
}

/* At once, with what faults are left, and without a replug. */
static void
next_jobs (Trial *trial)
{
  g_autoptr (OflResult) verified = NULL;
  g_autoptr (OflResult) again = NULL;

  if (trial->schedule->plug_again)
    ofl_practice_port_plug (trial->bench->port);
  if (trial->schedule->verify)
    verified = judged_job (trial, "verify", OFL_JOB_VERIFY, trial->campaign->image);
  if (trial->schedule->again)
    again = judged_job (trial, "again", OFL_JOB_FLASH, trial->campaign->image);
}

/* The part of the backup that the drive takes, as the command line chooses it. */
static OflImage *
open_backup (const Trial *trial)
{
  g_autoptr (GDir) listing = g_dir_open (trial->backup_folder, 0, NULL);
  g_autoptr (OflSnapshot) drive = workbench_look (trial->bench);
  const char *name;

  while (drive != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (trial->backup_folder, name, NULL);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (OflFirmware) firmware
          = g_str_has_suffix (name, ".bin") ? ofl_families_open (file, NULL, NULL) : NULL;
      int choice = firmware != NULL ? ofl_families_choose_image (drive, firmware, NULL) : -1;

      if (choice >= 0
          && g_strcmp0 (ofl_image_get_fact (ofl_firmware_get_image (firmware, (guint) choice),
                                            "kind"),
                        ofl_image_get_fact (trial->campaign->image, "kind"))
                 == 0)
        return ofl_image_ref (ofl_firmware_get_image (firmware, (guint) choice));
    }
  return NULL;
}

/* Flashing the backup brings back what was backed up: another backup is the same. */
static void
restore (Trial *trial)
{
  g_autoptr (OflImage) image = open_backup (trial);
  g_autoptr (OflResult) restored = NULL;
  g_autoptr (OflResult) looked = NULL;
  g_autofree char *now = NULL;

  trial->job = "restore";
  if (image == NULL)
    {
      trial_wrong (trial, WRONG_RECOVERY, "%s", "the backup is no image that the drive takes");
      return;
    }
  restored = trial_run (trial, OFL_JOB_FLASH, image, NULL);
  use_backups (trial, "restored");
  looked = trial_run (trial, OFL_JOB_BACKUP, NULL, NULL);
  now = backups_hash (trial->bench->options->backup_dir, NULL);
  if (!ofl_verdict_is_success (restored->verdict) || g_strcmp0 (now, trial->backup) != 0)
    trial_wrong (trial, WRONG_RECOVERY, "by the backup: %s: %s; the drive's backup is now %s",
                 ofl_verdict_id (restored->verdict), restored->what, now != NULL ? now : "none");
}

/* By the backup, where it can be written: it must bring back what was there. Then by the image. */
static void
recover (Trial *trial)
{
  g_autoptr (OflResult) mended = NULL;

  ofl_practice_drive_clear_faults (trial->bench->device);
  ofl_practice_port_unplug (trial->bench->port);
  ofl_practice_port_plug (trial->bench->port);
  trial->bench->options->accept_no_backup = TRUE;
  if (trial->backup_folder != NULL && trial->campaign->which->recovers
      && !trial->campaign->which->not_back)
    restore (trial);
  mended = judged_job (trial, "recovery", OFL_JOB_FLASH, trial->campaign->image);
  claims_check_recovery (trial, trial->campaign->image, mended);
}

/**
 * trial_run_schedule:
 * @campaign: a drive, and where to count
 * @schedule: what befalls it
 *
 * The jobs of a schedule, on a drive of its own.
 */
void
trial_run_schedule (Campaign *campaign, const Schedule *schedule)
{
  Trial trial = { .campaign = campaign, .schedule = schedule, .job = "before" };
  g_autoptr (Workbench) bench = schedule->kill_at != 0 ? workbench_new_kept (campaign->id, NULL)
                                                       : workbench_new (campaign->id);

  trial.bench = bench;
  practice_switch_on (bench);
  bench->options->accept_warnings = TRUE;
  bench->options->accept_no_backup = TRUE;
  prepare (&trial);
  make_reference (&trial);
  set_consents (&trial);
  if (schedule->kill_at != 0)
    killed_job (&trial);
  else
    first_job (&trial);
  if (schedule->kill_at == 0)
    next_jobs (&trial);
  recover (&trial);
  g_free (trial.backup);
  g_free (trial.backup_folder);
}
