/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one executor that runs every plan. A residual is reported, not fatal by itself; cancel counts
 * until the point of no return and never after it. */
#include "flash/ofl-executor-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "scsi/ofl-error.h"

/* A drive that is asked whether it is ready, or has a disc, and is getting ready, gets so long. */
#define READY_LIMIT_MS 30000
#define READY_EVERY_MS 500

static void
report_residual (const OflRunStep *c, const OflReply *reply)
{
  if (reply->residual > 0 && !c->step->residual_ok)
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING, "%s: %u of %u bytes were not moved",
                      c->step->label, reply->residual, c->step->command.length);
}

static gboolean
compare_data (const OflRunStep *c, const guint8 *data, gsize length)
{
  const OflStep *step = c->step;
  OflRun *run = c->run;
  OflComparison gate = { 0 };
  gsize size;
  const guint8 *want
      = g_bytes_get_data (ofl_plan_get_buffer (c->plan, step->against.buffer), &size);

  if (step->against.offset > size || length > size - step->against.offset)
    {
      ofl_set_error (&run->error, OFL_ERROR_FAILED,
                     _ ("The plan compares beyond the end of its data; this is a fault of the "
                        "program."));
      return FALSE;
    }
  ofl_comparison_add (step->compare == OFL_COMPARE_GATE ? &gate : &run->comparison,
                      step->compare != OFL_COMPARE_NOTE, step->against.offset,
                      want + step->against.offset, data, length);
  if (gate.settled.different == 0)
    return TRUE;
  ofl_set_error (
      &run->error, OFL_ERROR_MISMATCH,
      g_dngettext (GETTEXT_PACKAGE, "%s: %" PRIu64 " of %zu byte differs from what it must be.",
                   "%s: %" PRIu64 " of %zu bytes differ from what they must be.", length),
      _ (step->label), gate.settled.different, length);
  return FALSE;
}

static gboolean
keep_data (const OflRunStep *c, const guint8 *data, const OflReply *reply)
{
  const OflStep *step = c->step;
  gsize length = MIN (reply->transferred, step->command.length);

  if (step->capture < 0 && step->compare == OFL_COMPARE_NONE)
    return TRUE;
  if (length < step->command.length && !step->residual_ok)
    {
      ofl_set_error (&c->run->error, OFL_ERROR_MISMATCH,
                     g_dngettext (GETTEXT_PACKAGE,
                                  "%s: the drive sent %zu byte where %u were asked for.",
                                  "%s: the drive sent %zu bytes where %u were asked for.", length),
                     _ (step->label), length, step->command.length);
      return FALSE;
    }
  if (step->capture >= 0)
    {
      GByteArray *slot = g_ptr_array_index (c->run->data.captures, (guint) step->capture);

      if (slot->len < step->capture_offset + length)
        {
          guint old = slot->len;

          g_byte_array_set_size (slot, step->capture_offset + (guint) length);
          memset (slot->data + old, 0, slot->len - old);
        }
      memcpy (slot->data + step->capture_offset, data, length);
    }
  return step->compare == OFL_COMPARE_NONE || compare_data (c, data, length);
}

static gboolean
fill_out_data (const OflRunStep *c, guint8 *data, GBytes *computed)
{
  const OflStep *step = c->step;
  GBytes *from = computed != NULL ? computed : ofl_plan_get_buffer (c->plan, step->out.buffer);
  guint32 offset = computed != NULL ? 0 : step->out.offset;
  gsize size;
  const guint8 *bytes;

  if (step->command.length == 0)
    return TRUE;
  if (from == NULL)
    {
      ofl_set_error (&c->run->error, OFL_ERROR_FAILED,
                     _ ("The plan sends data it does not have; this is a fault of the program."));
      return FALSE;
    }
  bytes = g_bytes_get_data (from, &size);
  if (offset > size || step->command.length > size - offset)
    {
      ofl_set_error (&c->run->error, OFL_ERROR_FAILED,
                     _ ("The plan sends beyond the end of its data; this is a fault of the "
                        "program."));
      return FALSE;
    }
  memcpy (data, bytes + offset, step->command.length);
  return TRUE;
}

/* Where a family's source goes another way after a refusal, the step says how many of the steps
 * that follow belong to the way not taken. */
static void
choose_way (const OflRunStep *c, gboolean good)
{
  c->run->skip = good ? c->step->skip_if_good : c->step->skip_if_refused;
  if (c->run->skip > 0)
    ofl_progress_log (c->run->progress, OFL_LOG_INFO, "%s: %s, so the next %u steps are left out",
                      c->step->label, good ? "done" : "refused", c->run->skip);
}

/* 02/04/xx says nothing of what was asked (a drive that has just left another mode): the question is
 * put again, it changes nothing. */
static void
send_question (const OflRunStep *c, OflReply *reply)
{
  gint64 end = ofl_run_step_now_us (c) + READY_LIMIT_MS * G_GINT64_CONSTANT (1000);

  ofl_run_step_send (c, &c->step->command, NULL, reply);
  while (ofl_reply_getting_ready (reply) && ofl_run_step_now_us (c) < end
         && !(ofl_run_step_may_cancel (c) && g_cancellable_is_cancelled (c->run->cancellable)))
    {
      ofl_transport_sleep_ms (c->run->transport, READY_EVERY_MS,
                              ofl_run_step_may_cancel (c) ? c->run->cancellable : NULL);
      ofl_run_step_send (c, &c->step->command, NULL, reply);
    }
}

static gboolean
is_readiness_gate (const OflStep *step)
{
  return step->command.cdb[0] == 0x00 && !step->cleanup
         && (step->expect == OFL_EXPECT_NO_MEDIUM || step->expect == OFL_EXPECT_OK
             || step->expect == OFL_EXPECT_OK_OR_NO_MEDIUM);
}

/* One room for the data of all commands: the transport leaves nothing of the last one's in it. */
static guint8 *
room_for (OflRun *run, guint32 length)
{
  if (run->room == NULL || length > run->room_length)
    {
      g_free (run->room);
      run->room_length = MAX (length, 1);
      run->room = g_malloc (run->room_length);
    }
  return run->room;
}

static gboolean
run_command (const OflRunStep *c, GBytes *computed)
{
  const OflStep *step = c->step;
  guint8 *data = room_for (c->run, step->command.length);
  OflReply reply;

  if (step->command.dir == OFL_DIR_OUT && !fill_out_data (c, data, computed))
    return FALSE;
  if (is_readiness_gate (step))
    send_question (c, &reply);
  else
    ofl_run_step_send (c, &step->command, data, &reply);
  if (!ofl_run_step_is_good (step, &reply))
    return ofl_run_step_fail (c, &step->command, &reply);
  choose_way (c, ofl_reply_ok (&reply));
  report_residual (c, &reply);
  if (step->command.dir == OFL_DIR_IN && ofl_reply_ok (&reply) && !keep_data (c, data, &reply))
    {
      if (c->run->technical == NULL)
        c->run->technical = ofl_reply_technical (&step->command, &reply);
      return FALSE;
    }
  if (step->out.buffer >= 0 || step->capture >= 0 || step->compare != OFL_COMPARE_NONE)
    ofl_progress_add_bytes (c->run->progress, c->stage, step->command.length,
                            ofl_run_step_now_us (c));
  return TRUE;
}

static gboolean
run_reenumerate (const OflRunStep *c)
{
  gboolean back;

  ofl_progress_begin_command (c->run->progress, c->step->label, MAX (c->step->max_ms, 1),
                              c->step->poll_limit_ms, ofl_run_step_now_us (c));
  back = ofl_transport_reopen (c->run->transport, c->step->poll_limit_ms,
                               ofl_run_step_may_cancel (c) ? c->run->cancellable : NULL,
                               &c->run->error);
  ofl_progress_end_command (c->run->progress, ofl_run_step_now_us (c));
  return back;
}

static gboolean
run_exchange (const OflRunStep *c)
{
  g_autoptr (GBytes) computed = c->step->exchange (&c->run->data, c->step->arg, &c->run->error);

  if (computed == NULL && c->run->error == NULL)
    {
      choose_way (c, FALSE);
      return TRUE;
    }
  return computed != NULL && run_command (c, computed);
}

/* The journal must be on the disk before danger begins: without it no danger. A cancel that came
 * until then counts, and the loop over steps sees it; none that comes later ever does, not even when
 * the drive is safe again: by then it was written. */
static gboolean
begin_danger (const OflRunStep *c)
{
  OflRun *run = c->run;

  /* first nobody is told any more that a cancel takes effect, then the last one is looked for */
  ofl_progress_set_cancelable (run->progress, FALSE);
  if (g_cancellable_is_cancelled (run->cancellable))
    return TRUE;
  if (run->journal != NULL)
    {
      ofl_journal_write (run->journal, "point-of-no-return", "step", c->step->label, NULL);
      if (!ofl_journal_sync (run->journal, &run->error))
        return FALSE;
    }
  if (run->cancellable != NULL)
    run->stop_watching = g_steal_pointer (&run->cancellable);
  run->danger = TRUE;
  ofl_progress_set_danger (run->progress, TRUE);
  ofl_progress_log (run->progress, OFL_LOG_INFO, "Point of no return: %s", c->step->label);
  return TRUE;
}

static gboolean
run_mark (const OflRunStep *c)
{
  OflRun *run = c->run;

  if (c->step->mark == OFL_MARK_DANGER_BEGINS)
    return begin_danger (c);
  if (c->step->mark == OFL_MARK_SAFE_AGAIN && run->comparison.settled.different == 0)
    {
      run->danger = FALSE;
      ofl_progress_set_danger (run->progress, FALSE);
      if (run->journal != NULL)
        {
          ofl_journal_write (run->journal, "safe-again", "step", c->step->label, NULL);
          ofl_journal_sync (run->journal, NULL);
        }
      ofl_progress_log (run->progress, OFL_LOG_INFO, "Safe again: %s", c->step->label);
    }
  return TRUE;
}

/* What may take long: whoever ends the program meanwhile finds in the journal all that came before. */
static gboolean
is_pause (OflStepKind kind)
{
  return kind == OFL_STEP_POLL || kind == OFL_STEP_SETTLE || kind == OFL_STEP_REENUMERATE;
}

static gboolean
run_step (const OflRunStep *c)
{
  if (c->run->journal != NULL && is_pause (c->step->kind))
    ofl_journal_flush (c->run->journal);
  switch (c->step->kind)
    {
    case OFL_STEP_COMMAND:
      return run_command (c, NULL);
    case OFL_STEP_POLL:
      return ofl_run_step_poll (c);
    case OFL_STEP_SETTLE:
      ofl_transport_sleep_ms (c->run->transport, c->step->settle_ms,
                              ofl_run_step_may_cancel (c) ? c->run->cancellable : NULL);
      return TRUE;
    case OFL_STEP_EXCHANGE:
      return run_exchange (c);
    case OFL_STEP_REENUMERATE:
      return run_reenumerate (c);
    case OFL_STEP_CHECK:
      return c->step->check (&c->run->data, c->step->arg, &c->run->error);
    case OFL_STEP_MARK:
      return run_mark (c);
    default:
      return FALSE;
    }
}

/* A step that undoes another is of use only once that one was done, and was itself not tried yet. */
static gboolean
cleanup_needed (const OflRun *run, const OflStep *step, guint index, guint stopped_at)
{
  if (!step->cleanup || !run->wrote)
    return FALSE;
  return step->cleanup_after == 0
         || (stopped_at >= step->cleanup_after
             && !(run->end == OFL_RUN_FAILED && index == stopped_at));
}

/* Cleanup steps run after a failure or a cancel; their own failures are only logged. */
static void
run_cleanup (OflRun *run, const OflPlan *plan, guint from)
{
  GError *error = g_steal_pointer (&run->error);
  char *technical = g_steal_pointer (&run->technical);
  OflReply reply = run->failed_reply;

  for (guint i = from; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      OflRunStep c = { run, plan, step, i, run->stage >= 0 ? (OflStage) run->stage : step->stage };

      if (!cleanup_needed (run, step, i, from))
        continue;
      if (!run_step (&c))
        ofl_progress_log (run->progress, OFL_LOG_WARNING, "%s failed: %s", step->label,
                          run->error != NULL ? ofl_error_english (run->error) : "");
      g_clear_error (&run->error);
      g_clear_pointer (&run->technical, g_free);
    }
  run->error = error;
  run->technical = technical;
  run->failed_reply = reply;
}

/* Which bar runs. */
typedef struct {
  OflStage stage;
  gboolean any;
} Bar;

static void
change_stage (const OflRunStep *c, Bar *bar)
{
  if (bar->any && bar->stage == c->stage)
    return;
  if (bar->any)
    ofl_progress_end_stage (c->run->progress, bar->stage, OFL_STAGE_STATE_DONE,
                            ofl_run_step_now_us (c));
  bar->stage = c->stage;
  bar->any = TRUE;
  ofl_progress_begin_stage (c->run->progress, c->stage, ofl_run_step_now_us (c));
}

static GPtrArray *
new_captures (const OflPlan *plan)
{
  GPtrArray *captures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  for (guint i = 0; i < ofl_plan_get_n_captures (plan); i++)
    g_ptr_array_add (captures, g_byte_array_sized_new (ofl_plan_get_capture_size (plan, (int) i)));
  return captures;
}

static void
begin (OflRun *run, const OflPlan *plan)
{
  run->data.captures = new_captures (plan);
  ofl_comparison_leave_out_all (&run->comparison, ofl_plan_get_left_out (plan));
  run->end = OFL_RUN_DONE;
}

/* The steps from @from up to @to; when one fails, or the run is cancelled, the plan's cleanup steps. */
static gboolean
run_steps (OflRun *run, const OflPlan *plan, guint from, guint to, Bar *bar)
{
  guint i;

  for (i = from; i < to; i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      OflRunStep c = { run, plan, step, i, run->stage >= 0 ? (OflStage) run->stage : step->stage };

      if (step->cleanup_only)
        continue;
      if (ofl_run_step_may_cancel (&c) && g_cancellable_is_cancelled (run->cancellable))
        {
          run->end = OFL_RUN_CANCELLED;
          break;
        }
      change_stage (&c, bar);
      if (!run_step (&c))
        {
          run->end = OFL_RUN_FAILED;
          run->failed_step = i;
          break;
        }
      i += run->skip;
      run->skip = 0;
    }
  if (run->end != OFL_RUN_DONE)
    run_cleanup (run, plan, i);
  return run->end == OFL_RUN_DONE;
}

static void
end_bar (const OflRun *run, const Bar *bar)
{
  if (bar->any && run->stage < 0)
    ofl_progress_end_stage (run->progress, bar->stage,
                            run->end == OFL_RUN_DONE ? OFL_STAGE_STATE_DONE
                                                     : OFL_STAGE_STATE_FAILED,
                            ofl_transport_now_us (run->transport));
}

/**
 * ofl_run_execute:
 * @run: a run with its first five fields set, the rest zero
 * @plan: what to do
 *
 * Runs every step in order on the calling (worker) thread, then cleanup steps, whatever happened.
 * Blocks for as long as the drive needs.
 */
void
ofl_run_execute (OflRun *run, const OflPlan *plan)
{
  Bar bar = { OFL_STAGE_IDENTIFY, FALSE };

  begin (run, plan);
  run_steps (run, plan, 0, ofl_plan_get_n_steps (plan), &bar);
  end_bar (run, &bar);
}

/* Where the part that begins at @from ends (OflReading). */
static guint
end_of_part (const OflPlan *plan, guint from)
{
  OflReading reading = ofl_plan_get_step (plan, from)->reading;
  guint to = from + 1;

  while (to < ofl_plan_get_n_steps (plan) && ofl_plan_get_step (plan, to)->reading == reading)
    to++;
  return to;
}

/* Once more, into the captures of the second reading. */
static gboolean
run_again (OflRun *run, const OflPlan *plan, guint from, guint to, GPtrArray *second, Bar *bar)
{
  GPtrArray *first = run->data.captures;
  gboolean done;

  run->data.captures = second;
  done = run_steps (run, plan, from, to, bar);
  run->data.captures = first;
  return done;
}

/**
 * ofl_run_execute_twice:
 * @run: a run with its first five fields set, the rest zero
 * @plan: what to do; it only reads, and no step of it leaves out steps of the next part
 *
 * Runs the plan for two readings, part by part: what a step says of itself (#OflReading) is done once
 * for both, everything else for the one and then for the other. A plan of which no step says
 * anything is one part: it is run, and run again.
 *
 * Returns: (transfer full) (element-type GByteArray): what the second reading captured
 */
GPtrArray *
ofl_run_execute_twice (OflRun *run, const OflPlan *plan)
{
  GPtrArray *second = new_captures (plan);
  Bar bar = { OFL_STAGE_IDENTIFY, FALSE };
  guint n = ofl_plan_get_n_steps (plan);

  begin (run, plan);
  for (guint from = 0, to; from < n; from = to)
    {
      to = end_of_part (plan, from);
      if (!run_steps (run, plan, from, to, &bar))
        break;
      if (ofl_plan_get_step (plan, from)->reading != OFL_READING_SHARED
          && !run_again (run, plan, from, to, second, &bar))
        break;
    }
  end_bar (run, &bar);
  return second;
}

/**
 * ofl_run_clear:
 * @run: a run
 *
 * Frees what a run has collected.
 */
void
ofl_run_clear (OflRun *run)
{
  g_clear_pointer (&run->data.captures, g_ptr_array_unref);
  g_clear_error (&run->error);
  g_clear_pointer (&run->technical, g_free);
  g_clear_pointer (&run->room, g_free);
  run->room_length = 0;
  ofl_comparison_clear (&run->comparison);
}
