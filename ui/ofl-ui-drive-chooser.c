/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file fits several drives: asks for which of them it is. */
#include "ofl-ui-drive-chooser.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ofl-ui-rows.h"
#include "ofl-ui-text.h"

typedef struct {
  GPtrArray *sessions; /* of OflUiSession */
  guint chosen;
  void (*answer) (OflUiSession *session, gpointer data);
  gpointer data; /* an object */
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_ptr_array_unref (choice->sessions);
  g_object_unref (choice->data);
  g_free (choice);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Choice *choice = data;
  gboolean go = g_strcmp0 (response, "go") == 0;

  choice->answer (go ? g_ptr_array_index (choice->sessions, choice->chosen) : NULL, choice->data);
}

static void
on_toggled (GtkCheckButton *check, gpointer data)
{
  Choice *choice = data;

  if (gtk_check_button_get_active (check))
    choice->chosen = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (check), "index"));
}

/* As in every group of radio buttons the arrow keys choose; Return then answers. */
static void
on_row_focus (GtkEventControllerFocus *focus, gpointer check)
{
  gtk_check_button_set_active (check, TRUE);
}

static char *
describe (OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  g_autofree char *serial = ofl_ui_text_serial (drive);

  /* Translators: a revision and a serial number, of both */
  return g_strdup_printf (ofl_ui_session_is_practice (session)
                              ? _ ("Revision %s · serial %s · practice drive")
                              : _ ("Revision %s · serial %s"),
                          revision, serial);
}

static GtkWidget *
make_row (Choice *choice, guint index, GtkWidget **first)
{
  OflUiSession *session = g_ptr_array_index (choice->sessions, index);
  g_autofree char *name = ofl_ui_text_drive (ofl_ui_session_get_drive (session), "name");
  g_autofree char *what = describe (session);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  ofl_ui_rows_set_words (row, name, what);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, what, -1);
  if (*first == NULL)
    *first = check;
  else
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), GTK_CHECK_BUTTON (*first));
  g_object_set_data (G_OBJECT (check), "index", GUINT_TO_POINTER (index));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), index == 0);
  g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), choice);
  g_signal_connect (focus, "enter", G_CALLBACK (on_row_focus), check);
  gtk_widget_add_controller (row, focus);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  return row;
}

static GtkWidget *
make_list (Choice *choice, GtkWidget *list)
{
  GtkWidget *first = NULL;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Drives that it fits"), -1);
  for (guint i = 0; i < choice->sessions->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), make_row (choice, i, &first));
  return ofl_ui_rows_scroll (list, choice->sessions->len);
}

/**
 * ofl_ui_drive_chooser_present:
 * @parent: the window
 * @file: the file's name
 * @sessions: (element-type OflUiSession): the drives that it fits, two at least
 * @chosen: (scope async): called once with the drive, or with %NULL when it is to be none
 * @data: an object for @chosen, kept until then
 *
 * Asks for which of several drives a file is.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
ofl_ui_drive_chooser_present (GtkWindow *parent, const char *file, GPtrArray *sessions,
                              void (*chosen) (OflUiSession *session, gpointer data), gpointer data)
{
  Choice *choice = g_new0 (Choice, 1);
  /* Translators: %s is a file's name */
  g_autofree char *body
      = g_strdup_printf (_ ("“%s” fits several of the drives that are here. Nothing "
                            "is written yet."),
                         file);
  AdwMessageDialog *dialog
      = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _ ("For which drive?"), body));
  GtkWidget *list = gtk_list_box_new ();

  choice->sessions = g_ptr_array_ref (sessions);
  choice->answer = chosen;
  choice->data = g_object_ref (data);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "go", _ ("Ch_oose"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "go", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "go");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, make_list (choice, list));
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), choice, choice_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0)));
  return GTK_WINDOW (dialog);
}
