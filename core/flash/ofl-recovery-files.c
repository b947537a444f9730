/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could mend a drive, as it is on the disk: the image that was being written, and the drive's
 * backup. Neither is taken for what it is not: the image must have the journal's SHA-256, every file of
 * the backup that of its manifest. */
#include "flash/ofl-recovery.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "flash/ofl-backup.h"
#include "flash/ofl-stored-backup.h"
#include "scsi/ofl-error.h"

/**
 * ofl_recovery_file_clear:
 * @file: a file that was looked for
 */
void
ofl_recovery_file_clear (OflRecoveryFile *file)
{
  g_clear_pointer (&file->path, g_free);
  g_clear_pointer (&file->image, ofl_image_unref);
  g_clear_pointer (&file->problem, g_free);
}

static const char *
family_of (const OflRecoveryCase *about)
{
  return about->drive != NULL ? ofl_snapshot_get_family (about->drive) : NULL;
}

static gboolean
is_meant (const OflRecoveryCase *about, OflImage *image)
{
  return g_str_equal (ofl_image_get_hashes (image)->sha256, about->job->image_sha256);
}

/* The image that the job was for; as when it was begun, it may be all of a file that nothing
 * recognises. */
static OflImage *
pick_image (const OflRecoveryCase *about, OflFirmware *firmware)
{
  g_autoptr (OflImage) raw = NULL;

  for (guint i = 0; i < ofl_firmware_get_n_images (firmware); i++)
    {
      OflImage *image = ofl_firmware_get_image (firmware, i);

      if (is_meant (about, image))
        return ofl_families_assume_image (about->family, image);
    }
  if (ofl_firmware_get_n_images (firmware) == 0)
    raw = ofl_families_raw_image (family_of (about), ofl_firmware_get_bytes (firmware));
  return raw != NULL && is_meant (about, raw) ? g_steal_pointer (&raw) : NULL;
}

static GFile *
file_at (const char *location)
{
  return *location != '\0' ? g_file_parse_name (location) : NULL;
}

/**
 * ofl_recovery_find_image:
 * @about: a drive and its job
 * @file: (out caller-allocates): the image that was being written
 *
 * Looks where the journal says that it was read from. Another file that stands there now is not
 * taken. Blocks.
 */
void
ofl_recovery_find_image (const OflRecoveryCase *about, OflRecoveryFile *file)
{
  g_autoptr (GFile) place = about->job != NULL ? file_at (about->job->image_file) : NULL;
  g_autoptr (GFile) other = place != NULL ? file_at (about->job->image_with) : NULL;
  g_autoptr (OflFirmware) firmware = NULL;
  g_autoptr (GError) error = NULL;

  *file = (OflRecoveryFile){ .path = g_strdup (place != NULL ? about->job->image_file : "") };
  if (place == NULL || *about->job->image_sha256 == '\0')
    {
      file->problem = g_strdup (_ ("Where the file is that was being written is not known."));
      return;
    }
  if (!g_file_query_exists (place, NULL))
    {
      file->problem = g_strdup (_ ("The file that was being written is not there any more."));
      return;
    }
  firmware = ofl_families_open_with (place, other, NULL, &error);
  if (firmware != NULL)
    file->image = pick_image (about, firmware);
  if (firmware == NULL)
    file->problem = g_strdup (error->message);
  else if (file->image == NULL)
    file->problem
        = g_strdup_printf (_ ("%s is not the file any more that was being written: nothing in it "
                              "has the SHA-256 that the journal tells."),
                           file->path);
}

/* The serial decides. Where a boot code tells none, only the backup that the job itself made, of the
 * hardware that answers now. */
static gboolean
is_own (const OflRecoveryCase *about, const OflStoredBackup *backup, const char *path)
{
  const char *mark = ofl_snapshot_get_mark (about->drive);

  switch (ofl_stored_backup_owner (backup, about->drive))
    {
    case OFL_BACKUP_OWNER_SAME:
      return TRUE;
    case OFL_BACKUP_OWNER_UNTOLD:
      return about->job != NULL && g_str_equal (about->job->backup_path, path)
             && *backup->mark != '\0' && mark != NULL && *mark != '\0';
    case OFL_BACKUP_OWNER_OTHER_SERIAL:
    case OFL_BACKUP_OWNER_OTHER_MARK:
    case OFL_BACKUP_OWNER_OTHER_FAMILY:
    default:
      return FALSE;
    }
}

static char *
find_problem (const OflRecoveryCase *about, const OflStoredBackup *backup)
{
  const OflFamily *family = ofl_families_find (family_of (about));
  OflBackupOwner owner;
  const char *next;
  g_autoptr (GError) error = NULL;

  if (backup->unreadable == NULL && backup->evidence)
    return g_strdup (ofl_stored_backup_say_evidence ());
  if (!ofl_stored_backup_verify (backup, &error))
    return g_strdup (error->message);
  owner = ofl_stored_backup_owner (backup, about->drive);
  if (owner == OFL_BACKUP_OWNER_OTHER_SERIAL || owner == OFL_BACKUP_OWNER_OTHER_MARK)
    return ofl_stored_backup_say_owner (backup, about->drive);
  if (backup->practice != about->practice)
    return g_strdup (_ ("The backup was made of another drive."));
  if (family != NULL && ofl_family_keeps_backups (family))
    return g_strdup (_ ("What is read from such a drive cannot be written to it again: it takes "
                        "the maker's files only."));
  return ofl_stored_backup_why_never (backup, about->drive, about->practice, &next);
}

/* What would be written of it, from the very bytes that were held against the manifest. */
static OflImage *
backup_image (const OflRecoveryCase *about, const OflStoredBackup *backup, GError **error)
{
  g_autoptr (GBytes) bytes = ofl_stored_backup_read (backup, 0, error);
  g_autoptr (OflFirmware) firmware = NULL;
  int index;

  if (bytes == NULL)
    return NULL;
  firmware = ofl_firmware_new_from_bytes (backup->name, bytes);
  if (!ofl_families_recognise (firmware, error))
    return NULL;
  index = ofl_families_choose_image (about->drive, firmware, about->choices);
  if (index >= 0)
    return ofl_image_ref (ofl_firmware_get_image (firmware, (guint) index));
  ofl_set_error (error, OFL_ERROR_WRONG_IMAGE,
                 _ ("The backup holds nothing that this drive takes for its firmware."));
  return NULL;
}

/* What @path holds, which is taken. */
static void
look_at_backup (const OflRecoveryCase *about, char *path, OflRecoveryFile *file)
{
  g_autoptr (OflStoredBackup) backup = NULL;
  g_autoptr (GError) error = NULL;

  *file = (OflRecoveryFile){ .path = path };
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      file->problem = g_strdup (_ ("The backup that was made of it is not there any more."));
      return;
    }
  backup = ofl_stored_backup_open (path);
  file->problem = find_problem (about, backup);
  if (file->problem != NULL)
    return;
  file->own = is_own (about, backup, path);
  file->image = backup_image (about, backup, &error);
  if (file->image == NULL)
    file->problem = g_strdup (error->message);
}

/**
 * ofl_recovery_find_backup:
 * @about: a drive that answers, and perhaps its job
 * @file: (out caller-allocates): the backup that the job made of it, or where that cannot be used the
 *   newest that is this drive's
 *
 * Holds every file of it against its manifest. Blocks.
 */
void
ofl_recovery_find_backup (const OflRecoveryCase *about, OflRecoveryFile *file)
{
  const char *named = about->job != NULL ? about->job->backup_path : "";
  g_auto (OflRecoveryFile) other = { 0 };
  char *found;

  if (*named != '\0')
    look_at_backup (about, g_strdup (named), file);
  else
    *file = (OflRecoveryFile){ .path = g_strdup (""),
                               .problem = g_strdup (_ ("No backup of this drive is known.")) };
  if (file->image != NULL || about->backup_dir == NULL)
    return;
  found = ofl_backup_find (about->backup_dir, about->drive);
  if (found == NULL)
    return;
  look_at_backup (about, found, &other);
  if (*named == '\0' || other.image != NULL)
    {
      OflRecoveryFile first = *file;

      *file = other;
      other = first;
    }
}
