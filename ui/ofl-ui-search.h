/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-core.h"

G_BEGIN_DECLS

#define OFL_UI_TYPE_SEARCH ofl_ui_search_get_type ()
G_DECLARE_FINAL_TYPE (OflUiSearch, ofl_ui_search, OFL_UI, SEARCH, AdwWindow)

void ofl_ui_search_present (GtkWindow *parent);

G_END_DECLS
