/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A job in the overview: which drive, which stage, how far, or how it ended. */
#define OFL_UI_TYPE_JOB_ROW (ofl_ui_job_row_get_type ())
G_DECLARE_FINAL_TYPE (OflUiJobRow, ofl_ui_job_row, OFL_UI, JOB_ROW, GtkListBoxRow)

GtkWidget *ofl_ui_job_row_new (OflUiSession *session);
OflUiSession *ofl_ui_job_row_get_session (OflUiJobRow *self);
void ofl_ui_job_row_refresh (OflUiJobRow *self);

G_END_DECLS
