/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-looks.h"
#include "ofl-ui-session.h"

G_BEGIN_DECLS

#define OFL_UI_TYPE_TOOL_WINDOW (ofl_ui_tool_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (OflUiToolWindow, ofl_ui_tool_window, OFL_UI, TOOL_WINDOW, AdwWindow)

/**
 * OflUiToolWindowClass:
 * @refresh: (nullable): the drive changed, came, went, or its job did
 * @dup_text: (nullable): all that the window shows, as text; %NULL when there is nothing yet
 */
struct _OflUiToolWindowClass {
  AdwWindowClass parent_class;

  void (*refresh) (OflUiToolWindow *self);
  char *(*dup_text) (OflUiToolWindow *self);
};

/* What is done around a drive, in a window of its own over the main one. */
void ofl_ui_tool_window_present (OflUiToolWindow *self, GtkWindow *parent, OflUiSession *session);
OflUiSession *ofl_ui_tool_window_get_session (OflUiToolWindow *self);
void ofl_ui_tool_window_add (OflUiToolWindow *self, GtkWidget *widget);
GtkWidget *ofl_ui_tool_window_add_status (OflUiToolWindow *self);
GtkWidget *ofl_ui_tool_window_add_button (OflUiToolWindow *self, const char *label);
void ofl_ui_tool_window_show_progress (OflUiToolWindow *self, double fraction, const char *text);
void ofl_ui_tool_window_show_reason (OflUiToolWindow *self, const char *text);
void ofl_ui_tool_window_set_copyable (OflUiToolWindow *self, gboolean copyable);
void ofl_ui_tool_window_toast (OflUiToolWindow *self, const char *text);
GtkWidget *ofl_ui_tool_window_make_heading (const OflUiLook *look, const char *title);

G_END_DECLS
