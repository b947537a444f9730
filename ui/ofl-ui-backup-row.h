/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/**
 * OflUiBackup:
 * @stored: the backup
 * @checked: its files were held against the manifest
 * @damage: (nullable): what is not as it was stored
 */
typedef struct {
  OflStoredBackup *stored;
  gboolean checked;
  char *damage;
} OflUiBackup;

OflUiBackup *ofl_ui_backup_new (OflStoredBackup *stored, gboolean check);
void ofl_ui_backup_free (OflUiBackup *self);
gboolean ofl_ui_backup_is_of (const OflUiBackup *self, OflUiSession *session);
GtkWidget *ofl_ui_backup_row_new (const OflUiBackup *self, OflUiSession *session,
                                  GtkWidget *buttons);

G_END_DECLS
