/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl --complete WORD…: what could stand in the place of the last word. The shells' completions
 * ask this, so that they know no verb and no option themselves. It sends nothing to a drive. */
#include "ctl-complete.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-backups.h"
#include "ctl-options.h"
#include "families/ofl-practice-catalog.h"

/* Lines that are no word: the shell completes names of files, or of folders. */
#define SAY_FILE ":file"
#define SAY_FOLDER ":folder"

#define CHOICE_PREFIX "choice "
#define PRACTICE_PREFIX "practice:"
#define HELP_VERB "help"

/* A line as far as it has been typed. */
typedef struct {
  OflCtl *ctl; /* for --backup-dir */
  const OflCtlVerbRow *verbs;
  guint n_verbs;

  const OflCtlVerbRow *verb;   /* %NULL before it */
  gboolean is_help;            /* the verb is "help" */
  gboolean is_lost;            /* there is no such verb */
  gboolean no_more_options;    /* behind "--" */
  GArray *options;             /* of #GOptionEntry: those that may stand here */
  const GOptionEntry *waiting; /* the word before was this option, without its value */
  GPtrArray *arguments;        /* what stands behind the verb and is no option */

  const char *lead; /* what stands before a value in the same word: "--read=" */
  const char *word; /* what is being typed, behind @lead */
  GHashTable *said;
} Line;

/* A shell puts a candidate on the line as it is said, and runs what it then reads: a folder's name may be
 * anybody's. What wants quotes has to be typed. */
static gboolean
needs_no_quotes (const char *candidate)
{
  for (const char *at = candidate; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_.+,=@%:/", *at) == NULL)
      return FALSE;
  return TRUE;
}

static void
say (Line *line, const char *candidate, const char *text)
{
  g_autofree char *one_line = g_strdelimit (g_strdup (text != NULL ? text : ""), "\t\n", ' ');

  if (!g_str_has_prefix (candidate, line->word) || !needs_no_quotes (candidate)
      || !g_hash_table_add (line->said, g_strdup (candidate)))
    return;
  g_print ("%s%s\t%s\n", line->lead, candidate, one_line);
}

static void
say_verbs (Line *line)
{
  for (guint i = 0; i < line->n_verbs; i++)
    say (line, line->verbs[i].name, _ (line->verbs[i].summary));
  if (!line->is_help)
    say (line, HELP_VERB, NULL);
}

static gboolean
has_value (const GOptionEntry *option)
{
  return option->arg != G_OPTION_ARG_NONE && (option->flags & G_OPTION_FLAG_NO_ARG) == 0;
}

static void
say_options (Line *line)
{
  for (guint i = 0; i < line->options->len; i++)
    {
      const GOptionEntry *option = &g_array_index (line->options, GOptionEntry, i);
      g_autofree char *name
          = g_strconcat ("--", option->long_name, has_value (option) ? "=" : "", NULL);

      say (line, name, _ (option->description));
    }
  say (line, "--help", NULL);
}

/* "BD-RE  BU40N", as the kernel read it when the drive came; the drive is asked nothing. */
static char *
read_sysfs_name (const char *node)
{
  static const char *const parts[] = { "vendor", "model" };
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sys/class/block/%s/device/%s", node, parts[i]);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && g_utf8_validate (text, -1, NULL))
        g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", g_strstrip (text));
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static gboolean
is_optical_node (const char *name)
{
  return g_str_has_prefix (name, "sr") && name[2] != '\0'
         && strspn (name + 2, "0123456789") == strlen (name + 2);
}

static void
say_nodes (Line *line)
{
  g_autoptr (GDir) dir = g_dir_open ("/sys/class/block", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_optical_node (name))
      {
        g_autofree char *node = g_strconcat ("/dev/", name, NULL);
        g_autofree char *text = read_sysfs_name (name);

        say (line, node, text);
      }
}

static void
say_practice (Line *line, const char *prefix)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      g_autofree char *name = g_strconcat (prefix, ofl_practice_get_id (i), NULL);

      say (line, name, _ (ofl_practice_get_title (i)));
    }
}

static void
say_drives (Line *line)
{
  say_nodes (line);
  say_practice (line, PRACTICE_PREFIX);
}

static void
say_backups (Line *line)
{
  g_autofree char *dir = ofl_ctl_backups_dir (line->ctl);
  g_autoptr (GPtrArray) backups = ofl_stored_backup_list (dir, NULL);

  for (guint i = 0; backups != NULL && i < backups->len; i++)
    {
      const OflStoredBackup *backup = g_ptr_array_index (backups, i);
      g_autofree char *text = backup->unreadable == NULL ? ofl_ctl_describe_backup (backup) : NULL;

      say (line, backup->name, text);
    }
  /* or any that lies elsewhere */
  g_print (SAY_FILE "\n");
}

static void
say_families (Line *line)
{
  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);

      say (line, ofl_family_id (family), ofl_family_name (family));
    }
}

static void
say_choices (Line *line, const OflFamily *family)
{
  GKeyFile *table = ofl_family_table (family);
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) values = g_key_file_get_string_list (table, groups[i], "values", NULL, NULL);
      g_autofree char *title = g_key_file_get_string (table, groups[i], "title", NULL);

      if (!g_str_has_prefix (groups[i], CHOICE_PREFIX))
        continue;
      for (guint v = 0; values != NULL && values[v] != NULL; v++)
        {
          g_autofree char *choice
              = g_strdup_printf ("%s=%s", groups[i] + strlen (CHOICE_PREFIX), values[v]);

          say (line, choice, title != NULL ? _ (title) : NULL);
        }
    }
}

static void
say_each (Line *line, const char *words, const char *delimiter)
{
  g_auto (GStrv) split = g_strsplit (words, delimiter, -1);

  for (guint i = 0; split[i] != NULL; i++)
    if (split[i][0] != '\0')
      say (line, split[i], NULL);
}

static void
say_values (Line *line, const GOptionEntry *option)
{
  if (strcmp (option->long_name, "family") == 0)
    say_families (line);
  else if (strcmp (option->long_name, "set") == 0)
    for (guint i = 0; i < ofl_families_count (); i++)
      say_choices (line, ofl_families_get (i));
  else if (option->arg == G_OPTION_ARG_FILENAME)
    g_print ("%s\n", strcmp (option->arg_description, "FOLDER") == 0 ? SAY_FOLDER : SAY_FILE);
  else if (option->arg_description != NULL && strchr (option->arg_description, '|') != NULL)
    say_each (line, option->arg_description, "|");
}

static void
say_variants (Line *line)
{
  const char *id = g_ptr_array_index (line->arguments, 1);

  for (guint i = 0; i < ofl_practice_count (); i++)
    if (strcmp (ofl_practice_get_id (i), id) == 0)
      say_each (line, ofl_practice_get_variants (i), " ");
}

/* What follows practice and tape depends on the word behind them. Returns whether it was one of these. */
static gboolean
say_second (Line *line)
{
  guint n = line->arguments->len;
  const char *what = n > 0 ? g_ptr_array_index (line->arguments, 0) : "";
  gboolean is_image = strcmp (what, "image") == 0;

  if (n == 0)
    return FALSE;
  if (strcmp (line->verb->name, "practice") == 0)
    {
      if (n == 1 && (is_image || strcmp (what, "reset") == 0))
        say_practice (line, "");
      else if (n == 3 && is_image)
        g_print (SAY_FILE "\n");
      else if (n == 4 && is_image)
        say_variants (line);
      return TRUE;
    }
  if (strcmp (line->verb->name, "tape") == 0 && n == 2)
    {
      if (strcmp (what, "compare") == 0)
        g_print (SAY_FILE "\n");
      else if (strcmp (what, "replay") == 0)
        say_practice (line, PRACTICE_PREFIX);
      return TRUE;
    }
  return FALSE;
}

/* A word of a verb's usage: "DRIVE", "DRIVE|BACKUP", "show|compare|replay". */
static void
say_kind (Line *line, const char *kind)
{
  g_auto (GStrv) kinds = g_strsplit (kind, "|", -1);

  for (guint i = 0; kinds[i] != NULL; i++)
    if (strcmp (kinds[i], "DRIVE") == 0)
      say_drives (line);
    else if (strcmp (kinds[i], "BACKUP") == 0)
      say_backups (line);
    else if (strcmp (kinds[i], "FILE") == 0 || strcmp (kinds[i], "EXE") == 0
             || strcmp (kinds[i], "TAPE") == 0)
      g_print (SAY_FILE "\n");
    else if (g_ascii_islower (kinds[i][0]))
      say (line, kinds[i], NULL);
}

static void
say_arguments (Line *line)
{
  g_auto (GStrv) kinds = g_strsplit (line->verb->usage, " ", -1);
  guint n_kinds = g_strv_length (kinds);
  guint at = line->arguments->len;
  const char *kind;
  g_autofree char *bare = NULL;

  if (at >= line->verb->most || n_kinds == 0)
    {
      if (!line->no_more_options)
        say_options (line);
      return;
    }
  if (say_second (line))
    return;
  /* the last may be there many times: "[FILE…]" */
  kind = kinds[MIN (at, n_kinds - 1)];
  bare = g_strndup (kind + (kind[0] == '['), strcspn (kind + (kind[0] == '['), "]\xe2"));
  if (at < n_kinds || strstr (kind, "…") != NULL)
    say_kind (line, bare);
}

/* --- What has been typed */

static const GOptionEntry *
find_option (const Line *line, const char *word)
{
  gboolean is_long = g_str_has_prefix (word, "--");
  gsize length = strcspn (word, "=");

  for (guint i = 0; i < line->options->len; i++)
    {
      const GOptionEntry *option = &g_array_index (line->options, GOptionEntry, i);

      if (is_long ? strlen (option->long_name) == length - 2
                        && strncmp (word + 2, option->long_name, length - 2) == 0
                  : word[1] == option->short_name && word[2] == '\0')
        return option;
    }
  return NULL;
}

static void
take_options (Line *line, guint takes, gboolean before_verb)
{
  g_clear_pointer (&line->options, g_array_unref);
  line->options = ofl_ctl_options_list (takes, before_verb);
}

static void
take_value (Line *line, const GOptionEntry *option, const char *value)
{
  if (strcmp (option->long_name, "backup-dir") != 0)
    return;
  g_free (line->ctl->backup_dir);
  line->ctl->backup_dir = g_strdup (value);
}

static void
take_verb (Line *line, const char *word)
{
  line->is_help = strcmp (word, HELP_VERB) == 0;
  for (guint i = 0; i < line->n_verbs; i++)
    if (strcmp (line->verbs[i].name, word) == 0)
      line->verb = &line->verbs[i];
  line->is_lost = line->verb == NULL && !line->is_help;
  if (line->verb != NULL)
    take_options (line, line->verb->takes, FALSE);
}

static void
take_option (Line *line, const char *word)
{
  const GOptionEntry *option = find_option (line, word);
  const char *equals = strchr (word, '=');

  if (option == NULL || !has_value (option))
    return;
  if (equals != NULL)
    take_value (line, option, equals + 1);
  else
    line->waiting = option;
}

static void
take_word (Line *line, const char *word)
{
  const GOptionEntry *waiting = g_steal_pointer (&line->waiting);

  if (waiting != NULL)
    take_value (line, waiting, word);
  else if (!line->no_more_options && strcmp (word, "--") == 0)
    line->no_more_options = TRUE;
  else if (!line->no_more_options && word[0] == '-' && word[1] != '\0')
    take_option (line, word);
  else if (line->verb == NULL && !line->is_help)
    take_verb (line, word);
  else
    g_ptr_array_add (line->arguments, (gpointer) word);
}

/* The option whose value is being typed; @lead gets what stands before that in the same word. */
static const GOptionEntry *
find_valued (Line *line, char **lead)
{
  const char *equals = strchr (line->word, '=');
  const GOptionEntry *option = line->waiting;

  if (option == NULL && !line->no_more_options && equals != NULL
      && g_str_has_prefix (line->word, "--"))
    {
      option = find_option (line, line->word);
      *lead = g_strndup (line->word, (gsize) (equals + 1 - line->word));
      line->lead = *lead;
      line->word = equals + 1;
    }
  return option;
}

static void
say_all (Line *line)
{
  g_autofree char *lead = NULL;
  const GOptionEntry *valued = find_valued (line, &lead);

  if (valued != NULL && has_value (valued))
    say_values (line, valued);
  else if (lead != NULL || line->is_lost)
    return;
  else if (line->word[0] == '-' && !line->no_more_options)
    say_options (line);
  else if (line->verb != NULL)
    say_arguments (line);
  else if (!line->is_help || line->arguments->len == 0)
    say_verbs (line);
}

/**
 * ofl_ctl_complete:
 * @verbs: those there are
 * @n_verbs: their number
 * @words: (array zero-terminated=1): what stands behind the program's name; the last is the one that is
 *   being typed, and may be empty
 *
 * Prints what could stand in the place of the last word, a line each: the word, a tabulator, what it is.
 * ":file" and ":folder" say that the shell's own names of files or folders may stand there, too. Sends
 * nothing to a drive and leaves nothing behind.
 *
 * Returns: exit status, always %OFL_EXIT_DONE
 */
int
ofl_ctl_complete (const OflCtlVerbRow *verbs, guint n_verbs, char **words)
{
  OflCtl ctl = { 0 };
  Line line = { .ctl = &ctl, .verbs = verbs, .n_verbs = n_verbs, .lead = "" };
  guint n = g_strv_length (words);

  if (n == 0)
    return OFL_EXIT_DONE;
  line.arguments = g_ptr_array_new ();
  line.said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  take_options (&line, 0, TRUE);
  for (guint i = 0; i + 1 < n; i++)
    take_word (&line, words[i]);
  line.word = words[n - 1];
  say_all (&line);
  g_hash_table_unref (line.said);
  g_ptr_array_unref (line.arguments);
  g_array_unref (line.options);
  g_free (ctl.backup_dir);
  return OFL_EXIT_DONE;
}
