/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/ofl-verdict.h"

/* The exit statuses are those of the command line (DESIGN section 10). */
static const struct {
  const char *id;
  const char *title;
  gboolean success;
  int exit_status;
} verdicts[] = {
  [OFL_VERDICT_NONE] = { "none", "No verdict yet", FALSE, 5 },
  [OFL_VERDICT_VERIFIED] = { "verified", "Verified: read back and equal", TRUE, 0 },
  [OFL_VERDICT_CONFIRMED] = { "confirmed", "Confirmed: the drive reports the new firmware", TRUE, 0 },
  [OFL_VERDICT_UNCHANGED] = { "unchanged", "Unchanged: the drive kept its old firmware", FALSE, 1 },
  [OFL_VERDICT_IDENTICAL] = { "identical", "Identical: this firmware was already there", TRUE, 0 },
  [OFL_VERDICT_UNKNOWN] = { "unknown", "Unknown: nothing can tell what the drive holds", FALSE, 5 },
  [OFL_VERDICT_CANCELLED] = { "cancelled", "Cancelled: the drive was not touched", FALSE, 1 },
  [OFL_VERDICT_REFUSED] = { "refused", "Refused by a check: the drive was not touched", FALSE, 3 },
  [OFL_VERDICT_FAILED_UNTOUCHED] = { "failed-untouched", "Failed: the drive was not touched", FALSE, 1 },
  [OFL_VERDICT_FAILED_RECOVERY] = { "failed-recovery", "Failed: the drive needs recovery", FALSE, 4 },
  [OFL_VERDICT_DONE] = { "done", "Done", TRUE, 0 },
  [OFL_VERDICT_DIFFERENT] = { "different", "Different: the drive holds another firmware", FALSE, 1 },
};

/**
 * ofl_verdict_id:
 * @verdict: a verdict
 *
 * Returns: a word for machines ("verified", "failed-recovery" …)
 */
const char *
ofl_verdict_id (OflVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), "none");
  return verdicts[verdict].id;
}

/**
 * ofl_verdict_title:
 * @verdict: a verdict
 *
 * Returns: a heading for people, untranslated
 */
const char *
ofl_verdict_title (OflVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), "");
  return verdicts[verdict].title;
}

/**
 * ofl_verdict_is_success:
 * @verdict: a verdict
 *
 * Returns: whether the user has what was asked for, with proof
 */
gboolean
ofl_verdict_is_success (OflVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), FALSE);
  return verdicts[verdict].success;
}

/**
 * ofl_verdict_exit_status:
 * @verdict: a verdict
 *
 * Returns: the command line's exit status for it: 0 done, 1 failed with the drive untouched (or
 *   unchanged), 3 refused, 4 needs recovery, 5 unknown
 */
int
ofl_verdict_exit_status (OflVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), 5);
  return verdicts[verdict].exit_status;
}
