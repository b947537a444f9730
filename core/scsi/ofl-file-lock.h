/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int ofl_file_lock (const char *path, gboolean exclusive, gboolean create, guint wait_ms,
                   GCancellable *cancellable);

G_END_DECLS
