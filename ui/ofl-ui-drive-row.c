/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-drive-row.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-text.h"

struct _OflUiDriveRow {
  GtkListBoxRow parent_instance;

  OflUiSession *session;
  OflUiRun *run;
  gulong tick_handler;

  GtkLabel *name;
  GtkLabel *practice;
  GtkLabel *where;
  GtkImage *state_icon;
  GtkLabel *state;
  GtkProgressBar *bar;

  char *who;  /* the drive, for the accessible name */
  char *said; /* name and description as they were given last */
  char *said_stage;
};

G_DEFINE_FINAL_TYPE (OflUiDriveRow, ofl_ui_drive_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

/* What a screen reader says of the row: which drive it is, how it is and, as the description, in which
 * stage its job is. A change is told at once, and each only once. */
static void
speak (OflUiDriveRow *self, const char *stage)
{
  /* Translators: a drive and its state, as "BD-RE BU40N, 1.00, Ready"; read aloud */
  g_autofree char *name
      = g_strdup_printf (_ ("%s, %s"), self->who, gtk_label_get_label (self->state));

  if (g_strcmp0 (name, self->said) == 0 && g_strcmp0 (stage, self->said_stage) == 0)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, stage, -1);
  g_free (self->said);
  self->said = g_steal_pointer (&name);
  g_free (self->said_stage);
  self->said_stage = g_strdup (stage);
}

static void
show_look (OflUiDriveRow *self, const OflUiLook *look)
{
  ofl_ui_look_apply (look, self->state_icon);
  set_label (self->state, look->word);
}

static char *
describe_job (OflUiRun *run)
{
  const char *stage = ofl_ui_run_get_stage_title (run);

  if (ofl_ui_run_is_asking (run))
    return g_strdup (_ ("Waits for your answer"));
  if (!ofl_ui_run_tells_percent (run))
    return g_strdup (stage);
  /* Translators: a stage of a job, and how far the whole job is: "Erase and program, 62 %" */
  return g_strdup_printf (_ ("%s, %u %%"), stage, ofl_ui_run_get_percent (run));
}

static void
on_tick (OflUiDriveRow *self)
{
  const OflProgressView *view = ofl_ui_run_get_view (self->run);
  g_autofree char *text = NULL;

  if (ofl_ui_run_is_finished (self->run))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->bar), ofl_ui_run_tells_percent (self->run));
  if (view->unreadable)
    {
      set_label (self->state, ofl_ui_run_get_title (self->run));
      speak (self, "");
      return;
    }
  gtk_progress_bar_set_fraction (self->bar, view->fraction);
  text = describe_job (self->run);
  set_label (self->state, text);
  speak (self, ofl_ui_run_get_stage_title (self->run));
}

static void
show_run (OflUiDriveRow *self)
{
  OflUiPhase phase = ofl_ui_session_get_phase (self->session);
  OflUiRun *run = ofl_ui_session_get_run (self->session);
  OflUiLook look;

  if (run != self->run)
    {
      g_clear_signal_handler (&self->tick_handler, self->run);
      g_set_object (&self->run, run);
      if (run != NULL)
        self->tick_handler = g_signal_connect_swapped (run, "ticked", G_CALLBACK (on_tick), self);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->bar), phase == OFL_UI_PHASE_RUNNING);
  if (phase == OFL_UI_PHASE_SETUP)
    look = ofl_ui_look_of_drive (ofl_ui_session_is_present (self->session)
                                     ? ofl_ui_session_get_drive (self->session)
                                     : NULL);
  else if (phase == OFL_UI_PHASE_FINISHED)
    look = ofl_ui_look_of_verdict (ofl_ui_run_get_verdict (run));
  else
    look = ofl_ui_look_of_stage (OFL_STAGE_STATE_RUNNING);
  show_look (self, &look);
  if (phase == OFL_UI_PHASE_RUNNING)
    on_tick (self);
  else
    speak (self, "");
}

static void
refresh (OflUiDriveRow *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self->session);
  g_autofree char *name = ofl_ui_text_drive (drive, "name");
  g_autofree char *placed = ofl_ui_text_at_start (name);
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  g_autofree char *where = ofl_ui_text_drive (drive, "where");
  g_autofree char *line = NULL;
  g_autofree char *spoken = NULL;
  gboolean practice = ofl_ui_session_is_practice (self->session);

  set_label (self->name, placed);
  if (revision[0] != '\0' && where[0] != '\0' && !practice)
    line = g_strdup_printf ("%s · %s", revision, where);
  else
    line = g_strdup (revision[0] != '\0' ? revision : where);
  set_label (self->where, line);
  gtk_widget_set_visible (GTK_WIDGET (self->where), line[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->practice), practice);
  g_free (self->who);
  /* Translators: a drive's name, its revision and where it is; read aloud */
  self->who = practice ? g_strdup_printf (_ ("%s, %s, practice drive"), name, line)
                       : g_strdup_printf ("%s, %s", name, line);
  show_run (self);

  /* Translators: %s is a drive's name */
  spoken = g_strdup_printf (_ ("Progress of %s"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
}

static void
ofl_ui_drive_row_dispose (GObject *object)
{
  OflUiDriveRow *self = OFL_UI_DRIVE_ROW (object);

  g_clear_signal_handler (&self->tick_handler, self->run);
  g_clear_object (&self->run);
  g_clear_object (&self->session);
  g_clear_pointer (&self->who, g_free);
  g_clear_pointer (&self->said, g_free);
  g_clear_pointer (&self->said_stage, g_free);
  G_OBJECT_CLASS (ofl_ui_drive_row_parent_class)->dispose (object);
}

/* The list is one stop of Tab: within it the arrow keys go. GTK 4.8 would stop at each row. */
static gboolean
ofl_ui_drive_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *focused = gtk_widget_get_focus_child (gtk_widget_get_parent (widget));

  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) && focused != NULL
      && focused != widget)
    return FALSE;
  return GTK_WIDGET_CLASS (ofl_ui_drive_row_parent_class)->focus (widget, direction);
}

static void
ofl_ui_drive_row_class_init (OflUiDriveRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_ui_drive_row_dispose;
  widget_class->focus = ofl_ui_drive_row_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-drive-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, name);
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, practice);
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, where);
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, state);
  gtk_widget_class_bind_template_child (widget_class, OflUiDriveRow, bar);
}

static void
ofl_ui_drive_row_init (OflUiDriveRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_drive_row_new:
 * @session: a drive's session
 *
 * Returns: (transfer floating): a row that follows it
 */
GtkWidget *
ofl_ui_drive_row_new (OflUiSession *session)
{
  OflUiDriveRow *self = g_object_new (OFL_UI_TYPE_DRIVE_ROW, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ofl_ui_drive_row_get_session:
 * @self: a row
 *
 * Returns: (transfer none): the session it shows
 */
OflUiSession *
ofl_ui_drive_row_get_session (OflUiDriveRow *self)
{
  return self->session;
}
