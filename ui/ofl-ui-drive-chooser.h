/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

GtkWindow *ofl_ui_drive_chooser_present (GtkWindow *parent, const char *file, GPtrArray *sessions,
                                         void (*chosen) (OflUiSession *session, gpointer data),
                                         gpointer data);

G_END_DECLS
