/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* How drive and image match: every reason with its remedy; a soft refusal with a switch by which
 * the user says that it is understood. */
#define OFL_UI_TYPE_JUDGEMENT_GROUP (ofl_ui_judgement_group_get_type ())
G_DECLARE_FINAL_TYPE (OflUiJudgementGroup, ofl_ui_judgement_group, OFL_UI, JUDGEMENT_GROUP,
                      AdwPreferencesGroup)

void ofl_ui_judgement_group_show (OflUiJudgementGroup *self, OflUiSession *session);

G_END_DECLS
