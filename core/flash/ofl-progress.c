/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-progress-private.h"

#include <string.h>

#include "flash/ofl-log-ring.h"
#include "flash/ofl-progress-sum.h"

typedef struct {
  OflStageView view;
  gint64 begin_us;
} Stage;

struct _OflProgress {
  gatomicrefcount refs;
  GMutex lock;

  Stage stages[OFL_N_STAGES];
  OflStage current;
  gboolean planned; /* all stages are announced */
  gboolean danger;
  gboolean cancelable;
  gboolean finished;
  OflVerdict verdict;
  double shown; /* the whole never goes back */
  OflDangerFunc danger_func;
  gpointer danger_data;

  gint64 drive_us; /* the drive's clock at the last update */
  gint64 real_us;  /* and real time then */
  char command[64];
  gint64 command_real_us;
  guint command_usual_ms;
  guint command_limit_ms;
  gboolean by_other;
  gboolean held;
  gint64 idle_real_us; /* 0: something is being sent */
  char idle_command[64];

  OflLogRing *log;
  gint64 begin_real_us;
};

/**
 * ofl_progress_new:
 *
 * Returns: (transfer full): progress with no stage planned
 */
OflProgress *
ofl_progress_new (void)
{
  OflProgress *self = g_new0 (OflProgress, 1);

  g_atomic_ref_count_init (&self->refs);
  self->cancelable = TRUE;
  self->begin_real_us = g_get_monotonic_time ();
  self->real_us = self->begin_real_us;
  for (guint i = 0; i < OFL_N_STAGES; i++)
    self->stages[i].view.state = OFL_STAGE_STATE_SKIPPED;
  self->log = ofl_log_ring_new ();
  g_mutex_init (&self->lock);
  return self;
}

/**
 * ofl_progress_ref:
 * @self: progress
 *
 * Returns: (transfer full): @self
 */
OflProgress *
ofl_progress_ref (OflProgress *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_progress_unref:
 * @self: (transfer full): progress
 */
void
ofl_progress_unref (OflProgress *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  ofl_log_ring_free (self->log);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
stamp (OflProgress *self, gint64 now_us)
{
  self->drive_us = now_us;
  self->real_us = g_get_monotonic_time ();
}

/**
 * ofl_progress_plan_stage:
 * @self: progress
 * @stage: which
 * @bytes: bytes it will move; 0: the drive reports nothing meanwhile
 * @usual_ms: time it usually takes: its weight in the whole
 * @max_ms: upper end of what is usual
 *
 * Announces a stage, which makes it visible as pending.
 */
void
ofl_progress_plan_stage (OflProgress *self, OflStage stage, guint64 bytes, guint usual_ms,
                         guint max_ms)
{
  g_mutex_lock (&self->lock);
  OflStageView *view = &self->stages[stage].view;

  if (view->state == OFL_STAGE_STATE_SKIPPED)
    view->state = OFL_STAGE_STATE_PENDING;
  view->bytes_total = bytes;
  view->usual_ms = usual_ms;
  view->max_ms = MAX (usual_ms, max_ms);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_set_planned:
 * @self: progress
 *
 * Every stage of the job has been announced. Until then the whole is 0: a half of what little is
 * known already is not a half of the job.
 */
void
ofl_progress_set_planned (OflProgress *self)
{
  g_mutex_lock (&self->lock);
  self->planned = TRUE;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_begin_stage:
 * @self: progress
 * @stage: which
 * @now_us: the drive's clock
 */
void
ofl_progress_begin_stage (OflProgress *self, OflStage stage, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  stamp (self, now_us);
  self->current = stage;
  if (self->stages[stage].view.state != OFL_STAGE_STATE_RUNNING)
    {
      self->stages[stage].view.state = OFL_STAGE_STATE_RUNNING;
      self->stages[stage].begin_us = now_us - self->stages[stage].view.elapsed_us;
    }
  g_mutex_unlock (&self->lock);
}

static void
end_stage (Stage *stage, OflStageState state, gint64 now_us)
{
  if (stage->view.state == OFL_STAGE_STATE_RUNNING)
    stage->view.elapsed_us = now_us - stage->begin_us;
  stage->view.state = state;
}

/**
 * ofl_progress_end_stage:
 * @self: progress
 * @stage: which
 * @state: how it ended
 * @now_us: the drive's clock
 */
void
ofl_progress_end_stage (OflProgress *self, OflStage stage, OflStageState state, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  stamp (self, now_us);
  end_stage (&self->stages[stage], state, now_us);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_add_bytes:
 * @self: progress
 * @stage: which
 * @bytes: bytes that have moved since the last call
 * @now_us: the drive's clock
 */
void
ofl_progress_add_bytes (OflProgress *self, OflStage stage, guint64 bytes, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  OflStageView *view = &self->stages[stage].view;
  /* how much the maker's program will send nobody may know */
  gboolean open_end = self->by_other && view->bytes_total == 0;

  stamp (self, now_us);
  view->bytes_done
      = open_end ? view->bytes_done + bytes
                 : MIN (view->bytes_done + bytes, MAX (view->bytes_total, view->bytes_done));
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_report:
 * @self: progress
 * @stage: one whose commands move no data
 * @done: bytes that the drive says are done
 * @total: of how many; the stage, which had none to show, has them from now on
 * @now_us: the drive's clock
 */
void
ofl_progress_report (OflProgress *self, OflStage stage, guint64 done, guint64 total, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  OflStageView *view = &self->stages[stage].view;

  stamp (self, now_us);
  if (view->bytes_total == 0 || view->bytes_total == total)
    {
      view->bytes_total = total;
      view->bytes_done = MAX (view->bytes_done, MIN (done, total));
    }
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_begin_command:
 * @self: progress
 * @what: the command's name
 * @usual_ms: time it usually takes
 * @limit_ms: when it will be given up
 * @now_us: the drive's clock
 *
 * From now on the drive is silent, until ofl_progress_end_command().
 */
void
ofl_progress_begin_command (OflProgress *self, const char *what, guint usual_ms, guint limit_ms,
                            gint64 now_us)
{
  g_mutex_lock (&self->lock);
  stamp (self, now_us);
  g_strlcpy (self->command, what, sizeof self->command);
  self->command_real_us = self->real_us;
  self->command_usual_ms = usual_ms;
  self->command_limit_ms = limit_ms;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_end_command:
 * @self: progress
 * @now_us: the drive's clock
 */
void
ofl_progress_end_command (OflProgress *self, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  stamp (self, now_us);
  self->command[0] = '\0';
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_set_by_other:
 * @self: progress
 * @held: the maker's program is being held, and what runs is ours
 *
 * The stages are those of the maker's program.
 */
void
ofl_progress_set_by_other (OflProgress *self, gboolean held)
{
  g_mutex_lock (&self->lock);
  self->by_other = TRUE;
  self->held = held;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_set_idle:
 * @self: progress
 * @since_us: since when, on g_get_monotonic_time(), whoever is to send something sends nothing; 0: it does
 * @last: what it sent last, "" for nothing
 */
void
ofl_progress_set_idle (OflProgress *self, gint64 since_us, const char *last)
{
  g_mutex_lock (&self->lock);
  self->idle_real_us = since_us;
  g_strlcpy (self->idle_command, last, sizeof self->idle_command);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_set_danger_func:
 * @self: progress
 * @func: (nullable): told when danger begins and ends
 * @data: for @func
 *
 * Set it before the job starts. It is called on the worker's thread: when danger begins, before the
 * command that brings it.
 */
void
ofl_progress_set_danger_func (OflProgress *self, OflDangerFunc func, gpointer data)
{
  self->danger_func = func;
  self->danger_data = data;
}

static void
tell_danger (OflProgress *self, gboolean danger)
{
  g_autofree char *note = NULL;

  if (self->danger_func == NULL)
    return;
  self->danger_func (danger, self->danger_data, &note);
  if (note != NULL)
    ofl_progress_log (self, OFL_LOG_INFO, "%s", note);
}

/**
 * ofl_progress_set_danger:
 * @self: progress
 * @danger: whether the drive is between the point of no return and being safe again
 */
void
ofl_progress_set_danger (OflProgress *self, gboolean danger)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->danger != danger;
  self->danger = danger;
  if (danger)
    self->cancelable = FALSE;
  g_mutex_unlock (&self->lock);
  if (changed)
    tell_danger (self, danger);
}

/**
 * ofl_progress_set_cancelable:
 * @self: progress
 * @cancelable: whether a cancel would take effect and leave the drive untouched
 */
void
ofl_progress_set_cancelable (OflProgress *self, gboolean cancelable)
{
  g_mutex_lock (&self->lock);
  self->cancelable = cancelable;
  g_mutex_unlock (&self->lock);
}

/* The stages at this moment, and the whole as far as they make it; the lock is held. */
static void
look_at_stages (OflProgress *self, OflProgressView *view, gint64 since_us)
{
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      view->stages[i] = self->stages[i].view;
      if (view->stages[i].state == OFL_STAGE_STATE_RUNNING)
        view->stages[i].elapsed_us = self->drive_us - self->stages[i].begin_us + since_us;
      view->stages[i].fraction = ofl_progress_sum_stage (&view->stages[i]);
    }
  /* what is skipped at the end must not make the rest look like more */
  if (self->planned && !self->finished)
    self->shown = MAX (self->shown, ofl_progress_sum_whole (view));
}

/**
 * ofl_progress_finish:
 * @self: progress
 * @verdict: how the job ended
 * @now_us: the drive's clock
 *
 * A stage that still runs ends with the job: done if the job succeeded, else failed. What was not
 * begun is not needed any more.
 */
void
ofl_progress_finish (OflProgress *self, OflVerdict verdict, gint64 now_us)
{
  OflProgressView last = { 0 };

  ofl_progress_set_danger (self, FALSE);
  g_mutex_lock (&self->lock);
  stamp (self, now_us);
  look_at_stages (self, &last, 0);
  self->finished = TRUE;
  self->verdict = verdict;
  self->cancelable = FALSE;
  self->command[0] = '\0';
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (self->stages[i].view.state == OFL_STAGE_STATE_PENDING)
      self->stages[i].view.state = OFL_STAGE_STATE_SKIPPED;
    else if (self->stages[i].view.state == OFL_STAGE_STATE_RUNNING)
      end_stage (&self->stages[i],
                 ofl_verdict_is_success (verdict) ? OFL_STAGE_STATE_DONE : OFL_STAGE_STATE_FAILED,
                 now_us);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_log:
 * @self: progress
 * @level: how loud
 * @format: printf format of one line
 * @...: its arguments
 *
 * Appends to the lines that windows read; of too many the oldest falls out.
 */
void
ofl_progress_log (OflProgress *self, OflLogLevel level, const char *format, ...)
{
  char *text;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_mutex_lock (&self->lock);
  ofl_log_ring_add_text (self->log, g_get_monotonic_time () - self->begin_real_us, level, text);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_log_command:
 * @self: progress
 * @family: (nullable): of the drive: names its own commands
 * @command: a command
 * @reply: its answer
 *
 * Appends a line of %OFL_LOG_COMMAND; its words are made by whoever reads it.
 */
void
ofl_progress_log_command (OflProgress *self, const OflFamily *family, const OflCommand *command,
                          const OflReply *reply)
{
  g_mutex_lock (&self->lock);
  ofl_log_ring_add_command (self->log, g_get_monotonic_time () - self->begin_real_us, family,
                            command, reply);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_read:
 * @self: progress
 * @view: (out caller-allocates): a consistent picture of this moment
 */
void
ofl_progress_read (OflProgress *self, OflProgressView *view)
{
  gint64 real_now = g_get_monotonic_time ();
  gboolean planned;

  memset (view, 0, sizeof *view);
  g_mutex_lock (&self->lock);
  look_at_stages (self, view, self->finished ? 0 : real_now - self->real_us);
  view->current = self->current;
  view->danger = self->danger;
  view->cancelable = self->cancelable;
  view->finished = self->finished;
  view->verdict = self->verdict;
  g_strlcpy (view->command, self->command, sizeof view->command);
  if (view->command[0] != '\0')
    view->command_us = real_now - self->command_real_us;
  view->command_usual_ms = self->command_usual_ms;
  view->command_limit_ms = self->command_limit_ms;
  view->by_other = self->by_other;
  view->held = self->held;
  view->idle_us = self->idle_real_us != 0 && !self->finished ? real_now - self->idle_real_us : 0;
  g_strlcpy (view->idle_command, self->idle_command, sizeof view->idle_command);
  planned = self->planned;
  view->fraction = self->finished && ofl_verdict_is_success (self->verdict) ? 1 : self->shown;
  g_mutex_unlock (&self->lock);
  view->rate = ofl_progress_sum_rate (&view->stages[view->current]);
  view->left_ms = view->finished ? 0 : planned ? ofl_progress_sum_left (view) : -1;
}

/**
 * ofl_progress_read_log:
 * @self: progress
 * @after_seq: number of the last line that the caller has; 0 for all that is kept
 * @max_lines: at most so many
 *
 * Returns: (transfer full) (element-type OflLogLine): lines in order; the first one's seq shows
 *   whether some were lost
 */
GPtrArray *
ofl_progress_read_log (OflProgress *self, guint64 after_seq, guint max_lines)
{
  GArray *taken;

  g_mutex_lock (&self->lock);
  taken = ofl_log_ring_take (self->log, after_seq, max_lines);
  g_mutex_unlock (&self->lock);
  return ofl_log_ring_to_lines (taken);
}
