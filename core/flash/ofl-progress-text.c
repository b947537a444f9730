/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress in words. */
#include "flash/ofl-progress.h"

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
    return g_strdup_printf ("%" G_GINT64_FORMAT " min %" G_GINT64_FORMAT " s", s / 60, s % 60);
  return g_strdup_printf ("%" G_GINT64_FORMAT " s", s);
}

static char *
bytes_text (const OflProgressView *view, const OflStageView *s, gboolean current)
{
  g_autofree char *done = g_format_size (s->bytes_done);
  g_autofree char *total = g_format_size (s->bytes_total);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s of %s", done, total);
  if (current && view->rate > 0)
    {
      g_autofree char *rate = g_format_size ((guint64) view->rate);

      g_string_append_printf (text, ", %s/s", rate);
      if (s->elapsed_us > 300 * 1000)
        {
          double left = (double) (s->bytes_total - s->bytes_done) / view->rate * 1000;
          g_autofree char *time = format_duration ((gint64) left);

          g_string_append_printf (text, ", about %s left", time);
        }
    }
  return g_string_free (text, FALSE);
}

static char *
band_text (const OflStageView *s)
{
  g_autofree char *elapsed = format_duration (s->elapsed_us / 1000);
  g_autofree char *usual = format_duration (s->usual_ms);
  g_autofree char *max = format_duration (s->max_ms);

  if (s->usual_ms < 1000 && s->elapsed_us < 2 * G_USEC_PER_SEC)
    return g_strdup ("working");
  if (s->max_ms <= s->usual_ms + 999)
    return g_strdup_printf ("working, %s, usually %s", elapsed, usual);
  return g_strdup_printf ("working, %s, usually %s to %s", elapsed, usual, max);
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
      return g_strdup ("waiting");
    case OFL_STAGE_STATE_SKIPPED:
      return g_strdup ("not needed");
    case OFL_STAGE_STATE_RUNNING:
      return s->bytes_total > 0 ? bytes_text (view, s, stage == view->current) : band_text (s);
    case OFL_STAGE_STATE_DONE:
    case OFL_STAGE_STATE_FAILED:
    default:
      break;
    }
  time = format_duration (s->elapsed_us / 1000);
  size = g_format_size (s->bytes_done);
  if (s->state == OFL_STAGE_STATE_FAILED)
    return s->bytes_done > 0 ? g_strdup_printf ("failed after %s", size) : g_strdup ("failed");
  return s->bytes_done > 0 ? g_strdup_printf ("done, %s in %s", size, time)
                           : g_strdup_printf ("done in %s", time);
}

/* What happens when the drive goes on to be silent. */
static char *
limit_text (const OflProgressView *view)
{
  g_autofree char *limit = format_duration (view->command_limit_ms);

  if (view->command_limit_ms == 0)
    return g_strdup ("");
  return g_strdup_printf (" It will be given up after %s; %s", limit,
                          view->danger ? "the job then ends and says how the drive is mended."
                                       : "the job then ends and says so.");
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
  gint64 ms = view->command_us / 1000;
  gint64 usual = MAX ((gint64) view->command_usual_ms, 1000);
  g_autofree char *silent = NULL;
  g_autofree char *normal = NULL;
  g_autofree char *limit = NULL;

  /* below two seconds nobody is worried, and above them a tenth is no news */
  if (view->finished || view->command[0] == '\0' || ms < MAX (usual + usual / 10, 2000))
    return NULL;
  silent = format_duration (ms);
  normal = format_duration (usual);
  limit = limit_text (view);
  return g_strdup_printf ("The drive has not answered for %s; usual is %s. Leave it connected.%s",
                          silent, normal, limit);
}
