/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock is a pthread mutex and the count a compiler builtin, because a thread sanitizer sees
 * through those and not through GLib's own (a futex in an uninstrumented library). */
#include "flash/ofl-progress-private.h"

#include <pthread.h>
#include <string.h>

typedef struct {
  OflStageView view;
  gint64 begin_us;
} Stage;

struct _OflProgress {
  int refs;
  pthread_mutex_t lock;

  Stage stages[OFL_N_STAGES];
  OflStage current;
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

  OflLogLine ring[OFL_LOG_RING];
  guint64 last_seq;
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

  self->refs = 1;
  self->cancelable = TRUE;
  self->begin_real_us = g_get_monotonic_time ();
  self->real_us = self->begin_real_us;
  for (guint i = 0; i < OFL_N_STAGES; i++)
    self->stages[i].view.state = OFL_STAGE_STATE_SKIPPED;
  pthread_mutex_init (&self->lock, NULL);
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
  __atomic_add_fetch (&self->refs, 1, __ATOMIC_SEQ_CST);
  return self;
}

/**
 * ofl_progress_unref:
 * @self: (transfer full): progress
 */
void
ofl_progress_unref (OflProgress *self)
{
  if (__atomic_sub_fetch (&self->refs, 1, __ATOMIC_SEQ_CST) > 0)
    return;
  for (guint i = 0; i < OFL_LOG_RING; i++)
    g_free (self->ring[i].text);
  pthread_mutex_destroy (&self->lock);
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
ofl_progress_plan_stage (OflProgress *self,
                         OflStage stage,
                         guint64 bytes,
                         guint usual_ms,
                         guint max_ms)
{
  pthread_mutex_lock (&self->lock);
  OflStageView *view = &self->stages[stage].view;

  if (view->state == OFL_STAGE_STATE_SKIPPED)
    view->state = OFL_STAGE_STATE_PENDING;
  view->bytes_total = bytes;
  view->usual_ms = usual_ms;
  view->max_ms = MAX (usual_ms, max_ms);
  pthread_mutex_unlock (&self->lock);
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
  pthread_mutex_lock (&self->lock);
  stamp (self, now_us);
  self->current = stage;
  if (self->stages[stage].view.state != OFL_STAGE_STATE_RUNNING)
    {
      self->stages[stage].view.state = OFL_STAGE_STATE_RUNNING;
      self->stages[stage].begin_us = now_us - self->stages[stage].view.elapsed_us;
    }
  pthread_mutex_unlock (&self->lock);
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
  pthread_mutex_lock (&self->lock);
  Stage *s = &self->stages[stage];

  stamp (self, now_us);
  if (s->view.state == OFL_STAGE_STATE_RUNNING)
    s->view.elapsed_us = now_us - s->begin_us;
  s->view.state = state;
  pthread_mutex_unlock (&self->lock);
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
  pthread_mutex_lock (&self->lock);
  OflStageView *view = &self->stages[stage].view;

  stamp (self, now_us);
  view->bytes_done = MIN (view->bytes_done + bytes, MAX (view->bytes_total, view->bytes_done));
  pthread_mutex_unlock (&self->lock);
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
ofl_progress_begin_command (OflProgress *self,
                            const char *what,
                            guint usual_ms,
                            guint limit_ms,
                            gint64 now_us)
{
  pthread_mutex_lock (&self->lock);
  stamp (self, now_us);
  g_strlcpy (self->command, what, sizeof self->command);
  self->command_real_us = self->real_us;
  self->command_usual_ms = usual_ms;
  self->command_limit_ms = limit_ms;
  pthread_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_end_command:
 * @self: progress
 * @now_us: the drive's clock
 */
void
ofl_progress_end_command (OflProgress *self, gint64 now_us)
{
  pthread_mutex_lock (&self->lock);
  stamp (self, now_us);
  self->command[0] = '\0';
  pthread_mutex_unlock (&self->lock);
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

  pthread_mutex_lock (&self->lock);
  changed = self->danger != danger;
  self->danger = danger;
  if (danger)
    self->cancelable = FALSE;
  pthread_mutex_unlock (&self->lock);
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
  pthread_mutex_lock (&self->lock);
  self->cancelable = cancelable;
  pthread_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_finish:
 * @self: progress
 * @verdict: how the job ended
 * @now_us: the drive's clock
 */
void
ofl_progress_finish (OflProgress *self, OflVerdict verdict, gint64 now_us)
{
  ofl_progress_set_danger (self, FALSE);
  pthread_mutex_lock (&self->lock);
  stamp (self, now_us);
  self->finished = TRUE;
  self->verdict = verdict;
  self->cancelable = FALSE;
  self->command[0] = '\0';
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (self->stages[i].view.state == OFL_STAGE_STATE_PENDING)
      self->stages[i].view.state = OFL_STAGE_STATE_SKIPPED;
  pthread_mutex_unlock (&self->lock);
}

/**
 * ofl_progress_log:
 * @self: progress
 * @level: how loud
 * @format: printf format of one line
 * @...: its arguments
 *
 * Appends to the bounded ring that windows read; the oldest line falls out.
 */
void
ofl_progress_log (OflProgress *self, OflLogLevel level, const char *format, ...)
{
  g_autofree char *raw = NULL;
  char *text;
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  text = g_utf8_make_valid (raw, -1);
  pthread_mutex_lock (&self->lock);
  OflLogLine *line = &self->ring[self->last_seq % OFL_LOG_RING];

  g_free (line->text);
  line->seq = ++self->last_seq;
  line->time_us = g_get_monotonic_time () - self->begin_real_us;
  line->level = level;
  line->text = text;
  pthread_mutex_unlock (&self->lock);
}

/* A stage whose drive reports nothing moves with time and slows down: it never claims the end. */
static double
time_fraction (const OflStageView *view)
{
  double usual = MAX (view->usual_ms, 1) * 1000.0;
  double t = (double) view->elapsed_us / usual;

  return t < 1 ? t * 0.9 : 0.9 + 0.09 * (1 - 1 / t);
}

static double
stage_fraction (const OflStageView *view)
{
  if (view->state == OFL_STAGE_STATE_DONE)
    return 1;
  if (view->state == OFL_STAGE_STATE_PENDING || view->state == OFL_STAGE_STATE_SKIPPED)
    return 0;
  if (view->bytes_total > 0)
    return MIN (0.999, (double) view->bytes_done / (double) view->bytes_total);
  return CLAMP (time_fraction (view), 0, 0.99);
}

static double
whole_fraction (const OflProgressView *view)
{
  double done = 0, all = 0;

  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      const OflStageView *stage = &view->stages[i];

      if (stage->state == OFL_STAGE_STATE_SKIPPED)
        continue;
      all += MAX (stage->usual_ms, 1);
      done += MAX (stage->usual_ms, 1) * stage->fraction;
    }
  return all > 0 ? MIN (done / all, 0.99) : 0;
}

static double
stage_rate (const OflStageView *stage)
{
  if (stage->bytes_done == 0 || stage->elapsed_us <= 0)
    return 0;
  return (double) stage->bytes_done * G_USEC_PER_SEC / (double) stage->elapsed_us;
}

/* -1 as soon as the running stage has taken longer than is usual: then nobody knows. */
static gint64
time_left (const OflProgressView *view)
{
  const OflStageView *now = &view->stages[view->current];
  double left = 0;

  if (now->state == OFL_STAGE_STATE_RUNNING)
    {
      if (now->bytes_total > 0 && view->rate > 0 && now->elapsed_us > 300 * 1000)
        left = (double) (now->bytes_total - now->bytes_done) / view->rate * 1000;
      else
        left = (double) now->usual_ms - (double) now->elapsed_us / 1000;
      if (left < 0)
        return -1;
    }
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (view->stages[i].state == OFL_STAGE_STATE_PENDING)
      left += view->stages[i].usual_ms;
  return (gint64) left;
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

  memset (view, 0, sizeof *view);
  pthread_mutex_lock (&self->lock);
  gint64 since = self->finished ? 0 : real_now - self->real_us;

  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      view->stages[i] = self->stages[i].view;
      if (view->stages[i].state == OFL_STAGE_STATE_RUNNING)
        view->stages[i].elapsed_us = self->drive_us - self->stages[i].begin_us + since;
      view->stages[i].fraction = stage_fraction (&view->stages[i]);
    }
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
  self->shown = MAX (self->shown, whole_fraction (view));
  view->fraction = self->finished && ofl_verdict_is_success (self->verdict) ? 1 : self->shown;
  pthread_mutex_unlock (&self->lock);
  view->rate = stage_rate (&view->stages[view->current]);
  view->left_ms = view->finished ? 0 : time_left (view);
}

/**
 * ofl_progress_in_danger:
 * @self: progress
 *
 * Returns: whether the drive is past the point of no return and not safe yet
 */
gboolean
ofl_progress_in_danger (OflProgress *self)
{
  pthread_mutex_lock (&self->lock);
  gboolean danger = self->danger;

  pthread_mutex_unlock (&self->lock);
  return danger;
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
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  guint64 first;

  pthread_mutex_lock (&self->lock);
  /* also where one more would be none: the number may come from anybody */
  first = MIN (after_seq, self->last_seq) + 1;
  if (self->last_seq > OFL_LOG_RING && first + OFL_LOG_RING <= self->last_seq)
    first = self->last_seq - OFL_LOG_RING + 1;
  for (guint64 seq = first; seq <= self->last_seq && lines->len < max_lines; seq++)
    {
      const OflLogLine *from = &self->ring[(seq - 1) % OFL_LOG_RING];
      OflLogLine *line = g_new0 (OflLogLine, 1);

      *line = *from;
      line->text = g_strdup (from->text);
      g_ptr_array_add (lines, line);
    }
  pthread_mutex_unlock (&self->lock);
  return lines;
}
