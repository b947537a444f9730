/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a person typed to a drive, a file and the image in it. */
#include "ctl-output.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-unfinished.h"
#include "scsi/ofl-error.h"

#define PRACTICE_PREFIX "practice:"

/**
 * ofl_ctl_practice_dir:
 * @ctl: the command line
 *
 * Returns: (transfer full): where practice drives keep their flash
 */
char *
ofl_ctl_practice_dir (OflCtl *ctl)
{
  if (ctl->state_dir != NULL)
    return g_build_filename (ctl->state_dir, "practice", NULL);
  return ofl_core_practice_state_dir ();
}

static gboolean
choose_finder (OflCtl *ctl, OflFinder *finder, GError **error)
{
  if (ctl->finder == NULL)
    *finder = ofl_drive_monitor_default_finder ();
  else if (strcmp (ctl->finder, "udev") == 0)
    *finder = OFL_FINDER_UDEV;
  else if (strcmp (ctl->finder, "cdio") == 0)
    *finder = OFL_FINDER_CDIO;
  else if (strcmp (ctl->finder, "none") == 0)
    *finder = OFL_FINDER_NONE;
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("There is no finder “%s”. There are udev, cdio and none."), ctl->finder);
      return FALSE;
    }
  return TRUE;
}

static gboolean
start_finder (OflCtl *ctl, GError **error)
{
  OflFinder finder;

  if (!choose_finder (ctl, &finder, error))
    return FALSE;
  ctl->monitor = ofl_core_new_monitor ();
  if (g_strcmp0 (ctl->transport, "cdio") == 0)
    ofl_drive_monitor_set_use_cdio_transport (ctl->monitor, TRUE);
  if (ctl->practice)
    {
      g_autofree char *dir = ofl_ctl_practice_dir (ctl);

      ofl_core_add_practice_drives (ctl->monitor, ctl->practice_speed, dir);
    }
  return ofl_drive_monitor_start (ctl->monitor, finder, error);
}

/**
 * ofl_ctl_find_all:
 * @ctl: the command line
 * @error: return location
 *
 * Fills the list of drives and waits until each has been looked at. The main loop runs meanwhile.
 *
 * Returns: %FALSE when the chosen finder does not run
 */
gboolean
ofl_ctl_find_all (OflCtl *ctl, GError **error)
{
  if (!start_finder (ctl, error))
    return FALSE;
  while (!ofl_drive_monitor_is_settled (ctl->monitor))
    g_main_context_iteration (NULL, TRUE);
  return TRUE;
}

/* Of a file that is no tape, what is wrong with it; of a name that is none, what was meant.
 * @why: (transfer full) */
static void
set_no_practice (const char *id, GError *why, GError **error)
{
  if (ofl_core_is_tape (id))
    {
      g_propagate_error (error, why);
      return;
    }
  ofl_ctl_set_no_practice_error (id, why->message, error);
  g_error_free (why);
}

/* A practice drive that is named needs neither --practice nor a finder. */
static gboolean
start_practice_drive (OflCtl *ctl, const char *name, GError **error)
{
  const char *id = name + strlen (PRACTICE_PREFIX);
  g_autofree char *dir = ofl_ctl_practice_dir (ctl);
  GError *local = NULL;
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive (id, ctl->practice_speed, dir, &local);

  if (drive == NULL)
    {
      set_no_practice (id, local, error);
      return FALSE;
    }
  /* the service does not open files that a name leads to */
  ctl->in_process = ctl->in_process || ofl_core_is_tape (id);
  ctl->monitor = ofl_core_new_monitor ();
  ofl_drive_monitor_add (ctl->monitor, drive);
  return ofl_drive_monitor_start (ctl->monitor, OFL_FINDER_NONE, error);
}

static void
set_shared_error (GPtrArray *drives, const char *name, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < drives->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "",
                            ofl_drive_get_id (g_ptr_array_index (drives, i)));
  /* of one there would be nothing to say */
  g_set_error (
      error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      ngettext ("%u drive has this serial, %s: %s. Name the one that is meant as it stands here.",
                "%u drives have this serial, %s: %s. Name the one that is meant as it stands here.",
                drives->len),
      drives->len, name, ids->str);
}

/* A node is one drive's alone: the others, one of which may be silent for a long time, are not
 * waited for. A serial may be shared by one that has not answered yet. */
static OflDrive *
wait_for_drive (OflCtl *ctl, const char *name, GError **error)
{
  for (;;)
    {
      OflDriveMatch how;
      g_autoptr (GPtrArray) found = ofl_drive_monitor_find_all (ctl->monitor, name, &how);
      gboolean settled = ofl_drive_monitor_is_settled (ctl->monitor);
      OflDrive *first = found->len > 0 ? g_ptr_array_index (found, 0) : NULL;

      if (found->len == 1 && ofl_drive_get_ready (first)
          && (how == OFL_DRIVE_MATCH_NODE || settled))
        return g_object_ref (first);
      if (settled && found->len > 1)
        set_shared_error (found, name, error);
      else if (settled)
        ofl_ctl_set_no_drive_error (ctl, name, error);
      if (settled)
        return NULL;
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
on_identified (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/* A forced family is asked only about the one drive that was named. */
static gboolean
identify_as (OflDrive *drive, char *family, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (ofl_families_find (family) == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("There is no family of drives named “%s”."), family);
      return FALSE;
    }
  ofl_drive_identify_async (drive, ofl_families_probe, family, NULL, on_identified, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_drive_identify_finish (drive, result, error);
}

/**
 * ofl_ctl_look_for_drive:
 * @ctl: the command line
 * @name: "/dev/sr0", "/dev/sg0", "practice:bu40n", "practice:tape:FILE" or a serial
 * @error: return location
 *
 * Finds a drive and waits until it has been looked at. The main loop runs meanwhile.
 *
 * Returns: (transfer full): the drive; %NULL with %G_OPTION_ERROR when there is no such drive, or
 *   with the error of the finder
 */
OflDrive *
ofl_ctl_look_for_drive (OflCtl *ctl, const char *name, GError **error)
{
  gboolean started = g_str_has_prefix (name, PRACTICE_PREFIX)
                         ? start_practice_drive (ctl, name, error)
                         : start_finder (ctl, error);
  g_autoptr (OflDrive) drive = NULL;

  if (!started)
    return NULL;
  drive = wait_for_drive (ctl, name, error);
  if (drive == NULL)
    return NULL;
  if (ctl->family != NULL && ofl_drive_get_snapshot (drive) != NULL
      && !identify_as (drive, ctl->family, error))
    return NULL;
  return g_steal_pointer (&drive);
}

/**
 * ofl_ctl_find_drive:
 * @ctl: the command line
 * @name: as for ofl_ctl_look_for_drive()
 * @error: return location
 *
 * The same, and tells of a write to it that never ended.
 *
 * Returns: (transfer full): the drive, or %NULL as ofl_ctl_look_for_drive()
 */
OflDrive *
ofl_ctl_find_drive (OflCtl *ctl, const char *name, GError **error)
{
  OflDrive *drive = ofl_ctl_look_for_drive (ctl, name, error);

  if (drive != NULL)
    ofl_ctl_tell_unfinished (ctl, drive);
  return drive;
}

/**
 * ofl_ctl_is_flashable:
 * @drive: a drive that has been looked at
 * @reason: (out) (optional) (transfer full): why not, a sentence; "" when it is
 *
 * Returns: whether a fitting image could be written to it now
 */
gboolean
ofl_ctl_is_flashable (OflDrive *drive, char **reason)
{
  const OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const GError *error = ofl_drive_get_error (drive);
  OflAccess access = ofl_drive_get_access (drive);
  g_autoptr (OflJudgement) judgement = NULL;
  const char *why = "";

  if (access != OFL_ACCESS_USABLE)
    why = ofl_access_sentence (access);
  else if (snapshot == NULL)
    why = error != NULL ? error->message : _ ("The drive has not been looked at.");
  else
    {
      judgement = ofl_families_judge (snapshot, NULL, NULL);
      if (ofl_judgement_get_level (judgement) == OFL_LEVEL_RED)
        why = ofl_judgement_get_worst (judgement)->sentence;
      else if ((ofl_snapshot_get_caps (snapshot) & OFL_CAP_WRITE) == 0)
        why = _ ("How to write this drive's firmware is not publicly known.");
    }
  if (reason != NULL)
    *reason = ofl_ctl_words (why);
  return why[0] == '\0';
}

/* The file is read and unpacked on a worker thread. */

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  OflFirmware *firmware = ofl_families_open_with (G_FILE (source), data, cancellable, &error);

  if (firmware != NULL)
    g_task_return_pointer (task, firmware, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * ofl_ctl_open_firmware:
 * @ctl: the command line; it may name a second file that belongs to the first
 * @path: a file's path or URI
 * @error: return location
 *
 * Returns: (transfer full): the file with its images; %NULL with the error of
 *   ofl_families_open_with()
 */
OflFirmware *
ofl_ctl_open_firmware (OflCtl *ctl, const char *path, GError **error)
{
  g_autoptr (GFile) file = ofl_file_for_argument (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (file, NULL, on_identified, &result);

  if (ctl->with != NULL)
    g_task_set_task_data (task, ofl_file_for_argument (ctl->with), g_object_unref);
  g_task_run_in_thread (task, open_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
set_no_image (OflFirmware *firmware, GError **error)
{
  const char *name;
  const char *unopened = ofl_firmware_get_unopened (firmware, &name);

  if (unopened != NULL)
    g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                 _ ("“%s” is %s that could not be opened here; it may well hold firmware. Unpack it "
                    "and open what is inside."),
                 name, unopened);
  else
    g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                 _ ("“%s” holds no firmware that any family of drives recognises. Look for the "
                    "firmware that is made for this drive."),
                 ofl_firmware_get_name (firmware));
}

/**
 * ofl_ctl_choose_image:
 * @ctl: the command line
 * @drive: the drive it is for
 * @firmware: a parsed file
 * @error: return location
 *
 * The image that was asked for with --image, or the one that fits best, or the first: whether it
 * fits at all the job's checks say. A file that nothing recognises is taken as it is only for a
 * drive whose family knows no file format, and for one of no family.
 *
 * Returns: (transfer full): an image; %NULL with %OFL_ERROR_BAD_FILE when there is none
 */
OflImage *
ofl_ctl_choose_image (OflCtl *ctl, OflDrive *drive, OflFirmware *firmware, GError **error)
{
  OflSnapshot *snapshot = ofl_drive_get_snapshot (drive);
  const char *family = ofl_snapshot_get_family (snapshot);
  guint n = ofl_firmware_get_n_images (firmware);
  int best;

  if (ctl->image > (int) n && n > 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_BAD_FILE,
                   ngettext ("“%s” holds %u image; there is no image %d.",
                             "“%s” holds %u images; there is no image %d.", n),
                   ofl_firmware_get_name (firmware), n, ctl->image);
      return NULL;
    }
  if (n == 0)
    {
      /* the job refuses a drive of no family, and says why */
      OflImage *raw = ofl_families_raw_image (family, ofl_firmware_get_bytes (firmware));

      if (raw == NULL)
        set_no_image (firmware, error);
      return raw;
    }
  if (ctl->image > 0)
    return ofl_families_assume_image (ctl->family,
                                      ofl_firmware_get_image (firmware, (guint) ctl->image - 1));
  best = ofl_families_choose_image (snapshot, firmware, ctl->choices);
  return ofl_families_assume_image (ctl->family,
                                    ofl_firmware_get_image (firmware, (guint) MAX (best, 0)));
}
