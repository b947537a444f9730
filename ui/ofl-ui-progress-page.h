/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-run.h"

G_BEGIN_DECLS

/* A job while it runs: the whole, its stages, cancel or why there is none, and the log. */
#define OFL_UI_TYPE_PROGRESS_PAGE (ofl_ui_progress_page_get_type ())
G_DECLARE_FINAL_TYPE (OflUiProgressPage, ofl_ui_progress_page, OFL_UI, PROGRESS_PAGE, GtkBox)

void ofl_ui_progress_page_set_run (OflUiProgressPage *self, OflUiRun *run);
void ofl_ui_progress_page_focus (OflUiProgressPage *self);
void ofl_ui_progress_page_toggle_log (OflUiProgressPage *self);

G_END_DECLS
