/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl updater: the maker's own Windows program, watched. */
#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ctl-run.h"
#include "updater/ofl-tape-target.h"
#include "updater/ofl-updater-image.h"
#include "updater/ofl-updater-job.h"

/**
 * ofl_ctl_updater_help:
 *
 * Returns: (transfer full): what the verb's --help says below its options
 */
char *
ofl_ctl_updater_help (void)
{
  return g_strdup (_ (
      "For drives whose way of writing is not public: EXE is the program that the drive's maker "
      "gave out for Windows.\nIt runs under Wine, in a cage with this one drive and nothing else "
      "of the computer. Until its first command\nthat could change the drive it only looks; then "
      "what can be backed up is, and you are asked. The verdict is\nwhat the drive says "
      "afterwards, whatever the program says. What has to lie beside EXE is named behind it.\n"
      "No maker's file comes with Optiflash."));
}

static OflImage *
find_image (OflCtl *ctl, OflDrive *drive, const char *path)
{
  g_autoptr (OflFirmware) firmware = ofl_ctl_open_firmware (ctl, path, NULL);

  return firmware != NULL
             ? ofl_updater_find_image (firmware, ofl_drive_get_snapshot (drive), ctl->choices)
             : NULL;
}

static gboolean
check_files (OflCtl *ctl, char **files, int *exit_status)
{
  for (guint i = 0; files[i] != NULL; i++)
    if (!g_file_test (files[i], G_FILE_TEST_IS_REGULAR))
      {
        g_autofree char *what = g_strdup_printf (_ ("There is no file %s."), files[i]);

        *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, what, NULL);
        return FALSE;
      }
  if (!ctl->yes && !ofl_ctl_can_ask (ctl))
    {
      *exit_status = ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("Nobody can be asked here."),
                                   _ ("With --yes the maker's program writes without a question."));
      return FALSE;
    }
  return TRUE;
}

static OflUpdaterOptions *
make_options (OflCtl *ctl, char **files)
{
  OflUpdaterOptions *run = ofl_updater_options_new ((const char *const *) files);

  if (ctl->arguments != NULL)
    {
      g_strfreev (run->arguments);
      run->arguments = g_strdupv (ctl->arguments);
    }
  run->shown = !ctl->hidden;
  run->tape = g_strdup (ctl->tape);
  run->tape_whole = ctl->whole;
  run->unattended = ctl->yes;
  return run;
}

static void
tell_tape_json (const OflTapePlayed *played)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("tape-played");

  ofl_ctl_json_bool (builder, "complete", played->complete);
  ofl_ctl_json_int (builder, "commands", played->commands);
  ofl_ctl_json_int (builder, "position", played->position);
  ofl_ctl_json_int (builder, "differences", played->differences);
  ofl_ctl_json_string (builder, "difference", played->difference);
  ofl_ctl_json_end (builder);
}

/* Of a drive that is made from a tape: whether it was the same conversation. */
static void
tell_tape (OflCtl *ctl, OflDrive *drive)
{
  g_auto (OflTapePlayed) played = { 0 };

  if (!ofl_tape_target_read (ofl_drive_get_target (drive), &played))
    return;
  if (ctl->json)
    tell_tape_json (&played);
  else if (played.complete && played.differences == 0)
    g_print (_ ("The tape was played to its end: all that could change the drive came as it was "
                "recorded.\n"));
  else
    g_print (_ ("Of the tape %u of %u commands were played.\n"), played.position, played.commands);
  if (!ctl->json && played.difference != NULL)
    g_print ("%s\n", played.difference);
}

/**
 * ofl_ctl_updater:
 * @ctl: the command line
 * @args: the drive, the maker's program, and what has to lie beside it
 *
 * Returns: exit status
 */
int
ofl_ctl_updater (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  g_autoptr (OflJobOptions) options = NULL;
  g_autoptr (OflJob) job = NULL;
  OflClient *client;
  int exit_status;

  if (!check_files (ctl, args + 1, &exit_status))
    return exit_status;
  drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  image = find_image (ctl, drive, args[1]);
  options = ofl_ctl_make_options (ctl);
  client = ofl_ctl_connect (ctl, &error);
  if (client == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ctl->json && ofl_client_get_note (client) != NULL)
    g_printerr ("optiflashctl: %s\n", ofl_client_get_note (client));
  job = ofl_client_new_updater_job (client, ofl_drive_get_target (drive),
                                    ofl_drive_get_snapshot (drive), image, options,
                                    make_options (ctl, args + 1), ctl->practice_speed);
  if (!ctl->json)
    {
      g_print ("%s\n%s\n", ofl_job_get_title (job), ofl_ctl_describe_place (client));
      ofl_ctl_print_field (_ ("Assumed"), ofl_core_get_practice_assumptions (drive));
    }
  exit_status = ofl_ctl_run_job (ctl, job, drive);
  g_clear_object (&job);
  tell_tape (ctl, drive);
  return exit_status;
}
