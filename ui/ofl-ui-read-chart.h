/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "doctor/ofl-doctor.h"

G_BEGIN_DECLS

gboolean ofl_ui_read_chart_has_data (const OflExamination *found);
char *ofl_ui_read_chart_describe (const OflExamination *found);
GtkWidget *ofl_ui_read_chart_new (const OflExamination *found);

G_END_DECLS
