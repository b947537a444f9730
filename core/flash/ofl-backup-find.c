/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups that are stored already: which one is this drive's. */
#include "flash/ofl-backup.h"

#include "flash/ofl-stored-backup.h"

/* The serial decides; where a boot code does not tell it, the place where the drive is plugged in
 * is not known to be the same, so two drives of one kind cannot be told apart. */
static gboolean
is_of_drive (const OflStoredBackup *stored, const OflSnapshot *drive)
{
  const char *serial = ofl_snapshot_identity (drive)->serial;
  const char *mark = ofl_snapshot_get_mark (drive);

  if (stored->unreadable != NULL || stored->evidence
      || !g_file_test (stored->path, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  switch (ofl_stored_backup_owner (stored, drive))
    {
    case OFL_BACKUP_OWNER_SAME:
      return TRUE;
    case OFL_BACKUP_OWNER_UNTOLD:
      return *stored->mark != '\0' && mark != NULL && *mark != '\0'
             && (*serial == '\0' || g_str_equal (stored->serial, serial));
    case OFL_BACKUP_OWNER_OTHER_SERIAL:
    case OFL_BACKUP_OWNER_OTHER_MARK:
    case OFL_BACKUP_OWNER_OTHER_FAMILY:
    default:
      return FALSE;
    }
}

static void
look_into (const char *folder, const OflSnapshot *drive, OflStoredBackup **best,
           gboolean *ambiguous)
{
  g_autofree char *manifest = g_build_filename (folder, OFL_BACKUP_MANIFEST, NULL);
  g_autoptr (OflStoredBackup) stored = ofl_stored_backup_load (manifest);

  if (!is_of_drive (stored, drive))
    return;
  if (*best != NULL && !g_str_equal ((*best)->serial, stored->serial))
    *ambiguous = TRUE; /* two drives' backups fit */
  if (*best != NULL && g_date_time_compare ((*best)->made, stored->made) >= 0)
    return;
  g_clear_pointer (best, ofl_stored_backup_free);
  *best = g_steal_pointer (&stored);
}

/**
 * ofl_backup_find:
 * @dir: folder for backups
 * @drive: a drive, as it answers now, perhaps from its boot code
 *
 * Looks for a backup with the family, serial and hardware mark of @drive. Where the drive does not
 * tell its serial now, the backups must all be of one drive. Blocks: reads files.
 *
 * Returns: (transfer full) (nullable): path of the newest one's firmware
 */
char *
ofl_backup_find (const char *dir, const OflSnapshot *drive)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  g_autoptr (OflStoredBackup) best = NULL;
  gboolean ambiguous = FALSE;
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *folder = g_build_filename (dir, name, NULL);

      look_into (folder, drive, &best, &ambiguous);
    }
  return best != NULL && !ambiguous ? g_strdup (best->path) : NULL;
}
