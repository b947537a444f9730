/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* What is looked at before a write: power, disc, folders, USB … The most serious first; what is as it
 * should be is folded into one row. */
#define OFL_UI_TYPE_CHECKS_GROUP (ofl_ui_checks_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiChecksGroup, ofl_ui_checks_group, OFL_UI, CHECKS_GROUP,
                      AdwPreferencesGroup)

void ofl_ui_checks_group_show (OflUiChecksGroup *self, OflUiSession *session);

G_END_DECLS
