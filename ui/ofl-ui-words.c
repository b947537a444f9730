/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person is to do, by the names of the window's buttons and switches. */
#include "ofl-ui-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ofl-ui-session.h"
#include "ofl-ui-settings.h"

/* A row of the expert choices is headed by its title, the same in every family that has it. */
static char *
find_title (const char *choice)
{
  g_autofree char *group = g_strconcat ("choice ", choice, NULL);

  for (guint i = 0; i < ofl_families_count (); i++)
    {
      GKeyFile *table = ofl_family_table (ofl_families_get (i));
      g_autofree char *title = table != NULL ? g_key_file_get_string (table, group, "title", NULL)
                                             : NULL;

      if (title != NULL)
        return g_strdup (_ (title));
    }
  return g_strdup (choice);
}

static char *
say_set (const char *argument)
{
  g_auto (GStrv) parts = g_strsplit (argument != NULL ? argument : "", "=", 2);
  g_autofree char *title = parts[0] != NULL ? find_title (parts[0]) : NULL;

  if (title == NULL || parts[1] == NULL)
    return g_strdup (_ ("look under “Expert choices”"));
  if (g_str_equal (parts[0], OFL_UI_EXPERIMENTAL))
    return ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_EXPERIMENTAL)
               /* Translators: the title of a switch */
               ? g_strdup_printf (_ ("switch on “%s” under “Expert choices”"), title)
               /* Translators: the title of a switch, which is there only then */
               : g_strdup_printf (
                   _ ("switch on “Offer experimental ways” in the preferences, and then "
                      "“%s” under “Expert choices”"),
                   title);
  /* Translators: a value, and the title of a row */
  return g_strdup_printf (_ ("choose “%s” for “%s” under “Expert choices”"), parts[1], title);
}

static char *
say (OflAction action, const char *argument)
{
  switch (action)
    {
    case OFL_ACTION_SET:
      return say_set (argument);
    case OFL_ACTION_FAMILY:
      return g_strdup_printf (_ ("use the command line, optiflashctl, with --family=%s"),
                              argument != NULL ? argument : _ ("ID"));
    case OFL_ACTION_IMAGE:
      return g_strdup (_ ("choose another image of the file"));
    case OFL_ACTION_WITH:
      return g_strdup (_ ("choose both files at once"));
    case OFL_ACTION_ACCEPT_WARNINGS:
      return g_strdup (_ ("switch on “I understand” below each warning"));
    case OFL_ACTION_ACCEPT_NO_BACKUP:
      return g_strdup (_ ("switch on “I understand” at “Flash without a backup”"));
    case OFL_ACTION_REWRITE:
      return g_strdup (_ ("press “Write it all the same…”"));
    case OFL_ACTION_OVERWRITE:
      return g_strdup (_ ("choose another name"));
    case OFL_ACTION_BACKUP_DIR:
      return g_strdup (_ ("use the command line, optiflashctl, with --backup-dir=FOLDER"));
    case OFL_ACTION_CHOOSE_DRIVE:
      return g_strdup (_ ("choose the drive in the list again"));
    case OFL_ACTION_FLASH_AGAIN:
      return g_strdup (_ ("flash it again by “Recover…”"));
    case OFL_ACTION_LOOK_AGAIN:
      return g_strdup (_ ("press “Look again”"));
    case OFL_ACTION_TRY_AGAIN:
      return g_strdup (_ ("press “Try again”"));
    case OFL_ACTION_WRITE_BACKUP:
      return g_strdup (_ ("press “Write the backup again”"));
    case OFL_N_ACTIONS:
    default:
      return g_strdup (ofl_action_id (action));
    }
}

/* There is no button for a comparison. */
static char *
say_of_comparison (OflAction action, const char *argument)
{
  if (action == OFL_ACTION_TRY_AGAIN)
    return g_strdup (_ ("repeat the comparison by the command line, optiflashctl"));
  return say (action, argument);
}

/**
 * ofl_ui_words_of_job:
 * @text: (nullable): a sentence of the core about the end of a job
 * @kind: the job's kind
 *
 * Returns: (transfer full) (nullable): the same in the words of ofl_ui_words(), as far as the window can
 *   do it with such a job
 */
char *
ofl_ui_words_of_job (const char *text, OflJobKind kind)
{
  return ofl_action_word (text, kind == OFL_JOB_VERIFY ? say_of_comparison : say);
}

/**
 * ofl_ui_words:
 * @text: (nullable): a sentence of the core
 *
 * Returns: (transfer full) (nullable): the same, with what is to be done said by the names of the
 *   window's buttons and switches
 */
char *
ofl_ui_words (const char *text)
{
  return ofl_action_word (text, say);
}
