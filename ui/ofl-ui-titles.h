/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-jobs.h"

G_BEGIN_DECLS

void ofl_ui_titles_show (AdwWindowTitle *title, OflUiSession *session);
void ofl_ui_titles_show_window (GtkWindow *window, AdwWindowTitle *drive, OflUiJobs *jobs);

G_END_DECLS
