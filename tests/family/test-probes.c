/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe over a link that fails is a failed probe, never a smaller drive (adversary.md F2): at
 * every command of the probe of every practice drive, and in a job on the drive that showed it. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "practice-table.h"

/* More commands than any probe here sends before the memory is found; the search of the Renesas
 * drive is the longest. */
#define N_COMMANDS 48

/* What strikes the Nth command and, so that asking once more does not help, the one after it. */
static const char *const faults[] = { "hang any %u 2", "fail any %u+", "short any %u+" };

static void
add_twice (OflPracticeDrive *device, const char *fault, guint n)
{
  gboolean twice = g_str_has_suffix (fault, "+");
  g_autofree char *format = g_strndup (fault, strlen (fault) - (twice ? 1 : 0));

  for (guint i = 0; i < (twice ? 2 : 1); i++)
    {
      g_auto (GStrv) halves = g_strsplit (format, "%u", 2);
      g_autofree char *text = g_strdup_printf ("%s%u%s", halves[0], n + i, halves[1]);

      g_assert_true (ofl_practice_drive_add_fault (device, text, NULL));
    }
}

static void
assert_whole_or_nothing (const OflSnapshot *drive, const OflSnapshot *healthy)
{
  OflCaps caps = ofl_snapshot_get_caps (drive);

  if (ofl_snapshot_get_failed (drive) != NULL)
    {
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, NULL, NULL);

      g_assert_cmphex (caps, ==, OFL_CAP_NONE);
      g_assert_null (ofl_snapshot_get_family (drive));
      g_assert_null (ofl_snapshot_get_mark (drive));
      g_assert_cmpint (ofl_judgement_get_level (judgement), ==, OFL_LEVEL_RED);
      g_assert_nonnull (strstr (ofl_judgement_get_worst (judgement)->sentence, "was asked for"));
      return;
    }
  if (caps == OFL_CAP_NONE)
    return; /* the identity's own questions */
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, ofl_snapshot_get_family (healthy));
  g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, ofl_snapshot_get_mark (healthy));
  g_assert_cmphex (caps, ==, ofl_snapshot_get_caps (healthy));
  g_assert_cmpuint (ofl_snapshot_get_image_size (drive), ==, ofl_snapshot_get_image_size (healthy));
}

static void
test_probe (gconstpointer data)
{
  g_autoptr (Workbench) bench = workbench_new (data);
  g_autoptr (OflSnapshot) healthy = workbench_look (bench);

  for (guint f = 0; f < G_N_ELEMENTS (faults); f++)
    for (guint n = 1; n <= N_COMMANDS; n++)
      {
        g_autoptr (OflSnapshot) drive = NULL;

        add_twice (bench->device, faults[f], n);
        drive = workbench_look (bench);
        ofl_practice_drive_clear_faults (bench->device);
        if (drive != NULL)
          assert_whole_or_nothing (drive, healthy);
      }
}

/* One question that fails is asked once more, and then all is as it should be. */
static void
test_once (gconstpointer data)
{
  g_autoptr (Workbench) bench = workbench_new (data);
  g_autoptr (OflSnapshot) healthy = workbench_look (bench);

  for (guint n = 1; n <= N_COMMANDS; n++)
    {
      g_autofree char *fault = g_strdup_printf ("fail 3c %u", n);
      g_autoptr (OflSnapshot) drive = NULL;

      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
      drive = workbench_look (bench);
      ofl_practice_drive_clear_faults (bench->device);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, ofl_snapshot_get_caps (healthy));
      g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, ofl_snapshot_get_mark (healthy));
    }
}

/* F2 a: MAIN was written without a backup of it, and nobody had accepted that. */
static void
test_renesas_job (void)
{
  for (guint n = 10; n <= 24; n++)
    {
      g_autoptr (Workbench) bench = workbench_new ("gma4082n");
      g_autoptr (OflImage) image = workbench_image (bench, "1.03", NULL);
      g_autofree char *fault = g_strdup_printf ("hang 3c %u 2", n);
      g_autoptr (OflResult) result = NULL;

      bench->options->accept_warnings = TRUE;
      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
      result = workbench_run (bench, OFL_JOB_FLASH, image);
      if (result->verdict == OFL_VERDICT_VERIFIED)
        g_assert_true (g_str_has_suffix (result->backup_path, "MAIN.bin"));
      else
        g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      g_autofree char *path = g_strdup_printf ("/probes/f2/%s", id);
      g_autofree char *once = g_strdup_printf ("/probes/f2-once/%s", id);

      g_test_add_data_func (path, id, test_probe);
      g_test_add_data_func (once, id, test_once);
    }
  g_test_add_func ("/probes/f2-renesas-job", test_renesas_job);
  return g_test_run ();
}
