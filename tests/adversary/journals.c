/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What befalls the journal of a job that was killed, and what is said of the job then. */
#include <stdio.h>
#include <string.h>

#include "flash/ofl-journal.h"
#include "trial.h"

#define BLOCK 4096 /* of a file system: what it leaves unwritten it leaves whole */

/* Appended, as to a file that had grown when power went. */
static void
spoil (const char *path, guint how)
{
  static const char nuls[BLOCK];
  static const char wrong_type[] = "{\"event\":5}\n";
  FILE *file = fopen (path, "ab");

  g_assert_nonnull (file);
  if ((how & SPOIL_NULS) != 0)
    g_assert_cmpuint (fwrite (nuls, 1, sizeof nuls, file), ==, sizeof nuls);
  if ((how & SPOIL_NULS) != 0 && (how & SPOIL_TYPE) != 0)
    g_assert_cmpint (fputc ('\n', file), ==, '\n');
  if ((how & SPOIL_TYPE) != 0)
    g_assert_cmpint (fputs (wrong_type, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* "danger: Writing …" of each unfinished job, a line each. */
static char *
tell (GPtrArray *found)
{
  GString *told = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (found, i);

      g_string_append_printf (told, "%s: %s to %s (%s), backup %s\n",
                              ofl_unfinished_stage_id (job->stage), job->image, job->drive,
                              job->serial, job->backup_path);
    }
  return g_string_free (told, FALSE);
}

/**
 * journals_check_spoilt:
 * @trial: a trial whose job was killed
 *
 * Spoils the end of the job's journal: what is told of the job stays the same, and that a part of
 * it cannot be read is noticed.
 */
void
journals_check_spoilt (const Trial *trial)
{
  const char *state_dir = trial->bench->options->state_dir;
  g_autoptr (GPtrArray) before = ofl_journal_find_unfinished (state_dir);
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *told = tell (before);
  g_autofree char *tells = NULL;
  guint damaged = 0;

  if (before->len == 0 || trial->schedule->spoil == 0)
    return;
  spoil (((const OflUnfinished *) g_ptr_array_index (before, 0))->path, trial->schedule->spoil);
  trial->campaign->tally.spoilt++;
  after = ofl_journal_find_unfinished (state_dir);
  tells = tell (after);
  if (strcmp (told, tells) != 0)
    trial_wrong (trial, WRONG_JOURNAL, "%sand with its end spoilt: %s", told, tells);
  if (after->len > 0)
    damaged = ((const OflUnfinished *) g_ptr_array_index (after, 0))->damaged;
  if (damaged <= ((const OflUnfinished *) g_ptr_array_index (before, 0))->damaged)
    trial_wrong (trial, WRONG_JOURNAL, "%u lines are called damaged", damaged);
}
