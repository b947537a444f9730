/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Is my drive broken?" The order of the questions, and what is handed back. */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-backup.h"

static void
finding_free (gpointer data)
{
  OflFinding *finding = data;

  g_free (finding->id);
  g_free (finding->sentence);
  g_free (finding->next);
  g_free (finding->technical);
  g_free (finding);
}

static OflExamination *
examination_new (OflDriveState state)
{
  OflExamination *self = g_new0 (OflExamination, 1);

  self->state = state;
  self->findings = g_ptr_array_new_with_free_func (finding_free);
  self->stretches = g_array_new (FALSE, FALSE, sizeof (OflStretch));
  self->errors = g_array_new (FALSE, FALSE, sizeof (OflErrorCount));
  return self;
}

/**
 * ofl_examination_free:
 * @self: (transfer full): an examination
 */
void
ofl_examination_free (OflExamination *self)
{
  g_ptr_array_unref (self->findings);
  g_array_unref (self->stretches);
  g_array_unref (self->errors);
  g_free (self);
}

/**
 * ofl_examination_worst:
 * @self: an examination
 *
 * Returns: the worst level among its findings
 */
OflFindingLevel
ofl_examination_worst (const OflExamination *self)
{
  OflFindingLevel worst = OFL_FINDING_GOOD;

  for (guint i = 0; i < self->findings->len; i++)
    worst = MAX (worst, ((const OflFinding *) g_ptr_array_index (self->findings, i))->level);
  return worst;
}

/**
 * ofl_examination_find:
 * @self: an examination
 * @id: a finding's word
 *
 * Returns: (nullable) (transfer none): the first finding of that id
 */
const OflFinding *
ofl_examination_find (const OflExamination *self, const char *id)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const OflFinding *finding = g_ptr_array_index (self->findings, i);

      if (g_str_equal (finding->id, id))
        return finding;
    }
  return NULL;
}

/**
 * ofl_finding_level_id:
 * @level: a level
 *
 * Returns: its word for machines
 */
const char *
ofl_finding_level_id (OflFindingLevel level)
{
  static const char *const ids[] = { "good", "remark", "doubtful", "bad" };

  return (guint) level < G_N_ELEMENTS (ids) ? ids[level] : "bad";
}

/**
 * ofl_stretch_state_id:
 * @state: how a stretch went
 *
 * Returns: its word for machines
 */
const char *
ofl_stretch_state_id (OflStretchState state)
{
  static const char *const ids[] = { "unread", "read", "second-try", "failed", "skipped" };

  return (guint) state < G_N_ELEMENTS (ids) ? ids[state] : "unread";
}

/**
 * ofl_stretch_speed:
 * @self: a stretch
 *
 * Returns: how fast it came once its place was found, kB/s of 1000 bytes; 0 when that was not
 *   measured
 */
guint
ofl_stretch_speed (const OflStretch *self)
{
  return self->timed_us > 0 ? (guint) (self->timed_bytes * 1000 / (guint64) self->timed_us) : 0;
}

/**
 * ofl_doctor_add: (skip)
 * @self: an examination
 * @level: how much it weighs
 * @id: its word
 * @with_answer: the last question and its answer belong to it
 * @next: (nullable): what to do next
 * @format: the sentence
 * @...: its arguments
 *
 * Adds a finding.
 */
void
ofl_doctor_add (OflDoctor *self, OflFindingLevel level, const char *id, gboolean with_answer,
                const char *next, const char *format, ...)
{
  OflFinding *finding = g_new0 (OflFinding, 1);
  va_list args;

  va_start (args, format);
  finding->sentence = g_strstrip (g_strdup_vprintf (format, args));
  va_end (args);
  finding->level = level;
  finding->id = g_strdup (id);
  finding->next = g_strdup (next);
  finding->technical = with_answer ? g_strdup (self->technical) : NULL;
  g_ptr_array_add (self->found->findings, finding);
}

static void
note_cancel (OflDoctor *self)
{
  if (!ofl_doctor_may_go_on (self) && self->found->cancelled)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "cancelled", FALSE, NULL,
                    _ ("The examination was broken off. What stands above was found till then; "
                       "nothing was written."));
}

/* The questions to a drive whose firmware runs */
static void
question (OflDoctor *self, OflReadExtent extent)
{
  ofl_doctor_look_for_disc (self);
  if (self->disc == OFL_DOCTOR_DISC_UNKNOWN && ofl_doctor_may_go_on (self))
    ofl_doctor_tell_sign (self);
  ofl_doctor_look_at_drive (self);
  if (self->deep)
    ofl_doctor_look_at_unit (self);
  if (self->disc == OFL_DOCTOR_DISC)
    ofl_doctor_look_at_disc (self);
  if (self->found->blocks > 0 && extent != OFL_READ_NOTHING && ofl_doctor_may_go_on (self)
      && !(self->has_state && self->state.status == OFL_DISC_BLANK))
    ofl_doctor_read_pass (self, extent);
  if (self->deep && self->disc == OFL_DOCTOR_DISC && ofl_doctor_may_go_on (self))
    ofl_doctor_count_errors (self);
  ofl_doctor_judge_cause (self);
}

static OflExamination *
examine (OflDoctor *self, OflReadExtent extent, const char *backup_dir)
{
  OflDriveState state = ofl_snapshot_get_state (self->drive);
  g_autofree char *backup = backup_dir != NULL ? ofl_backup_find (backup_dir, self->drive) : NULL;

  self->found = examination_new (state);
  ofl_doctor_judge_state (self, state, ofl_snapshot_get_reason (self->drive));
  if (state == OFL_DRIVE_STATE_NORMAL || state == OFL_DRIVE_STATE_BOOT)
    ofl_doctor_judge_mending (self, backup);
  if (state == OFL_DRIVE_STATE_NORMAL)
    {
      ofl_doctor_judge_firmware (self, backup);
      question (self, extent);
    }
  note_cancel (self);
  g_free (self->technical);
  return self->found;
}

/**
 * ofl_doctor_examine:
 * @transport: a way to the drive
 * @drive: what the last look at it has found
 * @extent: how much of a disc is read
 * @backup_dir: (nullable): folder in which a backup of the drive may be
 * @cancellable: (nullable): breaks it off between two commands
 *
 * Looks at a drive with commands that only read. A drive whose boot code alone answers is asked
 * nothing, and neither is one over a link that garbles. Blocks: for a drive's worker thread.
 *
 * Returns: (transfer full): what was found
 */
OflExamination *
ofl_doctor_examine (OflTransport *transport, const OflSnapshot *drive, OflReadExtent extent,
                    const char *backup_dir, GCancellable *cancellable)
{
  OflDoctor self = { .transport = transport, .drive = drive, .cancellable = cancellable };

  return examine (&self, extent, backup_dir);
}

/**
 * ofl_doctor_examine_deep:
 * @transport: a way to the drive
 * @drive: what the last look at it has found
 * @extent: how much of a disc is read
 * @choices: (nullable): what the user chose; an experimental read is off until it is switched on
 * @backup_dir: (nullable): folder in which a backup of the drive may be
 * @cancellable: (nullable): breaks it off between two commands
 *
 * Like ofl_doctor_examine(), and asks what the drive's family lists as harmless, too: what belongs to
 * the drive alone is read twice, and the errors of the disc that is in it are counted. Blocks.
 *
 * Returns: (transfer full): what was found
 */
OflExamination *
ofl_doctor_examine_deep (OflTransport *transport, const OflSnapshot *drive, OflReadExtent extent,
                         const OflChoices *choices, const char *backup_dir,
                         GCancellable *cancellable)
{
  OflDoctor self = { .transport = transport,
                     .drive = drive,
                     .cancellable = cancellable,
                     .deep = TRUE,
                     .choices = choices };

  return examine (&self, extent, backup_dir);
}

/**
 * ofl_doctor_describe_silence:
 * @state: the state of a drive that nothing is known of
 * @error: (nullable): why the look at it failed
 *
 * Returns: (transfer full): what can be said of it; nothing is sent
 */
OflExamination *
ofl_doctor_describe_silence (OflDriveState state, const GError *error)
{
  OflDoctor self = { .found = examination_new (state) };

  ofl_doctor_judge_state (&self, state, error != NULL ? ofl_error_text (error) : NULL);
  if (state == OFL_DRIVE_STATE_SILENT)
    ofl_doctor_add (&self, OFL_FINDING_REMARK, "mend", FALSE,
                    _ ("What may be left when it stays silent with another cable and computer: a "
                       "programmer clipped to the flash chip, for somebody who knows the drive."),
                    _ ("As long as it is silent nothing can be told about its firmware, and no "
                       "command can mend it."));
  return self.found;
}

typedef struct {
  OflTarget *target;
  OflSnapshot *drive; /* NULL: nothing is known of it */
  OflDriveState state;
  GError *error;
  OflReadExtent extent;
  gboolean deep;
  OflChoices *choices;
  char *backup_dir;
  OflTally *tally;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  ofl_target_unref (work->target);
  g_clear_pointer (&work->drive, ofl_snapshot_unref);
  g_clear_error (&work->error);
  g_clear_pointer (&work->choices, ofl_choices_unref);
  g_free (work->backup_dir);
  g_clear_pointer (&work->tally, ofl_tally_unref);
  g_free (work);
}

static void
examine_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (OflTransport) transport = NULL;
  OflExamination *found;
  GError *error = NULL;

  if (work->drive == NULL)
    found = ofl_doctor_describe_silence (work->state, work->error);
  else
    {
      transport = ofl_target_open (work->target, OFL_OPEN_READ_ONLY, &error);
      if (transport == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      ofl_tally_attach (work->tally, transport);
      found = work->deep ? ofl_doctor_examine_deep (transport, work->drive, work->extent,
                                                    work->choices, work->backup_dir, cancellable)
                         : ofl_doctor_examine (transport, work->drive, work->extent,
                                               work->backup_dir, cancellable);
      ofl_transport_close (transport);
    }
  g_task_return_pointer (task, found, (GDestroyNotify) ofl_examination_free);
}

static Work *
work_new (OflDrive *drive, OflReadExtent extent, const char *backup_dir)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const GError *error = ofl_drive_get_error (drive);
  Work *work = g_new0 (Work, 1);

  work->target = ofl_target_ref (ofl_drive_get_target (drive));
  work->drive = snapshot != NULL ? ofl_snapshot_ref (snapshot) : NULL;
  work->state = ofl_drive_get_state (drive);
  work->error = error != NULL ? g_error_copy (error) : NULL;
  work->extent = extent;
  work->backup_dir = g_strdup (backup_dir);
  return work;
}

static void
run_in_thread (OflDrive *drive, Work *work, GCancellable *cancellable, GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (drive, cancellable, callback, user_data);

  g_task_set_source_tag (task, run_in_thread);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, examine_in_thread);
}

/**
 * ofl_doctor_examine_async:
 * @drive: a drive that has been looked at
 * @extent: how much of a disc is read
 * @backup_dir: (nullable): folder in which a backup of the drive may be
 * @tally: (nullable): counts the stretches of the read pass, and parts of the disc while its errors
 *   are counted
 * @cancellable: (nullable): breaks it off between two commands; what was found till then is handed
 *   back all the same
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * ofl_doctor_examine() in a worker thread.
 */
void
ofl_doctor_examine_async (OflDrive *drive, OflReadExtent extent, const char *backup_dir,
                          OflTally *tally, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Work *work = work_new (drive, extent, backup_dir);

  work->tally = tally != NULL ? ofl_tally_ref (tally) : NULL;
  run_in_thread (drive, work, cancellable, callback, user_data);
}

/**
 * ofl_doctor_examine_deep_async:
 * @drive: a drive that has been looked at
 * @extent: how much of a disc is read
 * @choices: (nullable): what the user chose; not changed by anybody from now on
 * @backup_dir: (nullable): folder in which a backup of the drive may be
 * @tally: (nullable): as of ofl_doctor_examine_async()
 * @cancellable: (nullable): likewise
 * @callback: called when it has ended; ofl_doctor_examine_finish() takes it
 * @user_data: for @callback
 *
 * ofl_doctor_examine_deep() in a worker thread.
 */
void
ofl_doctor_examine_deep_async (OflDrive *drive, OflReadExtent extent, OflChoices *choices,
                               const char *backup_dir, OflTally *tally, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = work_new (drive, extent, backup_dir);

  work->tally = tally != NULL ? ofl_tally_ref (tally) : NULL;
  work->deep = TRUE;
  work->choices = choices != NULL ? ofl_choices_ref (choices) : NULL;
  run_in_thread (drive, work, cancellable, callback, user_data);
}

/**
 * ofl_doctor_examine_finish:
 * @drive: the drive
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): what was found; %NULL with an #OflError when the drive could not be
 *   opened
 */
OflExamination *
ofl_doctor_examine_finish (OflDrive *drive, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, drive), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
