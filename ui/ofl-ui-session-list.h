/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* A #GListModel of #OflUiSession: one for each drive that is there, and for each that is gone
 * while its job runs or its verdict waits to be read. Signals: "phase-changed" (session); "job-found"
 * (session): its job runs in the service and was begun by somebody else. */
#define OFL_UI_TYPE_SESSION_LIST (ofl_ui_session_list_get_type ())
G_DECLARE_FINAL_TYPE (OflUiSessionList, ofl_ui_session_list, OFL_UI, SESSION_LIST, GObject)

OflUiSessionList *ofl_ui_session_list_new (OflDriveMonitor *monitor);
void ofl_ui_session_list_set_client (OflUiSessionList *self, OflClient *client,
                                     double practice_speed);
OflUiSession *ofl_ui_session_list_find (OflUiSessionList *self, const char *id);
gboolean ofl_ui_session_list_contains (OflUiSessionList *self, OflUiSession *session);
guint ofl_ui_session_list_count_running (OflUiSessionList *self);
guint ofl_ui_session_list_count_danger (OflUiSessionList *self);
OflUiSession *ofl_ui_session_list_find_asking (OflUiSessionList *self);
guint ofl_ui_session_list_count_local (OflUiSessionList *self);
void ofl_ui_session_list_dismiss_ends (OflUiSessionList *self);
void ofl_ui_session_list_cancel_all (OflUiSessionList *self);
void ofl_ui_session_list_refresh_all (OflUiSessionList *self);

G_END_DECLS
