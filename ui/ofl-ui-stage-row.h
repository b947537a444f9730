/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-core.h"

G_BEGIN_DECLS

/* One stage of a job: its state, its bar and a sentence. */
#define OFL_UI_TYPE_STAGE_ROW (ofl_ui_stage_row_get_type ())
G_DECLARE_FINAL_TYPE (OflUiStageRow, ofl_ui_stage_row, OFL_UI, STAGE_ROW, GtkListBoxRow)

GtkWidget *ofl_ui_stage_row_new (OflStage stage);
void ofl_ui_stage_row_show (OflUiStageRow *self, const OflProgressView *view);

G_END_DECLS
