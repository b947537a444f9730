/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one executor that runs every plan. Writes are never retried, reads once; a residual is
 * reported, not fatal by itself; UNIT ATTENTION is consumed on read-only commands; cancel counts
 * until the point of no return and never after it. */
#include "flash/ofl-executor.h"

#include <string.h>

#include "scsi/ofl-error.h"

/* A drive may queue several UNIT ATTENTIONs (power on, bus reset, microcode changed); more in a
 * row than this is a fault. */
#define MAX_ATTENTIONS 8

typedef struct {
  OflRun *run;
  const OflPlan *plan;
  const OflStep *step;
  guint index;
  OflStage stage;
} Context;

static gint64
now_us (const Context *c)
{
  return ofl_transport_now_us (c->run->transport);
}

static void
report_residual (const Context *c, const OflReply *reply)
{
  if (reply->residual > 0 && !c->step->residual_ok)
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING, "%s: %u of %u bytes were not moved",
                      c->step->label, reply->residual, c->step->command.length);
}

/* Said once it is over; while it lasts ofl_progress_view_watchdog_text() says so. */
static void
report_slowness (const Context *c, const OflReply *reply)
{
  double seconds = (double) reply->duration_us / 1e6;
  double usual = MAX ((double) c->step->max_ms / 1000, 1);

  if (reply->outcome == OFL_OUTCOME_TIMEOUT)
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                      "%s: the drive did not answer for %.0f s and was given up; usual is %.0f s",
                      c->step->label, seconds, usual);
  else if (seconds >= MAX (usual * 1.1, 2))
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                      "%s: the drive answered only after %.0f s; usual is %.0f s", c->step->label,
                      seconds, usual);
}

static void
send_once (const Context *c, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gint64 sent = now_us (c);
  g_autofree char *answer = NULL;
  g_autofree char *cdb = NULL;

  ofl_progress_begin_command (c->run->progress, c->step->label, MAX (c->step->max_ms, 1),
                              command->timeout_ms, sent);
  ofl_transport_execute (c->run->transport, command, data, reply);
  ofl_progress_end_command (c->run->progress, now_us (c));
  if (!ofl_command_is_read_only (command))
    c->run->wrote = TRUE;
  if (c->run->journal != NULL)
    ofl_journal_command (c->run->journal, c->index + 1, sent, command, reply);
  cdb = ofl_command_format (command);
  answer = ofl_reply_format (reply);
  ofl_progress_log (c->run->progress, OFL_LOG_COMMAND, "%s  %s  %.1f ms", cdb, answer,
                    (double) reply->duration_us / 1000);
  report_slowness (c, reply);
}

static gboolean
worth_a_second_try (const OflReply *reply)
{
  return reply->outcome == OFL_OUTCOME_HOST || ofl_reply_has_key (reply, OFL_KEY_ABORTED);
}

/* Only commands that change nothing may be sent again. */
static void
send_command (const Context *c, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint attentions = 0;
  gboolean tried_again = FALSE;

  for (;;)
    {
      send_once (c, command, data, reply);
      if (!ofl_command_is_read_only (command))
        return;
      if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && attentions++ < MAX_ATTENTIONS)
        continue;
      if (worth_a_second_try (reply) && !tried_again)
        {
          tried_again = TRUE;
          continue;
        }
      return;
    }
}

static gboolean
answer_is_good (const OflStep *step, const OflReply *reply)
{
  gboolean answered = reply->outcome == OFL_OUTCOME_OK || reply->outcome == OFL_OUTCOME_SENSE
                      || reply->outcome == OFL_OUTCOME_STATUS;

  switch (step->expect)
    {
    case OFL_EXPECT_OK:
      return ofl_reply_ok (reply);
    case OFL_EXPECT_OK_OR_NO_MEDIUM:
      return ofl_reply_ok (reply) || ofl_reply_no_medium (reply);
    case OFL_EXPECT_NO_MEDIUM:
      return ofl_reply_no_medium (reply);
    case OFL_EXPECT_NOT_FATAL:
      return answered
             && !(reply->outcome == OFL_OUTCOME_SENSE
                  && (step->fatal_keys & (1u << reply->sense.key)) != 0);
    case OFL_EXPECT_IGNORE:
      return answered;
    case OFL_EXPECT_ANYTHING:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
fail_reply (const Context *c, const OflCommand *command, const OflReply *reply)
{
  OflRun *run = c->run;

  run->failed_reply = *reply;
  run->technical = ofl_reply_technical (command, reply);
  if (c->step->expect == OFL_EXPECT_NO_MEDIUM && ofl_reply_ok (reply))
    g_set_error (&run->error, OFL_ERROR, OFL_ERROR_NOT_READY,
                 "A disc is in the drive. Take it out and try again.");
  else
    ofl_reply_set_error (reply, command, &run->error);
  return FALSE;
}

/* Counts bytes that differ; the first one is worth naming. */
static gboolean
compare_data (const Context *c, const guint8 *data, gsize length)
{
  const OflStep *step = c->step;
  OflRun *run = c->run;
  gsize size;
  const guint8 *want
      = g_bytes_get_data (ofl_plan_get_buffer (c->plan, step->against.buffer), &size);
  guint64 different = 0;
  gsize first = 0;

  if (step->against.offset > size || length > size - step->against.offset)
    {
      g_set_error (&run->error, OFL_ERROR, OFL_ERROR_FAILED,
                   "The plan compares beyond the end of its data; this is a fault of the program.");
      return FALSE;
    }
  want += step->against.offset;
  for (gsize i = 0; i < length; i++)
    if (data[i] != want[i])
      {
        if (different++ == 0)
          first = i;
      }
  if (step->compare == OFL_COMPARE_RECORD)
    {
      if (different > 0 && run->different == 0)
        run->first_difference = step->against.offset + (guint32) first;
      run->compared += length;
      run->different += different;
      return TRUE;
    }
  if (different == 0)
    return TRUE;
  g_set_error (&run->error, OFL_ERROR, OFL_ERROR_MISMATCH,
               "%s: %" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT
               " bytes differ from what they must be.",
               step->label, different, length);
  return FALSE;
}

static gboolean
keep_data (const Context *c, const guint8 *data, const OflReply *reply)
{
  const OflStep *step = c->step;
  gsize length = MIN (reply->transferred, step->command.length);

  if (step->capture < 0 && step->compare == OFL_COMPARE_NONE)
    return TRUE;
  if (length < step->command.length && !step->residual_ok)
    {
      g_set_error (&c->run->error, OFL_ERROR, OFL_ERROR_MISMATCH,
                   "%s: the drive sent %" G_GSIZE_FORMAT " bytes where %u were asked for.",
                   step->label, length, step->command.length);
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
fill_out_data (const Context *c, guint8 *data, GBytes *computed)
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
      g_set_error (&c->run->error, OFL_ERROR, OFL_ERROR_FAILED,
                   "The plan sends data it does not have; this is a fault of the program.");
      return FALSE;
    }
  bytes = g_bytes_get_data (from, &size);
  if (offset > size || step->command.length > size - offset)
    {
      g_set_error (&c->run->error, OFL_ERROR, OFL_ERROR_FAILED,
                   "The plan sends beyond the end of its data; this is a fault of the program.");
      return FALSE;
    }
  memcpy (data, bytes + offset, step->command.length);
  return TRUE;
}

/* Where a family's source goes another way after a refusal, the step says how many of the steps
 * that follow belong to the way not taken. */
static void
choose_way (const Context *c, gboolean good)
{
  c->run->skip = good ? c->step->skip_if_good : c->step->skip_if_refused;
  if (c->run->skip > 0)
    ofl_progress_log (c->run->progress, OFL_LOG_INFO, "%s: %s, so the next %u steps are left out",
                      c->step->label, good ? "done" : "refused", c->run->skip);
}

static gboolean
run_command (const Context *c, GBytes *computed)
{
  const OflStep *step = c->step;
  g_autofree guint8 *data = g_malloc0 (MAX (step->command.length, 1));
  OflReply reply;

  if (step->command.dir == OFL_DIR_OUT && !fill_out_data (c, data, computed))
    return FALSE;
  send_command (c, &step->command, data, &reply);
  if (!answer_is_good (step, &reply))
    return fail_reply (c, &step->command, &reply);
  choose_way (c, ofl_reply_ok (&reply));
  report_residual (c, &reply);
  if (step->command.dir == OFL_DIR_IN && ofl_reply_ok (&reply) && !keep_data (c, data, &reply))
    {
      if (c->run->technical == NULL)
        c->run->technical = ofl_reply_technical (&step->command, &reply);
      return FALSE;
    }
  if (step->out.buffer >= 0 || step->capture >= 0 || step->compare != OFL_COMPARE_NONE)
    ofl_progress_add_bytes (c->run->progress, c->stage, step->command.length, now_us (c));
  return TRUE;
}

static gboolean
may_cancel (const Context *c)
{
  return !c->run->danger && !c->step->cleanup;
}

/* A poll goes on over answers that only mean "not yet"; silence or a lost drive end it. */
static gboolean
run_poll (const Context *c)
{
  const OflStep *step = c->step;
  g_autofree guint8 *data = g_malloc0 (MAX (step->command.length, 1));
  gint64 end = now_us (c) + (gint64) step->poll_limit_ms * 1000;
  guint good = 0;
  OflReply reply;

  for (;;)
    {
      send_command (c, &step->command, data, &reply);
      if (reply.outcome == OFL_OUTCOME_TIMEOUT || reply.outcome == OFL_OUTCOME_LOST
          || reply.outcome == OFL_OUTCOME_NOT_SENT)
        return fail_reply (c, &step->command, &reply);
      if (answer_is_good (step, &reply))
        good++;
      else if (step->poll_in_a_row)
        good = 0;
      if (good >= step->poll_need)
        return TRUE;
      if (now_us (c) >= end)
        break;
      ofl_transport_sleep_ms (c->run->transport, step->poll_interval_ms,
                              may_cancel (c) ? c->run->cancellable : NULL);
      if (may_cancel (c) && g_cancellable_is_cancelled (c->run->cancellable))
        return TRUE; /* the loop over steps sees it */
    }
  if (step->poll_limit_ok)
    {
      ofl_progress_log (c->run->progress, OFL_LOG_WARNING, "%s: not ready after %u s; going on",
                        step->label, step->poll_limit_ms / 1000);
      return TRUE;
    }
  fail_reply (c, &step->command, &reply);
  g_clear_error (&c->run->error);
  g_set_error (&c->run->error, OFL_ERROR, OFL_ERROR_TIMEOUT,
               "%s: the drive was still not ready after %u s.", step->label,
               step->poll_limit_ms / 1000);
  return FALSE;
}

static gboolean
run_reenumerate (const Context *c)
{
  gboolean back;

  ofl_progress_begin_command (c->run->progress, c->step->label, MAX (c->step->max_ms, 1),
                              c->step->poll_limit_ms, now_us (c));
  back = ofl_transport_reopen (c->run->transport, c->step->poll_limit_ms,
                               may_cancel (c) ? c->run->cancellable : NULL, &c->run->error);
  ofl_progress_end_command (c->run->progress, now_us (c));
  return back;
}

static gboolean
run_exchange (const Context *c)
{
  g_autoptr (GBytes) computed
      = c->step->exchange (&c->run->data, c->step->arg, &c->run->error);

  if (computed == NULL && c->run->error == NULL)
    {
      choose_way (c, FALSE);
      return TRUE;
    }
  return computed != NULL && run_command (c, computed);
}

/* The journal must be on the disk before danger begins: without it no danger. */
static gboolean
run_mark (const Context *c)
{
  OflRun *run = c->run;

  if (c->step->mark == OFL_MARK_DANGER_BEGINS)
    {
      if (run->journal != NULL)
        {
          ofl_journal_write (run->journal, "point-of-no-return", "step", c->step->label, NULL);
          if (!ofl_journal_sync (run->journal, &run->error))
            return FALSE;
        }
      run->danger = TRUE;
      ofl_progress_set_danger (run->progress, TRUE);
      ofl_progress_log (run->progress, OFL_LOG_INFO, "Point of no return: %s", c->step->label);
    }
  else if (c->step->mark == OFL_MARK_SAFE_AGAIN && run->different == 0)
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

static gboolean
run_step (const Context *c)
{
  switch (c->step->kind)
    {
    case OFL_STEP_COMMAND:
      return run_command (c, NULL);
    case OFL_STEP_POLL:
      return run_poll (c);
    case OFL_STEP_SETTLE:
      ofl_transport_sleep_ms (c->run->transport, c->step->settle_ms,
                              may_cancel (c) ? c->run->cancellable : NULL);
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
      Context c = { run, plan, step, i, run->stage >= 0 ? (OflStage) run->stage : step->stage };

      if (!cleanup_needed (run, step, i, from))
        continue;
      if (!run_step (&c))
        ofl_progress_log (run->progress, OFL_LOG_WARNING, "%s failed: %s", step->label,
                          run->error != NULL ? run->error->message : "");
      g_clear_error (&run->error);
      g_clear_pointer (&run->technical, g_free);
    }
  run->error = error;
  run->technical = technical;
  run->failed_reply = reply;
}

static void
change_stage (const Context *c, OflStage *current, gboolean *any)
{
  if (*any && *current == c->stage)
    return;
  if (*any)
    ofl_progress_end_stage (c->run->progress, *current, OFL_STAGE_STATE_DONE, now_us (c));
  *current = c->stage;
  *any = TRUE;
  ofl_progress_begin_stage (c->run->progress, c->stage, now_us (c));
}

static void
prepare_captures (OflRun *run, const OflPlan *plan)
{
  run->data.captures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  for (guint i = 0; i < ofl_plan_get_n_captures (plan); i++)
    g_ptr_array_add (run->data.captures,
                     g_byte_array_sized_new (ofl_plan_get_capture_size (plan, (int) i)));
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
  guint n = ofl_plan_get_n_steps (plan);
  OflStage current = OFL_STAGE_IDENTIFY;
  gboolean any = FALSE;
  guint i;

  prepare_captures (run, plan);
  run->end = OFL_RUN_DONE;
  for (i = 0; i < n; i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      Context c = { run, plan, step, i, run->stage >= 0 ? (OflStage) run->stage : step->stage };

      if (step->cleanup_only)
        continue;
      if (may_cancel (&c) && g_cancellable_is_cancelled (run->cancellable))
        {
          run->end = OFL_RUN_CANCELLED;
          break;
        }
      change_stage (&c, &current, &any);
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
  if (any && run->stage < 0)
    ofl_progress_end_stage (run->progress, current,
                            run->end == OFL_RUN_DONE ? OFL_STAGE_STATE_DONE
                                                     : OFL_STAGE_STATE_FAILED,
                            ofl_transport_now_us (run->transport));
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
}

/**
 * ofl_run_get_capture:
 * @run: a run that has ended
 * @capture: index of a slot
 *
 * Returns: (transfer full): a copy of what was read into it
 */
GBytes *
ofl_run_get_capture (const OflRun *run, int capture)
{
  const GByteArray *slot;

  g_return_val_if_fail (capture >= 0 && (guint) capture < run->data.captures->len, NULL);
  slot = g_ptr_array_index (run->data.captures, (guint) capture);
  return g_bytes_new (slot->data, slot->len);
}
