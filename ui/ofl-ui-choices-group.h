/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The named choices of a drive's family, out of the way in an expander. */
#define OFL_UI_TYPE_CHOICES_GROUP (ofl_ui_choices_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiChoicesGroup, ofl_ui_choices_group, OFL_UI, CHOICES_GROUP,
                      AdwPreferencesGroup)

void ofl_ui_choices_group_show (OflUiChoicesGroup *self, OflUiSession *session);

G_END_DECLS
