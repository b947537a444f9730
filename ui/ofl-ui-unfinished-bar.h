/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Says that an earlier session ended in the middle of a write, until the user has read it. */
#define OFL_UI_TYPE_UNFINISHED_BAR (ofl_ui_unfinished_bar_get_type ())
G_DECLARE_FINAL_TYPE (OflUiUnfinishedBar, ofl_ui_unfinished_bar, OFL_UI, UNFINISHED_BAR, AdwBin)

G_END_DECLS
