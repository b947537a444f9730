/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-settings.h"

struct _OflUiSettings {
  GObject parent_instance;

  guint values[OFL_N_SETTINGS];
};

G_DEFINE_FINAL_TYPE (OflUiSettings, ofl_ui_settings, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
ofl_ui_settings_class_init (OflUiSettingsClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OFL_UI_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ofl_ui_settings_init (OflUiSettings *self)
{
  for (OflSetting i = 0; i < OFL_N_SETTINGS; i++)
    self->values[i] = ofl_settings_get (i);
}

/**
 * ofl_ui_settings_get:
 *
 * Returns: (transfer none): the ones of this program
 */
OflUiSettings *
ofl_ui_settings_get (void)
{
  static OflUiSettings *only;

  if (only == NULL)
    only = g_object_new (OFL_UI_TYPE_SETTINGS, NULL);
  return only;
}

/**
 * ofl_ui_settings_value:
 * @self: the settings
 * @setting: which
 *
 * Returns: its value
 */
guint
ofl_ui_settings_value (OflUiSettings *self, OflSetting setting)
{
  return self->values[setting];
}

/**
 * ofl_ui_settings_override:
 * @self: the settings
 * @setting: which
 * @value: its value in this program, as an option of the command line says
 */
void
ofl_ui_settings_override (OflUiSettings *self, OflSetting setting, guint value)
{
  self->values[setting] = value;
}

/**
 * ofl_ui_settings_set:
 * @self: the settings
 * @setting: which
 * @value: its value
 * @error: return location
 *
 * It holds in this window even where it cannot be kept for the next; but not how many backups to
 * keep, for whoever runs the job reads that from the file.
 *
 * Returns: FALSE with a %G_FILE_ERROR when it is forgotten with this program, or was not changed
 */
gboolean
ofl_ui_settings_set (OflUiSettings *self, OflSetting setting, guint value, GError **error)
{
  gboolean kept;

  if (self->values[setting] == value)
    return TRUE;
  kept = ofl_settings_set (setting, value, error);
  if (kept || setting != OFL_SETTING_KEEP_BACKUPS)
    {
      self->values[setting] = value;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  return kept;
}
