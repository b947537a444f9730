/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl backup, flash, verify. */
#include "ctl-run.h"

#include <glib/gi18n.h>

#include "ctl-consent.h"
#include "ctl-output.h"
#include "flash/ofl-backup-place.h"

/**
 * ofl_ctl_make_options:
 * @ctl: the command line
 *
 * Returns: (transfer full): a job's options, as they were given
 */
OflJobOptions *
ofl_ctl_make_options (OflCtl *ctl)
{
  OflJobOptions *options = ofl_job_options_new ();

  options->family = g_strdup (ctl->family);
  options->choices = ctl->choices != NULL ? ofl_choices_ref (ctl->choices) : NULL;
  options->accept_warnings = ctl->accept_warnings;
  options->accept_no_backup = ctl->accept_no_backup;
  options->rewrite_identical = ctl->rewrite;
  options->backup_dir = g_strdup (ctl->backup_dir);
  options->state_dir = g_strdup (ctl->state_dir);
  return options;
}

static int
run (OflCtl *ctl, OflJobKind kind, OflDrive *drive, OflImage *image, OflJobOptions *options)
{
  g_autoptr (GError) error = NULL;
  OflClient *client = ofl_ctl_connect (ctl, &error);
  g_autoptr (OflJob) job = NULL;

  if (client == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ctl->json && ofl_client_get_note (client) != NULL)
    g_printerr ("optiflashctl: %s\n", ofl_client_get_note (client));
  job = ofl_client_new_job (client, kind, ofl_drive_get_target (drive),
                            ofl_drive_get_snapshot (drive), image, options, ctl->practice_speed);
  if (!ctl->json)
    {
      g_print ("%s\n", ofl_job_get_title (job));
      /* who was asked has read it */
      if (kind == OFL_JOB_FLASH && ctl->yes)
        g_print ("%s\n", ofl_ctl_describe_place (client));
    }
  return ofl_ctl_run_job (ctl, job, drive);
}

/**
 * ofl_ctl_backup:
 * @ctl: the command line
 * @args: the drive, and the file or folder to store it in or nothing
 *
 * Returns: exit status; usage, before the drive is asked anything, when the file would replace
 *   another
 */
int
ofl_ctl_backup (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflJobOptions) options = NULL;
  int exit_status;

  if (args[1] != NULL && !ofl_ctl_check_backup_file (ctl, args[1], &exit_status))
    return exit_status;
  drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  options = ofl_ctl_make_options (ctl);
  options->overwrite = ctl->overwrite;
  if (args[1] != NULL)
    {
      g_autofree char *name = ofl_backup_name (ofl_drive_get_snapshot (drive));

      options->backup_file = ofl_ctl_name_backup_file (args[1], name);
    }
  return run (ctl, OFL_JOB_BACKUP, drive, NULL, options);
}

/* The file comes first: an unreadable one must not cost the drive a single command. */
static gboolean
open_both (OflCtl *ctl, char **args, OflDrive **drive, OflImage **image, int *exit_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_ctl_check_order (args[0], args[1], &error)
                                         ? ofl_ctl_open_firmware (ctl, args[1], &error)
                                         : NULL;

  *drive = firmware != NULL ? ofl_ctl_find_drive (ctl, args[0], &error) : NULL;
  if (*drive == NULL)
    {
      *exit_status = ofl_ctl_fail_error (ctl, error);
      return FALSE;
    }
  if (!ofl_ctl_check_usable (ctl, *drive, exit_status))
    return FALSE;
  *image = ofl_ctl_choose_image (ctl, *drive, firmware, &error);
  if (*image == NULL)
    *exit_status = ofl_ctl_fail_error (ctl, error);
  return *image != NULL;
}

/**
 * ofl_ctl_verify:
 * @ctl: the command line
 * @args: the drive and the file
 *
 * Returns: exit status
 */
int
ofl_ctl_verify (OflCtl *ctl, char **args)
{
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflJobOptions) options = ofl_ctl_make_options (ctl);
  int exit_status;

  if (!open_both (ctl, args, &drive, &image, &exit_status))
    return exit_status;
  return run (ctl, OFL_JOB_VERIFY, drive, image, options);
}

static gboolean
check_access (OflCtl *ctl, OflDrive *drive, int *exit_status)
{
  OflAccess access = ofl_drive_get_access (drive);
  g_autofree char *remedy = ofl_access_remedy (access, NULL);

  /* through libcdio the job itself says that it only reads */
  if (access == OFL_ACCESS_USABLE || g_strcmp0 (ctl->transport, "cdio") == 0)
    return TRUE;
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_PERMISSION, ofl_access_sentence (access), remedy);
  return FALSE;
}

/**
 * ofl_ctl_flash_image:
 * @ctl: the command line
 * @drive: a drive that has been looked at
 * @image: what to write to it
 *
 * Asks, then flashes.
 *
 * Returns: exit status
 */
int
ofl_ctl_flash_image (OflCtl *ctl, OflDrive *drive, OflImage *image)
{
  g_autoptr (OflJobOptions) options = ofl_ctl_make_options (ctl);
  int exit_status;

  if (!check_access (ctl, drive, &exit_status)
      || !ofl_ctl_consent (ctl, drive, image, options, &exit_status))
    return exit_status;
  return run (ctl, OFL_JOB_FLASH, drive, image, options);
}

/**
 * ofl_ctl_flash_drive:
 * @ctl: the command line
 * @drive: a drive that has been looked at
 * @path: the firmware file
 *
 * Flashes a drive that has been found already.
 *
 * Returns: exit status
 */
int
ofl_ctl_flash_drive (OflCtl *ctl, OflDrive *drive, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_ctl_open_firmware (ctl, path, &error);
  g_autoptr (OflImage) image = NULL;

  if (firmware != NULL)
    image = ofl_ctl_choose_image (ctl, drive, firmware, &error);
  if (image == NULL)
    return ofl_ctl_fail_error (ctl, error);
  return ofl_ctl_flash_image (ctl, drive, image);
}

/**
 * ofl_ctl_flash:
 * @ctl: the command line
 * @args: the drive and the file
 *
 * Returns: exit status
 */
int
ofl_ctl_flash (OflCtl *ctl, char **args)
{
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  int exit_status;

  if (!open_both (ctl, args, &drive, &image, &exit_status))
    return exit_status;
  return ofl_ctl_flash_image (ctl, drive, image);
}
