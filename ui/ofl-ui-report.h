/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-ui-run.h"

G_BEGIN_DECLS

char *ofl_ui_report_new (OflUiRun *run);

G_END_DECLS
