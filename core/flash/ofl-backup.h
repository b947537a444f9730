/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-snapshot.h"
#include "drive/ofl-target.h"
#include "flash/ofl-backup-place.h"
#include "flash/ofl-executor.h"

G_BEGIN_DECLS

/**
 * OflBackup:
 * @path: the main file
 * @manifest_path: its manifest
 * @flash: the firmware as read
 * @damage: why this is evidence of a damaged flash and no backup, a clause; empty for a backup
 */
typedef struct {
  char *path;
  char *manifest_path;
  GBytes *flash;
  OflSentence damage;
} OflBackup;

void ofl_backup_free (OflBackup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflBackup, ofl_backup_free)

/* Run @plan (a family's plan_read) twice, compare; error OFL_ERROR_MISMATCH when the two differ.
 * (transfer full) (element-type GByteArray): one entry a capture, or NULL; @run tells the rest. */
GPtrArray *ofl_backup_read_twice (OflRun *run, const OflPlan *plan, GError **error);

/* Store what was read, with a manifest, synced to the disk. What was read from a damaged flash goes
 * to the folder "evidence" of the place's folder whatever its file says. */
OflBackup *ofl_backup_store (const OflPlan *plan, const GPtrArray *parts, const OflSnapshot *drive,
                             const OflTarget *target, const OflBackupPlace *place, GError **error);

/* The newest backup in @dir that was made of this very drive while it was well, or NULL. */
char *ofl_backup_find (const char *dir, const OflSnapshot *drive);

/* Those that are more than its user wants to keep go (ofl-backup-prune.c). */
guint ofl_backup_prune (const char *dir, const OflSnapshot *drive, const char *manifest, guint keep,
                        const char *in_use, const char *state_dir);

G_END_DECLS
