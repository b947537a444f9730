/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus.h"

#include <signal.h>
#include <string.h>

#include "kit/scratch.h"

#define STEP_MS 20
/* What a machine may be slower than one with nothing else to do, before it is said to hang. */
#define SLOW 10
#define PATIENCE_US (120 * G_USEC_PER_SEC)

void
sleep_ms (guint ms)
{
  g_usleep ((gulong) ms * 1000);
}

static void
write_service_file (const char *dir, guint idle)
{
  g_autofree char *path = g_build_filename (dir, OFL_SERVICE_NAME ".service", NULL);
  const char *more = g_getenv ("OPTIFLASHD_OPTIONS");
  g_autofree char *text
      = g_strdup_printf ("[D-BUS Service]\nName=%s\nExec=%s --idle-seconds=%u %s\n",
                         OFL_SERVICE_NAME, g_getenv ("OPTIFLASHD"), idle, more != NULL ? more : "");
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_folder (const Bus *bus, const char *name, const char *sub)
{
  g_autofree char *path = g_build_filename (bus->dir, sub, NULL);

  g_mkdir_with_parents (path, 0700);
  g_setenv (name, path, TRUE);
}

/* What the bus daemon inherits, the service inherits from it. */
static void
set_environment (Bus *bus, const char *faults)
{
  set_folder (bus, "XDG_STATE_HOME", "state");
  set_folder (bus, "XDG_DATA_HOME", "data");
  set_folder (bus, "XDG_CONFIG_HOME", "config");
  set_folder (bus, "XDG_RUNTIME_DIR", "run");
  g_setenv ("OFL_PRACTICE_FAULTS", faults != NULL ? faults : "", TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS",
            bus->system != NULL ? g_test_dbus_get_bus_address (bus->system)
                                : "unix:path=/nonexistent/system-bus",
            TRUE);
}

static void
make_image (Bus *bus)
{
  g_auto (Ran) ran = { 0 };

  bus->image = g_build_filename (bus->dir, "new.bin", NULL);
  bus_run_ctl (bus, &ran, "practice", "image", "bu40n", "1.03", bus->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

Bus *
bus_new_with_system (const char *faults, guint idle, GTestDBus *system)
{
  Bus *bus = g_new0 (Bus, 1);
  g_autoptr (GError) error = NULL;

  bus->dir = scratch_new ();
  bus->system = system != NULL ? g_object_ref (system) : NULL;
  bus->state = g_build_filename (bus->dir, "state", NULL);
  set_environment (bus, faults);
  if (idle != BUS_WITHOUT_SERVICE)
    write_service_file (bus->dir, idle);
  bus->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (bus->dbus, bus->dir);
  g_test_dbus_up (bus->dbus);
  bus->address = g_strdup (g_test_dbus_get_bus_address (bus->dbus));
  bus->connection = g_dbus_connection_new_for_address_sync (
      bus->address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (bus->connection, FALSE);
  make_image (bus);
  return bus;
}

Bus *
bus_new (const char *faults, guint idle)
{
  return bus_new_with_system (faults, idle, NULL);
}

void
bus_stop_daemon (Bus *bus)
{
  if (bus->dbus == NULL)
    return;
  g_test_dbus_stop (bus->dbus);
  g_clear_object (&bus->dbus);
}

/* A service that a test leaves behind is ended before its bus goes: it would wait for its job. */
void
bus_free (Bus *bus)
{
  guint pid = bus_service_pid (bus);

  if (pid != 0)
    kill ((pid_t) pid, SIGKILL);
  g_dbus_connection_close_sync (bus->connection, NULL, NULL);
  g_object_unref (bus->connection);
  bus_stop_daemon (bus);
  g_clear_object (&bus->system);
  scratch_free (bus->dir);
  g_free (bus->state);
  g_free (bus->image);
  g_free (bus->address);
  g_free (bus);
}

static GSubprocess *
start (Bus *bus, GPtrArray *argv)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *data = g_build_filename (bus->dir, "data", NULL);
  g_autofree char *run = g_build_filename (bus->dir, "run", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", bus->address, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", bus->state, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  /* a test bus takes it away */
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", run, TRUE);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

static GPtrArray *
begin_argv (void)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (char *) g_getenv ("OPTIFLASHCTL"));
  g_ptr_array_add (argv, (char *) "--finder=none");
  return argv;
}

static GSubprocess *
start_list (Bus *bus, va_list list)
{
  g_autoptr (GPtrArray) argv = begin_argv ();
  char *arg;

  while ((arg = va_arg (list, char *)) != NULL)
    g_ptr_array_add (argv, arg);
  return start (bus, argv);
}

GSubprocess *
bus_start_ctl (Bus *bus, ...)
{
  GSubprocess *process;
  va_list list;

  va_start (list, bus);
  process = start_list (bus, list);
  va_end (list);
  return process;
}

GSubprocess *
bus_start_flash (Bus *bus, const char *speed)
{
  g_autofree char *option = g_strdup_printf ("--practice-speed=%s", speed);

  return bus_start_ctl (bus, option, "flash", "--yes", BU40N, bus->image, NULL);
}

void
bus_run_ctl (Bus *bus, Ran *ran, ...)
{
  g_autoptr (GSubprocess) process = NULL;
  va_list list;

  va_start (list, ran);
  process = start_list (bus, list);
  va_end (list);
  ran_wait (ran, process);
}

void
assert_verified (const Ran *ran)
{
  g_assert_cmpint (ran->status, ==, 0);
  g_assert_nonnull (strstr (ran->out, "Verified: read back and equal"));
}

guint
bus_service_pid (Bus *bus)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "GetConnectionUnixProcessID", g_variant_new ("(s)", OFL_SERVICE_NAME), G_VARIANT_TYPE ("(u)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  guint32 pid = 0;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &pid);
  return pid;
}

void
bus_wait_service_gone (Bus *bus, guint seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) seconds * SLOW * G_USEC_PER_SEC;

  while (bus_service_pid (bus) != 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sleep_ms (STEP_MS);
    }
}

char **
bus_list_jobs (Bus *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus->connection, OFL_SERVICE_NAME, OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "ListJobs",
      NULL, G_VARIANT_TYPE ("(ao)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  char **paths = NULL;

  g_assert_no_error (error);
  g_variant_get (reply, "(^ao)", &paths);
  return paths;
}

OflDBusJob *
bus_wait_job (Bus *bus)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  for (;;)
    {
      g_auto (GStrv) paths = bus_list_jobs (bus);
      g_autoptr (GError) error = NULL;

      if (paths[0] != NULL)
        {
          OflDBusJob *job = ofl_dbus_job_proxy_new_sync (
              bus->connection,
              G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
              OFL_SERVICE_NAME, paths[0], NULL, &error);

          g_assert_no_error (error);
          return job;
        }
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sleep_ms (STEP_MS);
    }
}

OflResult *
bus_poll (OflDBusJob *job, OflProgressView *view)
{
  return bus_poll_unless_gone (job, view, NULL);
}

OflResult *
bus_poll_unless_gone (OflDBusJob *job, OflProgressView *view, gboolean *gone)
{
  g_autoptr (GVariant) packed = NULL;
  g_autoptr (GVariant) lines = NULL;
  g_autoptr (GVariant) result = NULL;
  g_autoptr (GError) error = NULL;

  /* a bus whose queue for the service is full says so, and under a flood a sanitizer's service may
   * take longer than a call waits: that is no end, ask again */
  while (!ofl_dbus_job_call_poll_sync (job, G_MAXINT64, 1, &packed, &lines, &result, NULL, &error)
         && (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED)
             || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)))
    {
      g_clear_error (&error);
      sleep_ms (STEP_MS);
    }
  if (gone != NULL && g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    {
      *gone = TRUE;
      return NULL;
    }
  g_assert_no_error (error);
  ofl_wire_unpack_view (packed, view, &error);
  g_assert_no_error (error);
  return ofl_wire_unpack_result (result);
}

gboolean
bus_wait_danger (OflDBusJob *job)
{
  for (;;)
    {
      OflProgressView view;
      g_autoptr (OflResult) result = bus_poll (job, &view);

      if (view.danger || result != NULL)
        return view.danger;
      sleep_ms (STEP_MS);
    }
}

void
bus_wait_stage (OflDBusJob *job, OflStage stage)
{
  for (;;)
    {
      OflProgressView view;
      g_autoptr (OflResult) result = bus_poll (job, &view);

      g_assert_null (result);
      if (view.current == stage)
        return;
      sleep_ms (STEP_MS / 4);
    }
}

OflResult *
bus_wait_end (OflDBusJob *job)
{
  for (;;)
    {
      OflProgressView view;
      OflResult *result = bus_poll (job, &view);

      if (result != NULL)
        return result;
      sleep_ms (STEP_MS);
    }
}

char *
bus_read_log (OflDBusJob *job)
{
  GString *text = g_string_new (NULL);
  guint64 after = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) lines
          = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
      g_autoptr (GVariant) view = NULL;
      g_autoptr (GVariant) packed = NULL;
      g_autoptr (GVariant) result = NULL;
      g_autoptr (GError) error = NULL;

      ofl_dbus_job_call_poll_sync (job, after, 500, &view, &packed, &result, NULL, &error);
      g_assert_no_error (error);
      ofl_wire_unpack_lines (packed, lines);
      if (lines->len == 0)
        return g_string_free (text, FALSE);
      for (guint i = 0; i < lines->len; i++)
        g_string_append_printf (text, "%s\n", ((OflLogLine *) g_ptr_array_index (lines, i))->text);
      after = ((OflLogLine *) g_ptr_array_index (lines, lines->len - 1))->seq;
    }
}

void
bus_assert_drive_holds_image (Bus *bus)
{
  g_auto (Ran) ran = { 0 };

  bus_run_ctl (bus, &ran, "--in-process", "--practice-speed=0", "verify", BU40N, bus->image, NULL);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_nonnull (strstr (ran.out, "0 differ"));
}
