/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-drive.h"
#include "drive/ofl-tally.h"
#include "family/ofl-family.h"

G_BEGIN_DECLS

/**
 * OflFindingLevel:
 * @OFL_FINDING_GOOD: as it should be
 * @OFL_FINDING_REMARK: neither good nor bad: something to know, or that could not be told
 * @OFL_FINDING_DOUBTFUL: not as it should be, and more than one cause is left
 * @OFL_FINDING_BAD: broken, whatever the cause
 */
typedef enum {
  OFL_FINDING_GOOD,
  OFL_FINDING_REMARK,
  OFL_FINDING_DOUBTFUL,
  OFL_FINDING_BAD,
} OflFindingLevel;

/**
 * OflFinding:
 * @level: how much it weighs
 * @id: a word for machines ("state", "buffer", "cause" …)
 * @sentence: what was found, for a person
 * @next: (nullable): what to do next
 * @technical: (nullable): the command and its answer, or figures; English
 */
typedef struct {
  OflFindingLevel level;
  char *id;
  char *sentence;
  char *next;
  char *technical;
} OflFinding;

/**
 * OflStretchState:
 * @OFL_STRETCH_UNREAD: not reached
 * @OFL_STRETCH_READ: read
 * @OFL_STRETCH_SECOND_TRY: read, a part of it only when it was asked for again
 * @OFL_STRETCH_FAILED: a part of it was refused twice
 * @OFL_STRETCH_SKIPPED: not for reading this way: sound, or locked
 */
typedef enum {
  OFL_STRETCH_UNREAD,
  OFL_STRETCH_READ,
  OFL_STRETCH_SECOND_TRY,
  OFL_STRETCH_FAILED,
  OFL_STRETCH_SKIPPED,
} OflStretchState;

/**
 * OflStretch:
 * @first: its first block
 * @blocks: how many were asked for
 * @state: how it went
 * @timed_bytes: what came after the drive had found the place
 * @timed_us: in what time, microseconds
 *
 * A piece of a disc in a read pass.
 */
typedef struct {
  guint32 first;
  guint32 blocks;
  OflStretchState state;
  guint64 timed_bytes;
  gint64 timed_us;
} OflStretch;

/**
 * OflReadExtent:
 * @OFL_READ_QUICK: a bit of each of some 200 stretches across the disc
 * @OFL_READ_FULL: all of them, whole
 * @OFL_READ_NOTHING: no read pass
 */
typedef enum {
  OFL_READ_QUICK,
  OFL_READ_FULL,
  OFL_READ_NOTHING,
} OflReadExtent;

/**
 * OflExamination:
 * @findings: (element-type OflFinding): in the order in which a person reads them
 * @stretches: (element-type OflStretch): of the read pass; empty without one
 * @errors: (element-type OflErrorCount): what the drive counted while it read the disc, place after
 *   place; empty where it was not asked to
 * @way: (nullable): the way in which that was
 * @blocks: size of the disc, blocks of 2048 bytes; 0 when it was not told
 * @state: the drive's, as it was when the examination began
 * @cancelled: it was broken off; what had been found till then is there
 * @silenced: the drive stopped answering in the middle of it
 *
 * What a look at a drive has found.
 */
typedef struct {
  GPtrArray *findings;
  GArray *stretches;
  GArray *errors;
  const OflScanWay *way;
  guint32 blocks;
  OflDriveState state;
  gboolean cancelled;
  gboolean silenced;
} OflExamination;

void ofl_examination_free (OflExamination *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflExamination, ofl_examination_free)

OflFindingLevel ofl_examination_worst (const OflExamination *self);
const OflFinding *ofl_examination_find (const OflExamination *self, const char *id);
const char *ofl_finding_level_id (OflFindingLevel level);
const char *ofl_stretch_state_id (OflStretchState state);
guint ofl_stretch_speed (const OflStretch *self);

OflExamination *ofl_doctor_examine (OflTransport *transport, const OflSnapshot *drive,
                                    OflReadExtent extent, const char *backup_dir,
                                    GCancellable *cancellable);
OflExamination *ofl_doctor_examine_deep (OflTransport *transport, const OflSnapshot *drive,
                                         OflReadExtent extent, const OflChoices *choices,
                                         const char *backup_dir, GCancellable *cancellable);
OflExamination *ofl_doctor_describe_silence (OflDriveState state, const GError *error);

void ofl_doctor_examine_async (OflDrive *drive, OflReadExtent extent, const char *backup_dir,
                               OflTally *tally, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
void ofl_doctor_examine_deep_async (OflDrive *drive, OflReadExtent extent, OflChoices *choices,
                                    const char *backup_dir, OflTally *tally,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
OflExamination *ofl_doctor_examine_finish (OflDrive *drive, GAsyncResult *result, GError **error);

G_END_DECLS
