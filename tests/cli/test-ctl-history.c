/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history after jobs on practice drives: one that went well, one that was refused, one that was
 * cancelled, one whose program was killed. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "run-ctl.h"

#define SERIAL "OFL00000001"

/* Sends a signal to a write of the practice drive once its output has @word. */
static void
signal_at (CtlFixture *f, const char *speed, int signal_number, const char *word)
{
  g_autoptr (GSubprocess) process
      = ctl_begin (f->dir, speed, "--json", "flash", "practice:bu40n", f->image, "--yes", NULL);
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *head = ctl_read_until (lines, word);

  g_assert_nonnull (head);
  g_subprocess_send_signal (process, signal_number);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL);

      if (line == NULL)
        break;
    }
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
}

static void
flash (CtlFixture *f, const char *drive, const char *image, int status)
{
  g_auto (Ran) ran = { 0 };

  ctl_run (f->dir, &ran, "flash", drive, image, "--yes", NULL);
  g_assert_cmpint (ran.status, ==, status);
}

/* The job of this number, of a practice drive. */
static JsonObject *
assert_job (GPtrArray *jobs, gint64 number, const char *state, const char *verdict)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      JsonObject *job = g_ptr_array_index (jobs, i);

      if (json_object_get_int_member (job, "number") != number)
        continue;
      g_assert_cmpstr (json_object_get_string_member (job, "state"), ==, state);
      g_assert_cmpstr (json_object_get_string_member (job, "verdict"), ==, verdict);
      g_assert_cmpstr (json_object_get_string_member (job, "place"), ==, "practice");
      return job;
    }
  g_error ("there is no job %d", (int) number);
}

/* What a journal names may have been deleted since; nobody is sent to look for it. */
static void
test_backup_gone (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) json = { 0 }, text = { 0 }, show = { 0 }, log = { 0 }, after = { 0 };
  g_autoptr (GPtrArray) jobs = NULL;
  JsonObject *job;

  signal_at (f, "10", SIGKILL, "\"danger\":true");
  ctl_run (f->dir, &json, "--json", "history", NULL);
  jobs = ctl_events (json.out, "past-job");
  job = assert_job (jobs, 1, "unfinished", "");
  g_assert_true (json_object_get_boolean_member (job, "backup_there"));
  ctl_run (f->dir, &log, "log", NULL);
  assert_has (log.out, "Its backup is ");
  g_assert_cmpint (g_unlink (json_object_get_string_member (job, "backup")), ==, 0);

  ctl_run (f->dir, &text, "history", NULL);
  assert_has (text.out, "flash.bin, which is no longer there\n");
  ctl_run (f->dir, &show, "history", "--show=1", NULL);
  assert_has (show.out, "flash.bin, which is no longer there\n");
  ctl_run (f->dir, &after, "log", NULL);
  assert_has (after.out, "Its backup was ");
  assert_has (after.out, "flash.bin, which is no longer there.");
}

static void
test_jobs (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) json = { 0 }, text = { 0 };
  g_autoptr (GPtrArray) jobs = NULL;
  JsonObject *job;

  flash (f, "practice:bu40n", f->image, 0);
  ctl_make_image (f->dir, "px716", "1.11", "px.bin", NULL);
  flash (f, "practice:px716", "px.bin", 3);
  ctl_make_image (f->dir, "bu40n", "1.04", "new.bin.2", NULL);
  g_free (f->image);
  f->image = ctl_path (f->dir, "new.bin.2");
  signal_at (f, "1", SIGINT, "\"stage\":\"backup\"");
  signal_at (f, "10", SIGKILL, "\"danger\":true");

  ctl_run (f->dir, &json, "--json", "history", NULL);
  g_assert_cmpint (json.status, ==, 0);
  jobs = ctl_events (json.out, "past-job");
  g_assert_cmpuint (jobs->len, ==, 4);
  job = assert_job (jobs, 1, "ended", "verified");
  g_assert_cmpstr (json_object_get_string_member (job, "drive"), ==, "practice:bu40n");
  g_assert_cmpstr (json_object_get_string_member (job, "serial"), ==, SERIAL);
  assert_has (json_object_get_string_member (job, "proof"), "read back and compared, 0 differ");
  assert_has (json_object_get_string_member (job, "backup"), "flash.bin");
  job = assert_job (jobs, 2, "ended", "refused");
  assert_has (json_object_get_string_member (job, "what"), "No backup can be made");
  assert_job (jobs, 3, "ended", "cancelled");
  job = assert_job (jobs, 4, "unfinished", "");
  g_assert_cmpstr (json_object_get_string_member (job, "stage"), ==, "danger");

  ctl_run (f->dir, &text, "history", NULL);
  g_assert_cmpint (text.status, ==, 0);
  g_assert_true (g_str_has_prefix (text.out, "Practice drives\n\n1. "));
  assert_has (text.out, ": write, HL-DT-ST BD-RE BU40N (practice:bu40n)\n  Serial        " SERIAL);
  assert_has (text.out, "Verified: read back and equal");
  assert_has (text.out, "Refused by a check");
  assert_has (text.out, "Cancelled: the drive was not touched");
  assert_has (text.out, "\n4. ");
  assert_has (text.out, "may need recovery");
}

static void
assert_found (CtlFixture *f, const char *text, guint n)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) jobs = NULL;

  ctl_run (f->dir, &ran, "--json", "history", text, NULL);
  g_assert_cmpint (ran.status, ==, n > 0 ? 0 : 1);
  jobs = ctl_events (ran.out, "past-job");
  g_assert_cmpuint (jobs->len, ==, n);
}

static void
test_search (CtlFixture *f, gconstpointer data)
{
  flash (f, "practice:bu40n", f->image, 0);
  ctl_make_image (f->dir, "px716", "1.11", "px.bin", NULL);
  flash (f, "practice:px716", "px.bin", 3);
  assert_found (f, "practice:bu40n", 1);
  assert_found (f, "plextor", 1);
  assert_found (f, SERIAL, 1);
  assert_found (f, "ofl", 2);
  assert_found (f, "refused", 1);
  assert_found (f, "1.03", 1);
  assert_found (f, "practice:bu40", 0);
  assert_found (f, "nosuch", 0);
}

static void
test_show (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) text = { 0 }, json = { 0 }, none = { 0 }, zero = { 0 }, both = { 0 };
  g_autoptr (GPtrArray) jobs = NULL;

  flash (f, "practice:bu40n", f->image, 0);
  ctl_run (f->dir, &text, "history", "--show=1", NULL);
  g_assert_cmpint (text.status, ==, 0);
  assert_has (text.out, "report of a job\nJob: flash\n");
  assert_has (text.out, "\nPractice drive: yes\nSerial: " SERIAL "\n");
  assert_has (text.out, "\nVerdict: verified\n");
  assert_has (text.out, "{\"event\":\"point-of-no-return\"");
  assert_has (text.out, "{\"event\":\"end\"");
  ctl_run (f->dir, &json, "--json", "history", "--show=1", NULL);
  jobs = ctl_events (json.out, "past-job");
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (g_ptr_array_index (jobs, 0), "text"), ==,
                   text.out);
  ctl_run (f->dir, &none, "history", "--show=2", NULL);
  ctl_assert_error (&none, 2);
  ctl_run (f->dir, &zero, "history", "--show=0", NULL);
  ctl_assert_error (&zero, 2);
  ctl_run (f->dir, &both, "history", "bu40n", "--show=1", NULL);
  ctl_assert_error (&both, 2);
}

/* Neither the serial nor the folder that is named after it is left, in no form of the output. */
static void
test_mask (CtlFixture *f, gconstpointer data)
{
  static const char *const forms[][4] = {
    { "history", "--mask" },
    { "history", "--mask", "--show=1" },
    { "--json", "history", "--mask" },
    { "--json", "history", "--mask", "--show=1" },
  };
  g_auto (Ran) plain = { 0 };

  flash (f, "practice:bu40n", f->image, 0);
  ctl_run (f->dir, &plain, "history", NULL);
  assert_has (plain.out, SERIAL);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      const char *args[5] = { NULL };
      g_auto (Ran) ran = { 0 };

      memcpy (args, forms[i], sizeof forms[i]);
      ctl_run_argv (f->dir, &ran, args);
      g_assert_cmpint (ran.status, ==, 0);
      assert_has (ran.out, "OF*********");
      assert_has (ran.out, "BU40N_OF*********_1.00_");
      assert_has_not (ran.out, SERIAL);
      assert_has_not (ran.out, "OFL0");
    }
}

/* A serial with what a name of a file does not take, or JSON not as it is, is masked there, too. */
static void
test_mask_odd (CtlFixture *f, gconstpointer data)
{
  static const char journal[]
      = "{\"event\":\"job\",\"kind\":\"backup\",\"at\":\"2026-11-26T11:20:04Z\",\"drive\":\"X\","
        "\"drive_id\":\"/dev/sr0\",\"serial\":\"A\\\"B C/D9\"}\n"
        "garbage A\\\"B C/D9\n"
        "{\"event\":\"backup\",\"path\":\"/b/X_A-B-C-D9_1/flash.bin\"}\n";
  g_autofree char *state = ctl_path (f->dir, "state");
  g_autofree char *folder = ctl_path (state, "journal");
  g_autofree char *path = ctl_path (folder, "20261126T112004-1-0.jsonl");
  G_GNUC_UNUSED g_auto (Ran) list = { 0 }, report = { 0 };

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, journal, -1, NULL));
  ctl_run (f->dir, &list, "history", "--mask", NULL);
  g_assert_cmpint (list.status, ==, 0);
  assert_has (list.out, "Drives of this computer\n\n1. ");
  assert_has (list.out, "It never ended. It only read the drive.");
  assert_has (list.out, "1 line of it cannot be read.");
  assert_has_not (list.out, "D9");
  ctl_run (f->dir, &report, "history", "--mask", "--show=1", NULL);
  g_assert_cmpint (report.status, ==, 0);
  assert_has (report.out, "garbage A\\");
  assert_has_not (report.out, "D9");
}

static void
test_empty (CtlFixture *f, gconstpointer data)
{
  G_GNUC_UNUSED g_auto (Ran) text = { 0 }, json = { 0 }, show = { 0 };

  ctl_run (f->dir, &text, "history", NULL);
  g_assert_cmpint (text.status, ==, 0);
  g_assert_cmpstr (text.out, ==, "No journal knows of a job.\n");
  ctl_run (f->dir, &json, "--json", "history", NULL);
  g_assert_cmpint (json.status, ==, 0);
  g_assert_cmpstr (json.out, ==, "");
  ctl_run (f->dir, &show, "history", "--show=1", NULL);
  ctl_assert_error (&show, 2);
}

#define ADD(path, func) \
  g_test_add ("/ctl-history/" path, CtlFixture, NULL, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("jobs", test_jobs);
  ADD ("backup-gone", test_backup_gone);
  ADD ("search", test_search);
  ADD ("show", test_show);
  ADD ("mask", test_mask);
  ADD ("mask-odd", test_mask_odd);
  ADD ("empty", test_empty);
  return g_test_run ();
}
