/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power, lid and sleep before a write: a UPower and a logind of the test's own say how it is. */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "flash/ofl-preflight.h"
#include "kit/scratch.h"
#include "kit/upower.h"
#include "scsi/ofl-error.h"

typedef struct {
  const char *path;
  UpowerSays says;
  OflCheckLevel power, lid; /* OFL_N_CHECK_LEVELS: nothing is said */
  const char *words;
} Case;

#define NOTHING OFL_N_CHECK_LEVELS

static const Case cases[] = {
  { "/preflight/power/battery-15",
    { .on_battery = TRUE, .percent = 15, .lid = TRUE },
    OFL_CHECK_CAUTION,
    OFL_CHECK_OK,
    "has only 15 % left" },
  { "/preflight/power/battery-29",
    { .on_battery = TRUE, .percent = 29.9 },
    OFL_CHECK_CAUTION,
    NOTHING,
    "has only 29 % left" },
  { "/preflight/power/battery-30",
    { .on_battery = TRUE, .percent = 30 },
    OFL_CHECK_NOTE,
    NOTHING,
    "that has 30 % left" },
  { "/preflight/power/battery-unknown",
    { .on_battery = TRUE, .no_charge = TRUE, .percent = 80 },
    OFL_CHECK_CAUTION,
    NOTHING,
    "nobody says how much is left" },
  { "/preflight/power/mains",
    { .percent = 15, .lid = TRUE, .lid_closed = TRUE },
    OFL_CHECK_OK,
    OFL_CHECK_NOTE,
    "does not run on a battery" },
  { "/preflight/power/lid-on-battery",
    { .on_battery = TRUE, .percent = 90, .lid = TRUE, .lid_closed = TRUE },
    OFL_CHECK_NOTE,
    OFL_CHECK_CAUTION,
    "that has 90 % left" },
  { "/preflight/power/no-upower",
    { .absent = TRUE, .on_battery = TRUE },
    OFL_CHECK_NOTE,
    NOTHING,
    "could not be asked: UPower does not answer" },
  { "/preflight/power/mute-upower",
    { .mute = TRUE, .on_battery = TRUE },
    OFL_CHECK_NOTE,
    NOTHING,
    "could not be asked: UPower does not answer" },
};

/* The list of a drive that has not answered, with this bus as the system's. */
static GPtrArray *
look (Upower *upower)
{
  OflTopology topology = { .bus = OFL_BUS_PRACTICE };
  g_autoptr (Scratch) dir = scratch_new ();
  g_autoptr (OflTarget) target
      = ofl_target_new ("practice:none", NULL, NULL, &topology, NULL, NULL, NULL);
  g_autoptr (OflPreflight) preflight = ofl_preflight_new (target, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
      upower_get_address (upower),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_autoptr (OflSystemBus) bus = NULL;
  OflPreflightSources sources = { .roots = { dir, dir } };
  GPtrArray *checks;

  g_assert_no_error (error);
  bus = ofl_system_bus_new_for (connection);
  sources.bus = bus;
  preflight->sources = &sources;
  preflight->options->state_dir = g_strdup (dir);
  checks = ofl_preflight_run (preflight, OFL_PREFLIGHT_ALL);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  return checks;
}

static void
assert_level (const OflCheck *check, OflCheckLevel level)
{
  if (level == NOTHING)
    {
      g_assert_null (check);
      return;
    }
  g_assert_nonnull (check);
  g_test_message ("%s: %s", check->id, check->sentence.shown);
  g_assert_cmpstr (ofl_check_level_id (check->level), ==, ofl_check_level_id (level));
  g_assert_cmpint (check->remedy == NULL, ==, level == OFL_CHECK_OK);
}

static void
test_power (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (Upower) upower = upower_new (&one->says);
  g_autoptr (GPtrArray) checks = look (upower);
  const OflCheck *power = ofl_checks_find (checks, "power");

  assert_level (power, one->power);
  assert_level (ofl_checks_find (checks, "lid"), one->lid);
  g_assert_nonnull (strstr (power->sentence.shown, one->words));
  g_assert_cmpstr (power->sentence.english, ==, power->sentence.shown);
  assert_level (ofl_checks_find (checks, "sleep"), OFL_CHECK_NOTE);
}

static void
test_sleep (void)
{
  const UpowerSays says = { .logind = TRUE };
  g_autoptr (Upower) upower = upower_new (&says);
  g_autoptr (GPtrArray) checks = look (upower);

  assert_level (ofl_checks_find (checks, "sleep"), OFL_CHECK_OK);
  g_assert_cmpuint (upower_count_blocks (upower), ==, 1);
}

static void
test_mute_logind (void)
{
  const UpowerSays says = { .logind = TRUE, .mute = TRUE };
  g_autoptr (Upower) upower = upower_new (&says);
  g_autoptr (GPtrArray) checks = look (upower);
  const OflCheck *sleep = ofl_checks_find (checks, "sleep");

  assert_level (sleep, OFL_CHECK_NOTE);
  g_assert_nonnull (strstr (sleep->sentence.shown, "could not be asked: logind does not answer"));
}

/* How many threads of this process look for the bus. */
static guint
count_seekers (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;

      n += g_file_get_contents (path, &comm, NULL, NULL) && g_str_equal (comm, "ofl-system-bus\n");
    }
  return n;
}

/* Takes every caller and says nothing. */
static int
listen_and_say_nothing (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpuint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <,
                    sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 16), ==, 0);
  return fd;
}

/* A bus that is stuck: whoever looks waits for a while, and all looks together have one thread. */
static void
test_stuck (void)
{
  g_autoptr (Scratch) dir = scratch_new ();
  g_autofree char *path = g_build_filename (dir, "bus", NULL);
  g_autofree char *address = g_strconcat ("unix:path=", path, NULL);
  int fd = listen_and_say_nothing (path), caller;
  g_autoptr (OflSystemBus) later = NULL;
  g_autoptr (GError) gone = NULL;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  for (int i = 0; i < 8; i++)
    {
      g_autoptr (OflSystemBus) bus = ofl_system_bus_new ();
      g_autoptr (GError) error = NULL;

      g_assert_null (ofl_system_bus_wait (bus, 1, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_TIMEOUT);
    }
  later = ofl_system_bus_new ();
  /* who has called has a name */
  caller = accept (fd, NULL, NULL);
  g_assert_cmpuint (count_seekers (), ==, 1);
  close (caller);
  close (fd);
  g_assert_null (ofl_system_bus_wait (later, G_MAXUINT / 2, &gone));
  g_assert_nonnull (gone);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* the environment is set while there are no other threads */
  g_test_add_func ("/preflight/stuck-bus", test_stuck);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_power);
  g_test_add_func ("/preflight/sleep", test_sleep);
  g_test_add_func ("/preflight/sleep/mute-logind", test_mute_logind);
  return g_test_run ();
}
