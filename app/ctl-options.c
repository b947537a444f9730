/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options there are, as one table. */
#include "ctl-options.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "ofl-config.h"

#define EVERY_VERB 0xffffffffu
#define BEFORE_VERB TRUE
#define CHOICE_PREFIX "choice "

/* Options that are taken before the verb too are taken by every verb, for scripts that say them
 * always; where they do nothing they are hidden. */
typedef struct {
  guint takes;
  gboolean global;
  GOptionEntry entry;
} Option;

static gboolean
on_version (const char *option, const char *value, gpointer data, GError **error)
{
  g_print ("optiflashctl %s\n", OFL_VERSION);
  exit (OFL_EXIT_DONE);
}

#define FLAG(takes, global, name, letter, field, text) \
  { \
    takes, global, \
    { \
      name, letter, 0, G_OPTION_ARG_NONE, &ctl->field, text, NULL \
    } \
  }
#define VALUE(takes, global, name, letter, type, field, text, value) \
  { \
    takes, global, \
    { \
      name, letter, 0, G_OPTION_ARG_##type, &ctl->field, text, value \
    } \
  }

static void
add_file_options (OflCtl *ctl, GArray *to)
{
  const Option options[] = {
    FLAG (OFL_TAKES_MARKDOWN, FALSE, "markdown", 0, markdown, N_ ("As a table for a README")),
    VALUE (OFL_TAKES_REPORT, FALSE, "output", 'o', FILENAME, output, N_ ("Write it to a file"),
           N_ ("FILE")),
    FLAG (OFL_TAKES_REPORT, FALSE, "with-serial", 0, with_serial, N_ ("Do not mask the serial")),
    VALUE (OFL_TAKES_READ, FALSE, "read", 0, STRING, read,
           N_ ("How much of a disc is read; quick unless set"), "quick|full|none"),
    FLAG (OFL_TAKES_DEEP, FALSE, "deep", 0, deep,
          N_ ("Read all of a disc and count its errors; read twice what is the drive's alone")),
    VALUE (OFL_TAKES_EXTRACT, FALSE, "extract", 0, FILENAME, extract_dir,
           N_ ("Write every image into a folder"), N_ ("FOLDER")),
    FLAG (OFL_TAKES_OVERWRITE, FALSE, "overwrite", 0, overwrite,
          N_ ("Replace files that are there already")),
    FLAG (OFL_TAKES_BACKUPS, FALSE, "verify", 0, verify,
          N_ ("Hold every file against the manifest: of one backup, of a drive's, or of all")),
    VALUE (OFL_TAKES_BACKUPS, FALSE, "export", 0, FILENAME, export,
           N_ ("Copy a backup there, with its parts and its manifest"), N_ ("FILE")),
    FLAG (OFL_TAKES_BACKUPS, FALSE, "delete", 0, delete, N_ ("Delete a backup; asks")),
    FLAG (OFL_TAKES_LONG, FALSE, "long", 0, in_full,
          N_ ("Hundreds of questions, and a stretch of the flash where it can be read")),
    FLAG (OFL_TAKES_STEPS, FALSE, "steps", 0, every_step, N_ ("Every step in a line of its own")),
    FLAG (OFL_TAKES_FOLLOW, FALSE, "follow", 'f', follow, N_ ("Show a job live, to its end")),
    FLAG (OFL_TAKES_FOLLOW, FALSE, "dismiss", 0, dismiss,
          N_ ("A write that never ended has been seen to: its number, its drive, or “all”")),
    VALUE (OFL_TAKES_HISTORY, FALSE, "show", 0, INT, show,
           N_ ("One job in full, with its journal, as a report"), N_ ("N")),
    FLAG (OFL_TAKES_HISTORY, FALSE, "mask", 0, mask, N_ ("Mask serials")),
  };

  g_array_append_vals (to, options, G_N_ELEMENTS (options));
}

static void
add_write_options (OflCtl *ctl, GArray *to)
{
  const Option options[] = {
    VALUE (OFL_TAKES_FAMILY, FALSE, "family", 0, STRING, family,
           N_ ("Treat the drive as of this family"), N_ ("ID")),
    VALUE (OFL_TAKES_SET, FALSE, "set", 0, STRING_ARRAY, sets,
           N_ ("A choice of the family; repeatable"), N_ ("NAME=VALUE")),
    VALUE (OFL_TAKES_IMAGE, FALSE, "image", 0, INT, image, N_ ("Which image of the file, from 1"),
           N_ ("N")),
    VALUE (OFL_TAKES_IMAGE, FALSE, "with", 0, FILENAME, with,
           N_ ("A second file that belongs to the first (Pioneer)"), N_ ("FILE")),
    FLAG (OFL_TAKES_WARNINGS, FALSE, "accept-warnings", 0, accept_warnings,
          N_ ("Go on where a check says no and may be overridden")),
    FLAG (OFL_TAKES_WRITE | OFL_TAKES_UPDATER, FALSE, "accept-no-backup", 0, accept_no_backup,
          N_ ("Go on when no backup can be made")),
    VALUE (OFL_TAKES_RECOVER, FALSE, "file", 0, FILENAME, file,
           N_ ("Mend the drive with this firmware"), N_ ("FILE")),
    FLAG (OFL_TAKES_UPDATER, FALSE, "hidden", 0, hidden,
          N_ ("Do not show its windows: for programs that need nobody")),
    VALUE (OFL_TAKES_UPDATER, FALSE, "argument", 0, STRING_ARRAY, arguments,
           N_ ("An argument for it; repeatable"), N_ ("TEXT")),
    VALUE (OFL_TAKES_UPDATER, FALSE, "tape", 0, FILENAME, tape,
           N_ ("Record what it and the drive say to each other"), N_ ("FILE")),
    FLAG (OFL_TAKES_UPDATER, FALSE, "whole", 0, whole,
          N_ ("Keep all data on the tape, the firmware, too, and not only its hashes")),
    FLAG (OFL_TAKES_RECOVER, FALSE, "from-backup", 0, from_backup,
          N_ ("Mend the drive with its own backup")),
    FLAG (OFL_TAKES_RESTORE, FALSE, "accept-other-drive", 0, accept_other_drive,
          N_ ("Go on when the backup may be of another drive, or is")),
    FLAG (OFL_TAKES_WRITE, FALSE, "rewrite", 0, rewrite,
          N_ ("Write although the drive holds this firmware already")),
    FLAG (OFL_TAKES_WRITE | OFL_TAKES_BACKUPS | OFL_TAKES_UPDATER, FALSE, "yes", 'y', yes,
          N_ ("Do not ask the last question; consents have options of their own")),
  };

  g_array_append_vals (to, options, G_N_ELEMENTS (options));
}

static void
add_global_options (OflCtl *ctl, GArray *to)
{
  const Option options[] = {
    FLAG (OFL_TAKES_JOB, BEFORE_VERB, "verbose", 'v', verbose, N_ ("Show every command")),
    FLAG (OFL_TAKES_DRIVES, BEFORE_VERB, "practice", 0, practice, N_ ("Add practice drives")),
    VALUE (OFL_TAKES_SPEED, BEFORE_VERB, "practice-speed", 0, DOUBLE, practice_speed,
           N_ ("How many times faster than real time they are; 0: no waiting"), N_ ("N")),
    VALUE (OFL_TAKES_DRIVES, BEFORE_VERB, "finder", 0, STRING, finder, N_ ("How drives are found"),
           "udev|cdio|none"),
    VALUE (OFL_TAKES_DRIVES, BEFORE_VERB, "transport", 0, STRING, transport,
           N_ ("How drives are talked to; cdio only reads"), "auto|cdio"),
    VALUE (OFL_TAKES_STATE, BEFORE_VERB, "state-dir", 0, FILENAME, state_dir,
           N_ ("Where journals and practice drives are kept"), N_ ("FOLDER")),
    VALUE (OFL_TAKES_BACKUP, BEFORE_VERB, "backup-dir", 0, FILENAME, backup_dir,
           N_ ("Where backups go"), N_ ("FOLDER")),
    FLAG (OFL_TAKES_JOB, BEFORE_VERB, "in-process", 0, in_process,
          N_ ("Run the job in this program, not in the session service")),
    FLAG (OFL_TAKES_JOB, BEFORE_VERB, "start-service", 0, start_service,
          N_ ("Start the service where there is no session bus; it outlives the terminal")),
    FLAG (EVERY_VERB, BEFORE_VERB, "json", 0, json, N_ ("One JSON object a line, for machines")),
    { OFL_TAKES_NOTHING,
      BEFORE_VERB,
      { "version", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) on_version,
        N_ ("Show the version"), NULL } },
  };

  g_array_append_vals (to, options, G_N_ELEMENTS (options));
}

/* The verb's own first: --help shows them in this order. */
static GArray *
list_options (OflCtl *ctl)
{
  GArray *options = g_array_new (FALSE, FALSE, sizeof (Option));

  add_write_options (ctl, options);
  add_file_options (ctl, options);
  add_global_options (ctl, options);
  return options;
}

static gboolean
is_taken (const Option *option, OflCtlTakes takes)
{
  return option->takes == EVERY_VERB || (option->takes & takes) != 0;
}

/**
 * ofl_ctl_options_add_global:
 * @ctl: the command line; must outlive @context
 * @context: what reads the options before the verb
 */
void
ofl_ctl_options_add_global (OflCtl *ctl, GOptionContext *context)
{
  g_autoptr (GArray) options = list_options (ctl);

  for (guint i = 0; i < options->len; i++)
    {
      const Option *option = &g_array_index (options, Option, i);
      const GOptionEntry entries[] = { option->entry, { NULL } };

      if (option->global)
        g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    }
}

/**
 * ofl_ctl_options_add:
 * @ctl: the command line; must outlive @context
 * @context: what reads the options of a verb
 * @takes: which the verb takes
 */
void
ofl_ctl_options_add (OflCtl *ctl, GOptionContext *context, OflCtlTakes takes)
{
  g_autoptr (GArray) options = list_options (ctl);

  for (guint i = 0; i < options->len; i++)
    {
      const Option *option = &g_array_index (options, Option, i);
      gboolean taken = is_taken (option, takes);
      GOptionEntry entries[] = { option->entry, { NULL } };

      if (!taken)
        entries[0].flags |= G_OPTION_FLAG_HIDDEN;
      if (taken || option->global)
        g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    }
}

/**
 * ofl_ctl_options_list:
 * @takes: which a verb takes
 * @before_verb: those that stand before the verb, whatever it takes
 *
 * Returns: (transfer full) (element-type GOptionEntry): them, to be looked at; they lead nowhere
 */
GArray *
ofl_ctl_options_list (OflCtlTakes takes, gboolean before_verb)
{
  OflCtl nothing = { 0 };
  g_autoptr (GArray) options = list_options (&nothing);
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));

  for (guint i = 0; i < options->len; i++)
    {
      const Option *option = &g_array_index (options, Option, i);
      GOptionEntry entry = option->entry;

      if (entry.arg != G_OPTION_ARG_CALLBACK)
        entry.arg_data = NULL;
      if (before_verb ? option->global : is_taken (option, takes))
        g_array_append_val (entries, entry);
    }
  return entries;
}

static gboolean
is_text (const Option *option)
{
  return option->entry.arg == G_OPTION_ARG_STRING || option->entry.arg == G_OPTION_ARG_FILENAME;
}

/**
 * ofl_ctl_options_parse:
 * @ctl: the command line
 * @context: what reads the options of a verb
 * @args: (inout): what follows the verb
 * @error: return location
 *
 * Reads a verb's options. What stood before the verb counts unless it is said again behind it; GLib
 * does not free the text that is replaced so.
 *
 * Returns: %FALSE with an error of %G_OPTION_ERROR
 */
gboolean
ofl_ctl_options_parse (OflCtl *ctl, GOptionContext *context, char ***args, GError **error)
{
  g_autoptr (GArray) options = list_options (ctl);
  g_autofree char **before = g_new0 (char *, options->len);
  gboolean parsed;

  for (guint i = 0; i < options->len; i++)
    if (is_text (&g_array_index (options, Option, i)))
      before[i] = *(char **) g_array_index (options, Option, i).entry.arg_data;
  parsed = g_option_context_parse_strv (context, args, error);
  for (guint i = 0; i < options->len; i++)
    if (before[i] != NULL
        && *(char **) g_array_index (options, Option, i).entry.arg_data != before[i])
      g_free (before[i]);
  return parsed;
}

static void
append_choices (GString *text, const OflFamily *family)
{
  GKeyFile *table = ofl_family_table (family);
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) values = g_key_file_get_string_list (table, groups[i], "values", NULL, NULL);
      g_autofree char *preset = g_key_file_get_string (table, groups[i], "default", NULL);
      g_autofree char *title = g_key_file_get_string (table, groups[i], "title", NULL);
      g_autofree char *joined = values != NULL ? g_strjoinv ("|", values) : NULL;
      g_autofree char *choice = NULL;

      if (!g_str_has_prefix (groups[i], CHOICE_PREFIX) || joined == NULL)
        continue;
      choice = g_strdup_printf ("%s=%s", groups[i] + strlen (CHOICE_PREFIX), joined);
      /* Translators: a choice with its values, its title, its default, the family it is of */
      g_string_append_printf (text, _ ("  %-30s %s (%s unless set; %s)\n"), choice,
                              title != NULL ? _ (title) : "", preset, ofl_family_name (family));
    }
}

/**
 * ofl_ctl_options_describe_choices:
 *
 * Returns: (transfer full): what --set can set, with values and defaults, from the families' tables
 */
char *
ofl_ctl_options_describe_choices (void)
{
  GString *text = g_string_new (_ ("Choices for --set:\n"));

  for (guint i = 0; i < ofl_families_count (); i++)
    append_choices (text, ofl_families_get (i));
  return g_string_free (text, FALSE);
}

/* "--rewrit" of "Unknown option --rewrit", without its value. */
static char *
find_option_word (const char *message)
{
  const char *dashes = strstr (message, "--");

  return dashes != NULL ? g_strndup (dashes + 2, strcspn (dashes + 2, "= ")) : NULL;
}

/**
 * ofl_ctl_options_advise:
 * @verb: a verb's name
 * @takes: which options it takes
 * @error: what was wrong with its options
 *
 * Returns: (transfer full): what to do: the option that was probably meant, or where they stand
 */
char *
ofl_ctl_options_advise (const char *verb, OflCtlTakes takes, const GError *error)
{
  OflCtl nothing = { 0 };
  g_autoptr (GArray) options = list_options (&nothing);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_autofree char *word = find_option_word (error->message);
  const char *meant;

  for (guint i = 0; i < options->len; i++)
    {
      const Option *option = &g_array_index (options, Option, i);

      if (is_taken (option, takes))
        g_ptr_array_add (known, (gpointer) option->entry.long_name);
      else if (g_strcmp0 (option->entry.long_name, word) == 0)
        return g_strdup_printf (_ ("“%s” does not take it; “optiflashctl %s --help” shows what it "
                                   "takes."),
                                verb, verb);
    }
  g_ptr_array_add (known, NULL);
  meant = word != NULL ? ofl_ctl_closest (word, (const char *const *) known->pdata) : NULL;
  if (meant != NULL && strcmp (meant, word) != 0)
    return g_strdup_printf (_ ("Did you mean --%s?"), meant);
  return g_strdup_printf (_ ("“optiflashctl %s --help” shows what it takes."), verb);
}
