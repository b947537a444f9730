/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service as a user has it: the real program, started by a private bus, and command lines that
 * start, watch, leave and attach. */
#include <signal.h>
#include <string.h>

#include "bus.h"

/* A flash takes at least 43 s of the drive's time, which is 4.3 s at this speed; the last point is
 * before that. */
#define SPEED "10"
/* The first points are close together: backup and transfer are over within a second. */
#define EARLY_POINTS 8
#define EARLY_STEP_MS 90
#define LATE_STEP_MS 265
#define N_POINTS 20
#define AT_ONCE 10

/* A process that nobody has waited for yet is gone all the same. */
static gboolean
process_is_there (guint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/stat", pid);
  g_autofree char *text = NULL;
  const char *name_end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  name_end = strrchr (text, ')');
  return name_end != NULL && !g_str_has_prefix (name_end, ") Z");
}

static void
wait_process_gone (guint pid, guint seconds)
{
  /* ten times that, where the machine is slow */
  gint64 end = g_get_monotonic_time () + (gint64) seconds * 10 * G_USEC_PER_SEC;

  while (process_is_there (pid))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sleep_ms (50);
    }
}

/* On demand, and gone when idle */

static void
test_on_demand (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 4);
  g_auto (Ran) ran = { 0 };
  gint64 asked = g_get_monotonic_time ();

  g_assert_cmpuint (bus_service_pid (bus), ==, 0);
  bus_run_ctl (bus, &ran, "log", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_nonnull (strstr (ran.out, "No job runs"));
  g_assert_cmpstr (ran.err, ==, "");
  g_assert_cmpuint (bus_service_pid (bus), !=, 0);
  bus_wait_service_gone (bus, 20);
  g_assert_cmpint (g_get_monotonic_time () - asked, >=, 4 * G_USEC_PER_SEC);
}

/* An end that nobody has seen keeps the service, and one that was seen lets it go. */
static void
test_unseen_end (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 1);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autoptr (OflResult) result = NULL;
  g_auto (Ran) killed = { 0 };
  g_auto (Ran) listed = { 0 };
  g_auto (Ran) seen = { 0 };
  g_auto (Ran) after = { 0 };

  g_subprocess_send_signal (client, SIGKILL);
  ran_wait (&killed, client);
  result = bus_wait_end (job);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "verified");
  sleep_ms (2500);
  g_assert_cmpuint (bus_service_pid (bus), !=, 0);
  bus_run_ctl (bus, &listed, "--json", "log", NULL);
  g_assert_nonnull (strstr (listed.out, "\"verdict\":\"verified\""));
  bus_run_ctl (bus, &seen, "log", "--follow", BU40N, NULL);
  assert_verified (&seen);
  bus_run_ctl (bus, &after, "--json", "log", NULL);
  g_assert_cmpstr (after.out, ==, "");
  bus_wait_service_gone (bus, 15);
}

/* Killed at twenty points */

typedef struct {
  Bus *bus;
  guint number;
  char *where;
} Point;

static void
note_where (Point *point, OflDBusJob *job)
{
  OflProgressView view;
  OflResult *result = bus_poll (job, &view);

  g_clear_pointer (&result, ofl_result_free);
  point->where = g_strdup_printf ("%s, %.0f %%%s", ofl_stage_id (view.current), view.fraction * 100,
                                  view.danger ? ", in danger" : "");
}

/* In a thread of its own: every point has its bus, its service and its drive. */
static gpointer
run_point (gpointer data)
{
  Point *point = data;
  g_autoptr (GSubprocess) client = bus_start_flash (point->bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (point->bus);
  g_auto (Ran) killed = { 0 };
  g_auto (Ran) ran = { 0 };

  sleep_ms (point->number < EARLY_POINTS
                ? point->number * EARLY_STEP_MS
                : EARLY_POINTS * EARLY_STEP_MS + (point->number - EARLY_POINTS) * LATE_STEP_MS);
  note_where (point, job);
  g_subprocess_send_signal (client, SIGKILL);
  ran_wait (&killed, client);
  g_assert_cmpint (killed.status, ==, -1);
  bus_run_ctl (point->bus, &ran, "log", "--follow", NULL);
  assert_verified (&ran);
  /* all its log, from the first line on */
  g_assert_nonnull (strstr (ran.out, "revision 1.00, serial OFL0000"));
  g_assert_nonnull (strstr (ran.out, "Point of no return"));
  /* there is no logind here: that is said and is no failure */
  g_assert_nonnull (strstr (ran.out, "Shutdown and sleep could not be blocked"));
  bus_assert_drive_holds_image (point->bus);
  return NULL;
}

static void
run_wave (guint first)
{
  Point points[AT_ONCE] = { 0 };
  GThread *threads[AT_ONCE];

  for (guint i = 0; i < AT_ONCE; i++)
    points[i] = (Point){ bus_new (NULL, 30), first + i, NULL };
  for (guint i = 0; i < AT_ONCE; i++)
    threads[i] = g_thread_new ("point", run_point, &points[i]);
  for (guint i = 0; i < AT_ONCE; i++)
    {
      g_thread_join (threads[i]);
      g_test_message ("point %u: killed at %s", points[i].number, points[i].where);
      g_free (points[i].where);
      bus_free (points[i].bus);
    }
}

static void
test_killed_client (void)
{
  for (guint first = 0; first < N_POINTS; first += AT_ONCE)
    run_wave (first);
}

/* Signals */

/* A signal arrives when the machine lets it: asked again while the drive is written. */
static void
run_refused (Bus *bus, OflDBusJob *job, Ran *refused)
{
  g_autoptr (OflResult) result = NULL;
  OflProgressView view;

  do
    {
      ran_clear (refused);
      bus_run_ctl (bus, refused, "backup", "practice:standard", NULL);
      g_assert_cmpint (refused->status, !=, 0);
      result = bus_poll (job, &view);
    }
  while (strstr (refused->err, "The session is ending") == NULL && result == NULL && view.danger);
}

static void
test_signals_mid_write (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) refused = { 0 };
  g_auto (Ran) ran = { 0 };
  OflProgressView view;
  guint pid;

  g_assert_true (bus_wait_danger (job));
  pid = bus_service_pid (bus);
  kill ((pid_t) pid, SIGHUP);
  kill ((pid_t) pid, SIGPIPE);
  sleep_ms (100);
  g_assert_null (bus_poll (job, &view));
  kill ((pid_t) pid, SIGTERM);
  kill ((pid_t) pid, SIGINT);
  sleep_ms (300);
  g_assert_null (bus_poll (job, &view));
  g_assert_true (view.danger);
  run_refused (bus, job, &refused);
  g_assert_nonnull (strstr (refused.err, "The session is ending"));
  ran_wait (&ran, client);
  assert_verified (&ran);
  bus_wait_service_gone (bus, 10);
  wait_process_gone (pid, 10);
  bus_assert_drive_holds_image (bus);
}

static void
test_term_before_write (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, "2");
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) ran = { 0 };

  bus_wait_stage (job, OFL_STAGE_BACKUP);
  kill ((pid_t) bus_service_pid (bus), SIGTERM);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 1);
  g_assert_nonnull (strstr (ran.out, "Cancelled: the drive was not touched"));
  bus_wait_service_gone (bus, 10);
}

/* The session ends: its bus goes away under the service, which finishes all the same. */
static void
test_bus_dies_mid_write (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) ran = { 0 };
  guint pid;

  g_assert_true (bus_wait_danger (job));
  pid = bus_service_pid (bus);
  bus_stop_daemon (bus);
  ran_wait (&ran, client);
  /* it lost sight of a write: that is no success and no failure */
  g_assert_cmpint (ran.status, ==, 5);
  wait_process_gone (pid, 30);
  bus_assert_drive_holds_image (bus);
}

/* A terminal that is closed leaves the job; Ctrl+C before danger cancels it. */
static void
test_client_signals (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autoptr (GSubprocess) second = NULL;
  g_auto (Ran) left = { 0 };
  g_auto (Ran) seen = { 0 };
  g_auto (Ran) stopped = { 0 };

  bus_wait_stage (job, OFL_STAGE_BACKUP);
  sleep_ms (100);
  g_subprocess_send_signal (client, SIGHUP);
  ran_wait (&left, client);
  g_assert_cmpint (left.status, ==, 5);
  g_assert_nonnull (strstr (left.out, "The job goes on"));
  bus_run_ctl (bus, &seen, "log", "--follow", NULL);
  assert_verified (&seen);

  second = bus_start_ctl (bus, "--practice-speed=2", "backup", BU40N, NULL);
  g_clear_object (&job);
  job = bus_wait_job (bus);
  bus_wait_stage (job, OFL_STAGE_BACKUP);
  sleep_ms (100);
  g_subprocess_send_signal (second, SIGINT);
  ran_wait (&stopped, second);
  g_assert_cmpint (stopped.status, ==, 1);
  g_assert_nonnull (strstr (stopped.out, "Cancelled"));
}

/* Several clients */

static void
test_two_clients (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) first = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autoptr (GSubprocess) second = bus_start_ctl (bus, "--json", "--verbose", "log", "-f", NULL);
  g_auto (Ran) one = { 0 };
  g_auto (Ran) two = { 0 };

  g_assert_nonnull (job);
  ran_wait (&one, first);
  ran_wait (&two, second);
  assert_verified (&one);
  g_assert_cmpint (two.status, ==, 0);
  g_assert_nonnull (strstr (two.out, "\"verdict\":\"verified\""));
  /* live: progress was seen before the end; and complete: the first line is there */
  g_assert_nonnull (strstr (two.out, "\"stage\":\"program\""));
  g_assert_nonnull (strstr (two.out, "\"seq\":1,"));
}

static GVariant *
make_expected (const char *serial)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "vendor", "HL-DT-ST");
  g_variant_builder_add (&builder, "{ss}", "product", "BD-RE BU40N");
  g_variant_builder_add (&builder, "{ss}", "serial", serial);
  return g_variant_builder_end (&builder);
}

static GVariant *
start_backup (Bus *bus, const char *drive, GError **error)
{
  return g_dbus_connection_call_sync (
      bus->connection, OFL_SERVICE_NAME, OFL_SERVICE_PATH, OFL_SERVICE_NAME ".Manager", "StartJob",
      g_variant_new ("(ss@a{ss}@a{sv}i)", "backup", drive, make_expected ("OFL00000001"),
                     g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0), -1),
      NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
}

/* The same drive, by a client that is not ours: the error has a name that says what it is. */
static void
assert_refused_by_name (Bus *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = start_backup (bus, BU40N, &error);
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  g_assert_null (reply);
  g_assert_cmpstr (name, ==, "org.optiflash.Optiflash1.Error.Busy");
  g_assert_nonnull (strstr (error->message, "A job runs on this drive already: Write HL-DT-ST"));
}

/* A7: another drive that has the same serial is another drive. */
static void
assert_other_drive_runs (Bus *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = start_backup (bus, "practice:shd163", &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

static void
test_second_job_refused (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) first = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autoptr (GSubprocess) second = bus_start_flash (bus, SPEED);
  g_auto (Ran) one = { 0 };
  g_auto (Ran) two = { 0 };

  g_assert_nonnull (job);
  assert_refused_by_name (bus);
  assert_other_drive_runs (bus);
  ran_wait (&two, second);
  g_assert_cmpint (two.status, ==, 1);
  g_assert_nonnull (strstr (two.err, "A job runs on this drive already: Write HL-DT-ST"));
  ran_wait (&one, first);
  assert_verified (&one);
}

/* The service's end */

/* Nobody knows how the write ended, and the client says where it stands what was done. */
static void
test_killed_service (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) ran = { 0 };

  g_assert_true (bus_wait_danger (job));
  kill ((pid_t) bus_service_pid (bus), SIGKILL);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 5);
  g_assert_nonnull (strstr (ran.out, "The Optiflash service ended before the job did"));
  g_assert_nonnull (strstr (ran.out, "/state/optiflash/journal/"));
  g_assert_nonnull (strstr (ran.out, "/data/optiflash/backups/"));
}

static gboolean
has_object (OflDBusJob *job)
{
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_proxy_call_sync (G_DBUS_PROXY (job), "Poll",
                                  g_variant_new ("(tu)", (guint64) 0, 1u), G_DBUS_CALL_FLAGS_NONE,
                                  -1, NULL, NULL);
  return reply != NULL;
}

/* Another program sees the end and dismisses the job, while the one that began it is held up: it reads
 * the end in the journal, and says nothing of another version. */
static void
test_dismissed_by_another (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_autoptr (OflResult) result = NULL;
  g_auto (Ran) ran = { 0 };

  g_assert_true (bus_wait_danger (job));
  g_subprocess_send_signal (client, SIGSTOP);
  result = bus_wait_end (job);
  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_VERIFIED);
  g_assert_true (ofl_dbus_job_call_dismiss_sync (job, NULL, NULL));
  while (has_object (job))
    sleep_ms (100);
  g_subprocess_send_signal (client, SIGCONT);
  ran_wait (&ran, client);
  assert_verified (&ran);
  g_assert_nonnull (strstr (ran.out, "was read in its journal"));
}

/* The client is held up while the service is killed and another program writes to its own drive of the
 * same name, to the end: that end is not this job's. */
static void
test_end_of_another (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = bus_wait_job (bus);
  g_auto (Ran) other = { 0 };
  g_auto (Ran) ran = { 0 };

  g_assert_true (bus_wait_danger (job));
  g_subprocess_send_signal (client, SIGSTOP);
  kill ((pid_t) bus_service_pid (bus), SIGKILL);
  bus_run_ctl (bus, &other, "--in-process", "--practice-speed=200", "flash", "--yes", BU40N,
               bus->image, NULL);
  assert_verified (&other);
  g_subprocess_send_signal (client, SIGCONT);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 5);
  g_assert_nonnull (strstr (ran.out, "The Optiflash service ended before the job did"));
}

/* A second service has nothing to do, and says so. */
static void
test_name_taken (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_auto (GStrv) jobs = bus_list_jobs (bus);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) second = NULL;
  g_auto (Ran) ran = { 0 };
  guint pid = bus_service_pid (bus);

  g_assert_nonnull (jobs);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", bus->address, TRUE);
  second = g_subprocess_launcher_spawn (launcher, NULL, g_getenv ("OPTIFLASHD"), NULL);
  ran_wait (&ran, second);
  g_assert_cmpint (ran.status, ==, 1);
  g_assert_nonnull (strstr (ran.err, "another program has the name org.optiflash.Optiflash1"));
  g_assert_cmpuint (bus_service_pid (bus), ==, pid);
}

/* In process */

static void
test_in_process (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_auto (Ran) forced = { 0 };
  g_auto (Ran) fallen_back = { 0 };

  bus_run_ctl (bus, &forced, "--in-process", "--practice-speed=0", "flash", "--yes", BU40N,
               bus->image, NULL);
  assert_verified (&forced);
  g_assert_cmpstr (forced.err, ==, "");
  g_assert_cmpuint (bus_service_pid (bus), ==, 0);
  bus_stop_daemon (bus);
  bus_run_ctl (bus, &fallen_back, "--practice-speed=0", "verify", BU40N, bus->image, NULL);
  g_assert_cmpint (fallen_back.status, ==, 0);
  g_assert_nonnull (strstr (fallen_back.err, "leave it open until they end"));
}

/* The watchdog */

static void
test_watchdog (void)
{
  g_autoptr (Bus) bus = bus_new ("bu40n=hang 3b 5", 30);
  g_auto (Ran) ran = { 0 };
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);

  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 1);
  /* while it lasts */
  g_assert_nonnull (strstr (ran.out, "The drive has not answered for 2 s; usual is 1 s. Leave it "
                                     "connected. It will be given up after 50 s"));
  /* and at the limit, on the drive's own clock */
  g_assert_nonnull (strstr (ran.out, "the drive did not answer for 50 s and was given up"));
  g_assert_nonnull (strstr (ran.out, "Failed: the drive was not touched"));
}

/* What the process gave up */

static char *
read_status (guint pid, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%u/status", pid);
  g_autofree char *text = NULL;
  const char *found;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  found = strstr (text, field);
  g_assert_nonnull (found);
  found += strlen (field);
  return g_strstrip (g_strndup (found, strcspn (found, "\n")));
}

static void
test_limits (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 30);
  g_autofree char *no_new_privileges = NULL;
  g_autofree char *filter = NULL;
  g_autofree char *limits = NULL;
  g_autofree char *path = NULL;
  g_auto (GStrv) jobs = bus_list_jobs (bus);
  guint pid = bus_service_pid (bus);

  g_assert_cmpuint (g_strv_length (jobs), ==, 0);
  no_new_privileges = read_status (pid, "NoNewPrivs:");
  g_assert_cmpstr (no_new_privileges, ==, "1");
  filter = read_status (pid, "Seccomp:");
  g_assert_cmpstr (filter, ==, "2");
  path = g_strdup_printf ("/proc/%u/limits", pid);
  if (g_file_get_contents (path, &limits, NULL, NULL))
    g_assert_true (g_regex_match_simple ("Max core file size +0 +0", limits, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/on-demand", test_on_demand);
  g_test_add_func ("/service/unseen-end", test_unseen_end);
  g_test_add_func ("/service/killed-client", test_killed_client);
  g_test_add_func ("/service/signals-mid-write", test_signals_mid_write);
  g_test_add_func ("/service/term-before-write", test_term_before_write);
  g_test_add_func ("/service/bus-dies-mid-write", test_bus_dies_mid_write);
  g_test_add_func ("/service/client-signals", test_client_signals);
  g_test_add_func ("/service/two-clients", test_two_clients);
  g_test_add_func ("/service/second-job-refused", test_second_job_refused);
  g_test_add_func ("/service/in-process", test_in_process);
  g_test_add_func ("/service/watchdog", test_watchdog);
  g_test_add_func ("/service/limits", test_limits);
  g_test_add_func ("/service/killed-service", test_killed_service);
  g_test_add_func ("/service/dismissed-by-another", test_dismissed_by_another);
  g_test_add_func ("/service/end-of-another", test_end_of_another);
  g_test_add_func ("/service/name-taken", test_name_taken);
  return g_test_run ();
}
