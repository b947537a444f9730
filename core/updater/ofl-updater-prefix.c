/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wine's prefix. A template is made once, in a cage of its own that has neither drive nor socket; an
 * EXE never sees it but for C:\windows, read-only. What an EXE can write is a small copy of the rest,
 * which goes when it has ended: one EXE leaves nothing for the next. */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "scsi/ofl-file-lock.h"
#include "updater/ofl-updater-cage-private.h"

#define VERSION "2" /* of what is done to a template */
#define STAMP "optiflash-ready"
#define LOCK "lock" /* shared by whoever runs a program, held alone to make the template */
#define LOCK_WAIT_MS \
  300000 /* another one makes the template, or runs a program on an older Wine's */

/* Added to Wine's own files of the registry, in their form, for a regedit of 32 bit would write where
 * nobody looks: drive D: is a CD drive; a crash shows no window that somebody must close. */
static const char *const registry[][2] = {
  { "system.reg", "\n[Software\\\\Wine\\\\Drives] 0\n\"d:\"=\"cdrom\"\n" },
  { "user.reg", "\n[Software\\\\Wine\\\\WineDbg] 0\n\"ShowCrashDialog\"=dword:00000000\n" },
};

/* D: by its names; of its files there are none. One address, which Wine tells as well: port 2. */
static const char *const links[][2] = {
  { "c:", "../drive_c" },
  { "d:", OFL_CAGE_INSIDE_EMPTY },
  { "d::", OFL_CAGE_INSIDE_DRIVE },
  { "cdrom0", OFL_CAGE_INSIDE_DRIVE },
  { "scsi2:", OFL_CAGE_INSIDE_DRIVE },
};

/* What Wine keeps in a prefix beside drive C: */
static const char *const kept[] = { "system.reg", "user.reg", "userdef.reg", ".update-timestamp" };
static const char *const made[] = { "windows",
                                    "Program Files",
                                    "Program Files (x86)",
                                    "ProgramData",
                                    "users/Public",
                                    "users/user/Desktop",
                                    "users/user/Documents",
                                    "users/user/AppData/Local/Temp",
                                    "users/user/AppData/Roaming",
                                    OFL_CAGE_PROGRAM_FOLDER };

/* After a call of the system: errno says why. */
static gboolean
storage_error (const char *path, GError **error)
{
  int code = errno;

  ofl_set_error (error, OFL_ERROR_STORAGE,
                 _ ("The cage for the maker's program could not be made. Nothing was sent to the "
                    "drive. %s: %s."),
                 path, ofl_errno_words (code));
  return FALSE;
}

static gboolean
make_folders (const char *prefix, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autofree char *path = g_build_filename (prefix, "drive_c", made[i], NULL);

      if (g_mkdir_with_parents (path, 0700) != 0)
        return storage_error (path, error);
    }
  return TRUE;
}

static gboolean
make_links (const char *prefix, GError **error)
{
  g_autofree char *folder = g_build_filename (prefix, "dosdevices", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return storage_error (folder, error);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *path = g_build_filename (folder, links[i][0], NULL);

      if (symlink (links[i][1], path) != 0)
        return storage_error (path, error);
    }
  return TRUE;
}

static gboolean
copy_into (const char *file, const char *folder, GError **error)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autoptr (GFile) from = g_file_new_for_path (file);
  g_autoptr (GFile) to = g_file_new_build_filename (folder, name, NULL);

  return g_file_copy (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL,
                      NULL, NULL, error);
}

static gboolean
add_registry (const char *prefix, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (registry); i++)
    {
      g_autofree char *path = g_build_filename (prefix, registry[i][0], NULL);
      g_autofree char *text = NULL, *longer = NULL;

      if (!g_file_get_contents (path, &text, NULL, error))
        return FALSE;
      longer = g_strconcat (text, registry[i][1], NULL);
      if (!g_file_set_contents (path, longer, -1, error))
        return FALSE;
    }
  return TRUE;
}

/* May fail in the words of other libraries. */
static gboolean
fill_run (const char *template_folder, const char *run_folder, const char *const *files,
          GError **error)
{
  g_autofree char *prefix = g_build_filename (run_folder, "prefix", NULL);
  g_autofree char *drive = g_build_filename (run_folder, "drive", NULL);
  g_autofree char *program = g_build_filename (prefix, "drive_c", OFL_CAGE_PROGRAM_FOLDER, NULL);

  if (!make_folders (prefix, error) || !make_links (prefix, error))
    return FALSE;
  if (!g_file_set_contents (drive, "", 0, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_build_filename (template_folder, kept[i], NULL);

      if (!copy_into (path, prefix, error))
        return FALSE;
    }
  if (!add_registry (prefix, error))
    return FALSE;
  for (guint i = 0; files[i] != NULL; i++)
    if (!copy_into (files[i], program, error))
      return FALSE;
  return TRUE;
}

/**
 * ofl_cage_make_run:
 * @template_folder: what ofl_cage_template_finish() returned
 * @run_folder: a folder that is not there yet: "prefix" and "drive" are made in it
 * @files: (array zero-terminated=1): what the program's folder in the cage is to hold, copied
 * @error: return location: %OFL_ERROR_STORAGE
 *
 * Blocks; for a worker thread.
 *
 * Returns: whether a program can run there
 */
gboolean
ofl_cage_make_run (const char *template_folder, const char *run_folder, const char *const *files,
                   GError **error)
{
  GError *cause = NULL;

  if (fill_run (template_folder, run_folder, files, &cause))
    return TRUE;
  ofl_cage_take_error (error, OFL_ERROR_STORAGE, cause);
  return FALSE;
}

/* A template that is being made: nobody uses it until its stamp is there. */
typedef struct {
  char *cache;
  char *folder;
  char *stamp;
  char *stamp_text;
  char *lock_file;
  int lock; /* -1 without */
  GCancellable *cancellable;
  int begun; /* nobody asks, for nothing can be sent from there; -1 before */
} Making;

static void
drop_lock (Making *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

static void
making_free (Making *self)
{
  g_free (self->folder);
  g_free (self->stamp);
  g_free (self->stamp_text);
  g_free (self->lock_file);
  g_free (self->cache);
  g_clear_object (&self->cancellable);
  drop_lock (self);
  if (self->begun >= 0)
    close (self->begun);
  g_free (self);
}

static char *
wine_version (void)
{
  const char *const argv[] = { "wine", "--version", NULL };
  g_auto (GStrv) variables = g_environ_setenv (g_get_environ (), "WINEDEBUG", "-all", TRUE);
  char *out = NULL;

  g_spawn_sync (NULL, (char **) argv, variables, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, &out, NULL, NULL, NULL);
  return out != NULL ? g_strstrip (out) : g_strdup ("");
}

/* After a lock was not got. A file system without locks is nobody's fault, and nobody's lock. */
static gboolean
lock_error (const char *path, GError **error)
{
  switch (errno)
    {
    case ENOLCK:
    case ENOSYS:
    case EOPNOTSUPP:
      return TRUE;
    case ECANCELED:
      ofl_cage_set_cancelled (error);
      return FALSE;
    case EWOULDBLOCK:
      ofl_set_error (
          error, OFL_ERROR_BUSY,
          _ ("Another program makes or uses the cage for the maker's program. Nothing was "
             "sent to the drive. Wait until it has finished, then try again."));
      return FALSE;
    default:
      return storage_error (path, error);
    }
}

/* In place of the one that is held */
static gboolean
take_lock (Making *self, gboolean exclusive, GError **error)
{
  drop_lock (self);
  self->lock = ofl_file_lock (self->lock_file, exclusive, TRUE, LOCK_WAIT_MS, self->cancellable);
  return self->lock >= 0 || lock_error (self->lock_file, error);
}

/* What programs have left that were killed with everything of ours: nobody's, when nobody has the lock. */
static void
remove_stale (Making *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  self->lock = ofl_file_lock (self->lock_file, TRUE, TRUE, 0, NULL);
  if (self->lock < 0)
    return;
  dir = g_dir_open (self->cache, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->cache, name, NULL);

      if (g_str_has_prefix (name, OFL_CAGE_RUN))
        ofl_cage_remove (path);
    }
}

static gboolean
is_ready (const Making *self)
{
  g_autofree char *have = NULL;

  return g_file_get_contents (self->stamp, &have, NULL, NULL)
         && strcmp (have, self->stamp_text) == 0;
}

/* Until the template is there and the lock is shared, or it has to be made and nobody else has the lock. */
static gboolean
lock_and_look (Making *self, gboolean *ready, GError **error)
{
  for (;;)
    {
      if (!take_lock (self, FALSE, error))
        return FALSE;
      *ready = is_ready (self);
      if (*ready)
        return TRUE;
      if (!take_lock (self, TRUE, error))
        return FALSE;
      if (!is_ready (self))
        return TRUE;
    }
}

/* In place of an old one */
static gboolean
make_room (const Making *self, GError **error)
{
  g_autofree char *program
      = g_build_filename (self->folder, "drive_c", OFL_CAGE_PROGRAM_FOLDER, NULL);

  if (!ofl_cage_remove (self->folder))
    return storage_error (self->folder, error);
  return g_mkdir_with_parents (program, 0700) == 0 || storage_error (program, error);
}

/* In a worker thread: Wine is asked which it is, and an old template is removed. */
static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Making *self = data;
  g_autofree char *version = wine_version ();
  gboolean ready = FALSE;
  GError *error = NULL;

  self->stamp_text = g_strdup_printf ("%s %s", VERSION, version);
  if (g_mkdir_with_parents (self->cache, 0700) != 0)
    storage_error (self->cache, &error);
  else
    {
      remove_stale (self);
      if (lock_and_look (self, &ready, &error) && !ready)
        make_room (self, &error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, ready);
}

/* In a worker thread: from now on others may use it, and this one no longer alone. */
static void
stamp_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Making *self = data;
  GError *cause = NULL, *error = NULL;

  if (g_file_set_contents (self->stamp, self->stamp_text, -1, &cause)
      && take_lock (self, FALSE, &cause))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  ofl_cage_take_error (&error, OFL_ERROR_STORAGE, cause);
  g_task_return_error (task, error);
}

static void
stamped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Making *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_pointer (task, g_strdup (self->folder), g_free);
  else
    g_task_return_error (task, error);
}

static void
wine_made_it (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GTask) stamp = NULL;
  g_autoptr (GBytes) printed = NULL;
  GError *cause = NULL, *error = NULL;

  if (!g_subprocess_communicate_finish (G_SUBPROCESS (source), result, &printed, NULL, &cause))
    {
      g_subprocess_force_exit (G_SUBPROCESS (source));
      ofl_cage_take_error (&error, OFL_ERROR_FAILED, cause);
      g_task_return_error (task, error);
      return;
    }
  if (!g_subprocess_get_successful (G_SUBPROCESS (source)))
    {
      g_autoptr (GString) output = g_string_new (NULL);

      g_string_append_len (output, g_bytes_get_data (printed, NULL),
                           (gssize) g_bytes_get_size (printed));
      ofl_cage_set_error (output->str, &error);
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  stamp = g_task_new (NULL, NULL, stamped, g_object_ref (task));
  g_task_set_source_tag (stamp, stamp_thread);
  g_task_set_task_data (stamp, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (stamp, stamp_thread);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Making *self = g_task_get_task_data (task);
  const char *const command[] = { "wine", "wineboot", "-i", NULL };
  OflCageLayout layout = { .prefix = self->folder };
  g_autoptr (GSubprocess) process = NULL;
  GError *error = NULL;
  gboolean ready = g_task_propagate_boolean (G_TASK (result), &error);

  if (error == NULL && !ready)
    process = ofl_cage_spawn (&layout, command, &self->begun, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (ready)
    g_task_return_pointer (task, g_strdup (self->folder), g_free);
  else
    g_subprocess_communicate_async (process, NULL, g_task_get_cancellable (task), wine_made_it,
                                    g_object_ref (task));
  g_object_unref (task);
}

/**
 * ofl_cage_template_async:
 * @cache: the folder of the cache that is ours
 * @cancellable: (nullable): ends Wine
 * @callback: called when the template is there
 * @data: for it
 *
 * Makes Wine's prefix in @cache unless it is there for this very Wine: half a minute or more. Removes what
 * runs have left there of which nobody is alive.
 */
void
ofl_cage_template_async (const char *cache, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GTask) look = g_task_new (NULL, NULL, looked, task);
  Making *self = g_new0 (Making, 1);

  self->begun = -1;
  self->lock = -1;
  self->lock_file = g_build_filename (cache, LOCK, NULL);
  self->cache = g_strdup (cache);
  g_set_object (&self->cancellable, cancellable);
  self->folder = g_build_filename (cache, "wine", NULL);
  self->stamp = g_build_filename (self->folder, STAMP, NULL);
  g_task_set_source_tag (task, ofl_cage_template_async);
  g_task_set_check_cancellable (task, FALSE); /* what is cancelled says so in words */
  g_task_set_task_data (task, self, (GDestroyNotify) making_free);
  g_task_set_source_tag (look, look_thread);
  g_task_set_task_data (look, self, NULL);
  g_task_run_in_thread (look, look_thread);
}

/**
 * ofl_cage_template_finish:
 * @result: what the callback was given
 * @lock: (out): to be closed when the run's folder is gone: until then nobody makes the template anew or
 *   removes the folders of runs; -1 where the file system has no locks
 * @error: return location: %OFL_ERROR_BUSY when another program has the cache too long
 *
 * Returns: (transfer full) (nullable): the template's folder
 */
char *
ofl_cage_template_finish (GAsyncResult *result, int *lock, GError **error)
{
  Making *self = g_task_get_task_data (G_TASK (result));
  char *folder = g_task_propagate_pointer (G_TASK (result), error);

  *lock = -1;
  if (folder != NULL)
    {
      *lock = self->lock;
      self->lock = -1;
    }
  return folder;
}
