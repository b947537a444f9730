/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl log: jobs of the session service, listed or watched. */
#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "ctl-run.h"
#include "flash/ofl-journal.h"

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

static GPtrArray *
find_jobs (OflCtl *ctl, GError **error)
{
  OflClient *client = ofl_ctl_connect (ctl, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (client == NULL)
    return NULL;
  ofl_client_list_jobs_async (client, NULL, on_listed, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_client_list_jobs_finish (client, result, error);
}

static void
print_job (OflCtl *ctl, OflJob *job)
{
  g_autofree char *title = ofl_job_dup_title (job);
  const char *drive = ofl_client_job_get_drive (job);
  const char *path = ofl_client_job_get_path (job);
  const char *verdict = ofl_client_job_get_verdict (job);
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
  g_print ("%s  %s  %s\n", drive, running ? _("running") : verdict, title);
}

/* What no service knows any more: a crash, or a power cut. */
static void
print_unfinished (OflCtl *ctl)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (ctl->state_dir);

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);
      g_autofree char *text = ofl_unfinished_describe (job);
      JsonBuilder *builder;

      if (!ctl->json)
        {
          g_print ("%s\n  %s\n", text, job->path);
          continue;
        }
      builder = ofl_ctl_json_begin ("unfinished");
      ofl_ctl_json_string (builder, "drive", job->drive_id);
      ofl_ctl_json_string (builder, "text", text);
      ofl_ctl_json_string (builder, "journal", job->path);
      ofl_ctl_json_end (builder);
    }
}

static int
list (OflCtl *ctl, GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    print_job (ctl, g_ptr_array_index (jobs, i));
  print_unfinished (ctl);
  if (jobs->len == 0 && !ctl->json)
    g_print (_("No job runs in the Optiflash service, and none waits to be seen.\n"));
  return OFL_EXIT_DONE;
}

static gboolean
is_running (OflJob *job)
{
  return strcmp (ofl_client_job_get_verdict (job), ofl_verdict_id (OFL_VERDICT_NONE)) == 0;
}

/* The named drive's job, or the newest that runs, or the newest. */
static OflJob *
choose (GPtrArray *jobs, const char *drive)
{
  OflJob *newest = NULL;

  for (guint i = jobs->len; i > 0; i--)
    {
      OflJob *job = g_ptr_array_index (jobs, i - 1);

      if (drive != NULL && g_strcmp0 (ofl_client_job_get_drive (job), drive) != 0)
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
  g_autofree char *title = NULL;

  if (job == NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_FAILED,
                         drive != NULL ? _("No job of the Optiflash service is on this drive.")
                                       : _("No job runs in the Optiflash service."),
                         _("“optiflashctl log” lists the jobs there are."));
  if (!ctl->json)
    {
      title = ofl_job_dup_title (job);
      g_print ("%s\n", title);
    }
  return ofl_ctl_watch_job (ctl, job);
}

/**
 * ofl_ctl_log:
 * @ctl: the command line
 * @args: a drive, or nothing
 *
 * Lists the service's jobs, or, with --follow, shows one live until its end.
 *
 * Returns: exit status; with --follow that of the job's verdict
 */
int
ofl_ctl_log (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) jobs = find_jobs (ctl, &error);

  if (jobs == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return ctl->follow ? follow (ctl, jobs, args[0]) : list (ctl, jobs);
}
