/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders and files for what must survive a power cut: backups and journals. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ofl_folder_make (const char *path, GError **error);
gboolean ofl_folder_try (const char *path, GError **error);
char *ofl_folder_nearest (const char *path);
gboolean ofl_folder_probe (const char *path, guint64 bytes, GError **error);
gboolean ofl_file_in_the_way (const char *path);
gboolean ofl_file_may_be_made (const char *path, gboolean overwrite, GError **error);
gboolean ofl_file_write (const char *path, const void *data, gsize length, int mode,
                         gboolean overwrite, GError **error);
void ofl_folder_sync (const char *path);

G_END_DECLS
