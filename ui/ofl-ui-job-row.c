/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-job-row.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"

struct _OflUiJobRow {
  GtkListBoxRow parent_instance;

  OflUiSession *session;
  char *spoken;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *line;
  GtkLabel *stage;
  GtkProgressBar *bar;
};

G_DEFINE_FINAL_TYPE (OflUiJobRow, ofl_ui_job_row, GTK_TYPE_LIST_BOX_ROW)

static void
ofl_ui_job_row_dispose (GObject *object)
{
  OflUiJobRow *self = OFL_UI_JOB_ROW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->spoken, g_free);
  G_OBJECT_CLASS (ofl_ui_job_row_parent_class)->dispose (object);
}

static void
ofl_ui_job_row_class_init (OflUiJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_job_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiJobRow, icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobRow, title);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobRow, line);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobRow, stage);
  gtk_widget_class_bind_template_child (widget_class, OflUiJobRow, bar);
}

static void
ofl_ui_job_row_init (OflUiJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_job_row_new:
 * @session: a drive on which a job runs or has ended
 *
 * Returns: (transfer floating): a row that shows the job as it is now
 */
GtkWidget *
ofl_ui_job_row_new (OflUiSession *session)
{
  OflUiJobRow *self = g_object_new (OFL_UI_TYPE_JOB_ROW, NULL);

  self->session = g_object_ref (session);
  ofl_ui_job_row_refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ofl_ui_job_row_get_session:
 * @self: a row
 *
 * Returns: (transfer none): the drive it shows
 */
OflUiSession *
ofl_ui_job_row_get_session (OflUiJobRow *self)
{
  return self->session;
}

/* "Erase and program, 62 %" */
static char *
describe_stage (OflUiRun *run)
{
  const OflProgressView *view = ofl_ui_run_get_view (run);

  if (ofl_ui_run_is_finished (run))
    return g_strdup (ofl_verdict_title (ofl_ui_run_get_verdict (run)));
  if (view->unreadable)
    return g_strdup (ofl_progress_view_unreadable_text ());
  if (ofl_ui_run_is_asking (run))
    return g_strdup (_ ("Waits for your answer"));
  if (!ofl_ui_run_tells_percent (run))
    /* Translators: %s is a stage of a job */
    return view->danger ? g_strdup_printf (_ ("%s – do not unplug this drive"),
                                           ofl_ui_run_get_stage_title (run))
                        : g_strdup (ofl_ui_run_get_stage_title (run));
  /* Translators: a stage of a job, and how far the whole job is: "Erase and program, 62 %" */
  return g_strdup_printf (view->danger ? _ ("%s, %u %% – do not unplug this drive")
                                       : _ ("%s, %u %%"),
                          ofl_ui_run_get_stage_title (run), ofl_ui_run_get_percent (run));
}

static void
speak (OflUiJobRow *self, const char *stage)
{
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", gtk_label_get_label (self->title),
                                             gtk_label_get_label (self->line), stage);

  if (g_strcmp0 (spoken, self->spoken) == 0)
    return;
  g_free (self->spoken);
  self->spoken = g_steal_pointer (&spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->spoken, -1);
}

/**
 * ofl_ui_job_row_refresh:
 * @self: a row
 *
 * Shows the job as it is now.
 */
void
ofl_ui_job_row_refresh (OflUiJobRow *self)
{
  OflUiRun *run = ofl_ui_session_get_run (self->session);
  g_autofree char *stage = NULL;
  gboolean finished;
  OflUiLook look;

  if (run == NULL)
    return;
  finished = ofl_ui_run_is_finished (run);
  look = finished ? ofl_ui_look_of_verdict (ofl_ui_run_get_verdict (run))
                  : ofl_ui_look_of_stage (OFL_STAGE_STATE_RUNNING);
  stage = describe_stage (run);
  ofl_ui_look_apply (&look, self->icon);
  gtk_label_set_label (self->title, ofl_ui_run_get_title (run));
  gtk_label_set_label (self->line, ofl_ui_run_get_drive_line (run));
  gtk_label_set_label (self->stage, stage);
  gtk_progress_bar_set_fraction (self->bar, ofl_ui_run_get_view (run)->fraction);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !finished && ofl_ui_run_tells_percent (run));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ofl_ui_run_get_title (run), -1);
  speak (self, stage);
}
