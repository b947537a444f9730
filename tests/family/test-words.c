/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How jobs end in words: each row of the table in each state, and another hardware than chosen. */
#include <string.h>

#include "flash/ofl-local-job.h"
#include "flash/ofl-work.h"
#include "scsi/ofl-error.h"
#include "scsi/ofl-sense-table.h"
#include "workbench.h"

/* What a job ends in: which bits make the state of an OflWork. */
#define WROTE 1u
#define DANGER 2u
#define FAILED 4u
#define GONE 8u
#define BACKUP 16u
#define N_STATES 32u

static void
assert_words (const OflResult *result, int code, guint state)
{
  gboolean proved = result->verdict == OFL_VERDICT_VERIFIED
                    || result->verdict == OFL_VERDICT_IDENTICAL;
  g_autofree char *all = g_strconcat (result->meaning, " ", result->next, NULL);

  g_test_message ("%s, error %d, state %x: %s", ofl_verdict_id (result->verdict), code, state, all);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->next);
  if (!proved)
    g_assert_null (strstr (all, "ready to use"));
  /* past the point of no return a drive that is still busy ends unknown, never otherwise */
  if (code == OFL_ERROR_STILL_BUSY && result->verdict == OFL_VERDICT_UNKNOWN)
    {
      g_assert_null (strstr (all, "power off"));
      g_assert_null (strstr (all, "nplug"));
      g_assert_nonnull (strstr (all, "switched on"));
    }
  if (result->verdict == OFL_VERDICT_FAILED_RECOVERY && (state & BACKUP) == 0)
    g_assert_null (strstr (all, "with the backup"));
}

static void
test_table (void)
{
  g_autoptr (Workbench) bench = workbench_new ("nd3500");
  OflTarget *target = ofl_drive_get_target (bench->drive);
  g_autoptr (OflSnapshot) seen = workbench_look (bench);

  for (guint state = 0; state < N_STATES; state++)
    {
      OflWork *work = ofl_work_new (OFL_JOB_FLASH, target, NULL, NULL, bench->options);

      work->before = ofl_snapshot_ref (seen);
      work->after = (state & GONE) != 0 ? NULL : ofl_snapshot_ref (seen);
      work->earlier_backup = (state & BACKUP) != 0 ? g_strdup ("backup.bin") : NULL;
      work->run.wrote = (state & WROTE) != 0;
      work->run.danger = (state & DANGER) != 0;
      work->run.end = (state & FAILED) != 0 ? OFL_RUN_FAILED : OFL_RUN_DONE;
      for (int verdict = OFL_VERDICT_VERIFIED; verdict < OFL_N_VERDICTS; verdict++)
        for (int code = 0; code < OFL_N_ERRORS; code++)
          {
            g_autoptr (GError) error = g_error_new (OFL_ERROR, code, "It happened.");
            g_autoptr (OflResult) result
                = ofl_work_end_error (work, (OflVerdict) verdict, error, NULL);
            g_autoptr (OflResult) plain
                = ofl_work_end (work, (OflVerdict) verdict, OFL_SAY ("So."), NULL);

            assert_words (result, code, state);
            assert_words (plain, -1, state);
          }
      ofl_work_free (work);
    }
}

/* Finding F2: a name is not a board. */
static void
test_mark (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  g_autoptr (OflSnapshot) seen = workbench_look (bench);
  OflSnapshot *chosen = ofl_snapshot_new (ofl_snapshot_identity (seen));
  g_autoptr (OflJob) job = NULL;
  g_autoptr (OflResult) result = NULL;

  bench->options->accept_no_backup = TRUE;
  bench->options->accept_warnings = TRUE;
  ofl_snapshot_set_family (chosen, ofl_snapshot_get_family (seen), ofl_snapshot_get_caps (seen));
  ofl_snapshot_set_state (chosen, ofl_snapshot_get_state (seen));
  ofl_snapshot_set_mark (chosen, "another board");
  job = ofl_local_job_new (OFL_JOB_FLASH, ofl_drive_get_target (bench->drive), chosen, image,
                           bench->options);
  result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (OFL_VERDICT_REFUSED));
  g_assert_nonnull (strstr (result->what, "another board"));
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
  ofl_snapshot_unref (chosen);
}

/* What the drive gave as its reason for refusing a command, the person who reads the result learns
 * what to do about. */
static void
test_advice (void)
{
  static const struct {
    const char *drive, *revision, *fault;
    OflJobKind kind;
    OflVerdict verdict;
    guint8 key, asc, ascq;
  } cases[] = {
    { "drw1008", "1.03", "refuse 1", OFL_JOB_FLASH, OFL_VERDICT_FAILED_UNTOUCHED, 0x5, 0x24, 0x00 },
    { "bu40n", "1.03", "fail 3c 40", OFL_JOB_BACKUP, OFL_VERDICT_FAILED_UNTOUCHED, 0x4, 0x44,
      0x00 },
    { "bu40n", "1.03", "refuse 128", OFL_JOB_FLASH, OFL_VERDICT_UNCHANGED, 0x5, 0x24, 0x00 },
    { "dvr107", "1.03", "refuse 30", OFL_JOB_FLASH, OFL_VERDICT_FAILED_RECOVERY, 0x5, 0x24, 0x00 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Workbench) bench = workbench_new (cases[i].drive);
      g_autoptr (OflImage) image = workbench_image (bench, cases[i].revision, NULL);
      g_autoptr (OflResult) result = NULL;
      const char *advice
          = ofl_sense_table_find (cases[i].key, cases[i].asc, cases[i].ascq)->next_step;

      bench->options->accept_no_backup = TRUE;
      g_assert_true (ofl_practice_drive_add_fault (bench->device, cases[i].fault, NULL));
      result = workbench_run (bench, cases[i].kind, cases[i].kind == OFL_JOB_FLASH ? image : NULL);
      g_test_message ("%s, %s: %s, %s (%s)", cases[i].drive, cases[i].fault,
                      ofl_verdict_id (result->verdict), result->next, result->technical);
      g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (cases[i].verdict));
      if (result->verdict == OFL_VERDICT_FAILED_UNTOUCHED)
        {
          g_autofree char *whole
              = g_strconcat (advice, " To start over, " OFL_DO ("try-again") ".", NULL);

          g_assert_cmpstr (result->next, ==, whole);
        }
      else
        g_assert_true (g_str_has_suffix (result->next, advice));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/table", test_table);
  g_test_add_func ("/words/f2-mark", test_mark);
  g_test_add_func ("/words/advice", test_advice);
  return g_test_run ();
}
