/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line says of a write that never ended, and when it stops saying so. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "kit/scratch.h"
#include "run-ctl.h"

#define OTHER "{\"event\":\"job\",\"drive_id\":\"/dev/sr7\"}\n{\"event\":\"write-begins\"}\n"
#define TOLD "An earlier job never ended."

typedef struct {
  char *dir;
  char *journals;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  f->dir = scratch_new ();
  f->journals = g_build_filename (f->dir, "state", "journal", NULL);
  ctl_run (f->dir, &ran, "practice", "image", "bu40n", "1.03", "new.bin", NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scratch_free (f->dir);
  g_free (f->journals);
}

/* What a kill leaves of the newest journal: all lines before the one with @event. */
static void
break_off_before (Fixture *f, const char *event)
{
  g_autoptr (GDir) listing = g_dir_open (f->journals, 0, NULL);
  g_autofree char *newest = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  const char *name, *at;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (newest == NULL || strcmp (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  g_assert_nonnull (newest);
  path = g_build_filename (f->journals, newest, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  at = strstr (text, event);
  g_assert_nonnull (at);
  while (at > text && at[-1] != '\n')
    at--;
  g_assert_true (g_file_set_contents (path, text, at - text, NULL));
}

static void
flash (Fixture *f, const char *file)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "flash", "practice:bu40n", file, "--yes", NULL);
  g_assert_cmpint (ran.status, ==, 0);
}

static void
assert_told (Fixture *f, gboolean told)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "info", "practice:bu40n", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  if (told)
    assert_has (ran.err, TOLD);
  else
    assert_has_not (ran.err, TOLD);
}

/* Every verb of this drive tells it, and none of another drive. */
static void
test_f10_every_verb (Fixture *f, gconstpointer data)
{
  static const char *const verbs[][4] = {
    { "list" },
    { "info", "practice:bu40n" },
    { "report", "practice:bu40n" },
    { "plan", "practice:bu40n", "new.bin" },
    { "backup", "practice:bu40n" },
  };
  g_auto (Ran) other = { 0 };

  flash (f, "new.bin");
  break_off_before (f, "\"safe-again\"");
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run_argv (f->dir, &ran, verbs[i]);
      g_assert_cmpint (ran.status, ==, 0);
      assert_has (ran.err, TOLD);
      assert_has (ran.err, "Writing HL-DT-ST BD-RE BU40N 1.03 to HL-DT-ST BD-RE BU40N "
                           "(practice:bu40n), begun on ");
      assert_has (ran.err, "may need recovery");
      assert_has (ran.err, "To go on: optiflashctl recover practice:bu40n");
      assert_has (ran.err, "optiflashctl log --dismiss 1");
      assert_has_not (ran.out, TOLD);
    }
  ctl_run (f->dir, &other, "info", "practice:px716", NULL);
  g_assert_cmpint (other.status, ==, 0);
  assert_has_not (other.err, TOLD);
}

/* The same for a machine, in one object before the others. */
static void
test_f10_json (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  flash (f, "new.bin");
  break_off_before (f, "\"safe-again\"");
  ctl_run (f->dir, &ran, "--json", "info", "practice:bu40n", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  g_assert_cmpstr (ran.err, ==, "");
  lines = g_strsplit (ran.out, "\n", 2);
  node = json_from_string (lines[0], NULL);
  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (object, "event"), ==, "unfinished");
  g_assert_cmpstr (json_object_get_string_member (object, "stage"), ==, "danger");
  g_assert_cmpstr (json_object_get_string_member (object, "drive"), ==, "practice:bu40n");
  g_assert_true (g_path_is_absolute (json_object_get_string_member (object, "backup")));
  g_assert_true (g_path_is_absolute (json_object_get_string_member (object, "journal")));
  g_assert_cmpint (json_object_get_int_member (object, "number"), ==, 1);
}

/* Killed between "safe again" and the end: it was written, and that is what is said. */
static void
test_f9_written (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  flash (f, "new.bin");
  break_off_before (f, "\"event\":\"end\",\"at\"");
  ctl_run (f->dir, &ran, "log", NULL);
  g_assert_cmpint (ran.status, ==, 0);
  assert_has (ran.out, "It was written");
  assert_has_not (ran.out, "old firmware");
  assert_has (ran.out, "optiflashctl verify practice:bu40n FILE");
  assert_has_not (ran.out, "none waits to be seen");
}

/* A later success of the same drive ends the reminder: a write, and a comparison. */
static void
test_f10_later_success (Fixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) failed = { 0 }, verify = { 0 }, different = { 0 }, image = { 0 };

  flash (f, "new.bin");
  break_off_before (f, "\"safe-again\"");
  assert_told (f, TRUE);
  flash (f, "new.bin");
  assert_told (f, FALSE);

  ctl_run (f->dir, &image, "practice", "image", "bu40n", "1.04", "newer.bin", NULL);
  flash (f, "newer.bin");
  break_off_before (f, "\"point-of-no-return\"");
  assert_told (f, TRUE);
  ctl_run (f->dir, &different, "verify", "practice:bu40n", "new.bin", NULL);
  g_assert_cmpint (different.status, ==, 1);
  assert_told (f, TRUE);
  ctl_run (f->dir, &verify, "verify", "practice:bu40n", "newer.bin", NULL);
  g_assert_cmpint (verify.status, ==, 0);
  assert_told (f, FALSE);
}

static void
test_a9_dismiss (Fixture *f, gconstpointer data)
{
  g_auto (Ran) none = { 0 }, which = { 0 }, one = { 0 }, wrong = { 0 }, drive = { 0 }, all = { 0 };
  g_auto (Ran) list = { 0 }, image = { 0 };
  g_autofree char *other = NULL;

  ctl_run (f->dir, &none, "log", "--dismiss", NULL);
  g_assert_cmpint (none.status, ==, 2);
  ctl_run (f->dir, &image, "practice", "image", "gma4082n", "1.04", "gma.bin", NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (Ran) ran = { 0 };

      ctl_run (f->dir, &ran, "flash", i == 1 ? "practice:gma4082n" : "practice:bu40n",
               i == 1 ? "gma.bin" : "new.bin", "--yes", NULL);
      g_assert_cmpint (ran.status, ==, 0);
      break_off_before (f, "\"point-of-no-return\"");
    }
  other = g_build_filename (f->journals, "19990101T000000-1-0.jsonl", NULL);
  g_assert_true (g_file_set_contents (other, OTHER, -1, NULL));
  ctl_run (f->dir, &which, "log", "--dismiss", NULL);
  g_assert_cmpint (which.status, ==, 2);
  assert_has (which.err, "not clear which");
  ctl_run (f->dir, &wrong, "log", "--dismiss", "4", NULL);
  g_assert_cmpint (wrong.status, ==, 2);
  ctl_run (f->dir, &drive, "log", "--dismiss", "practice:gma4082n", NULL);
  g_assert_cmpint (drive.status, ==, 0);
  ctl_run (f->dir, &one, "log", "--dismiss", "1", NULL);
  g_assert_cmpint (one.status, ==, 0);
  assert_has (one.out, "a drive");
  assert_told (f, TRUE);
  ctl_run (f->dir, &all, "log", "--dismiss", "all", NULL);
  g_assert_cmpint (all.status, ==, 0);
  assert_told (f, FALSE);
  ctl_run (f->dir, &list, "log", NULL);
  g_assert_cmpint (list.status, ==, 0);
  assert_has (list.out, "none waits to be seen");
}

static void
test_a12_log_nosuch (Fixture *f, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "log", "nosuch", NULL);
  g_assert_cmpint (ran.status, ==, 1);
  assert_has (ran.err, "No job of the Optiflash service is on this drive.");
}

#define ADD(path, func) g_test_add ("/ctl-journal/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("f10-every-verb", test_f10_every_verb);
  ADD ("f10-json", test_f10_json);
  ADD ("f9-written", test_f9_written);
  ADD ("f10-later-success", test_f10_later_success);
  ADD ("a9-dismiss", test_a9_dismiss);
  ADD ("a12-log-nosuch", test_a12_log_nosuch);
  return g_test_run ();
}
