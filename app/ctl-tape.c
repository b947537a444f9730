/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl tape: what was recorded between a program and a drive. No real drive is asked. */
#include "ctl-tape.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "updater/ofl-tape-compare.h"
#include "updater/ofl-tape-shapes.h"

#define SHOWN_OF_HASH 12

/**
 * ofl_ctl_tape_say_entry:
 * @entry: a command and its answer
 *
 * Returns: (transfer full): both in one line, with the beginning of its data's hash
 */
char *
ofl_ctl_tape_say_entry (const OflTapeEntry *entry)
{
  g_autofree char *words = ofl_tape_describe_command (&entry->command);
  g_autofree char *cdb = ofl_command_format (&entry->command);
  g_autofree char *answer = ofl_reply_format (&entry->reply);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%s; CDB %s; ", words, cdb);
  if (*entry->sha256 != '\0')
    g_string_append_printf (line, "SHA-256 %.*s…; ", SHOWN_OF_HASH, entry->sha256);
  g_string_append (line, answer);
  return g_string_free (line, FALSE);
}

static OflTape *
load (const char *path, GError **error)
{
  g_autoptr (GFile) file = ofl_file_for_argument (path);

  return ofl_tape_load (file, NULL, error);
}

/* "13  WRITE BUFFER …", or that the tape ends there */
static char *
say_place (const OflTape *tape, guint index)
{
  g_autofree char *words = NULL;

  if (index >= ofl_tape_get_n_entries (tape))
    return g_strdup (_ ("the tape ends"));
  words = ofl_ctl_tape_say_entry (ofl_tape_get_entry (tape, index));
  return g_strdup_printf ("%u  %s", index + 1, words);
}

static void
print_comparison_json (const OflTape *a, const OflTape *b, const OflTapeComparison *found)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("comparison");
  g_autofree char *of_a = say_place (a, found->a);
  g_autofree char *of_b = say_place (b, found->b);
  gboolean same = found->difference == OFL_TAPE_SAME;

  ofl_ctl_json_bool (builder, "same", same);
  ofl_ctl_json_string (builder, "difference", ofl_tape_difference_id (found->difference));
  ofl_ctl_json_int (builder, "alike", found->alike);
  ofl_ctl_json_int (builder, "a", (gint64) found->a + 1);
  ofl_ctl_json_int (builder, "b", (gint64) found->b + 1);
  ofl_ctl_json_string (builder, "a_command", same ? NULL : of_a);
  ofl_ctl_json_string (builder, "b_command", same ? NULL : of_b);
  ofl_ctl_json_string (builder, "a_end", ofl_tape_end_id (ofl_tape_get_end (a)));
  ofl_ctl_json_string (builder, "b_end", ofl_tape_end_id (ofl_tape_get_end (b)));
  ofl_ctl_json_string (builder, "what", ofl_tape_difference_title (found->difference));
  ofl_ctl_json_end (builder);
}

/* What two tapes have in common ends where one of them does. */
static void
tell_broken_off (const OflTape *tape, const char *name)
{
  if (ofl_tape_get_end (tape) == OFL_TAPE_BROKE_OFF)
    g_print ("%s: %s\n", name, ofl_tape_end_title (OFL_TAPE_BROKE_OFF));
}

static void
print_comparison (const OflTape *a, const OflTape *b, const OflTapeComparison *found)
{
  g_autofree char *of_a = say_place (a, found->a);
  g_autofree char *of_b = say_place (b, found->b);

  if (found->difference == OFL_TAPE_SAME)
    {
      g_print (ngettext ("The same conversation: %u exchange is the same.\n",
                         "The same conversation: %u exchanges are the same.\n", found->alike),
               found->alike);
      return;
    }
  g_print (ngettext ("%u exchange is the same, then the tapes differ. %s\n",
                     "%u exchanges are the same, then the tapes differ. %s\n", found->alike),
           found->alike, ofl_tape_difference_title (found->difference));
  if (found->a > 0)
    {
      g_autofree char *before = say_place (a, found->a - 1);

      ofl_ctl_print_field (_ ("Before"), before);
    }
  ofl_ctl_print_field ("A", of_a);
  ofl_ctl_print_field ("B", of_b);
}

static int
compare (OflCtl *ctl, char **files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) a = load (files[0], &error);
  g_autoptr (OflTape) b = a != NULL ? load (files[1], &error) : NULL;
  OflTapeComparison found;

  if (b == NULL)
    return ofl_ctl_fail_error (ctl, error);
  found = ofl_tape_compare (a, b);
  if (ctl->json)
    print_comparison_json (a, b, &found);
  else
    {
      print_comparison (a, b, &found);
      tell_broken_off (a, "A");
      tell_broken_off (b, "B");
    }
  return found.difference == OFL_TAPE_SAME ? OFL_EXIT_DONE : OFL_EXIT_FAILED;
}

static int
with_one (OflCtl *ctl, const char *action, const char *path, const char *practice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTape) tape = load (path, &error);

  if (tape == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return strcmp (action, "show") == 0 ? ofl_ctl_tape_show (ctl, tape)
                                      : ofl_ctl_tape_replay (ctl, tape, practice);
}

/**
 * ofl_ctl_tape_help:
 *
 * Returns: (transfer full): what follows "tape", explained
 */
char *
ofl_ctl_tape_help (void)
{
  return g_strdup (_ (
      "  show TAPE                  who talked to whom, what was sent, and what nobody has a name for\n"
      "  compare TAPE TAPE          where two conversations part; 0: nowhere, 1: they do\n"
      "  replay TAPE [practice:ID]  play it to the drive that is made from it, or to a practice drive;\n"
      "                             0: every command was answered as recorded, 1: not so, 3: the tape\n"
      "                             has not all that it takes\n"));
}

/**
 * ofl_ctl_tape:
 * @ctl: the command line
 * @args: show TAPE, compare TAPE TAPE or replay TAPE [practice:ID]
 *
 * Returns: exit status
 */
int
ofl_ctl_tape (OflCtl *ctl, char **args)
{
  guint n = g_strv_length (args);

  if (strcmp (args[0], "show") == 0 && n == 2)
    return with_one (ctl, args[0], args[1], NULL);
  if (strcmp (args[0], "replay") == 0)
    return with_one (ctl, args[0], args[1], args[2]);
  if (strcmp (args[0], "compare") == 0 && n == 3)
    return compare (ctl, args + 1);
  return ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                       _ ("tape is followed by one of: show TAPE, compare TAPE TAPE, replay TAPE "
                          "[practice:ID]."),
                       NULL);
}
