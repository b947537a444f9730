/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A write that began and never ended is told before anything else is done with its drive. */
#include "ctl-unfinished.h"

#include <glib/gi18n.h>

#include "ctl-output.h"

/* What goes on from there, as a command that can be typed. */
static char *
next_command (const OflUnfinished *job, const char *drive)
{
  if (*drive == '\0')
    drive = _ ("DRIVE");
  switch (job->stage)
    {
    case OFL_UNFINISHED_WRITTEN:
      return g_strdup_printf ("optiflashctl verify %s %s", drive, _ ("FILE"));
    case OFL_UNFINISHED_READING:
      return g_strdup_printf ("optiflashctl flash %s %s", drive, _ ("FILE"));
    case OFL_UNFINISHED_BEGUN:
    case OFL_UNFINISHED_DANGER:
    default:
      return g_strdup_printf ("optiflashctl recover %s", drive);
    }
}

static void
print_json (const OflUnfinished *job, guint number, const char *text, const char *next)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("unfinished");

  ofl_ctl_json_int (builder, "number", number);
  ofl_ctl_json_string (builder, "drive", job->drive_id);
  ofl_ctl_json_string (builder, "name", job->drive);
  ofl_ctl_json_string (builder, "serial", job->serial);
  ofl_ctl_json_string (builder, "image", job->image);
  ofl_ctl_json_string (builder, "began", job->began);
  ofl_ctl_json_string (builder, "stage", ofl_unfinished_stage_id (job->stage));
  ofl_ctl_json_string (builder, "text", text);
  ofl_ctl_json_string (builder, "next", next);
  ofl_ctl_json_string (builder, "backup", job->backup_path);
  ofl_ctl_json_string (builder, "journal", job->path);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_print_unfinished:
 * @ctl: the command line
 * @job: an unfinished job
 * @number: its number for --dismiss
 * @drive: where its drive is now
 * @print: where text goes
 *
 * What was going on, the command that goes on from there, and the one that ends the reminder.
 */
void
ofl_ctl_print_unfinished (OflCtl *ctl, const OflUnfinished *job, guint number, const char *drive,
                          OflCtlPrint print)
{
  g_autofree char *text = ofl_unfinished_describe (job);
  g_autofree char *next = next_command (job, drive);

  if (ctl->json)
    {
      print_json (job, number, text, next);
      return;
    }
  print ("%u. %s\n", number, text);
  print (_ ("   To go on: %s\n"), next);
  print (_ ("   When it has been seen to: optiflashctl log --dismiss %u\n"), number);
  print (_ ("   Journal: %s\n"), job->path);
}

static gboolean
is_of (const OflUnfinished *job, OflDrive *drive)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);

  return ofl_unfinished_is_of (job, snapshot != NULL ? ofl_snapshot_identity (snapshot) : NULL,
                               ofl_drive_get_id (drive));
}

/**
 * ofl_ctl_tell_unfinished:
 * @ctl: the command line
 * @drive: (nullable): a drive that has been looked at; %NULL: of every drive
 *
 * Tells of writes to this drive that never ended: on the standard error, so that what a verb prints
 * stays as it is, or as objects before all others with --json.
 */
void
ofl_ctl_tell_unfinished (OflCtl *ctl, OflDrive *drive)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (ctl->state_dir);
  gboolean told = FALSE;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);

      if (drive != NULL && !is_of (job, drive))
        continue;
      if (!told && !ctl->json)
        g_printerr (_ ("optiflashctl: An earlier job never ended.\n"));
      told = TRUE;
      ofl_ctl_print_unfinished (ctl, job, i + 1,
                                drive != NULL ? ofl_drive_get_id (drive) : job->drive_id,
                                g_printerr);
    }
  if (told && !ctl->json)
    g_printerr ("\n");
}

static gboolean
parse_number (const char *text, guint n, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, MAX (n, 1), &value, NULL) || value > n)
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
is_meant (const OflUnfinished *job, guint number, const char *which, guint n)
{
  guint wanted;

  if (which == NULL)
    return n == 1;
  if (g_str_equal (which, "all"))
    return TRUE;
  if (parse_number (which, n, &wanted))
    return wanted == number;
  return g_str_equal (which, job->drive_id)
         || (*job->serial != '\0' && g_str_equal (which, job->serial));
}

static int
none_meant (OflCtl *ctl, GPtrArray *jobs)
{
  if (jobs->len == 0)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("There is no write that never ended."), NULL);
  return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("It is not clear which one is meant."),
                       _ ("“optiflashctl log” lists them; name one by its number or its drive, or "
                          "say “all”."));
}

/**
 * ofl_ctl_dismiss_job:
 * @ctl: the command line
 * @job: a job that never ended
 *
 * Marks this one as seen to, and says so.
 *
 * Returns: exit status
 */
int
ofl_ctl_dismiss_job (OflCtl *ctl, const OflUnfinished *job)
{
  g_autoptr (GError) error = NULL;
  JsonBuilder *builder;

  if (!ofl_journal_dismiss (job->path, &error))
    return ofl_ctl_fail_error (ctl, error);
  if (!ctl->json)
    {
      g_print (_ ("Dismissed: the write to %s. Its journal stays: %s\n"), job->drive, job->path);
      return OFL_EXIT_DONE;
    }
  builder = ofl_ctl_json_begin ("dismissed");
  ofl_ctl_json_string (builder, "journal", job->path);
  ofl_ctl_json_end (builder);
  return OFL_EXIT_DONE;
}

/**
 * ofl_ctl_dismiss_unfinished:
 * @ctl: the command line
 * @which: (nullable): a number, a drive or "all"; %NULL: the only one
 *
 * Marks unfinished jobs as seen to, so that they are not told again.
 *
 * Returns: exit status
 */
int
ofl_ctl_dismiss_unfinished (OflCtl *ctl, const char *which)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (ctl->state_dir);
  guint dismissed = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);
      int exit_status;

      if (!is_meant (job, i + 1, which, jobs->len))
        continue;
      exit_status = ofl_ctl_dismiss_job (ctl, job);
      if (exit_status != OFL_EXIT_DONE)
        return exit_status;
      dismissed++;
    }
  return dismissed > 0 ? OFL_EXIT_DONE : none_meant (ctl, jobs);
}
