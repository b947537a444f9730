/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session-list.h"

G_BEGIN_DECLS

/* Where firmware files come in, however they are given: they are read, the drive is found that each is
 * for, and what cannot be done at once is said in a bar. */
#define OFL_UI_TYPE_INTAKE (ofl_ui_intake_get_type ())
G_DECLARE_FINAL_TYPE (OflUiIntake, ofl_ui_intake, OFL_UI, INTAKE, AdwBin)

void ofl_ui_intake_set_drives (OflUiIntake *self, OflDriveMonitor *monitor,
                               OflUiSessionList *sessions);
void ofl_ui_intake_set_shown (OflUiIntake *self, OflUiSession *session);
void ofl_ui_intake_open (OflUiIntake *self, GPtrArray *files);

G_END_DECLS
