/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The firmware file: chosen or dropped, what is in it, and its own checks. The button runs the
 * action "win.open". */
#define OFL_UI_TYPE_FIRMWARE_GROUP (ofl_ui_firmware_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiFirmwareGroup, ofl_ui_firmware_group, OFL_UI, FIRMWARE_GROUP,
                      AdwPreferencesGroup)

void ofl_ui_firmware_group_show (OflUiFirmwareGroup *self, OflUiSession *session);

G_END_DECLS
