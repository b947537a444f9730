/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service gives up before it talks to anybody. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ofl_daemon_limit_myself (const char *const *writable);

G_END_DECLS
