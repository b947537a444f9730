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
  gboolean mine;  /* started here, not only watched */
  gboolean asked; /* to stop, once already */
} Run;

static gboolean
on_update (gpointer data)
{
  Run *run = data;

  ofl_ctl_view_update (run->view);
  return G_SOURCE_CONTINUE;
}

static void
leave (Run *run)
{
  ofl_ctl_view_say (run->view, _("Left. The job goes on; “optiflashctl log --follow” shows it."));
  ofl_client_job_leave (run->job);
}

/* A cancel takes effect before the point of no return. After it there is none, and the reason is
 * said; the drive would be left without a whole firmware. */
static void
stop (Run *run)
{
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
}

/* Who only watches leaves; who has started the job stops it if that is possible, and may leave
 * with the second Ctrl+C. */
static gboolean
on_interrupt (gpointer data)
{
  Run *run = data;

  if (ofl_client_job_is_remote (run->job) && (!run->mine || run->asked))
    leave (run);
  else
    stop (run);
  run->asked = TRUE;
  return G_SOURCE_CONTINUE;
}

/* The terminal was closed, or the program was asked to end: a job in the service outlives it, one
 * in this process ends as far as it can be ended. */
static gboolean
on_terminate (gpointer data)
{
  Run *run = data;

  if (ofl_client_job_is_remote (run->job))
    leave (run);
  else
    stop (run);
  return G_SOURCE_CONTINUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  run->done = g_object_ref (result);
}

static const struct {
  int number;
  GSourceFunc handle;
} handled[] = {
  { SIGINT, on_interrupt },
  { SIGTERM, on_terminate },
  { SIGHUP, on_terminate },
};

static OflResult *
run_to_end (Run *run, GError **error)
{
  guint signals[G_N_ELEMENTS (handled)];
  guint timer;

  for (guint i = 0; i < G_N_ELEMENTS (handled); i++)
    signals[i] = g_unix_signal_add (handled[i].number, handled[i].handle, run);
  ofl_job_run_async (run->job, run->cancellable, on_done, run);
  timer = g_timeout_add (UPDATE_MS, on_update, run);
  while (run->done == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  for (guint i = 0; i < G_N_ELEMENTS (handled); i++)
    g_source_remove (signals[i]);
  ofl_ctl_view_finish (run->view);
  return ofl_job_run_finish (run->job, run->done, error);
}

/* Shown and therefore seen: the service need not keep it. */
static int
show_end (Run *run, OflResult *result, const GError *error)
{
  if (result == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return OFL_EXIT_UNKNOWN;
  if (result == NULL)
    return ofl_ctl_fail_error (run->ctl, error);
  ofl_ctl_print_result (run->ctl, result);
  ofl_client_job_dismiss (run->job);
  return ofl_verdict_exit_status (result->verdict);
}

/**
 * ofl_ctl_watch_job:
 * @ctl: the command line
 * @job: a job of the service
 *
 * Shows it, with all its log so far, until it ends or the user leaves.
 *
 * Returns: the exit status of its verdict
 */
int
ofl_ctl_watch_job (OflCtl *ctl, OflJob *job)
{
  g_autoptr (OflCtlView) view = ofl_ctl_view_new (ctl, job);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { .ctl = ctl, .job = job, .view = view, .cancellable = cancellable };
  g_autoptr (GError) error = NULL;
  g_autoptr (OflResult) result = run_to_end (&run, &error);

  g_clear_object (&run.done);
  return show_end (&run, result, error);
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
  Run run = { .ctl = ctl, .job = job, .view = view, .cancellable = cancellable, .mine = TRUE };
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ofl_drive_set_job_running (drive, TRUE);
  result = run_to_end (&run, &error);
  ofl_drive_set_job_running (drive, FALSE);
  if (!ofl_client_job_is_remote (job))
    ofl_core_keep_practice_state (drive);
  g_clear_object (&run.done);
  return show_end (&run, result, error);
}
