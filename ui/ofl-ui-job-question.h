/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ofl-ui-run.h"

G_BEGIN_DECLS

/* What a job asks, on its page: no dialog that could be closed without an answer, and there for every window
 * that comes later. Out of sight while nothing is asked. Signal "answered": a button was pressed, and is about
 * to be shut. */
#define OFL_UI_TYPE_JOB_QUESTION (ofl_ui_job_question_get_type ())
G_DECLARE_FINAL_TYPE (OflUiJobQuestion, ofl_ui_job_question, OFL_UI, JOB_QUESTION, GtkBox)

gboolean ofl_ui_job_question_show (OflUiJobQuestion *self, OflUiRun *run, gboolean take_focus);

G_END_DECLS
