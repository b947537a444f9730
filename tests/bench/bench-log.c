/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window's log with as many lines as it keeps: for how long does the main loop stand still while it
 * is filled, searched, filtered by level, copied and saved? Needs a display. Prints a line of JSON. */
#include <adwaita.h>
#include <stdlib.h>

#include "ofl-ui-log-view.h"
#include "ofl-ui-log.h"
#include "ofl-ui-settings.h"

#define LINES OFL_UI_LOG_MAX_LINES
#define BATCH 60 /* as ofl-ui-run.c */
#define BEAT_MS 2

static gint64 last_beat, longest;

static gboolean
on_beat (gpointer data)
{
  gint64 now = g_get_monotonic_time ();

  longest = MAX (longest, now - last_beat - BEAT_MS * 1000);
  last_beat = now;
  return G_SOURCE_CONTINUE;
}

static void
begin (void)
{
  longest = 0;
  last_beat = g_get_monotonic_time ();
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The main loop for so long; the longest time that it stood still meanwhile, and before. */
static double
turn (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  return (double) longest / 1000;
}

static void
append (GListStore *log, guint64 *seq)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);

  for (guint i = 0; i < BATCH; i++)
    {
      OflLogLine *line = g_new (OflLogLine, 1);

      line->seq = *seq + i + 1;
      line->time_us = (gint64) line->seq * 1000;
      line->level = line->seq % 1000 == 0 ? OFL_LOG_WARNING
                    : line->seq % 50 == 0 ? OFL_LOG_INFO
                                          : OFL_LOG_COMMAND;
      line->text = g_strdup_printf ("WRITE BUFFER, 4096 bytes at %Xh: ok, 1.2 ms  "
                                    "[3b 06 00 00 40 00 00 10 00 00]",
                                    (guint) line->seq);
      g_ptr_array_add (lines, line);
    }
  *seq = ofl_ui_log_append (log, lines, *seq);
}

/* The main loop turns after each batch, as between two ticks of a job. */
static double
fill (GListStore *log)
{
  guint64 seq = 0;

  begin ();
  while (seq < LINES + BATCH)
    {
      append (log, &seq);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  return turn (200);
}

static GtkWidget *
find (GtkWidget *below, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (below, type))
    return below;
  for (GtkWidget *child = gtk_widget_get_first_child (below); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static double
search (GtkWidget *view, const char *text)
{
  begin ();
  gtk_editable_set_text (GTK_EDITABLE (find (view, GTK_TYPE_SEARCH_ENTRY)), text);
  return turn (3000);
}

static double
set_level (OflLogLevel level)
{
  begin ();
  ofl_ui_settings_set (ofl_ui_settings_get (), OFL_SETTING_LOG_LEVEL, level, NULL, NULL);
  return turn (3000);
}

static double
copy (GListModel *log)
{
  g_autofree char *text = NULL;

  begin ();
  text = ofl_ui_log_dup_text (log, G_MAXUINT);
  return turn (50);
}

int
main (int argc, char **argv)
{
  /* a run without a job: its log alone is shown */
  g_autoptr (OflUiRun) run = NULL;
  GtkWidget *window, *view;
  GListStore *log;

  adw_init ();
  run = g_object_new (OFL_UI_TYPE_RUN, NULL);
  log = G_LIST_STORE (ofl_ui_run_get_log (run));
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 500);
  view = g_object_new (OFL_UI_TYPE_LOG_VIEW, NULL);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  ofl_ui_log_view_set_run (OFL_UI_LOG_VIEW (view), run);
  g_timeout_add (BEAT_MS, on_beat, NULL);
  begin ();
  turn (1000);
  g_print ("{\"bench\":\"log\",\"lines\":%d", LINES);
  g_print (",\"fill_ms\":%.1f", fill (log));
  g_print (",\"search_ms\":%.1f", search (view, "at 1869Fh"));
  g_print (",\"search_end_ms\":%.1f", search (view, ""));
  g_print (",\"level_ms\":%.1f", set_level (OFL_LOG_WARNING));
  g_print (",\"level_end_ms\":%.1f", set_level (OFL_LOG_COMMAND));
  g_print (",\"text_ms\":%.1f}\n", copy (G_LIST_MODEL (log)));
  return g_list_model_get_n_items (G_LIST_MODEL (log)) == LINES ? EXIT_SUCCESS : EXIT_FAILURE;
}
