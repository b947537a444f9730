/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key file, and not GSettings: the service and the command line need what is in it, too. A schema
 * that is not installed ends the program that asks for it, and the service, which the bus starts
 * without the environment of a build folder, must not end while it writes a drive. */
#include "flash/ofl-settings.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "scsi/ofl-error.h"

#define GROUP "optiflash"
#define BACKUP_DIR "backup-folder"

static const struct {
  const char *key;
  guint usual, most;
} settings[OFL_N_SETTINGS] = {
  [OFL_SETTING_PRACTICE] = { "practice-drives", 0, 1 },
  [OFL_SETTING_EXPERIMENTAL] = { "experimental", 1, 1 },
  [OFL_SETTING_KEEP_BACKUPS] = { "keep-backups", 0, 1000 },
  [OFL_SETTING_LOG_LEVEL] = { "log-level", 0, 3 },
};

static char *held_backup_dir;
static gboolean held;

/**
 * ofl_settings_path:
 *
 * Returns: (transfer full): the file they are in; it need not exist
 */
char *
ofl_settings_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "optiflash", "settings.ini", NULL);
}

static GKeyFile *
load (void)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *path = ofl_settings_path ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                             NULL);
  return file;
}

static gboolean
save (GKeyFile *file, GError **error)
{
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);

  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents (path, text, -1, error);
}

/**
 * ofl_settings_get:
 * @setting: which
 *
 * Returns: its value; the usual one where none is set, or one that makes no sense
 */
guint
ofl_settings_get (OflSetting setting)
{
  g_autoptr (GKeyFile) file = load ();
  g_autoptr (GError) error = NULL;
  guint64 value = g_key_file_get_uint64 (file, GROUP, settings[setting].key, &error);

  return error == NULL && value <= settings[setting].most ? (guint) value : settings[setting].usual;
}

/**
 * ofl_settings_set:
 * @setting: which
 * @value: its value
 * @error: return location
 *
 * Returns: FALSE with a %G_FILE_ERROR; then it is as before
 */
gboolean
ofl_settings_set (OflSetting setting, guint value, GError **error)
{
  g_autoptr (GKeyFile) file = load ();

  g_key_file_set_uint64 (file, GROUP, settings[setting].key, value);
  return save (file, error);
}

/**
 * ofl_settings_read_backup_dir:
 *
 * Returns: (transfer full) (nullable): the folder for backups that is chosen now, also where this
 *   process stays with another one; %NULL: the usual one
 */
char *
ofl_settings_read_backup_dir (void)
{
  g_autoptr (GKeyFile) file = load ();
  g_autofree char *dir = g_key_file_get_string (file, GROUP, BACKUP_DIR, NULL);

  return dir != NULL && g_path_is_absolute (dir) ? g_steal_pointer (&dir) : NULL;
}

/**
 * ofl_settings_get_backup_dir:
 *
 * Returns: (transfer full) (nullable): the folder for backups that this process uses; %NULL: the
 *   usual one
 */
char *
ofl_settings_get_backup_dir (void)
{
  return held ? g_strdup (held_backup_dir) : ofl_settings_read_backup_dir ();
}

/**
 * ofl_settings_set_backup_dir:
 * @dir: (nullable): an absolute path; %NULL: the usual folder
 * @error: return location
 *
 * What is in the former folder stays there.
 *
 * Returns: FALSE with a %G_FILE_ERROR, or %OFL_ERROR_FAILED for a path that cannot be kept
 */
gboolean
ofl_settings_set_backup_dir (const char *dir, GError **error)
{
  g_autoptr (GKeyFile) file = load ();

  if (dir != NULL && (!g_path_is_absolute (dir) || !g_utf8_validate (dir, -1, NULL)))
    {
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("“%s” cannot be the folder for backups: it is no absolute path in UTF-8."),
                     dir);
      return FALSE;
    }
  if (dir != NULL)
    g_key_file_set_string (file, GROUP, BACKUP_DIR, dir);
  else
    g_key_file_remove_key (file, GROUP, BACKUP_DIR, NULL);
  return save (file, error);
}

/**
 * ofl_settings_hold_backup_dir:
 *
 * From now on this process has the folder for backups that is set now: a service that may write
 * nowhere else stays with it until it ends.
 */
void
ofl_settings_hold_backup_dir (void)
{
  held_backup_dir = ofl_settings_read_backup_dir ();
  held = TRUE;
}
