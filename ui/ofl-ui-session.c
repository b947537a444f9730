/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-session-private.h"
#include "ofl-ui-settings.h"

G_DEFINE_FINAL_TYPE (OflUiSession, ofl_ui_session, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_PHASE_CHANGED, SIGNAL_FILE_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

/**
 * ofl_ui_session_emit:
 * @self: a session
 * @phase: the job's phase or danger is another one, too
 */
void
ofl_ui_session_emit (OflUiSession *self, gboolean phase)
{
  if (phase)
    g_signal_emit (self, signals[SIGNAL_PHASE_CHANGED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * ofl_ui_session_emit_chosen:
 * @self: a session
 *
 * A file is being opened that the user has chosen for this very drive.
 */
void
ofl_ui_session_emit_chosen (OflUiSession *self)
{
  g_signal_emit (self, signals[SIGNAL_FILE_CHOSEN], 0);
}

/**
 * ofl_ui_session_judge:
 * @self: a session
 *
 * Judges drive and image anew. A consent belongs to what was on the screen when it was given:
 * with any other image, choice or drive it is asked for again.
 */
void
ofl_ui_session_judge (OflUiSession *self)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (self->drive);

  self->accepted_warnings = FALSE;
  self->accepted_no_backup = FALSE;
  self->accepted_owner = FALSE;
  g_clear_pointer (&self->judgement, ofl_judgement_unref);
  g_clear_pointer (&self->judged, ofl_snapshot_unref);
  if (snapshot == NULL)
    return;
  self->judged = ofl_snapshot_ref (snapshot);
  self->judgement = ofl_families_judge (snapshot, ofl_ui_session_get_image (self), self->choices);
}

/**
 * ofl_ui_session_choose_image:
 * @self: a session
 *
 * Of a file's images, the one that fits the drive.
 */
void
ofl_ui_session_choose_image (OflUiSession *self)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (self->drive);

  self->image_index = -1;
  if (self->firmware == NULL || ofl_firmware_get_n_images (self->firmware) == 0)
    return;
  if (snapshot != NULL)
    self->image_index = ofl_families_choose_image (snapshot, self->firmware, self->choices);
  /* Also one that does not fit is shown: the judgement says why it is refused. */
  self->image_index = MAX (self->image_index, 0);
}

static gboolean
after_drive_notify (gpointer data)
{
  OflUiSession *self = data;

  self->notify_idle = 0;
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_SETUP
      && ofl_drive_get_snapshot (self->drive) != self->judged)
    ofl_ui_session_judge (self);
  ofl_ui_session_emit (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* A drive that was looked at notifies each of its properties: one answer to all of them. */
static void
on_drive_notify (OflUiSession *self)
{
  if (self->notify_idle == 0)
    self->notify_idle = g_idle_add (after_drive_notify, self);
}

/* What is no longer offered is not done either; and what is to be done about a refusal is said in other
 * words. */
static void
on_settings_changed (OflUiSession *self)
{
  gboolean experimental = ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_EXPERIMENTAL);

  if (experimental != self->experimental)
    {
      self->experimental = experimental;
      ofl_ui_session_judge (self);
    }
  if (!experimental && g_strcmp0 (ofl_choices_get (self->choices, OFL_UI_EXPERIMENTAL), "yes") == 0)
    ofl_ui_session_set_choice (self, OFL_UI_EXPERIMENTAL, "no");
  ofl_ui_session_emit (self, FALSE);
}

static void
ofl_ui_session_dispose (GObject *object)
{
  OflUiSession *self = OFL_UI_SESSION (object);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_handle_id (&self->notify_idle, g_source_remove);
  g_clear_pointer (&self->judged, ofl_snapshot_unref);
  g_clear_signal_handler (&self->drive_handler, self->drive);
  g_clear_object (&self->drive);
  g_clear_object (&self->monitor);
  g_clear_object (&self->client);
  g_clear_object (&self->file);
  g_clear_object (&self->with);
  g_clear_object (&self->firmware);
  g_clear_pointer (&self->backup, ofl_stored_backup_free);
  g_clear_object (&self->program);
  g_clear_object (&self->run);
  g_clear_error (&self->file_error);
  g_clear_pointer (&self->choices, ofl_choices_unref);
  g_clear_pointer (&self->judgement, ofl_judgement_unref);
  g_clear_pointer (&self->refusal, g_free);
  g_clear_pointer (&self->id, g_free);
  G_OBJECT_CLASS (ofl_ui_session_parent_class)->dispose (object);
}

static void
ofl_ui_session_class_init (OflUiSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_session_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PHASE_CHANGED] = g_signal_new ("phase-changed", OFL_UI_TYPE_SESSION,
                                                G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                0);
  signals[SIGNAL_FILE_CHOSEN] = g_signal_new ("file-chosen", OFL_UI_TYPE_SESSION, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_session_init (OflUiSession *self)
{
  self->choices = ofl_choices_new ();
  self->image_index = -1;
  self->experimental = ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_EXPERIMENTAL);
  g_signal_connect_object (ofl_ui_settings_get (), "changed", G_CALLBACK (on_settings_changed),
                           self, G_CONNECT_SWAPPED);
}

/**
 * ofl_ui_session_new:
 * @monitor: where drives come from, for looking again after a job
 * @drive: a drive
 *
 * Returns: (transfer full): a session in setup, without a firmware file
 */
OflUiSession *
ofl_ui_session_new (OflDriveMonitor *monitor, OflDrive *drive)
{
  OflUiSession *self = g_object_new (OFL_UI_TYPE_SESSION, NULL);

  self->monitor = g_object_ref (monitor);
  self->id = g_strdup (ofl_drive_get_id (drive));
  ofl_ui_session_set_drive (self, drive);
  return self;
}

/**
 * ofl_ui_session_get_id:
 * @self: a session
 *
 * Returns: the drive's id
 */
const char *
ofl_ui_session_get_id (OflUiSession *self)
{
  return self->id;
}

/**
 * ofl_ui_session_get_drive:
 * @self: a session
 *
 * Returns: (transfer none): the drive, as last seen when it has gone; never %NULL
 */
OflDrive *
ofl_ui_session_get_drive (OflUiSession *self)
{
  return self->drive;
}

/**
 * ofl_ui_session_is_present:
 * @self: a session
 *
 * Returns: whether the drive is plugged in
 */
gboolean
ofl_ui_session_is_present (OflUiSession *self)
{
  return self->present;
}

/**
 * ofl_ui_session_set_drive:
 * @self: a session
 * @drive: (nullable): the drive that came back with the same id; %NULL: it has gone
 */
void
ofl_ui_session_set_drive (OflUiSession *self, OflDrive *drive)
{
  if (self->present == (drive != NULL) && (drive == NULL || drive == self->drive))
    return;

  self->present = drive != NULL;
  if (drive != NULL && drive != self->drive)
    {
      g_clear_signal_handler (&self->drive_handler, self->drive);
      g_set_object (&self->drive, drive);
      self->drive_handler
          = g_signal_connect_swapped (drive, "notify", G_CALLBACK (on_drive_notify), self);
      ofl_drive_set_job_running (
          drive, self->holds > 0 || ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING);
      ofl_ui_session_judge (self);
    }
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_is_practice:
 * @self: a session
 *
 * Returns: whether the drive is a practice drive
 */
gboolean
ofl_ui_session_is_practice (OflUiSession *self)
{
  return ofl_target_is_practice (ofl_drive_get_target (self->drive));
}

/**
 * ofl_ui_session_refresh:
 * @self: a session
 *
 * Looks at the drive again, in the background; not while a job runs.
 */
void
ofl_ui_session_refresh (OflUiSession *self)
{
  if (self->present && ofl_ui_session_get_phase (self) != OFL_UI_PHASE_RUNNING)
    ofl_drive_monitor_refresh (self->monitor, self->drive);
}

/**
 * ofl_ui_session_is_opening:
 * @self: a session
 *
 * Returns: whether a file is being read
 */
gboolean
ofl_ui_session_is_opening (OflUiSession *self)
{
  return self->opening != NULL;
}

/**
 * ofl_ui_session_get_file:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): the file that was chosen
 */
GFile *
ofl_ui_session_get_file (OflUiSession *self)
{
  return self->file;
}

/**
 * ofl_ui_session_get_firmware:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): the firmware file, once it is read
 */
OflFirmware *
ofl_ui_session_get_firmware (OflUiSession *self)
{
  return self->firmware;
}

/**
 * ofl_ui_session_get_file_error:
 * @self: a session
 *
 * Returns: (nullable): why the file cannot be used
 */
const GError *
ofl_ui_session_get_file_error (OflUiSession *self)
{
  return self->file_error;
}

/**
 * ofl_ui_session_set_image_index:
 * @self: a session
 * @index: which of the file's images to use
 */
void
ofl_ui_session_set_image_index (OflUiSession *self, int index)
{
  if (index == self->image_index || self->firmware == NULL || index < 0
      || (guint) index >= ofl_firmware_get_n_images (self->firmware))
    return;
  self->image_index = index;
  ofl_ui_session_judge (self);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_get_image_index:
 * @self: a session
 *
 * Returns: which of the file's images is used, -1 for none
 */
int
ofl_ui_session_get_image_index (OflUiSession *self)
{
  return self->image_index;
}

/**
 * ofl_ui_session_get_image:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): the image that is to be flashed
 */
OflImage *
ofl_ui_session_get_image (OflUiSession *self)
{
  if (self->firmware == NULL || self->image_index < 0)
    return NULL;
  return ofl_firmware_get_image (self->firmware, (guint) self->image_index);
}

/**
 * ofl_ui_session_get_judgement:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): how drive and image match, or, without an image, the
 *   drive alone; %NULL while the drive is unknown
 */
OflJudgement *
ofl_ui_session_get_judgement (OflUiSession *self)
{
  return self->judgement;
}

/**
 * ofl_ui_session_get_family:
 * @self: a session
 *
 * Returns: (nullable): the drive's family
 */
const OflFamily *
ofl_ui_session_get_family (OflUiSession *self)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (self->drive);
  const char *id = snapshot != NULL ? ofl_snapshot_get_family (snapshot) : NULL;

  return id != NULL ? ofl_families_find (id) : NULL;
}

/**
 * ofl_ui_session_get_choices:
 * @self: a session
 *
 * Returns: (transfer none): the family's named choices
 */
OflChoices *
ofl_ui_session_get_choices (OflUiSession *self)
{
  return self->choices;
}

/**
 * ofl_ui_session_set_choice:
 * @self: a session
 * @name: a choice of the family
 * @value: its value
 *
 * The match is judged anew.
 */
void
ofl_ui_session_set_choice (OflUiSession *self, const char *name, const char *value)
{
  if (g_strcmp0 (ofl_choices_get (self->choices, name), value) == 0)
    return;
  ofl_choices_set (self->choices, name, value);
  ofl_ui_session_judge (self);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_set_accepted:
 * @self: a session
 * @warnings: every soft refusal is overridden by the user
 * @no_backup: the user goes on without a backup
 */
void
ofl_ui_session_set_accepted (OflUiSession *self, gboolean warnings, gboolean no_backup)
{
  if (self->accepted_warnings == warnings && self->accepted_no_backup == no_backup)
    return;
  self->accepted_warnings = warnings;
  self->accepted_no_backup = no_backup;
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_has_accepted_warnings:
 * @self: a session
 *
 * Returns: whether the user overrides every soft refusal
 */
gboolean
ofl_ui_session_has_accepted_warnings (OflUiSession *self)
{
  return self->accepted_warnings;
}

/**
 * ofl_ui_session_has_accepted_no_backup:
 * @self: a session
 *
 * Returns: whether the user goes on without a backup
 */
gboolean
ofl_ui_session_has_accepted_no_backup (OflUiSession *self)
{
  return self->accepted_no_backup;
}

/**
 * ofl_ui_session_set_refusal:
 * @self: a session
 * @refusal: (nullable): what refuses a write as it is now, a sentence; %NULL: nothing that was seen
 */
void
ofl_ui_session_set_refusal (OflUiSession *self, const char *refusal)
{
  if (g_strcmp0 (refusal, self->refusal) == 0)
    return;
  g_free (self->refusal);
  self->refusal = g_strdup (refusal);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_get_refusal:
 * @self: a session
 *
 * Returns: (nullable): what refuses a write, as it was when it was looked at last, a sentence
 */
const char *
ofl_ui_session_get_refusal (OflUiSession *self)
{
  return self->refusal;
}

/**
 * ofl_ui_session_get_phase:
 * @self: a session
 *
 * Returns: whether a job runs or has ended
 */
OflUiPhase
ofl_ui_session_get_phase (OflUiSession *self)
{
  if (self->run == NULL)
    return OFL_UI_PHASE_SETUP;
  return ofl_ui_run_is_finished (self->run) ? OFL_UI_PHASE_FINISHED : OFL_UI_PHASE_RUNNING;
}

/**
 * ofl_ui_session_get_run:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): the job that runs, or ran last
 */
OflUiRun *
ofl_ui_session_get_run (OflUiSession *self)
{
  return self->run;
}

/**
 * ofl_ui_session_is_asking:
 * @self: a session
 *
 * Returns: whether its job waits for an answer
 */
gboolean
ofl_ui_session_is_asking (OflUiSession *self)
{
  return self->run != NULL && ofl_ui_run_is_asking (self->run);
}
