/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks up a job's progress and log on the main loop and shows both. */
#include "ctl-view.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "ctl-text.h"

/* A terminal that has so much before it shows progress only once it has taken that. */
#define WAITING_BYTES (64 * 1024)
/* Most lines of the log in one dispatch of the main loop. */
#define LOG_LINES 60
#define REDRAW_US (G_USEC_PER_SEC / 10)
#define PLAIN_US (2 * G_USEC_PER_SEC)
#define JSON_US (G_USEC_PER_SEC / 4)

struct _OflCtlView {
  OflCtl *ctl;
  OflJob *job;
  gboolean live;   /* a terminal that redraws */
  guint drawn;     /* lines of the block that stand on the terminal */
  guint64 log_seq; /* last line shown */
  gint64 shown_us; /* when progress was shown last */
  OflStage stage;  /* that ran then */
  OflStageState states[OFL_N_STAGES];
  gboolean warned; /* the watchdog has spoken about this command */
};

/**
 * ofl_ctl_view_new:
 * @ctl: the command line
 * @job: the job to show
 *
 * Returns: (transfer full): a view; update it about 20 times a second
 */
OflCtlView *
ofl_ctl_view_new (OflCtl *ctl, OflJob *job)
{
  OflCtlView *self = g_new0 (OflCtlView, 1);

  self->ctl = ctl;
  self->job = g_object_ref (job);
  self->live = !ctl->json && ofl_ctl_is_terminal (STDOUT_FILENO)
               && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  return self;
}

/**
 * ofl_ctl_view_free:
 * @self: (transfer full): a view
 */
void
ofl_ctl_view_free (OflCtlView *self)
{
  g_object_unref (self->job);
  g_free (self);
}

/* Back to the block's first line, and everything below is gone. */
static void
clear_block (OflCtlView *self)
{
  if (self->drawn > 0)
    {
      g_autofree char *text = g_strdup_printf ("\033[%uA\r\033[J", self->drawn);

      ofl_ctl_out_draw (text);
    }
  self->drawn = 0;
}

/**
 * ofl_ctl_view_begin_anew:
 * @self: a view
 *
 * What stands on the terminal is somebody else's now: a shell's, after the program was stopped.
 */
void
ofl_ctl_view_begin_anew (OflCtlView *self)
{
  self->drawn = 0;
}

static void
draw_block (OflCtlView *self, const OflProgressView *progress)
{
  /* the cursor takes the last row, and a line that is scrolled away could not be drawn again */
  guint rows = MAX (ofl_ctl_rows (STDOUT_FILENO), 2) - 1;
  g_autoptr (GPtrArray) lines
      = ofl_ctl_bars (progress, ofl_ctl_columns (STDOUT_FILENO), rows, ofl_ctl_unicode ());
  g_autoptr (GString) text = g_string_new (NULL);

  /* one write for the whole, so that nothing flickers */
  if (self->drawn > 0)
    g_string_append_printf (text, "\033[%uA\r", self->drawn);
  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *safe = ofl_ctl_text_escape (g_ptr_array_index (lines, i), FALSE);

      g_string_append_printf (text, "%s\033[K\n", safe);
    }
  g_string_append (text, "\033[J");
  ofl_ctl_out_draw (text->str);
  self->drawn = lines->len;
}

static void
show_log_line (OflCtlView *self, const OflLogLine *line)
{
  if (line->level == OFL_LOG_COMMAND && !self->ctl->verbose)
    return;
  if (self->ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("log");

      ofl_ctl_json_int (builder, "seq", (gint64) line->seq);
      ofl_ctl_json_int (builder, "time_us", line->time_us);
      ofl_ctl_json_string (builder, "level", ofl_log_level_id (line->level));
      ofl_ctl_json_string (builder, "text", line->text);
      ofl_ctl_json_end (builder);
      return;
    }
  clear_block (self);
  if (line->level >= OFL_LOG_WARNING)
    g_print ("%s: %s\n", ofl_log_level_id (line->level), line->text);
  else
    g_print ("%s\n", line->text);
}

/* Who reads too slowly loses lines; he is told. */
static void
show_gap (OflCtlView *self, guint64 seq)
{
  guint64 lines = seq - self->log_seq - 1;
  g_autofree char *text = NULL;

  if (lines == 0)
    return;
  text = g_strdup_printf (ngettext ("(%" PRIu64 " line is left out here; the journal has it)",
                                    "(%" PRIu64 " lines are left out here; the journal has them)",
                                    (gulong) lines),
                          lines);
  ofl_ctl_view_say (self, text);
}

static guint
show_log (OflCtlView *self)
{
  g_autoptr (GPtrArray) lines = ofl_job_read_log (self->job, self->log_seq, LOG_LINES);

  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      show_gap (self, line->seq);
      show_log_line (self, line);
      self->log_seq = line->seq;
    }
  return lines->len;
}

static void
show_json (const OflProgressView *progress)
{
  const OflStageView *stage = &progress->stages[progress->current];
  JsonBuilder *builder = ofl_ctl_json_begin ("progress");

  if (progress->unreadable)
    {
      ofl_ctl_json_bool (builder, "unreadable", TRUE);
      ofl_ctl_json_bool (builder, "finished", progress->finished);
      ofl_ctl_json_end (builder);
      return;
    }
  ofl_ctl_json_string (builder, "stage", ofl_stage_id (progress->current));
  ofl_ctl_json_double (builder, "fraction", progress->fraction);
  ofl_ctl_json_double (builder, "stage_fraction", stage->fraction);
  ofl_ctl_json_int (builder, "bytes_done", (gint64) stage->bytes_done);
  ofl_ctl_json_int (builder, "bytes_total", (gint64) stage->bytes_total);
  ofl_ctl_json_int (builder, "rate", (gint64) progress->rate);
  ofl_ctl_json_int (builder, "left_ms", progress->left_ms);
  ofl_ctl_json_bool (builder, "cancelable", progress->cancelable);
  ofl_ctl_json_bool (builder, "danger", progress->danger);
  ofl_ctl_json_bool (builder, "finished", progress->finished);
  ofl_ctl_json_end (builder);
}

static void
show_plain_stage (const OflProgressView *progress, OflStage stage)
{
  const char *title = ofl_progress_view_stage_title (progress, stage);
  g_autofree char *text = ofl_progress_view_stage_text (progress, stage);

  /* how long the maker's program will take nobody knows */
  if (progress->by_other)
    g_print ("%s: %s\n", title, text);
  else
    g_print ("[%3u %%] %s: %s\n", ofl_progress_view_percent (progress), title, text);
}

/* Stages that have begun or ended since the last look, each in a line. */
static gboolean
show_plain_changes (OflCtlView *self, const OflProgressView *progress)
{
  gboolean any = FALSE;

  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      OflStageState state = progress->stages[i].state;

      if (state == self->states[i])
        continue;
      self->states[i] = state;
      if (state == OFL_STAGE_STATE_PENDING || state == OFL_STAGE_STATE_SKIPPED)
        continue;
      show_plain_stage (progress, i);
      any = TRUE;
    }
  return any;
}

static void
show_plain_watchdog (OflCtlView *self, const OflProgressView *progress)
{
  g_autofree char *text = ofl_progress_view_watchdog_text (progress);

  if (text != NULL && !self->warned)
    g_print ("%s\n", text);
  self->warned = text != NULL;
}

static void
show_plain (OflCtlView *self, const OflProgressView *progress, gint64 now)
{
  /* the log has said why */
  if (progress->unreadable)
    return;
  show_plain_watchdog (self, progress);
  if (show_plain_changes (self, progress))
    self->shown_us = now;
  else if (now - self->shown_us >= PLAIN_US && !progress->finished)
    {
      show_plain_stage (progress, progress->current);
      self->shown_us = now;
    }
}

/* A service has not answered yet: what no stage is known of is not told as "not needed". */
static gboolean
is_known (const OflProgressView *progress)
{
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (progress->stages[i].state != OFL_STAGE_STATE_SKIPPED)
      return TRUE;
  return progress->unreadable || progress->finished;
}

static void
show_progress (OflCtlView *self, gboolean last)
{
  gint64 now = g_get_monotonic_time ();
  OflProgressView progress;

  ofl_job_read_progress (self->job, &progress);
  if (!last && !is_known (&progress))
    return;
  if (self->ctl->json)
    {
      if (!last && progress.current == self->stage && now - self->shown_us < JSON_US)
        return;
      show_json (&progress);
    }
  else if (!self->live)
    {
      show_plain (self, &progress, now);
      return;
    }
  else
    {
      if (!last && self->drawn > 0
          && (now - self->shown_us < REDRAW_US || ofl_ctl_out_waiting () > 0))
        return;
      draw_block (self, &progress);
    }
  self->stage = progress.current;
  self->shown_us = now;
}

/**
 * ofl_ctl_view_update:
 * @self: a view
 *
 * Shows what is new; at most 60 lines of the log.
 */
void
ofl_ctl_view_update (OflCtlView *self)
{
  if (ofl_ctl_out_waiting () > WAITING_BYTES)
    return;
  show_log (self);
  show_progress (self, FALSE);
}

/**
 * ofl_ctl_view_finish:
 * @self: a view
 *
 * The job is over: shows the rest of the log and the last progress, which stays on the terminal.
 */
void
ofl_ctl_view_finish (OflCtlView *self)
{
  while (show_log (self) > 0)
    ;
  show_progress (self, TRUE);
  self->drawn = 0;
}

/**
 * ofl_ctl_view_say:
 * @self: a view
 * @sentence: something a person should read now
 */
void
ofl_ctl_view_say (OflCtlView *self, const char *sentence)
{
  if (self->ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("notice");

      ofl_ctl_json_string (builder, "text", sentence);
      ofl_ctl_json_end (builder);
      return;
    }
  clear_block (self);
  g_print ("%s\n", sentence);
}
