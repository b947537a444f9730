/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person is to do, in the words of whoever shows the sentence. */
#include "plan/ofl-action.h"

#include <string.h>

#define BEGIN "⟦"
#define END "⟧"

/* The neutral words are those of logs and journals, which no front end shows as its own. */
static const struct {
  const char *id;
  const char *neutral;
} actions[OFL_N_ACTIONS] = {
  [OFL_ACTION_SET] = { "set", "choose %s" },
  [OFL_ACTION_FAMILY] = { "family", "treat the drive as of the family %s" },
  [OFL_ACTION_IMAGE] = { "image", "choose another image of the file" },
  [OFL_ACTION_WITH] = { "with", "add the second file" },
  [OFL_ACTION_ACCEPT_WARNINGS] = { "accept-warnings", "accept the warnings" },
  [OFL_ACTION_ACCEPT_NO_BACKUP] = { "accept-no-backup", "accept that there is no backup" },
  [OFL_ACTION_REWRITE] = { "rewrite", "ask for a rewrite" },
  [OFL_ACTION_OVERWRITE] = { "overwrite", "allow files to be replaced" },
  [OFL_ACTION_BACKUP_DIR] = { "backup-dir", "choose another folder for backups" },
  [OFL_ACTION_CHOOSE_DRIVE] = { "choose-drive", "choose the drive again" },
  [OFL_ACTION_FLASH_AGAIN] = { "flash-again", "flash the drive again" },
  [OFL_ACTION_LOOK_AGAIN] = { "look-again", "look at the drive again" },
  [OFL_ACTION_TRY_AGAIN] = { "try-again", "try again" },
  [OFL_ACTION_WRITE_BACKUP] = { "write-backup", "write the backup" },
};

/**
 * ofl_action_id:
 * @action: an action
 *
 * Returns: its word in OFL_DO(), without an argument
 */
const char *
ofl_action_id (OflAction action)
{
  g_return_val_if_fail (action < OFL_N_ACTIONS, "");
  return actions[action].id;
}

static char *
say_neutral (OflAction action, const char *argument)
{
  g_auto (GStrv) around = g_strsplit (actions[action].neutral, "%s", 2);

  return g_strconcat (around[0], around[1] != NULL && argument != NULL ? argument : "", around[1],
                      NULL);
}

/* "set experimental=yes": OFL_N_ACTIONS when it is none that is known here (of a newer service). */
static OflAction
parse (const char *what, const char **argument)
{
  const char *blank = strchr (what, ' ');
  g_autofree char *id = blank != NULL ? g_strndup (what, (gsize) (blank - what)) : g_strdup (what);
  guint i = 0;

  *argument = blank != NULL ? blank + 1 : NULL;
  while (i < OFL_N_ACTIONS && strcmp (actions[i].id, id) != 0)
    i++;
  return i;
}

static char *
word_one (const char *what, OflActionWords words)
{
  const char *argument;
  OflAction action = parse (what, &argument);

  return action < OFL_N_ACTIONS ? (words != NULL ? words : say_neutral) (action, argument) : NULL;
}

/**
 * ofl_action_next:
 * @text: (inout): a sentence, or several; what stands behind the action is left
 * @action: (out): the first action in it
 *
 * What a front end offers besides the sentence is what the sentence speaks of, and nothing else.
 *
 * Returns: %FALSE when there is none any more
 */
gboolean
ofl_action_next (const char **text, OflAction *action)
{
  const char *begin;

  while (*text != NULL && (begin = strstr (*text, BEGIN)) != NULL)
    {
      const char *inside = begin + strlen (BEGIN);
      const char *end = strstr (inside, END);
      g_autofree char *what = end != NULL ? g_strndup (inside, (gsize) (end - inside)) : NULL;
      const char *argument;

      *text = inside;
      *action = what != NULL ? parse (what, &argument) : OFL_N_ACTIONS;
      if (*action < OFL_N_ACTIONS)
        return TRUE;
    }
  return FALSE;
}

static gboolean
begins_sentence (const GString *text)
{
  return text->len == 0 || g_str_has_suffix (text->str, ". ")
         || g_str_has_suffix (text->str, ".\n");
}

static void
append_word (GString *text, const char *word)
{
  char first[6];
  int length = g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (word)), first);

  if (!begins_sentence (text) || word[0] == '\0')
    {
      g_string_append (text, word);
      return;
    }
  g_string_append_len (text, first, length);
  g_string_append (text, g_utf8_next_char (word));
}

/**
 * ofl_action_word:
 * @text: (nullable): a sentence, or several, perhaps with OFL_DO() in it
 * @words: (nullable): how who shows it says an action; %NULL: neutrally, for logs
 *
 * Puts every action into words, with a capital where a sentence begins. What is no known action
 * stays as it is.
 *
 * Returns: (transfer full) (nullable): the sentence to show; %NULL for %NULL
 */
char *
ofl_action_word (const char *text, OflActionWords words)
{
  GString *out;
  const char *begin;

  if (text == NULL)
    return NULL;
  out = g_string_new (NULL);
  while ((begin = strstr (text, BEGIN)) != NULL)
    {
      const char *inside = begin + strlen (BEGIN);
      const char *end = strstr (inside, END);
      g_autofree char *what = end != NULL ? g_strndup (inside, (gsize) (end - inside)) : NULL;
      g_autofree char *word = what != NULL ? word_one (what, words) : NULL;

      g_string_append_len (out, text, begin - text);
      if (word == NULL)
        {
          g_string_append (out, BEGIN);
          text = inside;
          continue;
        }
      append_word (out, word);
      text = end + strlen (END);
    }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}
