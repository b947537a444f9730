/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a write before anybody is asked to agree to it. */
#include "flash/ofl-preflight.h"

#include <glib/gi18n-lib.h>

/**
 * ofl_preflight_may_read:
 * @drive: a drive
 * @choices: (nullable): what the user chose
 * @what: %OFL_CAP_READ, %OFL_CAP_READ_EEPROM or both
 *
 * Returns: whether one of them can be read; an experimental read is off until the user switches
 *   it on
 */
gboolean
ofl_preflight_may_read (const OflSnapshot *drive, const OflChoices *choices, OflCaps what)
{
  OflCaps caps = ofl_snapshot_get_caps (drive);
  const char *id = ofl_snapshot_get_family (drive);
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;

  if (family == NULL || (caps & what) == 0)
    return FALSE;
  return (caps & OFL_CAP_EXPERIMENTAL) == 0
         || g_str_equal (ofl_family_choice (family, choices, "experimental"), "yes");
}

/**
 * ofl_preflight_backup:
 * @drive: a drive
 * @choices: (nullable): what the user chose
 *
 * Returns: what will be stored before a write
 */
OflBackupOutlook
ofl_preflight_backup (const OflSnapshot *drive, const OflChoices *choices)
{
  OflCaps caps = ofl_snapshot_get_caps (drive);

  if (ofl_preflight_may_read (drive, choices, OFL_CAP_READ))
    return OFL_BACKUP_FULL;
  if (ofl_preflight_may_read (drive, choices, OFL_CAP_READ_EEPROM))
    return OFL_BACKUP_UNIT_ONLY;
  return (caps & (OFL_CAP_READ | OFL_CAP_READ_EEPROM)) != 0 ? OFL_BACKUP_OFF : OFL_BACKUP_NONE;
}

/**
 * ofl_preflight_backup_sentence:
 * @outlook: what will be stored
 *
 * Returns: the same in words
 */
const char *
ofl_preflight_backup_sentence (OflBackupOutlook outlook)
{
  switch (outlook)
    {
    case OFL_BACKUP_FULL:
      return _ ("Before anything is written the drive's firmware is read twice, compared and "
                "stored.");
    case OFL_BACKUP_UNIT_ONLY:
      return _ (
          "No backup of the firmware can be made: it cannot be read. Only what belongs to this "
          "very drive is read and stored.");
    case OFL_BACKUP_OFF:
      return _ ("No backup is made: reading this drive is experimental and switched off.");
    case OFL_BACKUP_NONE:
    default:
      return _ ("No backup can be made: no way to read this drive's firmware is public.");
    }
}

/**
 * ofl_preflight_no_backup_meaning:
 *
 * Returns: what it means to go on without a backup of the firmware
 */
const char *
ofl_preflight_no_backup_meaning (void)
{
  return _ ("What the drive holds now is lost once it is written over. If the write fails, only a "
            "file from elsewhere can mend the drive, if anything can.");
}

/* Of which drives nothing is asked about discs. */
static gboolean
asks_no_readiness (const OflSnapshot *drive, gboolean accept_warnings)
{
  return ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT
         || ((ofl_snapshot_get_caps (drive) & OFL_CAP_EXPERT) != 0 && accept_warnings);
}

/**
 * ofl_preflight_bars_getting_ready:
 * @drive: a drive
 * @accept_warnings: the user has overridden soft refusals
 *
 * Returns: whether the write will be refused because the drive is still getting ready, so that
 *   nobody knows whether a disc is in it
 */
gboolean
ofl_preflight_bars_getting_ready (const OflSnapshot *drive, gboolean accept_warnings)
{
  return ofl_snapshot_identity (drive)->getting_ready
         && !asks_no_readiness (drive, accept_warnings);
}

/**
 * ofl_preflight_bars_medium:
 * @drive: a drive
 * @accept_warnings: the user has overridden soft refusals
 *
 * Whether a disc in the drive keeps it from being written. The standard's way knows no gate against
 * discs (scsi 1.1), and a device that is no optical drive always has its medium: who accepts
 * that family's warnings accepts this one. A boot code need not know what a disc is; what may be
 * asked of it is the family's to plan.
 *
 * Returns: whether the write will be refused because of it
 */
gboolean
ofl_preflight_bars_medium (const OflSnapshot *drive, gboolean accept_warnings)
{
  return ofl_snapshot_identity (drive)->medium && !asks_no_readiness (drive, accept_warnings);
}
