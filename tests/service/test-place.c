/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a job lives when the bus cannot start the service: on a bus that knows of none, and where
 * there is no bus (cases "a1", "a12"). */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"

#define SPEED "10"

/* What ends the client and its terminal does not reach a process of another session. */
static void
assert_own_session (guint pid)
{
  g_assert_cmpuint (pid, !=, 0);
  g_assert_cmpint (getsid ((pid_t) pid), ==, (pid_t) pid);
  g_assert_cmpint (getsid (0), !=, (pid_t) pid);
}

/* The bus cannot start it: the program does, and it is the one that was built beside. */
static void
test_running_bus (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, BUS_WITHOUT_SERVICE);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_autoptr (OflDBusJob) job = NULL;
  g_auto (Ran) killed = { 0 };
  g_auto (Ran) ran = { 0 };
  g_autofree char *command = NULL;
  g_autofree char *path = NULL;
  guint pid;

  while ((pid = bus_service_pid (bus)) == 0)
    sleep_ms (20);
  job = bus_wait_job (bus);
  g_assert_true (bus_wait_danger (job));
  g_subprocess_send_signal (client, SIGKILL);
  ran_wait (&killed, client);
  g_assert_nonnull (strstr (killed.out, "goes on when this terminal is closed"));
  assert_own_session (pid);
  path = g_strdup_printf ("/proc/%u/cmdline", pid);
  g_assert_true (g_file_get_contents (path, &command, NULL, NULL));
  g_assert_cmpstr (command, ==, g_getenv ("OPTIFLASHD"));
  bus_run_ctl (bus, &ran, "log", "--follow", NULL);
  assert_verified (&ran);
}

static void
take_bus_away (Bus *bus)
{
  g_dbus_connection_close_sync (bus->connection, NULL, NULL);
  bus_stop_daemon (bus);
  g_free (bus->address);
  bus->address = g_strdup ("");
}

/* The test as a client on the bus that the service has made; %NULL when there is none. */
static GDBusConnection *
connect_own (Bus *bus)
{
  g_autofree char *address = g_strdup_printf ("unix:path=%s/run/optiflash/bus", bus->dir);

  return g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, NULL);
}

static void
test_no_bus (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, BUS_WITHOUT_SERVICE);
  g_auto (Ran) ran = { 0 };
  g_auto (Ran) listed = { 0 };
  g_autoptr (GDBusConnection) none = NULL;

  take_bus_away (bus);
  bus_run_ctl (bus, &ran, "--practice-speed=0", "flash", "--yes", BU40N, bus->image, NULL);
  assert_verified (&ran);
  g_assert_nonnull (strstr (ran.err, "There is no session bus, so jobs run in this program"));
  g_assert_nonnull (strstr (ran.out, "lives in this terminal: leave it open"));
  none = connect_own (bus);
  g_assert_null (none);
  /* it means nothing to who only asks for jobs */
  bus_run_ctl (bus, &listed, "log", NULL);
  g_assert_cmpint (listed.status, ==, 0);
  g_assert_cmpstr (listed.err, ==, "");
}

/* The pid behind the service's name on the bus that it has made. */
static guint
wait_own_service (Bus *bus)
{
  guint pid = 0;

  while (pid == 0)
    {
      sleep_ms (20);
      if (bus->connection == NULL || g_dbus_connection_is_closed (bus->connection))
        {
          g_clear_object (&bus->connection);
          bus->connection = connect_own (bus);
        }
      if (bus->connection != NULL)
        pid = bus_service_pid (bus);
    }
  return pid;
}

static void
test_start_service (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, BUS_WITHOUT_SERVICE);
  g_autoptr (GSubprocess) client = NULL;
  g_autoptr (OflDBusJob) job = NULL;
  g_autoptr (GDBusConnection) after = NULL;
  g_auto (Ran) killed = { 0 };
  g_auto (Ran) ran = { 0 };
  guint pid;

  take_bus_away (bus);
  client = bus_start_ctl (bus, "--practice-speed=" SPEED, "--start-service", "flash", "--yes",
                          BU40N, bus->image, NULL);
  pid = wait_own_service (bus);
  g_dbus_connection_set_exit_on_close (bus->connection, FALSE);
  assert_own_session (pid);
  job = bus_wait_job (bus);
  g_assert_true (bus_wait_danger (job));
  g_subprocess_send_signal (client, SIGKILL);
  ran_wait (&killed, client);
  g_assert_nonnull (strstr (killed.out, "goes on when this terminal is closed"));
  bus_run_ctl (bus, &ran, "log", "--follow", NULL);
  assert_verified (&ran);
  /* the bus ends with the service */
  kill ((pid_t) pid, SIGTERM);
  while (!g_dbus_connection_is_closed (bus->connection))
    {
      sleep_ms (20);
      g_main_context_iteration (NULL, FALSE);
    }
  after = connect_own (bus);
  g_assert_null (after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/a12-running-bus", test_running_bus);
  g_test_add_func ("/place/a1-no-bus", test_no_bus);
  g_test_add_func ("/place/a1-start-service", test_start_service);
  return g_test_run ();
}
