/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl backups --verify, --export, --delete. */
#include "ctl-backups.h"

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ctl-run.h"

static void
say_verified (OflCtl *ctl, const OflStoredBackup *backup, const GError *error)
{
  guint n = backup->parts->len;
  JsonBuilder *builder;

  if (!ctl->json && error != NULL)
    g_print (_ ("%s: not as it was stored. %s\n"), backup->name, error->message);
  else if (!ctl->json)
    g_print (ngettext ("%s: %u file, as it was stored\n", "%s: %u files, all as they were stored\n",
                       n),
             backup->name, n);
  if (!ctl->json)
    return;
  builder = ofl_ctl_json_begin ("backup-verified");
  ofl_ctl_json_string (builder, "name", backup->name);
  ofl_ctl_json_string (builder, "path", backup->path);
  ofl_ctl_json_bool (builder, "whole", error == NULL);
  ofl_ctl_json_string (builder, "why", error != NULL ? error->message : NULL);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_verify_backups:
 * @ctl: the command line
 * @backups: (element-type OflStoredBackup): at least one
 *
 * Holds each against its manifest.
 *
 * Returns: exit status; failed when one of them is not what was stored
 */
int
ofl_ctl_verify_backups (OflCtl *ctl, GPtrArray *backups)
{
  guint damaged = 0;
  g_autofree char *what = NULL;

  for (guint i = 0; i < backups->len; i++)
    {
      const OflStoredBackup *backup = g_ptr_array_index (backups, i);
      g_autoptr (GError) error = NULL;

      damaged += !ofl_stored_backup_verify (backup, &error);
      say_verified (ctl, backup, error);
    }
  if (damaged == 0)
    return OFL_EXIT_DONE;
  what = g_strdup_printf (ngettext ("%u backup cannot be relied on.",
                                    "%u backups cannot be relied on.", damaged),
                          damaged);
  return ofl_ctl_fail (
      ctl, OFL_EXIT_FAILED, what,
      _ ("Make a new one with “optiflashctl backup” while the drive is well, and have "
         "an eye on the disk that they are on."));
}

/**
 * ofl_ctl_export_backup:
 * @ctl: the command line, with the place to export to
 * @backup: a stored backup
 *
 * Copies it with its parts and its manifest, when every file is what was stored.
 *
 * Returns: exit status; usage when something is in the way, refused when the backup is damaged,
 *   failed when it cannot be stored there
 */
int
ofl_ctl_export_backup (OflCtl *ctl, const OflStoredBackup *backup)
{
  OflBackupPlace place = { .overwrite = ctl->overwrite };
  g_autofree char *file = NULL;
  g_autofree char *main_path = NULL;
  g_autoptr (GError) error = NULL;
  int exit_status;

  if (!ofl_ctl_check_backup_file (ctl, ctl->export, &exit_status))
    return exit_status;
  if (!ofl_stored_backup_verify (backup, &error))
    return ofl_ctl_fail (
        ctl, backup->unreadable != NULL ? OFL_EXIT_USAGE : OFL_EXIT_REFUSED, error->message,
        _ ("Nothing was copied. “optiflashctl backups --verify” tells which ones are "
           "whole."));
  place.file = file = ofl_ctl_name_backup_file (ctl->export, backup->name);
  if (!ofl_ctl_check_backup_file (ctl, file, &exit_status))
    return exit_status;
  main_path = ofl_stored_backup_export (backup, &place, &error);
  if (main_path == NULL)
    return ofl_ctl_fail (
        ctl, OFL_EXIT_FAILED, error->message,
        _ ("The stored backup is untouched. Give --export a file or folder on a disk with "
           "room, in a folder that you may write to."));
  if (ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("exported");

      ofl_ctl_json_string (builder, "name", backup->name);
      ofl_ctl_json_string (builder, "path", main_path);
      ofl_ctl_json_end (builder);
    }
  else
    g_print (_ ("Copied, with its manifest: %s\n"), main_path);
  return OFL_EXIT_DONE;
}

static gboolean
is_only_one (OflCtl *ctl, const OflStoredBackup *backup)
{
  g_autofree char *dir = ofl_ctl_backups_dir (ctl);
  g_autoptr (GPtrArray) all = ofl_stored_backup_list (dir, NULL);

  return all != NULL && ofl_stored_backup_is_only (backup, all);
}

static gboolean
ask (OflCtl *ctl, const OflStoredBackup *backup)
{
  g_autofree char *about = backup->unreadable == NULL ? ofl_ctl_describe_backup (backup)
                                                      : g_strdup (_ (backup->unreadable));
  const char *only = is_only_one (ctl, backup) ? _ ("It is the only backup of this drive here. ")
                                               : "";
  /* Translators: a backup's name, what it is of, and perhaps a sentence with a blank behind it */
  g_autofree char *question = g_strdup_printf (
      _ ("\nDelete %s?\n%s\n%sIt cannot be brought back.\nType yes: "), backup->name, about, only);

  return ofl_ctl_ask_yes (question, NULL);
}

static gboolean
consent (OflCtl *ctl, const OflStoredBackup *backup, int *exit_status)
{
  if (ctl->yes)
    return TRUE;
  if (!ofl_ctl_can_ask (ctl))
    *exit_status
        = ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                        _ ("Nobody can be asked here whether to delete. Nothing was deleted."),
                        _ ("Add --yes to delete without being asked."));
  else if (!ask (ctl, backup))
    *exit_status
        = ofl_ctl_fail (ctl, OFL_EXIT_FAILED, _ ("Not confirmed. Nothing was deleted."), NULL);
  else
    return TRUE;
  return FALSE;
}

static void
say_deleted (OflCtl *ctl, const OflStoredBackup *backup, gboolean folder_stays)
{
  JsonBuilder *builder;

  if (!ctl->json)
    {
      g_print (_ ("Deleted: %s\n"), backup->name);
      if (folder_stays)
        g_print (_ ("Its folder holds other files, too, and stays with them.\n"));
      return;
    }
  builder = ofl_ctl_json_begin ("deleted");
  ofl_ctl_json_string (builder, "name", backup->name);
  ofl_ctl_json_bool (builder, "folder_stays", folder_stays);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_delete_backup:
 * @ctl: the command line
 * @backup: a stored backup; it need not be readable
 *
 * Asks, and deletes it; --yes answers the question.
 *
 * Returns: exit status; refused when it is not in the folder for backups, or when a job that runs, or
 *   a write that has to be mended, needs it
 */
int
ofl_ctl_delete_backup (OflCtl *ctl, const OflStoredBackup *backup)
{
  g_autofree char *dir = ofl_ctl_backups_dir (ctl);
  g_autoptr (GError) error = NULL;
  const char *why_needed;
  gboolean folder_stays;
  int exit_status;

  if (!ofl_stored_backup_may_delete (backup, dir, &error))
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, error->message,
                         _ ("What is stored elsewhere is deleted like any other file."));
  why_needed = ofl_stored_backup_why_needed (backup, ctl->state_dir);
  if (why_needed != NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_REFUSED, why_needed,
                         _ ("See to that job first; “optiflashctl history” tells of it."));
  if (!consent (ctl, backup, &exit_status))
    return exit_status;
  if (!ofl_stored_backup_delete (backup, dir, ctl->state_dir, &folder_stays, &error))
    return ofl_ctl_fail_error (ctl, error);
  say_deleted (ctl, backup, folder_stays);
  return OFL_EXIT_DONE;
}
