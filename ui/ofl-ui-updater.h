/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

void ofl_ui_updater_present (GtkWindow *parent, OflUiSession *session);

G_END_DECLS
