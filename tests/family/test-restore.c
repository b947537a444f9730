/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups go back by the plain way, without options; what was read from a damaged flash is kept
 * as evidence, and neither called a backup nor written. Every practice drive that can be read. */
#include <string.h>

#include "firmware/ofl-evidence.h"
#include "practice-table.h"

static const PracticeCase *
which_of (gconstpointer data)
{
  return data;
}

static OflImage *
open_image (const OflSnapshot *drive, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflFirmware) firmware = ofl_families_open (file, NULL, &error);
  int index;

  g_assert_no_error (error);
  index = ofl_families_choose_image (drive, firmware, NULL);
  return index >= 0 ? ofl_image_ref (ofl_firmware_get_image (firmware, (guint) index)) : NULL;
}

/* newcomer.md A4: dump, flash another, flash the dump back. */
static void
test_back (gconstpointer data)
{
  const PracticeCase *which = which_of (data);
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) other = workbench_image (bench, which->revision, which->variant);

  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  g_autoptr (OflResult) backup = workbench_run (bench, OFL_JOB_BACKUP, NULL);
  g_autoptr (OflResult) there = NULL, back = NULL;
  g_autoptr (OflImage) dump = NULL;

  g_assert_cmpint (backup->verdict, ==, OFL_VERDICT_DONE);
  g_assert_nonnull (backup->backup_path);
  there = workbench_run (bench, OFL_JOB_FLASH, other);
  g_assert_cmpstr (ofl_verdict_id (there->verdict), ==, "verified");
  dump = open_image (drive, backup->backup_path);
  g_assert_nonnull (dump);
  bench->options->accept_no_backup = FALSE;
  /* files of this type never name their boot code (nec 2.14), and the source asks, too */
  bench->options->accept_warnings = g_str_equal (which->id, "nd1100");
  back = workbench_run (bench, OFL_JOB_FLASH, dump);
  if (which->not_back)
    {
      g_assert_cmpstr (ofl_verdict_id (back->verdict), ==, "refused");
      g_assert_nonnull (strstr (back->what, "cannot be written"));
      g_assert_true (practice_proved (which, bench, other));
      return;
    }
  if (back->verdict != OFL_VERDICT_VERIFIED)
    g_test_message ("%s", back->what);
  g_assert_cmpstr (ofl_verdict_id (back->verdict), ==, "verified");

  g_assert_true (practice_proved (which, bench, dump));
}

static char *
find_evidence (Workbench *bench)
{
  g_autofree char *dir = g_build_filename (bench->options->backup_dir, "evidence", NULL);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *folder = listing != NULL ? g_dir_read_name (listing) : NULL;
  g_autofree char *path = folder != NULL ? g_build_filename (dir, folder, NULL) : NULL;
  g_autoptr (GDir) inner = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (inner != NULL && (name = g_dir_read_name (inner)) != NULL)
    if (g_str_has_prefix (name, "evidence-flash") || g_str_has_prefix (name, "evidence-MAIN"))
      return g_build_filename (path, name, NULL);
  return NULL;
}

/* A second try that fails names the backup that was made before the first. */
static void
test_evidence (gconstpointer data)
{
  const PracticeCase *which = which_of (data);
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) first = NULL, second = NULL;
  g_autoptr (OflSnapshot) drive = NULL;
  g_autofree char *journal = NULL;
  g_autofree char *evidence = NULL;
  g_autoptr (OflJudgement) judgement = NULL;
  g_autoptr (OflImage) dump = NULL;

  ofl_practice_drive_add_fault (bench->device, "power-loss-burn 500", NULL);
  first = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_nonnull (first->backup_path);
  ofl_practice_drive_clear_faults (bench->device);
  ofl_practice_port_unplug (bench->port);
  ofl_practice_port_plug (bench->port);
  drive = workbench_look (bench);
  g_assert_nonnull (drive);
  if ((ofl_snapshot_get_caps (drive) & OFL_CAP_READ) == 0)
    {
      g_test_skip ("cannot be read from its boot code");
      return;
    }
  ofl_practice_drive_add_fault (bench->device, "power-loss-burn 500", NULL);
  second = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_cmpstr (second->backup_path, ==, first->backup_path);
  journal = workbench_journal (bench);
  g_assert_nonnull (strstr (journal, "\"evidence\""));
  evidence = find_evidence (bench);
  g_assert_nonnull (evidence);
  dump = open_image (drive, evidence);
  if (dump == NULL)
    return; /* not even its family knows it: nothing to judge */
  g_assert_true (ofl_image_is_changed (dump));
  judgement = ofl_families_judge (drive, dump, NULL);
  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
}

/* Whatever is inside, and wherever it is copied to. */
static void
test_evidence_file (void)
{
  g_autoptr (Workbench) bench = workbench_new ("bu40n");
  g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
  gsize length;
  const guint8 *bytes = ofl_image_get_data (image, &length);
  g_autoptr (GBytes) file = ofl_evidence_wrap (bytes, length);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("copy.bin", file);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  g_autoptr (OflJudgement) judgement = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ofl_families_recognise (firmware, &error));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), ==, 1);
  judgement = ofl_families_judge (drive, ofl_firmware_get_image (firmware, 0), NULL);
  g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
  g_assert_false (ofl_judgement_allows (judgement, TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      const PracticeCase *which = practice_case (i);
      g_autofree char *back = g_strdup_printf ("/restore/a4-back/%s", which->id);
      g_autofree char *evidence = g_strdup_printf ("/restore/a4-evidence/%s", which->id);

      if (!which->readable)
        continue;
      g_test_add_data_func (back, which, test_back);
      if (which->recovers)
        g_test_add_data_func (evidence, which, test_evidence);
    }
  g_test_add_func ("/restore/a4-evidence-file", test_evidence_file);
  return g_test_run ();
}
