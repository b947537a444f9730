/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflAction:
 * @OFL_ACTION_SET: "set NAME=VALUE": a named choice of the family
 * @OFL_ACTION_FAMILY: "family ID": treat the drive as of this family
 * @OFL_ACTION_IMAGE: "image": take another image of the file
 * @OFL_ACTION_WITH: "with": add a second file that belongs to the first
 * @OFL_ACTION_ACCEPT_WARNINGS: "accept-warnings": go on in spite of checks that may be overridden
 * @OFL_ACTION_ACCEPT_NO_BACKUP: "accept-no-backup": go on without a backup
 * @OFL_ACTION_REWRITE: "rewrite": write although the drive holds this firmware
 * @OFL_ACTION_OVERWRITE: "overwrite": replace a file that is there
 * @OFL_ACTION_BACKUP_DIR: "backup-dir": put backups into another folder
 * @OFL_ACTION_CHOOSE_DRIVE: "choose-drive": choose the drive again
 * @OFL_ACTION_FLASH_AGAIN: "flash-again": flash the drive again
 * @OFL_ACTION_LOOK_AGAIN: "look-again": let the program look at the drive again
 * @OFL_ACTION_TRY_AGAIN: "try-again": do the same once more, with the same drive and file
 * @OFL_ACTION_WRITE_BACKUP: "write-backup": write back the backup that the job has made
 * @OFL_N_ACTIONS: how many there are
 *
 * Something that a person does in the program. A sentence of the core says which by OFL_DO(); the
 * terminal makes an option of it and the window the name of a switch.
 */
typedef enum {
  OFL_ACTION_SET,
  OFL_ACTION_FAMILY,
  OFL_ACTION_IMAGE,
  OFL_ACTION_WITH,
  OFL_ACTION_ACCEPT_WARNINGS,
  OFL_ACTION_ACCEPT_NO_BACKUP,
  OFL_ACTION_REWRITE,
  OFL_ACTION_OVERWRITE,
  OFL_ACTION_BACKUP_DIR,
  OFL_ACTION_CHOOSE_DRIVE,
  OFL_ACTION_FLASH_AGAIN,
  OFL_ACTION_LOOK_AGAIN,
  OFL_ACTION_TRY_AGAIN,
  OFL_ACTION_WRITE_BACKUP,
  OFL_N_ACTIONS,
} OflAction;

/* Inside a sentence, in the place of a verb with its object: OFL_DO ("set experimental=yes") " if
 * you want to try it." The brackets stand in no file name or answer of a drive by chance. */
#define OFL_DO(action) "⟦" action "⟧"

/**
 * OflActionWords:
 * @action: what is to be done
 * @argument: (nullable): NAME=VALUE of a choice, a family's id
 *
 * Returns: (transfer full): a verb with its object, without a capital: "say --rewrite"
 */
typedef char *(*OflActionWords) (OflAction action, const char *argument);

const char *ofl_action_id (OflAction action);
gboolean ofl_action_next (const char **text, OflAction *action);
char *ofl_action_word (const char *text, OflActionWords words);

G_END_DECLS
