/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-drive-page.h"

#include "ofl-ui-practice.h"
#include "ofl-ui-progress-page.h"
#include "ofl-ui-setup-page.h"
#include "ofl-ui-stack.h"
#include "ofl-ui-verdict-page.h"

struct _OflUiDrivePage {
  AdwBin parent_instance;

  OflUiSession *session;
  OflUiPhase shown;

  OflUiPracticeBar *practice;
  GtkStack *stack;
  OflUiSetupPage *setup;
  OflUiProgressPage *progress; /* these two are made when a job is there: most drives have none */
  OflUiVerdictPage *verdict;
};

G_DEFINE_FINAL_TYPE (OflUiDrivePage, ofl_ui_drive_page, ADW_TYPE_BIN)

static void
refresh (OflUiDrivePage *self)
{
  OflUiPhase phase = ofl_ui_session_get_phase (self->session);
  /* the focus follows what happens to the drive in sight, and stays where it is while another is */
  gboolean follow = phase != self->shown && gtk_widget_get_mapped (GTK_WIDGET (self));

  self->shown = phase;
  if (phase == OFL_UI_PHASE_SETUP)
    {
      ofl_ui_stack_show (self->stack, GTK_WIDGET (self->setup));
      if (follow)
        ofl_ui_setup_page_focus (self->setup);
    }
  else if (phase == OFL_UI_PHASE_RUNNING)
    {
      ofl_ui_progress_page_set_run (self->progress, ofl_ui_session_get_run (self->session));
      ofl_ui_stack_show (self->stack, GTK_WIDGET (self->progress));
      if (follow)
        ofl_ui_progress_page_focus (self->progress);
    }
  else
    {
      ofl_ui_verdict_page_show (self->verdict, self->session);
      ofl_ui_stack_show (self->stack, GTK_WIDGET (self->verdict));
      if (follow)
        ofl_ui_verdict_page_focus (self->verdict);
    }
}

static gpointer
add_page (OflUiDrivePage *self, GType type)
{
  GtkWidget *page = g_object_new (type, "visible", FALSE, NULL);

  gtk_stack_add_child (self->stack, page);
  return page;
}

static void
on_phase_changed (OflUiDrivePage *self)
{
  OflUiPhase phase = ofl_ui_session_get_phase (self->session);

  if (phase == OFL_UI_PHASE_RUNNING && self->progress == NULL)
    self->progress = add_page (self, OFL_UI_TYPE_PROGRESS_PAGE);
  if (phase == OFL_UI_PHASE_FINISHED && self->verdict == NULL)
    self->verdict = add_page (self, OFL_UI_TYPE_VERDICT_PAGE);
  refresh (self);
}

static void
ofl_ui_drive_page_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_DRIVE_PAGE (object)->session);
  G_OBJECT_CLASS (ofl_ui_drive_page_parent_class)->dispose (object);
}

static void
ofl_ui_drive_page_class_init (OflUiDrivePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_PRACTICE_BAR);
  g_type_ensure (OFL_UI_TYPE_SETUP_PAGE);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_drive_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-drive-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OflUiDrivePage, practice);
  gtk_widget_class_bind_template_child (widget_class, OflUiDrivePage, stack);
  gtk_widget_class_bind_template_child (widget_class, OflUiDrivePage, setup);
}

static void
ofl_ui_drive_page_init (OflUiDrivePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_drive_page_new:
 * @session: the drive
 *
 * Returns: (transfer floating): its page
 */
GtkWidget *
ofl_ui_drive_page_new (OflUiSession *session)
{
  OflUiDrivePage *self = g_object_new (OFL_UI_TYPE_DRIVE_PAGE, NULL);

  self->session = g_object_ref (session);
  ofl_ui_practice_bar_set_session (self->practice, session);
  ofl_ui_setup_page_set_session (self->setup, session);
  g_signal_connect_object (session, "phase-changed", G_CALLBACK (on_phase_changed), self,
                           G_CONNECT_SWAPPED);
  on_phase_changed (self);
  return GTK_WIDGET (self);
}

/**
 * ofl_ui_drive_page_get_session:
 * @self: a page
 *
 * Returns: (transfer none): the drive it shows
 */
OflUiSession *
ofl_ui_drive_page_get_session (OflUiDrivePage *self)
{
  return self->session;
}

/**
 * ofl_ui_drive_page_toggle_log:
 * @self: a page
 *
 * Opens or closes the log where there is one.
 */
void
ofl_ui_drive_page_toggle_log (OflUiDrivePage *self)
{
  if (self->shown == OFL_UI_PHASE_RUNNING)
    ofl_ui_progress_page_toggle_log (self->progress);
  else if (self->shown == OFL_UI_PHASE_FINISHED)
    ofl_ui_verdict_page_toggle_log (self->verdict);
}
