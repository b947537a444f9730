/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* The cable of a practice drive, as a person breaks and mends it. What is wrong is one word: "" for
 * nothing, "unplugged", or the id of a fault. */
#define OFL_UI_PRACTICE_UNPLUGGED "unplugged"

char *ofl_ui_practice_dup_wrong (OflUiSession *session);
const char *ofl_ui_practice_describe (const char *wrong);
void ofl_ui_practice_set (OflUiSession *session, const char *wrong, GtkWidget *teller);
void ofl_ui_practice_plug_in (OflUiSession *session, GtkWidget *teller);
GMenuModel *ofl_ui_practice_make_menu (const char *action);

/* Above a practice drive that is broken on purpose: what is wrong, and the button that mends it. */
#define OFL_UI_TYPE_PRACTICE_BAR (ofl_ui_practice_bar_get_type ())
G_DECLARE_FINAL_TYPE (OflUiPracticeBar, ofl_ui_practice_bar, OFL_UI, PRACTICE_BAR, AdwBin)
void ofl_ui_practice_bar_set_session (OflUiPracticeBar *self, OflUiSession *session);

G_END_DECLS
