/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ofl_linux_node_set_error (const char *node, int code, GError **error);
int ofl_linux_node_open (const char *node, int open_flags, guint busy_wait_ms, GError **error);

G_END_DECLS
