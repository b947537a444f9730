/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A family's way of having a drive count the errors that it corrects while it reads a disc. */
#pragma once

#include "scsi/ofl-command.h"

G_BEGIN_DECLS

/**
 * OflScanPhase:
 * @OFL_SCAN_BEGIN: once, before the first interval
 * @OFL_SCAN_INTERVAL: over and over
 * @OFL_SCAN_END: once, whenever a command of the begin was sent, however the scan ended
 */
typedef enum {
  OFL_SCAN_BEGIN,
  OFL_SCAN_INTERVAL,
  OFL_SCAN_END,
} OflScanPhase;

/**
 * OflErrorCount:
 * @position: block that the interval has come to
 * @first: C1 of a CD, PI errors of a DVD
 * @second: C2 of a CD, corrected where they are told apart; PI failures of a DVD
 * @uncorrected: of a CD, what the second stage did not correct, where that is told
 *
 * What a drive counted in one interval.
 */
typedef struct {
  guint32 position;
  guint32 first;
  guint32 second;
  guint32 uncorrected;
} OflErrorCount;

/**
 * OflScanWay:
 * @id: its word for machines
 * @disc: the kind of disc that it is for, "CD" or "DVD"
 * @step: blocks that each interval has; 0: the answers tell a position, and not what they cover
 * @most: how many errors of one kind a block can have at most
 * @tells_uncorrected: whether what was not corrected is counted apart
 * @command: gives the command number @index of a phase; %FALSE: there is no such
 * @parse: takes what came for the command number @index of an interval; %FALSE: it cannot be right
 *
 * One way to count. Nothing is sent here.
 */
typedef struct {
  const char *id;
  const char *disc;
  guint32 step;
  guint most;
  gboolean tells_uncorrected;
  gboolean (*command) (OflScanPhase phase, guint index, OflCommand *command);
  gboolean (*parse) (guint index, const guint8 *data, gsize length, OflErrorCount *count);
} OflScanWay;

#define OFL_SCAN_ROOM 0x100 /* no answer is longer */

G_END_DECLS
