/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-app.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

#include "ofl-config.h"
#include "ofl-heartbeat.h"
#include "ofl-ui-dialogs.h"
#include "ofl-ui-font.h"
#include "ofl-ui-help.h"
#include "ofl-ui-notices.h"
#include "ofl-ui-preferences.h"
#include "ofl-ui-session-list.h"
#include "ofl-ui-settings.h"
#include "ofl-ui-shortcuts.h"
#include "ofl-ui-unfinished.h"
#include "ofl-ui-window.h"

#define APP_ID "org.optiflash.Optiflash"
#define ASKED "asked" /* of a run: the question that was told of */

struct _OflUiApp {
  AdwApplication parent_instance;

  gboolean in_process;
  gboolean practice; /* asked for on the command line */
  gboolean shows_practice;
  double practice_speed;
  OflFinder finder;

  OflDriveMonitor *monitor;
  OflUiSessionList *sessions;
  GPtrArray *warnings; /* sentences that wait for the window */
  OflUiWindow *window;

  gboolean held;     /* a job runs: the application stays without a window */
  guint inhibited;   /* cookie while a drive must not lose power */
  gboolean quitting; /* asked to end; does so when no job runs any more */
};

G_DEFINE_FINAL_TYPE (OflUiApp, ofl_ui_app, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "practice", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Add practice drives"), NULL },
  { "practice-speed", 0, 0, G_OPTION_ARG_DOUBLE, NULL,
    N_ ("How many times faster than real time practice drives are"), N_ ("N") },
  { "finder", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("How drives are found"), "udev|cdio|none" },
  { "in-process", 0, 0, G_OPTION_ARG_NONE, NULL,
    N_ ("Run jobs in this program, not in the session service"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
  { NULL },
};

static void
end_now (OflUiApp *self)
{
  OflUiWindow *window = self->window;

  self->quitting = TRUE;
  if (window != NULL)
    ofl_ui_session_list_dismiss_ends (self->sessions);
  /* Not g_application_quit() alone: windows are closed too, so that nothing is left half shown. */
  if (window != NULL)
    gtk_window_destroy (GTK_WINDOW (window));
  g_application_quit (G_APPLICATION (self));
}

/* Asked to end from outside (SIGTERM, SIGINT) or by the user who was told: jobs in the service go on
 * there; of those in this process, what can be cancelled is cancelled, and what cannot goes on
 * until the drive is safe. */
static void
quit_when_safe (OflUiApp *self)
{
  if (ofl_ui_session_list_count_local (self->sessions) == 0)
    {
      end_now (self);
      return;
    }
  self->quitting = TRUE;
  ofl_ui_session_list_cancel_all (self->sessions);
}

static gboolean
on_signal (gpointer data)
{
  quit_when_safe (data);
  return G_SOURCE_CONTINUE;
}

static void
update_inhibit (OflUiApp *self)
{
  gboolean danger = ofl_ui_session_list_count_danger (self->sessions) > 0;

  if (danger && self->inhibited == 0)
    self->inhibited = gtk_application_inhibit (
        GTK_APPLICATION (self), GTK_WINDOW (self->window),
        GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND,
        _ ("Firmware is being written: an interruption could leave the drive unusable"));
  else if (!danger && self->inhibited != 0)
    {
      gtk_application_uninhibit (GTK_APPLICATION (self), self->inhibited);
      self->inhibited = 0;
    }
}

static void
update_hold (OflUiApp *self)
{
  gboolean running = ofl_ui_session_list_count_running (self->sessions) > 0;

  if (running == self->held)
    return;
  self->held = running;
  if (running)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static gboolean
is_looked_at (OflUiApp *self)
{
  return self->window != NULL && gtk_window_is_active (GTK_WINDOW (self->window));
}

static void
on_asking (OflUiApp *self, OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);
  guint number = ofl_ui_run_get_view (run)->question;

  /* once a question, whatever else of the job changes */
  if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (run), ASKED)) == number)
    return;
  g_object_set_data (G_OBJECT (run), ASKED, GUINT_TO_POINTER (number));
  if (!is_looked_at (self))
    ofl_ui_notices_tell_question (G_APPLICATION (self), session);
  else
    /* of the question before, which was answered a moment ago */
    ofl_ui_notices_withdraw (G_APPLICATION (self), session);
  if (self->window != NULL)
    return;
  g_application_activate (G_APPLICATION (self));
  ofl_ui_window_show_session (self->window, ofl_ui_session_get_id (session));
}

static void
on_asked_no_more (OflUiApp *self, OflUiSession *session)
{
  OflUiRun *run = ofl_ui_session_get_run (session);

  if (run == NULL || g_object_get_data (G_OBJECT (run), ASKED) == NULL)
    return;
  g_object_set_data (G_OBJECT (run), ASKED, NULL);
  ofl_ui_notices_withdraw (G_APPLICATION (self), session);
}

static void
on_phase_changed (OflUiApp *self, OflUiSession *session)
{
  gboolean finished = ofl_ui_session_get_phase (session) == OFL_UI_PHASE_FINISHED;

  update_inhibit (self);
  if (ofl_ui_session_is_asking (session))
    on_asking (self, session);
  else
    on_asked_no_more (self, session);
  if (finished)
    {
      ofl_ui_unfinished_look (ofl_ui_unfinished_get ());
      if (!is_looked_at (self))
        ofl_ui_notices_tell_end (G_APPLICATION (self), session);
    }
  if (finished && self->quitting && ofl_ui_session_list_count_running (self->sessions) == 0)
    end_now (self);
  else if (finished && self->held && self->window == NULL)
    {
      g_application_activate (G_APPLICATION (self));
      ofl_ui_window_show_session (self->window, ofl_ui_session_get_id (session));
    }
  update_hold (self);
}

/* The window was closed: what waits for an answer goes on waiting, and says so. */
static void
on_window_gone (OflUiApp *self)
{
  guint n = self->sessions != NULL && !self->quitting
                ? g_list_model_get_n_items (G_LIST_MODEL (self->sessions))
                : 0;

  g_clear_weak_pointer (&self->window);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OflUiSession) session = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);

      if (ofl_ui_session_is_asking (session))
        ofl_ui_notices_tell_question (G_APPLICATION (self), session);
    }
}

static void
on_job_found (OflUiApp *self, OflUiSession *session)
{
  if (self->window != NULL)
    ofl_ui_window_show_job (self->window, session);
}

static void
show_drive_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiApp *self = data;

  g_application_activate (G_APPLICATION (self));
  ofl_ui_window_show_session (self->window, g_variant_get_string (parameter, NULL));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_dialogs_about (gtk_application_get_active_window (GTK_APPLICATION (data)));
}

/* Above the list of drives, at once or as soon as there is a window. */
static void
warn (OflUiApp *self, const char *text)
{
  if (self->window != NULL)
    ofl_ui_window_show_warning (self->window, text);
  else
    g_ptr_array_add (self->warnings, g_strdup (text));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_preferences_present (GTK_APPLICATION (data));
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiApp *self = data;

  ofl_ui_help_present (self->window != NULL ? GTK_WINDOW (self->window) : NULL, NULL);
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_shortcuts_present (data);
}

static void
on_practice_set (GObject *settings, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiApp) self = data;
  g_autoptr (GError) error = NULL;

  if (!ofl_ui_settings_set_finish (OFL_UI_SETTINGS (settings), result, &error))
    warn (self, error->message);
}

static void
start_practice_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_settings_set (ofl_ui_settings_get (), OFL_SETTING_PRACTICE, 1, on_practice_set,
                       g_object_ref (data));
}

/* Finds anew, and asks every drive anew on which no job runs. */
static void
look_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiApp *self = data;
  g_autoptr (GError) error = NULL;

  if (!ofl_drive_monitor_start (self->monitor, self->finder, &error))
    warn (self, error->message);
  ofl_ui_session_list_refresh_all (self->sessions);
}

/* Ctrl+Q closes the window like its button does: while a job runs the user is told first. */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiApp *self = data;

  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    quit_when_safe (self);
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = about_action },
  { .name = "help", .activate = help_action },
  { .name = "look", .activate = look_action },
  { .name = "preferences", .activate = preferences_action },
  { .name = "quit", .activate = quit_action },
  { .name = "shortcuts", .activate = shortcuts_action },
  { .name = "start-practice", .activate = start_practice_action },
  { .name = "show-drive", .activate = show_drive_action, .parameter_type = "s" },
};

static void
add_accels (OflUiApp *self)
{
  static const struct {
    const char *action;
    const char *accels[2];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.help", { "F1" } },
    { "app.shortcuts", { "<Control>question" } },
    { "win.jobs", { "<Control>j" } },
    { "win.open", { "<Control>o" } },
    { "win.refresh", { "F5" } },
    { "win.log", { "<Control>l" } },
    { "window.close", { "<Control>w" } },
    { "win.find", { "<Control>f" } },
    { "win.tool::doctor", { "<Control>d" } },
    { "win.tool::backups", { "<Control>b" } },
    { "win.tool::link", { "<Control>t" } },
    { "win.tool::holders", { "<Control>u" } },
    { "win.tool::history", { "<Control>h" } },
    { "win.tool::updater", { "<Control>m" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].accels);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (OflUiApp) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OflClient) client = ofl_client_connect_finish (result, &error);

  if (client == NULL || self->sessions == NULL)
    return;
  if (ofl_client_get_note (client) != NULL)
    warn (self, ofl_client_get_note (client));
  ofl_ui_session_list_set_client (self->sessions, client, self->practice_speed);
}

static void
remove_practice_drives (OflUiApp *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->monitor)); i > 0; i--)
    {
      g_autoptr (OflDrive) drive = g_list_model_get_item (G_LIST_MODEL (self->monitor), i - 1);

      if (ofl_target_is_practice (ofl_drive_get_target (drive))
          && !ofl_drive_get_job_running (drive))
        ofl_drive_monitor_remove (self->monitor, ofl_drive_get_id (drive));
    }
}

/* Those on which a job runs stay until the next start. */
static void
update_practice (OflUiApp *self)
{
  gboolean wanted = ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_PRACTICE) != 0;

  if (wanted == self->shows_practice)
    return;
  self->shows_practice = wanted;
  if (wanted)
    {
      g_autofree char *state_dir = ofl_core_practice_state_dir ();

      ofl_core_add_practice_drives (self->monitor, self->practice_speed, state_dir);
    }
  else
    remove_practice_drives (self);
}

static void
start_monitor (OflUiApp *self)
{
  g_autoptr (GError) error = NULL;

  self->monitor = ofl_core_new_monitor ();
  self->sessions = ofl_ui_session_list_new (self->monitor);
  g_signal_connect_object (self->sessions, "phase-changed", G_CALLBACK (on_phase_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sessions, "job-found", G_CALLBACK (on_job_found), self,
                           G_CONNECT_SWAPPED);
  if (self->practice)
    ofl_ui_settings_override (ofl_ui_settings_get (), OFL_SETTING_PRACTICE, 1);
  g_signal_connect_object (ofl_ui_settings_get (), "changed", G_CALLBACK (update_practice), self,
                           G_CONNECT_SWAPPED);
  update_practice (self);
  if (!ofl_drive_monitor_start (self->monitor, self->finder, &error))
    warn (self, error->message);
  ofl_client_connect_async (self->in_process, NULL, on_connected, g_object_ref (self));
}

static void
ofl_ui_app_startup (GApplication *application)
{
  OflUiApp *self = OFL_UI_APP (application);

  G_APPLICATION_CLASS (ofl_ui_app_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  add_accels (self);
  gtk_window_set_default_icon_name (APP_ID);
  /* a sentence that has the focus is not to look like one that was marked */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_unix_signal_add (SIGINT, on_signal, self);
  ofl_ui_font_suit_language ();
  start_monitor (self);
  ofl_ui_unfinished_look (ofl_ui_unfinished_get ());
  ofl_heartbeat_start ();
}

static void
ofl_ui_app_activate (GApplication *application)
{
  OflUiApp *self = OFL_UI_APP (application);
  OflUiSession *asking;

  if (self->window == NULL)
    {
      self->window
          = ofl_ui_window_new (GTK_APPLICATION (application), self->monitor, self->sessions);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      g_signal_connect_object (self->window, "destroy", G_CALLBACK (on_window_gone), self,
                               G_CONNECT_SWAPPED);
      for (guint i = 0; i < self->warnings->len; i++)
        ofl_ui_window_show_warning (self->window, g_ptr_array_index (self->warnings, i));
      asking = ofl_ui_session_list_find_asking (self->sessions);
      if (asking != NULL)
        ofl_ui_window_show_session (self->window, ofl_ui_session_get_id (asking));
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
ofl_ui_app_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_application_activate (application);
  ofl_ui_window_open_files (OFL_UI_APP (application)->window, files, n_files);
}

static gboolean
parse_finder (const char *name, OflFinder *finder)
{
  if (g_strcmp0 (name, "udev") == 0)
    *finder = OFL_FINDER_UDEV;
  else if (g_strcmp0 (name, "cdio") == 0)
    *finder = OFL_FINDER_CDIO;
  else if (g_strcmp0 (name, "none") == 0)
    *finder = OFL_FINDER_NONE;
  else
    return FALSE;
  return TRUE;
}

static int
ofl_ui_app_handle_local_options (GApplication *application, GVariantDict *dict)
{
  OflUiApp *self = OFL_UI_APP (application);
  const char *finder = NULL;
  const char *from_env = g_getenv ("OFL_PRACTICE");

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("optiflash %s\n", OFL_VERSION);
      return 0;
    }
  self->practice = g_variant_dict_contains (dict, "practice")
                   || (from_env != NULL && from_env[0] != '\0' && from_env[0] != '0');
  self->in_process = g_variant_dict_contains (dict, "in-process");
  g_variant_dict_lookup (dict, "practice-speed", "d", &self->practice_speed);
  if (g_variant_dict_lookup (dict, "finder", "&s", &finder)
      && !parse_finder (finder, &self->finder))
    {
      g_printerr (_ ("Unknown finder “%s”: it is udev, cdio or none.\n"), finder);
      return 2;
    }
  return -1;
}

/* GApplication takes "LG:BU40N.bin" for a URI; "./LG:BU40N.bin" is a path to it. */
static gboolean
ofl_ui_app_local_command_line (GApplication *application, char ***arguments, int *exit_status)
{
  for (guint i = 1; (*arguments)[i] != NULL; i++)
    {
      char *old = (*arguments)[i];

      if (old[0] == '-' || g_path_is_absolute (old) || strchr (old, ':') == NULL
          || !ofl_argument_is_path (old))
        continue;
      (*arguments)[i] = g_strconcat ("./", old, NULL);
      g_free (old);
    }
  return G_APPLICATION_CLASS (ofl_ui_app_parent_class)
      ->local_command_line (application, arguments, exit_status);
}

static void
ofl_ui_app_shutdown (GApplication *application)
{
  OflUiApp *self = OFL_UI_APP (application);

  ofl_heartbeat_stop ();
  ofl_ui_settings_finish_all (ofl_ui_settings_get ());
  g_clear_object (&self->sessions);
  g_clear_object (&self->monitor);
  G_APPLICATION_CLASS (ofl_ui_app_parent_class)->shutdown (application);
}

static void
ofl_ui_app_finalize (GObject *object)
{
  OflUiApp *self = OFL_UI_APP (object);

  g_clear_weak_pointer (&self->window);
  g_ptr_array_unref (self->warnings);
  G_OBJECT_CLASS (ofl_ui_app_parent_class)->finalize (object);
}

static void
ofl_ui_app_class_init (OflUiAppClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_ui_app_finalize;
  application_class->startup = ofl_ui_app_startup;
  application_class->activate = ofl_ui_app_activate;
  application_class->open = ofl_ui_app_open;
  application_class->local_command_line = ofl_ui_app_local_command_line;
  application_class->handle_local_options = ofl_ui_app_handle_local_options;
  application_class->shutdown = ofl_ui_app_shutdown;
}

static void
ofl_ui_app_init (OflUiApp *self)
{
  self->practice_speed = 1;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->finder = ofl_drive_monitor_default_finder ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE…]"));
}

/**
 * ofl_ui_app_new:
 *
 * Returns: (transfer full): the application, for g_application_run()
 */
OflUiApp *
ofl_ui_app_new (void)
{
  return g_object_new (OFL_UI_TYPE_APP, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/optiflash/Optiflash",
                       NULL);
}
