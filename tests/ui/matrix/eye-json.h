/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *eye_front (void);
gboolean eye_json_write (const char *path);

G_END_DECLS
