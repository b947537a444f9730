/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: fields, reasons, images, the verdict, and why something could not be done. */
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "ctl-text.h"
#include "scsi/ofl-error.h"

#define NAME_WIDTH 14
#define PLAIN_COLUMNS 100

/* Words are not broken: a path stays one piece that can be copied. */
static void
print_wrapped (const char *text, guint indent, guint columns)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) out = g_string_new (NULL);
  guint at = indent;

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint width = ofl_ctl_text_width (words[i]);

      if (i > 0 && at + 1 + width > columns)
        {
          g_string_append_printf (out, "\n%*s", (int) indent, "");
          at = indent;
        }
      else if (i > 0)
        {
          g_string_append_c (out, ' ');
          at++;
        }
      g_string_append (out, words[i]);
      at += width;
    }
  g_print ("%s\n", out->str);
}

/**
 * ofl_ctl_print_field:
 * @name: what it is
 * @value: (nullable): its value; nothing is printed for %NULL or ""
 *
 * A name and a value in two columns, the value wrapped on a terminal.
 */
void
ofl_ctl_print_field (const char *name, const char *value)
{
  guint columns = ofl_ctl_columns (STDOUT_FILENO);
  guint width = ofl_ctl_text_width (name);
  g_autofree char *worded = ofl_ctl_words (value);

  if (worded == NULL || worded[0] == '\0')
    return;
  g_print ("  %s%*s", name, (int) (width < NAME_WIDTH ? NAME_WIDTH - width : 1), "");
  if (columns == 0)
    g_print ("%s\n", worded);
  else
    print_wrapped (worded, 2 + NAME_WIDTH, MIN (columns, PLAIN_COLUMNS));
}

/**
 * ofl_ctl_level_mark:
 * @level: how much something weighs
 *
 * Returns: a mark before a line, as the terminal can show it
 */
const char *
ofl_ctl_level_mark (OflLevel level)
{
  gboolean unicode = ofl_ctl_unicode ();

  switch (level)
    {
    case OFL_LEVEL_GREEN:
      return unicode ? "✓" : "ok";
    case OFL_LEVEL_YELLOW:
      return "!";
    case OFL_LEVEL_RED_SOFT:
    case OFL_LEVEL_RED:
    default:
      return unicode ? "✗" : "NO";
    }
}

/**
 * ofl_ctl_print_judgement:
 * @judgement: how a drive and an image match
 *
 * A line for each reason, and one for its remedy.
 */
void
ofl_ctl_print_judgement (const OflJudgement *judgement)
{
  for (guint i = 0; i < ofl_judgement_get_n_reasons (judgement); i++)
    {
      const OflReason *reason = ofl_judgement_get_reason (judgement, i);
      g_autofree char *sentence = ofl_ctl_words (reason->sentence);
      g_autofree char *remedy = ofl_ctl_words (reason->remedy);

      g_print ("  %s %s\n", ofl_ctl_level_mark (reason->level), sentence);
      if (remedy != NULL)
        g_print ("    %s\n", remedy);
    }
}

/**
 * ofl_ctl_print_image:
 * @image: an image
 * @number: its number in the file, from 1; 0 when that does not matter
 *
 * What a family's parser read in it, and its checks.
 */
void
ofl_ctl_print_image (const OflImage *image, guint number)
{
  const OflFamily *family = ofl_families_find (ofl_image_get_family (image));
  g_autofree char *title = ofl_image_describe (image);
  g_autofree char *known = ofl_known_image_find (ofl_image_get_hashes (image));
  GPtrArray *facts = ofl_image_list_facts (image);
  g_autofree char *size = NULL;
  gsize length;

  ofl_image_get_data (image, &length);
  size = g_strdup_printf (ngettext ("%zu byte", "%zu bytes", length), length);
  if (number > 0)
    g_print (_ ("Image %u: %s\n"), number, title);
  else
    g_print (_ ("Image: %s\n"), title);
  ofl_ctl_print_field (_ ("Family"), family != NULL ? ofl_family_name (family) : NULL);
  ofl_ctl_print_field (_ ("Size"), size);
  for (guint i = 0; i < facts->len; i++)
    ofl_ctl_print_field (_ (g_ptr_array_index (facts, i)),
                         ofl_image_show_fact (image, g_ptr_array_index (facts, i)));
  ofl_ctl_print_field (_ ("Hardware mark"), ofl_image_get_mark (image));
  ofl_ctl_print_field ("SHA-256", ofl_image_get_hashes (image)->sha256);
  ofl_ctl_print_field (_ ("Known as"), known);
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);
      g_autofree char *text = g_strdup_printf ("%s: %s, %s", ofl_image_check_title (check),
                                               _ (ofl_image_check_result_id (check->result)),
                                               check->detail);

      ofl_ctl_print_field (_ ("Check"), text);
    }
}

static void
print_result_json (const OflResult *result)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("result");

  ofl_ctl_json_string (builder, "verdict", ofl_verdict_id (result->verdict));
  ofl_ctl_json_int (builder, "exit", ofl_verdict_exit_status (result->verdict));
  ofl_ctl_json_string (builder, "what", result->what);
  ofl_ctl_json_string (builder, "meaning", result->meaning);
  ofl_ctl_json_string (builder, "next", result->next);
  ofl_ctl_json_string (builder, "technical", result->technical);
  ofl_ctl_json_string (builder, "proof", result->proof);
  ofl_ctl_json_string (builder, "backup", result->backup_path);
  ofl_ctl_json_string (builder, "journal", result->journal_path);
  ofl_ctl_json_string (builder, "revision_before", result->revision_before);
  ofl_ctl_json_string (builder, "revision_after", result->revision_after);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_print_result:
 * @ctl: the command line
 * @result: how a job ended
 *
 * The verdict: what happened, what it means, what to do next, and the proof.
 */
void
ofl_ctl_print_result (OflCtl *ctl, const OflResult *result)
{
  g_autofree char *revision = NULL;

  if (ctl->json)
    {
      print_result_json (result);
      return;
    }
  if (result->revision_before != NULL && result->revision_after != NULL)
    revision = g_strdup_printf (_ ("%s before, %s now"), result->revision_before,
                                result->revision_after);
  g_print ("\n%s %s\n",
           ofl_ctl_level_mark (ofl_verdict_is_success (result->verdict) ? OFL_LEVEL_GREEN
                                                                        : OFL_LEVEL_RED),
           ofl_verdict_title (result->verdict));
  ofl_ctl_print_field (_ ("What happened"), result->what);
  ofl_ctl_print_field (_ ("Meaning"), result->meaning);
  ofl_ctl_print_field (_ ("Next"), result->next);
  ofl_ctl_print_field (_ ("Proof"), result->proof);
  ofl_ctl_print_field (_ ("Revision"), revision);
  ofl_ctl_print_field (_ ("Backup"), result->backup_path);
  ofl_ctl_print_field (_ ("Journal"), result->journal_path);
  ofl_ctl_print_field (_ ("Technical"), result->technical);
}

/**
 * ofl_ctl_fail:
 * @ctl: the command line
 * @exit_status: what the program will end with
 * @what: what happened, a sentence
 * @next: (nullable): what to do
 *
 * Returns: @exit_status
 */
int
ofl_ctl_fail (OflCtl *ctl, OflExit exit_status, const char *what, const char *next)
{
  g_autofree char *worded = NULL;
  g_autofree char *worded_next = NULL;

  if (ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("error");

      ofl_ctl_json_int (builder, "exit", exit_status);
      ofl_ctl_json_string (builder, "what", what);
      ofl_ctl_json_string (builder, "next", next);
      ofl_ctl_json_end (builder);
      return exit_status;
    }
  worded = ofl_ctl_words (what);
  worded_next = ofl_ctl_words (next);
  g_printerr ("optiflashctl: %s\n", worded);
  if (worded_next != NULL)
    g_printerr ("  %s\n", worded_next);
  return exit_status;
}

static OflExit
exit_status_of (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return OFL_EXIT_USAGE;
  if (error->domain != OFL_ERROR)
    return OFL_EXIT_FAILED;
  switch ((OflError) error->code)
    {
    case OFL_ERROR_NO_ACCESS:
      return OFL_EXIT_PERMISSION;
    case OFL_ERROR_BAD_FILE:
      return OFL_EXIT_USAGE;
    case OFL_ERROR_NOT_SUPPORTED:
    case OFL_ERROR_WRONG_IMAGE:
    case OFL_ERROR_NOT_READY:
    case OFL_ERROR_NO_BACKUP:
    case OFL_ERROR_GARBLED:
      return OFL_EXIT_REFUSED;
    case OFL_ERROR_FAILED:
    case OFL_ERROR_BUSY:
    case OFL_ERROR_TIMEOUT:
    case OFL_ERROR_LOST:
    case OFL_ERROR_REJECTED:
    case OFL_ERROR_MISMATCH:
    default:
      return OFL_EXIT_FAILED;
    }
}

/**
 * ofl_ctl_fail_error:
 * @ctl: the command line
 * @error: why; its message is a sentence
 *
 * Returns: the exit status that belongs to it
 */
int
ofl_ctl_fail_error (OflCtl *ctl, const GError *error)
{
  return ofl_ctl_fail (ctl, exit_status_of (error), error->message, NULL);
}

/* A drive that is in use: by a job of the service, which can be named and watched, or by others. */
static int
fail_busy (OflCtl *ctl, OflDrive *drive, const GError *error)
{
  g_autoptr (OflJob) job = ofl_ctl_find_running_job (ctl, ofl_drive_get_id (drive));
  const char *title = job != NULL ? ofl_job_get_title (job) : NULL;
  g_autofree char *what = NULL;

  if (job == NULL)
    return ofl_ctl_fail_error (ctl, error);
  what = g_strdup_printf (_ ("A job runs on this drive already: %s. Wait until it has ended."),
                          title);
  return ofl_ctl_fail (ctl, exit_status_of (error), what,
                       _ ("“optiflashctl log --follow” shows it."));
}

/**
 * ofl_ctl_check_usable:
 * @ctl: the command line
 * @drive: a drive that has been looked at
 * @exit_status: (out): what to end with when it is not
 *
 * Says what is missing, and the line that mends it, when nothing is known of the drive.
 *
 * Returns: whether the drive has answered
 */
gboolean
ofl_ctl_check_usable (OflCtl *ctl, OflDrive *drive, int *exit_status)
{
  OflAccess access = ofl_drive_get_access (drive);
  const GError *error = ofl_drive_get_error (drive);

  if (ofl_drive_get_snapshot (drive) != NULL)
    return TRUE;
  if (access != OFL_ACCESS_USABLE)
    {
      g_autofree char *remedy = ofl_access_remedy (access, NULL);

      *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_PERMISSION, ofl_access_sentence (access), remedy);
    }
  else if (g_error_matches (error, OFL_ERROR, OFL_ERROR_BUSY))
    *exit_status = fail_busy (ctl, drive, error);
  else if (error != NULL)
    *exit_status = ofl_ctl_fail_error (ctl, error);
  else
    *exit_status
        = ofl_ctl_fail (ctl, OFL_EXIT_FAILED, _ ("The drive could not be looked at."), NULL);
  return FALSE;
}
