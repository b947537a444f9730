/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A write that is not by a plan of the job's: what comes before it, and what is said after it. Whoever writes
 * here is a test, by the family's own plan, so each end can be had. */
#include <string.h>

#include "flash/ofl-local-job.h"
#include "workbench.h"

typedef struct {
  const char *id;
  const char *revision; /* what is sent */
  const char *told;     /* of which revision the job believes it is; NULL: nothing is known */
  const char *fault;
  OflVerdict verdict;
  const char *what; /* a part of what happened */
} Case;

typedef struct {
  const Case *which;
  OflImage *image;
  gboolean asks;
  gboolean unclean; /* it crashed, was ended, or a command of it failed */
  OflPracticeDrive *disc_into; /* meanwhile */
  GCancellable *cancel;        /* between the backup and the write */
  char *backup;
  char *no_backup;
  guint n_written;
} Other;

static OflResult *
write_by_plan (OflWork *work, gpointer data)
{
  Other *other = data;
  g_autoptr (OflJudgement) judgement = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (OflRun) run = { work->transport, work->progress, NULL, NULL, -1 };
  OflResult *result;

  work->asks = other->asks;
  if (other->disc_into != NULL)
    ofl_practice_drive_set_disc (other->disc_into, TRUE);
  result = ofl_work_get_ready (work);
  g_cancellable_cancel (other->cancel);
  other->backup = work->backup != NULL ? g_strdup (work->backup->path) : NULL;
  other->no_backup = g_strdup (work->no_backup.shown);
  if (result != NULL)
    return result;
  judgement = ofl_families_judge (work->before, other->image, work->options->choices);
  plan = ofl_family_plan_write (work->family, judgement, &error);
  g_assert_no_error (error);
  result = ofl_work_begin_other (work, "a test");
  if (result != NULL)
    return result;
  other->n_written++;
  run.family = work->family;
  ofl_run_execute (&run, plan);
  return ofl_work_judge_other (work, !other->unclean, OFL_SENTENCE (g_strdup ("A test wrote.")));
}

static OflResult *
run (Workbench *bench, Other *other, OflImage *told)
{
  g_autoptr (OflJob) job = ofl_local_job_new_other (ofl_drive_get_target (bench->drive), NULL, told,
                                                    bench->options, write_by_plan, other, NULL);

  g_assert_cmpint (ofl_job_get_kind (job), ==, OFL_JOB_UPDATER);
  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

static void
other_clear (Other *other)
{
  g_free (other->backup);
  g_free (other->no_backup);
  ofl_image_unref (other->image);
}

static void
test_end (gconstpointer data)
{
  const Case *which = data;
  g_autoptr (Workbench) bench = workbench_new (which->id);
  g_autoptr (OflImage) told = which->told != NULL ? workbench_image (bench, which->told, NULL)
                                                  : NULL;
  Other other = { which, workbench_image (bench, which->revision, NULL), TRUE };
  g_autoptr (OflResult) result = NULL;
  g_autofree char *journal = NULL;

  if (which->fault != NULL)
    g_assert_true (ofl_practice_drive_add_fault (bench->device, which->fault, NULL));
  result = run (bench, &other, told);
  g_test_message ("%s | %s | %s", result->what, result->meaning, result->next);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (which->verdict));
  g_assert_nonnull (strstr (result->what, which->what));
  g_assert_nonnull (strstr (result->what, "A test wrote."));
  g_assert_cmpuint (other.n_written, ==, 1);
  journal = workbench_journal (bench);
  g_assert_nonnull (strstr (journal, "\"kind\":\"updater\""));
  g_assert_nonnull (strstr (journal, "\"event\":\"point-of-no-return\""));
  g_assert_nonnull (strstr (journal, "\"event\":\"end\""));
  other_clear (&other);
}

/* Whoever broke off may have left any revision behind. */
static void
test_unclean (void)
{
  g_autoptr (Workbench) bench = workbench_new ("sd616");
  Other other = { NULL, workbench_image (bench, "1.03", NULL), TRUE, TRUE };
  g_autoptr (OflResult) result = run (bench, &other, other.image);
  g_autofree char *journal = workbench_journal (bench);

  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_UNKNOWN);
  g_assert_nonnull (strstr (result->what, "reports revision 1.03"));
  g_assert_null (strstr (journal, "safe-again"));
  other_clear (&other);
}

/* A cancel that came before the point of no return counts. */
static void
test_cancelled (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  Other other = { NULL, workbench_image (bench, "1.03", NULL), TRUE };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (OflJob) job = ofl_local_job_new_other (ofl_drive_get_target (bench->drive), NULL,
                                                    other.image, bench->options, write_by_plan,
                                                    &other, NULL);
  g_autoptr (OflResult) result = NULL;

  other.cancel = cancellable;
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), cancellable);
  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_CANCELLED);
  g_assert_cmpuint (other.n_written, ==, 0);
  other_clear (&other);
}

/* Of a drive that cannot be read it is asked about; where nobody can be asked, it has to be agreed to before. */
static void
test_no_backup (void)
{
  g_autoptr (Workbench) bench = workbench_new ("sd616");
  g_autoptr (OflResult) refused = NULL, agreed = NULL, asked = NULL;
  Other other = { NULL, workbench_image (bench, "1.03", NULL), FALSE };

  bench->options->accept_no_backup = FALSE;
  refused = run (bench, &other, NULL);
  g_assert_cmpint (refused->verdict, ==, OFL_VERDICT_REFUSED);
  g_assert_nonnull (strstr (refused->next, "accept-no-backup"));
  g_assert_cmpuint (other.n_written, ==, 0);
  g_clear_pointer (&other.no_backup, g_free);

  bench->options->accept_no_backup = TRUE;
  agreed = run (bench, &other, NULL);
  g_assert_cmpuint (other.n_written, ==, 1);
  g_assert_nonnull (other.no_backup);
  g_clear_pointer (&other.no_backup, g_free);

  bench->options->accept_no_backup = FALSE;
  other.asks = TRUE;
  asked = run (bench, &other, NULL);
  g_assert_cmpuint (other.n_written, ==, 2);
  g_assert_nonnull (other.no_backup);
  other_clear (&other);
}

/* One that can be read has its backup first. */
static void
test_backup (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  Other other = { NULL, workbench_image (bench, "1.03", NULL), TRUE };
  g_autoptr (OflResult) result = run (bench, &other, other.image);

  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_VERIFIED);
  g_assert_nonnull (other.backup);
  g_assert_null (other.no_backup);
  g_assert_true (g_file_test (other.backup, G_FILE_TEST_EXISTS));
  g_assert_cmpstr (result->backup_path, ==, other.backup);
  g_assert_true (workbench_holds (bench, other.image, 0x10000, 0x20000));
  other_clear (&other);
}

/* A disc in the drive refuses it before anything is sent. */
static void
test_disc (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  Other other = { NULL, workbench_image (bench, "1.03", NULL), TRUE };
  g_autoptr (OflResult) result = NULL;

  /* after the drive has said who it is: while the program only looked, somebody may put it in */
  other.disc_into = bench->device;
  result = run (bench, &other, other.image);
  g_assert_cmpint (result->verdict, ==, OFL_VERDICT_REFUSED);
  g_assert_cmpuint (other.n_written, ==, 0);
  other_clear (&other);
}

/* Of one whose program was killed meanwhile the next start does not say to flash the same file. */
static void
test_killed (void)
{
  g_autoptr (Workbench) bench = workbench_new ("sd616");
  g_autoptr (OflJournal) journal = ofl_journal_open (bench->dir, NULL);
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *text = NULL;

  ofl_journal_write (journal, "job", "kind", "updater", "drive", "A DRIVE", NULL);
  ofl_journal_write (journal, "point-of-no-return", "step", "the maker's program", NULL);
  g_clear_pointer (&journal, ofl_journal_close);
  found = ofl_journal_find_unfinished (bench->dir);
  g_assert_cmpuint (found->len, ==, 1);
  text = ofl_unfinished_describe (g_ptr_array_index (found, 0));
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "let the maker's program run again"));
  g_assert_null (strstr (text, "same file"));
}

static const Case cases[] = {
  { "bu40n", "1.03", "1.03", NULL, OFL_VERDICT_VERIFIED, "holds what the file holds" },
  { "bu40n", "1.03", "1.04", NULL, OFL_VERDICT_UNKNOWN, "does not hold the image" },
  { "bu40n", "1.03", "1.03", "silent", OFL_VERDICT_UNCHANGED, "holds what it held before" },
  { "bu40n", "1.03", NULL, NULL, OFL_VERDICT_UNKNOWN, "reports revision 1.03 (before: 1.00)" },
  { "sd616", "1.03", "1.03", NULL, OFL_VERDICT_CONFIRMED, "reports revision 1.03 (before: 1.00)" },
  { "sd616", "1.03", NULL, NULL, OFL_VERDICT_UNKNOWN, "reports revision 1.03 (before: 1.00)" },
  { "sd616", "1.03", "1.03", "silent", OFL_VERDICT_UNKNOWN, "as before" },
  { "bu40n", "1.03", "1.03", "power-loss-burn 300", OFL_VERDICT_UNKNOWN, "does not answer" },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/other/%s-%u", cases[i].id, i);

      g_test_add_data_func (name, &cases[i], test_end);
    }
  g_test_add_func ("/other/killed", test_killed);
  g_test_add_func ("/other/unclean", test_unclean);
  g_test_add_func ("/other/cancelled", test_cancelled);
  g_test_add_func ("/other/no-backup", test_no_backup);
  g_test_add_func ("/other/backup", test_backup);
  g_test_add_func ("/other/disc", test_disc);
  return g_test_run ();
}
