/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups of a drive that are more than its user wants to keep. */
#include "flash/ofl-backup.h"

#include <gio/gio.h>
#include <stdlib.h>

#include "flash/ofl-stored-backup.h"

/* In which the program was begun */
#define FIRST_YEAR 2026

/* What is being written at this moment may come from it. */
static gboolean
is_in_use (const OflStoredBackup *stored, const char *in_use)
{
  g_autofree char *folder = g_path_get_dirname (stored->manifest_path);
  g_autoptr (GFile) own = g_file_new_for_path (folder);
  g_autoptr (GFile) used = in_use != NULL ? g_file_parse_name (in_use) : NULL;

  return used != NULL && g_file_has_prefix (used, own);
}

/* Whether no link leads from @dir to it: through one it would be there twice, and deleting the one
 * would be deleting the other. */
static gboolean
is_once (const OflStoredBackup *stored, const char *dir)
{
  g_autofree char *folder = g_path_get_dirname (stored->manifest_path);
  g_autoptr (GFile) below = g_file_new_for_path (folder);
  g_autoptr (GFile) top = g_file_new_for_path (dir);
  g_autofree char *name = g_file_get_relative_path (top, below);
  char *real = realpath (folder, NULL);
  char *real_dir = realpath (dir, NULL);
  gboolean once = FALSE;

  if (name != NULL && real != NULL && real_dir != NULL)
    {
      g_autofree char *place = g_build_filename (real_dir, name, NULL);

      once = g_str_equal (place, real);
    }
  free (real);
  free (real_dir);
  return once;
}

/* Before there was this program the clock was wrong, as it is when its battery is empty: such a backup
 * has no place among the others, and is not the first. */
static gboolean
is_date_possible (const OflStoredBackup *stored)
{
  return g_date_time_get_year (stored->made) >= FIRST_YEAR;
}

/* Surely of this very drive, in a folder of its own, and whole: every file is what was stored. */
static gboolean
counts (const OflStoredBackup *stored, const char *dir, const OflSnapshot *drive)
{
  return stored->unreadable == NULL && !stored->evidence && stored->own_folder
         && is_date_possible (stored) && is_once (stored, dir)
         && ofl_stored_backup_owner (stored, drive) == OFL_BACKUP_OWNER_SAME
         && ofl_stored_backup_verify (stored, NULL);
}

static gboolean
is_manifest (const OflStoredBackup *stored, const char *manifest)
{
  g_autoptr (GFile) one = g_file_new_for_path (stored->manifest_path);
  g_autoptr (GFile) other = g_file_new_for_path (manifest);

  return g_file_equal (one, other);
}

/* Whether the clock has not been turned back, as far as the backups tell: none was made after @newest,
 * the last that was stored. Where it has, nobody knows which came first. */
static gboolean
are_in_order (const GPtrArray *all, const OflStoredBackup *newest)
{
  for (guint i = 0; i < all->len; i++)
    {
      const OflStoredBackup *stored = g_ptr_array_index (all, i);

      if (stored->made != NULL && g_date_time_compare (stored->made, newest->made) > 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * ofl_backup_prune:
 * @dir: folder for backups
 * @drive: a drive of which one was stored just now
 * @manifest: that one's manifest
 * @keep: how many of its backups to keep; 0: all
 * @in_use: (nullable): a file that is being written to a drive, for g_file_parse_name()
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * Deletes backups of @drive that are whole, older than the newest @keep and newer than the first,
 * which holds what the drive came with. What is damaged, what is evidence, what may be another
 * drive's, for want of a serial, and what is dated before there was this program, is neither counted nor
 * deleted; what a job or a drive in need may be mended with stays, too. Nothing is deleted when any backup says that it was made later than the one
 * stored just now: the clock was wrong once, or is now. Blocks: reads files.
 *
 * Returns: how many were deleted
 */
guint
ofl_backup_prune (const char *dir, const OflSnapshot *drive, const char *manifest, guint keep,
                  const char *in_use, const char *state_dir)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  guint n = 0;

  if (keep == 0)
    return 0;
  all = ofl_stored_backup_list (dir, NULL);
  for (guint i = 0; i < all->len; i++)
    if (counts (g_ptr_array_index (all, i), dir, drive))
      g_ptr_array_add (own, g_ptr_array_index (all, i));
  if (own->len == 0 || !is_manifest (g_ptr_array_index (own, 0), manifest)
      || !are_in_order (all, g_ptr_array_index (own, 0)))
    return 0;
  for (guint i = keep; i + 1 < own->len; i++)
    {
      const OflStoredBackup *stored = g_ptr_array_index (own, i);
      gboolean folder_stays;

      n += !is_in_use (stored, in_use)
           && ofl_stored_backup_delete (stored, dir, state_dir, &folder_stays, NULL);
    }
  return n;
}
