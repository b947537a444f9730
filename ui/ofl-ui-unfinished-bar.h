/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* Says that an earlier write never ended, until the user has read it or the drive is mended: of any
 * drive, or of the one that it is told. */
#define OFL_UI_TYPE_UNFINISHED_BAR (ofl_ui_unfinished_bar_get_type ())
G_DECLARE_FINAL_TYPE (OflUiUnfinishedBar, ofl_ui_unfinished_bar, OFL_UI, UNFINISHED_BAR, AdwBin)

void ofl_ui_unfinished_bar_show (OflUiUnfinishedBar *self, OflUiSession *session);

G_END_DECLS
