/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-verdict-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ofl-ui-log-view.h"
#include "ofl-ui-looks.h"
#include "ofl-ui-next-box.h"
#include "ofl-ui-report.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-words.h"

struct _OflUiVerdictPage {
  GtkBox parent_instance;

  OflUiSession *session;
  OflUiRun *shown;
  GPtrArray *rows;

  GtkWidget *heading;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *drive;
  GtkLabel *what;
  GtkLabel *meaning;
  GtkWidget *next_box;
  GtkLabel *next;
  GtkButton *again;
  OflUiNextBox *actions;
  AdwPreferencesGroup *facts;
  GtkExpander *log_expander;
  OflUiLogView *log;
};

G_DEFINE_FINAL_TYPE (OflUiVerdictPage, ofl_ui_verdict_page, GTK_TYPE_BOX)

static void
on_report (OflUiVerdictPage *self)
{
  g_autofree char *report = ofl_ui_report_new (self->shown);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), report);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Report copied"));
}

static void
on_again (OflUiVerdictPage *self)
{
  OflVerdict verdict = ofl_ui_run_get_verdict (self->shown);

  ofl_ui_session_reset (self->session, !ofl_verdict_is_success (verdict));
}

static void
on_show_file (GtkButton *button, gpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (data);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button))), uri, GDK_CURRENT_TIME);
}

static void
add_row (OflUiVerdictPage *self, GtkWidget *row)
{
  adw_preferences_group_add (self->facts, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_fact (OflUiVerdictPage *self, const char *title, const char *value)
{
  if (value != NULL && value[0] != '\0')
    add_row (self, ofl_ui_rows_property (title, value, FALSE));
}

static void
add_file (OflUiVerdictPage *self, const char *title, const char *label, const char *path)
{
  g_autofree char *shown = NULL;
  GtkWidget *row;
  GtkWidget *button;

  if (path == NULL)
    return;
  shown = g_filename_display_name (path);
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  ofl_ui_rows_set_words (row, title, shown);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  button = gtk_button_new_with_label (_ ("Show"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_show_file), g_strdup (path),
                         (GClosureNotify) (void (*) (void)) g_free, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  add_row (self, row);
}

static void
add_technical (OflUiVerdictPage *self, const char *technical)
{
  GtkWidget *expander;

  if (technical == NULL || technical[0] == '\0')
    return;
  expander = adw_expander_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _ ("Technical details"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander),
                            ofl_ui_rows_property (_ ("Last command and answer"), technical, TRUE));
  add_row (self, expander);
}

static void
add_revisions (OflUiVerdictPage *self, const OflResult *result)
{
  g_autofree char *text = NULL;

  if (result->revision_before == NULL)
    return;
  if (result->revision_after == NULL
      || g_strcmp0 (result->revision_before, result->revision_after) == 0)
    text = g_strdup (result->revision_before);
  else
    /* Translators: firmware revision before and after */
    text = g_strdup_printf (_ ("%s → %s"), result->revision_before, result->revision_after);
  add_fact (self, _ ("Revision"), text);
}

static OflStage
last_stage (const OflProgressView *view)
{
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (view->stages[i].state == OFL_STAGE_STATE_FAILED)
      return (OflStage) i;
  return view->current;
}

/* How far a job came that did not reach its end. */
static void
add_reached (OflUiVerdictPage *self)
{
  const OflProgressView *view = ofl_ui_run_get_view (self->shown);
  const char *stage;
  g_autofree char *text = NULL;

  if (ofl_verdict_is_success (ofl_ui_run_get_verdict (self->shown)) || view->unreadable)
    return;
  /* Translators: how far a job came: "At 62 %, in “Program”" */
  stage = ofl_progress_view_stage_title (view, last_stage (view));
  text
      = ofl_ui_run_tells_percent (self->shown)
            ? g_strdup_printf (_ ("At %u %%, in “%s”"), ofl_ui_run_get_percent (self->shown), stage)
            /* Translators: %s is a stage of a job */
            : g_strdup_printf (_ ("In “%s”"), stage);
  add_fact (self, _ ("Stopped"), text);
}

static void
fill_facts (OflUiVerdictPage *self, const OflResult *result)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->facts, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  if (result != NULL)
    {
      add_fact (self, _ ("Proof"), result->proof);
      add_reached (self);
      add_revisions (self, result);
      add_file (self, _ ("Backup"), _ ("Show the backup"), result->backup_path);
      add_file (self, _ ("Journal with the whole log"), _ ("Show the journal"),
                result->journal_path);
      add_technical (self, result->technical);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->facts), self->rows->len > 0);
}

static void
set_text (OflUiVerdictPage *self, GtkLabel *label, const char *text)
{
  g_autofree char *worded = ofl_ui_words_of_job (text, ofl_ui_run_get_kind (self->shown));

  gtk_label_set_label (label, worded != NULL ? worded : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

/* Of a job that could not begin nobody has said what to do; nothing is the matter with the drive. */
static const char *
get_next (OflUiRun *run)
{
  const OflResult *result = ofl_ui_run_get_result (run);

  return result != NULL ? result->next : OFL_DO ("try-again") ".";
}

/* “Done” stands in the list and above; the page says what was. */
static const char *
get_title (OflUiRun *run)
{
  if (ofl_ui_run_get_result (run) == NULL)
    return _ ("The job could not begin");
  if (ofl_ui_run_get_verdict (run) == OFL_VERDICT_DONE)
    return _ ("The backup is stored");
  return ofl_verdict_title (ofl_ui_run_get_verdict (run));
}

static void
fill_words (OflUiVerdictPage *self, OflUiRun *run)
{
  const OflResult *result = ofl_ui_run_get_result (run);
  const GError *error = ofl_ui_run_get_error (run);
  OflUiLook look = ofl_ui_look_of_verdict (ofl_ui_run_get_verdict (run));
  const char *next = get_next (run);
  g_autofree char *drive = g_strdup_printf ("%s\n%s", ofl_ui_run_get_drive_name (run),
                                            ofl_ui_run_get_drive_line (run));

  ofl_ui_look_apply (&look, self->icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), NULL);
  set_text (self, self->title, get_title (run));
  set_text (self, self->drive, drive);
  set_text (self, self->what,
            result != NULL  ? result->what
            : error != NULL ? error->message
                            : NULL);
  set_text (self, self->meaning,
            result != NULL ? result->meaning : _ ("The drive was not touched."));
  set_text (self, self->next, next);
  gtk_widget_set_visible (self->next_box, next != NULL && next[0] != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->heading), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->what), -1);
}

static const char *
again_label (OflUiRun *run)
{
  if (ofl_verdict_is_success (ofl_ui_run_get_verdict (run))
      && ofl_ui_run_get_kind (run) == OFL_JOB_FLASH)
    return _ ("_Flash another");
  return _ ("_Back to the drive");
}

static void
ofl_ui_verdict_page_dispose (GObject *object)
{
  OflUiVerdictPage *self = OFL_UI_VERDICT_PAGE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ofl_ui_verdict_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, heading);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, icon);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, title);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, drive);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, what);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, meaning);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, next_box);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, next);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, again);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, actions);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, facts);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, log_expander);
  gtk_widget_class_bind_template_child (widget_class, OflUiVerdictPage, log);
}

static void
ofl_ui_verdict_page_class_init (OflUiVerdictPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OFL_UI_TYPE_LOG_VIEW);
  g_type_ensure (OFL_UI_TYPE_NEXT_BOX);
  G_OBJECT_CLASS (klass)->dispose = ofl_ui_verdict_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/optiflash/Optiflash/ofl-ui-verdict-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_report);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
}

static void
ofl_ui_verdict_page_init (OflUiVerdictPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ofl_ui_verdict_page_show:
 * @self: the page
 * @session: a drive whose job is over
 */
void
ofl_ui_verdict_page_show (OflUiVerdictPage *self, OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);

  g_set_object (&self->session, session);
  if (!g_set_object (&self->shown, run))
    return;
  fill_words (self, run);
  fill_facts (self, ofl_ui_run_get_result (run));
  gtk_button_set_label (self->again, again_label (run));
  ofl_ui_next_box_show (self->actions, session, get_next (run));
  if (ofl_verdict_is_success (ofl_ui_run_get_verdict (run))
      || !ofl_ui_next_box_has_any (self->actions))
    gtk_widget_add_css_class (GTK_WIDGET (self->again), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->again), "suggested-action");
  ofl_ui_log_view_set_run (self->log, run);
}

/**
 * ofl_ui_verdict_page_focus:
 * @self: the page, in sight
 *
 * Moves the focus to the heading, so that a screen reader says how the job ended.
 */
void
ofl_ui_verdict_page_focus (OflUiVerdictPage *self)
{
  gtk_widget_grab_focus (self->heading);
}

/**
 * ofl_ui_verdict_page_toggle_log:
 * @self: the page
 *
 * Opens the log, or closes it.
 */
void
ofl_ui_verdict_page_toggle_log (OflUiVerdictPage *self)
{
  gtk_expander_set_expanded (self->log_expander, !gtk_expander_get_expanded (self->log_expander));
}
