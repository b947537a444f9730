/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass, or counted errors, as a line of blocks: pure text. */
#pragma once

#include "doctor/ofl-doctor.h"

G_BEGIN_DECLS

char *ofl_ctl_chart (GArray *stretches, guint32 blocks, guint columns, gboolean unicode);
char *ofl_ctl_chart_errors (GArray *errors, guint32 blocks, const char *kind, guint columns,
                            gboolean unicode);

G_END_DECLS
