/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session service: jobs live here, so that a window may come and go. Started by D-Bus on the
 * first job, gone when nothing runs for half a minute. */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "drive/ofl-system-target.h"
#include "ofl-config.h"
#include "ofl-core.h"
#include "service/ofl-service.h"
#include "service/ofl-wire.h"

#define IDLE_SECONDS 30

typedef struct {
  GMainLoop *loop;
  OflService *service;
  GHashTable *practice; /* path to OflDrive: a practice drive lives as long as the service */
  char *practice_dir;
  guint idle_timer;
  gboolean closing;
  int status;
} Daemon;

static gboolean
on_idle_timeout (gpointer data)
{
  Daemon *self = data;

  self->idle_timer = 0;
  if (!ofl_service_is_busy (self->service))
    g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
on_idle (OflService *service, gboolean idle, Daemon *self)
{
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (idle && self->closing)
    g_main_loop_quit (self->loop);
  else if (idle)
    self->idle_timer = g_timeout_add_seconds (IDLE_SECONDS, on_idle_timeout, self);
}

/* SIGTERM and the end of the session wait until the drive is safe. */
static gboolean
on_terminate (gpointer data)
{
  Daemon *self = data;

  self->closing = TRUE;
  ofl_service_wind_down (self->service);
  if (!ofl_service_is_busy (self->service))
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static OflTarget *
open_practice (Daemon *self, const char *path, double speed, GError **error)
{
  OflDrive *drive = g_hash_table_lookup (self->practice, path);

  if (drive == NULL)
    {
      drive = ofl_core_new_practice_drive (path + strlen ("practice:"), speed, self->practice_dir,
                                           error);
      if (drive == NULL)
        return NULL;
      g_hash_table_insert (self->practice, g_strdup (path), drive);
    }
  return ofl_target_ref (ofl_drive_get_target (drive));
}

static OflTarget *
open_drive (const char *path, double practice_speed, gpointer data, GError **error)
{
  if (g_str_has_prefix (path, "practice:"))
    return open_practice (data, path, practice_speed, error);
  return ofl_system_target_new ("/sys", path, FALSE);
}

/* Keeps a practice drive's flash for the next run; a client reads it from there too. */
static void
drive_ended (const char *path, gpointer data)
{
  Daemon *self = data;
  OflDrive *drive = g_hash_table_lookup (self->practice, path);

  if (drive == NULL)
    return;
  ofl_core_keep_practice_state (drive);
  g_hash_table_remove (self->practice, path);
}

static void
on_bus_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;
  g_autoptr (GError) error = NULL;

  /* the bus going away is the session ending: a write still runs to its end */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  if (!ofl_service_export (self->service, connection, &error))
    {
      g_printerr ("optiflashd: %s\n", error->message);
      self->status = 1;
      g_main_loop_quit (self->loop);
    }
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;

  if (connection == NULL)
    {
      g_printerr ("optiflashd: there is no session bus\n");
      self->status = 1;
    }
  on_terminate (self);
}

/* What a service that talks to drives does not need: core dumps, new privileges. The systemd unit
 * closes the network and the file system as well. */
static void
limit_myself (void)
{
  static const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  umask (077);
}

int
main (int argc, char **argv)
{
  Daemon self = { 0 };
  OflServiceDrives drives = { open_drive, drive_ended, &self };
  guint owner;

  setlocale (LC_ALL, "");
  limit_myself ();
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.practice = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self.practice_dir = ofl_core_practice_state_dir ();
  self.service = ofl_service_new (&drives, NULL);
  g_signal_connect (self.service, "idle", G_CALLBACK (on_idle), &self);
  g_unix_signal_add (SIGTERM, on_terminate, &self);
  g_unix_signal_add (SIGINT, on_terminate, &self);
  on_idle (self.service, TRUE, &self);
  owner = g_bus_own_name (G_BUS_TYPE_SESSION, OFL_SERVICE_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                          on_bus_acquired, NULL, on_name_lost, &self, NULL);
  g_main_loop_run (self.loop);
  g_bus_unown_name (owner);
  ofl_service_unexport (self.service);
  g_object_unref (self.service);
  g_hash_table_unref (self.practice);
  g_free (self.practice_dir);
  g_main_loop_unref (self.loop);
  return self.status;
}
