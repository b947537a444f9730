/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What asks the user something in a window of its own. AdwMessageDialog, GtkFileChooserNative and
 * AdwAboutWindow have successors in later versions of their libraries: they are used only here, in
 * ofl-ui-drive-chooser.c and in ofl-ui-question.c. */
#include "ofl-ui-dialogs.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ofl-config.h"
#include "ofl-ui-text.h"

typedef struct {
  void (*chosen) (const char *path, gpointer data);
  gpointer data; /* an object */
} Save;

static AdwMessageDialog *
ask (GtkWindow *parent, const char *heading, const char *body, const char *cancel, const char *go)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", cancel, "go", go, NULL);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  return dialog;
}

/* A native chooser is no widget: nobody but this file keeps it alive until it has answered. */
static GtkFileChooserNative *
choose (GtkWindow *parent, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *native
      = gtk_file_chooser_native_new (title, parent, action, accept, _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (native), TRUE);
  return native;
}

static void
on_firmware_response (GtkNativeDialog *native, int response, gpointer data)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
  if (file != NULL)
    ofl_ui_session_open_file (OFL_UI_SESSION (data), file);
  g_object_unref (native);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; suffixes != NULL && suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  if (suffixes == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (chooser, filter);
}

static GtkFileChooserNative *
choose_open (GtkWindow *parent)
{
  static const char *const suffixes[] = { "bin", "rom", "hex", "exe", "zip", "fw", "img", NULL };
  GtkFileChooserNative *native
      = choose (parent, _ ("Choose a firmware file"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"));

  add_filter (GTK_FILE_CHOOSER (native), _ ("All files"), NULL);
  add_filter (GTK_FILE_CHOOSER (native), _ ("Firmware files"), suffixes);
  return native;
}

/**
 * ofl_ui_dialogs_choose_firmware:
 * @parent: the window
 * @session: the drive the file is for
 */
void
ofl_ui_dialogs_choose_firmware (GtkWindow *parent, OflUiSession *session)
{
  GtkFileChooserNative *native = choose_open (parent);

  g_signal_connect_object (native, "response", G_CALLBACK (on_firmware_response), session, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

static void
on_files_response (GtkNativeDialog *native, int response, gpointer data)
{
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  if (response == GTK_RESPONSE_ACCEPT)
    model = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (native));
  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (files, g_list_model_get_item (model, i));
  if (files->len > 0)
    ofl_ui_intake_open (OFL_UI_INTAKE (data), files);
  g_object_unref (native);
}

/**
 * ofl_ui_dialogs_choose_files:
 * @parent: the window
 * @intake: takes them
 *
 * Asks for a firmware file, or for several that belong together, for whichever drive they fit.
 */
void
ofl_ui_dialogs_choose_files (GtkWindow *parent, OflUiIntake *intake)
{
  GtkFileChooserNative *native = choose_open (parent);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (native), TRUE);
  g_signal_connect_object (native, "response", G_CALLBACK (on_files_response), intake, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

static void
on_backup_response (GtkNativeDialog *native, int response, gpointer data)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    ofl_ui_session_backup (OFL_UI_SESSION (data), path);
  g_object_unref (native);
}

/**
 * ofl_ui_dialogs_choose_backup:
 * @parent: the window
 * @session: a drive that can be read
 *
 * Asks where to, then backs the firmware up.
 */
void
ofl_ui_dialogs_choose_backup (GtkWindow *parent, OflUiSession *session)
{
  OflDrive *drive = ofl_ui_session_get_drive (session);
  g_autofree char *model = ofl_ui_text_model (drive);
  g_autofree char *revision = ofl_ui_text_drive (drive, "revision");
  g_autofree char *name = g_strdup_printf ("%s %s.bin", model, revision);
  GtkFileChooserNative *native
      = choose (parent, _ ("Back up firmware"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Back up"));

  g_strdelimit (name, "/\\:*?\"<>|", '-');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), name);
  g_signal_connect_object (native, "response", G_CALLBACK (on_backup_response), session, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

/**
 * ofl_ui_dialogs_tell:
 * @parent: (nullable): the window
 * @heading: what did not happen
 * @body: why, what it means and what to do
 */
void
ofl_ui_dialogs_tell (GtkWindow *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_text_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWindow) parent = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    ofl_ui_dialogs_tell (parent, _ ("The file could not be saved"), error->message);
}

static void
on_text_response (GtkNativeDialog *native, int response, gpointer data)
{
  GBytes *bytes = data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
  if (file != NULL)
    g_file_replace_contents_bytes_async (
        file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_text_saved,
        g_object_ref (gtk_native_dialog_get_transient_for (native)));
  g_object_unref (native);
}

static void
unref_bytes (gpointer data, GClosure *closure)
{
  g_bytes_unref (data);
}

/**
 * ofl_ui_dialogs_save_text:
 * @parent: the window
 * @name: file name to suggest
 * @text: what to save
 */
void
ofl_ui_dialogs_save_text (GtkWindow *parent, const char *name, const char *text)
{
  GtkFileChooserNative *native
      = choose (parent, _ ("Save log"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), name);
  g_signal_connect_data (native, "response", G_CALLBACK (on_text_response),
                         g_bytes_new (text, strlen (text)), unref_bytes, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

typedef struct {
  void (*answer) (gpointer data);
  void (*recover) (gpointer data); /* NULL: that cannot be answered */
  gpointer data;
} Answer;

static void
on_answer (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Answer *answer_data = data;

  if (g_strcmp0 (response, "go") == 0)
    answer_data->answer (answer_data->data);
  else if (g_strcmp0 (response, "recover") == 0)
    answer_data->recover (answer_data->data);
}

static void
answer_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static Answer *
ask_then (AdwMessageDialog *dialog, void (*answer) (gpointer data), gpointer data)
{
  Answer *answer_data = g_new0 (Answer, 1);

  answer_data->answer = answer;
  answer_data->data = data;
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), answer_data, answer_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return answer_data;
}

/**
 * ofl_ui_dialogs_explain_close:
 * @parent: the window
 * @sessions: the drives, on one of which at least a job runs
 * @answer: (scope async): called when the user closes the window all the same
 * @data: for @answer
 *
 * Says that jobs go on without the window.
 */
void
ofl_ui_dialogs_explain_close (GtkWindow *parent, OflUiSessionList *sessions,
                              void (*answer) (gpointer data), gpointer data)
{
  guint n_jobs = ofl_ui_session_list_count_running (sessions);
  gboolean asking = ofl_ui_session_list_find_asking (sessions) != NULL;
  gboolean danger = ofl_ui_session_list_count_danger (sessions) > 0;
  const char *heading
      = ngettext ("A drive is being worked on", "Drives are being worked on", n_jobs);
  const char *body
      = danger
            ? _ ("Closing the window does not stop it: a half-written firmware could leave the "
                 "drive unusable. Optiflash goes on without a window and shows itself again when "
                 "it is done. Do not unplug the drive.")
            : _ ("Closing the window does not stop it. Optiflash goes on without a window and "
                 "shows itself again when it is done.");
  g_autofree char *all
      = asking ? g_strconcat (
            body, "\n\n",
            _ ("A job waits for your answer, and goes on waiting: nothing is written to its "
               "drive before. Start Optiflash again to give it."),
            NULL)
               : g_strdup (body);

  ask_then (ask (parent, heading, all, _ ("_Keep open"), _ ("_Close window")), answer, data);
}

/**
 * ofl_ui_dialogs_explain_unfinished:
 * @parent: the window
 * @text: what was going on and how to continue
 * @recover: (nullable) (scope async): called when the user wants to see the ways back
 * @answer: (scope async): called when the user has read it and wants no more of it
 * @data: for @answer
 */
void
ofl_ui_dialogs_explain_unfinished (GtkWindow *parent, const char *text,
                                   void (*recover) (gpointer data), void (*answer) (gpointer data),
                                   gpointer data)
{
  AdwMessageDialog *dialog
      = ask (parent, _ ("A job never ended"), text, _ ("Remind _me"), _ ("_Done with it"));

  if (recover != NULL)
    adw_message_dialog_add_response (dialog, "recover", _ ("_Recover…"));
  ask_then (dialog, answer, data)->recover = recover;
}

/**
 * ofl_ui_dialogs_confirm:
 * @parent: the window
 * @heading: the question
 * @body: what it means
 * @go: label of the button that does it
 * @answer: (scope async): called when the user wants it
 * @data: for @answer
 *
 * Asks before something that cannot be brought back; "Cancel" has the focus.
 */
void
ofl_ui_dialogs_confirm (GtkWindow *parent, const char *heading, const char *body, const char *go,
                        void (*answer) (gpointer data), gpointer data)
{
  AdwMessageDialog *dialog = ask (parent, heading, body, _ ("_Cancel"), go);

  adw_message_dialog_set_response_appearance (dialog, "go", ADW_RESPONSE_DESTRUCTIVE);
  ask_then (dialog, answer, data);
}

static void
on_program_response (GtkNativeDialog *native, int response, gpointer data)
{
  OflUiProgram *program = data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
  if (file != NULL)
    ofl_ui_program_set_file (program, file);
  g_object_unref (native);
}

/**
 * ofl_ui_dialogs_choose_program:
 * @parent: the window
 * @program: takes the maker's program
 */
void
ofl_ui_dialogs_choose_program (GtkWindow *parent, OflUiProgram *program)
{
  static const char *const suffixes[] = { "exe", NULL };
  GtkFileChooserNative *native = choose (parent, _ ("Choose the maker’s program"),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"));

  add_filter (GTK_FILE_CHOOSER (native), _ ("Programs for Windows"), suffixes);
  add_filter (GTK_FILE_CHOOSER (native), _ ("All files"), NULL);
  g_signal_connect_object (native, "response", G_CALLBACK (on_program_response), program, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

static void
on_beside_response (GtkNativeDialog *native, int response, gpointer data)
{
  g_autoptr (GListModel) model = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    model = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (native));
  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (model, i);

      ofl_ui_program_add_beside (data, file);
    }
  g_object_unref (native);
}

/**
 * ofl_ui_dialogs_choose_beside:
 * @parent: the window
 * @program: takes the files that have to lie beside it
 */
void
ofl_ui_dialogs_choose_beside (GtkWindow *parent, OflUiProgram *program)
{
  GtkFileChooserNative *native = choose (parent, _ ("Choose what has to lie beside it"),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Add"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (native), TRUE);
  g_signal_connect_object (native, "response", G_CALLBACK (on_beside_response), program, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

static void
on_save_response (GtkNativeDialog *native, int response, gpointer data)
{
  Save *save = data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    save->chosen (path, save->data);
  g_object_unref (native);
}

static void
save_free (gpointer data, GClosure *closure)
{
  Save *save = data;

  g_object_unref (save->data);
  g_free (save);
}

/* Calls @chosen with the path that @native gives, when it gives one. */
static void
show_for (GtkFileChooserNative *native, void (*chosen) (const char *path, gpointer data),
          gpointer data)
{
  Save *save = g_new (Save, 1);

  save->chosen = chosen;
  save->data = g_object_ref (data);
  g_signal_connect_data (native, "response", G_CALLBACK (on_save_response), save, save_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

/**
 * ofl_ui_dialogs_choose_folder:
 * @parent: the window
 * @title: what it is for
 * @chosen: (scope async): called with the path, when one is chosen
 * @data: an object for @chosen, kept until then
 */
void
ofl_ui_dialogs_choose_folder (GtkWindow *parent, const char *title,
                              void (*chosen) (const char *path, gpointer data), gpointer data)
{
  show_for (choose (parent, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose")), chosen,
            data);
}

/**
 * ofl_ui_dialogs_choose_save:
 * @parent: the window
 * @title: what is saved
 * @name: file name to suggest
 * @chosen: (scope async): called with the path, when one is chosen
 * @data: an object for @chosen, kept until then
 */
void
ofl_ui_dialogs_choose_save (GtkWindow *parent, const char *title, const char *name,
                            void (*chosen) (const char *path, gpointer data), gpointer data)
{
  GtkFileChooserNative *native = choose (parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), name);
  show_for (native, chosen, data);
}

/**
 * ofl_ui_dialogs_about:
 * @parent: (nullable): the window
 */
void
ofl_ui_dialogs_about (GtkWindow *parent)
{
  static const char *const developers[] = { "The Optiflash authors", NULL };
  g_autofree char *debug
      = g_strdup_printf ("Optiflash %s\nGTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\n",
                         OFL_VERSION, gtk_get_major_version (), gtk_get_minor_version (),
                         gtk_get_micro_version (), adw_get_major_version (),
                         adw_get_minor_version (), adw_get_micro_version (), glib_major_version,
                         glib_minor_version, glib_micro_version);

  adw_show_about_window (parent, "application-name", _ ("Optiflash"), "application-icon",
                         "org.optiflash.Optiflash", "version", OFL_VERSION, "developer-name",
                         developers[0], "comments",
                         _ ("Read, back up, write and verify the firmware of optical "
                            "drives."),
                         /* whoever packages it says where it is at home: "" shows no link */
                         "website", OFL_HOMEPAGE, "issue-url", OFL_ISSUES, "debug-info", debug,
                         "debug-info-filename", "optiflash-debug.txt", "developers", developers,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: put your names here */
                         "translator-credits", _ ("translator-credits"), NULL);
}
