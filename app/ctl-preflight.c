/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl preflight: what is looked at before a write, as a list; and the same for flash and
 * restore before they ask. */
#include "ctl-preflight.h"

#include <glib/gi18n.h>

#include "ctl-output.h"
#include "ctl-run.h"

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/**
 * ofl_ctl_look_around:
 * @drive: a drive that has been looked at
 * @image: (nullable): what is to be written
 * @options: the job's options
 *
 * Looks on a worker thread; the main loop runs meanwhile.
 *
 * Returns: (transfer full) (element-type OflCheck): the most serious first
 */
GPtrArray *
ofl_ctl_look_around (OflDrive *drive, OflImage *image, const OflJobOptions *options)
{
  g_autoptr (GAsyncResult) result = NULL;
  OflPreflight *preflight = ofl_preflight_new (ofl_drive_get_target (drive),
                                               ofl_drive_get_snapshot (drive), image, options);

  ofl_preflight_run_async (preflight, NULL, on_looked, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_preflight_run_finish (result, NULL);
}

static const char *
mark_of (OflCheckLevel level)
{
  switch (level)
    {
    case OFL_CHECK_OK:
      return ofl_ctl_level_mark (OFL_LEVEL_GREEN);
    case OFL_CHECK_CAUTION:
      return ofl_ctl_level_mark (OFL_LEVEL_YELLOW);
    case OFL_CHECK_BLOCKS:
      return ofl_ctl_level_mark (OFL_LEVEL_RED);
    case OFL_CHECK_NOTE:
    case OFL_N_CHECK_LEVELS:
    default:
      return "-";
    }
}

/**
 * ofl_ctl_print_check:
 * @check: what was looked at
 *
 * A line with a mark, one for what to do, and a technical one.
 */
void
ofl_ctl_print_check (const OflCheck *check)
{
  g_autofree char *sentence = ofl_ctl_words (check->sentence.shown);
  g_autofree char *remedy = ofl_ctl_words (check->remedy);

  g_print ("  %s %s\n", mark_of (check->level), sentence);
  if (remedy != NULL)
    g_print ("    %s\n", remedy);
  if (check->technical != NULL && check->level > OFL_CHECK_OK)
    g_print ("    (%s)\n", check->technical);
}

/**
 * ofl_ctl_json_checks:
 * @builder: an open object
 * @checks: (element-type OflCheck): what was looked at
 *
 * Adds them as a list.
 */
void
ofl_ctl_json_checks (JsonBuilder *builder, const GPtrArray *checks)
{
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < checks->len; i++)
    {
      const OflCheck *check = g_ptr_array_index (checks, i);

      json_builder_begin_object (builder);
      ofl_ctl_json_string (builder, "id", check->id);
      ofl_ctl_json_string (builder, "level", ofl_check_level_id (check->level));
      ofl_ctl_json_string (builder, "sentence", check->sentence.shown);
      ofl_ctl_json_string (builder, "remedy", check->remedy);
      ofl_ctl_json_string (builder, "technical", check->technical);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static guint
count (const GPtrArray *checks, OflCheckLevel level)
{
  guint n = 0;

  for (guint i = 0; i < checks->len; i++)
    n += ((const OflCheck *) g_ptr_array_index (checks, i))->level == level;
  return n;
}

static void
print_sum (const GPtrArray *checks)
{
  guint blocks = count (checks, OFL_CHECK_BLOCKS), cautions = count (checks, OFL_CHECK_CAUTION);

  if (blocks > 0)
    g_print (ngettext ("\nAs it is now, a write would be refused: %u check says no.\n",
                       "\nAs it is now, a write would be refused: %u checks say no.\n", blocks),
             blocks);
  else if (cautions > 0)
    g_print (ngettext ("\nNothing that was looked at refuses a write; mend %u thing first.\n",
                       "\nNothing that was looked at refuses a write; mend %u things first.\n",
                       cautions),
             cautions);
  else
    g_print (_ ("\nNothing that was looked at is in the way of a write.\n"));
}

static void
print_text (OflDrive *drive, const OflImage *image, const GPtrArray *checks)
{
  g_autofree char *title = image != NULL ? ofl_image_describe (image) : NULL;

  g_print ("%s\n", ofl_drive_get_name (drive));
  ofl_ctl_print_field (_ ("Image"), title);
  for (guint i = 0; i < checks->len; i++)
    ofl_ctl_print_check (g_ptr_array_index (checks, i));
  print_sum (checks);
}

static int
report (OflCtl *ctl, OflDrive *drive, const OflImage *image, const GPtrArray *checks)
{
  gboolean blocks = ofl_checks_get_worst (checks) == OFL_CHECK_BLOCKS;
  int exit_status = blocks ? OFL_EXIT_REFUSED : OFL_EXIT_DONE;
  JsonBuilder *builder;

  if (!ctl->json)
    {
      print_text (drive, image, checks);
      return exit_status;
    }
  builder = ofl_ctl_json_begin ("preflight");
  ofl_ctl_json_string (builder, "id", ofl_drive_get_id (drive));
  ofl_ctl_json_int (builder, "exit", exit_status);
  ofl_ctl_json_checks (builder, checks);
  ofl_ctl_json_end (builder);
  return exit_status;
}

/**
 * ofl_ctl_preflight_help:
 *
 * Returns: (transfer full): what the verb's --help says below its options
 */
char *
ofl_ctl_preflight_help (void)
{
  return g_strdup (_ (
      "Looks at drive, file, backup, folders, power and clock as “flash” does before it asks; without "
      "FILE\nat all but the file. Marks: ✓ or ok: as it should be; -: good to know; !: better mended "
      "first; ✗ or NO:\na write is refused.\n\n"
      "Exit status: 0 nothing refuses a write, 2 usage or unreadable file, 3 something does, 6 no "
      "permission."));
}

/**
 * ofl_ctl_preflight:
 * @ctl: the command line
 * @args: the drive, and the file or nothing
 *
 * Returns: exit status
 */
int
ofl_ctl_preflight (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflJobOptions) options = ofl_ctl_make_options (ctl);
  g_autoptr (OflFirmware) firmware = NULL;
  g_autoptr (OflDrive) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  g_autoptr (GPtrArray) checks = NULL;
  int exit_status;

  if (args[1] == NULL || ofl_ctl_check_order (args[0], args[1], &error))
    firmware = args[1] != NULL ? ofl_ctl_open_firmware (ctl, args[1], &error) : NULL;
  if (error == NULL)
    drive = ofl_ctl_find_drive (ctl, args[0], &error);
  if (error != NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (firmware != NULL && !ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  if (firmware != NULL)
    image = ofl_ctl_choose_image (ctl, drive, firmware, &error);
  if (error != NULL)
    return ofl_ctl_fail_error (ctl, error);
  checks = ofl_ctl_look_around (drive, image, options);
  return report (ctl, drive, image, checks);
}
