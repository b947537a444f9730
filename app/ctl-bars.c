/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block of bars that a terminal shows while a job runs: pure text, made anew each time. */
#include "ctl-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-text.h"

#define TITLE_WIDTH 20
#define NARROW_TITLE_WIDTH 12
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
  guint have = ofl_ctl_text_width (text);

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

/* Mark or indent, title and bar; on a narrow terminal the text beside it matters more than the bar. */
static GString *
begin_line (const char *mark, const char *title, double fraction, const Look *look, guint columns)
{
  GString *line = g_string_new (mark);

  append_padded (line, title, columns >= NARROW ? TITLE_WIDTH : NARROW_TITLE_WIDTH);
  if (columns >= NARROW)
    append_bar (line, fraction, look);
  return line;
}

/* A line that wraps would spoil the redrawing. */
static char *
end_line (GString *line, const char *text, guint columns)
{
  guint have = ofl_ctl_text_width (line->str);
  g_autofree char *fits = ofl_ctl_text_cut (text, columns > have + 1 ? columns - 1 - have : 1);
  g_autofree char *whole = g_strconcat (line->str, fits, NULL);

  g_string_free (line, TRUE);
  return ofl_ctl_text_cut (whole, columns - 1);
}

static char *
stage_line (const OflProgressView *progress, OflStage stage, const Look *look, guint columns)
{
  const OflStageView *view = &progress->stages[stage];
  g_autofree char *text = ofl_progress_view_stage_text (progress, stage);
  g_autofree char *mark = g_strdup_printf ("%s ", look->marks[view->state]);

  return end_line (begin_line (mark, ofl_progress_view_stage_title (progress, stage),
                               view->state == OFL_STAGE_STATE_DONE ? 1.0 : view->fraction, look,
                               columns),
                   text, columns);
}

/* A whole that is less than 100 % at the end says why. */
static char *
describe_whole (const OflProgressView *progress)
{
  guint percent = ofl_progress_view_percent (progress);
  gint64 s = (progress->left_ms + 999) / 1000;

  if (progress->finished && !ofl_verdict_is_success (progress->verdict))
    /* Translators: how far a job came, and how it ended: "62 %, Failed: the drive needs recovery" */
    return g_strdup_printf (_ ("%u %%, %s"), percent, ofl_verdict_title (progress->verdict));
  if (progress->finished || progress->left_ms < 0)
    return g_strdup_printf (_ ("%u %%"), percent);
  if (s >= 120)
    return g_strdup_printf (_ ("%u %%, about %d min left"), percent, (int) ((s + 59) / 60));
  return g_strdup_printf (_ ("%u %%, about %d s left"), percent, (int) s);
}

static char *
whole_line (const OflProgressView *progress, const Look *look, guint columns)
{
  g_autofree char *text = describe_whole (progress);

  return end_line (begin_line ("  ", _ ("In all"), progress->fraction, look, columns), text,
                   columns);
}

/* A sentence is never cut: it takes as many lines as it needs. */
static void
add_sentence (GPtrArray *lines, const char *sentence, guint columns)
{
  OflCtlWrap wrap = { .columns = columns - 1 };
  g_autofree char *line = g_strconcat ("  ", sentence, NULL);
  g_autofree char *wrapped = ofl_ctl_text_wrap (&wrap, line);
  g_auto (GStrv) split = g_strsplit (wrapped, "\n", -1);

  for (guint i = 0; split[i] != NULL; i++)
    g_ptr_array_add (lines, g_strdup (split[i]));
}

static GPtrArray *
make_sentences (const OflProgressView *progress, guint columns)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *watchdog = ofl_progress_view_watchdog_text (progress);

  if (progress->unreadable)
    add_sentence (lines, ofl_progress_view_unreadable_text (), columns);
  if (!progress->finished && progress->unreadable)
    add_sentence (lines, _ ("Do not switch off or unplug the drive."), columns);
  else if (!progress->finished && progress->danger && progress->cancelable)
    add_sentence (lines,
                  _ ("The drive is still at work: leave it switched on. Ctrl-C stops watching it, "
                     "which does not disturb it."),
                  columns);
  else if (!progress->finished && progress->danger)
    add_sentence (lines, _ ("It cannot be stopped now. Do not switch off or unplug."), columns);
  else if (!progress->finished && progress->cancelable)
    add_sentence (lines, _ ("Ctrl-C cancels; the drive is still untouched."), columns);
  if (watchdog != NULL)
    add_sentence (lines, watchdog, columns);
  return lines;
}

/* The stages that are shown, and where among them the one is that runs or ran last. */
static guint
list_stages (const OflProgressView *progress, OflStage *stages, guint *now)
{
  guint n = 0;

  *now = 0;
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (progress->stages[i].state != OFL_STAGE_STATE_SKIPPED)
      {
        if (i <= progress->current)
          *now = n;
        stages[n++] = i;
      }
  return n;
}

/**
 * ofl_ctl_bars:
 * @progress: progress at one moment
 * @columns: width of the terminal
 * @rows: lines that may be used, at least 1
 * @unicode: whether it shows more than ASCII
 *
 * Where there is not room for all, the whole comes first, then the stage that runs, then what a
 * person must know, then the stages beside it.
 *
 * Returns: (transfer full) (element-type utf8): the lines to show
 */
GPtrArray *
ofl_ctl_bars (const OflProgressView *progress, guint columns, guint rows, gboolean unicode)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  const Look *look = unicode ? &unicode_look : &ascii_look;
  g_autoptr (GPtrArray) sentences = make_sentences (progress, columns);
  OflStage stages[OFL_N_STAGES];
  guint now, n = list_stages (progress, stages, &now);
  guint said = MIN (sentences->len, rows > 2 ? rows - 2 : 0);
  guint shown = MIN (n, rows - 1 - said);
  guint first = MIN (now > shown / 2 ? now - shown / 2 : 0, n - shown);

  for (guint i = first; i < first + shown; i++)
    g_ptr_array_add (lines, stage_line (progress, stages[i], look, columns));
  /* how long the maker's program will take nobody knows */
  if (!progress->unreadable && !progress->by_other)
    g_ptr_array_add (lines, whole_line (progress, look, columns));
  for (guint i = 0; i < said; i++)
    g_ptr_array_add (lines, g_strdup (g_ptr_array_index (sentences, i)));
  return lines;
}
