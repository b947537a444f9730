/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: options, and which verb gets them. */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ctl-output.h"
#include "ofl-config.h"

typedef enum {
  TAKES_NOTHING = 0,
  TAKES_FAMILY = 1 << 0, /* --family, --set, --image */
  TAKES_WRITE = 1 << 1,  /* what only a write asks */
  TAKES_STEPS = 1 << 2,
  TAKES_FOLLOW = 1 << 6,
  TAKES_WITH = 1 << 7,
  TAKES_MARKDOWN = 1 << 3,
  TAKES_REPORT = 1 << 4,  /* --output, --with-serial */
  TAKES_EXTRACT = 1 << 5, /* --extract */
} Takes;

static const struct {
  const char *name;
  OflCtlVerb run;
  guint least, most;
  Takes takes;
  const char *usage;
  const char *summary;
} verbs[] = {
  { "list", ofl_ctl_list, 0, 0, TAKES_NOTHING, "", N_("the drives there are") },
  { "info", ofl_ctl_info, 1, 1, TAKES_FAMILY, "DRIVE", N_("all that is known of a drive") },
  { "report", ofl_ctl_report, 1, 1, TAKES_FAMILY | TAKES_REPORT, "DRIVE",
    N_("everything that can be read of a drive, to be sent") },
  { "families", ofl_ctl_families, 0, 0, TAKES_MARKDOWN, "",
    N_("which drives are known, and what can be done with them") },
  { "inspect", ofl_ctl_inspect, 1, 1, TAKES_EXTRACT, "FILE", N_("what a firmware file holds") },
  { "plan", ofl_ctl_plan, 2, 2, TAKES_FAMILY | TAKES_STEPS | TAKES_WITH, "DRIVE FILE",
    N_("what a write would do; writes nothing") },
  { "backup", ofl_ctl_backup, 1, 2, TAKES_FAMILY, "DRIVE [FILE]",
    N_("read the firmware twice, compare, store") },
  { "flash", ofl_ctl_flash, 2, 2, TAKES_FAMILY | TAKES_WRITE | TAKES_WITH, "DRIVE FILE",
    N_("back up, write, verify") },
  { "verify", ofl_ctl_verify, 2, 2, TAKES_FAMILY | TAKES_WITH, "DRIVE FILE",
    N_("compare what a drive holds with a file; writes nothing") },
  { "log", ofl_ctl_log, 0, 1, TAKES_FOLLOW, "[DRIVE]",
    N_("jobs of the service; with --follow, live to the end") },
  { "practice", ofl_ctl_practice, 1, 5, TAKES_NOTHING, "list|image|reset|demo",
    N_("drives that exist only in this program") },
};

static int
find_verb (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
on_version (const char *option, const char *value, gpointer data, GError **error)
{
  g_print ("optiflashctl %s\n", OFL_VERSION);
  exit (OFL_EXIT_DONE);
}

static void
add_global_options (GOptionContext *context, OflCtl *ctl)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_("One JSON object a line, for machines"),
      NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &ctl->verbose, N_("Show every command"), NULL },
    { "practice", 0, 0, G_OPTION_ARG_NONE, &ctl->practice, N_("Add practice drives"), NULL },
    { "practice-speed", 0, 0, G_OPTION_ARG_DOUBLE, &ctl->practice_speed,
      N_("How many times faster than real time they are; 0: no waiting"), N_("N") },
    { "finder", 0, 0, G_OPTION_ARG_STRING, &ctl->finder, N_("How drives are found"),
      "udev|cdio|none" },
    { "transport", 0, 0, G_OPTION_ARG_STRING, &ctl->transport,
      N_("How drives are talked to; cdio only reads"), "auto|cdio" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &ctl->state_dir,
      N_("Where journals and practice drives are kept"), N_("FOLDER") },
    { "backup-dir", 0, 0, G_OPTION_ARG_FILENAME, &ctl->backup_dir, N_("Where backups go"),
      N_("FOLDER") },
    { "in-process", 0, 0, G_OPTION_ARG_NONE, &ctl->in_process,
      N_("Run the job in this program, not in the session service"), NULL },
    { "version", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) on_version,
      N_("Show the version"), NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static void
add_file_options (GOptionContext *context, OflCtl *ctl, Takes takes)
{
  const GOptionEntry markdown[] = {
    { "markdown", 0, 0, G_OPTION_ARG_NONE, &ctl->markdown, N_("As a table for a README"), NULL },
    { NULL },
  };
  const GOptionEntry report[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &ctl->output, N_("Write it to a file"), N_("FILE") },
    { "with-serial", 0, 0, G_OPTION_ARG_NONE, &ctl->with_serial, N_("Do not mask the serial"),
      NULL },
    { NULL },
  };
  const GOptionEntry extract[] = {
    { "extract", 0, 0, G_OPTION_ARG_FILENAME, &ctl->extract_dir,
      N_("Write every image into a folder"), N_("FOLDER") },
    { NULL },
  };
  const GOptionEntry with[] = {
    { "with", 0, 0, G_OPTION_ARG_FILENAME, &ctl->with,
      N_("A second file that belongs to the first (Pioneer)"), N_("FILE") },
    { NULL },
  };
  const GOptionEntry overwrite[] = {
    { "overwrite", 0, 0, G_OPTION_ARG_NONE, &ctl->overwrite,
      N_("Replace files that are there already"), NULL },
    { NULL },
  };

  if ((takes & TAKES_MARKDOWN) != 0)
    g_option_context_add_main_entries (context, markdown, GETTEXT_PACKAGE);
  if ((takes & TAKES_WITH) != 0)
    g_option_context_add_main_entries (context, with, GETTEXT_PACKAGE);
  if ((takes & TAKES_REPORT) != 0)
    g_option_context_add_main_entries (context, report, GETTEXT_PACKAGE);
  if ((takes & TAKES_EXTRACT) != 0)
    g_option_context_add_main_entries (context, extract, GETTEXT_PACKAGE);
  if ((takes & (TAKES_REPORT | TAKES_EXTRACT)) != 0)
    g_option_context_add_main_entries (context, overwrite, GETTEXT_PACKAGE);
}

static void
add_verb_options (GOptionContext *context, OflCtl *ctl, Takes takes)
{
  const GOptionEntry family[] = {
    { "family", 0, 0, G_OPTION_ARG_STRING, &ctl->family, N_("Treat the drive as of this family"),
      N_("ID") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &ctl->sets, N_("A choice of the family; repeatable"),
      N_("NAME=VALUE") },
    { "image", 0, 0, G_OPTION_ARG_INT, &ctl->image, N_("Which image of the file, from 1"),
      N_("N") },
    { NULL },
  };
  const GOptionEntry soft[] = {
    { "accept-warnings", 0, 0, G_OPTION_ARG_NONE, &ctl->accept_warnings,
      N_("Go on where a check warns and can be overridden"), NULL },
    { NULL },
  };
  const GOptionEntry write[] = {
    { "accept-no-backup", 0, 0, G_OPTION_ARG_NONE, &ctl->accept_no_backup,
      N_("Go on when no backup can be made"), NULL },
    { "rewrite", 0, 0, G_OPTION_ARG_NONE, &ctl->rewrite,
      N_("Write although the drive holds this firmware already"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &ctl->yes, N_("Do not ask"), NULL },
    { NULL },
  };
  const GOptionEntry steps[] = {
    { "steps", 0, 0, G_OPTION_ARG_NONE, &ctl->every_step, N_("Every step in a line of its own"),
      NULL },
    { NULL },
  };
  const GOptionEntry follow[] = {
    { "follow", 'f', 0, G_OPTION_ARG_NONE, &ctl->follow, N_("Show a job live, to its end"), NULL },
    { NULL },
  };

  add_file_options (context, ctl, takes);
  if ((takes & TAKES_FAMILY) != 0)
    g_option_context_add_main_entries (context, family, GETTEXT_PACKAGE);
  if ((takes & (TAKES_WRITE | TAKES_STEPS)) != 0)
    g_option_context_add_main_entries (context, soft, GETTEXT_PACKAGE);
  if ((takes & TAKES_WRITE) != 0)
    g_option_context_add_main_entries (context, write, GETTEXT_PACKAGE);
  if ((takes & TAKES_STEPS) != 0)
    g_option_context_add_main_entries (context, steps, GETTEXT_PACKAGE);
  if ((takes & TAKES_FOLLOW) != 0)
    g_option_context_add_main_entries (context, follow, GETTEXT_PACKAGE);
}

static char *
list_verbs (void)
{
  GString *text = g_string_new (_("Verbs:\n"));

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *head = g_strdup_printf ("%s %s", verbs[i].name, verbs[i].usage);

      g_string_append_printf (text, "  %-32s %s\n", head, _(verbs[i].summary));
    }
  g_string_append (text, _("\n“optiflashctl VERB --help” shows a verb's options.\n\n"
                           "A DRIVE is /dev/sr0, /dev/sg0, a serial number, or practice:bu40n.\n\n"
                           "Exit status: 0 done, 1 failed and the drive is untouched, 2 usage or "
                           "unreadable file,\n3 refused by a check, 4 the drive needs recovery, "
                           "5 unknown, 6 no permission."));
  return g_string_free (text, FALSE);
}

/* Options before the verb. What follows is the verb's own business. */
static gboolean
parse_globals (OflCtl *ctl, char ***args, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_("VERB …"));
  g_autofree char *description = list_verbs ();

  g_option_context_set_summary (context, _("Reads, backs up, writes and verifies the firmware of "
                                           "optical drives."));
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  add_global_options (context, ctl);
  if (!g_option_context_parse_strv (context, args, error))
    return FALSE;
  if (g_strv_length (*args) >= 2)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _("What is to be done? “optiflashctl --help” shows the verbs."));
  return FALSE;
}

static gboolean
parse_verb (OflCtl *ctl, int verb, char ***args, GError **error)
{
  g_autofree char *parameters
      = g_strdup_printf ("%s %s", verbs[verb].name, verbs[verb].usage);
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  guint n;

  g_option_context_set_summary (context, _(verbs[verb].summary));
  add_global_options (context, ctl);
  add_verb_options (context, ctl, verbs[verb].takes);
  if (!g_option_context_parse_strv (context, args, error))
    return FALSE;
  n = g_strv_length (*args) - 2;
  if (n >= verbs[verb].least && n <= verbs[verb].most)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("Usage: optiflashctl %s %s"),
               verbs[verb].name, verbs[verb].usage);
  return FALSE;
}

static gboolean
read_choices (OflCtl *ctl, GError **error)
{
  ctl->choices = ofl_choices_new ();
  for (guint i = 0; ctl->sets != NULL && ctl->sets[i] != NULL; i++)
    {
      char *equals = strchr (ctl->sets[i], '=');

      if (equals == NULL || equals == ctl->sets[i])
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("“%s” is not of the form NAME=VALUE."), ctl->sets[i]);
          return FALSE;
        }
      *equals = '\0';
      ofl_choices_set (ctl->choices, ctl->sets[i], equals + 1);
    }
  return TRUE;
}

static gboolean
check_values (OflCtl *ctl, GError **error)
{
  if (ctl->transport != NULL && strcmp (ctl->transport, "auto") != 0
      && strcmp (ctl->transport, "cdio") != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("There is no transport “%s”. There are auto and cdio."), ctl->transport);
  else if (!(ctl->practice_speed >= 0 && ctl->practice_speed <= 1e6))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("The speed of practice drives is a number from 0 to 1000000."));
  else if (ctl->image < 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("Images are counted from 1."));
  else
    return read_choices (ctl, error);
  return FALSE;
}

static int
run (OflCtl *ctl, char ***args)
{
  g_autoptr (GError) error = NULL;
  int verb;

  if (!parse_globals (ctl, args, &error))
    return ofl_ctl_fail_error (ctl, error);
  verb = find_verb ((*args)[1]);
  if (verb < 0)
    {
      g_autofree char *what = g_strdup_printf (_("There is no verb “%s”."), (*args)[1]);

      return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, what,
                           _("“optiflashctl --help” shows the verbs."));
    }
  if (!parse_verb (ctl, verb, args, &error) || !check_values (ctl, &error))
    return ofl_ctl_fail_error (ctl, error);
  return verbs[verb].run (ctl, *args + 2);
}

static void
ctl_clear (OflCtl *ctl)
{
  g_clear_object (&ctl->monitor);
  if (ctl->client != NULL)
    ofl_client_flush (ctl->client);
  g_clear_object (&ctl->client);
  g_clear_pointer (&ctl->choices, ofl_choices_unref);
  g_strfreev (ctl->sets);
  g_free (ctl->finder);
  g_free (ctl->transport);
  g_free (ctl->state_dir);
  g_free (ctl->backup_dir);
  g_free (ctl->family);
  g_free (ctl->output);
  g_free (ctl->extract_dir);
  g_free (ctl->with);
}

int
main (int argc, char **argv)
{
  OflCtl ctl = { .practice_speed = 1 };
  g_auto (GStrv) args = NULL;
  int exit_status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, OFL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* a pipe that closes must not end a write */
  signal (SIGPIPE, SIG_IGN);

  args = g_strdupv (argv);
  exit_status = run (&ctl, &args);
  ctl_clear (&ctl);
  return exit_status;
}
