/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key file, and not GSettings: the service and the command line need what is in it, too. A schema
 * that is not installed ends the program that asks for it, and the service, which the bus starts
 * without the environment of a build folder, must not end while it writes a drive. */
#include "flash/ofl-settings.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>

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
  [OFL_SETTING_SOUND] = { "sound", 1, 1 },
};

static char *held_backup_dir;
static GError *held_error;
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

/* What could be read of it, which is nothing where there is none. With an error it is not the whole, and
 * writing it would take the rest away. What GLib says stays English, as in the log. */
static GKeyFile *
load (GError **error)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *path = ofl_settings_path ();
  g_autoptr (GError) local = NULL;
  gpointer before = ofl_english_begin ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                             &local);
  ofl_english_end (before);
  if (local != NULL && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The settings in %s cannot be read: %s."), path,
                   local->message);
  return file;
}

/* A link leads to where somebody keeps the file: it is that file that is replaced. */
static char *
resolve (const char *path)
{
  GStatBuf st;
  char *real, *copy;

  if (g_lstat (path, &st) != 0 || !S_ISLNK (st.st_mode))
    return g_strdup (path);
  real = realpath (path, NULL);
  copy = g_strdup (real);
  free (real);
  return copy;
}

static gboolean
save (GKeyFile *file, GError **error)
{
  g_autofree char *path = ofl_settings_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  g_autofree char *real = resolve (path);
  int code = errno;

  if (real == NULL)
    {
      ofl_set_error (error, OFL_ERROR_STORAGE, _ ("%s cannot be written: %s."), path,
                     ofl_errno_words (code));
      return FALSE;
    }
  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents (real, text, -1, error);
}

/* To be changed; NULL when a change would lose something. */
static GKeyFile *
load_whole (GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GKeyFile) file = load (&local);

  if (local == NULL)
    return g_steal_pointer (&file);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
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
  g_autoptr (GKeyFile) file = load (NULL);
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
 * Returns: FALSE with %OFL_ERROR_STORAGE when the file is there and cannot be read or is damaged, or
 *   with a %G_FILE_ERROR; then it is as before
 */
gboolean
ofl_settings_set (OflSetting setting, guint value, GError **error)
{
  g_autoptr (GKeyFile) file = load_whole (error);

  if (file == NULL)
    return FALSE;
  g_key_file_set_uint64 (file, GROUP, settings[setting].key, value);
  return save (file, error);
}

static char *
read_backup_dir (GError **error)
{
  g_autoptr (GKeyFile) file = load (error);
  g_autofree char *dir = g_key_file_get_string (file, GROUP, BACKUP_DIR, NULL);

  return dir != NULL && g_path_is_absolute (dir) ? g_steal_pointer (&dir) : NULL;
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
  return read_backup_dir (NULL);
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
 * Returns: FALSE with the error of ofl_settings_set(), or %OFL_ERROR_FAILED for a path that cannot be
 *   kept
 */
gboolean
ofl_settings_set_backup_dir (const char *dir, GError **error)
{
  g_autoptr (GKeyFile) file = NULL;

  if (dir != NULL && (!g_path_is_absolute (dir) || !g_utf8_validate (dir, -1, NULL)))
    {
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("“%s” cannot be the folder for backups: it is no absolute path in UTF-8."),
                     dir);
      return FALSE;
    }
  file = load_whole (error);
  if (file == NULL)
    return FALSE;
  if (dir != NULL)
    g_key_file_set_string (file, GROUP, BACKUP_DIR, dir);
  else
    g_key_file_remove_key (file, GROUP, BACKUP_DIR, NULL);
  return save (file, error);
}

/**
 * ofl_settings_check_backup_dir:
 * @error: return location
 *
 * Whether ofl_settings_get_backup_dir() is surely what was chosen.
 *
 * Returns: FALSE with %OFL_ERROR_STORAGE when the file was there, and could not be read or was damaged
 */
gboolean
ofl_settings_check_backup_dir (GError **error)
{
  g_autoptr (GError) local = held && held_error != NULL ? g_error_copy (held_error) : NULL;

  if (!held)
    g_free (read_backup_dir (&local));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
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
  g_clear_error (&held_error);
  g_free (held_backup_dir);
  held_backup_dir = read_backup_dir (&held_error);
  held = TRUE;
}
