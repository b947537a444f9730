/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-progress.h"

G_BEGIN_DECLS

double ofl_progress_sum_stage (const OflStageView *view);
double ofl_progress_sum_whole (const OflProgressView *view);
double ofl_progress_sum_rate (const OflStageView *stage);
gint64 ofl_progress_sum_left (const OflProgressView *view);
gint64 ofl_progress_sum_silence (const OflProgressView *view);

G_END_DECLS
