/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* A drive in the list: name, revision, where it is plugged in, and its state in a word. */
#define OFL_UI_TYPE_DRIVE_ROW (ofl_ui_drive_row_get_type ())
G_DECLARE_FINAL_TYPE (OflUiDriveRow, ofl_ui_drive_row, OFL_UI, DRIVE_ROW, GtkListBoxRow)

GtkWidget *ofl_ui_drive_row_new (OflUiSession *session);
OflUiSession *ofl_ui_drive_row_get_session (OflUiDriveRow *self);

G_END_DECLS
