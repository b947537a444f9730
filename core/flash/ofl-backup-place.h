/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a backup goes. */
#pragma once

#include "drive/ofl-snapshot.h"

G_BEGIN_DECLS

/**
 * OflBackupPlace:
 * @dir: folder for backups, each in a folder of its own
 * @file: (nullable): this very file instead, with its companions FILE.NAME.bin and FILE.json
 * @overwrite: replace @file and its companions
 */
typedef struct {
  char *dir;
  char *file;
  gboolean overwrite;
} OflBackupPlace;

void ofl_backup_place_clear (OflBackupPlace *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflBackupPlace, ofl_backup_place_clear)

char *ofl_backup_usual_dir (void);
char *ofl_backup_default_dir (gboolean practice);
char *ofl_backup_name (const OflSnapshot *drive);
gboolean ofl_backup_place_check (const OflBackupPlace *self, guint64 bytes, GError **error);
char *ofl_backup_companion (const char *file, const char *name);
char *ofl_backup_copy (const char *stored, const OflBackupPlace *to, GError **error);

G_END_DECLS
