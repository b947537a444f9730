/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person is to do, as options of the command line. */
#include "ctl-output.h"

#include <glib/gi18n.h>

static char *
say (OflAction action, const char *argument)
{
  switch (action)
    {
    case OFL_ACTION_SET:
      return g_strdup_printf (_ ("say --set %s"), argument != NULL ? argument : _ ("NAME=VALUE"));
    case OFL_ACTION_FAMILY:
      return g_strdup_printf (_ ("say --family=%s"), argument != NULL ? argument : _ ("ID"));
    case OFL_ACTION_IMAGE:
      return g_strdup (_ ("say --image=N, with another number"));
    case OFL_ACTION_WITH:
      return g_strdup (_ ("name the second file by --with=FILE"));
    case OFL_ACTION_ACCEPT_WARNINGS:
      return g_strdup (_ ("say --accept-warnings"));
    case OFL_ACTION_ACCEPT_NO_BACKUP:
      return g_strdup (_ ("say --accept-no-backup"));
    case OFL_ACTION_REWRITE:
      return g_strdup (_ ("say --rewrite"));
    case OFL_ACTION_OVERWRITE:
      return g_strdup (_ ("say --overwrite"));
    case OFL_ACTION_BACKUP_DIR:
      return g_strdup (_ ("say --backup-dir=FOLDER"));
    case OFL_ACTION_CHOOSE_DRIVE:
      return g_strdup (_ ("run the command again"));
    case OFL_ACTION_FLASH_AGAIN:
      return g_strdup (_ ("mend it with “optiflashctl recover DRIVE”"));
    case OFL_ACTION_LOOK_AGAIN:
      return g_strdup (_ ("look at the drive again with “optiflashctl list”"));
    case OFL_ACTION_TRY_AGAIN:
      return g_strdup (_ ("run the command again"));
    case OFL_ACTION_WRITE_BACKUP:
      return g_strdup (_ ("write its backup with “optiflashctl restore DRIVE”"));
    case OFL_N_ACTIONS:
    default:
      return g_strdup (ofl_action_id (action));
    }
}

/**
 * ofl_ctl_words:
 * @text: (nullable): a sentence of the core
 *
 * Returns: (transfer full) (nullable): the same, with what is to be done said as an option of the
 *   command line
 */
char *
ofl_ctl_words (const char *text)
{
  return ofl_action_word (text, say);
}
