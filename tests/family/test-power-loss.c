/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power lost at every thousandth of the burn: a drive whose boot mode is documented is brought back
 * by the image and by its own backup, whatever the half-written flash says (adversary.md F5).
 * OFL_POWER_LOSS_STEP=1 walks every thousandth; without it every 50th and those where it once
 * failed. */
#include "practice-table.h"

#define USUAL_STEP 50

/* where a half-erased byte once refused a drive for ever */
static const guint known_bad[] = { 22, 52, 55, 61 };

static OflImage *
open_backup (const OflSnapshot *drive, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_families_open (file, NULL, &error);
  int index;

  g_assert_no_error (error);
  index = ofl_families_choose_image (drive, firmware, NULL);
  g_assert_cmpint (index, >=, 0);
  return ofl_image_ref (ofl_firmware_get_image (firmware, (guint) index));
}

/* Loses the power, and mends the drive with the image or the backup; whether that went well. */
static gboolean
recover_after (const PracticeCase *which, OflImage *image, guint thousandth, gboolean by_backup)
{
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) cure = NULL;
  g_autoptr (OflSnapshot) healthy = workbench_look (bench), drive = NULL;
  g_autoptr (OflResult) lost = NULL, mended = NULL;
  g_autofree char *fault = g_strdup_printf ("power-loss-burn %u", thousandth);

  g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
  lost = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_false (ofl_verdict_is_success (lost->verdict) && !practice_proved (which, bench, image));
  ofl_practice_drive_clear_faults (bench->device);
  ofl_practice_port_unplug (bench->port);
  ofl_practice_port_plug (bench->port);
  drive = workbench_look (bench);
  cure = by_backup ? open_backup (healthy, lost->backup_path) : ofl_image_ref (image);
  mended = workbench_run (bench, OFL_JOB_FLASH, cure);
  if (practice_is_mended (which, bench, cure, mended))
    return TRUE;
  g_test_message ("%s, %u thousandths, by %s: first %s; then %s, revision %s; again %s: %s",
                  which->id, thousandth, by_backup ? "backup" : "image",
                  ofl_verdict_id (lost->verdict),
                  drive != NULL ? ofl_drive_state_id (ofl_snapshot_get_state (drive)) : "silent",
                  drive != NULL ? ofl_snapshot_identity (drive)->revision : "-",
                  ofl_verdict_id (mended->verdict), mended->what);
  return FALSE;
}

static void
walk (const PracticeCase *which, OflImage *image, guint thousandth, guint *tried, guint *bad)
{
  gboolean has_cure = which->readable && !which->not_back;

  for (guint by_backup = 0; by_backup < (has_cure ? 2 : 1); by_backup++)
    {
      ++*tried;
      *bad += !recover_after (which, image, thousandth, by_backup == 1);
    }
}

static void
test_walk (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  const char *text = g_getenv ("OFL_POWER_LOSS_STEP");
  guint64 step = text != NULL ? g_ascii_strtoull (text, NULL, 10) : USUAL_STEP;
  guint tried = 0, bad = 0;

  for (guint i = 0; step > 1 && i < G_N_ELEMENTS (known_bad); i++)
    walk (which, image, known_bad[i], &tried, &bad);
  for (guint64 thousandth = 1; thousandth < 1000; thousandth += MAX (step, 1))
    walk (which, image, (guint) thousandth, &tried, &bad);
  g_test_message ("%s: %u of %u power losses not mended", which->id, bad, tried);
  g_assert_cmpuint (bad, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/power-loss/f5/%s", practice_case (i)->id);

      if (practice_case (i)->recovers)
        g_test_add_data_func (path, practice_case (i), test_walk);
    }
  return g_test_run ();
}
