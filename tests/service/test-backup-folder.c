/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder for backups that the user has chosen, as the service has it: made anew meanwhile, or named in
 * settings that cannot be read. */
#include <glib/gstdio.h>
#include <string.h>

#include "bus.h"

/* A flash takes 4.3 s at this speed. */
#define SPEED "10"

static void
put_settings (Bus *bus, const char *text)
{
  g_autofree char *folder = g_build_filename (bus->dir, "config", "optiflash", NULL);
  g_autofree char *path = g_build_filename (folder, "settings.ini", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
back_up (Bus *bus, Ran *ran)
{
  bus_run_ctl (bus, ran, "--practice-speed=0", "backup", BU40N, NULL);
}

/* The name of the folder for backups leads elsewhere than when the service began: it says so, and the
 * next service may write there. */
static void
test_folder_made_anew (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 300);
  g_autofree char *chosen = g_build_filename (bus->dir, "chosen", NULL);
  g_autofree char *aside = g_build_filename (bus->dir, "aside", NULL);
  g_autofree char *practice = g_build_filename (chosen, "practice", NULL);
  g_autofree char *text = g_strdup_printf ("[optiflash]\nbackup-folder=%s\n", chosen);
  g_auto (Ran) first = { 0 }, refused = { 0 }, again = { 0 };

  put_settings (bus, text);
  back_up (bus, &first);
  g_assert_cmpint (first.status, ==, 0);
  g_assert_true (g_file_test (practice, G_FILE_TEST_IS_DIR));
  g_assert_cmpint (g_rename (chosen, aside), ==, 0);
  g_assert_cmpint (g_mkdir (chosen, 0700), ==, 0);
  back_up (bus, &refused);
  g_assert_cmpint (refused.status, !=, 0);
  g_assert_nonnull (strstr (refused.err, "is another one than when the service began"));
  bus_wait_service_gone (bus, 20);
  back_up (bus, &again);
  g_assert_cmpint (again.status, ==, 0);
  g_assert_true (g_file_test (practice, G_FILE_TEST_IS_DIR));
}

/* Nobody knows which folder was chosen: the job's log says where the backup goes, and why. */
static void
test_settings_damaged (void)
{
  g_autoptr (Bus) bus = bus_new (NULL, 300);
  g_autoptr (OflDBusJob) job = NULL;
  g_autofree char *log = NULL;
  g_autoptr (GSubprocess) client = NULL;
  g_auto (Ran) ran = { 0 };

  put_settings (bus, "[optiflash]\nwhat\nbackup-folder=/nowhere\n");
  client = bus_start_flash (bus, SPEED);
  job = bus_wait_job (bus);
  bus_wait_stage (job, OFL_STAGE_PROGRAM);
  log = bus_read_log (job);
  ran_wait (&ran, client);
  assert_verified (&ran);
  g_assert_nonnull (strstr (log, "settings.ini cannot be read: "));
  g_assert_nonnull (strstr (log, "this one is used: "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service/folder-made-anew", test_folder_made_anew);
  g_test_add_func ("/service/settings-damaged", test_settings_damaged);
  return g_test_run ();
}
