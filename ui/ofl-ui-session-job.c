/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jobs of a session: begin one, and what follows its end. */
#include "ofl-ui-readiness.h"
#include "ofl-ui-session-private.h"

static void
leave_drive (OflUiSession *self)
{
  ofl_drive_set_job_running (self->drive, self->holds > 0);
  ofl_ui_session_refresh (self);
}

static void
on_run_changed (OflUiSession *self)
{
  if (ofl_ui_run_is_finished (self->run))
    leave_drive (self);
  ofl_ui_session_emit (self, TRUE);
}

static void
begin (OflUiSession *self, OflJob *job, const char *to_revision)
{
  ofl_drive_set_job_running (self->drive, TRUE);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  self->run = ofl_ui_run_new (job, self->drive, to_revision);
  g_signal_connect_object (self->run, "changed", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  ofl_ui_run_start (self->run, self->drive);
  on_run_changed (self);
}

static void
start_job (OflUiSession *self, OflJobKind kind, OflImage *image, const OflJobOptions *options)
{
  g_autoptr (OflJob) job = ofl_client_new_job (self->client, kind,
                                               ofl_drive_get_target (self->drive),
                                               ofl_drive_get_snapshot (self->drive), image, options,
                                               self->practice_speed);
  g_autofree char *to = ofl_ui_session_dup_new_revision (self);

  begin (self, job, to);
}

/**
 * ofl_ui_session_attach:
 * @self: a session on which no job runs
 * @job: a job of the service on this drive: of an earlier window, of a command line
 *
 * Shows it as if it had been started here. Its file is not known here, and one that was chosen here is
 * none of the job's: it is dropped, so that nothing that follows the job's end is done with it.
 */
void
ofl_ui_session_attach (OflUiSession *self, OflJob *job)
{
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING)
    return;
  ofl_ui_session_drop_file (self);
  ofl_ui_session_judge (self);
  begin (self, job, NULL);
}

/**
 * ofl_ui_session_set_client:
 * @self: a session
 * @client: where its jobs run
 * @practice_speed: how many times faster than real time practice drives are there
 *
 * Nothing can be started before this is known.
 */
void
ofl_ui_session_set_client (OflUiSession *self, OflClient *client, double practice_speed)
{
  g_set_object (&self->client, client);
  self->practice_speed = practice_speed;
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_has_client:
 * @self: a session
 *
 * Returns: whether it is known where its jobs run
 */
gboolean
ofl_ui_session_has_client (OflUiSession *self)
{
  return self->client != NULL;
}

/**
 * ofl_ui_session_runs_here:
 * @self: a session
 *
 * Returns: whether its jobs run in this program and end with it, instead of in the service
 */
gboolean
ofl_ui_session_runs_here (OflUiSession *self)
{
  return self->client != NULL
         && ofl_client_runs_here (self->client, ofl_drive_get_target (self->drive));
}

/**
 * ofl_ui_session_flash:
 * @self: a session whose ofl_ui_session_why_not_flash() is %NULL
 *
 * Begins to flash. Asks nothing: the user has confirmed before.
 */
void
ofl_ui_session_flash (OflUiSession *self)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autofree char *why_not = ofl_ui_session_why_not_flash (self);

  if (why_not != NULL || self->run != NULL)
    return;
  options->choices = ofl_choices_ref (self->choices);
  options->accept_warnings = self->accepted_warnings;
  options->accept_no_backup = self->accepted_no_backup;
  options->rewrite_identical = self->rewrite;
  options->image_file = self->file != NULL ? g_file_get_parse_name (self->file) : NULL;
  options->image_with = self->with != NULL ? g_file_get_parse_name (self->with) : NULL;
  start_job (self, OFL_JOB_FLASH, ofl_ui_session_get_image (self), options);
}

/**
 * ofl_ui_session_get_program:
 * @self: a session
 *
 * Returns: (transfer none): the maker's program that is chosen for the drive, and how it is to be run
 */
OflUiProgram *
ofl_ui_session_get_program (OflUiSession *self)
{
  if (self->program == NULL)
    self->program = ofl_ui_program_new ();
  return self->program;
}

/**
 * ofl_ui_session_run_program:
 * @self: a session whose ofl_ui_session_why_not_program() is %NULL
 *
 * Begins to run the maker's program. Asks nothing: the job does, before anything could change the drive.
 */
void
ofl_ui_session_run_program (OflUiSession *self)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autofree char *why_not = ofl_ui_session_why_not_program (self);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (self->drive);
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflJob) job = NULL;
  g_autofree char *to = NULL;

  if (why_not != NULL || self->run != NULL)
    return;
  options->choices = ofl_choices_ref (self->choices);
  image = ofl_ui_session_dup_program_image (self);
  to = image != NULL ? ofl_families_image_revision (snapshot, image) : NULL;
  job = ofl_client_new_updater_job (self->client, ofl_drive_get_target (self->drive), snapshot,
                                    image, options, ofl_ui_program_make_options (self->program),
                                    self->practice_speed);
  begin (self, job, to);
}

/**
 * ofl_ui_session_backup:
 * @self: a session whose ofl_ui_session_can_backup() is %TRUE
 * @path: the file to write
 */
void
ofl_ui_session_backup (OflUiSession *self, const char *path)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();

  if (!ofl_ui_session_can_backup (self) || self->run != NULL)
    return;
  options->choices = ofl_choices_ref (self->choices);
  options->backup_file = g_strdup (path);
  /* the dialog has asked about this file; where it is new, what lies beside it is not replaced */
  options->overwrite = g_file_test (path, G_FILE_TEST_EXISTS);
  start_job (self, OFL_JOB_BACKUP, NULL, options);
}

/**
 * ofl_ui_session_reset:
 * @self: a session whose job is over
 * @keep_file: keep the chosen file
 *
 * Back to setup.
 */
void
ofl_ui_session_reset (OflUiSession *self, gboolean keep_file)
{
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING)
    return;
  if (self->run != NULL)
    ofl_ui_run_dismiss (self->run);
  g_clear_object (&self->run);
  self->rewrite = FALSE;
  if (!keep_file)
    ofl_ui_session_forget_file (self);
  ofl_ui_session_judge (self);
  ofl_ui_session_emit (self, TRUE);
}

/**
 * ofl_ui_session_reset_for_rewrite:
 * @self: a session whose job found the image on the drive already
 *
 * Back to setup; the next flash writes all the same.
 */
void
ofl_ui_session_reset_for_rewrite (OflUiSession *self)
{
  ofl_ui_session_reset (self, TRUE);
  self->rewrite = TRUE;
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_will_rewrite:
 * @self: a session
 *
 * Returns: whether the image is written although the drive holds it
 */
gboolean
ofl_ui_session_will_rewrite (OflUiSession *self)
{
  return self->rewrite;
}

/**
 * ofl_ui_session_hold:
 * @self: a session
 *
 * The drive is asked something, outside of a job: until as many ofl_ui_session_release() nothing else
 * is begun with it, and nobody looks at it in between.
 */
void
ofl_ui_session_hold (OflUiSession *self)
{
  self->holds++;
  ofl_drive_set_job_running (self->drive, TRUE);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_release:
 * @self: a session that is held
 */
void
ofl_ui_session_release (OflUiSession *self)
{
  g_return_if_fail (self->holds > 0);

  self->holds--;
  if (ofl_ui_session_get_phase (self) != OFL_UI_PHASE_RUNNING)
    ofl_drive_set_job_running (self->drive, self->holds > 0);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_is_held:
 * @self: a session
 *
 * Returns: whether the drive is asked something, outside of a job
 */
gboolean
ofl_ui_session_is_held (OflUiSession *self)
{
  return self->holds > 0;
}
