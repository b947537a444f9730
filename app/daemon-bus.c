/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon-bus.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "service/ofl-service-launch.h"

static gboolean
fail (GError **error, const char *what, int code)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_STORAGE, "%s: %s", what, g_strerror (code));
  return FALSE;
}

/* Who can put a socket there could play the service. */
static gboolean
make_folder (const char *folder, GError **error)
{
  struct stat st;

  if (g_mkdir_with_parents (folder, 0700) != 0 || g_lstat (folder, &st) != 0)
    return fail (error, folder, errno);
  if (!S_ISDIR (st.st_mode) || st.st_uid != geteuid () || (st.st_mode & 022) != 0)
    return fail (error, folder, EPERM);
  return TRUE;
}

static gboolean
take_lock (OflDaemonBus *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock < 0)
    return fail (error, path, errno);
  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_BUSY,
               "Another service has made its bus for this user already; this one ends.");
  close (self->lock);
  return FALSE;
}

/* The bus ends with the service, however that ends, and not with its terminal. */
static void
follow_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  signal (SIGHUP, SIG_IGN);
}

/* It says its address when it is ready. */
static gboolean
wait_ready (int fd, GError **error)
{
  char byte = '\0';
  gssize n;

  do
    n = read (fd, &byte, 1);
  while ((n < 0 && errno == EINTR) || (n == 1 && byte != '\n'));
  close (fd);
  if (n == 1)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED, "dbus-daemon ended at once.");
  return FALSE;
}

/**
 * ofl_daemon_bus_start:
 * @self: (out caller-allocates): the bus
 * @error: return location
 *
 * Starts a bus at the address that every program of this user looks at when there is no session
 * bus, and makes it the session bus of this process. Blocks until it is ready. Call it before the
 * process limits itself.
 *
 * Returns: whether it runs
 */
gboolean
ofl_daemon_bus_start (OflDaemonBus *self, GError **error)
{
  g_autofree char *folder = ofl_service_own_bus_folder ();
  g_autofree char *address = ofl_service_own_bus_address ();
  g_autofree char *option = g_strconcat ("--address=", address, NULL);
  char *argv[] = { (char *) "dbus-daemon",
                   (char *) "--session",
                   (char *) "--nofork",
                   (char *) "--nopidfile",
                   (char *) "--print-address=1",
                   option,
                   NULL };
  int out;

  if (!make_folder (folder, error) || !take_lock (self, folder, error))
    return FALSE;
  if (!g_spawn_async_with_pipes (NULL, argv, NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD
                                     | G_SPAWN_STDERR_TO_DEV_NULL,
                                 follow_parent, NULL, &self->pid, NULL, &out, NULL, error))
    return FALSE;
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  if (wait_ready (out, error))
    return TRUE;
  ofl_daemon_bus_stop (self);
  return FALSE;
}

/**
 * ofl_daemon_bus_stop:
 * @self: a bus, or none
 *
 * Ends it.
 */
void
ofl_daemon_bus_stop (OflDaemonBus *self)
{
  if (self->pid == 0)
    return;
  kill (self->pid, SIGTERM);
  waitpid (self->pid, NULL, 0);
  self->pid = 0;
  close (self->lock);
}
