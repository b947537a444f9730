/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question whether to flash: one drive, and those beside it that the same file fits and that the user
 * adds. It is about what it names, and goes when one of these is another. */
#include "ofl-ui-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ofl-ui-asked.h"
#include "ofl-ui-rows.h"
#include "ofl-ui-text.h"

/* While the question is open, where several drives can be flashed, it is looked again after so long. */
#define PERIOD_S 5
#define DATA "question"

/* One of the drives that can be added */
typedef struct {
  OflUiAsked *asked;
  GtkWidget *row;
  GtkWidget *check;
} Also;

typedef struct {
  AdwMessageDialog *dialog;
  OflUiAsked *first;
  GArray *also; /* of Also */
  guint timer;
  gboolean over;
} Question;

/* It lives on while its checks run, and has nobody to tell then. */
static void
forget (Question *self, OflUiAsked *asked)
{
  g_signal_handlers_disconnect_by_data (asked, self);
  g_object_unref (asked);
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  for (guint i = 0; i < self->also->len; i++)
    forget (self, g_array_index (self->also, Also, i).asked);
  g_array_unref (self->also);
  forget (self, self->first);
  g_free (self);
}

static gboolean
is_wanted (const Also *also)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (also->check));
}

/* The drives that a yes is about. (transfer container) */
static GPtrArray *
list_wanted (Question *self)
{
  GPtrArray *wanted = g_ptr_array_new ();

  g_ptr_array_add (wanted, self->first);
  for (guint i = 0; i < self->also->len; i++)
    if (is_wanted (&g_array_index (self->also, Also, i)))
      g_ptr_array_add (wanted, g_array_index (self->also, Also, i).asked);
  return wanted;
}

static void
toast (Question *self, const char *text)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self->dialog));

  if (window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.notice", "s", text);
}

/* Which of several it was, and why. */
static char *
name_reason (OflUiAsked *asked, guint n, const char *why)
{
  OflDrive *drive = ofl_ui_session_get_drive (ofl_ui_asked_get_session (asked));
  g_autofree char *model = ofl_ui_text_model (drive);
  g_autofree char *serial = ofl_ui_text_serial (drive);

  if (n == 1)
    return g_strdup (why);
  /* Translators: a drive's model, its serial number, and a sentence about it */
  return g_strdup_printf (_ ("%s, serial number %s: %s"), model, serial, why);
}

/* Why nothing is flashed; NULL where the answer is for what was asked. */
static char *
dup_moot (Question *self)
{
  g_autoptr (GPtrArray) wanted = list_wanted (self);

  for (guint i = 0; i < wanted->len; i++)
    {
      g_autofree char *why = ofl_ui_asked_why_moot (g_ptr_array_index (wanted, i));
      g_autofree char *whose = NULL;

      if (why == NULL)
        continue;
      whose = name_reason (g_ptr_array_index (wanted, i), wanted->len, why);
      /* Translators: %s is a sentence that says why */
      return g_strdup_printf (_ ("Nothing was flashed. %s"), whose);
    }
  return NULL;
}

/* Where the job lives, when it is not the service: what ends it then. */
static const char *
say_where (OflUiSession *session, guint n)
{
  if (!ofl_ui_session_runs_here (session))
    return NULL;
  if (n > 1)
    return _ (
        "The jobs run in this program: they go on when the window is closed, and are lost when "
        "you log out or end the program by force.");
  return _ ("The job runs in this program: it goes on when the window is closed, and is lost when "
            "you log out or end the program by force.");
}

static char *
describe_one (OflUiAsked *asked)
{
  OflUiSession *session = ofl_ui_asked_get_session (asked);
  OflDrive *drive = ofl_ui_session_get_drive (session);
  g_autofree char *name = ofl_ui_asked_dup_name (asked);
  g_autofree char *serial = ofl_ui_text_serial (drive);
  g_autofree char *from = ofl_ui_text_drive (drive, "revision");
  g_autofree char *to = ofl_ui_asked_dup_new_revision (asked);
  g_autofree char *file = ofl_ui_session_dup_file_name (session);

  return g_strdup_printf (_ ("Drive: %s\nSerial number: %s\nRevision: %s → %s\nFile: %s\n\n"
                             "Once writing has begun it cannot be stopped. Do not unplug the drive "
                             "or switch the computer off until it is done."),
                          name, serial, from, to, file);
}

static char *
describe_several (GPtrArray *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);
  OflUiSession *first = ofl_ui_asked_get_session (g_ptr_array_index (wanted, 0));
  g_autofree char *file = ofl_ui_session_dup_file_name (first);

  for (guint i = 0; i < wanted->len; i++)
    {
      OflUiAsked *asked = g_ptr_array_index (wanted, i);
      OflDrive *drive = ofl_ui_session_get_drive (ofl_ui_asked_get_session (asked));
      g_autofree char *name = ofl_ui_asked_dup_name (asked);
      g_autofree char *serial = ofl_ui_text_serial (drive);
      g_autofree char *from = ofl_ui_text_drive (drive, "revision");
      g_autofree char *to = ofl_ui_asked_dup_new_revision (asked);

      g_string_append_printf (text,
                              /* Translators: a drive's name, its serial number, from revision to
                               * revision */
                              _ ("Drive: %s\nSerial number: %s, revision: %s → %s\n"), name, serial,
                              from, to);
    }
  /* Translators: %s is a file's name */
  g_string_append_printf (text, _ ("File: %s\n\n"), file);
  g_string_append (text, _ ("Each drive has a job of its own. Once writing has begun it cannot be "
                            "stopped. Do not unplug one of these drives or switch the computer off "
                            "until all are done."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe (GPtrArray *wanted)
{
  OflUiAsked *first = g_ptr_array_index (wanted, 0);
  const char *where = say_where (ofl_ui_asked_get_session (first), wanted->len);
  g_autofree char *text = wanted->len > 1 ? describe_several (wanted) : describe_one (first);

  return where != NULL ? g_strconcat (text, " ", where, NULL) : g_steal_pointer (&text);
}

/* The heading and the button say how many drives a yes is about. */
static void
show_words (Question *self, GPtrArray *wanted)
{
  OflUiSession *first = ofl_ui_asked_get_session (self->first);
  g_autofree char *model = ofl_ui_text_model (ofl_ui_session_get_drive (first));
  g_autofree char *shown = ofl_ui_text_in_mnemonic (model);
  guint n = wanted->len;
  g_autofree char *heading
      /* Translators: %s is a drive's model */
      = n == 1 ? g_strdup_printf (_ ("Flash %s?"), model)
               : g_strdup_printf (ngettext ("Flash %u drive?", "Flash %u drives?", n), n);
  g_autofree char *go
      = n == 1 ? g_strdup_printf (_ ("_Flash %s"), shown)
               : g_strdup_printf (ngettext ("_Flash %u drive", "_Flash %u drives", n), n);
  g_autofree char *body = describe (wanted);

  adw_message_dialog_set_heading (self->dialog, heading);
  adw_message_dialog_set_body (self->dialog, body);
  adw_message_dialog_set_response_label (self->dialog, "go", go);
}

static gboolean
is_ready (GPtrArray *wanted)
{
  if (wanted->len == 1) /* its page looks at it */
    return TRUE;
  for (guint i = 0; i < wanted->len; i++)
    if (!ofl_ui_asked_is_looked_at (g_ptr_array_index (wanted, i)))
      return FALSE;
  return TRUE;
}

static void
show_answer (Question *self)
{
  g_autoptr (GPtrArray) wanted = list_wanted (self);

  show_words (self, wanted);
  adw_message_dialog_set_response_enabled (self->dialog, "go", is_ready (wanted));
}

/* What would happen to a drive that is added, or why it cannot be. */
static void
show_row (Also *also)
{
  OflDrive *drive = ofl_ui_session_get_drive (ofl_ui_asked_get_session (also->asked));
  g_autofree char *name = ofl_ui_asked_dup_name (also->asked);
  g_autofree char *serial = ofl_ui_text_serial (drive);
  g_autofree char *from = ofl_ui_text_drive (drive, "revision");
  g_autofree char *to = ofl_ui_asked_dup_new_revision (also->asked);
  g_autofree char *why_not = ofl_ui_asked_why_moot (also->asked);
  gboolean looked_at = ofl_ui_asked_is_looked_at (also->asked);
  /* Translators: a serial number, from revision to revision */
  g_autofree char *what = g_strdup_printf (_ ("Serial number %s · %s → %s"), serial, from, to);
  g_autofree char *line = NULL;

  if (why_not != NULL)
    line = g_strdup_printf ("%s\n%s", what, why_not);
  else
    line = looked_at ? g_strdup (what) : g_strdup_printf ("%s\n%s", what, _ ("Is being checked…"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (also->row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (also->row), line);
  gtk_widget_set_sensitive (also->row, why_not == NULL && (looked_at || is_wanted (also)));
  /* the check, too: GTK 4.8 does not always tell a screen reader that a parent is shut */
  gtk_widget_set_sensitive (also->check, gtk_widget_get_sensitive (also->row));
  gtk_accessible_update_property (GTK_ACCESSIBLE (also->check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, line, -1);
}

static void
on_asked_changed (OflUiAsked *asked, Question *self)
{
  g_autofree char *moot = NULL;

  if (self->over)
    return;
  if (self->also->len > 0 && !ofl_ui_asked_is_looked_at (asked))
    ofl_ui_asked_look (asked);
  moot = dup_moot (self);
  if (moot != NULL && gtk_widget_get_visible (GTK_WIDGET (self->dialog)))
    {
      self->over = TRUE;
      toast (self, moot);
      gtk_window_close (GTK_WINDOW (self->dialog));
      return;
    }
  for (guint i = 0; i < self->also->len; i++)
    show_row (&g_array_index (self->also, Also, i));
  show_answer (self);
}

static gboolean
on_timer (gpointer data)
{
  Question *self = data;

  ofl_ui_asked_look (self->first);
  for (guint i = 0; i < self->also->len; i++)
    ofl_ui_asked_look (g_array_index (self->also, Also, i).asked);
  return G_SOURCE_CONTINUE;
}

/* All or none: what one of them is no longer, the question was not about. What is found only when a job
 * is to begin keeps that one from beginning. */
static void
begin (Question *self)
{
  g_autoptr (GPtrArray) wanted = list_wanted (self);
  g_autofree char *moot = dup_moot (self);

  if (moot != NULL)
    {
      toast (self, moot);
      return;
    }
  for (guint i = 0; i < wanted->len; i++)
    {
      OflUiAsked *asked = g_ptr_array_index (wanted, i);
      g_autofree char *why = ofl_ui_asked_begin (asked);
      g_autofree char *whose = why != NULL ? name_reason (asked, wanted->len, why) : NULL;
      g_autofree char *text = NULL;

      if (whose == NULL)
        continue;
      /* Translators: %s names one of several drives, and says why */
      text = g_strdup_printf (_ ("Not flashed: %s"), whose);
      toast (self, text);
    }
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Question *self)
{
  gboolean was_over = self->over;

  self->over = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!was_over && g_strcmp0 (response, "go") == 0)
    begin (self);
}

static void
add_row (Question *self, Also *also)
{
  also->row = adw_action_row_new ();
  also->check = gtk_check_button_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (also->row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (also->row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (also->row), 0);
  gtk_widget_set_valign (also->check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (also->row), also->check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (also->row), also->check);
  g_signal_connect_swapped (also->check, "toggled", G_CALLBACK (show_answer), self);
}

static void
add_also (Question *self, OflUiSession *session)
{
  Also also = { ofl_ui_asked_new (session, ofl_ui_asked_get_session (self->first)), NULL, NULL };

  if (!ofl_ui_asked_fits (also.asked))
    {
      g_object_unref (also.asked);
      return;
    }
  add_row (self, &also);
  g_array_append_val (self->also, also);
}

static void
find_also (Question *self, OflUiSessionList *sessions)
{
  GListModel *model = G_LIST_MODEL (sessions);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (model, i);

      if (session != ofl_ui_asked_get_session (self->first))
        add_also (self, session);
    }
}

/* "The same file fits these, too": each is added by a check mark, none is by itself. */
static void
show_also (Question *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label
      = gtk_label_new (_ ("This file fits other drives that are here. Flash them, too?"));
  GtkWidget *list = gtk_list_box_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Other drives that it fits"), -1);
  gtk_box_append (GTK_BOX (box), label);
  for (guint i = 0; i < self->also->len; i++)
    {
      Also *also = &g_array_index (self->also, Also, i);

      gtk_list_box_append (GTK_LIST_BOX (list), also->row);
      g_signal_connect (also->asked, "changed", G_CALLBACK (on_asked_changed), self);
      ofl_ui_asked_look (also->asked);
      show_row (also);
    }
  gtk_box_append (GTK_BOX (box), ofl_ui_rows_scroll (list, self->also->len));
  adw_message_dialog_set_extra_child (self->dialog, box);
  ofl_ui_asked_look (self->first);
  self->timer = g_timeout_add_seconds (PERIOD_S, on_timer, self);
}

/**
 * ofl_ui_question_present:
 * @parent: the window
 * @session: a drive that may be flashed
 * @sessions: the drives that are here
 *
 * Says what will be written where and asks; "Cancel" has the focus. Other drives that the same file fits
 * can be added, each with its checks. Whoever gives one of these drives another file meanwhile, or another
 * drive, has it close, and so does what stops a write: the answer would be about what is not written.
 */
void
ofl_ui_question_present (GtkWindow *parent, OflUiSession *session, OflUiSessionList *sessions)
{
  Question *self = g_new0 (Question, 1);

  self->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, NULL, NULL));
  self->first = ofl_ui_asked_new (session, session);
  self->also = g_array_new (FALSE, TRUE, sizeof (Also));
  adw_message_dialog_add_responses (self->dialog, "cancel", _ ("_Cancel"), "go", "", NULL);
  adw_message_dialog_set_default_response (self->dialog, "cancel");
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  adw_message_dialog_set_response_appearance (self->dialog, "go", ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (self->dialog), DATA, self, question_free);
  find_also (self, sessions);
  if (self->also->len > 0)
    show_also (self);
  show_answer (self);
  g_signal_connect (self->first, "changed", G_CALLBACK (on_asked_changed), self);
  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response), self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  gtk_window_set_focus (GTK_WINDOW (self->dialog),
                        gtk_window_get_default_widget (GTK_WINDOW (self->dialog)));
}
