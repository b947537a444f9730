/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that must not be taken, for every family: of a size that is not theirs, and of a revision
 * by which the drive would not be known again. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "practice-table.h"

/* Judges what is recognised in @bytes; TRUE when nothing but a final refusal comes of it. */
static gboolean
is_refused (const Workbench *bench, const OflSnapshot *drive, GBytes *bytes)
{
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("file.bin", bytes);
  int index;

  if (!ofl_families_recognise (firmware, NULL))
    return TRUE;
  index = ofl_families_choose_image (drive, firmware, bench->options->choices);
  if (index >= 0)
    {
      const OflImage *image = ofl_firmware_get_image (firmware, (guint) index);
      g_autoptr (OflJudgement) judgement
          = ofl_families_judge (drive, image, bench->options->choices);

      return !ofl_judgement_allows (judgement, TRUE);
    }
  return TRUE;
}

static GBytes *
of_length (GBytes *bytes, gsize length)
{
  gsize have;
  const guint8 *data = g_bytes_get_data (bytes, &have);
  guint8 *copy = g_malloc (length);

  memset (copy, 0x1a, length);
  memcpy (copy, data, MIN (have, length));
  return g_bytes_new_take (copy, length);
}

/* case 25: an unfinished download, an editor's Ctrl-Z. The expert family "standard" knows no size,
 * and says so. */
static void
test_size (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  g_autoptr (GBytes) whole
      = ofl_practice_make_image (which->id, which->revision, which->variant, NULL);
  gsize length = g_bytes_get_size (whole);
  const gsize lengths[] = { length + 1, length - 1, length / 4 * 3, length / 2, length * 2 - 1 };

  g_assert_false (is_refused (bench, drive, whole));
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GBytes) other = of_length (whole, lengths[i]);

      g_assert_true (is_refused (bench, drive, other));
    }
}

/* newcomer.md A11: a practice drive was flashed to a revision of another form, "verified", and then
 * recognised by no family. */
static void
test_revision (gconstpointer data)
{
  const PracticeCase *which = data;
  static const char *const revisions[] = { "9.99", "ZZ99", "X1" };

  for (guint i = 0; i < G_N_ELEMENTS (revisions); i++)
    {
      g_autoptr (Workbench) bench = practice_bench (which);
      g_autoptr (GBytes) bytes
          = ofl_practice_make_image (which->id, revisions[i], which->variant, NULL);
      g_autoptr (OflSnapshot) before = workbench_look (bench), after = NULL;
      g_autoptr (OflImage) image = NULL;
      g_autoptr (OflResult) result = NULL;

      if (bytes == NULL || is_refused (bench, before, bytes))
        continue;
      image = workbench_image (bench, revisions[i], which->variant);
      result = workbench_run (bench, OFL_JOB_FLASH, image);
      g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (which->verdict));
      if (which->shown_later)
        workbench_restart (bench);
      after = workbench_look (bench);
      g_assert_cmpstr (ofl_snapshot_get_family (after), ==, ofl_snapshot_get_family (before));
      g_assert_cmpint (ofl_snapshot_get_state (after), ==, OFL_DRIVE_STATE_NORMAL);
      g_assert_cmpstr (ofl_snapshot_identity (after)->revision, ==, revisions[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      const PracticeCase *which = practice_case (i);
      g_autofree char *size = g_strdup_printf ("/files/case-25/%s", which->id);
      g_autofree char *revision = g_strdup_printf ("/files/a11/%s", which->id);

      if (!g_str_equal (which->id, "standard"))
        g_test_add_data_func (size, which, test_size);
      g_test_add_data_func (revision, which, test_revision);
    }
  return g_test_run ();
}
