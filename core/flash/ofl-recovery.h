/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive whose write broke off: in what state it is, and which way leads back. */
#pragma once

#include "families/ofl-families.h"
#include "flash/ofl-history.h"

G_BEGIN_DECLS

/**
 * OflRecoveryNeed:
 * @OFL_RECOVERY_REACH: it cannot be talked to, or not be trusted: that comes first
 * @OFL_RECOVERY_CLOSE: nothing needs to be written
 * @OFL_RECOVERY_MEND: it needs a firmware, or nothing shows that it holds a whole one
 *
 * What has to be done about a drive.
 */
typedef enum {
  OFL_RECOVERY_REACH,
  OFL_RECOVERY_CLOSE,
  OFL_RECOVERY_MEND,
} OflRecoveryNeed;

/**
 * OflRecoveryKind:
 * @OFL_RECOVERY_SAME_IMAGE: the image that was being written
 * @OFL_RECOVERY_BACKUP: the drive's own backup
 * @OFL_RECOVERY_OTHER_IMAGE: any image that its user has for this model
 *
 * What is written to mend a drive, the best first.
 */
typedef enum {
  OFL_RECOVERY_SAME_IMAGE,
  OFL_RECOVERY_BACKUP,
  OFL_RECOVERY_OTHER_IMAGE,
} OflRecoveryKind;

/**
 * OflRecoveryFile:
 * @path: the file, "" when none is known
 * @image: (nullable): what would be written; %NULL when it cannot be used
 * @problem: (nullable): why it cannot, a sentence
 * @own: of a backup: it is surely of this very drive
 *
 * A file that could mend a drive, as it is found on the disk.
 */
typedef struct {
  char *path;
  OflImage *image;
  char *problem;
  gboolean own;
} OflRecoveryFile;

/**
 * OflRecoveryCase:
 * @drive: (nullable): the drive as it answers now; %NULL when it does not
 * @present: it is on the bus
 * @state: the state that the last look found
 * @practice: it exists only in this program
 * @why: (nullable): why it could not be looked at, a sentence
 * @job: (nullable): the write that broke off
 * @family: (nullable): the family that the user forces
 * @choices: (nullable): what the user chose
 * @backup_dir: (nullable): where backups are, for a drive of which no job names one
 *
 * All that the way is chosen by.
 */
typedef struct {
  const OflSnapshot *drive;
  gboolean present;
  OflDriveState state;
  gboolean practice;
  const char *why;
  const OflUnfinished *job;
  const char *family;
  const OflChoices *choices;
  const char *backup_dir;
} OflRecoveryCase;

/**
 * OflRecoveryWay:
 * @kind: what is written
 * @open: it can be gone now
 * @own: of a backup: it is surely of this very drive
 * @path: its file, "" for any other image
 * @image: (nullable): what is written
 * @sentence: what it is, or why it cannot be gone
 * @remedy: (nullable): what would open it
 *
 * A way back.
 */
typedef struct {
  OflRecoveryKind kind;
  gboolean open;
  gboolean own;
  char *path;
  OflImage *image;
  char *sentence;
  char *remedy;
} OflRecoveryWay;

/**
 * OflRecovery:
 * @need: what has to be done
 * @state: its state, for machines: "normal", "boot", "garbled", "silent", "busy", "unknown" or "gone"
 * @seen: the same, a sentence
 * @meaning: what follows, one or two sentences
 * @ways: (element-type OflRecoveryWay): the best first, those too that cannot be gone, with the
 *   reason; empty for a drive that cannot be written
 * @mends: (nullable): how drives of its family are brought back, a sentence
 * @elsewhere: (nullable): what there is besides this program, a sentence
 * @never: (nullable): what not to do, a sentence
 *
 * What is known of a drive whose write may have broken off.
 */
typedef struct {
  OflRecoveryNeed need;
  const char *state;
  char *seen;
  char *meaning;
  GPtrArray *ways;
  char *mends;
  char *elsewhere;
  char *never;
} OflRecovery;

OflUnfinished *ofl_recovery_find_job (const char *state_dir, const OflIdentity *identity,
                                      const char *drive_id, gboolean *ended);
const OflPastJob *ofl_recovery_find_in (const GPtrArray *jobs, const OflIdentity *identity,
                                        const char *drive_id);
gboolean ofl_recovery_is_open (const GPtrArray *jobs, guint index);
OflRecovery *ofl_recovery_examine (const OflRecoveryCase *about);
void ofl_recovery_free (OflRecovery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflRecovery, ofl_recovery_free)
const char *ofl_recovery_need_id (OflRecoveryNeed need);
const char *ofl_recovery_kind_id (OflRecoveryKind kind);
const OflRecoveryWay *ofl_recovery_get_best (const OflRecovery *self);
const OflRecoveryWay *ofl_recovery_get_way (const OflRecovery *self, OflRecoveryKind kind);

/* What is on the disk (ofl-recovery-files.c). Both block. */
void ofl_recovery_find_image (const OflRecoveryCase *about, OflRecoveryFile *file);
void ofl_recovery_find_backup (const OflRecoveryCase *about, OflRecoveryFile *file);
void ofl_recovery_file_clear (OflRecoveryFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflRecoveryFile, ofl_recovery_file_clear)

G_END_DECLS
