/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maker's own program, run as a job: caged, with one drive, watched, and judged by what the drive says
 * afterwards. All of it on the job's thread, but for the commands themselves (updater 3). */
#include "updater/ofl-updater-job.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-inhibitor.h"
#include "flash/ofl-local-job.h"
#include "flash/ofl-work.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-recorder.h"
#include "updater/ofl-updater-broker.h"
#include "updater/ofl-updater-here.h"
#include "updater/ofl-updater-keeper.h"
#include "updater/ofl-updater-traffic.h"

#define TICK_MS 500
/* Of the main context, to hear what has happened. */
#define MOST_TURNS 1000

/* One run; the job's thread's. */
typedef struct {
  OflWork *work;
  OflUpdaterOptions *options;
  GMainContext *context;
  OflTapeWriter *tape;     /* until it has its end */
  OflTransport *transport; /* the broker's: recorded, where there is a tape */
  OflUpdaterTraffic *traffic;
  OflUpdaterBroker *broker;
  OflUpdaterRunner *runner;
  OflInhibitor *inhibitor;
  OflUpdaterEnd *end;   /* how the program ended */
  GError *error;        /* or why it did not begin */
  OflResult *refused;   /* what ended the job before anything was let through */
  guint64 held;         /* the request that waits for a decision; 0: none */
  guint64 asking;       /* the one that is being decided */
  char *what;           /* which that is */
  gboolean deciding;
  gboolean ready; /* everything before the question was done */
  OflAnswer answer;
  gboolean open;  /* the user has agreed */
  gboolean asked_to_end;
  gboolean may_end; /* told already */
  gboolean told_waiting;
  gboolean ended;
  gboolean closed;
} Run;

/* Translators: what is asked before the maker's program may change a drive; the first %s is the drive's name,
 * the second the command that it wants to send. */
static char *
describe_first (Run *run)
{
  g_autofree char *name = ofl_work_describe (run->work);
  g_autoptr (GString) text = g_string_new (NULL);
  const OflBackup *backup = run->work->backup;

  g_string_append_printf (
      text, _ ("The maker's program wants to send %s its first command that could change it: %s"),
      name, run->what);
  if (backup != NULL && run->work->no_backup.shown == NULL)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, _ ("What could be read is stored: %s"), backup->path);
    }
  g_string_append_printf (
      text, "\n%s",
      _ ("From here on it is the maker's program that decides what is sent; nothing is held back "
         "any more, and ending it could leave the drive without a whole firmware."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Whether what waits for a decision waits yet. */
static gboolean
is_held (Run *run, guint64 serial)
{
  OflUpdaterRequest *request = ofl_updater_broker_get_held (run->broker);

  return !run->ended && request != NULL && request->serial == serial;
}

/* Nobody need answer of a program that has ended meanwhile. */
static gboolean
ask (Run *run, const char *text, const char *question)
{
  OflAsker *asker = run->work->asker;
  gboolean cancelled;

  ofl_asker_begin (asker, text, question, run->context);
  while (ofl_asker_get_number (asker) != 0 && is_held (run, run->asking)
         && !g_cancellable_is_cancelled (run->work->cancellable))
    g_main_context_iteration (run->context, TRUE);
  cancelled = g_cancellable_is_cancelled (run->work->cancellable);
  run->answer = ofl_asker_end (asker);
  return run->answer == OFL_ANSWER_YES && !cancelled;
}

static gboolean
agree (Run *run)
{
  const OflSentence *no_backup = &run->work->no_backup;
  g_autofree char *text = NULL;

  if (run->options->unattended)
    return TRUE;
  text = describe_first (run);
  if (no_backup->shown != NULL && !run->work->options->accept_no_backup
      && !ask (run, no_backup->shown, _ ("Go on without a backup?")))
    return FALSE;
  return ask (run, text, _ ("Let it write?"));
}

/* Sleep could cut the write; where it cannot be blocked, the log says so. */
static void
block_sleep (Run *run)
{
  g_autofree char *name = ofl_work_describe (run->work);
  g_autofree char *reason = g_strdup_printf (_ ("The firmware of %s is being written"), name);
  g_autoptr (GError) error = NULL;

  /* the service does it itself, as for every job */
  if (OFL_IS_UPDATER_KEPT (run->runner))
    return;
  if (!ofl_inhibitor_take (run->inhibitor, reason, &error))
    ofl_progress_log (run->work->progress, OFL_LOG_WARNING,
                      "Shutdown and sleep could not be blocked (%s). Keep the computer on until "
                      "this is over.",
                      ofl_error_english (error));
}

static OflResult *
say_disagreed (Run *run)
{
  if (run->answer == OFL_ANSWER_NOBODY)
    return ofl_work_end (run->work, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Nobody looked at the job while it asked, and the maker's "
                                     "program was ended before it had sent anything that could "
                                     "change the drive.")),
                         NULL);
  if (g_cancellable_is_cancelled (run->work->cancellable))
    return ofl_work_end (run->work, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled: the maker's program was ended before it had sent "
                                     "anything that could change the drive.")),
                         NULL);
  return ofl_work_end (run->work, OFL_VERDICT_CANCELLED,
                       OFL_SAY (_ ("It was not agreed to, and the maker's program was ended before "
                                   "it had sent anything that could change the drive.")),
                       NULL);
}

/* All that comes before a yes, and the yes; NULL: it was given, or nobody need give it any more. */
static OflResult *
make_ready (Run *run)
{
  OflResult *result = run->ready ? NULL : ofl_work_get_ready (run->work);

  if (result != NULL)
    return result;
  run->ready = TRUE;
  ofl_progress_log (run->work->progress, OFL_LOG_INFO, "Held: %s", run->what);
  ofl_journal_write (run->work->journal, "updater-held", "command", run->what, NULL);
  run->answer = OFL_ANSWER_NONE;
  if (agree (run))
    block_sleep (run);
  else if (run->answer != OFL_ANSWER_NONE || g_cancellable_is_cancelled (run->work->cancellable))
    return say_disagreed (run);
  return NULL;
}

/* While it was being decided nobody has looked: the program may have ended, or taken its request back. */
static gboolean
is_still_held (Run *run, guint64 serial)
{
  /* whatever the program does meanwhile: it must not keep us from ever deciding */
  for (guint i = 0; i < MOST_TURNS && g_main_context_iteration (run->context, FALSE); i++)
    ;
  return is_held (run, serial);
}

/* Whether the request that was asked about goes to the drive. */
static gboolean
let_through (Run *run, guint64 serial)
{
  g_autoptr (GError) error = NULL;

  if (!is_still_held (run, serial))
    {
      ofl_progress_log (run->work->progress, OFL_LOG_WARNING,
                        "The maker's program has taken back what was asked about; it was not sent.");
      return FALSE;
    }
  run->refused = ofl_work_begin_other (run->work, "the maker's program");
  if (run->refused != NULL)
    return FALSE;
  /* the request is held: nobody else is at the tape */
  if (run->tape != NULL && !ofl_tape_writer_sync (run->tape, &error))
    ofl_progress_log (run->work->progress, OFL_LOG_WARNING, "%s", ofl_error_english (error));
  run->open = TRUE;
  ofl_updater_traffic_open (run->traffic);
  return ofl_updater_broker_release (run->broker, serial, OFL_UPDATER_RUN, NULL);
}

static gboolean
end_program (Run *run)
{
  if (!ofl_updater_traffic_try_end (run->traffic, run->options->quiet_ms))
    return FALSE;
  ofl_updater_runner_end (run->runner);
  return TRUE;
}

static gboolean
decide (Run *run)
{
  guint64 serial = run->held;

  run->asking = serial;
  run->held = 0;
  if (!is_still_held (run, serial))
    return FALSE;
  ofl_progress_set_by_other (run->work->progress, TRUE);
  run->refused = make_ready (run);
  ofl_progress_set_by_other (run->work->progress, FALSE);
  return run->refused == NULL && let_through (run, serial);
}

/* Not from inside the broker, which goes on meanwhile; never from inside itself. */
static gboolean
on_decide (gpointer data)
{
  Run *run = data;

  if (run->deciding)
    return G_SOURCE_REMOVE;
  run->deciding = TRUE;
  while (run->held != 0 && !run->open && run->refused == NULL && !run->asked_to_end)
    decide (run);
  run->deciding = FALSE;
  ofl_updater_traffic_tick (run->traffic, FALSE);
  /* what is held is never answered: it is taken back when the program ends */
  if (run->refused != NULL)
    end_program (run);
  return G_SOURCE_REMOVE;
}

static void
attach (Run *run, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, run, NULL);
  g_source_attach (source, run->context);
}

static void
on_held (guint64 serial, const char *what, gpointer data)
{
  Run *run = data;
  g_autoptr (GSource) source = NULL;

  if (run->open)
    return;
  run->held = serial;
  g_free (run->what);
  run->what = g_strdup (what);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  attach (run, source, on_decide);
}

static gboolean
on_tick (gpointer data)
{
  Run *run = data;
  gboolean running = ofl_updater_runner_is_running (run->runner);
  gboolean may;

  if (!run->told_waiting && !running)
    ofl_progress_log (run->work->progress, OFL_LOG_INFO,
                      "Wine is made ready, which takes half a minute the first time.");
  run->told_waiting = TRUE;
  ofl_updater_traffic_tick (run->traffic, running && !run->deciding);
  if (!run->open)
    return G_SOURCE_CONTINUE;
  may = ofl_updater_traffic_is_quiet (run->traffic, run->options->quiet_ms);
  if (may == run->may_end)
    return G_SOURCE_CONTINUE;
  run->may_end = may;
  ofl_progress_set_cancelable (run->work->progress, may);
  ofl_progress_log (run->work->progress, OFL_LOG_INFO,
                    may ? "The drive does not say that it is at work, and was sent nothing for %u s "
                          "that could change it: the maker's program may be ended."
                        : "The maker's program sends again: it cannot be ended now.",
                    run->options->quiet_ms / 1000);
  return G_SOURCE_CONTINUE;
}

static void watch_cancel (Run *run);

/* A wish that comes too late is dropped: it would end the program at the next pause, unasked. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Run *run = data;

  run->asked_to_end = TRUE;
  if (end_program (run) || !ofl_updater_runner_is_running (run->runner))
    return G_SOURCE_REMOVE;
  run->asked_to_end = FALSE;
  /* whoever wished it sees that it was dropped; the next tick offers it anew where it may be wished */
  run->may_end = FALSE;
  ofl_progress_set_cancelable (run->work->progress, FALSE);
  ofl_progress_log (run->work->progress, OFL_LOG_WARNING,
                    "The maker's program cannot be ended now; it goes on.");
  g_cancellable_reset (cancellable);
  watch_cancel (run);
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (Run *run)
{
  g_autoptr (GSource) source = NULL;

  if (run->work->cancellable == NULL)
    return;
  source = g_cancellable_source_new (run->work->cancellable);
  attach (run, source, G_SOURCE_FUNC (on_cancelled));
}

static void
on_program_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  run->end = ofl_updater_runner_run_finish (run->runner, result, &run->error);
  run->ended = TRUE;
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  ofl_updater_broker_close_finish (run->broker, result, NULL);
  run->closed = TRUE;
}

static gboolean
begin_tape (Run *run, GError **error)
{
  const OflIdentity *id = ofl_snapshot_identity (run->work->before);
  const OflTapeHeader header = { .vendor = (char *) id->vendor,
                                 .product = (char *) id->product,
                                 .revision = (char *) id->revision,
                                 .serial = (char *) id->serial,
                                 .whole = run->options->tape_whole };

  if (run->options->tape == NULL)
    {
      run->transport = g_object_ref (run->work->transport);
      return TRUE;
    }
  if (run->options->tape_fd < 0)
    run->tape = ofl_tape_writer_new (run->options->tape, &header, error);
  else
    run->tape = ofl_tape_writer_new_open (run->options->tape, g_steal_fd (&run->options->tape_fd),
                                          &header, error);
  if (run->tape == NULL)
    return FALSE;
  run->transport = ofl_tape_recorder_new (run->work->transport, run->tape);
  return TRUE;
}

static OflUpdaterRunner *
make_runner (Run *run)
{
  if (run->options->keeper < 0)
    return ofl_updater_here_new (run->options);
  return ofl_updater_kept_new (g_steal_fd (&run->options->keeper));
}

static gboolean
prepare (Run *run, GError **error)
{
  g_autoptr (GSocket) socket = NULL;

  run->runner = make_runner (run);
  socket = ofl_updater_runner_open (run->runner, run->work->cancellable, error);
  if (socket == NULL || !begin_tape (run, error))
    return FALSE;
  run->traffic = ofl_updater_traffic_new (run->work, on_held, run);
  run->broker = ofl_updater_broker_new (run->transport, OFL_UPDATER_HANDLER (run->traffic));
  run->inhibitor = ofl_inhibitor_new ();
  return ofl_updater_broker_listen_on (run->broker, socket, error);
}

/* Until the program has ended and the drive has nothing of it any more. */
static void
run_program (Run *run)
{
  g_autoptr (GSource) tick = g_timeout_source_new (TICK_MS);
  g_autofree char *file = g_path_get_basename (run->options->files[0]);

  attach (run, tick, on_tick);
  watch_cancel (run);
  ofl_journal_write (run->work->journal, "updater-begins", "file", file, NULL);
  ofl_progress_log (run->work->progress, OFL_LOG_INFO, "The maker's program: %s", file);
  ofl_updater_runner_run_async (run->runner, on_program_ended, run);
  while (!run->ended)
    g_main_context_iteration (run->context, TRUE);
  g_source_destroy (tick);
  if (run->open)
    {
      /* nobody is to read any more that the program writes */
      ofl_progress_begin_stage (run->work->progress, OFL_STAGE_CONFIRM,
                                ofl_transport_now_us (run->work->transport));
      ofl_progress_set_cancelable (run->work->progress, FALSE);
    }
  ofl_updater_broker_close_async (run->broker, on_closed, run);
  while (!run->closed)
    g_main_context_iteration (run->context, TRUE);
}

static void
note_end (Run *run)
{
  OflSentence how = OFL_SENTENCE (ofl_updater_end_say (run->end));
  g_autofree char *status = g_strdup_printf ("%d", run->end->status);

  ofl_journal_write (run->work->journal, "updater-ended", "how", how.english, "status", status,
                     "output", run->end->output, NULL);
  ofl_progress_log (run->work->progress, run->end->crashed ? OFL_LOG_WARNING : OFL_LOG_INFO, "%s",
                    how.english);
  ofl_sentence_clear (&how);
}

/* There is no end of it that anybody has seen. */
static void
note_error (Run *run)
{
  const char *how = run->error != NULL ? ofl_error_english (run->error) : "";

  ofl_journal_write (run->work->journal, "updater-ended", "how", how, NULL);
  ofl_progress_log (run->work->progress, OFL_LOG_WARNING, "%s", how);
}

/* It came to its end, and the drive is as it was. */
static OflResult *
end_untouched (Run *run)
{
  OflResult *result;

  if (run->asked_to_end)
    return ofl_work_end (run->work, OFL_VERDICT_CANCELLED,
                         OFL_SAY (_ ("Cancelled: the maker's program was ended before it had sent "
                                     "anything that could change the drive.")),
                         NULL);
  result = ofl_work_end (run->work, OFL_VERDICT_FAILED_UNTOUCHED,
                         OFL_SENTENCE (ofl_updater_end_say (run->end)), NULL);
  ofl_work_append (result, OFL_SAY (_ ("It has sent nothing that could change the drive.")));
  ofl_work_set_next (result, _ ("Look at what the program itself says: it may not find the drive, "
                                "or not be made for it. Its messages are in the journal."));
  return result;
}

/* Each tape that was begun has an end. */
static void
end_tape (Run *run)
{
  OflTapeEnd end = ofl_updater_end_is_clean (run->end) ? OFL_TAPE_ENDED
                   : run->end != NULL && run->end->crashed && !run->end->ended_by_us
                       ? OFL_TAPE_CRASHED
                       : OFL_TAPE_KILLED;
  g_autoptr (GError) error = NULL;

  if (run->tape != NULL && !ofl_tape_writer_end (run->tape, end, &error))
    ofl_progress_log (run->work->progress, OFL_LOG_WARNING, "%s", ofl_error_english (error));
  g_clear_pointer (&run->tape, ofl_tape_writer_unref);
}

static OflResult *
end_not_begun (Run *run)
{
  OflResult *result;

  if (run->asked_to_end || g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ofl_work_end (run->work, OFL_VERDICT_CANCELLED, ofl_work_say_error (run->error), NULL);
  result = ofl_work_end_error (run->work, OFL_VERDICT_FAILED_UNTOUCHED, run->error, NULL);
  if (g_error_matches (run->error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED))
    ofl_work_set_next (result,
                       _ ("The drive has nothing to do with it. Install what is missing, and "
                          "let the maker's program run again."));
  else if (g_error_matches (run->error, OFL_ERROR, OFL_ERROR_FAILED))
    ofl_work_set_next (result,
                       _ ("The drive has nothing to do with it. Let the maker's program run "
                          "again."));
  return result;
}

static OflResult *
judge (Run *run)
{
  OflUpdaterState state;

  ofl_updater_traffic_read (run->traffic, &state);
  ofl_updater_traffic_end (run->traffic, ofl_updater_end_is_clean (run->end));
  if (run->end != NULL)
    note_end (run);
  else
    note_error (run);
  if (run->refused != NULL)
    return g_steal_pointer (&run->refused);
  if (!run->open)
    return run->end != NULL ? end_untouched (run) : end_not_begun (run);
  return ofl_work_judge_other (run->work,
                               ofl_updater_end_is_clean (run->end) && state.n_failed == 0,
                               run->end != NULL ? OFL_SENTENCE (ofl_updater_end_say (run->end))
                                                : ofl_work_say_error (run->error));
}

static void
run_clear (Run *run)
{
  /* what the broker's connections had still to be told */
  while (g_main_context_iteration (run->context, FALSE))
    ;
  g_clear_object (&run->broker);
  g_clear_object (&run->traffic);
  g_clear_object (&run->runner);
  g_clear_object (&run->transport);
  g_clear_pointer (&run->inhibitor, ofl_inhibitor_free);
  g_clear_pointer (&run->end, ofl_updater_end_free);
  g_clear_pointer (&run->refused, ofl_result_free);
  g_clear_error (&run->error);
  g_free (run->what);
}

/* On the job's thread. */
static OflResult *
run_job (OflWork *work, gpointer data)
{
  Run run = { .work = work, .options = data, .context = g_main_context_new () };
  g_autoptr (GError) error = NULL;
  OflResult *result;

  work->asks = !run.options->unattended;
  g_main_context_push_thread_default (run.context);
  if (prepare (&run, &error))
    {
      run_program (&run);
      end_tape (&run);
      result = judge (&run);
    }
  else
    {
      run.error = g_steal_pointer (&error);
      result = end_not_begun (&run);
    }
  end_tape (&run);
  run_clear (&run);
  g_main_context_pop_thread_default (run.context);
  g_main_context_unref (run.context);
  return result;
}

/**
 * ofl_updater_job_new:
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it when choosing; another one is refused
 * @image: (nullable): the image for this drive that was found in the maker's program
 * @options: (nullable): options, copied
 * @run: (transfer full): how the program is run
 *
 * A job that lets the maker's program write: everything is read-only until the program's first command that
 * could change the drive; then the job makes ready, asks, and lets it through. The verdict is about what the
 * drive says afterwards, whatever the program says.
 *
 * Returns: (transfer full): a job that runs on a worker thread of this process
 */
OflJob *
ofl_updater_job_new (OflTarget *target, OflSnapshot *expected, OflImage *image,
                     const OflJobOptions *options, OflUpdaterOptions *run)
{
  g_return_val_if_fail (run->files[0] != NULL, NULL);
  return ofl_local_job_new_other (target, expected, image, options, run_job, run,
                                  (GDestroyNotify) ofl_updater_options_free);
}
