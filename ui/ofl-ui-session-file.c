/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a session: chosen by the user, or a backup of the drive; read on a worker thread. */
#include "ofl-ui-session-private.h"

#include <glib/gi18n.h>

/* What was read */
typedef struct {
  OflFirmware *firmware;
  OflStoredBackup *backup; /* NULL: a file */
  int image_index;         /* -1: the one that fits the drive */
} Opened;

/* One image of a file, and no other */
typedef struct {
  GFile *file;
  GFile *with; /* NULL: it is alone */
  OflImage *image;
} Wanted;

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_clear_object (&opened->firmware);
  g_clear_pointer (&opened->backup, ofl_stored_backup_free);
  g_free (opened);
}

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_object_unref (wanted->file);
  g_clear_object (&wanted->with);
  ofl_image_unref (wanted->image);
  g_free (wanted);
}

/* @firmware: (transfer full) */
static Opened *
opened_new (OflFirmware *firmware, int image_index)
{
  Opened *opened = g_new0 (Opened, 1);

  opened->firmware = firmware;
  opened->image_index = image_index;
  return opened;
}

static void
open_file_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  OflFirmware *firmware = ofl_families_open (G_FILE (data), cancellable, &error);

  if (firmware != NULL)
    g_task_return_pointer (task, opened_new (firmware, -1), opened_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Which of the images it is, by its SHA-256; -1 for none. It may be all of a file that no family
 * recognises. */
static int
find_image (OflFirmware *firmware, OflImage *image)
{
  const char *sha256 = ofl_image_get_hashes (image)->sha256;
  guint n = ofl_firmware_get_n_images (firmware);

  if (n == 0 && g_str_equal (ofl_firmware_get_hashes (firmware)->sha256, sha256))
    g_ptr_array_add (ofl_firmware_get_images (firmware), ofl_image_ref (image));
  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    if (g_str_equal (ofl_image_get_hashes (ofl_firmware_get_image (firmware, i))->sha256, sha256))
      return (int) i;
  return -1;
}

static void
open_image_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError *error = NULL;
  g_autoptr (OflFirmware) firmware
      = ofl_families_open_with (wanted->file, wanted->with, cancellable, &error);
  int index = firmware != NULL ? find_image (firmware, wanted->image) : -1;

  if (firmware == NULL)
    g_task_return_error (task, error);
  else if (index < 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s",
                             _ ("The file has changed since it was looked at: the image that was "
                                "chosen is not in it any more."));
  else
    g_task_return_pointer (task, opened_new (g_steal_pointer (&firmware), index), opened_free);
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
  Opened *opened = opened_new (NULL, -1);

  opened->backup = ofl_stored_backup_open (data);
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
      if (opened != NULL && opened->image_index >= 0)
        self->image_index = opened->image_index;
      ofl_ui_session_judge (self);
      ofl_ui_session_emit (self, FALSE);
    }
  g_clear_pointer (&opened, opened_free);
}

static void
begin_file (OflUiSession *self, GFile *file)
{
  ofl_ui_session_drop_file (self);
  g_set_object (&self->file, file);
  self->rewrite = FALSE;
}

static void
open_in_thread (OflUiSession *self, GFile *file, GTaskThreadFunc func, gpointer data,
                GDestroyNotify data_free)
{
  g_autoptr (GTask) task = NULL;

  begin_file (self, file);
  ofl_ui_session_judge (self);

  self->opening = g_cancellable_new ();
  task = g_task_new (self, self->opening, on_opened, NULL);
  g_task_set_source_tag (task, open_in_thread);
  g_task_set_task_data (task, data, data_free);
  g_task_run_in_thread (task, func);
  ofl_ui_session_emit_chosen (self);
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
  g_clear_object (&self->with);
  g_clear_object (&self->firmware);
  g_clear_pointer (&self->backup, ofl_stored_backup_free);
  g_clear_error (&self->file_error);
  self->image_index = -1;
}

/**
 * ofl_ui_session_drop_file:
 * @self: a session
 *
 * The same, and a file that is being read is not waited for.
 */
void
ofl_ui_session_drop_file (OflUiSession *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  ofl_ui_session_forget_file (self);
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
 * ofl_ui_session_take:
 * @self: a session on which no job runs
 * @opened: a file, and perhaps a second one, as they were read
 *
 * Chooses it for this drive, or says why it cannot be used. The end of a job that is still shown gives
 * way to it; the history keeps it.
 */
void
ofl_ui_session_take (OflUiSession *self, const OflUiOpened *opened)
{
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING)
    return;
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_FINISHED)
    ofl_ui_session_reset (self, FALSE);
  begin_file (self, opened->file);
  g_set_object (&self->with, opened->with);
  g_set_object (&self->firmware, opened->firmware);
  self->file_error = opened->error != NULL ? g_error_copy (opened->error) : NULL;
  ofl_ui_session_choose_image (self);
  ofl_ui_session_judge (self);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_take_same:
 * @self: a session on which no job runs
 * @other: another drive's session
 *
 * Chooses the very image that is chosen there, without reading it again. The end of a job that is still
 * shown, and a file that was chosen before, give way to it. A backup stays with its drive.
 */
void
ofl_ui_session_take_same (OflUiSession *self, OflUiSession *other)
{
  if (self == other || ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING
      || other->firmware == NULL || other->backup != NULL)
    return;
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_FINISHED)
    ofl_ui_session_reset (self, FALSE);
  begin_file (self, other->file);
  g_set_object (&self->with, other->with);
  g_set_object (&self->firmware, other->firmware);
  self->image_index = other->image_index;
  ofl_ui_session_judge (self);
  ofl_ui_session_emit_chosen (self);
  ofl_ui_session_emit (self, FALSE);
}

/**
 * ofl_ui_session_open_image:
 * @self: a session
 * @file: a firmware file
 * @with: (nullable): a second one that belongs to it
 * @image: an image that was found in it
 *
 * Reads it, as ofl_ui_session_open_file() does, and chooses that image, by its SHA-256; without it the
 * file cannot be used.
 */
void
ofl_ui_session_open_image (OflUiSession *self, GFile *file, GFile *with, OflImage *image)
{
  Wanted *wanted;

  if (ofl_ui_session_get_phase (self) != OFL_UI_PHASE_SETUP)
    return;
  wanted = g_new0 (Wanted, 1);
  wanted->file = g_object_ref (file);
  wanted->with = with != NULL ? g_object_ref (with) : NULL;
  wanted->image = ofl_image_ref (image);
  open_in_thread (self, file, open_image_in_thread, wanted, wanted_free);
  g_set_object (&self->with, with);
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
 * ofl_ui_session_open_backup_at:
 * @self: a session
 * @path: a backup's main file
 *
 * The same for a backup of which no more is known than where it is.
 */
void
ofl_ui_session_open_backup_at (OflUiSession *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_SETUP)
    open_in_thread (self, file, open_backup_in_thread, g_strdup (path), g_free);
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
 * Returns: (transfer full): the file's name, or those of two, or the backup's
 */
char *
ofl_ui_session_dup_file_name (OflUiSession *self)
{
  g_autofree char *name = NULL;
  g_autofree char *with = NULL;

  if (self->backup != NULL)
    return g_filename_display_name (self->backup->name);
  name = ofl_ui_opened_dup_name (self->file);
  if (self->with == NULL)
    return g_steal_pointer (&name);
  with = ofl_ui_opened_dup_name (self->with);
  /* Translators: the names of two files that belong together */
  return g_strdup_printf (_ ("%s with %s"), name, with);
}
