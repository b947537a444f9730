/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void ofl_ui_preferences_present (GtkApplication *application);

G_END_DECLS
