/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

/* One job as the window sees it: looked at 20 times a second, on the main loop. Signals:
 * "ticked": there may be new progress; "changed": it may no longer be cancelled, danger began or
 * ended, or it is finished. */
#define OFL_UI_TYPE_RUN (ofl_ui_run_get_type ())
G_DECLARE_FINAL_TYPE (OflUiRun, ofl_ui_run, OFL_UI, RUN, GObject)

OflUiRun *ofl_ui_run_new (OflJob *job, OflDrive *drive, const char *to_revision);
void ofl_ui_run_start (OflUiRun *self, OflDrive *drive);
void ofl_ui_run_cancel (OflUiRun *self);
OflJobKind ofl_ui_run_get_kind (OflUiRun *self);
const OflProgressView *ofl_ui_run_get_view (OflUiRun *self);
gboolean ofl_ui_run_is_cancelling (OflUiRun *self);
gboolean ofl_ui_run_is_finished (OflUiRun *self);
OflResult *ofl_ui_run_get_result (OflUiRun *self);
const GError *ofl_ui_run_get_error (OflUiRun *self);
OflVerdict ofl_ui_run_get_verdict (OflUiRun *self);
const char *ofl_ui_run_get_title (OflUiRun *self);
const char *ofl_ui_run_get_drive_name (OflUiRun *self);
const char *ofl_ui_run_get_drive_line (OflUiRun *self);
guint ofl_ui_run_get_percent (OflUiRun *self);
gboolean ofl_ui_run_tells_percent (OflUiRun *self);
const char *ofl_ui_run_get_stage_title (OflUiRun *self);
OflQuestion *ofl_ui_run_dup_question (OflUiRun *self);
gboolean ofl_ui_run_is_asking (OflUiRun *self);
void ofl_ui_run_answer (OflUiRun *self, guint number, gboolean yes);
GListModel *ofl_ui_run_get_log (OflUiRun *self);

gboolean ofl_ui_run_outlives_program (OflUiRun *self);
const char *ofl_ui_run_get_path (OflUiRun *self);
void ofl_ui_run_dismiss (OflUiRun *self);

G_END_DECLS
