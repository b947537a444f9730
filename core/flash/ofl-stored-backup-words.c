/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a stored backup may go back to a drive: in words. */
#include <glib/gi18n-lib.h>

#include "flash/ofl-stored-backup.h"

/**
 * ofl_stored_backup_say_owner:
 * @self: a readable backup
 * @drive: a drive
 *
 * Returns: (transfer full): whose the backup is, seen from @drive: a sentence
 */
char *
ofl_stored_backup_say_owner (const OflStoredBackup *self, const OflSnapshot *drive)
{
  const OflIdentity *id = ofl_snapshot_identity (drive);
  const char *mark = ofl_snapshot_get_mark (drive);

  switch (ofl_stored_backup_owner (self, drive))
    {
    case OFL_BACKUP_OWNER_OTHER_SERIAL:
      return g_strdup_printf (
          _ ("The backup was made of another drive: that one has the serial %s, this "
             "one %s. What belongs to that drive alone, such as its calibration, may "
             "be in it."),
          self->serial, id->serial);
    case OFL_BACKUP_OWNER_OTHER_MARK:
      return g_strdup_printf (
          _ ("The backup was made of other hardware: that was “%s”, this is “%s”."), self->mark,
          mark != NULL ? mark : "");
    case OFL_BACKUP_OWNER_UNTOLD:
      return g_strdup (
          _ ("Whether the backup was made of this very drive cannot be told: there is no "
             "serial that tells it from another drive of its model."));
    case OFL_BACKUP_OWNER_OTHER_FAMILY:
      return g_strdup (_ ("The backup was made of a drive of another family."));
    case OFL_BACKUP_OWNER_SAME:
    default:
      return g_strdup (
          _ ("The backup was made of this very drive: serial and hardware are the same."));
    }
}

/* Of a drive whose firmware cannot be read, a backup holds only what belongs to it. Older manifests do
 * not tell it; of such a drive no firmware was ever stored. */
static gboolean
has_firmware (const OflStoredBackup *self, const OflSnapshot *drive)
{
  const OflStoredPart *first = ofl_stored_backup_get_part (self, 0);
  OflCaps caps = ofl_snapshot_get_caps (drive);

  return first->firmware
         && (first->kind_told
             || (caps & (OFL_CAP_READ | OFL_CAP_READ_EEPROM)) != OFL_CAP_READ_EEPROM);
}

/**
 * ofl_stored_backup_why_never:
 * @self: a readable backup
 * @drive: a drive
 * @practice: @drive is a practice drive
 * @next: (out) (not nullable) (transfer none): what to do instead, when it never is
 *
 * What nothing overrides: noise of a practice drive on a real one, another family, and what is no
 * firmware at all.
 *
 * Returns: (nullable) (transfer full): why it is never written to @drive, a sentence; %NULL when
 *   nothing is in the way but perhaps its owner
 */
char *
ofl_stored_backup_why_never (const OflStoredBackup *self, const OflSnapshot *drive,
                             gboolean practice, const char **next)
{
  *next = _ ("Nothing was written. Choose a backup of this drive.");
  if (self->practice && !practice)
    return g_strdup (_ ("The backup is that of a practice drive, which exists only in this "
                        "program. It is no firmware for a real drive."));
  if (ofl_stored_backup_owner (self, drive) == OFL_BACKUP_OWNER_OTHER_FAMILY)
    return ofl_stored_backup_say_owner (self, drive);
  if (has_firmware (self, drive))
    return NULL;
  *next = _ ("Nothing was written. To change the firmware, flash the maker's.");
  return g_strdup_printf (
      _ ("The backup holds no firmware, only what belongs to its drive alone (%s). No source that "
         "Optiflash rests on tells a way to write that, so none of it goes back."),
      ofl_stored_backup_get_part (self, 0)->name);
}

/**
 * ofl_stored_backup_say_evidence:
 *
 * Returns: why what was read of a damaged drive is never written, a sentence
 */
const char *
ofl_stored_backup_say_evidence (void)
{
  return _ ("This is no backup: it keeps, for study, what was read from a drive whose firmware was "
            "damaged. It is never written to a drive.");
}
