/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-stage-row.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"

struct _OflUiStageRow {
  GtkListBoxRow parent_instance;

  OflStage stage;
  int shown_state;
  const char *shown_title;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
  GtkProgressBar *bar;
};

G_DEFINE_FINAL_TYPE (OflUiStageRow, ofl_ui_stage_row, GTK_TYPE_LIST_BOX_ROW)

static void
ofl_ui_stage_row_class_init (OflUiStageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-stage-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiStageRow, icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiStageRow, title);
  gtk_widget_class_bind_template_child (widget_class, OflUiStageRow, text);
  gtk_widget_class_bind_template_child (widget_class, OflUiStageRow, bar);
}

static void
ofl_ui_stage_row_init (OflUiStageRow *self)
{
  self->shown_state = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_title (OflUiStageRow *self, const char *title)
{
  self->shown_title = title;
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
}

/**
 * ofl_ui_stage_row_new:
 * @stage: the stage
 *
 * Returns: (transfer floating): its row
 */
GtkWidget *
ofl_ui_stage_row_new (OflStage stage)
{
  OflUiStageRow *self = g_object_new (OFL_UI_TYPE_STAGE_ROW, NULL);

  self->stage = stage;
  show_title (self, ofl_stage_title (stage));
  return GTK_WIDGET (self);
}

static void
show_state (OflUiStageRow *self, OflStageState state, const char *title)
{
  OflUiLook look = ofl_ui_look_of_stage (state);
  g_autofree char *name = NULL;

  if (self->shown_state == (int) state && g_str_equal (self->shown_title, title))
    return;
  show_title (self, title);
  self->shown_state = (int) state;
  ofl_ui_look_apply (&look, self->icon);
  /* Translators: a stage of a job and its state, as "Verify: Running"; read aloud */
  name = g_strdup_printf (_ ("%s: %s"), title, look.word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), state != OFL_STAGE_STATE_SKIPPED);
  if (state == OFL_STAGE_STATE_RUNNING)
    gtk_widget_add_css_class (GTK_WIDGET (self), "running");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "running");
  if (state == OFL_STAGE_STATE_PENDING)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "dim-label");
  gtk_widget_set_visible (GTK_WIDGET (self->bar), state != OFL_STAGE_STATE_DONE);
}

/**
 * ofl_ui_stage_row_show:
 * @self: a row
 * @view: the progress to show
 *
 * Cheap when nothing has changed: called 20 times a second.
 */
void
ofl_ui_stage_row_show (OflUiStageRow *self, const OflProgressView *view)
{
  const OflStageView *stage = &view->stages[self->stage];
  g_autofree char *text = ofl_progress_view_stage_text (view, self->stage);

  show_state (self, stage->state, ofl_progress_view_stage_title (view, self->stage));
  if (g_strcmp0 (gtk_label_get_label (self->text), text) != 0)
    gtk_label_set_label (self->text, text != NULL ? text : "");
  if (gtk_progress_bar_get_fraction (self->bar) != stage->fraction)
    gtk_progress_bar_set_fraction (self->bar, CLAMP (stage->fraction, 0, 1));
}
