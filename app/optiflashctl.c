/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: options, and which verb gets them. */
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "ctl-complete.h"
#include "ctl-options.h"
#include "ctl-output.h"
#include "ctl-terminal.h"
#include "ctl-unseen.h"
#include "ofl-config.h"

/* What a verb that works with a drive takes besides: how drives are found. */
#define OF_A_DRIVE (OFL_TAKES_DRIVES | OFL_TAKES_SPEED | OFL_TAKES_STATE)
#define OF_A_JOB (OF_A_DRIVE | OFL_TAKES_JOB | OFL_TAKES_FAMILY | OFL_TAKES_SET)

static const OflCtlVerbRow verbs[] = {
  { "list", ofl_ctl_list, 0, 0, OF_A_DRIVE, "", N_ ("the drives there are") },
  { "info", ofl_ctl_info, 1, 1, OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_SET, "DRIVE",
    N_ ("all that is known of a drive") },
  { "report", ofl_ctl_report, 1, 1,
    OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_REPORT | OFL_TAKES_OVERWRITE, "DRIVE",
    N_ ("everything that can be read of a drive, to be sent") },
  { "doctor", ofl_ctl_doctor, 1, 1,
    OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_SET | OFL_TAKES_BACKUP | OFL_TAKES_READ
        | OFL_TAKES_DEEP,
    "DRIVE", N_ ("is it broken? only reads, a disc that is in it, too") },
  { "families", ofl_ctl_families, 0, 1, OFL_TAKES_MARKDOWN, "[NAME]",
    N_ ("which drives are known, and what can be done with them") },
  { "inspect", ofl_ctl_inspect, 1, 1, OFL_TAKES_EXTRACT | OFL_TAKES_OVERWRITE, "FILE",
    N_ ("what a firmware file holds") },
  { "plan", ofl_ctl_plan, 2, 2,
    OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_SET | OFL_TAKES_IMAGE | OFL_TAKES_WARNINGS
        | OFL_TAKES_STEPS,
    "DRIVE FILE", N_ ("what a write would do; writes nothing") },
  { "preflight", ofl_ctl_preflight, 1, 2,
    OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_SET | OFL_TAKES_IMAGE | OFL_TAKES_WARNINGS
        | OFL_TAKES_BACKUP,
    "DRIVE [FILE]", N_ ("what is looked at before a write; writes nothing") },
  { "backup", ofl_ctl_backup, 1, 2, OF_A_JOB | OFL_TAKES_BACKUP | OFL_TAKES_OVERWRITE,
    "DRIVE [FILE]", N_ ("read the firmware twice, compare, store"), TRUE },
  { "backups", ofl_ctl_backups, 0, 1,
    OF_A_DRIVE | OFL_TAKES_BACKUP | OFL_TAKES_BACKUPS | OFL_TAKES_OVERWRITE, "[DRIVE|BACKUP]",
    N_ ("the backups that are stored") },
  { "flash", ofl_ctl_flash, 2, 2,
    OF_A_JOB | OFL_TAKES_IMAGE | OFL_TAKES_WARNINGS | OFL_TAKES_WRITE | OFL_TAKES_BACKUP,
    "DRIVE FILE", N_ ("back up, write, verify"), TRUE },
  { "restore", ofl_ctl_restore, 1, 2,
    OF_A_JOB | OFL_TAKES_WARNINGS | OFL_TAKES_WRITE | OFL_TAKES_BACKUP | OFL_TAKES_RESTORE,
    "DRIVE [BACKUP]", N_ ("write a drive's own backup back, as flash does"), TRUE },
  { "recover", ofl_ctl_recover, 1, 1,
    OF_A_JOB | OFL_TAKES_IMAGE | OFL_TAKES_WARNINGS | OFL_TAKES_WRITE | OFL_TAKES_BACKUP
        | OFL_TAKES_RESTORE | OFL_TAKES_RECOVER,
    "DRIVE", N_ ("bring a drive back whose write broke off"), TRUE },
  { "updater", ofl_ctl_updater, 2, 16,
    OF_A_JOB | OFL_TAKES_WARNINGS | OFL_TAKES_BACKUP | OFL_TAKES_UPDATER, "DRIVE EXE [FILE…]",
    N_ ("let the maker's own Windows program flash, watched"), TRUE },
  { "verify", ofl_ctl_verify, 2, 2, OF_A_JOB | OFL_TAKES_IMAGE, "DRIVE FILE",
    N_ ("compare what a drive holds with a file; writes nothing"), TRUE },
  { "link", ofl_ctl_link, 1, 1, OF_A_DRIVE | OFL_TAKES_FAMILY | OFL_TAKES_LONG, "DRIVE",
    N_ ("whether what the drive says arrives as it was sent; only reads") },
  { "log", ofl_ctl_log, 0, 1, OFL_TAKES_FOLLOW | OFL_TAKES_JOB | OFL_TAKES_STATE, "[DRIVE]",
    N_ ("jobs of the service, and writes that never ended") },
  { "history", ofl_ctl_history, 0, 1, OFL_TAKES_HISTORY | OFL_TAKES_STATE, "[DRIVE|TEXT]",
    N_ ("every job that a journal knows, with its verdict and proof") },
  { "practice", ofl_ctl_practice, 1, 5,
    OFL_TAKES_SPEED | OFL_TAKES_STATE | OFL_TAKES_BACKUP | OFL_TAKES_JOB | OFL_TAKES_OVERWRITE,
    "list|image|reset|demo", N_ ("drives that exist only in this program"), TRUE },
  { "tape", ofl_ctl_tape, 2, 3, OFL_TAKES_NOTHING, "show|compare|replay TAPE",
    N_ ("what was recorded between a program and a drive") },
};

static int
find_verb (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].name, name) == 0)
      return (int) i;
  return -1;
}

static char *
list_verbs (void)
{
  GString *text = g_string_new (_ ("Verbs:\n"));

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *head = g_strdup_printf ("%s %s", verbs[i].name, verbs[i].usage);

      g_string_append_printf (text, "  %-32s %s\n", head, _ (verbs[i].summary));
    }
  g_string_append (text, _ ("\n“optiflashctl VERB --help” shows a verb's options.\n\n"
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
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("VERB …"));
  g_autofree char *description = list_verbs ();

  g_option_context_set_summary (context, _ ("Reads, backs up, writes and verifies the firmware of "
                                            "optical drives."));
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  ofl_ctl_options_add_global (ctl, context);
  if (!g_option_context_parse_strv (context, args, error))
    return FALSE;
  if (g_strv_length (*args) >= 2)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               _ ("What is to be done? “optiflashctl --help” shows the verbs."));
  return FALSE;
}

/* What a verb's --help says below its options. */
static char *
describe_verb (int verb)
{
  if (strcmp (verbs[verb].name, "practice") == 0)
    return ofl_ctl_practice_help ();
  if (strcmp (verbs[verb].name, "tape") == 0)
    return ofl_ctl_tape_help ();
  if (strcmp (verbs[verb].name, "updater") == 0)
    return ofl_ctl_updater_help ();
  if (strcmp (verbs[verb].name, "link") == 0)
    return ofl_ctl_link_help ();
  if (strcmp (verbs[verb].name, "preflight") == 0)
    return ofl_ctl_preflight_help ();
  if ((verbs[verb].takes & OFL_TAKES_SET) != 0)
    return ofl_ctl_options_describe_choices ();
  return NULL;
}

static gboolean
parse_verb (OflCtl *ctl, int verb, char ***args, GError **error)
{
  g_autofree char *parameters = g_strdup_printf ("%s %s", verbs[verb].name, verbs[verb].usage);
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autofree char *description = describe_verb (verb);
  guint n;

  g_option_context_set_summary (context, _ (verbs[verb].summary));
  g_option_context_set_description (context, description);
  ofl_ctl_options_add (ctl, context, verbs[verb].takes);
  if (!ofl_ctl_options_parse (ctl, context, args, error))
    return FALSE;
  n = g_strv_length (*args) - 2;
  if (n >= verbs[verb].least && n <= verbs[verb].most)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("Usage: optiflashctl %s %s"),
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
                       _ ("“%s” is not of the form NAME=VALUE."), ctl->sets[i]);
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
                 _ ("There is no transport “%s”. There are auto and cdio."), ctl->transport);
  else if (!(ctl->practice_speed >= 0 && ctl->practice_speed <= 1e6))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _ ("The speed of practice drives is a number from 0 to 1000000."));
  else if (ctl->image != OFL_CTL_BEST_IMAGE && ctl->image < 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Images are counted from 1."));
  else
    return read_choices (ctl, error);
  return FALSE;
}

static int
fail_no_verb (OflCtl *ctl, const char *word)
{
  const char *names[G_N_ELEMENTS (verbs) + 1] = { NULL };
  const char *meant;
  g_autofree char *what = g_strdup_printf (_ ("There is no verb “%s”."), word);
  g_autofree char *next = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    names[i] = verbs[i].name;
  meant = ofl_ctl_closest (word, names);
  next = meant != NULL ? g_strdup_printf (_ ("Did you mean “%s”?"), meant)
                       : g_strdup (_ ("“optiflashctl --help” shows the verbs."));
  return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, what, next);
}

/* "help" is "--help", "help flash" is "flash --help". */
static void
turn_help_around (char ***args)
{
  const char *verb = (*args)[2];
  char *turned[] = { (*args)[0], (char *) (verb != NULL ? verb : "--help"),
                     (char *) (verb != NULL ? "--help" : NULL), NULL };
  char **copy = g_strdupv (turned);

  g_strfreev (*args);
  *args = copy;
}

static int
run (OflCtl *ctl, char ***args, gboolean *is_product)
{
  g_autoptr (GError) error = NULL;
  int verb;

  *is_product = TRUE;
  /* asked by shells only: not in --help */
  if ((*args)[0] != NULL && g_strcmp0 ((*args)[1], "--complete") == 0)
    return ofl_ctl_complete (verbs, G_N_ELEMENTS (verbs), *args + 2);
  if (!parse_globals (ctl, args, &error))
    return ofl_ctl_fail_error (ctl, error);
  if (strcmp ((*args)[1], "help") == 0)
    {
      turn_help_around (args);
      if (!parse_globals (ctl, args, &error))
        return ofl_ctl_fail_error (ctl, error);
    }
  verb = find_verb ((*args)[1]);
  if (verb < 0)
    return fail_no_verb (ctl, (*args)[1]);
  if (!parse_verb (ctl, verb, args, &error))
    {
      g_autofree char *advice = ofl_ctl_options_advise (verbs[verb].name, verbs[verb].takes, error);

      return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message, advice);
    }
  if (!check_values (ctl, &error))
    return ofl_ctl_fail_error (ctl, error);
  *is_product = !verbs[verb].is_job;
  ofl_ctl_unseen_tell (ctl);
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
  g_strfreev (ctl->arguments);
  g_free (ctl->tape);
  g_free (ctl->finder);
  g_free (ctl->transport);
  g_free (ctl->state_dir);
  g_free (ctl->backup_dir);
  g_free (ctl->family);
  g_free (ctl->output);
  g_free (ctl->read);
  g_free (ctl->extract_dir);
  g_free (ctl->export);
  g_free (ctl->file);
  g_free (ctl->with);
}

int
main (int argc, char **argv)
{
  OflCtl ctl = { .practice_speed = 1, .image = OFL_CTL_BEST_IMAGE, .show = OFL_CTL_NO_JOB };
  g_auto (GStrv) args = NULL;
  gboolean is_product;
  int exit_status;

  ofl_language_init (OFL_LOCALEDIR);
  ofl_ctl_terminal_init ();
  ofl_ctl_out_init ();

  args = ofl_ctl_terminal_arguments (argv);
  exit_status = run (&ctl, &args, &is_product);
  ctl_clear (&ctl);
  return ofl_ctl_out_finish (exit_status, is_product);
}
