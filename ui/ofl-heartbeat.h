/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ofl_heartbeat_start (void);
void ofl_heartbeat_stop (void);

G_END_DECLS
