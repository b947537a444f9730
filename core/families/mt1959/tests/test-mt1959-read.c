/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MT1959 family: reading, command by command, what is compared of it, and the verdict from that. The
 * commands that are expected are written out here, from mt1959 2.1, not from the code. */
#include <string.h>

#include "families/mt1959/ofl-mt1959.h"
#include "family/ofl-family-private.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

#define SIZE 0x200000

static void
take_region (PlanWalk *walk, int capture, guint32 start, guint32 length)
{
  for (guint32 at = start; at < start + length; at += 0x4000)
    {
      guint32 part = MIN (0x4000, start + length - at);
      g_autofree char *hex = g_strdup_printf ("3c0600%06x%06x00", at, part);
      const OflStep *step
          = walk_command (walk, OFL_STAGE_BACKUP, hex, OFL_DIR_IN, part, OFL_EXPECT_OK);

      g_assert_cmpint (step->capture, ==, capture);
      g_assert_cmphex (step->capture_offset, ==, at - start);
      g_assert_false (step->residual_ok);
    }
}

/* The next step sees whether @capture, @length bytes, holds all that the drive has to tell: @most behind
 * the byte at @length_at. */
static void
assert_whole (PlanWalk *walk, guint capture, guint length, guint length_at, guint8 most)
{
  const OflStep *step = walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_BACKUP);
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData data = { .captures = captures };

  for (guint i = 0; i <= capture; i++)
    g_ptr_array_add (captures, g_byte_array_new ());
  /* a drive that does not know the question */
  g_assert_true (step->check (&data, step->arg, NULL));
  for (guint more = 0; more < 2; more++)
    {
      g_autoptr (GError) error = NULL;
      GByteArray *read = g_ptr_array_index (captures, capture);

      g_byte_array_set_size (read, length);
      read->data[length_at] = (guint8) (most + more);
      g_assert_true (step->check (&data, step->arg, &error) == (more == 0));
      g_assert_true (g_error_matches (error, OFL_ERROR, OFL_ERROR_MISMATCH) == (more == 1));
    }
}

static void
test_plan_read (void)
{
  static const char *const names[]
      = { "flash", "003000", "1EC000", "1F0000", "inquiry", "feature-010C", "feature-0108" };
  Specimen bu40n = SPECIMEN_BU40N;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = ofl_family_plan_read (family, drive, NULL, &error);
  PlanWalk walk = { plan, 0 };

  g_assert_no_error (error);
  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (ofl_plan_get_capture_name (plan, (int) i), ==, names[i]);
  take_region (&walk, 0, 0, SIZE);
  take_region (&walk, 1, 0x3000, 0x20);
  take_region (&walk, 2, 0x1ec000, 0x100);
  take_region (&walk, 3, 0x1f0000, 0x10000);
  walk_command (&walk, OFL_STAGE_BACKUP, "120000006000", OFL_DIR_IN, 0x60, OFL_EXPECT_IGNORE);
  assert_whole (&walk, 4, 0x60, 4, 0x5b);
  walk_command (&walk, OFL_STAGE_BACKUP, "4602010c000000001c00", OFL_DIR_IN, 0x1c,
                OFL_EXPECT_IGNORE);
  assert_whole (&walk, 5, 0x1c, 0x0b, 0x10);
  walk_command (&walk, OFL_STAGE_BACKUP, "46020108000000001c00", OFL_DIR_IN, 0x1c,
                OFL_EXPECT_IGNORE);
  assert_whole (&walk, 6, 0x1c, 0x0b, 0x10);
  walk_end (&walk);
}

/* The plan only ever reads; nothing in it may look like a write to the transport's guard. */
static void
test_plan_read_is_read_only (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflPlan) plan = ofl_family_plan_read (family, drive, NULL, NULL);

  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    g_assert_true (ofl_command_is_read_only (&ofl_plan_get_step (plan, i)->command));
}

static void
test_compare_read (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autofree guint8 *data = specimen_image (&bu40n, 7);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (GBytes) equal = NULL, different = NULL, shorter = NULL;
  guint64 compared;

  memcpy (data, data + 0x10000, 0x400); /* as the drive reads it back */
  memset (data + 0x1f0000, 0x33, 0x10000);
  memset (data + 0x1e8000, 0x44, 0x4000);
  equal = g_bytes_new (data, SIZE);
  g_assert_cmpuint (specimen_compare (family, image, equal, &compared), ==, 0);
  g_assert_cmphex (compared, ==, 0x1000 + 0x170800 + 0x8000 + 0x100);
  data[0x105c8] ^= 1; /* what makes an OmniDrive of it (case-01) */
  data[0x11000] ^= 1;
  data[0x1ec0ff] ^= 1;
  different = g_bytes_new (data, SIZE);
  g_assert_cmpuint (specimen_compare (family, image, different, &compared), ==, 3);
  shorter = g_bytes_new (data, SIZE - 1);
  specimen_compare (family, image, shorter, &compared);
  g_assert_cmpuint (compared, ==, 0);
}

static void
test_confirm (void)
{
  static const struct {
    OflDriveState before, after;
    guint64 compared, different;
    gboolean equals_backup;
    OflVerdict verdict;
  } rows[] = {
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_NORMAL, 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { OFL_DRIVE_STATE_BOOT, OFL_DRIVE_STATE_NORMAL, 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_NORMAL, 100, 9, TRUE, OFL_VERDICT_UNCHANGED },
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_NORMAL, 100, 9, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_BOOT, 100, 0, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_GARBLED, 100, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { OFL_DRIVE_STATE_NORMAL, OFL_DRIVE_STATE_NORMAL, 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { OFL_DRIVE_STATE_BOOT, OFL_DRIVE_STATE_NORMAL, 0, 0, FALSE, OFL_VERDICT_CONFIRMED },
  };
  Specimen bu40n = SPECIMEN_BU40N;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autofree guint8 *data = specimen_image (&bu40n, 7);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = specimen_drive (&bu40n, rows[i].before, TRUE);
      g_autoptr (OflSnapshot) after = specimen_drive (&bu40n, rows[i].after, TRUE);
      OflProof proof
          = { before, after, image, rows[i].compared, rows[i].different, rows[i].equals_backup };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (family, &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
      proof.after = NULL;
      g_assert_cmpint (ofl_family_confirm (family, &proof), ==, OFL_VERDICT_UNKNOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mt1959/plan/read", test_plan_read);
  g_test_add_func ("/mt1959/plan/read-is-read-only", test_plan_read_is_read_only);
  g_test_add_func ("/mt1959/compare-read", test_compare_read);
  g_test_add_func ("/mt1959/confirm", test_confirm);
  return g_test_run ();
}
