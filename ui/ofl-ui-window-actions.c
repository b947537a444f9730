/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys, menus and rows call by its name: the actions "win.…". */
#include "ofl-ui-dialogs.h"
#include "ofl-ui-practice.h"
#include "ofl-ui-question.h"
#include "ofl-ui-search.h"
#include "ofl-ui-tools-group.h"
#include "ofl-ui-window-private.h"

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiWindow *self = data;

  ofl_ui_dialogs_choose_files (GTK_WINDOW (self), self->intake);
}

static void
refresh_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (data), "app.look", NULL);
}

static void
log_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiWindow *self = data;

  if (self->session != NULL)
    ofl_ui_drive_page_toggle_log (ofl_ui_window_find_page (self, self->session));
}

static void
toast_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiWindow *self = data;
  g_autofree char *escaped = g_markup_escape_text (g_variant_get_string (parameter, NULL), -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (self->notice != NULL)
    adw_toast_dismiss (self->notice);
  /* what somebody waits for stays until it was read, or something newer is said */
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "notice"))
    {
      adw_toast_set_timeout (toast, 0);
      g_set_weak_pointer (&self->notice, toast);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* By its id: its page may be out of sight by the time the question comes. */
static void
flash_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiWindow *self = data;
  OflUiSession *session
      = ofl_ui_session_list_find (self->sessions, g_variant_get_string (parameter, NULL));

  if (session != NULL)
    ofl_ui_question_present (GTK_WINDOW (self), session, self->sessions);
}

static void
jobs_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_jobs_open (OFL_UI_WINDOW (data)->jobs);
}

static void
find_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ofl_ui_search_present (GTK_WINDOW (data));
}

static void
tool_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  OflUiWindow *self = data;

  ofl_ui_tools_present (g_variant_get_string (parameter, NULL), GTK_WINDOW (self), self->session);
}

static void
practice_fault_action (GSimpleAction *action, GVariant *wanted, gpointer data)
{
  OflUiWindow *self = data;

  if (self->session != NULL)
    ofl_ui_practice_set (self->session, g_variant_get_string (wanted, NULL), GTK_WIDGET (self));
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = open_action },
  { .name = "find", .activate = find_action },
  { .name = "practice-fault",
    .parameter_type = "s",
    .state = "''",
    .change_state = practice_fault_action },
  { .name = "refresh", .activate = refresh_action },
  { .name = "flash", .activate = flash_action, .parameter_type = "s" },
  { .name = "jobs", .activate = jobs_action },
  { .name = "log", .activate = log_action },
  { .name = "notice", .activate = toast_action, .parameter_type = "s" },
  { .name = "toast", .activate = toast_action, .parameter_type = "s" },
  { .name = "tool", .activate = tool_action, .parameter_type = "s" },
};

/**
 * ofl_ui_window_add_actions:
 * @self: the window
 *
 * Gives it all of them.
 */
void
ofl_ui_window_add_actions (OflUiWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
