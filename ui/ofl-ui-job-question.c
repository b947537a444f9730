/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-job-question.h"

#include <glib/gi18n.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-text.h"

struct _OflUiJobQuestion {
  GtkBox parent_instance;

  OflUiRun *run;
  guint number; /* of the question that is shown; 0: none */

  GtkLabel *text;
  GtkLabel *asked;
  GtkWidget *no;
  GtkWidget *yes;
};

G_DEFINE_FINAL_TYPE (OflUiJobQuestion, ofl_ui_job_question, GTK_TYPE_BOX)

enum { SIGNAL_ANSWERED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* A button that becomes insensitive loses the focus to nobody: it is moved first. */
static void
answer (OflUiJobQuestion *self, gboolean yes)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0);
  gtk_widget_set_sensitive (self->no, FALSE);
  gtk_widget_set_sensitive (self->yes, FALSE);
  ofl_ui_run_answer (self->run, self->number, yes);
}

static void
on_no (OflUiJobQuestion *self)
{
  answer (self, FALSE);
}

static void
on_yes (OflUiJobQuestion *self)
{
  answer (self, TRUE);
}

static void
ofl_ui_job_question_dispose (GObject *object)
{
  g_clear_object (&OFL_UI_JOB_QUESTION (object)->run);
  G_OBJECT_CLASS (ofl_ui_job_question_parent_class)->dispose (object);
}

static void
ofl_ui_job_question_class_init (OflUiJobQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_job_question_dispose;
  signals[SIGNAL_ANSWERED] = g_signal_new ("answered", OFL_UI_TYPE_JOB_QUESTION, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkLabel *
add_label (OflUiJobQuestion *self, const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  gtk_box_append (GTK_BOX (self), label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_button (OflUiJobQuestion *self, GtkWidget *box, const char *label,
            void (*clicked) (OflUiJobQuestion *self))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  gtk_flow_box_insert (GTK_FLOW_BOX (box), button, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
  return button;
}

static void
ofl_ui_job_question_init (OflUiJobQuestion *self)
{
  GtkWidget *buttons = gtk_flow_box_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "notice");
  gtk_widget_add_css_class (GTK_WIDGET (self), "danger");
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->asked = add_label (self, "title-2");
  self->text = add_label (self, NULL);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (buttons), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (buttons), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (buttons), 8);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (buttons), 8);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (buttons), TRUE);
  self->no = add_button (self, buttons, _ ("_No, write nothing"), on_no);
  self->yes = add_button (self, buttons, _ ("_Yes"), on_yes);
  gtk_widget_add_css_class (self->yes, "destructive-action");
  gtk_box_append (GTK_BOX (self), buttons);
}

static void
show_words (OflUiJobQuestion *self, const OflQuestion *question)
{
  g_autofree char *text = ofl_ui_text_at_start (question->text);

  gtk_label_set_label (self->asked, question->asked);
  gtk_label_set_label (self->text, text);
  gtk_widget_set_sensitive (self->no, TRUE);
  gtk_widget_set_sensitive (self->yes, TRUE);
  /* what has the focus says all of it, and each button what it answers */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  question->asked, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  question->text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->yes), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  question->asked, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->no), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  question->asked, -1);
}

static gboolean
has_focus (OflUiJobQuestion *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL
         && (focus == GTK_WIDGET (self) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self)));
}

/**
 * ofl_ui_job_question_show:
 * @self: the question
 * @run: the job
 * @take_focus: what is asked anew takes the focus: it has come up while the user looks
 *
 * Shows what the job asks now. The focus is taken on itself and not on a button: no key that was meant for
 * something else answers it.
 *
 * Returns: whether it had the focus and has gone: the caller has a better place for it
 */
gboolean
ofl_ui_job_question_show (OflUiJobQuestion *self, OflUiRun *run, gboolean take_focus)
{
  guint number = ofl_ui_run_is_asking (run) ? ofl_ui_run_get_view (run)->question : 0;
  g_autoptr (OflQuestion) question = NULL;
  gboolean had_focus;

  if (run == self->run && number == self->number)
    return FALSE;
  if (number != 0)
    question = ofl_ui_run_dup_question (run);
  g_set_object (&self->run, run);
  /* of a job elsewhere the words come a moment after the number: the next look has them */
  self->number = question != NULL ? question->number : 0;
  had_focus = question == NULL && has_focus (self);
  gtk_widget_set_visible (GTK_WIDGET (self), question != NULL);
  if (question == NULL)
    return had_focus;
  show_words (self, question);
  if (take_focus && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self));
  return FALSE;
}
