/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polls, and the watching of a drive that is still at work. */
#include "flash/ofl-executor-private.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

/* How often a drive is asked that takes longer than it should. */
#define WATCH_EVERY_MS 5000

/* A poll: what it has seen so far. */
typedef struct {
  guint8 *data;
  guint good;
  OflReply reply;
} Poll;

typedef enum {
  POLL_GOES_ON,
  POLL_DONE,
  POLL_FAILED,
} PollState;

/* How far the drive says that it is, where it does. */
static void
report_parts (const OflRunStep *c, const OflReply *reply)
{
  guint parts = c->step->report_parts;
  int done = parts > 0 && ofl_reply_getting_ready (reply) ? ofl_sense_information (&reply->sense, 1)
                                                          : -1;

  if (done > 0 && (guint) done <= parts)
    ofl_progress_report (c->run->progress, c->stage,
                         (guint64) c->step->report_bytes * (guint) done / parts,
                         c->step->report_bytes, ofl_run_step_now_us (c));
}

/* A poll goes on over answers that only mean "not yet"; silence or a lost drive end it. */
static PollState
ask_once (const OflRunStep *c, Poll *poll)
{
  const OflStep *step = c->step;

  ofl_run_step_send (c, &step->command, poll->data, &poll->reply);
  if (poll->reply.outcome == OFL_OUTCOME_TIMEOUT || poll->reply.outcome == OFL_OUTCOME_LOST
      || poll->reply.outcome == OFL_OUTCOME_NOT_SENT)
    {
      ofl_run_step_fail (c, &step->command, &poll->reply);
      return POLL_FAILED;
    }
  if (ofl_run_step_is_good (step, &poll->reply))
    poll->good++;
  else if (step->poll_only_at_work && !ofl_reply_getting_ready (&poll->reply))
    {
      ofl_run_step_fail (c, &step->command, &poll->reply);
      return POLL_FAILED;
    }
  report_parts (c, &poll->reply);
  return poll->good >= step->poll_need ? POLL_DONE : POLL_GOES_ON;
}

/* @what: (transfer full): what happened */
static PollState
fail_poll (const OflRunStep *c, const Poll *poll, OflError code, OflSentence what)
{
  ofl_run_step_fail (c, &c->step->command, &poll->reply);
  g_clear_error (&c->run->error);
  ofl_error_take (&c->run->error, code, what);
  return POLL_FAILED;
}

/* Past the point of no return a drive that says it is at work is never left alone: the watching goes
 * on, slower, until it is done, or the user stops watching, which sends nothing and disturbs nothing. */
static PollState
watch_on (const OflRunStep *c, Poll *poll)
{
  guint limit = c->run->watch_limit_ms != 0 ? c->run->watch_limit_ms : OFL_WATCH_LIMIT_MS;
  gint64 end = ofl_run_step_now_us (c) + (gint64) limit * 1000;
  /* a cancel that came too late for the write was none for the watching, either */
  GCancellable *stop = g_cancellable_is_cancelled (c->run->stop_watching) ? NULL
                                                                          : c->run->stop_watching;
  PollState state = POLL_GOES_ON;

  ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                    "%s: the drive is still at work after %u s. It must stay switched on and is "
                    "watched further; to stop watching does not disturb it.",
                    c->step->label, c->step->poll_limit_ms / 1000);
  ofl_progress_set_cancelable (c->run->progress, stop != NULL);
  while (state == POLL_GOES_ON && ofl_reply_getting_ready (&poll->reply))
    {
      if (g_cancellable_is_cancelled (stop))
        state = fail_poll (c, poll, OFL_ERROR_STILL_BUSY,
                           OFL_SAY (_ ("%s: the drive was still at work when you stopped watching "
                                       "it."),
                                    _ (c->step->label)));
      else if (limit != G_MAXUINT && ofl_run_step_now_us (c) >= end)
        state = fail_poll (c, poll, OFL_ERROR_STILL_BUSY,
                           OFL_SAY (_ ("%s: the drive is still at work, and nobody watches it any "
                                       "longer."),
                                    _ (c->step->label)));
      else
        {
          ofl_transport_sleep_ms (c->run->transport, WATCH_EVERY_MS, stop);
          if (!g_cancellable_is_cancelled (stop))
            state = ask_once (c, poll);
        }
    }
  ofl_progress_set_cancelable (c->run->progress, FALSE);
  return state;
}

static OflSentence
say_late (const OflStep *step)
{
  /* Translators: what the drive was to do, and how long it had for it */
  return OFL_SAY (_ ("%s: the drive was still not ready after %u s."), _ (step->label),
                  step->poll_limit_ms / 1000);
}

static PollState
end_poll (const OflRunStep *c, Poll *poll)
{
  const OflStep *step = c->step;
  PollState state = POLL_GOES_ON;

  if (ofl_reply_getting_ready (&poll->reply))
    {
      if (!c->run->danger || step->cleanup)
        return fail_poll (c, poll, OFL_ERROR_STILL_BUSY, say_late (step));
      state = watch_on (c, poll);
    }
  if (state != POLL_GOES_ON)
    return state;
  if (!step->poll_limit_ok)
    return fail_poll (c, poll, OFL_ERROR_TIMEOUT, say_late (step));
  ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                    "%s: no better answer in %u s, and the drive is not at work; going on",
                    step->label, step->poll_limit_ms / 1000);
  return POLL_DONE;
}

/**
 * ofl_run_step_poll:
 * @c: a step of the kind %OFL_STEP_POLL
 *
 * Asks until the drive is ready, and past the point of no return for as long as it is at work.
 *
 * Returns: whether the plan goes on
 */
gboolean
ofl_run_step_poll (const OflRunStep *c)
{
  const OflStep *step = c->step;
  g_autofree guint8 *data = g_malloc0 (MAX (step->command.length, 1));
  gint64 end = ofl_run_step_now_us (c) + (gint64) step->poll_limit_ms * 1000;
  Poll poll = { .data = data };
  PollState state;

  while ((state = ask_once (c, &poll)) == POLL_GOES_ON && ofl_run_step_now_us (c) < end)
    {
      ofl_transport_sleep_ms (c->run->transport, step->poll_interval_ms,
                              ofl_run_step_may_cancel (c) ? c->run->cancellable : NULL);
      if (ofl_run_step_may_cancel (c) && g_cancellable_is_cancelled (c->run->cancellable))
        return TRUE; /* the loop over steps sees it */
    }
  if (state == POLL_GOES_ON)
    state = end_poll (c, &poll);
  return state == POLL_DONE;
}
