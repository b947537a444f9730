/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl restore: a drive's own backup goes back, by the way of every write. What is asked here
 * besides is whose backup it is. */
#include "ctl-run.h"

#include <glib/gi18n.h>

#include "ctl-backups.h"
#include "ctl-output.h"
#include "flash/ofl-backup.h"

/* Only what is whole, readable and no evidence goes on; the drive need not be there for that. */
static gboolean
check_backup (OflCtl *ctl, const OflStoredBackup *backup, int *exit_status)
{
  g_autoptr (GError) error = NULL;

  if (backup->unreadable == NULL && backup->evidence)
    *exit_status = ofl_ctl_fail (
        ctl, OFL_EXIT_REFUSED, ofl_stored_backup_say_evidence (),
        _ ("Choose a backup that was made while the drive was well; “optiflashctl backups” lists what "
           "there is. Or flash the maker's firmware."));
  else if (ofl_stored_backup_verify (backup, &error))
    return TRUE;
  else if (backup->unreadable != NULL)
    *exit_status
        = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, error->message,
                        _ ("Nothing was written. A firmware without a manifest is written by "
                           "“optiflashctl flash”."));
  else
    *exit_status
        = ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, error->message,
                        _ ("Nothing was written. Choose another backup; “optiflashctl backups "
                           "--verify” tells which ones are whole."));
  return FALSE;
}

static OflStoredBackup *
find_newest (OflCtl *ctl, OflDrive *drive)
{
  gboolean practice = ofl_target_is_practice (ofl_drive_get_target (drive));
  g_autofree char *dir = ctl->backup_dir != NULL ? ofl_ctl_backups_dir (ctl)
                                                 : ofl_backup_default_dir (practice);
  g_autofree char *path = ofl_backup_find (dir, ofl_drive_get_snapshot (drive));

  return path != NULL ? ofl_stored_backup_open (path) : NULL;
}

/* The backup that is meant: the one that was named, before the drive is asked anything, or the newest
 * of this drive. */
static gboolean
find_both (OflCtl *ctl, char **args, OflDrive **drive, OflStoredBackup **backup, int *exit_status)
{
  g_autoptr (GError) error = NULL;

  if (args[1] != NULL)
    {
      *backup = ofl_ctl_find_backup (ctl, args[1], &error);
      if (*backup != NULL && !check_backup (ctl, *backup, exit_status))
        return FALSE;
    }
  if (error == NULL)
    *drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (error != NULL)
    *exit_status = ofl_ctl_fail_error (ctl, error);
  if (error != NULL || !ofl_ctl_check_usable (ctl, *drive, exit_status))
    return FALSE;
  if (*backup != NULL)
    return TRUE;
  *backup = find_newest (ctl, *drive);
  if (*backup != NULL)
    return check_backup (ctl, *backup, exit_status);
  *exit_status = ofl_ctl_fail (
      ctl, OFL_EXIT_FAILED,
      _ ("No backup is stored here that is surely of this drive and was made while it was well. Nothing "
         "was written."),
      _ ("“optiflashctl backups” lists what there is; “optiflashctl restore DRIVE BACKUP” takes one by "
         "its name or its file."));
  return FALSE;
}

static gboolean
ask_owner (const char *sentence)
{
  /* Translators: %s is a sentence */
  g_autofree char *question = g_strdup_printf (
      _ ("\n%s\nGo on in spite of it? (--accept-other-drive) Type yes: "), sentence);

  return ofl_ctl_ask_yes (question, NULL);
}

/* What nothing overrides. */
static gboolean
is_impossible (OflCtl *ctl, const OflStoredBackup *backup, OflDrive *drive, int *exit_status)
{
  const char *next;
  g_autofree char *why_never
      = ofl_stored_backup_why_never (backup, ofl_drive_get_snapshot (drive),
                                     ofl_target_is_practice (ofl_drive_get_target (drive)), &next);

  if (why_never != NULL)
    *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, why_never, next);
  return why_never != NULL;
}

static gboolean
consent_to_owner (OflCtl *ctl, OflBackupOwner owner, const char *sentence, int *exit_status)
{
  if (owner == OFL_BACKUP_OWNER_SAME || ctl->accept_other_drive)
    return TRUE;
  if (ofl_ctl_can_ask (ctl))
    {
      if (ask_owner (sentence))
        return TRUE;
      *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_FAILED,
                                   _ ("Not confirmed. Nothing was written to the drive."), NULL);
      return FALSE;
    }
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, sentence,
                               _ ("Nothing was written. Choose a backup of this drive, or say "
                                  "--accept-other-drive to go on in spite of it."));
  return FALSE;
}

/* Older manifests do not tell; then the families are asked. */
static gboolean
is_firmware (const OflStoredBackup *backup, guint index)
{
  const OflStoredPart *part = ofl_stored_backup_get_part (backup, index);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  if (part->kind_told)
    return part->firmware;
  bytes = ofl_stored_backup_read (backup, index, NULL);
  if (bytes == NULL)
    return FALSE;
  firmware = ofl_firmware_new_from_bytes (part->name, bytes);
  return ofl_families_recognise (firmware, NULL) && ofl_firmware_get_n_images (firmware) > 0;
}

/* Names of the parts that are firmware, or that are not, but for the main one; NULL when there is
 * none. */
static char *
list_parts (const OflStoredBackup *backup, gboolean firmware)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 1; i < backup->parts->len; i++)
    {
      const OflStoredPart *part = ofl_stored_backup_get_part (backup, i);

      if (is_firmware (backup, i) == firmware)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", part->name);
    }
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static void
print_json (const OflStoredBackup *backup, const char *owner, const char *other, const char *unit)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("restore");

  ofl_ctl_json_string (builder, "name", backup->name);
  ofl_ctl_json_string (builder, "path", backup->path);
  ofl_ctl_json_string (builder, "made", backup->made_text);
  ofl_ctl_json_string (builder, "revision", backup->revision);
  ofl_ctl_json_string (builder, "serial", backup->serial);
  ofl_ctl_json_string (builder, "owner", owner);
  ofl_ctl_json_string (builder, "goes_back", ofl_stored_backup_get_part (backup, 0)->name);
  ofl_ctl_json_string (builder, "other_firmware", other);
  ofl_ctl_json_string (builder, "stays", unit);
  ofl_ctl_json_end (builder);
}

/* Which backup it is, whose, what of it goes back, and what does not and why. */
static void
print_backup (OflCtl *ctl, const OflStoredBackup *backup, OflBackupOwner owner,
              const char *sentence)
{
  const OflStoredPart *first = ofl_stored_backup_get_part (backup, 0);
  g_autofree char *other = list_parts (backup, TRUE);
  g_autofree char *unit = list_parts (backup, FALSE);
  g_autofree char *about = ofl_ctl_describe_backup (backup);

  if (ctl->json)
    {
      print_json (backup, sentence, other, unit);
      return;
    }
  g_print ("%s\n", backup->name);
  ofl_ctl_print_field (_ ("Backup of"), about);
  g_print (_ ("  - Every file of it is what was stored, by size and SHA-256.\n"));
  g_print ("  %s %s\n", owner != OFL_BACKUP_OWNER_SAME ? "!" : "-", sentence);
  g_print (ngettext ("  - Goes back, as any firmware is written to this drive: %s, %zu byte.\n",
                     "  - Goes back, as any firmware is written to this drive: %s, %zu bytes.\n",
                     (gulong) first->bytes),
           first->name, (gsize) first->bytes);
  if (other != NULL)
    g_print (
        _ ("  - Stays as it is in the drive: %s. It is a firmware of its own, which “optiflashctl "
           "flash” can be given.\n"),
        other);
  if (unit != NULL)
    g_print (
        _ ("  - Is not written back apart: %s. It tells of this very drive or belongs to it alone, "
           "and Optiflash knows of no public way to write such a part by itself.\n"),
        unit);
}

/* The bytes that were just held against the manifest are the bytes that are written. */
static OflImage *
open_image (OflCtl *ctl, const OflStoredBackup *backup, OflDrive *drive, GError **error)
{
  g_autoptr (GBytes) bytes = ofl_stored_backup_read (backup, 0, error);
  g_autoptr (OflFirmware) firmware = NULL;

  if (bytes == NULL)
    return NULL;
  firmware = ofl_firmware_new_from_bytes (backup->name, bytes);
  if (!ofl_families_recognise (firmware, error))
    return NULL;
  return ofl_ctl_choose_image (ctl, drive, firmware, error);
}

/* A red judgement comes before every question: nothing that is agreed to would change it. */
static gboolean
check_judgement (OflCtl *ctl, const OflImage *image, OflDrive *drive, int *exit_status)
{
  g_autoptr (OflJudgement) judgement
      = ofl_families_judge (ofl_drive_get_snapshot (drive), image, ctl->choices);
  const OflReason *worst = ofl_judgement_get_worst (judgement);

  if (ofl_judgement_allows (judgement, TRUE))
    return TRUE;
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, worst->sentence, worst->remedy);
  return FALSE;
}

/**
 * ofl_ctl_restore_backup:
 * @ctl: the command line
 * @drive: a drive that has been looked at
 * @backup: a backup whose files were held against its manifest
 *
 * Says whose it is and what of it goes back, asks, and writes it.
 *
 * Returns: exit status
 */
int
ofl_ctl_restore_backup (OflCtl *ctl, OflDrive *drive, const OflStoredBackup *backup)
{
  OflBackupOwner owner = ofl_stored_backup_owner (backup, ofl_drive_get_snapshot (drive));
  g_autofree char *sentence = ofl_stored_backup_say_owner (backup, ofl_drive_get_snapshot (drive));
  g_autoptr (GFile) file = g_file_new_for_path (backup->path);
  g_autofree char *location = g_file_get_parse_name (file);
  g_autoptr (OflImage) image = NULL;
  g_autoptr (GError) error = NULL;
  int exit_status;

  if (is_impossible (ctl, backup, drive, &exit_status))
    return exit_status;
  image = open_image (ctl, backup, drive, &error);
  if (image == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (owner != OFL_BACKUP_OWNER_SAME && !check_judgement (ctl, image, drive, &exit_status))
    return exit_status;
  print_backup (ctl, backup, owner, sentence);
  if (!consent_to_owner (ctl, owner, sentence, &exit_status))
    return exit_status;
  return ofl_ctl_flash_image (ctl, drive, image, location);
}

/**
 * ofl_ctl_restore:
 * @ctl: the command line
 * @args: the drive, and a backup or nothing: then the newest one of this very drive
 *
 * Writes a backup back, to the drive it was made of; to another one only when that is agreed to, and
 * never against a check that nothing overrides.
 *
 * Returns: exit status
 */
int
ofl_ctl_restore (OflCtl *ctl, char **args)
{
  g_autoptr (OflStoredBackup) backup = NULL;
  g_autoptr (OflDrive) drive = NULL;
  int exit_status;

  if (!find_both (ctl, args, &drive, &backup, &exit_status))
    return exit_status;
  return ofl_ctl_restore_backup (ctl, drive, backup);
}
