/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a session: chosen by the user, or a backup of the drive; read on a worker thread. */
#include "ofl-ui-session-private.h"

/* What was read */
typedef struct {
  OflFirmware *firmware;
  OflStoredBackup *backup; /* NULL: a file */
} Opened;

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_object (&opened->firmware);
  g_clear_pointer (&opened->backup, ofl_stored_backup_free);
  g_free (opened);
}

static void
open_file_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  OflFirmware *firmware = ofl_families_open (G_FILE (data), cancellable, &error);
  Opened *opened;

  if (firmware == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  opened = g_new0 (Opened, 1);
  opened->firmware = firmware;
  g_task_return_pointer (task, opened, opened_free);
}

/* The bytes that were just held against the manifest are the bytes that will be written. */
static OflFirmware *
read_backup (const OflStoredBackup *backup, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  if (!ofl_stored_backup_verify (backup, error))
    return NULL;
  bytes = ofl_stored_backup_read (backup, 0, error);
  if (bytes == NULL)
    return NULL;
  firmware = ofl_firmware_new_from_bytes (backup->name, bytes);
  return ofl_families_recognise (firmware, error) ? g_steal_pointer (&firmware) : NULL;
}

static void
open_backup_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  Opened *opened = g_new0 (Opened, 1);

  opened->backup = ofl_stored_backup_load (data);
  opened->firmware = read_backup (opened->backup, &error);
  if (opened->firmware != NULL)
    g_task_return_pointer (task, opened, opened_free);
  else
    {
      opened_free (opened);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiSession *self = OFL_UI_SESSION (source);
  GTask *task = G_TASK (result);
  g_autoptr (GError) error = NULL;
  Opened *opened = g_task_propagate_pointer (task, &error);

  /* Another file was chosen meanwhile: this answer is nobody's any more. */
  if (g_task_get_cancellable (task) == self->opening && self->opening != NULL)
    {
      g_clear_object (&self->opening);
      if (opened != NULL)
        {
          self->firmware = g_steal_pointer (&opened->firmware);
          self->backup = g_steal_pointer (&opened->backup);
        }
      self->file_error = g_steal_pointer (&error);
      ofl_ui_session_choose_image (self);
      ofl_ui_session_judge (self);
      ofl_ui_session_emit (self, FALSE);
    }
  g_clear_pointer (&opened, opened_free);
}

static void
open_in_thread (OflUiSession *self, GFile *file, GTaskThreadFunc func, gpointer data,
                GDestroyNotify data_free)
{
  g_autoptr (GTask) task = NULL;

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  ofl_ui_session_forget_file (self);
  g_set_object (&self->file, file);
  self->rewrite = FALSE;
  ofl_ui_session_judge (self);

  self->opening = g_cancellable_new ();
  task = g_task_new (self, self->opening, on_opened, NULL);
  g_task_set_source_tag (task, open_in_thread);
  g_task_set_task_data (task, data, data_free);
  g_task_run_in_thread (task, func);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_forget_file:
 * @self: a session
 *
 * Without a firmware file from now on.
 */
void
ofl_ui_session_forget_file (OflUiSession *self)
{
  g_clear_object (&self->file);
  g_clear_object (&self->firmware);
  g_clear_pointer (&self->backup, ofl_stored_backup_free);
  g_clear_error (&self->file_error);
  self->image_index = -1;
}

/**
 * ofl_ui_session_open_file:
 * @self: a session
 * @file: a firmware file
 *
 * Reads it on a worker thread; "changed" when it begins and when it is done.
 */
void
ofl_ui_session_open_file (OflUiSession *self, GFile *file)
{
  g_autoptr (GFile) kept = g_object_ref (file);

  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_SETUP)
    open_in_thread (self, kept, open_file_in_thread, g_object_ref (kept), g_object_unref);
}

/**
 * ofl_ui_session_open_backup:
 * @self: a session
 * @backup: a readable backup
 *
 * Holds it against its manifest and reads it, on a worker thread, as ofl_ui_session_open_file() does.
 * Whether it may go to this drive is judged like everything else.
 */
void
ofl_ui_session_open_backup (OflUiSession *self, const OflStoredBackup *backup)
{
  g_autoptr (GFile) file = g_file_new_for_path (backup->path);

  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_SETUP)
    open_in_thread (self, file, open_backup_in_thread, g_strdup (backup->manifest_path), g_free);
}

/**
 * ofl_ui_session_get_backup:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): the backup whose firmware is chosen; %NULL for any other file
 */
const OflStoredBackup *
ofl_ui_session_get_backup (OflUiSession *self)
{
  return self->backup;
}

/**
 * ofl_ui_session_set_accepted_owner:
 * @self: a session
 * @accepted: the user goes on although nothing tells that the backup is this drive's
 */
void
ofl_ui_session_set_accepted_owner (OflUiSession *self, gboolean accepted)
{
  if (self->accepted_owner == accepted)
    return;
  self->accepted_owner = accepted;
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_has_accepted_owner:
 * @self: a session
 *
 * Returns: what ofl_ui_session_set_accepted_owner() has set; gone with the next judgement
 */
gboolean
ofl_ui_session_has_accepted_owner (OflUiSession *self)
{
  return self->accepted_owner;
}

/**
 * ofl_ui_session_dup_file_name:
 * @self: a session with a file
 *
 * Returns: (transfer full): the file's name, or the backup's
 */
char *
ofl_ui_session_dup_file_name (OflUiSession *self)
{
  g_autofree char *name = NULL;

  if (self->backup != NULL)
    return g_filename_display_name (self->backup->name);
  name = g_file_get_basename (self->file);
  return g_filename_display_name (name);
}
