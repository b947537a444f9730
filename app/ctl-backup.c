/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where optiflashctl backup puts what it reads, and backups --export what it copies: settled before the
 * drive is asked anything. */
#include "ctl-output.h"

#include <glib/gi18n.h>

#include "flash/ofl-backup-place.h"
#include "flash/ofl-folder.h"
#include "scsi/ofl-error.h"

static gboolean
names_folder (const char *path)
{
  return g_str_has_suffix (path, G_DIR_SEPARATOR_S) || g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
check (OflCtl *ctl, const char *path, GError **error)
{
  OflBackupPlace place = { .overwrite = ctl->overwrite };
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  if (names_folder (path))
    return ofl_folder_probe (absolute, 0, error);
  place.file = absolute;
  return ofl_backup_place_check (&place, 0, error);
}

/**
 * ofl_ctl_check_backup_file:
 * @ctl: the command line; --overwrite counts
 * @path: the file, or the folder, that was named
 * @exit_status: (out): what to end with when it will not do
 *
 * Whether a backup can be stored there. Nothing that is there is replaced without --overwrite.
 *
 * Returns: %FALSE when it cannot, and says why
 */
gboolean
ofl_ctl_check_backup_file (OflCtl *ctl, const char *path, int *exit_status)
{
  g_autoptr (GError) error = NULL;

  if (check (ctl, path, &error))
    return TRUE;
  if (g_error_matches (error, OFL_ERROR, OFL_ERROR_EXISTS))
    *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message,
                                 _ ("Choose another file, or say --overwrite."));
  else
    *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message,
                                 _ ("Nothing was read or written. Name a folder that is there and "
                                    "that you may write to."));
  return FALSE;
}

/**
 * ofl_ctl_name_backup_file:
 * @path: what was named and has been checked
 * @name: a name that says whose backup it is, and from when
 *
 * Returns: (transfer full): the file, absolute; in a folder that was named, one of that name
 */
char *
ofl_ctl_name_backup_file (const char *path, const char *name)
{
  g_autofree char *file = NULL;

  if (!names_folder (path))
    return g_canonicalize_filename (path, NULL);
  file = g_strconcat (path, G_DIR_SEPARATOR_S, name, ".bin", NULL);
  return g_canonicalize_filename (file, NULL);
}
