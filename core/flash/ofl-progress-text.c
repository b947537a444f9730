/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress in words. */
#include "flash/ofl-progress-sum.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/**
 * ofl_log_line_copy:
 * @self: a line
 *
 * Returns: (transfer full): the same line
 */
OflLogLine *
ofl_log_line_copy (const OflLogLine *self)
{
  OflLogLine *copy = g_new (OflLogLine, 1);

  *copy = *self;
  copy->text = g_strdup (self->text);
  return copy;
}

/**
 * ofl_log_line_free:
 * @line: (transfer full): a line
 */
void
ofl_log_line_free (OflLogLine *line)
{
  g_free (line->text);
  g_free (line);
}

/**
 * ofl_log_level_id:
 * @level: how loud
 *
 * Returns: a word for machines
 */
const char *
ofl_log_level_id (OflLogLevel level)
{
  static const char *const ids[] = { "command", "info", "warning", "error" };

  g_return_val_if_fail (level < G_N_ELEMENTS (ids), "");
  return ids[level];
}

static char *
format_duration (gint64 ms)
{
  gint64 s = (ms + 500) / 1000;

  if (s >= 120)
    /* Translators: a time in minutes and seconds */
    return g_strdup_printf (_ ("%" PRId64 " min %" PRId64 " s"), s / 60, s % 60);
  /* Translators: a time in seconds */
  return g_strdup_printf (_ ("%" PRId64 " s"), s);
}

/* A stage that reports nothing while it runs, or a stage (@done not NULL) whose bytes have all moved
 * and that goes on. */
static char *
band_text (const OflStageView *s, const char *done, const char *total)
{
  g_autofree char *elapsed = format_duration (s->elapsed_us / 1000);
  g_autofree char *usual = format_duration (s->usual_ms);
  g_autofree char *max = format_duration (s->max_ms);
  gboolean exact = s->max_ms <= s->usual_ms + 999;

  /* nobody knows how long it takes */
  if (s->max_ms == 0)
    /* Translators: a time: "working, 12 s" */
    return done == NULL
               ? g_strdup_printf (_ ("working, %s"), elapsed)
               /* Translators: amounts of data, and a time: "2.1 MB of 2.1 MB, working, 12 s" */
               : g_strdup_printf (_ ("%s of %s, working, %s"), done, total, elapsed);
  if (s->usual_ms < 1000 && s->elapsed_us < 2 * G_USEC_PER_SEC)
    return done == NULL ? g_strdup (_ ("working"))
                        /* Translators: amounts of data: "2.1 MB of 2.1 MB, working" */
                        : g_strdup_printf (_ ("%s of %s, working"), done, total);
  if (done == NULL)
    /* Translators: times: "working, 12 s, usually 20 s to 40 s" */
    return exact ? g_strdup_printf (_ ("working, %s, usually %s"), elapsed, usual)
                 : g_strdup_printf (_ ("working, %s, usually %s to %s"), elapsed, usual, max);
  /* Translators: two amounts of data, then times */
  return exact ? g_strdup_printf (_ ("%s of %s, working, %s, usually %s"), done, total, elapsed,
                                  usual)
               : g_strdup_printf (_ ("%s of %s, working, %s, usually %s to %s"), done, total,
                                  elapsed, usual, max);
}

static char *
rate_text (const OflProgressView *view, const OflStageView *s, const char *done, const char *total)
{
  g_autofree char *rate = g_format_size ((guint64) view->rate);
  double left = (double) (s->bytes_total - s->bytes_done) / view->rate * 1000;
  g_autofree char *time = format_duration ((gint64) left);

  if (s->elapsed_us <= 300 * 1000)
    /* Translators: amounts of data: "1.2 MB of 2.1 MB, 310 kB/s" */
    return g_strdup_printf (_ ("%s of %s, %s/s"), done, total, rate);
  /* Translators: "1.2 MB of 2.1 MB, 310 kB/s, about 3 s left" */
  return g_strdup_printf (_ ("%s of %s, %s/s, about %s left"), done, total, rate, time);
}

static char *
bytes_text (const OflProgressView *view, const OflStageView *s, gboolean current)
{
  g_autofree char *done = g_format_size (s->bytes_done);
  g_autofree char *total = g_format_size (s->bytes_total);
  gint64 silence = ofl_progress_sum_silence (view);

  if (current && silence > 0)
    {
      g_autofree char *time = format_duration (silence);

      /* Translators: two amounts of data, and a time */
      return g_strdup_printf (_ ("%s of %s, no answer for %s"), done, total, time);
    }
  if (s->bytes_done >= s->bytes_total)
    return band_text (s, done, total);
  if (current && view->rate > 0 && !view->by_other)
    return rate_text (view, s, done, total);
  /* Translators: amounts of data: "1.2 MB of 2.1 MB" */
  return g_strdup_printf (_ ("%s of %s"), done, total);
}

/* Whose turn it is: the drive waits for the program. */
static char *
idle_text (const OflProgressView *view, const OflStageView *s)
{
  g_autofree char *done = g_format_size (s->bytes_done);
  g_autofree char *time = format_duration (view->idle_us / 1000);

  if (s->bytes_done == 0)
    /* Translators: %s is a time */
    return g_strdup_printf (_ ("the maker's program has sent nothing for %s"), time);
  /* Translators: an amount of data, and a time */
  return g_strdup_printf (_ ("%s sent; the maker's program has sent nothing more for %s"), done,
                          time);
}

/* How much it will be in the end is not known. */
static char *
open_end_text (const OflStageView *s)
{
  g_autofree char *done = g_format_size (s->bytes_done);
  g_autofree char *time = format_duration (s->elapsed_us / 1000);

  /* Translators: an amount of data, and a time: "65.5 kB, working, 3 s" */
  return g_strdup_printf (_ ("%s, working, %s"), done, time);
}

/* The stage that a cancel or a refusal ended has not failed. */
static char *
failed_text (const OflProgressView *view, OflStage stage)
{
  guint64 bytes = view->stages[stage].bytes_done;
  gboolean last = view->finished && stage == view->current;
  g_autofree char *size = g_format_size (bytes);

  if (last && view->verdict == OFL_VERDICT_CANCELLED)
    return bytes > 0 ? g_strdup_printf (_ ("cancelled after %s"), size)
                     : g_strdup (_ ("cancelled"));
  if (last && view->verdict == OFL_VERDICT_REFUSED)
    return bytes > 0 ? g_strdup_printf (_ ("refused after %s"), size) : g_strdup (_ ("refused"));
  /* Translators: an amount of data */
  return bytes > 0 ? g_strdup_printf (_ ("failed after %s"), size) : g_strdup (_ ("failed"));
}

/**
 * ofl_progress_view_stage_title:
 * @view: progress at one moment
 * @stage: which stage
 *
 * Returns: what that stage is called in this job
 */
const char *
ofl_progress_view_stage_title (const OflProgressView *view, OflStage stage)
{
  if (view->by_other && !view->held && stage == OFL_STAGE_CHECK)
    return _ ("The maker's program looks");
  if (view->by_other && stage == OFL_STAGE_SEND)
    return _ ("The maker's program sends");
  if (view->by_other && stage == OFL_STAGE_PROGRAM)
    return _ ("The maker's program waits");
  return ofl_stage_title (stage);
}

/**
 * ofl_progress_view_stage_text:
 * @view: progress at one moment
 * @stage: which stage
 *
 * Returns: (transfer full): what stands beside that stage's bar, never empty
 */
char *
ofl_progress_view_stage_text (const OflProgressView *view, OflStage stage)
{
  const OflStageView *s = &view->stages[stage];
  g_autofree char *time = NULL;
  g_autofree char *size = NULL;

  switch (s->state)
    {
    case OFL_STAGE_STATE_PENDING:
      return g_strdup (_ ("waiting"));
    case OFL_STAGE_STATE_SKIPPED:
      return g_strdup (_ ("not needed"));
    case OFL_STAGE_STATE_RUNNING:
      if (stage == view->current && view->question != 0)
        return g_strdup (_ ("waits for your answer"));
      if (stage == view->current && view->idle_us > 0)
        return idle_text (view, s);
      if (view->by_other && s->bytes_total == 0 && s->bytes_done > 0)
        return open_end_text (s);
      return s->bytes_total > 0 ? bytes_text (view, s, stage == view->current)
                                : band_text (s, NULL, NULL);
    case OFL_STAGE_STATE_FAILED:
      return failed_text (view, stage);
    case OFL_STAGE_STATE_DONE:
    default:
      break;
    }
  time = format_duration (s->elapsed_us / 1000);
  size = g_format_size (s->bytes_done);
  /* Translators: an amount of data and a time */
  return s->bytes_done > 0 ? g_strdup_printf (_ ("done, %s in %s"), size, time)
                           : g_strdup_printf (_ ("done in %s"), time);
}

/**
 * ofl_progress_view_percent:
 * @view: progress at one moment
 *
 * Returns: the whole in per cent, 100 only for a finished job that succeeded
 */
guint
ofl_progress_view_percent (const OflProgressView *view)
{
  if (view->finished && ofl_verdict_is_success (view->verdict))
    return 100;
  return MIN ((guint) (CLAMP (view->fraction, 0, 1) * 100), 99);
}

/* What happens when the drive goes on to be silent; NULL when nothing does. */
static char *
limit_text (const OflProgressView *view)
{
  g_autofree char *limit = format_duration (view->command_limit_ms);

  if (view->command_limit_ms == 0)
    return NULL;
  if (view->danger)
    /* Translators: "it" is the command that the drive does not answer; %s is a time */
    return g_strdup_printf (_ ("It will be given up after %s; the job then ends and says how the "
                               "drive is mended."),
                            limit);
  /* Translators: "it" is the command that the drive does not answer; %s is a time */
  return g_strdup_printf (_ ("It will be given up after %s; the job then ends and says so."),
                          limit);
}

/**
 * ofl_progress_view_watchdog_text:
 * @view: progress at one moment
 *
 * The watchdog speaks when a command has taken longer than this family usually needs for it.
 *
 * Returns: (transfer full) (nullable): a sentence or two, or %NULL while all is as usual
 */
char *
ofl_progress_view_watchdog_text (const OflProgressView *view)
{
  gint64 ms = ofl_progress_sum_silence (view);
  g_autofree char *silent = NULL;
  g_autofree char *normal = NULL;
  g_autofree char *limit = NULL;
  g_autofree char *text = NULL;

  if (ms == 0)
    return NULL;
  silent = format_duration (ms);
  normal = format_duration (MAX ((gint64) view->command_usual_ms, 1000));
  limit = limit_text (view);
  text = g_strdup_printf (_ ("The drive has not answered for %s; usual is %s. Leave it connected."),
                          silent, normal);
  return limit != NULL ? g_strconcat (text, " ", limit, NULL) : g_steal_pointer (&text);
}

/**
 * ofl_progress_view_unreadable_text:
 *
 * Returns: what stands where the bars would be, for a view that is unreadable
 */
const char *
ofl_progress_view_unreadable_text (void)
{
  return _ ("The service is of another version; the log is shown, no bar.");
}
