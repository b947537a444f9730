/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The application: finds the drives, holds the sessions, and outlives its window while a job runs. */
#define OFL_UI_TYPE_APP (ofl_ui_app_get_type ())
G_DECLARE_FINAL_TYPE (OflUiApp, ofl_ui_app, OFL_UI, APP, AdwApplication)

OflUiApp *ofl_ui_app_new (void);

G_END_DECLS
