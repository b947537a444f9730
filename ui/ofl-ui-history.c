/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every job of every drive that a journal knows, the newest first. */
#include "ofl-ui-history.h"

#include <glib/gi18n.h>

#include "flash/ofl-history.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-tool-window.h"
#include "flash/ofl-mask.h"

#define MOST_ROWS 60u

#define OFL_UI_TYPE_HISTORY (ofl_ui_history_get_type ())
G_DECLARE_FINAL_TYPE (OflUiHistory, ofl_ui_history, OFL_UI, HISTORY, OflUiToolWindow)

struct _OflUiHistory {
  OflUiToolWindow parent_instance;

  GCancellable *closed;
  GPtrArray *jobs;    /* of OflPastJob; NULL while they are read */
  GPtrArray *secrets; /* their serials */

  GtkEditable *entry;
  GtkSwitch *mask;
  GtkWidget *group; /* made anew with each search */
  GtkWidget *place;
};

G_DEFINE_FINAL_TYPE (OflUiHistory, ofl_ui_history, OFL_UI_TYPE_TOOL_WINDOW)

/* A report that is made on a worker thread; the jobs stay as they are meanwhile. */
typedef struct {
  GPtrArray *jobs;
  const OflPastJob *job;
} Question;

static OflUiToolWindow *
tool (OflUiHistory *self)
{
  return OFL_UI_TOOL_WINDOW (self);
}

/* As it may be shown */
static char *
masked (OflUiHistory *self, const char *text)
{
  char *copy = g_strdup (text != NULL ? text : "");

  if (gtk_switch_get_active (self->mask))
    ofl_mask_apply (self->secrets, (guint8 *) copy, strlen (copy));
  return copy;
}

static OflUiLook
look_of (const OflPastJob *job)
{
  OflVerdict verdict;

  if (job->state == OFL_PAST_RUNNING)
    return (OflUiLook){ "media-playback-start-symbolic", "accent", _ ("Running") };
  if (job->state == OFL_PAST_ENDED && ofl_verdict_parse (job->verdict, &verdict))
    return ofl_ui_look_of_verdict (verdict);
  if (job->state == OFL_PAST_UNFINISHED)
    return (OflUiLook){ "dialog-warning-symbolic", "warning", _ ("It never ended") };
  return (OflUiLook){ "dialog-question-symbolic", "dim-label", _ ("Seen to") };
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_ptr_array_unref (question->jobs);
  g_free (question);
}

static void
report_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_past_job_report (((const Question *) data)->job), g_free);
}

static void
on_reported (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiHistory *self = OFL_UI_HISTORY (source);
  g_autofree char *report = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *shown = NULL;

  if (report == NULL)
    return;
  shown = masked (self, report);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), shown);
  ofl_ui_tool_window_toast (tool (self), _ ("Report copied"));
}

static void
on_copy (OflUiHistory *self, GtkWidget *button)
{
  g_autoptr (GTask) task = g_task_new (self, self->closed, on_reported, NULL);
  Question *question = g_new0 (Question, 1);

  question->jobs = g_ptr_array_ref (self->jobs);
  question->job = g_object_get_data (G_OBJECT (button), "job");
  g_task_set_source_tag (task, on_copy);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, report_in_thread);
}

static void
add_fact (OflUiHistory *self, GtkWidget *row, const char *title, const char *value)
{
  g_autofree char *shown = masked (self, value);

  if (*shown != '\0')
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row), ofl_ui_rows_property (title, shown, FALSE));
}

static void
add_copy (OflUiHistory *self, GtkWidget *row, const OflPastJob *job)
{
  GtkWidget *last = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Copy as text"));

  g_object_set_data (G_OBJECT (button), "job", (gpointer) job);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_copy), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (box, "property");
  gtk_box_append (GTK_BOX (box), button);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (last), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (last), FALSE);
  gtk_widget_set_focusable (last, FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), last);
}

static GtkWidget *
make_row (OflUiHistory *self, const OflPastJob *job)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *icon = gtk_image_new ();
  OflUiLook look = look_of (job);
  g_autofree char *title = ofl_past_job_title (job);
  g_autofree char *shown = masked (self, title);
  g_autofree char *outcome = ofl_past_job_outcome (job);
  g_autofree char *shown_outcome = masked (self, outcome);
  g_autofree char *backup = ofl_past_job_say_backup (job);
  g_autofree char *damaged = ofl_past_job_say_damaged (job);

  ofl_ui_look_apply (&look, GTK_IMAGE (icon));
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  ofl_ui_rows_set_words (row, shown, shown_outcome);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, shown,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, shown_outcome, -1);
  add_fact (self, row, _ ("Serial number"), job->job->serial);
  add_fact (self, row, _ ("Image"), ofl_past_job_image (job));
  add_fact (self, row, _ ("What happened"), job->what);
  add_fact (self, row, _ ("Proof"), job->proof);
  add_fact (self, row, _ ("Technical details"), job->technical);
  add_fact (self, row, _ ("Backup"), backup);
  add_fact (self, row, _ ("Evidence"), job->evidence);
  add_fact (self, row, _ ("Journal"), job->job->path);
  add_fact (self, row, _ ("Damage of the journal"), damaged);
  add_copy (self, row, job);
  return row;
}

static char *
describe (OflUiHistory *self, guint found, const char *text)
{
  if (self->jobs->len == 0)
    return g_strdup (_ ("No journal knows of a job."));
  if (found == 0)
    return g_strdup_printf (_ ("No job is found by “%s”."), text);
  if (found > MOST_ROWS)
    return g_strdup_printf (ngettext ("%u job is older: type a part of its drive’s name, serial, "
                                      "image or verdict.",
                                      "%u jobs are older: type a part of their drive’s name, "
                                      "serial, image or verdict.",
                                      found - MOST_ROWS),
                            found - MOST_ROWS);
  return g_strdup_printf (ngettext ("%u job", "%u jobs", found), found);
}

static void
fill (OflUiHistory *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  g_autofree char *summary = NULL;
  guint found = 0;

  if (self->jobs == NULL)
    return;
  if (self->group != NULL)
    gtk_box_remove (GTK_BOX (self->place), self->group);
  self->group = adw_preferences_group_new ();
  gtk_box_append (GTK_BOX (self->place), self->group);
  for (guint i = self->jobs->len; i > 0; i--)
    {
      const OflPastJob *job = g_ptr_array_index (self->jobs, i - 1);

      if (*text != '\0' && !ofl_past_job_matches (job, text))
        continue;
      if (found++ < MOST_ROWS)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), make_row (self, job));
    }
  summary = describe (self, found, text);
  {
    g_autofree char *escaped = g_markup_escape_text (summary, -1);

    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), escaped);
  }
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_history_read (NULL), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  OflUiHistory *self = OFL_UI_HISTORY (source);
  g_autoptr (GPtrArray) jobs = g_task_propagate_pointer (G_TASK (result), NULL);

  if (jobs == NULL)
    return;
  for (guint i = 0; i < jobs->len; i++)
    ofl_past_job_add_secrets (g_ptr_array_index (jobs, i), self->secrets);
  self->jobs = g_steal_pointer (&jobs);
  fill (self);
}

static void
ofl_ui_history_dispose (GObject *object)
{
  g_cancellable_cancel (OFL_UI_HISTORY (object)->closed);
  G_OBJECT_CLASS (ofl_ui_history_parent_class)->dispose (object);
}

static void
ofl_ui_history_finalize (GObject *object)
{
  OflUiHistory *self = OFL_UI_HISTORY (object);

  g_clear_object (&self->closed);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_ptr_array_unref (self->secrets);
  G_OBJECT_CLASS (ofl_ui_history_parent_class)->finalize (object);
}

static void
ofl_ui_history_class_init (OflUiHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_history_dispose;
  G_OBJECT_CLASS (klass)->finalize = ofl_ui_history_finalize;
}

static GtkWidget *
make_mask_row (OflUiHistory *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = ofl_ui_rows_switch (_ ("Mask serial numbers"), _ ("Here, and in what is copied"),
                                       &self->mask);

  g_signal_connect_object (self->mask, "notify::active", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

static void
ofl_ui_history_init (OflUiHistory *self)
{
  GtkWidget *entry = gtk_search_entry_new ();
  const char *name = _ ("Search the history");

  gtk_window_set_title (GTK_WINDOW (self), _ ("History"));
  self->closed = g_cancellable_new ();
  self->secrets = ofl_mask_new ();
  self->entry = GTK_EDITABLE (entry);
  self->place = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_object_set (entry, "placeholder-text", name, "tooltip-text",
                _ ("Drive, serial, image or verdict"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (entry, "search-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "stop-search", G_CALLBACK (gtk_window_close), self,
                           G_CONNECT_SWAPPED);
  ofl_ui_tool_window_add (tool (self), entry);
  ofl_ui_tool_window_add (tool (self), make_mask_row (self));
  ofl_ui_tool_window_add (tool (self), self->place);
}

/**
 * ofl_ui_history_present:
 * @parent: the window
 * @session: (nullable): not used: all drives' jobs are shown
 *
 * Shows every job that a journal knows.
 */
void
ofl_ui_history_present (GtkWindow *parent, OflUiSession *session)
{
  OflUiHistory *self = g_object_new (OFL_UI_TYPE_HISTORY, NULL);
  g_autoptr (GTask) task = g_task_new (self, self->closed, on_read, NULL);

  g_task_set_source_tag (task, ofl_ui_history_present);
  g_task_run_in_thread (task, read_in_thread);
  ofl_ui_tool_window_present (tool (self), parent, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
