/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void ofl_ui_help_present (GtkWindow *parent, const char *page);

G_END_DECLS
