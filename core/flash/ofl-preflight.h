/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

/**
 * OflBackupOutlook:
 * @OFL_BACKUP_FULL: the firmware can be read and will be stored
 * @OFL_BACKUP_UNIT_ONLY: only what belongs to this very drive can
 * @OFL_BACKUP_OFF: reading is experimental, and switched off
 * @OFL_BACKUP_NONE: no way to read is public
 *
 * Whether a write will have a backup, as far as that can be told before the drive is read.
 */
typedef enum {
  OFL_BACKUP_FULL,
  OFL_BACKUP_UNIT_ONLY,
  OFL_BACKUP_OFF,
  OFL_BACKUP_NONE,
} OflBackupOutlook;

/* What is known of a write before it is asked for and before the job begins: one source for the
 * terminal, the window and the job itself. */
gboolean ofl_preflight_may_read (const OflSnapshot *drive, const OflChoices *choices, OflCaps what);
OflBackupOutlook ofl_preflight_backup (const OflSnapshot *drive, const OflChoices *choices);
const char *ofl_preflight_backup_sentence (OflBackupOutlook outlook);
const char *ofl_preflight_no_backup_meaning (void);
gboolean ofl_preflight_bars_getting_ready (const OflSnapshot *drive, gboolean accept_warnings);
gboolean ofl_preflight_bars_medium (const OflSnapshot *drive, gboolean accept_warnings);

G_END_DECLS
