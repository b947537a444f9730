/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "flash/ofl-settings.h"

G_BEGIN_DECLS

/* What the user prefers, for who has to follow at once. Signal "changed": any of it. */
#define OFL_UI_TYPE_SETTINGS (ofl_ui_settings_get_type ())
G_DECLARE_FINAL_TYPE (OflUiSettings, ofl_ui_settings, OFL_UI, SETTINGS, GObject)

OflUiSettings *ofl_ui_settings_get (void);
guint ofl_ui_settings_value (OflUiSettings *self, OflSetting setting);
void ofl_ui_settings_override (OflUiSettings *self, OflSetting setting, guint value);
void ofl_ui_settings_set (OflUiSettings *self, OflSetting setting, guint value,
                          GAsyncReadyCallback callback, gpointer data);
void ofl_ui_settings_set_backup_dir (OflUiSettings *self, const char *dir,
                                     GAsyncReadyCallback callback, gpointer data);
gboolean ofl_ui_settings_set_finish (OflUiSettings *self, GAsyncResult *result, GError **error);
void ofl_ui_settings_finish_all (OflUiSettings *self);

G_END_DECLS
