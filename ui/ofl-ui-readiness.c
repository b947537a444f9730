/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be done with a drive now, and why not. */
#include "ofl-ui-readiness.h"
#include "ofl-ui-settings.h"
#include "ofl-ui-words.h"
#include "updater/ofl-updater-image.h"

#include <glib/gi18n.h>

static OflCaps
get_caps (OflUiSession *self)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self));

  return snapshot != NULL ? ofl_snapshot_get_caps (snapshot) : OFL_CAP_NONE;
}

/**
 * ofl_ui_session_needs_backup_consent:
 * @self: a session
 *
 * Returns: whether the drive can be written and not read, so that the user has to say in words
 *   that there will be no backup
 */
gboolean
ofl_ui_session_needs_backup_consent (OflUiSession *self)
{
  return (get_caps (self) & (OFL_CAP_WRITE | OFL_CAP_READ)) == OFL_CAP_WRITE;
}

/* An experimental read is off until the user switches it on among the expert choices. */
static gboolean
is_switched_off (OflUiSession *self)
{
  const OflFamily *family = ofl_ui_session_get_family (self);

  return family != NULL && (get_caps (self) & OFL_CAP_EXPERIMENTAL) != 0
         && g_strcmp0 (ofl_family_choice (family, ofl_ui_session_get_choices (self),
                                          OFL_UI_EXPERIMENTAL),
                       "yes")
                != 0;
}

static gboolean
could_backup (OflUiSession *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self);

  return ofl_ui_session_has_client (self) && ofl_ui_session_is_present (self)
         && !ofl_ui_session_is_held (self) && ofl_drive_get_ready (drive)
         && ofl_drive_get_access (drive) == OFL_ACCESS_USABLE
         && (get_caps (self) & (OFL_CAP_READ | OFL_CAP_READ_EEPROM)) != 0;
}

/**
 * ofl_ui_session_can_backup:
 * @self: a session
 *
 * Returns: whether a backup of the drive can be made now
 */
gboolean
ofl_ui_session_can_backup (OflUiSession *self)
{
  return could_backup (self) && !is_switched_off (self);
}

/**
 * ofl_ui_session_why_not_backup:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): what the user can do so that a backup can be made, a
 *   sentence; %NULL where there is nothing to do, or nothing that would help
 */
char *
ofl_ui_session_why_not_backup (OflUiSession *self)
{
  if (!could_backup (self) || !is_switched_off (self))
    return NULL;
  if (!ofl_ui_settings_value (ofl_ui_settings_get (), OFL_SETTING_EXPERIMENTAL))
    return g_strdup (
        _ ("Reading this drive is experimental, and experimental ways are not offered: "
           "the preferences say so."));
  return g_strdup (
      _ ("Reading this drive is experimental and off: switch on “Experimental reading” "
         "under “Expert choices” to back it up."));
}

/**
 * ofl_ui_session_dup_new_revision:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): the revision that the drive will have after flashing, where
 *   the image says so, or where the drive helps to find it in the image
 */
char *
ofl_ui_session_dup_new_revision (OflUiSession *self)
{
  OflImage *image = ofl_ui_session_get_image (self);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self));

  return image != NULL ? ofl_families_image_revision (snapshot, image) : NULL;
}

static char *
dup_unflashable (OflSnapshot *snapshot)
{
  const char *reason = snapshot != NULL ? ofl_snapshot_get_reason (snapshot) : NULL;

  return reason != NULL ? ofl_ui_words (reason) : g_strdup (_ ("This drive cannot be flashed."));
}

/**
 * ofl_ui_session_why_not_ask:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): why the drive cannot be asked anything now, a sentence; %NULL
 *   when it can
 */
char *
ofl_ui_session_why_not_ask (OflUiSession *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self);

  if (!ofl_ui_session_is_present (self))
    return g_strdup (_ ("The drive is unplugged."));
  if (ofl_drive_get_access (drive) != OFL_ACCESS_USABLE)
    return g_strdup (ofl_access_sentence (ofl_drive_get_access (drive)));
  if (!ofl_drive_get_ready (drive))
    return g_strdup (_ ("The drive is being looked at."));
  if (ofl_ui_session_get_phase (self) == OFL_UI_PHASE_RUNNING)
    return g_strdup (_ ("A job runs on this drive."));
  if (ofl_ui_session_is_held (self))
    return g_strdup (_ ("The drive is still being asked something."));
  return NULL;
}

/* Why no job can be begun with it. */
static char *
why_not_reach (OflUiSession *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self);
  char *reason = NULL;

  if (!ofl_ui_session_has_client (self))
    return g_strdup (_ ("Optiflash’s service is being started."));
  reason = ofl_ui_session_why_not_ask (self);
  if (reason != NULL)
    return reason;
  if (ofl_drive_get_error (drive) != NULL)
    return g_strdup (ofl_drive_get_error (drive)->message);
  return NULL;
}

static char *
why_not_drive (OflUiSession *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self);
  char *reason = why_not_reach (self);

  if (reason != NULL)
    return reason;
  if ((get_caps (self) & OFL_CAP_WRITE) == 0)
    return dup_unflashable (ofl_drive_get_snapshot (drive));
  return NULL;
}

static char *
dup_refusal (OflJudgement *judgement)
{
  const OflReason *worst = judgement != NULL ? ofl_judgement_get_worst (judgement) : NULL;
  g_autofree char *sentence = worst != NULL ? ofl_ui_words (worst->sentence) : NULL;

  if (worst == NULL)
    return g_strdup (_ ("This file is refused for this drive."));
  /* Translators: %s is a sentence that says why */
  return g_strdup_printf (_ ("Refused: %s"), sentence);
}

/* A backup goes to the drive that it was made of, and to no other; where nothing tells, the user has
 * to say so. */
static char *
why_not_owner (OflUiSession *self)
{
  const OflStoredBackup *backup = ofl_ui_session_get_backup (self);
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self));
  OflBackupOwner owner;
  const char *next;
  char *why_never;

  if (backup == NULL)
    return NULL;
  why_never
      = ofl_stored_backup_why_never (backup, snapshot, ofl_ui_session_is_practice (self), &next);
  if (why_never != NULL)
    return why_never;
  owner = ofl_stored_backup_owner (backup, snapshot);
  if (owner == OFL_BACKUP_OWNER_SAME)
    return NULL;
  if (owner != OFL_BACKUP_OWNER_UNTOLD)
    return ofl_stored_backup_say_owner (backup, snapshot);
  return ofl_ui_session_has_accepted_owner (self)
             ? NULL
             : g_strdup (_ ("Whose the backup is cannot be told: switch on “I understand” above."));
}

/* The job would refuse it, in the same words. */
static char *
why_not_checks (OflUiSession *self)
{
  const char *refusal = ofl_ui_session_get_refusal (self);

  return refusal != NULL ? ofl_ui_words (refusal) : NULL;
}

/**
 * ofl_ui_session_why_not_flash:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): why nothing can be flashed now, a sentence; %NULL when
 *   flashing may begin
 */
char *
ofl_ui_session_why_not_flash (OflUiSession *self)
{
  OflJudgement *judgement = ofl_ui_session_get_judgement (self);
  char *reason = why_not_drive (self);

  if (reason != NULL)
    return reason;
  if (ofl_ui_session_is_opening (self))
    return g_strdup (_ ("The file is being read."));
  if (ofl_ui_session_get_file_error (self) != NULL)
    return g_strdup (_ ("The file cannot be used."));
  if (ofl_ui_session_get_file (self) == NULL)
    return g_strdup (_ ("Choose a firmware file first."));
  if (ofl_ui_session_get_image (self) == NULL)
    return g_strdup (_ ("No firmware that Optiflash knows is in this file."));
  if (judgement == NULL || !ofl_judgement_allows (judgement, TRUE))
    return dup_refusal (judgement);
  reason = why_not_owner (self);
  if (reason != NULL)
    return reason;
  if (!ofl_judgement_allows (judgement, ofl_ui_session_has_accepted_warnings (self)))
    return g_strdup (_ ("Read the warnings above and switch on “I understand”."));
  if (ofl_ui_session_needs_backup_consent (self) && !ofl_ui_session_has_accepted_no_backup (self))
    return g_strdup (_ ("No backup can be made: switch on “I understand” above."));
  return why_not_checks (self);
}

/**
 * ofl_ui_session_is_unwritable:
 * @self: a session
 *
 * Returns: whether the drive is known, and no public way leads to a write of it
 */
gboolean
ofl_ui_session_is_unwritable (OflUiSession *self)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self));

  return snapshot != NULL && ofl_snapshot_get_state (snapshot) == OFL_DRIVE_STATE_NORMAL
         && (get_caps (self) & OFL_CAP_WRITE) == 0;
}

/**
 * ofl_ui_session_has_program:
 * @self: a session
 *
 * Returns: whether the file that is chosen is a program for Windows that cannot be flashed as a file
 */
gboolean
ofl_ui_session_has_program (OflUiSession *self)
{
  OflFirmware *firmware = ofl_ui_session_get_firmware (self);
  OflJudgement *judgement = ofl_ui_session_get_judgement (self);

  return firmware != NULL && ofl_ui_session_get_backup (self) == NULL
         && ofl_updater_is_program (firmware)
         && (ofl_ui_session_get_image (self) == NULL || judgement == NULL
             || !ofl_judgement_allows (judgement, TRUE) || ofl_ui_session_is_unwritable (self));
}

/**
 * ofl_ui_session_dup_program_image:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): the firmware for this drive in the maker's program that is chosen
 */
OflImage *
ofl_ui_session_dup_program_image (OflUiSession *self)
{
  OflFirmware *firmware = ofl_ui_program_get_firmware (ofl_ui_session_get_program (self));
  OflSnapshot *snapshot = ofl_drive_get_snapshot (ofl_ui_session_get_drive (self));

  if (firmware == NULL || snapshot == NULL)
    return NULL;
  return ofl_updater_find_image (firmware, snapshot, ofl_ui_session_get_choices (self));
}

/**
 * ofl_ui_session_why_not_program:
 * @self: a session
 *
 * Returns: (nullable) (transfer full): why the maker's program cannot be run now, a sentence; %NULL when it
 *   can
 */
char *
ofl_ui_session_why_not_program (OflUiSession *self)
{
  OflDrive *drive = ofl_ui_session_get_drive (self);
  OflDriveState state = ofl_drive_get_state (drive);
  char *reason = why_not_reach (self);

  if (reason != NULL)
    return reason;
  if (state != OFL_DRIVE_STATE_NORMAL && state != OFL_DRIVE_STATE_BOOT)
    return dup_unflashable (ofl_drive_get_snapshot (drive));
  if (ofl_ui_session_get_phase (self) != OFL_UI_PHASE_SETUP)
    return g_strdup (_ ("The end of a job is still shown: go back to the drive first."));
  return ofl_ui_program_why_not (ofl_ui_session_get_program (self));
}

/**
 * ofl_ui_session_why_not_flash_too:
 * @self: a session
 * @judgement: (nullable): how a file fits it that was chosen for another drive
 *
 * What needs somebody's word for this very drive is not done along with another one.
 *
 * Returns: (nullable) (transfer full): why it cannot be flashed beside the other drive, a sentence; %NULL
 *   when it can
 */
char *
ofl_ui_session_why_not_flash_too (OflUiSession *self, OflJudgement *judgement)
{
  char *reason = why_not_drive (self);

  if (reason != NULL)
    return reason;
  if (judgement == NULL || !ofl_judgement_allows (judgement, FALSE))
    return dup_refusal (judgement);
  if (ofl_ui_session_needs_backup_consent (self))
    return g_strdup (
        _ ("No backup of this drive can be made: choose the file for this drive alone, "
           "and agree to that there."));
  return why_not_checks (self);
}
