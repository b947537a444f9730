/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl log: jobs of the session service, listed or watched. */
#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "ctl-run.h"
#include "ctl-unfinished.h"

static void
print_job (OflCtl *ctl, OflJob *job)
{
  const char *title = ofl_job_get_title (job);
  const char *drive = ofl_job_get_drive (job);
  const char *path = ofl_job_get_path (job);
  const char *verdict = ofl_job_get_verdict (job);
  gboolean running = strcmp (verdict, ofl_verdict_id (OFL_VERDICT_NONE)) == 0;

  if (ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("job");

      ofl_ctl_json_string (builder, "path", path);
      ofl_ctl_json_string (builder, "drive", drive);
      ofl_ctl_json_string (builder, "title", title);
      ofl_ctl_json_bool (builder, "running", running);
      ofl_ctl_json_string (builder, "verdict", verdict);
      ofl_ctl_json_end (builder);
      return;
    }
  g_print ("%s  %s  %s\n", drive, running ? _ ("running") : verdict, title);
}

/* What no service knows any more: a crash, or a power cut. */
static guint
print_unfinished (OflCtl *ctl, const char *drive)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (ctl->state_dir);
  guint n = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);

      if (drive != NULL && strcmp (job->drive_id, drive) != 0 && strcmp (job->serial, drive) != 0)
        continue;
      ofl_ctl_print_unfinished (ctl, job, i + 1, job->drive_id, g_print);
      n++;
    }
  return n;
}

static int
no_job (OflCtl *ctl, const char *drive)
{
  return ofl_ctl_fail (ctl, OFL_EXIT_FAILED,
                       drive != NULL ? _ ("No job of the Optiflash service is on this drive.")
                                     : _ ("No job runs in the Optiflash service."),
                       _ ("“optiflashctl log” lists the jobs there are."));
}

static int
list (OflCtl *ctl, GPtrArray *jobs, const char *drive)
{
  guint n = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      OflJob *job = g_ptr_array_index (jobs, i);

      if (drive != NULL && g_strcmp0 (ofl_job_get_drive (job), drive) != 0)
        continue;
      print_job (ctl, job);
      n++;
    }
  n += print_unfinished (ctl, drive);
  if (n == 0 && drive != NULL)
    return no_job (ctl, drive);
  if (n == 0 && !ctl->json)
    g_print (_ ("No job runs in the Optiflash service, and none waits to be seen.\n"));
  return OFL_EXIT_DONE;
}

static gboolean
is_running (OflJob *job)
{
  return strcmp (ofl_job_get_verdict (job), ofl_verdict_id (OFL_VERDICT_NONE)) == 0;
}

/* The named drive's job, or the newest that runs, or the newest. */
static OflJob *
choose (GPtrArray *jobs, const char *drive)
{
  OflJob *newest = NULL;

  for (guint i = jobs->len; i > 0; i--)
    {
      OflJob *job = g_ptr_array_index (jobs, i - 1);

      if (drive != NULL && g_strcmp0 (ofl_job_get_drive (job), drive) != 0)
        continue;
      if (newest == NULL || (is_running (job) && !is_running (newest)))
        newest = job;
    }
  return newest;
}

static int
follow (OflCtl *ctl, GPtrArray *jobs, const char *drive)
{
  OflJob *job = choose (jobs, drive);

  if (job == NULL)
    return no_job (ctl, drive);
  if (!ctl->json)
    g_print ("%s\n", ofl_job_get_title (job));
  return ofl_ctl_watch_job (ctl, job);
}

/**
 * ofl_ctl_log:
 * @ctl: the command line
 * @args: a drive, or nothing; with --dismiss a number, a drive or "all"
 *
 * Lists the service's jobs and writes that never ended; with --follow, shows one live until its
 * end; with --dismiss, ends the reminder of such a write.
 *
 * Returns: exit status; with --follow that of the job's verdict
 */
int
ofl_ctl_log (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) jobs = NULL;

  if (ctl->dismiss)
    return ofl_ctl_dismiss_unfinished (ctl, args[0]);
  jobs = ofl_ctl_list_jobs (ctl, &error);
  if (jobs == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return ctl->follow ? follow (ctl, jobs, args[0]) : list (ctl, jobs, args[0]);
}
