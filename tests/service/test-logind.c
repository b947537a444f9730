/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block on shutdown and sleep: a mocked logind on a private system bus sees it taken and let go
 * in the right places. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "bus.h"
#include "kit/scratch.h"
#include "kit/upower.h"

#define TAKE "take|shutdown:sleep:idle:handle-lid-switch|Optiflash|"
#define REASON "Writing firmware to HL-DT-ST BD-RE BU40N, about "

typedef struct {
  char *dir;
  char *log;
  GTestDBus *system;
  GSubprocess *mock;
} Logind;

static char *
read_log (const Logind *logind)
{
  char *text = NULL;

  return g_file_get_contents (logind->log, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
wait_for_name (Logind *logind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (logind->system),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  gboolean there = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < 500 && !there; i++)
    {
      g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
          connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
          "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.login1"), G_VARIANT_TYPE ("(b)"),
          G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

      g_assert_no_error (error);
      g_variant_get (reply, "(b)", &there);
      sleep_ms (20);
    }
  g_assert_true (there);
}

/* A message a line: TAP knows no others. */
static void
say_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_test_message ("%s", lines[i]);
}

static void
set_up (Logind *logind, gconstpointer data)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *template
      = g_build_filename (g_getenv ("SOURCE_ROOT"), "tests", "service", "logind.py", NULL);
  g_autofree char *parameters = NULL;
  g_autoptr (GError) error = NULL;

  logind->dir = scratch_new ();
  logind->log = g_build_filename (logind->dir, "log", NULL);
  parameters = g_strdup_printf ("{\"log\": \"%s\"}", logind->log);
  logind->system = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (logind->system);
  g_subprocess_launcher_setenv (launcher, "DBUS_SYSTEM_BUS_ADDRESS",
                                g_test_dbus_get_bus_address (logind->system), TRUE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  logind->mock = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("TEST_PYTHON"), "-m",
                                              "dbusmock", "--template", template, "--parameters",
                                              parameters, NULL);
  g_assert_no_error (error);
  wait_for_name (logind);
}

static void
tear_down (Logind *logind, gconstpointer data)
{
  g_subprocess_force_exit (logind->mock);
  g_subprocess_wait (logind->mock, NULL, NULL);
  g_object_unref (logind->mock);
  g_test_dbus_stop (logind->system);
  g_object_unref (logind->system);
  g_free (logind->log);
  scratch_free (logind->dir);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *p = text; (p = strstr (p, part)) != NULL; p++)
    n++;
  return n;
}

/* Waits until nothing is held any more; only what never comes takes a minute. */
static void
assert_released (const Logind *logind)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *log = read_log (logind);

      if (g_str_has_suffix (log, "release|0 left\n"))
        return;
      if (g_get_monotonic_time () > end)
        say_lines (log);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sleep_ms (10);
    }
}

/* The line of the log in which the job says it; NULL while it has not. */
static gboolean
job_has_said (OflDBusJob *job, const char *what)
{
  g_autofree char *log = bus_read_log (job);

  return strstr (log, what) != NULL;
}

static void
wait_said (OflDBusJob *job, const char *what)
{
  while (!job_has_said (job, what))
    sleep_ms (10);
}

static void
test_success (Logind *logind, gconstpointer data)
{
  g_autoptr (Bus) bus = bus_new_with_system (NULL, 30, logind->system);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, "3");
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autofree char *before = NULL;
  g_autofree char *begun = NULL;
  g_autofree char *after = NULL;
  g_auto (Ran) ran = { 0 };

  /* nothing is blocked while the drive is only read, and while data only fills its memory */
  bus_wait_stage (job, OFL_STAGE_SEND);
  before = read_log (logind);
  g_assert_cmpstr (before, ==, "");
  /* the block is there when danger is, before the command that brings it */
  wait_said (job, "Point of no return");
  begun = read_log (logind);
  g_assert_true (g_str_has_prefix (begun, TAKE REASON));
  g_assert_true (g_str_has_suffix (begun, " s left|block\n"));
  /* let go when the drive is safe, not only when the job is over */
  wait_said (job, "Safe again");
  assert_released (logind);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_null (strstr (ran.out, "could not be blocked"));
  /* the reason was renewed as the time left changed, and at no time was there no block */
  after = read_log (logind);
  say_lines (after);
  g_assert_cmpuint (count (after, TAKE REASON), >=, 3);
  g_assert_cmpuint (count (after, "release|0 left"), ==, 1);
}

static void
test_failure (Logind *logind, gconstpointer data)
{
  g_autoptr (Bus) bus = bus_new_with_system ("bu40n=power-loss-burn 500", 30, logind->system);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, "20");
  g_auto (Ran) ran = { 0 };
  g_autofree char *log = NULL;

  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, >=, 4);
  g_assert_nonnull (strstr (ran.out, "Point of no return"));
  assert_released (logind);
  log = read_log (logind);
  g_assert_true (g_str_has_prefix (log, TAKE REASON));
}

/* A service that is killed holds nothing up: the block goes with its process. */
static void
test_killed_service (Logind *logind, gconstpointer data)
{
  g_autoptr (Bus) bus = bus_new_with_system (NULL, 30, logind->system);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, "10");
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) listed = { 0 };

  wait_said (job, "Point of no return");
  kill ((pid_t) bus_service_pid (bus), SIGKILL);
  assert_released (logind);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 5);
  /* and the next one says what was going on */
  bus_run_ctl (bus, &listed, "log", NULL);
  g_assert_nonnull (strstr (listed.out, "never ended"));
  g_assert_nonnull (strstr (listed.out, "Its backup is"));
}

/* The service itself looks around before it writes, whatever its client has looked at. */
static void
test_battery (void)
{
  const UpowerSays says = { .on_battery = TRUE, .percent = 15, .logind = TRUE };
  g_autoptr (Upower) upower = upower_new (&says);
  g_autoptr (Bus) bus = bus_new_with_system (NULL, 30, upower_get_bus (upower));
  g_autoptr (GSubprocess) client = bus_start_flash (bus, "20");
  g_auto (Ran) ran = { 0 };

  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_nonnull (strstr (
      ran.out, "Before the write: The computer runs on a battery that has only 15 % left."));
  g_assert_cmpuint (upower_count_blocks (upower), >=, 1);
}

static gboolean
mock_is_there (void)
{
  const char *argv[] = { g_getenv ("TEST_PYTHON"), "-c", "import dbusmock, gi", NULL };
  int status = 1;

  return g_spawn_sync (NULL, (char **) argv, NULL,
                       G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                       NULL, &status, NULL)
         && g_spawn_check_wait_status (status, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!mock_is_there ())
    {
      g_print ("1..0 # SKIP python-dbusmock is not installed, so there is no logind to talk to\n");
      return 0;
    }
  g_test_add ("/logind/success", Logind, NULL, set_up, test_success, tear_down);
  g_test_add ("/logind/failure", Logind, NULL, set_up, test_failure, tear_down);
  g_test_add ("/logind/killed-service", Logind, NULL, set_up, test_killed_service, tear_down);
  g_test_add_func ("/logind/battery", test_battery);
  return g_test_run ();
}
