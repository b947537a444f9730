/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* “The maker's own program”, on the page of a drive that it is meant for. */
#define OFL_UI_TYPE_UPDATER_GROUP (ofl_ui_updater_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiUpdaterGroup, ofl_ui_updater_group, OFL_UI, UPDATER_GROUP,
                      AdwPreferencesGroup)

void ofl_ui_updater_group_show (OflUiUpdaterGroup *self, OflUiSession *session);

G_END_DECLS
