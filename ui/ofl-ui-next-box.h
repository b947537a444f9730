/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* Buttons that do what a sentence says: for each action that the core names in it, one. */
#define OFL_UI_TYPE_NEXT_BOX (ofl_ui_next_box_get_type ())
G_DECLARE_FINAL_TYPE (OflUiNextBox, ofl_ui_next_box, OFL_UI, NEXT_BOX, AdwBin)

void ofl_ui_next_box_show (OflUiNextBox *self, OflUiSession *session, const char *next);
gboolean ofl_ui_next_box_has_any (OflUiNextBox *self);

G_END_DECLS
