/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-tape.h"

G_BEGIN_DECLS

/**
 * OflTapeDifference:
 * @OFL_TAPE_SAME: none
 * @OFL_TAPE_OTHER_COMMAND: another command was sent
 * @OFL_TAPE_OTHER_SENT: the same command was sent with other data
 * @OFL_TAPE_OTHER_ANSWER: the drive answered the same command with another status or sense
 * @OFL_TAPE_OTHER_RECEIVED: other data came
 * @OFL_TAPE_ENDS: one tape ends where the other goes on
 *
 * Where two conversations part.
 */
typedef enum {
  OFL_TAPE_SAME,
  OFL_TAPE_OTHER_COMMAND,
  OFL_TAPE_OTHER_SENT,
  OFL_TAPE_OTHER_ANSWER,
  OFL_TAPE_OTHER_RECEIVED,
  OFL_TAPE_ENDS,
} OflTapeDifference;

/**
 * OflTapeComparison:
 * @difference: the first one
 * @a: on one tape: the command where it is, from 0; how many it has when it ends there
 * @b: the same on the other
 * @alike: how many exchanges before it are the same
 *
 * How two tapes compare.
 */
typedef struct {
  OflTapeDifference difference;
  guint a, b;
  guint alike;
} OflTapeComparison;

OflTapeComparison ofl_tape_compare (const OflTape *a, const OflTape *b);
OflTapeDifference ofl_tape_compare_entries (const OflTapeEntry *a, const OflTapeEntry *b);
OflTapeDifference ofl_tape_compare_answer (const OflTapeEntry *want, const OflReply *reply,
                                           const guint8 *data, guint *masked);
const char *ofl_tape_difference_id (OflTapeDifference difference);
const char *ofl_tape_difference_title (OflTapeDifference difference);

G_END_DECLS
