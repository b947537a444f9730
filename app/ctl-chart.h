/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A read pass as a line of blocks: pure text. */
#pragma once

#include "doctor/ofl-doctor.h"

G_BEGIN_DECLS

char *ofl_ctl_chart (GArray *stretches, guint32 blocks, guint columns, gboolean unicode);

G_END_DECLS
