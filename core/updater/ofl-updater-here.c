/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-here.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "updater/ofl-updater-cage-private.h"

/* Processes of the cage that wait for the broker at the same moment; more wait in their connect(). */
#define BACKLOG 16
#define FOLDER "optiflash-updater-"
#define SOCKET "drive"

struct _OflUpdaterHere {
  GObject parent_instance;

  const OflUpdaterOptions *options; /* the caller's, which outlives it */
  OflUpdaterCage *cage;
  GCancellable *making; /* ends the making of Wine's prefix */
  char *folder;         /* only this user can enter it */
  int lock;             /* on it, as long as somebody has it; -1 without */
  char *path;           /* the socket's, in it */
};

static void ofl_updater_here_iface_init (OflUpdaterRunnerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OflUpdaterHere, ofl_updater_here, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OFL_TYPE_UPDATER_RUNNER,
                                                      ofl_updater_here_iface_init))

/* Without it the program would look for its drive in vain. */
static gboolean
check_preload (OflUpdaterHere *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->options->libdir, OFL_CAGE_PRELOAD, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  ofl_set_error (
      error, OFL_ERROR_NOT_SUPPORTED,
      _ ("A part of Optiflash is missing, by which the maker's program reaches its drive: "
         "%s. Nothing was sent to the drive. Install Optiflash anew."),
      path);
  return FALSE;
}

static GSocket *
listen_at (const char *path, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  GError *cause = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &cause);
  if (socket != NULL)
    g_socket_set_listen_backlog (socket, BACKLOG);
  if (socket != NULL && g_socket_bind (socket, address, FALSE, &cause)
      && g_socket_listen (socket, &cause))
    return g_steal_pointer (&socket);
  ofl_cage_take_error (error, OFL_ERROR_STORAGE, cause);
  return NULL;
}

/* A descriptor with its lock; -1 when it is not this user's, or somebody has it and @how does not wait for that. */
static int
lock_folder (const char *path, int how)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat about;

  if (fd >= 0 && (fstat (fd, &about) != 0 || about.st_uid != getuid () || flock (fd, how) != 0))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

/* What those have left that were killed. A folder without a socket may be one that is just being made. */
static void
remove_stale (void)
{
  g_autoptr (GDir) dir = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
      int fd = g_str_has_prefix (name, FOLDER) ? lock_folder (path, LOCK_EX | LOCK_NB) : -1;

      if (fd < 0)
        continue;
      if (unlinkat (fd, SOCKET, 0) == 0)
        g_rmdir (path);
      close (fd);
    }
}

static GSocket *
ofl_updater_here_open (OflUpdaterRunner *runner, GCancellable *cancellable, GError **error)
{
  OflUpdaterHere *self = OFL_UPDATER_HERE (runner);
  GError *cause = NULL;

  if (!ofl_updater_cage_check (self->options->shown, error) || !check_preload (self, error))
    return NULL;
  remove_stale ();
  self->folder = g_dir_make_tmp (FOLDER "XXXXXX", &cause);
  if (self->folder == NULL)
    {
      ofl_cage_take_error (error, OFL_ERROR_STORAGE, cause);
      return NULL;
    }
  /* another of ours may be looking whether it is stale */
  self->lock = lock_folder (self->folder, LOCK_EX);
  self->path = g_build_filename (self->folder, SOCKET, NULL);
  return listen_at (self->path, error);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  OflUpdaterEnd *end = ofl_updater_cage_run_finish (OFL_UPDATER_CAGE (source), result, &error);

  if (end != NULL)
    g_task_return_pointer (task, end, (GDestroyNotify) ofl_updater_end_free);
  else
    g_task_return_error (task, error);
}

static void
ofl_updater_here_run_async (OflUpdaterRunner *runner, GAsyncReadyCallback callback, gpointer data)
{
  OflUpdaterHere *self = OFL_UPDATER_HERE (runner);
  GTask *task = g_task_new (self, NULL, callback, data);

  g_task_set_source_tag (task, ofl_updater_here_run_async);
  ofl_updater_cage_run_async (self->cage, (const char *const *) self->options->files,
                              (const char *const *) self->options->arguments, self->path,
                              self->options->shown, self->making, on_ended, task);
}

static OflUpdaterEnd *
ofl_updater_here_run_finish (OflUpdaterRunner *runner, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ofl_updater_here_is_running (OflUpdaterRunner *runner)
{
  return ofl_updater_cage_is_running (OFL_UPDATER_HERE (runner)->cage);
}

static void
ofl_updater_here_end (OflUpdaterRunner *runner)
{
  OflUpdaterHere *self = OFL_UPDATER_HERE (runner);

  g_cancellable_cancel (self->making);
  ofl_updater_cage_end (self->cage);
}

static void
ofl_updater_here_finalize (GObject *object)
{
  OflUpdaterHere *self = OFL_UPDATER_HERE (object);

  if (self->path != NULL)
    g_unlink (self->path);
  if (self->folder != NULL)
    g_rmdir (self->folder);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self->folder);
  g_object_unref (self->making);
  g_object_unref (self->cage);
  G_OBJECT_CLASS (ofl_updater_here_parent_class)->finalize (object);
}

static void
ofl_updater_here_iface_init (OflUpdaterRunnerInterface *iface)
{
  iface->open = ofl_updater_here_open;
  iface->run_async = ofl_updater_here_run_async;
  iface->run_finish = ofl_updater_here_run_finish;
  iface->is_running = ofl_updater_here_is_running;
  iface->end = ofl_updater_here_end;
}

static void
ofl_updater_here_class_init (OflUpdaterHereClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_updater_here_finalize;
}

static void
ofl_updater_here_init (OflUpdaterHere *self)
{
  self->making = g_cancellable_new ();
  self->lock = -1;
}

/**
 * ofl_updater_here_new:
 * @options: how the program is run; they outlive the runner
 *
 * Returns: (transfer full): a runner that makes the cage itself
 */
OflUpdaterRunner *
ofl_updater_here_new (const OflUpdaterOptions *options)
{
  OflUpdaterHere *self = g_object_new (OFL_TYPE_UPDATER_HERE, NULL);

  self->options = options;
  self->cage = ofl_updater_cage_new (options->cache, options->libdir);
  return OFL_UPDATER_RUNNER (self);
}
