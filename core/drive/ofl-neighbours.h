/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other optical drives of this computer. */
#pragma once

#include "drive/ofl-target.h"

G_BEGIN_DECLS

GPtrArray *ofl_neighbours_list (const OflTarget *target, const char *sys);

G_END_DECLS
