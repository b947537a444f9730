/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of past jobs: whole journals, damaged ones, ones without an end, one that runs. */
#include "flash/ofl-history.h"

#include <glib/gstdio.h>
#include <string.h>

#include "journal-folder.h"

#define ENDED \
  "{\"event\":\"end\",\"at\":\"2026-11-26T11:22:04Z\",\"verdict\":\"verified\",\"what\":\"W.\"," \
  "\"proof\":\"All equal.\"}\n"

static const OflPastJob *
read_one (JournalFolder *f, GPtrArray **jobs)
{
  *jobs = ofl_history_read (f->dir);
  g_assert_cmpuint ((*jobs)->len, ==, 1);
  return g_ptr_array_index (*jobs, 0);
}

static void
test_ended (JournalFolder *f, gconstpointer data)
{
  g_autofree char *path = journal_put (f, "a.jsonl", JOB BACKUP BEGINS DANGER SAFE ENDED, -1);
  g_autoptr (GPtrArray) jobs = NULL;
  const OflPastJob *job = read_one (f, &jobs);
  g_autofree char *title = ofl_past_job_title (job);
  g_autofree char *outcome = ofl_past_job_outcome (job);
  g_autofree char *text = ofl_past_job_read_text (job);

  g_assert_cmpuint (job->number, ==, 1);
  g_assert_cmpint (job->state, ==, OFL_PAST_ENDED);
  g_assert_cmpint (job->place, ==, OFL_PAST_REAL);
  g_assert_cmpstr (job->kind, ==, "flash");
  g_assert_cmpstr (job->job->path, ==, path);
  g_assert_cmpstr (job->job->serial, ==, "K9");
  g_assert_cmpstr (job->job->backup_path, ==, "/b/flash.bin");
  g_assert_cmpstr (job->verdict, ==, "verified");
  g_assert_cmpstr (job->what, ==, "W.");
  g_assert_cmpstr (job->proof, ==, "All equal.");
  g_assert_cmpstr (job->ended, ==, "2026-11-26T11:22:04Z");
  g_assert_cmpstr (outcome, ==, "Verified: read back and equal");
  g_assert_true (g_str_has_suffix (title, ": write, HL-DT-ST BD-RE BU40N (/dev/sr0)"));
  g_assert_cmpstr (text, ==, JOB BACKUP BEGINS DANGER SAFE ENDED);
}

/* A line that cannot be read costs that line; the end in the reserved room, which is the first line,
 * does not end the reading. */
static void
test_damaged (JournalFolder *f, gconstpointer data)
{
  static const char text[] = "{\"event\":\"end\",\"verdict\":\"failed-recovery\"}\n"
                             "{\"event\":\"comm\xff\n" JOB "garbage\n" BACKUP "{\"event\":";
  g_autofree char *path = journal_put (f, "a.jsonl", text, sizeof text - 1);
  g_autoptr (GPtrArray) jobs = NULL;
  const OflPastJob *job = read_one (f, &jobs);
  g_autofree char *shown = ofl_past_job_read_text (job);

  g_assert_nonnull (path);
  g_assert_cmpint (job->state, ==, OFL_PAST_ENDED);
  g_assert_cmpstr (job->verdict, ==, "failed-recovery");
  g_assert_cmpstr (job->job->drive, ==, "HL-DT-ST BD-RE BU40N");
  g_assert_cmpstr (job->job->backup_path, ==, "/b/flash.bin");
  g_assert_cmpuint (job->job->damaged, ==, 3);
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  g_assert_nonnull (strstr (shown, "garbage"));
}

static void
assert_state (JournalFolder *f, const char *text, OflPastState state, const char *words)
{
  g_autofree char *path = journal_put (f, "a.jsonl", text, -1);
  g_autoptr (GPtrArray) jobs = NULL;
  const OflPastJob *job = read_one (f, &jobs);
  g_autofree char *outcome = ofl_past_job_outcome (job);

  g_assert_nonnull (path);
  g_assert_cmpstr (ofl_past_state_id (job->state), ==, ofl_past_state_id (state));
  g_assert_cmpstr (job->verdict, ==, "");
  if (strstr (outcome, words) == NULL)
    g_error ("“%s” is not in: %s", words, outcome);
}

static void
test_unfinished (JournalFolder *f, gconstpointer data)
{
  assert_state (f, JOB BACKUP BEGINS DANGER, OFL_PAST_UNFINISHED, "may need recovery");
  assert_state (f, JOB BACKUP BEGINS DANGER SAFE, OFL_PAST_UNFINISHED, "It was written");
  assert_state (f, "{\"event\":\"job\",\"kind\":\"backup\",\"drive_id\":\"/dev/sr1\"}\n",
                OFL_PAST_UNFINISHED, "It only read the drive.");
  assert_state (f, JOB BEGINS "{\"event\":\"end\",\"verdict\":\"dismissed\"}\n", OFL_PAST_DISMISSED,
                "Its user has seen to it.");
  assert_state (f, JOB BEGINS "{\"event\":\"end\",\"verdict\":\"closed-by-a-later-job\"}\n" ENDED,
                OFL_PAST_CLOSED, "A later job has proved");
}

/* A job that runs holds a lock on its journal. */
static void
test_running (JournalFolder *f, gconstpointer data)
{
  g_autoptr (OflJournal) journal = ofl_journal_open (f->dir, NULL);
  g_autoptr (GPtrArray) jobs = NULL, again = NULL;

  journal_write_job (journal);
  g_assert_cmpint (read_one (f, &jobs)->state, ==, OFL_PAST_RUNNING);
  g_clear_pointer (&journal, ofl_journal_close);
  g_assert_cmpint (read_one (f, &again)->state, ==, OFL_PAST_UNFINISHED);
}

/* Numbers are those of all journals, whatever else lies in the folder. */
static void
test_several (JournalFolder *f, gconstpointer data)
{
  g_autofree char *b = journal_put (f, "b.jsonl", JOB ENDED, -1);
  g_autofree char *a = journal_put (
      f, "a.jsonl",
      "{\"event\":\"job\",\"kind\":\"verify\",\"drive\":\"X\",\"drive_id\":\"practice:x\"}\n", -1);
  g_autofree char *c = journal_put (f, "c.jsonl", "", 0);
  g_autofree char *other = journal_put (f, "a.txt", JOB, -1);
  g_autofree char *folder = g_build_filename (f->journals, "d.jsonl", NULL);
  g_autoptr (GPtrArray) jobs = NULL;
  const OflPastPlace places[] = { OFL_PAST_PRACTICE, OFL_PAST_REAL, OFL_PAST_NOWHERE };

  g_assert_true (a != NULL && b != NULL && c != NULL && other != NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  jobs = ofl_history_read (f->dir);
  g_assert_cmpuint (jobs->len, ==, 3);
  for (guint i = 0; i < jobs->len; i++)
    {
      const OflPastJob *job = g_ptr_array_index (jobs, i);

      g_assert_cmpuint (job->number, ==, i + 1);
      g_assert_cmpint (job->place, ==, places[i]);
    }
}

static void
test_search (JournalFolder *f, gconstpointer data)
{
  static const char *const found[]
      = { "bu40n", "k9", "1.03", "VERIFIED", "read back", "/dev/sr0", "flash", "" };
  static const char *const missed[] = { "/dev/sr", "/dev/sr00", "K8", "practice:bu40n", "unknown" };
  g_autofree char *path = journal_put (f, "a.jsonl", JOB ENDED, -1);
  g_autoptr (GPtrArray) jobs = NULL;
  const OflPastJob *job = read_one (f, &jobs);

  g_assert_nonnull (path);
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    if (!ofl_past_job_matches (job, found[i]))
      g_error ("“%s” does not find it", found[i]);
  for (guint i = 0; i < G_N_ELEMENTS (missed); i++)
    if (ofl_past_job_matches (job, missed[i]))
      g_error ("“%s” finds it", missed[i]);
}

#define ADD(path, func) \
  g_test_add ("/history/" path, JournalFolder, NULL, journal_folder_up, func, journal_folder_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ended", test_ended);
  ADD ("damaged", test_damaged);
  ADD ("unfinished", test_unfinished);
  ADD ("running", test_running);
  ADD ("several", test_several);
  ADD ("search", test_search);
  return g_test_run ();
}
