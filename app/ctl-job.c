/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl backup, flash, verify. */
#include "ctl-run.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "ctl-output.h"

static char *
absolute_path (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  char *local = g_file_get_path (file);

  return local != NULL ? local : g_strdup (path);
}

static OflJobOptions *
make_options (OflCtl *ctl)
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
  job = ofl_client_new_job (client, kind, ofl_drive_get_target (drive),
                            ofl_drive_get_snapshot (drive), image, options, ctl->practice_speed);
  if (!ctl->json)
    {
      g_autofree char *title = ofl_job_dup_title (job);

      g_print ("%s\n", title);
    }
  return ofl_ctl_run_job (ctl, job, drive);
}

/**
 * ofl_ctl_backup:
 * @ctl: the command line
 * @args: the drive, and the file to store it in or nothing
 *
 * Returns: exit status
 */
int
ofl_ctl_backup (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = ofl_ctl_find_drive (ctl, args[0], &error);
  g_autoptr (OflJobOptions) options = NULL;
  int exit_status;

  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  options = make_options (ctl);
  if (args[1] != NULL)
    options->backup_file = absolute_path (args[1]);
  return run (ctl, OFL_JOB_BACKUP, drive, NULL, options);
}

/* The file comes first: an unreadable one must not cost the drive a single command. */
static gboolean
open_both (OflCtl *ctl, char **args, OflDrive **drive, OflImage **image, int *exit_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_ctl_open_firmware (ctl, args[1], &error);

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
  g_autoptr (OflJobOptions) options = make_options (ctl);
  int exit_status;

  if (!open_both (ctl, args, &drive, &image, &exit_status))
    return exit_status;
  return run (ctl, OFL_JOB_VERIFY, drive, image, options);
}

static char *
make_question (OflDrive *drive, const OflImage *image)
{
  const OflIdentity *id = ofl_snapshot_identity (ofl_drive_get_snapshot (drive));
  const char *revision = ofl_image_get_fact (image, "revision");
  const char *serial = id->serial[0] != '\0' ? id->serial : _("unknown");
  g_autofree char *title = ofl_image_describe (image);

  if (revision != NULL)
    return g_strdup_printf (_("Flash %s (serial %s) from %s to %s?\n"
                              "It cannot be stopped once writing has begun.\n"
                              "Type the model name, %s, or yes: "),
                            ofl_drive_get_name (drive), serial, id->revision, revision,
                            id->product);
  return g_strdup_printf (_("Flash %s (serial %s), now %s, with %s?\n"
                            "It cannot be stopped once writing has begun.\n"
                            "Type the model name, %s, or yes: "),
                          ofl_drive_get_name (drive), serial, id->revision, title, id->product);
}

static gboolean
same_word (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_strcmp0 (folded_a, folded_b) == 0;
}

static gboolean
confirm (OflCtl *ctl, OflDrive *drive, const OflImage *image, int *exit_status)
{
  const OflIdentity *id = ofl_snapshot_identity (ofl_drive_get_snapshot (drive));
  g_autofree char *question = NULL;
  g_autofree char *answer = NULL;

  if (ctl->yes)
    return TRUE;
  if (ctl->json || !isatty (STDIN_FILENO) || !isatty (STDOUT_FILENO))
    {
      *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE,
                                   _("Nobody can be asked here whether to write. Nothing was sent "
                                     "to the drive."),
                                   _("Add --yes to write without being asked."));
      return FALSE;
    }
  question = make_question (drive, image);
  answer = ofl_ctl_ask (question);
  if (answer != NULL && (same_word (answer, _("yes")) || same_word (answer, "yes")
                         || same_word (answer, id->product)))
    return TRUE;
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_FAILED,
                               _("Not confirmed. Nothing was sent to the drive."), NULL);
  return FALSE;
}

/* A plan that the checks refuse is refused before anybody is asked to agree to it. */
static gboolean
check (OflCtl *ctl, OflDrive *drive, const OflImage *image, int *exit_status)
{
  g_autoptr (OflJudgement) judgement
      = ofl_families_judge (ofl_drive_get_snapshot (drive), image, ctl->choices);

  if (ctl->yes || ofl_judgement_allows (judgement, ctl->accept_warnings))
    return TRUE;
  if (ctl->json)
    ofl_ctl_json_judgement (judgement);
  else
    ofl_ctl_print_judgement (judgement);
  *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_REFUSED,
                               ofl_judgement_get_worst (judgement)->sentence,
                               ofl_judgement_get_worst (judgement)->remedy);
  return FALSE;
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

static int
flash (OflCtl *ctl, OflDrive *drive, OflImage *image)
{
  g_autoptr (OflJobOptions) options = make_options (ctl);
  int exit_status;

  if (!check_access (ctl, drive, &exit_status) || !check (ctl, drive, image, &exit_status)
      || !confirm (ctl, drive, image, &exit_status))
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
  return flash (ctl, drive, image);
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
  return flash (ctl, drive, image);
}
