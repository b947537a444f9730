/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one job on the main loop. Nothing here waits for the drive: the job's worker does. */
#include "ctl-run.h"

#include <glib/gi18n.h>

#include "ctl-signals.h"
#include "ctl-terminal.h"
#include "ctl-unseen.h"
#include "ctl-view.h"
#include "flash/ofl-guard.h"

#define UPDATE_MS 50

typedef struct {
  OflCtl *ctl;
  OflJob *job;
  OflCtlView *view;
  GCancellable *cancellable;
  GAsyncResult *done;
  gboolean mine;    /* started here, not only watched */
  gboolean asked;   /* to stop, once already */
  guint question;   /* the last that was shown */
  gboolean ended;   /* only the terminal has to take the rest */
  gboolean told;    /* that nothing can be shown any more */
  gboolean hung_up; /* whoever sat at the terminal does not see it any more */
} Run;

/* A question on the terminal. */
typedef struct {
  Run *run;
  guint number;
  GCancellable *over;
} Prompt;

/* FALSE for a job that runs in this program: it cannot be left, only stopped. */
static gboolean
leave (Run *run)
{
  if (!ofl_job_leave (run->job))
    return FALSE;
  ofl_ctl_view_say (run->view, _ ("Left. The job goes on; “optiflashctl log --follow” shows it."));
  return TRUE;
}

/* A cancel takes effect before the point of no return. After it there is none, and the reason is
 * said; the drive would be left without a whole firmware. */
static const char *
stop (Run *run)
{
  OflProgressView progress;

  ofl_job_read_progress (run->job, &progress);
  if (progress.cancelable)
    {
      gboolean ends_other = progress.by_other && progress.danger;

      g_cancellable_cancel (run->cancellable);
      if (ends_other)
        return _ ("The maker's program is being ended, unless it sends again at this very moment; "
                  "then the drive is asked what it holds.");
      ofl_job_read_progress (run->job, &progress);
      if (!progress.cancelable)
        return _ ("Cancelling, unless the writing has begun at this very moment: then it goes on.");
      return progress.danger ? _ ("The drive is not watched any longer. Leave it switched on.")
                             : _ ("Cancelling; the drive is still untouched.");
    }
  if (progress.unreadable)
    return _ ("The service is of another version: whether the job may be stopped cannot be told "
              "here. It goes on.");
  if (progress.danger)
    return _ ("This cannot be stopped now: the drive would be left without a whole firmware. It "
              "goes on until the drive is safe again.");
  return _ ("Nothing is left to stop: the job only looks at what the drive holds now.");
}

/* Who only watches leaves; who has started the job stops it if that is possible, and may leave
 * with the second Ctrl+C. */
static gboolean
on_interrupt (gpointer data)
{
  Run *run = data;

  if (run->ended)
    ofl_ctl_out_give_up ();
  else if ((run->mine && !run->asked) || !leave (run))
    ofl_ctl_view_say (run->view, stop (run));
  run->asked = TRUE;
  return G_SOURCE_CONTINUE;
}

/* The program was asked to end: a job in the service outlives it, one in this process ends as far
 * as it can be ended. */
static gboolean
on_terminate (gpointer data)
{
  Run *run = data;

  if (run->ended)
    ofl_ctl_out_give_up ();
  else if (!leave (run))
    ofl_ctl_view_say (run->view, stop (run));
  return G_SOURCE_CONTINUE;
}

/* The terminal is closed. What is said now can only be read where errors go to a file. */
static gboolean
on_hang_up (gpointer data)
{
  Run *run = data;

  if (run->ended || ofl_job_outlives_program (run->job))
    return on_terminate (run);
  run->hung_up = TRUE;
  ofl_ctl_view_begin_anew (run->view);
  g_printerr ("optiflashctl: %s\n", stop (run));
  return G_SOURCE_CONTINUE;
}

/* Signals that GLib has no source for are only noted, and seen here. */
static void
look_at_signals (Run *run)
{
  if (ofl_ctl_signals_take_quit ())
    on_terminate (run);
  if (ofl_ctl_signals_take_continued ())
    ofl_ctl_view_begin_anew (run->view);
  if (ofl_guard_take_stop ())
    ofl_ctl_view_say (run->view,
                      _ ("Ctrl-Z does nothing now: a write that stands still would leave the drive "
                         "without a whole firmware. It works again when the job has ended."));
}

static void
look_at_terminal (Run *run)
{
  if (run->told || !ofl_ctl_out_is_lost ())
    return;
  run->told = TRUE;
  g_printerr (_ ("optiflashctl: Nothing can be shown any more. The job goes on; the next start of "
                 "optiflashctl says how it ended.\n"));
}

/* Ends the waiting when the job asks nothing any more, or the job is cancelled. */
static gboolean
on_still_asked (gpointer data)
{
  Prompt *prompt = data;
  OflProgressView progress;

  ofl_job_read_progress (prompt->run->job, &progress);
  if (progress.question != prompt->number || prompt->run->done != NULL)
    g_cancellable_cancel (prompt->over);
  return G_SOURCE_CONTINUE;
}

/* The job waits for the answer; its log stands still above the question. */
static void
put_question (Run *run, const OflQuestion *question)
{
  g_autoptr (GCancellable) over = g_cancellable_new ();
  Prompt prompt = { run, question->number, over };
  /* Translators: %s is a question; what is typed is the word for "yes" */
  g_autofree char *text = g_strdup_printf (_ ("%s Type yes: "), question->asked);
  g_autofree char *answer = NULL;
  guint watch = g_timeout_add (UPDATE_MS, on_still_asked, &prompt);

  run->ctl->asking = TRUE;
  ofl_ctl_view_begin_anew (run->view);
  g_print ("\n%s\n", question->text);
  /* what was typed before it stood there is no answer to it */
  ofl_ctl_terminal_forget_input ();
  answer = ofl_ctl_ask_until (text, over);
  run->ctl->asking = FALSE;
  g_source_remove (watch);
  if (g_cancellable_is_cancelled (over)
      || (answer != NULL
          && !ofl_job_answer (run->job, question->number, ofl_ctl_is_yes (answer, NULL))))
    g_print ("\n%s\n", _ ("There is nothing to answer any more."));
  else if (answer == NULL)
    ofl_ctl_view_say (run->view,
                      _ ("Not answered: the job waits, and the drive is as it was. Ctrl-C "
                         "cancels the job."));
}

/* Once a question. Where nobody can be asked, another program that watches the job may answer. */
static void
look_at_question (Run *run)
{
  g_autoptr (OflQuestion) question = NULL;

  if (run->ended || run->ctl->asking)
    return;
  question = ofl_job_dup_question (run->job);
  if (question == NULL || question->number == run->question)
    return;
  run->question = question->number;
  if (ofl_ctl_can_ask (run->ctl))
    put_question (run, question);
  else if (!run->ctl->json)
    g_print ("%s\n%s\n", question->text,
             _ ("It waits for an answer: a window, or “optiflashctl log --follow” on a terminal, "
                "asks."));
}

static gboolean
on_update (gpointer data)
{
  Run *run = data;

  look_at_signals (run);
  if (!run->ended && !run->ctl->asking)
    ofl_ctl_view_update (run->view);
  look_at_terminal (run);
  return G_SOURCE_CONTINUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  run->done = g_object_ref (result);
}

static OflResult *
run_to_end (Run *run, GError **error)
{
  ofl_job_run_async (run->job, run->cancellable, on_done, run);
  while (run->done == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      look_at_question (run);
    }
  ofl_ctl_view_finish (run->view);
  return ofl_job_run_finish (run->job, run->done, error);
}

static int
show_end (Run *run, OflResult *result, const GError *error)
{
  if (result == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return OFL_EXIT_UNKNOWN;
  if (result == NULL)
    return ofl_ctl_fail_error (run->ctl, error);
  ofl_ctl_print_result (run->ctl, result);
  return ofl_verdict_exit_status (result->verdict);
}

/* A terminal that stands still may take the rest whenever it likes; one that is gone never will. */
static void
wait_for_terminal (Run *run)
{
  run->ended = TRUE;
  while (ofl_ctl_out_waiting () > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Errors may still be read where the output is not, however quickly the job was over. */
static void
say_lost_end (const OflResult *result)
{
  g_printerr (_ ("optiflashctl: The output is lost. The job has ended: %s. %s\n"),
              ofl_verdict_title (result->verdict), result->what);
}

static void
note_unseen (Run *run, const OflResult *result)
{
  if (result == NULL)
    return;
  if (ofl_ctl_out_is_lost ())
    say_lost_end (result);
  if (!ofl_ctl_out_is_lost () && !run->hung_up)
    ofl_job_dismiss (run->job);
  else if (!ofl_job_outlives_program (run->job))
    ofl_ctl_unseen_keep (run->ctl, ofl_job_get_title (run->job), result);
}

/* From the job's start to the last word on the terminal. */
static int
run_and_show (Run *run)
{
  static const GSourceFunc handlers[OFL_CTL_N_SIGNALS] = { on_interrupt, on_terminate, on_hang_up };
  /* Ctrl-\ ends a job as SIGTERM does: the drive is left as it was, which a core dump would not see
   * to. A job in the service needs nobody here. */
  gboolean with_quit = !ofl_job_outlives_program (run->job);
  guint signals[OFL_CTL_N_SIGNALS];
  g_autoptr (OflResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint timer;
  int exit_status;

  ofl_ctl_out_begin_job ();
  ofl_ctl_signals_begin (with_quit);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    signals[i] = ofl_ctl_signal_add (i, handlers[i], run);
  timer = g_timeout_add (UPDATE_MS, on_update, run);
  result = run_to_end (run, &error);
  exit_status = show_end (run, result, error);
  wait_for_terminal (run);
  note_unseen (run, result);
  g_source_remove (timer);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  ofl_ctl_signals_end (with_quit);
  ofl_ctl_out_end_job ();
  g_clear_object (&run->done);
  return exit_status;
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

  return run_and_show (&run);
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
  int exit_status;

  ofl_drive_set_job_running (drive, TRUE);
  exit_status = run_and_show (&run);
  ofl_drive_set_job_running (drive, FALSE);
  return exit_status;
}
