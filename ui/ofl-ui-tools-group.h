/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* What can be done around a drive: a row for each window of its own, by the action "win.tool". */
#define OFL_UI_TYPE_TOOLS_GROUP (ofl_ui_tools_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiToolsGroup, ofl_ui_tools_group, OFL_UI, TOOLS_GROUP, AdwPreferencesGroup)

void ofl_ui_tools_group_show (OflUiToolsGroup *self, OflUiSession *session);
void ofl_ui_tools_present (const char *id, GtkWindow *parent, OflUiSession *session);

G_END_DECLS
