/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole job on each practice drive: plan and drive were written from the facts by different
 * hands, here they meet. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "practice-table.h"

static gboolean
holds (Workbench *bench, OflImage *image)
{
  return ofl_practice_drive_holds (bench->device, ofl_image_get_bytes (image));
}

/* A drive that runs its old firmware until it was without power: the verdict claims nothing, and its
 * words lead to the revision. */
static void
assert_shown_later (Workbench *bench, const OflSnapshot *before, const OflResult *result)
{
  g_autoptr (OflSnapshot) running = workbench_look (bench);

  g_assert_cmpstr (ofl_snapshot_identity (running)->revision, ==,
                   ofl_snapshot_identity (before)->revision);
  g_assert_false (ofl_verdict_is_success (result->verdict));
  g_assert_nonnull (strstr (result->next, "power off and on"));
  g_assert_nonnull (strstr (result->next, "revision"));
  workbench_restart (bench);
}

static void
assert_verdict (const OflResult *result, OflVerdict verdict)
{
  if (result->verdict != verdict)
    g_test_message ("%s: %s (%s)", ofl_verdict_id (result->verdict), result->what,
                    result->technical != NULL ? result->technical : "no technical line");
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (verdict));
}

static void
test_flash (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflSnapshot) before = workbench_look (bench);
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflSnapshot) after = NULL;
  g_autofree char *journal = NULL;

  g_assert_nonnull (image);
  g_assert_false (ofl_image_is_changed (image));
  g_assert_cmpstr (ofl_image_get_family (image), ==, ofl_snapshot_get_family (before));
  g_assert_cmpstr (ofl_snapshot_identity (before)->revision, !=, which->revision);
  g_assert_false (holds (bench, image));
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  assert_verdict (result, which->verdict);
  if (which->shown_later)
    assert_shown_later (bench, before, result);
  after = workbench_look (bench);
  g_assert_true (holds (bench, image));
  g_assert_cmpstr (ofl_snapshot_identity (after)->revision, ==, which->revision);
  g_assert_cmpstr (ofl_snapshot_identity (after)->serial, ==,
                   ofl_snapshot_identity (before)->serial);
  g_assert_cmpint (ofl_snapshot_get_state (after), ==, OFL_DRIVE_STATE_NORMAL);
  journal = workbench_journal (bench);
  g_assert_nonnull (strstr (journal, "point-of-no-return"));
  g_assert_cmpuint (workbench_count_backups (bench), >=, which->readable ? 1 : 0);
}

/* The same image once more: nothing is written where that can be known. */
static void
test_again (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) first = workbench_run (bench, OFL_JOB_FLASH, image);
  guint writes = ofl_practice_drive_get_n_writes (bench->device);
  g_autoptr (OflResult) second = workbench_run (bench, OFL_JOB_FLASH, image);

  assert_verdict (first, which->verdict);
  if (which->readable)
    {
      assert_verdict (second, OFL_VERDICT_IDENTICAL);
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, writes);
    }
  g_assert_true (holds (bench, image));
}

/* Images that do not fit or are damaged never reach the drive, or are never called a success. */
static void
test_refused (gconstpointer data)
{
  static const char *const variants[] = { "truncated", "wrong-family", "bad-sum" };
  const PracticeCase *which = data;

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr (Workbench) bench = practice_bench (which);
      g_autoptr (GBytes) old = ofl_practice_drive_get_flash (bench->device);
      g_autoptr (GBytes) bytes
          = ofl_practice_make_image (which->id, which->revision, variants[i], NULL);
      g_autoptr (OflImage) image = NULL;
      g_autoptr (OflResult) result = NULL;

      if (bytes == NULL)
        continue; /* a format without that check */
      image = workbench_image (bench, which->revision, variants[i]);
      if (image == NULL)
        continue; /* no family takes it for its own */
      result = workbench_run (bench, OFL_JOB_FLASH, image);
      g_test_message ("%s: %s: %s", variants[i], ofl_verdict_id (result->verdict), result->what);
      g_assert_false (ofl_verdict_is_success (result->verdict));
      if (result->verdict == OFL_VERDICT_REFUSED)
        {
          g_autoptr (GBytes) now = ofl_practice_drive_get_flash (bench->device);

          g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
          g_assert_true (g_bytes_equal (old, now));
        }
    }
}

static void
test_disc (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = workbench_new (which->id);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) result = NULL;

  bench->options->accept_no_backup = TRUE;
  ofl_practice_drive_set_disc (bench->device, TRUE);
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  assert_verdict (result, OFL_VERDICT_REFUSED);
  g_assert_cmpuint (ofl_practice_drive_get_n_writes (bench->device), ==, 0);
}

/* What can be told of a drive that was mended and cannot be read: that it left a mode which only a
 * drive without a firmware is in proves the write; a kernel or safe mode is left by a restart, too. */
static OflVerdict
verdict_when_mended (const PracticeCase *which, const OflSnapshot *boot)
{
  if (which->readable || g_str_equal (ofl_snapshot_identity (boot)->revision, "BOOT"))
    return which->verdict;
  return OFL_VERDICT_UNKNOWN;
}

/* The power goes in the middle of programming: the drive comes back in its boot, kernel or safe
 * mode (family 4), says so, and takes the same image from there. */
static void
test_recovery (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) broken = NULL;
  g_autoptr (OflSnapshot) boot = NULL;
  g_autoptr (OflResult) mended = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, "power-loss-burn 500", NULL));
  broken = workbench_run (bench, OFL_JOB_FLASH, image);
  g_assert_false (ofl_verdict_is_success (broken->verdict));
  g_assert_cmpint (broken->verdict, !=, OFL_VERDICT_FAILED_UNTOUCHED);
  g_assert_cmpuint (strlen (broken->next), >, 10);
  ofl_practice_drive_clear_faults (bench->device);
  workbench_restart (bench);
  boot = workbench_look (bench);
  g_assert_cmpstr (ofl_drive_state_id (ofl_snapshot_get_state (boot)), ==, "boot");
  g_assert_nonnull (ofl_snapshot_get_family (boot));
  g_assert_false (holds (bench, image));
  mended = workbench_run (bench, OFL_JOB_FLASH, image);
  assert_verdict (mended, verdict_when_mended (which, boot));
  g_assert_true (holds (bench, image));
  g_assert_cmpstr (mended->revision_after, ==, which->revision);
}

static void
add (const char *name, const PracticeCase *which, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/drives/%s/%s", which->id, name);

  g_test_add_data_func (path, which, func);
}

/* The table, the build's list and the program's are of the same drives. */
static void
test_complete (void)
{
  const char *list = g_getenv ("PRACTICE_IDS"); /* meson sets it */
  g_auto (GStrv) built = NULL;

  g_assert_nonnull (list);
  built = g_strsplit (list, " ", -1);
  g_assert_cmpuint (practice_n_cases (), ==, practice_n_rows ());
  g_assert_cmpuint (g_strv_length (built), ==, ofl_practice_count ());
  for (guint i = 0; i < ofl_practice_count (); i++)
    {
      const char *id = ofl_practice_get_id (i);
      g_autoptr (Workbench) bench = workbench_new (id);
      g_autoptr (OflSnapshot) snapshot = workbench_look (bench);
      gboolean writes = (ofl_snapshot_get_caps (snapshot) & OFL_CAP_WRITE) != 0;

      g_test_message ("%s: family %s", id, ofl_snapshot_get_family (snapshot));
      g_assert_cmpstr (built[i], ==, id);
      g_assert_nonnull (ofl_snapshot_get_family (snapshot));
      g_assert_true (writes == (practice_find (id) != NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      add ("flash", practice_case (i), test_flash);
      add ("again", practice_case (i), test_again);
      add ("refused", practice_case (i), test_refused);
      add ("disc", practice_case (i), test_disc);
      if (practice_case (i)->recovers)
        add ("recovery", practice_case (i), test_recovery);
    }
  g_test_add_func ("/drives/complete", test_complete);
  return g_test_run ();
}
