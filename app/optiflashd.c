/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session service: jobs live here, so that a window may come and go. Started by D-Bus on the
 * first job, gone when for half a minute nothing runs and no end waits to be seen. */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon-bus.h"
#include "daemon-limits.h"
#include "drive/ofl-system-target.h"
#include "flash/ofl-backup-place.h"
#include "flash/ofl-guard.h"
#include "flash/ofl-settings.h"
#include "ofl-config.h"
#include "ofl-core.h"
#include "scsi/ofl-error.h"
#include "service/ofl-service.h"
#include "service/ofl-wire.h"

/* A folder that it may write to, as it was when it began; all zeros where there was none. A name stays,
 * and what it leads to may be mounted later, or made anew: there it may not write. */
typedef struct {
  char *path;
  dev_t device;
  ino_t node;
} Folder;

typedef struct {
  GMainLoop *loop;
  OflService *service;
  char *practice_dir;
  char *backup_dir; /* that this process may write to */
  Folder folders[3];
  GFileMonitor *settings;
  gboolean outdated; /* another folder for backups was chosen since, or one of those is another */
  int idle_seconds;
  int answer_seconds; /* 0: as the service has it */
  gboolean stay;
  gboolean own_bus;
  guint idle_timer;
  gboolean closing;
  gboolean was_on_bus;
  gboolean has_name;
  int status;
} Daemon;

static gboolean
on_idle_timeout (gpointer data)
{
  Daemon *self = data;

  self->idle_timer = 0;
  if (!ofl_service_is_needed (self->service))
    g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_farewell (gpointer data)
{
  Daemon *self = data;

  self->idle_timer = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* Those who watch a job fetch its end within a moment; then there is nothing to wait for. */
#define FAREWELL_SECONDS 2

/* Somebody called, or a job began, ended or was seen: the half minute begins anew. */
static void
on_changed (OflService *service, Daemon *self)
{
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (!ofl_service_is_busy (service))
    malloc_trim (0); /* what the last job held: images, a practice drive */
  if (self->closing && !ofl_service_is_needed (service))
    g_main_loop_quit (self->loop);
  else if (self->closing && !ofl_service_is_busy (service))
    self->idle_timer = g_timeout_add_seconds (FAREWELL_SECONDS, on_farewell, self);
  else if (!ofl_service_is_needed (service))
    self->idle_timer = g_timeout_add (self->outdated ? 0 : (guint) self->idle_seconds * 1000,
                                      on_idle_timeout, self);
}

/* SIGTERM and the end of the session wait until the drive is safe. */
static gboolean
on_terminate (gpointer data)
{
  Daemon *self = data;

  self->closing = TRUE;
  ofl_service_wind_down (self->service);
  on_changed (self->service, self);
  return G_SOURCE_CONTINUE;
}

static void
look_at (Folder *folder)
{
  struct stat st = { 0 };

  if (stat (folder->path, &st) != 0)
    memset (&st, 0, sizeof st);
  folder->device = st.st_dev;
  folder->node = st.st_ino;
}

/* One that is another than it was; NULL when there is none. */
static const char *
find_other_folder (Daemon *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->folders) && self->folders[i].path != NULL; i++)
    {
      Folder now = self->folders[i];

      look_at (&now);
      if (now.device != self->folders[i].device || now.node != self->folders[i].node)
        return now.path;
    }
  return NULL;
}

/* Where it may write is settled when it begins. The next one has the new folder: the bus starts it for
 * the next job. */
static void
on_settings_changed (Daemon *self)
{
  g_autofree char *chosen = ofl_settings_read_backup_dir ();
  gboolean outdated = g_strcmp0 (chosen, self->backup_dir) != 0 || find_other_folder (self) != NULL;

  if (outdated == self->outdated)
    return;
  self->outdated = outdated;
  on_changed (self->service, self);
}

static void
watch_settings (Daemon *self)
{
  g_autofree char *path = ofl_settings_path ();
  g_autoptr (GFile) file = g_file_new_for_path (path);

  self->settings = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->settings != NULL)
    g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (on_settings_changed), self);
  on_settings_changed (self);
}

/* A job of this service could store nothing there, nor keep its journal. */
static gboolean
check_folders (Daemon *self, GError **error)
{
  const char *other = find_other_folder (self);

  if (other == NULL)
    return TRUE;
  self->outdated = TRUE;
  ofl_set_error (
      error, OFL_ERROR_BUSY,
      _ ("The folder %s is another one than when the service began, and the service may "
         "not write there. It ends as soon as nothing needs it any more; try again then."),
      other);
  return FALSE;
}

/* A practice drive lives in its file: each job has one of its own, as fast as it wants it. */
static OflTarget *
open_drive (const char *path, double practice_speed, gpointer data, GError **error)
{
  Daemon *self = data;
  g_autoptr (OflDrive) drive = NULL;

  if (!check_folders (self, error))
    return NULL;
  if (!g_str_has_prefix (path, "practice:"))
    return ofl_system_target_new ("/sys", path, FALSE);
  drive = ofl_core_new_practice_drive (path + strlen ("practice:"), practice_speed,
                                       self->practice_dir, error);
  return drive != NULL ? ofl_target_ref (ofl_drive_get_target (drive)) : NULL;
}

static void
on_bus_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;
  g_autoptr (GError) error = NULL;

  self->was_on_bus = TRUE;
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
on_name_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;

  self->has_name = TRUE;
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *self = data;
  gboolean had_name = self->has_name;

  self->has_name = FALSE;
  if (!self->was_on_bus)
    g_printerr ("optiflashd: there is no session bus\n");
  else if (!had_name && connection != NULL && !g_dbus_connection_is_closed (connection))
    g_printerr ("optiflashd: another program has the name %s on this bus already. It is asked by "
                "windows and command lines; this one is not needed and ends.\n",
                name);
  if (!had_name)
    self->status = 1;
  on_terminate (self);
}

/* The folders are made before the service may no longer make them. */
static void
limit_myself (Daemon *self)
{
  g_autofree char *state = g_build_filename (g_get_user_state_dir (), "optiflash", NULL);
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "optiflash", NULL);
  const char *writable[] = { state, data, NULL, NULL };

  ofl_settings_hold_backup_dir ();
  self->backup_dir = ofl_settings_get_backup_dir ();
  writable[2] = self->backup_dir;
  for (guint i = 0; writable[i] != NULL; i++)
    {
      g_mkdir_with_parents (writable[i], 0700);
      self->folders[i].path = g_strdup (writable[i]);
      look_at (&self->folders[i]);
    }
  ofl_daemon_limit_myself (writable);
}

static gboolean
parse_options (Daemon *self, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "idle-seconds", 0, 0, G_OPTION_ARG_INT, &self->idle_seconds,
      N_ ("End when nothing has been done for so long"), N_ ("N") },
    { "answer-seconds", 0, 0, G_OPTION_ARG_INT, &self->answer_seconds,
      N_ ("Answer a job's question with no when nobody has looked at the job for so long"),
      N_ ("N") },
    { "stay", 0, 0, G_OPTION_ARG_NONE, &self->stay,
      N_ ("Stay as long as a program that has asked is on the bus"), NULL },
    { "own-bus", 0, 0, G_OPTION_ARG_NONE, &self->own_bus,
      N_ ("Make a bus for this user, where there is no session bus"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context,
                                _ ("Runs Optiflash's jobs for windows and command lines."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error) && self->idle_seconds >= 0
      && self->idle_seconds <= 86400 && self->answer_seconds >= 0 && self->answer_seconds <= 86400)
    return TRUE;
  g_printerr ("optiflashd: %s\n",
              error != NULL ? error->message : _ ("The time is a number of seconds, up to a day."));
  return FALSE;
}

/* What a terminal or a client that goes away must not do to a write. */
static void
handle_signals (Daemon *self)
{
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  g_unix_signal_add (SIGTERM, on_terminate, self);
  g_unix_signal_add (SIGINT, on_terminate, self);
}

static void
daemon_run (Daemon *self)
{
  OflServiceDrives drives = { open_drive, self };
  guint owner;

  self->loop = g_main_loop_new (NULL, FALSE);
  self->practice_dir = ofl_core_practice_state_dir ();
  self->service = ofl_service_new (&drives, NULL);
  ofl_service_set_stay (self->service, self->stay);
  ofl_service_set_patience (self->service, (guint) self->answer_seconds * 1000);
  g_signal_connect (self->service, "changed", G_CALLBACK (on_changed), self);
  handle_signals (self);
  on_changed (self->service, self);
  watch_settings (self);
  owner = g_bus_own_name (G_BUS_TYPE_SESSION, OFL_SERVICE_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                          on_bus_acquired, on_name_acquired, on_name_lost, self, NULL);
  g_main_loop_run (self->loop);
  g_bus_unown_name (owner);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->settings);
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  ofl_service_unexport (self->service);
}

int
main (int argc, char **argv)
{
  Daemon self = { .idle_seconds = 30 };
  OflDaemonBus bus = { 0 };
  g_autoptr (GError) error = NULL;

  ofl_guard_fill_descriptors ();
  ofl_language_init (OFL_LOCALEDIR);
  /* workers come and go with their images: without this each keeps memory of its own */
  mallopt (M_ARENA_MAX, 2);
  if (!parse_options (&self, &argc, &argv))
    return 2;
  if (self.own_bus && !ofl_daemon_bus_start (&bus, &error))
    {
      g_printerr ("optiflashd: %s\n", error->message);
      return 1;
    }
  limit_myself (&self);
  daemon_run (&self);
  ofl_daemon_bus_stop (&bus);
  g_object_unref (self.service);
  g_free (self.practice_dir);
  g_free (self.backup_dir);
  for (guint i = 0; i < G_N_ELEMENTS (self.folders); i++)
    g_free (self.folders[i].path);
  g_main_loop_unref (self.loop);
  return self.status;
}
