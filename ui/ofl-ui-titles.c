/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The title of the page in sight, and that of the window. */
#include "ofl-ui-titles.h"

#include <glib/gi18n.h>

#include "ofl-ui-text.h"

/* The drive's model, or its job and how far that is. */
static char *
describe (OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);

  /* of a drive that has gone only its job still knows the model */
  if (run != NULL && ofl_ui_run_get_result (run) != NULL)
    return g_strdup (ofl_ui_run_get_drive_name (run));
  if (ofl_ui_session_get_phase (session) != OFL_UI_PHASE_RUNNING)
    return ofl_ui_text_model (ofl_ui_session_get_drive (session));
  if (!ofl_ui_run_tells_percent (run))
    return g_strdup (ofl_ui_run_get_title (run));
  /* Translators: percentage and job: "62 % – Flashing BD-RE BU40N" */
  return g_strdup_printf (_ ("%u %% – %s"), ofl_ui_run_get_percent (run),
                          ofl_ui_run_get_title (run));
}

/**
 * ofl_ui_titles_show:
 * @title: the title above the page
 * @session: (nullable): the drive in sight
 *
 * Says which drive it is, and how its job goes or went.
 */
void
ofl_ui_titles_show (AdwWindowTitle *title, OflUiSession *session)
{
  OflUiRun *run = session != NULL ? ofl_ui_session_get_run (session) : NULL;
  g_autofree char *text = session != NULL ? describe (session) : g_strdup ("");
  gboolean ended = run != NULL && ofl_ui_run_get_result (run) != NULL;

  adw_window_title_set_title (title, text);
  adw_window_title_set_subtitle (title,
                                 ended ? ofl_verdict_title (ofl_ui_run_get_verdict (run)) : "");
}

/**
 * ofl_ui_titles_show_window:
 * @window: the window
 * @drive: the title above the page
 * @jobs: what runs
 *
 * The window's title carries the percentage, so that the task bar shows it: of every job that runs, and
 * not only of the one in sight.
 */
void
ofl_ui_titles_show_window (GtkWindow *window, AdwWindowTitle *drive, OflUiJobs *jobs)
{
  g_autofree char *running = ofl_ui_jobs_dup_title (jobs);
  const char *what = running != NULL ? running : adw_window_title_get_title (drive);
  g_autofree char *title = what[0] != '\0' ? g_strdup_printf ("%s – %s", what, _ ("Optiflash"))
                                           : g_strdup (_ ("Optiflash"));

  if (g_strcmp0 (gtk_window_get_title (window), title) != 0)
    gtk_window_set_title (window, title);
}
