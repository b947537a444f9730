/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl history: every job that a journal knows. */
#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "flash/ofl-history.h"
#include "flash/ofl-mask.h"

typedef struct {
  OflCtl *ctl;
  GPtrArray *jobs;
  GPtrArray *secrets; /* nothing in it unless serials are to be masked */
} History;

/* As it may be shown. */
static char *
masked (const History *history, const char *text)
{
  char *copy = g_strdup (text);

  ofl_mask_apply (history->secrets, (guint8 *) copy, strlen (copy));
  return copy;
}

static void
print_field (const History *history, const char *name, const char *value)
{
  g_autofree char *shown = masked (history, value);

  ofl_ctl_print_field (name, shown);
}

static void
add_string (const History *history, JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *shown = masked (history, value);

  ofl_ctl_json_string (builder, name, shown);
}

/* The number comes first: --show takes it. */
static void
print_job (const History *history, const OflPastJob *job)
{
  g_autofree char *title = ofl_past_job_title (job);
  g_autofree char *shown = masked (history, title);
  g_autofree char *outcome = ofl_past_job_outcome (job);
  g_autofree char *backup = ofl_past_job_say_backup (job);
  g_autofree char *damaged = ofl_past_job_say_damaged (job);

  g_print ("%u. %s\n", job->number, shown);
  print_field (history, _ ("Serial"), job->job->serial);
  print_field (history, _ ("Image"), ofl_past_job_image (job));
  print_field (history, _ ("Verdict"), outcome);
  print_field (history, _ ("What happened"), job->what);
  print_field (history, _ ("Proof"), job->proof);
  print_field (history, _ ("Backup"), backup);
  print_field (history, _ ("Evidence"), job->evidence);
  print_field (history, _ ("Journal"), damaged);
}

static JsonBuilder *
begin_json (const History *history, const OflPastJob *job)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("past-job");
  const OflUnfinished *about = job->job;
  g_autofree char *outcome = ofl_past_job_outcome (job);

  ofl_ctl_json_int (builder, "number", job->number);
  ofl_ctl_json_string (builder, "place", ofl_past_place_id (job->place));
  ofl_ctl_json_string (builder, "state", ofl_past_state_id (job->state));
  ofl_ctl_json_string (builder, "kind", job->kind);
  ofl_ctl_json_string (builder, "began", about->began);
  ofl_ctl_json_string (builder, "ended", job->ended);
  add_string (history, builder, "name", about->drive);
  add_string (history, builder, "drive", about->drive_id);
  add_string (history, builder, "serial", about->serial);
  add_string (history, builder, "revision", about->revision);
  add_string (history, builder, "image", ofl_past_job_image (job));
  ofl_ctl_json_string (builder, "image_sha256", about->image_sha256);
  ofl_ctl_json_string (builder, "verdict", job->verdict);
  ofl_ctl_json_string (builder, "stage", ofl_unfinished_stage_id (about->stage));
  add_string (history, builder, "outcome", outcome);
  add_string (history, builder, "what", job->what);
  add_string (history, builder, "proof", job->proof);
  add_string (history, builder, "technical", job->technical);
  add_string (history, builder, "backup", about->backup_path);
  if (*about->backup_path != '\0')
    ofl_ctl_json_bool (builder, "backup_there", about->backup_there);
  add_string (history, builder, "evidence", job->evidence);
  add_string (history, builder, "journal", about->path);
  ofl_ctl_json_int (builder, "damaged_lines", about->damaged);
  return builder;
}

static const char *
place_title (OflPastPlace place)
{
  switch (place)
    {
    case OFL_PAST_REAL:
      return _ ("Drives of this computer");
    case OFL_PAST_PRACTICE:
      return _ ("Practice drives");
    case OFL_PAST_NOWHERE:
    default:
      return _ ("Drives that their journal no longer names");
    }
}

static guint
print_place (const History *history, OflPastPlace place, const char *text, guint before)
{
  guint n = 0;

  for (guint i = 0; i < history->jobs->len; i++)
    {
      const OflPastJob *job = g_ptr_array_index (history->jobs, i);

      if (job->place != place || (text != NULL && !ofl_past_job_matches (job, text)))
        continue;
      if (history->ctl->json)
        ofl_ctl_json_end (begin_json (history, job));
      else
        {
          if (n == 0)
            g_print ("%s%s\n\n", before > 0 ? "\n" : "", place_title (place));
          print_job (history, job);
        }
      n++;
    }
  return n;
}

static int
list (const History *history, const char *text)
{
  guint n = 0;

  for (OflPastPlace place = OFL_PAST_REAL; place <= OFL_PAST_NOWHERE; place++)
    n += print_place (history, place, text, n);
  if (n > 0)
    return OFL_EXIT_DONE;
  if (text != NULL && history->jobs->len > 0)
    return ofl_ctl_fail (history->ctl, OFL_EXIT_FAILED, _ ("No job is found by that."),
                         _ ("“optiflashctl history” lists all jobs that a journal knows."));
  if (!history->ctl->json)
    g_print (_ ("No journal knows of a job.\n"));
  return OFL_EXIT_DONE;
}

static int
show (const History *history, int number)
{
  const OflPastJob *job = NULL;
  g_autofree char *report = NULL;
  g_autofree char *shown = NULL;

  for (guint i = 0; i < history->jobs->len; i++)
    if (((OflPastJob *) g_ptr_array_index (history->jobs, i))->number == (guint) number)
      job = g_ptr_array_index (history->jobs, i);
  if (job == NULL || number < 1)
    return ofl_ctl_fail (history->ctl, OFL_EXIT_USAGE, _ ("There is no job of this number."),
                         _ ("“optiflashctl history” lists all jobs that a journal knows."));
  report = ofl_past_job_report (job);
  shown = masked (history, report);
  if (history->ctl->json)
    {
      JsonBuilder *builder = begin_json (history, job);

      ofl_ctl_json_string (builder, "text", shown);
      ofl_ctl_json_end (builder);
    }
  else
    g_print ("%s", shown);
  return OFL_EXIT_DONE;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_history_read (data), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

static GPtrArray *
read_jobs (OflCtl *ctl)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_read, &result);

  g_task_set_task_data (task, g_strdup (ctl->state_dir), g_free);
  g_task_run_in_thread (task, read_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * ofl_ctl_history:
 * @ctl: the command line
 * @args: a drive or a text to look for, or nothing
 *
 * Lists the jobs that a journal knows, those of practice drives apart; or shows one of them with its
 * journal.
 *
 * Returns: exit status
 */
int
ofl_ctl_history (OflCtl *ctl, char **args)
{
  g_autoptr (GPtrArray) jobs = read_jobs (ctl);
  g_autoptr (GPtrArray) secrets = ofl_mask_new ();
  const History history = { ctl, jobs, secrets };

  if (ctl->show != OFL_CTL_NO_JOB && args[0] != NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("--show takes a job's number and nothing else."),
                         _ ("“optiflashctl history” lists the jobs with their numbers."));
  for (guint i = 0; ctl->mask && i < jobs->len; i++)
    ofl_past_job_add_secrets (g_ptr_array_index (jobs, i), secrets);
  return ctl->show != OFL_CTL_NO_JOB ? show (&history, ctl->show) : list (&history, args[0]);
}
