/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F12: the program that writes to a practice drive is killed while the drive erases or programs.
 * The drive is then half written, the next program finds it so, and mends it. */
#include <signal.h>
#include <string.h>

#include "bus.h"
#include "families/ofl-practice-catalog.h"

/* The state of the flash is told by its file, so the speed decides nothing but how long it takes. */
#define SPEED "4"
#define WAIT_SECONDS 100

static char *
state_path (Bus *bus)
{
  return g_build_filename (bus->state, "optiflash", "practice", "bu40n.state", NULL);
}

/* The drive as the file has it; NULL when there is none yet. */
static OflPracticeDrive *
read_state (Bus *bus)
{
  g_autoptr (OflPracticeDrive) drive = ofl_practice_new ("bu40n", 1, NULL);
  g_autofree char *path = state_path (bus);

  return ofl_practice_drive_load (drive, path, NULL) ? g_steal_pointer (&drive) : NULL;
}

static gboolean
has_changed (Bus *bus, GBytes *factory)
{
  g_autoptr (OflPracticeDrive) drive = read_state (bus);
  g_autoptr (GBytes) flash = drive != NULL ? ofl_practice_drive_get_flash (drive) : NULL;

  return flash != NULL && !g_bytes_equal (flash, factory);
}

static gboolean
holds_image (Bus *bus)
{
  g_autoptr (OflPracticeDrive) drive = read_state (bus);
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) image = NULL;
  gsize length;

  g_assert_nonnull (drive);
  g_assert_true (g_file_get_contents (bus->image, &contents, &length, NULL));
  image = g_bytes_new (contents, length);
  return ofl_practice_drive_holds (drive, image);
}

static void
wait_half_written (Bus *bus)
{
  g_autoptr (OflPracticeDrive) fresh = ofl_practice_new ("bu40n", 1, NULL);
  g_autoptr (GBytes) factory = ofl_practice_drive_get_flash (fresh);
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  while (!has_changed (bus, factory))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      sleep_ms (10);
    }
}

/* Half written, said so, and mended by the same image. */
static void
assert_mended (Bus *bus)
{
  g_auto (Ran) looked = { 0 };
  g_auto (Ran) mended = { 0 };

  g_assert_false (holds_image (bus));
  bus_run_ctl (bus, &looked, "info", BU40N, "--in-process", NULL);
  g_assert_null (strstr (looked.out, "Ready"));
  g_assert_nonnull (strstr (looked.out, "boot"));
  bus_run_ctl (bus, &mended, "flash", BU40N, bus->image, "--yes", "--accept-warnings",
               "--accept-no-backup", "--in-process", "--practice-speed=0", NULL);
  g_assert_cmpint (mended.status, ==, 0);
  g_assert_true (holds_image (bus));
}

static void
test_in_process (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 5);
  g_autoptr (GSubprocess) client = bus_start_ctl (bus, "--practice-speed=" SPEED, "--in-process",
                                                  "flash", BU40N, bus->image, "--yes",
                                                  "--accept-warnings", NULL);

  wait_half_written (bus);
  g_subprocess_send_signal (client, SIGKILL);
  g_assert_true (g_subprocess_wait (client, NULL, NULL));
  assert_mended (bus);
}

static void
test_service (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 5);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_auto (Ran) ran = { 0 };

  wait_half_written (bus);
  g_assert_cmpint (kill ((pid_t) bus_service_pid (bus), SIGKILL), ==, 0);
  ran_wait (&ran, client);
  g_assert_cmpint (ran.status, ==, 5);
  assert_mended (bus);
}

/* While one program writes, another is refused, as with a real drive. */
static void
test_second_writer (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 5);
  g_autoptr (GSubprocess) client = bus_start_flash (bus, SPEED);
  g_auto (Ran) second = { 0 };
  g_auto (Ran) first = { 0 };

  wait_half_written (bus);
  bus_run_ctl (bus, &second, "flash", BU40N, bus->image, "--yes", "--accept-warnings",
               "--in-process", "--practice-speed=0", NULL);
  g_assert_cmpint (second.status, !=, 0);
  g_assert_nonnull (strstr (second.err, "nother program"));
  ran_wait (&first, client);
  g_assert_cmpint (first.status, ==, 0);
  g_assert_true (holds_image (bus));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice-kill/f12-in-process", test_in_process);
  g_test_add_func ("/practice-kill/f12-service", test_service);
  g_test_add_func ("/practice-kill/second-writer", test_second_writer);
  return g_test_run ();
}
