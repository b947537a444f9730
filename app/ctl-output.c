/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: fields, reasons, images, the verdict, and why something could not be done. */
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

#define NAME_WIDTH 14
#define PLAIN_COLUMNS 100
#define FEWEST_COLUMNS 40

/**
 * ofl_ctl_columns:
 * @fd: a terminal's descriptor
 *
 * Returns: its width in characters, 0 when it is no terminal
 */
guint
ofl_ctl_columns (int fd)
{
  struct winsize size;

  if (!isatty (fd))
    return 0;
  if (ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return MAX (size.ws_col, FEWEST_COLUMNS);
}

/**
 * ofl_ctl_unicode:
 *
 * Returns: whether the terminal can be expected to show more than ASCII
 */
gboolean
ofl_ctl_unicode (void)
{
  return g_get_charset (NULL);
}

static guint
width_of (const char *text)
{
  return (guint) g_utf8_strlen (text, -1);
}

/* Words are not broken: a path stays one piece that can be copied. */
static void
print_wrapped (const char *text, guint indent, guint columns)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint at = indent;

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint width = width_of (words[i]);

      if (i > 0 && at + 1 + width > columns)
        {
          g_print ("\n%*s", (int) indent, "");
          at = indent;
        }
      else if (i > 0)
        {
          g_print (" ");
          at++;
        }
      g_print ("%s", words[i]);
      at += width;
    }
  g_print ("\n");
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
  guint width = width_of (name);

  if (value == NULL || value[0] == '\0')
    return;
  g_print ("  %s%*s", name, (int) (width < NAME_WIDTH ? NAME_WIDTH - width : 1), "");
  if (columns == 0)
    g_print ("%s\n", value);
  else
    print_wrapped (value, 2 + NAME_WIDTH, MIN (columns, PLAIN_COLUMNS));
}

static const char *
level_mark (OflLevel level)
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

      g_print ("  %s %s\n", level_mark (reason->level), reason->sentence);
      if (reason->remedy != NULL)
        g_print ("    %s\n", reason->remedy);
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
  size = g_strdup_printf (_("%" G_GSIZE_FORMAT " bytes"), length);
  if (number > 0)
    g_print (_("Image %u: %s\n"), number, title);
  else
    g_print (_("Image: %s\n"), title);
  ofl_ctl_print_field (_("Family"), family != NULL ? ofl_family_name (family) : NULL);
  ofl_ctl_print_field (_("Size"), size);
  for (guint i = 0; i < facts->len; i++)
    ofl_ctl_print_field (g_ptr_array_index (facts, i),
                         ofl_image_get_fact (image, g_ptr_array_index (facts, i)));
  ofl_ctl_print_field (_("Hardware mark"), ofl_image_get_mark (image));
  ofl_ctl_print_field ("SHA-256", ofl_image_get_hashes (image)->sha256);
  ofl_ctl_print_field (_("Known as"), known);
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    {
      const OflImageCheck *check = ofl_image_get_check (image, i);
      g_autofree char *text = g_strdup_printf ("%s: %s, %s", check->name,
                                               ofl_image_check_result_id (check->result),
                                               check->detail);

      ofl_ctl_print_field (_("Check"), text);
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
    revision = g_strdup_printf (_("%s before, %s now"), result->revision_before,
                                result->revision_after);
  g_print ("\n%s %s\n", level_mark (ofl_verdict_is_success (result->verdict) ? OFL_LEVEL_GREEN
                                                                             : OFL_LEVEL_RED),
           _(ofl_verdict_title (result->verdict)));
  ofl_ctl_print_field (_("What happened"), result->what);
  ofl_ctl_print_field (_("Meaning"), result->meaning);
  ofl_ctl_print_field (_("Next"), result->next);
  ofl_ctl_print_field (_("Proof"), result->proof);
  ofl_ctl_print_field (_("Revision"), revision);
  ofl_ctl_print_field (_("Backup"), result->backup_path);
  ofl_ctl_print_field (_("Journal"), result->journal_path);
  ofl_ctl_print_field (_("Technical"), result->technical);
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
  if (ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("error");

      ofl_ctl_json_int (builder, "exit", exit_status);
      ofl_ctl_json_string (builder, "what", what);
      ofl_ctl_json_string (builder, "next", next);
      ofl_ctl_json_end (builder);
      return exit_status;
    }
  g_printerr ("optiflashctl: %s\n", what);
  if (next != NULL)
    g_printerr ("  %s\n", next);
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
  else if (error != NULL)
    *exit_status = ofl_ctl_fail_error (ctl, error);
  else
    *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_FAILED, _("The drive could not be looked at."), NULL);
  return FALSE;
}
