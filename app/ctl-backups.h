/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups that are stored already, as they are named on the command line. */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl.h"
#include "flash/ofl-stored-backup.h"

G_BEGIN_DECLS

char *ofl_ctl_backups_dir (const OflCtl *ctl);
OflStoredBackup *ofl_ctl_find_backup (OflCtl *ctl, const char *name, GError **error);
char *ofl_ctl_describe_backup (const OflStoredBackup *backup);
void ofl_ctl_json_backup (JsonBuilder *builder, const OflStoredBackup *backup);

/* It goes back to its drive (ctl-restore.c) */
int ofl_ctl_restore_backup (OflCtl *ctl, OflDrive *drive, const OflStoredBackup *backup);

/* What is done with the files of one (ctl-backups-files.c) */
int ofl_ctl_verify_backups (OflCtl *ctl, GPtrArray *backups);
int ofl_ctl_export_backup (OflCtl *ctl, const OflStoredBackup *backup);
int ofl_ctl_delete_backup (OflCtl *ctl, const OflStoredBackup *backup);

G_END_DECLS
