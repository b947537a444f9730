/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ofl-ui-session-list.h"

G_BEGIN_DECLS

/* What is running, in one place: a bar below the window's pages that sums it up, and opens a list of the
 * jobs. It is there while a job runs that is not in sight, or has ended and nobody has seen how. Signal
 * "changed": ofl_ui_jobs_dup_title() may be another. */
#define OFL_UI_TYPE_JOBS (ofl_ui_jobs_get_type ())
G_DECLARE_FINAL_TYPE (OflUiJobs, ofl_ui_jobs, OFL_UI, JOBS, AdwBin)

void ofl_ui_jobs_set_sessions (OflUiJobs *self, OflUiSessionList *sessions);
void ofl_ui_jobs_set_shown (OflUiJobs *self, OflUiSession *session);
void ofl_ui_jobs_open (OflUiJobs *self);
char *ofl_ui_jobs_dup_title (OflUiJobs *self);

G_END_DECLS
