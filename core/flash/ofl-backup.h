/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-snapshot.h"
#include "drive/ofl-target.h"
#include "flash/ofl-executor.h"

G_BEGIN_DECLS

char *ofl_backup_default_dir (void);

/**
 * OflBackup:
 * @path: the main file
 * @manifest_path: its manifest
 * @flash: the firmware as read
 */
typedef struct {
  char *path;
  char *manifest_path;
  GBytes *flash;
} OflBackup;

void ofl_backup_free (OflBackup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflBackup, ofl_backup_free)

/* Run @plan (a family's plan_read) twice, compare; error OFL_ERROR_MISMATCH when the two differ.
 * (transfer full) (element-type GByteArray): one entry a capture, or NULL; @run tells the rest. */
GPtrArray *ofl_backup_read_twice (OflRun *run, const OflPlan *plan, GError **error);

/* Store what was read, with a manifest, synced to the disk. @dir: folder for backups (made when
 * missing); @file: (nullable): this very file instead, with its companions beside it. */
OflBackup *ofl_backup_store (const OflPlan *plan, const GPtrArray *parts, const OflSnapshot *drive,
                             const OflTarget *target, const char *dir, const char *file,
                             GError **error);

G_END_DECLS
