/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-progress-page.h"

#include <glib/gi18n.h>

#include "ofl-ui-job-question.h"
#include "ofl-ui-log-view.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-stage-row.h"
#include "ofl-ui-text.h"

struct _OflUiProgressPage {
  GtkBox parent_instance;

  OflUiRun *run;
  gulong tick_handler;
  gulong changed_handler;
  OflUiStageRow *rows[OFL_N_STAGES];
  gboolean had_danger;

  GtkWidget *heading;
  GtkLabel *title;
  GtkLabel *percent;
  GtkProgressBar *overall;
  GtkLabel *stage;
  GtkLabel *line;
  GtkLabel *left;
  OflUiJobQuestion *question;
  GtkWidget *notice;
  GtkImage *notice_icon;
  GtkLabel *notice_text;
  GtkWidget *cancel;
  GtkWidget *watchdog;
  GtkLabel *watchdog_text;
  GtkListBox *stages;
  GtkExpander *log_expander;
  OflUiLogView *log;
};

G_DEFINE_FINAL_TYPE (OflUiProgressPage, ofl_ui_progress_page, GTK_TYPE_BOX)

static void
on_cancel (OflUiProgressPage *self)
{
  ofl_ui_run_cancel (self->run);
}

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

/* The stages that follow when the maker's program has ended, or was shut out. */
static gboolean
other_is_over (const OflProgressView *view)
{
  return view->current == OFL_STAGE_VERIFY || view->current == OFL_STAGE_CONFIRM;
}

/* The same of the maker's program, which is ended and not stopped. */
static const char *
notice_of_other (OflUiProgressPage *self, const OflProgressView *view)
{
  if (other_is_over (view))
    return _ (
        "Nothing of the maker’s program goes to the drive any more; the drive is being asked what "
        "it holds. Do not unplug it.");
  if (ofl_ui_run_is_cancelling (self->run))
    return _ ("The maker’s program is being ended.");
  if (view->danger && view->cancelable)
    return _ ("The drive does not say that it is at work, and was sent nothing for a while that "
              "could change it: the program may be ended. If it was not done yet, the drive may be "
              "left without a whole firmware.");
  if (view->danger)
    return _ ("The maker’s program writes. It cannot be ended while the drive may be at work: "
              "half-written firmware could leave the drive unusable. Do not unplug the drive or "
              "switch the computer off.");
  if (view->cancelable)
    return _ (
        "Nothing was sent that could change the drive. Cancelling ends the maker’s program and "
        "leaves the drive as it is.");
  return _ ("This step takes a moment and cannot be interrupted.");
}

/* Where the cancel button is, or stood: what a cancel would mean now. */
static const char *
notice_sentence (OflUiProgressPage *self, const OflProgressView *view)
{
  gboolean flash = ofl_ui_run_get_kind (self->run) == OFL_JOB_FLASH;

  if (view->unreadable)
    return _ (
        "The service is of another version; the log is shown, no bar. Do not unplug the drive "
        "or switch the computer off before the job has ended.");
  if (ofl_ui_run_get_kind (self->run) == OFL_JOB_UPDATER)
    return notice_of_other (self, view);
  if (ofl_ui_run_is_cancelling (self->run) && (!view->danger || view->cancelable))
    return _ ("Cancelling: waiting for the drive’s answer to the last command.");
  if (view->danger && view->cancelable)
    return _ ("The drive is still at work: leave it connected and switched on. To stop watching it "
              "does not disturb it.");
  if (view->danger)
    return _ ("This cannot be stopped now: half-written firmware could leave the drive unusable. "
              "Do not unplug the drive or switch the computer off.");
  if (view->cancelable && flash)
    return _ ("Nothing has been written yet. Cancelling leaves the drive as it is.");
  if (view->cancelable)
    return _ ("Nothing is written to the drive.");
  if (self->had_danger)
    return _ ("Writing is done and the drive is safe again. What is left is the proof.");
  return _ ("This step takes a moment and cannot be interrupted.");
}

static const char *
cancel_label (const OflProgressView *view)
{
  if (!view->danger)
    return _ ("_Cancel");
  return view->by_other ? _ ("_End the program") : _ ("Stop _watching");
}

static void
show_notice (OflUiProgressPage *self, const OflProgressView *view)
{
  OflUiLook look = ofl_ui_look_of_level (view->danger ? OFL_LEVEL_RED_SOFT : OFL_LEVEL_YELLOW);

  self->had_danger = self->had_danger || view->danger;
  look.word = view->danger ? _ ("Warning") : _ ("Note");
  if (!view->danger)
    look.css = "dim-label";
  if (g_strcmp0 (gtk_label_get_label (self->notice_text), notice_sentence (self, view)) != 0)
    {
      set_label (self->notice_text, notice_sentence (self, view));
      /* whoever listens hears it from what has the focus */
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->heading),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      gtk_label_get_label (self->notice_text), -1);
    }
  ofl_ui_look_apply (&look, self->notice_icon);
  if (view->danger)
    gtk_widget_add_css_class (self->notice, "danger");
  else
    gtk_widget_remove_css_class (self->notice, "danger");
  gtk_button_set_label (GTK_BUTTON (self->cancel), cancel_label (view));
  /* a button that goes takes the focus with it: it stays where the reason is read */
  if (!view->cancelable && gtk_widget_has_focus (self->cancel))
    gtk_widget_grab_focus (self->heading);
  gtk_widget_set_visible (self->cancel, view->cancelable);
  gtk_widget_set_sensitive (self->cancel, !ofl_ui_run_is_cancelling (self->run));
}

static void
show_whole (OflUiProgressPage *self, const OflProgressView *view)
{
  g_autofree char *left = ofl_ui_text_left (view->left_ms);
  g_autofree char *percent
      /* Translators: a percentage */
      = g_strdup_printf (_ ("%u %%"), ofl_ui_run_get_percent (self->run));

  gboolean tells = ofl_ui_run_tells_percent (self->run);

  gtk_widget_set_visible (GTK_WIDGET (self->percent), tells);
  gtk_widget_set_visible (GTK_WIDGET (self->overall), tells);
  gtk_widget_set_visible (GTK_WIDGET (self->left), tells);
  if (view->unreadable)
    gtk_expander_set_expanded (self->log_expander, TRUE);
  set_label (self->percent, percent);
  set_label (self->left, left);
  gtk_progress_bar_set_fraction (self->overall, CLAMP (view->fraction, 0, 1));
}

/* The heading has the focus from the start of the job: its name says in which stage it is. */
static void
name_heading (OflUiProgressPage *self, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->heading), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
show_stage (OflUiProgressPage *self, const OflProgressView *view)
{
  const char *stage = view->unreadable ? "" : ofl_ui_run_get_stage_title (self->run);
  g_autofree char *name = NULL;

  if (g_str_equal (gtk_label_get_label (self->stage), stage))
    return;
  set_label (self->stage, stage);
  /* of the maker's program it tells, too */
  show_notice (self, view);
  /* Translators: a job and its stage, as "Flashing BD-RE BU40N: Verify"; read aloud */
  name = g_strdup_printf (_ ("%s: %s"), ofl_ui_run_get_title (self->run), stage);
  name_heading (self, name);
}

/* It is the program that is silent, not the drive. For how long stands beside its stage. */
static char *
describe_silence (const OflProgressView *view)
{
  if (view->idle_command[0] == '\0')
    return g_strdup (
        _ ("The maker’s program is silent: the drive waits for it. It has sent the drive "
           "nothing yet."));
  /* Translators: %s is a command */
  return g_strdup_printf (_ ("The maker’s program is silent: the drive waits for it. Its last "
                             "command: %s"),
                          view->idle_command);
}

static void
show_watchdog (OflUiProgressPage *self, const OflProgressView *view)
{
  g_autofree char *text = view->idle_us > 0 ? describe_silence (view)
                                            : ofl_progress_view_watchdog_text (view);
  gboolean speaks = text != NULL && text[0] != '\0';

  gtk_widget_set_visible (self->watchdog, speaks);
  if (speaks)
    set_label (self->watchdog_text, text);
}

static void
show_question (OflUiProgressPage *self, gboolean take_focus)
{
  if (ofl_ui_job_question_show (self->question, self->run, take_focus))
    gtk_widget_grab_focus (self->heading);
}

static void
show (OflUiProgressPage *self, gboolean take_focus)
{
  const OflProgressView *view;

  if (self->run == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  view = ofl_ui_run_get_view (self->run);
  show_whole (self, view);
  show_question (self, take_focus);
  show_stage (self, view);
  show_watchdog (self, view);
  for (guint i = 0; i < OFL_N_STAGES; i++)
    ofl_ui_stage_row_show (self->rows[i], view);
}

static void
on_tick (OflUiProgressPage *self)
{
  show (self, TRUE);
}

/* A page that was out of sight shows the present state at once, not at the next tick. Whoever went to the
 * drive in the list goes on there. */
static void
on_map (OflUiProgressPage *self)
{
  show (self, FALSE);
}

static void
on_changed (OflUiProgressPage *self)
{
  show_notice (self, ofl_ui_run_get_view (self->run));
}

static void
ofl_ui_progress_page_dispose (GObject *object)
{
  OflUiProgressPage *self = OFL_UI_PROGRESS_PAGE (object);

  g_clear_signal_handler (&self->tick_handler, self->run);
  g_clear_signal_handler (&self->changed_handler, self->run);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (ofl_ui_progress_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, heading);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, title);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, percent);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, overall);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, stage);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, line);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, left);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, question);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, notice);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, notice_icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, notice_text);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, watchdog);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, watchdog_text);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, stages);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, log_expander);
  gtk_widget_class_bind_template_child (widget_class, OflUiProgressPage, log);
}

static void
ofl_ui_progress_page_class_init (OflUiProgressPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_JOB_QUESTION);
  g_type_ensure (OFL_UI_TYPE_LOG_VIEW);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_progress_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-progress-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
ofl_ui_progress_page_init (OflUiProgressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < OFL_N_STAGES; i++)
    {
      GtkWidget *row = ofl_ui_stage_row_new ((OflStage) i);

      self->rows[i] = OFL_UI_STAGE_ROW (row);
      gtk_list_box_append (self->stages, row);
    }
  g_signal_connect_swapped (self->question, "answered", G_CALLBACK (ofl_ui_progress_page_focus),
                            self);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
}

/**
 * ofl_ui_progress_page_set_run:
 * @self: the page
 * @run: the job to show
 */
void
ofl_ui_progress_page_set_run (OflUiProgressPage *self, OflUiRun *run)
{
  if (run == self->run)
    return;
  g_clear_signal_handler (&self->tick_handler, self->run);
  g_clear_signal_handler (&self->changed_handler, self->run);
  g_set_object (&self->run, run);
  self->had_danger = FALSE;
  self->tick_handler = g_signal_connect_swapped (run, "ticked", G_CALLBACK (on_tick), self);
  self->changed_handler = g_signal_connect_swapped (run, "changed", G_CALLBACK (on_changed), self);
  gtk_label_set_label (self->title, ofl_ui_run_get_title (run));
  gtk_label_set_label (self->line, ofl_ui_run_get_drive_line (run));
  gtk_label_set_label (self->stage, "");
  name_heading (self, ofl_ui_run_get_title (run));
  ofl_ui_log_view_set_run (self->log, run);
  on_changed (self);
  show (self, FALSE);
}

/**
 * ofl_ui_progress_page_focus:
 * @self: the page, in sight
 *
 * Moves the focus to the heading, so that a screen reader says what begins.
 */
void
ofl_ui_progress_page_focus (OflUiProgressPage *self)
{
  gtk_widget_grab_focus (self->heading);
}

/**
 * ofl_ui_progress_page_toggle_log:
 * @self: the page
 *
 * Opens the log, or closes it.
 */
void
ofl_ui_progress_page_toggle_log (OflUiProgressPage *self)
{
  gtk_expander_set_expanded (self->log_expander, !gtk_expander_get_expanded (self->log_expander));
}
