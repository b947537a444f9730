/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session.h"

G_BEGIN_DECLS

/* All of one drive: setup, progress or verdict, as its session says. A file may be dropped on it. */
#define OFL_UI_TYPE_DRIVE_PAGE (ofl_ui_drive_page_get_type ())
G_DECLARE_FINAL_TYPE (OflUiDrivePage, ofl_ui_drive_page, OFL_UI, DRIVE_PAGE, AdwBin)

GtkWidget *ofl_ui_drive_page_new (OflUiSession *session);
OflUiSession *ofl_ui_drive_page_get_session (OflUiDrivePage *self);
void ofl_ui_drive_page_toggle_log (OflUiDrivePage *self);

G_END_DECLS
