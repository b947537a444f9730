/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflVerdict:
 * @OFL_VERDICT_NONE: no verdict yet
 * @OFL_VERDICT_VERIFIED: read back, equal
 * @OFL_VERDICT_CONFIRMED: cannot be read back; identity changed as expected
 * @OFL_VERDICT_UNCHANGED: the drive was written to and kept the old firmware: it was read back
 * @OFL_VERDICT_IDENTICAL: already there; nothing was written
 * @OFL_VERDICT_UNKNOWN: the drive is gone or still at work, or nothing proves what it holds
 * @OFL_VERDICT_CANCELLED: cancelled, drive untouched
 * @OFL_VERDICT_REFUSED: a check said no before anything was sent; drive untouched
 * @OFL_VERDICT_FAILED_UNTOUCHED: failed, drive untouched
 * @OFL_VERDICT_FAILED_RECOVERY: failed, drive needs recovery
 * @OFL_VERDICT_DONE: a job that writes nothing (a backup) did what it should
 * @OFL_VERDICT_DIFFERENT: a compare found the drive's firmware to differ from the file
 *
 * How a job ended. Never a boolean: a good status byte is never proof.
 */
typedef enum {
  OFL_VERDICT_NONE,
  OFL_VERDICT_VERIFIED,
  OFL_VERDICT_CONFIRMED,
  OFL_VERDICT_UNCHANGED,
  OFL_VERDICT_IDENTICAL,
  OFL_VERDICT_UNKNOWN,
  OFL_VERDICT_CANCELLED,
  OFL_VERDICT_REFUSED,
  OFL_VERDICT_FAILED_UNTOUCHED,
  OFL_VERDICT_FAILED_RECOVERY,
  OFL_VERDICT_DONE,
  OFL_VERDICT_DIFFERENT,
  OFL_N_VERDICTS,
} OflVerdict;

const char *ofl_verdict_id (OflVerdict verdict);
gboolean ofl_verdict_parse (const char *id, OflVerdict *verdict);
const char *ofl_verdict_title (OflVerdict verdict);
gboolean ofl_verdict_is_success (OflVerdict verdict);
int ofl_verdict_exit_status (OflVerdict verdict);

G_END_DECLS
