/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl preflight, what flash says of it before it asks, and what the job writes down; with a
 * battery of the test's own. */
#include <string.h>

#include "kit/upower.h"
#include "run-ctl.h"
#include "run-terminal.h"

#define DRIVE "practice:bu40n"
#define LOW "The computer runs on a battery that has only 15 % left."

static const UpowerSays on_battery = { .on_battery = TRUE, .percent = 15 };

/* The computer's bus is the test's. */
static Upower *
plug_in (void)
{
  Upower *upower = upower_new (&on_battery);

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", upower_get_address (upower), TRUE);
  return upower;
}

static void
unplug (Upower *upower)
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system-bus", TRUE);
  upower_free (upower);
}

/* The level of the one check of this word; its sentence has @words in it. */
static const char *
level_of (JsonObject *preflight, const char *id, const char *words)
{
  JsonArray *checks = json_object_get_array_member (preflight, "checks");

  for (guint i = 0; i < json_array_get_length (checks); i++)
    {
      JsonObject *check = json_array_get_object_element (checks, i);

      if (!g_str_equal (json_object_get_string_member (check, "id"), id))
        continue;
      assert_has (json_object_get_string_member (check, "sentence"), words);
      return json_object_get_string_member (check, "level");
    }
  return "not told";
}

static JsonObject *
run_preflight (CtlFixture *f, int status, const char *option)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) events = NULL;
  JsonObject *preflight;

  ctl_run (f->dir, &ran, "--json", "preflight", DRIVE, option, NULL);
  g_assert_cmpint (ran.status, ==, status);
  events = ctl_events (ran.out, "preflight");
  g_assert_cmpuint (events->len, ==, 1);
  preflight = json_object_ref (g_ptr_array_index (events, 0));
  g_assert_cmpint (json_object_get_int_member (preflight, "exit"), ==, status);
  return preflight;
}

static void
test_json (CtlFixture *f, gconstpointer data)
{
  Upower *upower = plug_in ();
  g_autoptr (JsonObject) preflight = run_preflight (f, 0, f->image);

  unplug (upower);
  g_assert_cmpstr (level_of (preflight, "power", LOW), ==, "caution");
  g_assert_cmpstr (level_of (preflight, "disc", "No disc"), ==, "ok");
  g_assert_cmpstr (level_of (preflight, "room", "has room for the 2.2"), ==, "ok");
  g_assert_cmpstr (level_of (preflight, "image", ""), !=, "not told");
}

/* With a disc in it, a file that is no folder for backups, and no UPower. */
static void
test_blocks (CtlFixture *f, gconstpointer data)
{
  g_autofree char *option = g_strconcat ("--backup-dir=", f->image, NULL);
  g_autoptr (JsonObject) preflight = NULL;

  g_setenv ("OFL_PRACTICE_DISC", "bu40n=pressed", TRUE);
  preflight = run_preflight (f, 3, option);
  g_unsetenv ("OFL_PRACTICE_DISC");
  g_assert_cmpstr (level_of (preflight, "disc", "says that a disc is in it"), ==, "blocks");
  g_assert_cmpstr (level_of (preflight, "room", "cannot be written to"), ==, "blocks");
  g_assert_cmpstr (level_of (preflight, "power", "could not be asked"), ==, "note");
}

static void
test_text (CtlFixture *f, gconstpointer data)
{
  Upower *upower = plug_in ();
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "preflight", DRIVE, NULL);
  unplug (upower);
  g_assert_cmpint (ran.status, ==, 0);
  assert_has (ran.out, "  ! " LOW);
  assert_has (ran.out, "    Plug in the computer's power supply");
  assert_has (ran.out, "Nothing that was looked at refuses a write; mend 1 thing first.");
}

/* Before the question; what is only good to know is not said there. */
static void
test_before_the_question (CtlFixture *f, gconstpointer data)
{
  static const char *const no[] = { "no", NULL };
  const char *const args[] = { "flash", DRIVE, f->image, NULL };
  Upower *upower = plug_in ();
  int status;
  g_autofree char *said = run_on_terminal (f->dir, &status, no, args);

  unplug (upower);
  g_assert_cmpint (status, ==, 1);
  assert_has (said, LOW);
  g_assert_true (strstr (said, LOW) < strstr (said, "It cannot be stopped once writing has begun"));
  assert_has_not (said, "Sleep and shutdown cannot be blocked");
  ctl_assert_revision (f->dir, DRIVE, "1.00");
}

/* What the job would refuse is not asked for. */
static void
test_no_question (CtlFixture *f, gconstpointer data)
{
  static const char *const none[] = { NULL };
  g_autofree char *option = g_strconcat ("--backup-dir=", f->image, NULL);
  const char *const args[] = { "flash", DRIVE, f->image, option, NULL };
  int status;
  g_autofree char *said = run_on_terminal (f->dir, &status, none, args);

  g_assert_cmpint (status, ==, 1);
  assert_has (said, "cannot be written to");
  assert_has (said, "say --backup-dir=FOLDER");
}

static char *
read_journals (const char *dir)
{
  g_autofree char *folder = g_build_filename (dir, "state", "journal", NULL);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  GString *all = g_string_new (NULL);
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_string_append (all, text);
    }
  return g_string_free (all, FALSE);
}

/* A caution refuses nothing, and stands in log and journal. */
static void
test_job (CtlFixture *f, gconstpointer data)
{
  Upower *upower = plug_in ();
  g_auto (Ran) ran = { 0 };
  g_autofree char *journals = NULL;

  ctl_run (f->dir, &ran, "--json", "--in-process", "flash", DRIVE, f->image, "--yes", NULL);
  unplug (upower);
  ctl_assert_result (&ran, 0, "verified");
  assert_has (ran.out, "Before the write: " LOW);
  journals = read_journals (f->dir);
  assert_has (journals, "\"id\":\"power\",\"level\":\"caution\",\"what\":\"" LOW "\"");
}

#define ADD(path, func) g_test_add (path, CtlFixture, NULL, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl/preflight/json", test_json);
  ADD ("/ctl/preflight/blocks", test_blocks);
  ADD ("/ctl/preflight/text", test_text);
  ADD ("/ctl/preflight/before-the-question", test_before_the_question);
  ADD ("/ctl/preflight/no-question", test_no_question);
  ADD ("/ctl/preflight/job", test_job);
  return g_test_run ();
}
