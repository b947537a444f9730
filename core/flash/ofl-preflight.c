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
