/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the stages add up to: shares, rate and time left. Pure arithmetic on a picture of one moment. */
#include "flash/ofl-progress-sum.h"

/* A stage whose drive reports nothing moves with time and slows down: it never claims the end. */
static double
time_fraction (const OflStageView *view)
{
  double usual = MAX (view->usual_ms, 1) * 1000.0;
  double t = (double) view->elapsed_us / usual;

  return t < 1 ? t * 0.9 : 0.9 + 0.09 * (1 - 1 / t);
}

/**
 * ofl_progress_sum_stage:
 * @view: a stage, its state, bytes and times filled in
 *
 * Returns: its share that is done, 0 to 1, never 1 before it is
 */
double
ofl_progress_sum_stage (const OflStageView *view)
{
  if (view->state == OFL_STAGE_STATE_DONE)
    return 1;
  if (view->state == OFL_STAGE_STATE_PENDING || view->state == OFL_STAGE_STATE_SKIPPED)
    return 0;
  if (view->bytes_total > 0)
    return MIN (0.999, (double) view->bytes_done / (double) view->bytes_total);
  return CLAMP (time_fraction (view), 0, 0.99);
}

/**
 * ofl_progress_sum_whole:
 * @view: progress whose stages are filled in
 *
 * Returns: how much of all that is announced is done, weighted by time, never 1: whether the job
 *   succeeded is the verdict's to say
 */
double
ofl_progress_sum_whole (const OflProgressView *view)
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

/**
 * ofl_progress_sum_rate:
 * @stage: a stage
 *
 * Returns: bytes a second, 0 when unknown
 */
double
ofl_progress_sum_rate (const OflStageView *stage)
{
  if (stage->bytes_done == 0 || stage->elapsed_us <= 0)
    return 0;
  return (double) stage->bytes_done * G_USEC_PER_SEC / (double) stage->elapsed_us;
}

/**
 * ofl_progress_sum_silence:
 * @view: progress
 *
 * Returns: for how many milliseconds the drive has not answered, once that is longer than this
 *   family usually needs for the command; 0 while all is as usual
 */
gint64
ofl_progress_sum_silence (const OflProgressView *view)
{
  gint64 ms = view->command_us / 1000;
  gint64 usual = MAX ((gint64) view->command_usual_ms, 1000);

  /* below two seconds nobody is worried, and above them a tenth is no news */
  if (view->finished || view->command[0] == '\0' || ms < MAX (usual + usual / 10, 2000))
    return 0;
  return ms;
}

/**
 * ofl_progress_sum_left:
 * @view: progress, its rate filled in
 *
 * Returns: milliseconds left, or -1 as soon as the running stage has taken longer than is usual or
 *   the drive is silent for longer than is usual: then nobody knows
 */
gint64
ofl_progress_sum_left (const OflProgressView *view)
{
  const OflStageView *now = &view->stages[view->current];
  double left = 0;

  if (ofl_progress_sum_silence (view) > 0)
    return -1;
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
