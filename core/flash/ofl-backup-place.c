/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a backup goes, and whether it can go there: asked before a drive is read for minutes. */
#include "flash/ofl-backup-place.h"

#include <gio/gio.h>

#include "flash/ofl-folder.h"
#include "flash/ofl-settings.h"
#include "flash/ofl-stored-backup.h"
#include "scsi/ofl-error.h"

/**
 * ofl_backup_usual_dir:
 *
 * Returns: (transfer full): where backups go when nobody has chosen a folder
 */
char *
ofl_backup_usual_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "optiflash", "backups", NULL);
}

/**
 * ofl_backup_default_dir:
 * @practice: for drives that exist only in this program
 *
 * Returns: (transfer full): the user's folder for backups: the one that was chosen, or the usual
 */
char *
ofl_backup_default_dir (gboolean practice)
{
  g_autofree char *chosen = ofl_settings_get_backup_dir ();
  g_autofree char *dir = chosen != NULL ? g_steal_pointer (&chosen) : ofl_backup_usual_dir ();

  return g_build_filename (dir, practice ? OFL_BACKUP_PRACTICE_DIR : NULL, NULL);
}

/**
 * ofl_backup_place_clear:
 * @self: a place
 */
void
ofl_backup_place_clear (OflBackupPlace *self)
{
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->file, g_free);
}

static void
append_safe (GString *name, const char *text)
{
  if (*text == '\0')
    return;
  if (name->len > 0)
    g_string_append_c (name, '_');
  for (const char *p = text; *p != '\0'; p++)
    g_string_append_c (name, g_ascii_isalnum (*p) || *p == '-' || *p == '.' ? *p : '-');
}

/**
 * ofl_backup_name:
 * @drive: a drive
 *
 * Returns: (transfer full): a name for a backup of it made now; it begins with a letter or a
 *   digit, so that no shell takes it for an option
 */
char *
ofl_backup_name (const OflSnapshot *drive)
{
  const OflIdentity *id = ofl_snapshot_identity (drive);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  GString *name = g_string_new (NULL);
  guint unfit = 0;

  append_safe (name, id->vendor);
  append_safe (name, id->product);
  append_safe (name, id->serial);
  append_safe (name, id->revision);
  append_safe (name, stamp);
  while (!g_ascii_isalnum (name->str[unfit]))
    unfit++;
  g_string_erase (name, 0, unfit);
  return g_string_free (name, FALSE);
}

/**
 * ofl_backup_companion:
 * @file: a backup's main file
 * @name: a part's name; %NULL: the manifest
 *
 * Returns: (transfer full): the file beside it
 */
char *
ofl_backup_companion (const char *file, const char *name)
{
  return name != NULL ? g_strconcat (file, ".", name, OFL_BACKUP_PART_END, NULL)
                      : g_strconcat (file, ".json", NULL);
}

/* A part of an earlier backup of the same name is in the way too, also one that the new backup
 * would not have: it would look like one of the new. */
static char *
find_part_in_the_way (const char *dir, const char *file)
{
  g_autofree char *base = g_path_get_basename (file);
  g_autofree char *begin = g_strconcat (base, ".", NULL);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_prefix (name, begin) && g_str_has_suffix (name, OFL_BACKUP_PART_END))
      return g_build_filename (dir, name, NULL);
  return NULL;
}

static gboolean
check_file (const OflBackupPlace *self, guint64 bytes, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (self->file);
  g_autofree char *manifest = ofl_backup_companion (self->file, NULL);
  g_autofree char *part = find_part_in_the_way (dir, self->file);

  return ofl_file_may_be_made (self->file, self->overwrite, error)
         && ofl_file_may_be_made (manifest, self->overwrite, error)
         && (part == NULL || ofl_file_may_be_made (part, self->overwrite, error))
         && ofl_folder_probe (dir, bytes, error);
}

/* It is made when there is something to put into it; until then what it will be made in counts. */
static gboolean
check_dir (const char *dir, guint64 bytes, GError **error)
{
  g_autofree char *at = ofl_folder_nearest (dir);

  return ofl_folder_probe (at, bytes, error);
}

/**
 * ofl_backup_place_check:
 * @self: a place
 * @bytes: how much is to be stored, as far as it is known
 * @error: return location
 *
 * Whether a backup can be stored there: nothing that must not be replaced is in the way, and the
 * folder, or the one in which @dir would be made, can be written and has room.
 *
 * Returns: %FALSE with %OFL_ERROR_EXISTS or %OFL_ERROR_STORAGE
 */
gboolean
ofl_backup_place_check (const OflBackupPlace *self, guint64 bytes, GError **error)
{
  if (self->file != NULL)
    return check_file (self, bytes, error);
  return check_dir (self->dir, bytes, error);
}

/**
 * ofl_backup_copy:
 * @stored: the main file of a backup that has a folder of its own
 * @to: a place with a file
 * @error: return location
 *
 * Copies it with all its parts and its manifest, as ofl_backup_store() would have stored them there.
 *
 * Returns: (transfer full): the new main file, or %NULL with the error of
 *   ofl_stored_backup_export()
 */
char *
ofl_backup_copy (const char *stored, const OflBackupPlace *to, GError **error)
{
  g_autoptr (OflStoredBackup) backup = ofl_stored_backup_open (stored);

  return ofl_stored_backup_export (backup, to, error);
}
