/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/ofl-verdict.h"

#include <glib/gi18n-lib.h>

/* The exit statuses are those of the command line (app 2). */
static const struct {
  const char *id;
  const char *title;
  gboolean success;
  int exit_status;
} verdicts[OFL_N_VERDICTS] = {
  [OFL_VERDICT_NONE] = { "none", N_ ("No verdict yet"), FALSE, 5 },
  [OFL_VERDICT_VERIFIED] = { "verified", N_ ("Verified: read back and equal"), TRUE, 0 },
  [OFL_VERDICT_CONFIRMED]
  = { "confirmed", N_ ("Confirmed: the drive reports the new firmware"), TRUE, 0 },
  [OFL_VERDICT_UNCHANGED]
  = { "unchanged", N_ ("Unchanged: the drive kept its old firmware"), FALSE, 1 },
  [OFL_VERDICT_IDENTICAL]
  = { "identical", N_ ("Identical: this firmware was already there"), TRUE, 0 },
  [OFL_VERDICT_UNKNOWN]
  = { "unknown", N_ ("Unknown: what the drive holds is not proven"), FALSE, 5 },
  [OFL_VERDICT_CANCELLED] = { "cancelled", N_ ("Cancelled: the drive was not touched"), FALSE, 1 },
  [OFL_VERDICT_REFUSED]
  = { "refused", N_ ("Refused by a check: the drive was not touched"), FALSE, 3 },
  [OFL_VERDICT_FAILED_UNTOUCHED]
  = { "failed-untouched", N_ ("Failed: the drive was not touched"), FALSE, 1 },
  [OFL_VERDICT_FAILED_RECOVERY]
  = { "failed-recovery", N_ ("Failed: the drive needs recovery"), FALSE, 4 },
  [OFL_VERDICT_DONE] = { "done", N_ ("Done"), TRUE, 0 },
  [OFL_VERDICT_DIFFERENT]
  = { "different", N_ ("Different: the drive holds another firmware"), FALSE, 1 },
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
 * ofl_verdict_parse:
 * @id: a word that came from elsewhere
 * @verdict: (out): what it means
 *
 * Returns: %FALSE when it is no verdict that is known here
 */
gboolean
ofl_verdict_parse (const char *id, OflVerdict *verdict)
{
  for (OflVerdict v = OFL_VERDICT_NONE; v < OFL_N_VERDICTS; v++)
    if (g_str_equal (verdicts[v].id, id))
      {
        *verdict = v;
        return TRUE;
      }
  return FALSE;
}

/**
 * ofl_verdict_title:
 * @verdict: a verdict
 *
 * Returns: a heading for people
 */
const char *
ofl_verdict_title (OflVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), "");
  return _ (verdicts[verdict].title);
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
