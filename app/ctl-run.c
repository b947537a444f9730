/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one job on the main loop. Nothing here waits for the drive: the job's worker does. */
#include "ctl-run.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "ctl-view.h"

#define UPDATE_MS 50

typedef struct {
  OflCtl *ctl;
  OflJob *job;
  OflCtlView *view;
  GCancellable *cancellable;
  GAsyncResult *done;
} Run;

static gboolean
on_update (gpointer data)
{
  Run *run = data;

  ofl_ctl_view_update (run->view);
  return G_SOURCE_CONTINUE;
}

/* A cancel takes effect before the point of no return. After it there is none, and the reason is
 * said; the drive would be left without a whole firmware. */
static gboolean
on_stop (gpointer data)
{
  Run *run = data;
  OflProgressView progress;

  ofl_job_read_progress (run->job, &progress);
  if (progress.cancelable)
    {
      ofl_ctl_view_say (run->view, _("Cancelling; the drive is still untouched."));
      g_cancellable_cancel (run->cancellable);
    }
  else if (progress.danger)
    ofl_ctl_view_say (run->view,
                      _("This cannot be stopped now: the drive would be left without a whole "
                        "firmware. It goes on until the drive is safe again."));
  else
    ofl_ctl_view_say (run->view,
                      _("Nothing is left to stop: the job only looks at what the drive holds now."));
  return G_SOURCE_CONTINUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  run->done = g_object_ref (result);
}

/* Also when the terminal is closed: a write must not end with its window. */
static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };

static OflResult *
run_to_end (Run *run, GError **error)
{
  guint signals[G_N_ELEMENTS (stop_signals)];
  guint timer;

  for (guint i = 0; i < G_N_ELEMENTS (stop_signals); i++)
    signals[i] = g_unix_signal_add (stop_signals[i], on_stop, run);
  ofl_job_run_async (run->job, run->cancellable, on_done, run);
  timer = g_timeout_add (UPDATE_MS, on_update, run);
  while (run->done == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  for (guint i = 0; i < G_N_ELEMENTS (stop_signals); i++)
    g_source_remove (signals[i]);
  ofl_ctl_view_finish (run->view);
  return ofl_job_run_finish (run->job, run->done, error);
}

/**
 * ofl_ctl_run_job:
 * @ctl: the command line
 * @job: a job that has not been started
 * @drive: the drive it is for
 *
 * Returns: the exit status of its verdict
 */
int
ofl_ctl_run_job (OflCtl *ctl, OflJob *job, OflDrive *drive)
{
  g_autoptr (OflCtlView) view = ofl_ctl_view_new (ctl, job);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { ctl, job, view, cancellable, NULL };
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ofl_drive_set_job_running (drive, TRUE);
  result = run_to_end (&run, &error);
  ofl_drive_set_job_running (drive, FALSE);
  ofl_core_keep_practice_state (drive);
  g_clear_object (&run.done);
  if (result == NULL)
    return ofl_ctl_fail_error (ctl, error);
  ofl_ctl_print_result (ctl, result);
  return ofl_verdict_exit_status (result->verdict);
}
