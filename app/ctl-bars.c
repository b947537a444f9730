/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block of bars that a terminal shows while a job runs: pure text, made anew each time. */
#include "ctl-view.h"

#include <glib/gi18n.h>
#include <string.h>

#define TITLE_WIDTH 20
#define BAR_WIDTH 24
#define NARROW 70 /* below this width the text matters more than the bar */

typedef struct {
  const char *marks[5]; /* by OflStageState */
  const char *full;
  const char *empty;
  const char *parts[8]; /* eighths of a cell, 0 to 7 */
} Look;

static const Look unicode_look = {
  .marks = { "·", "▶", "✓", "–", "✗" },
  .full = "█",
  .empty = "░",
  .parts = { "░", "▏", "▎", "▍", "▌", "▋", "▊", "▉" },
};

static const Look ascii_look = {
  .marks = { " ", ">", "+", "-", "x" },
  .full = "#",
  .empty = ".",
  .parts = { ".", ".", ".", ".", ".", ".", ".", "." },
};

static void
append_padded (GString *line, const char *text, guint width)
{
  guint have = (guint) g_utf8_strlen (text, -1);

  g_string_append_printf (line, "%s%*s", text, have < width ? (int) (width - have) : 1, "");
}

static void
append_bar (GString *line, double fraction, const Look *look)
{
  guint eighths = (guint) (CLAMP (fraction, 0.0, 1.0) * BAR_WIDTH * 8);

  for (guint i = 0; i < BAR_WIDTH; i++)
    if (eighths >= (i + 1) * 8)
      g_string_append (line, look->full);
    else if (eighths > i * 8)
      g_string_append (line, look->parts[eighths - i * 8]);
    else
      g_string_append (line, look->empty);
  g_string_append (line, "  ");
}

/* A line that wraps would spoil the redrawing. */
static void
add_line (GPtrArray *lines, GString *line, guint columns)
{
  if (g_utf8_strlen (line->str, -1) >= (glong) columns)
    g_string_truncate (line, (gsize) (g_utf8_offset_to_pointer (line->str, columns - 1)
                                      - line->str));
  g_ptr_array_add (lines, g_string_free (line, FALSE));
}

/* A whole is never shown as done before it is: 99.9 % stays 99 %. */
static guint
percent (double fraction, gboolean done)
{
  return done ? 100 : MIN ((guint) (CLAMP (fraction, 0.0, 1.0) * 100), 99);
}

static void
add_stage (GPtrArray *lines, const OflProgressView *progress, OflStage stage, const Look *look,
           guint columns)
{
  const OflStageView *view = &progress->stages[stage];
  g_autofree char *text = ofl_progress_view_stage_text (progress, stage);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%s ", look->marks[view->state]);
  append_padded (line, _(ofl_stage_title (stage)), TITLE_WIDTH);
  if (columns >= NARROW)
    append_bar (line, view->state == OFL_STAGE_STATE_DONE ? 1.0 : view->fraction, look);
  g_string_append (line, text);
  add_line (lines, line, columns);
}

static char *
describe_left (gint64 left_ms)
{
  gint64 s = (left_ms + 999) / 1000;

  if (left_ms < 0)
    return g_strdup ("");
  if (s >= 120)
    return g_strdup_printf (_(", about %d min left"), (int) ((s + 59) / 60));
  return g_strdup_printf (_(", about %d s left"), (int) s);
}

static void
add_whole (GPtrArray *lines, const OflProgressView *progress, const Look *look, guint columns)
{
  g_autofree char *left = progress->finished ? g_strdup ("") : describe_left (progress->left_ms);
  GString *line = g_string_new ("  ");

  append_padded (line, _("In all"), TITLE_WIDTH);
  if (columns >= NARROW)
    append_bar (line, progress->fraction, look);
  g_string_append_printf (line, "%u %%%s", percent (progress->fraction, progress->finished), left);
  add_line (lines, line, columns);
}

static void
add_sentence (GPtrArray *lines, const char *sentence, guint columns)
{
  GString *line = g_string_new ("  ");

  g_string_append (line, sentence);
  add_line (lines, line, columns);
}

/**
 * ofl_ctl_bars:
 * @progress: progress at one moment
 * @columns: width of the terminal
 * @unicode: whether it shows more than ASCII
 *
 * Returns: (transfer full) (element-type utf8): the lines to show
 */
GPtrArray *
ofl_ctl_bars (const OflProgressView *progress, guint columns, gboolean unicode)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  const Look *look = unicode ? &unicode_look : &ascii_look;
  g_autofree char *watchdog = ofl_progress_view_watchdog_text (progress);

  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (progress->stages[i].state != OFL_STAGE_STATE_SKIPPED)
      add_stage (lines, progress, i, look, columns);
  add_whole (lines, progress, look, columns);
  if (watchdog != NULL)
    add_sentence (lines, watchdog, columns);
  if (!progress->finished && progress->danger)
    add_sentence (lines, _("It cannot be stopped now. Do not switch off or unplug."), columns);
  else if (!progress->finished && progress->cancelable)
    add_sentence (lines, _("Ctrl-C cancels; the drive is still untouched."), columns);
  return lines;
}
