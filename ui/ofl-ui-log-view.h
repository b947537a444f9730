/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-run.h"

G_BEGIN_DECLS

/* The tail of a job's log, with search, follow, copy and save. */
#define OFL_UI_TYPE_LOG_VIEW (ofl_ui_log_view_get_type ())
G_DECLARE_FINAL_TYPE (OflUiLogView, ofl_ui_log_view, OFL_UI, LOG_VIEW, GtkBox)

void ofl_ui_log_view_set_run (OflUiLogView *self, OflUiRun *run);

G_END_DECLS
