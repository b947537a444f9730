/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session-list.h"

G_BEGIN_DECLS

/* The window: the drives at the left, the chosen one at the right; one after the other where it is
 * narrow. */
#define OFL_UI_TYPE_WINDOW (ofl_ui_window_get_type ())
G_DECLARE_FINAL_TYPE (OflUiWindow, ofl_ui_window, OFL_UI, WINDOW, AdwApplicationWindow)

OflUiWindow *ofl_ui_window_new (GtkApplication *application, OflDriveMonitor *monitor,
                                OflUiSessionList *sessions);
void ofl_ui_window_open_files (OflUiWindow *self, GFile **files, int n_files);
void ofl_ui_window_show_session (OflUiWindow *self, const char *id);
void ofl_ui_window_show_job (OflUiWindow *self, OflUiSession *session);
void ofl_ui_window_show_warning (OflUiWindow *self, const char *text);

G_END_DECLS
