/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every word of a verdict, held against what the drive's flash holds. */
#include <string.h>

#include "flash/ofl-journal.h"
#include "practice/ofl-practice-port.h"
#include "practice/ofl-practice-private.h"
#include "trial.h"

/* Said of a drive that holds what it held before. */
static const char *const unchanged_words[] = { "works as before",   "holds what it held before",
                                               "should still hold", "kept its old",
                                               "not changed",       "untouched" };

/* None of it may be said while the chip burns: it sends a person to the switch, or away. */
static const char *const busy_words[]
    = { "power off", "unplug", "as before", "works", "safe", "Nothing needs", "ready to use" };

/* What the job before this one still burns is not touched by this one. */
static gboolean
claims_untouched (OflVerdict verdict, const Before *before)
{
  if (before->burning && verdict != OFL_VERDICT_UNCHANGED)
    return FALSE;
  return verdict == OFL_VERDICT_CANCELLED || verdict == OFL_VERDICT_REFUSED
         || verdict == OFL_VERDICT_FAILED_UNTOUCHED || verdict == OFL_VERDICT_UNCHANGED;
}

/* The chip as it is at this very moment of the drive's time. */
static gboolean
flash_is (const Trial *trial, GBytes *old)
{
  g_autoptr (GBytes) now = NULL;

  ofl_practice_settle (trial->bench->device, ofl_practice_port_now_us (trial->bench->port));
  now = ofl_practice_drive_get_flash (trial->bench->device);
  return g_bytes_equal (now, old);
}

static gboolean
holds (const Trial *trial, OflImage *image)
{
  return ofl_practice_drive_holds (trial->bench->device, ofl_image_get_bytes (image));
}

void
before_take (Before *before, const Trial *trial)
{
  ofl_practice_settle (trial->bench->device, ofl_practice_port_now_us (trial->bench->port));
  before->flash = ofl_practice_drive_get_flash (trial->bench->device);
  before->n_writes = ofl_practice_drive_get_n_writes (trial->bench->device);
  before->burning = ofl_practice_chip_is_busy (ofl_practice_common (trial->bench->device)->chip);
}

void
before_clear (Before *before)
{
  g_clear_pointer (&before->flash, g_bytes_unref);
}

static void
check_verdict (const Trial *trial, OflImage *image, const OflResult *result, const Before *before,
               const char *when)
{
  gboolean success = ofl_verdict_is_success (result->verdict);

  if (success && !holds (trial, image))
    trial_wrong (trial, result->verdict == OFL_VERDICT_IDENTICAL ? WRONG_IDENTICAL : WRONG_SUCCESS,
                 "%s%s: %s", ofl_verdict_id (result->verdict), when, result->what);
  if (claims_untouched (result->verdict, before) && !flash_is (trial, before->flash))
    trial_wrong (trial,
                 result->verdict == OFL_VERDICT_UNCHANGED ? WRONG_UNCHANGED : WRONG_UNTOUCHED,
                 "%s%s: %s", ofl_verdict_id (result->verdict), when, result->what);
}

static void
check_words (const Trial *trial, const OflResult *result, const Before *before)
{
  g_autofree char *words = g_strjoin (" ", result->what, result->meaning, result->next, NULL);
  gboolean same = before->burning || flash_is (trial, before->flash);

  if (result->what == NULL || result->meaning == NULL || result->next == NULL
      || *result->next == '\0')
    trial_wrong (trial, WRONG_WORDS, "%s leaves a sentence out", ofl_verdict_id (result->verdict));
  if (strstr (words, "ready to use") != NULL && result->verdict != OFL_VERDICT_VERIFIED
      && result->verdict != OFL_VERDICT_IDENTICAL)
    trial_wrong (trial, WRONG_WORDS, "%s says “ready to use”", ofl_verdict_id (result->verdict));
  for (guint i = 0; !same && i < G_N_ELEMENTS (unchanged_words); i++)
    if (strstr (words, unchanged_words[i]) != NULL)
      trial_wrong (trial, WRONG_WORDS, "%s says “%s”, and the flash has changed",
                   ofl_verdict_id (result->verdict), unchanged_words[i]);
  if (result->verdict == OFL_VERDICT_REFUSED && !trial->schedule->damages
      && ofl_practice_drive_get_n_writes (trial->bench->device) != before->n_writes)
    trial_wrong (trial, WRONG_WORDS, "refused after %u commands that can change the drive",
                 ofl_practice_drive_get_n_writes (trial->bench->device) - before->n_writes);
}

/* The words that are wrong of a drive that is at work at this very moment, whatever the job has
 * seen of it. A drive that never said so can't be known to be. */
static void
check_busy_words (const Trial *trial, const OflResult *result, const Before *before)
{
  OflPracticeDrive *device = trial->bench->device;
  g_autofree char *words = g_strjoin (" ", result->meaning, result->next, NULL);
  g_autofree char *journal = NULL;

  ofl_practice_settle (device, ofl_practice_port_now_us (trial->bench->port));
  if (!ofl_practice_chip_is_busy (ofl_practice_common (device)->chip))
    return;
  trial->campaign->tally.busy++;
  for (guint i = 0; i < G_N_ELEMENTS (busy_words); i++)
    if (strstr (words, busy_words[i]) != NULL)
      trial_wrong (trial, WRONG_WORDS, "%s says “%s”, and the drive is at work: %s",
                   ofl_verdict_id (result->verdict), busy_words[i], words);
  if (result->journal_path != NULL)
    g_file_get_contents (result->journal_path, &journal, NULL, NULL);
  if (journal != NULL && strstr (journal, "safe-again") != NULL)
    trial_wrong (trial, WRONG_WORDS, "safe-again in the journal of %s, and the drive is at work",
                 ofl_verdict_id (result->verdict));
}

/**
 * claims_check:
 * @trial: a trial whose job has ended
 * @image: what it was to write, or to compare with
 * @result: how
 * @view: its progress
 * @before: what was before
 *
 * Right after a job.
 */
void
claims_check (const Trial *trial, OflImage *image, const OflResult *result,
              const OflProgressView *view, const Before *before)
{
  check_verdict (trial, image, result, before, "");
  check_words (trial, result, before);
  check_busy_words (trial, result, before);
  if (!ofl_verdict_is_success (result->verdict) && result->verdict != OFL_VERDICT_DONE
      && ofl_progress_view_percent (view) >= 100)
    trial_wrong (trial, WRONG_BAR, "100 %% with %s", ofl_verdict_id (result->verdict));
}

/**
 * claims_check_later:
 * @trial: a trial whose job ended a while ago
 * @image: what it was to write
 * @result: how
 * @before: what was before
 *
 * A drive may go on burning when a job gives up: the same words must still be true.
 */
void
claims_check_later (const Trial *trial, OflImage *image, const OflResult *result,
                    const Before *before)
{
  ofl_practice_port_sleep_ms (trial->bench->port, 600000, NULL);
  check_verdict (trial, image, result, before, " (600 s later)");
}

/**
 * claims_check_watched:
 * @trial: a trial whose job has ended
 * @result: how
 *
 * A chip that is only slow gets done: who watches it as long as it takes sees it succeed. What
 * cannot be watched is a command that keeps the drive silent for longer than its limit, and one
 * that the drive does not take because it is at work: no write is sent twice. A drive that shows its
 * new firmware only after it was without power has succeeded when it holds it.
 */
void
claims_check_watched (const Trial *trial, const OflResult *result)
{
  gboolean cannot = strstr (result->what, "did not answer") != NULL
                    || strstr (result->what, "does not take") != NULL;
  const PracticeCase *which = trial->campaign->which;
  gboolean done = ofl_verdict_is_success (result->verdict)
                  || (which->shown_later && result->verdict == which->verdict
                      && holds (trial, trial->campaign->image));

  if (trial->schedule->watch_limit_ms == G_MAXUINT && !done && !cannot)
    trial_wrong (trial, WRONG_GIVEN_UP, "%s: %s", ofl_verdict_id (result->verdict), result->what);
}

/* A flash that says a name which is no text: nothing tells it from a cable that garbles names, and such
 * a drive is trusted with nothing. */
static gboolean
has_no_name (const Trial *trial, const OflResult *result)
{
  g_autoptr (OflSnapshot) now = workbench_look (trial->bench);
  const OflIdentity *identity = ofl_snapshot_identity (now);

  return result->verdict == OFL_VERDICT_REFUSED && identity->different == 0 && !identity->printable;
}

/**
 * claims_check_recovery:
 * @trial: a trial after the job that was to mend the drive, without faults
 * @image: what it wrote
 * @result: how it ended
 *
 * A family that cannot be read leaves nothing to tell by when the drive already reports the image's
 * revision, or was in a boot mode that a restart leaves as well: "unknown" is the honest word for a
 * drive that was mended, which reports the image's revision then.
 */
void
claims_check_recovery (const Trial *trial, OflImage *image, const OflResult *result)
{
  const PracticeCase *which = trial->campaign->which;
  gboolean told;

  if (which == NULL || !which->recovers || has_no_name (trial, result))
    return;
  told = ofl_verdict_is_success (result->verdict)
         || (!trial->campaign->readable && result->verdict == OFL_VERDICT_UNKNOWN
             && g_strcmp0 (result->revision_after, which->revision) == 0);
  if (!told || !holds (trial, image))
    trial_wrong (trial, WRONG_RECOVERY, "%s: %s | %s", ofl_verdict_id (result->verdict),
                 result->what, result->technical != NULL ? result->technical : "");
}

/**
 * claims_check_unfinished:
 * @trial: a trial whose job was killed
 * @before: what was before
 *
 * What the next start says of a job that never ended.
 */
void
claims_check_unfinished (const Trial *trial, const Before *before)
{
  g_autoptr (GPtrArray) found = ofl_journal_find_unfinished (trial->bench->options->state_dir);
  const OflUnfinished *unfinished = found->len > 0 ? g_ptr_array_index (found, 0) : NULL;
  g_autofree char *words = unfinished != NULL ? ofl_unfinished_describe (unfinished) : NULL;

  if (found->len > 1)
    trial_wrong (trial, WRONG_WORDS, "%u unfinished jobs, and there was one", found->len);
  if (flash_is (trial, before->flash))
    return;
  if (unfinished == NULL || unfinished->stage < OFL_UNFINISHED_DANGER)
    trial_wrong (trial, WRONG_UNTOUCHED,
                 "killed after the flash had changed, and the journal says %s",
                 words != NULL ? words : "nothing");
}
