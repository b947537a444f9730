/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every drive that can be written, in the four situations in which a verdict is easily false: the
 * same revision again, another image of the same revision, a chip that lies, a drive that refuses
 * without a word (finding F1); and what a comparison leaves out (finding F3). Each word is held
 * against the chip. */
#include <string.h>

#include "practice-table.h"

/* Bytes in the middle of the code, which no header and no text covers. */
#define FIRST_AT(n) ((n) / 2 + 0x100)

static void
assert_true_word (const PracticeCase *which, Workbench *bench, OflImage *image, GBytes *old,
                  const OflResult *result)
{
  g_autoptr (GBytes) now = ofl_practice_drive_get_flash (bench->device);

  g_test_message ("%s: %s: %s Next: %s", which->id, ofl_verdict_id (result->verdict), result->what,
                  result->next);
  if (result->verdict == OFL_VERDICT_VERIFIED || result->verdict == OFL_VERDICT_IDENTICAL)
    g_assert_true (practice_proved (which, bench, image));
  if (result->verdict == OFL_VERDICT_UNCHANGED || ofl_verdict_exit_status (result->verdict) == 1)
    g_assert_true (g_bytes_equal (old, now));
  /* "unchanged" is a word for what was read back */
  if (result->verdict == OFL_VERDICT_UNCHANGED)
    g_assert_nonnull (result->proof);
  g_assert_cmpuint (strlen (result->next), >, 10);
}

static OflResult *
flash (const PracticeCase *which, Workbench *bench, OflImage *image)
{
  g_autoptr (GBytes) old = ofl_practice_drive_get_flash (bench->device);
  OflResult *result = workbench_run (bench, OFL_JOB_FLASH, image);

  assert_true_word (which, bench, image, old, result);
  return result;
}

/* The usual try to mend a drive: what it has, once more. */
static void
test_same_revision (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) first = NULL, second = NULL;

  bench->options->rewrite_identical = TRUE;
  first = flash (which, bench, image);
  g_assert_cmpstr (ofl_verdict_id (first->verdict), ==, ofl_verdict_id (which->verdict));
  if (which->shown_later)
    workbench_restart (bench);
  second = flash (which, bench, image);
  g_assert_cmpstr (ofl_verdict_id (second->verdict), ==,
                   ofl_verdict_id (which->readable ? OFL_VERDICT_VERIFIED : OFL_VERDICT_UNKNOWN));
}

/* Two bytes move in opposite directions, so that sums over bytes stay; where a family's check is
 * stronger than that the changed file is refused, and there is nothing to see. */
static OflImage *
make_sibling (const OflImage *image, guint step)
{
  gsize length;
  const guint8 *bytes = ofl_image_get_data (image, &length);
  guint8 *copy = g_memdup2 (bytes, length);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  for (gsize at = FIRST_AT (length); at + step < length; at++)
    if (copy[at] < 0xff && copy[at + step] > 0)
      {
        copy[at]++;
        copy[at + step]--;
        break;
      }
  changed = g_bytes_new_take (copy, length);
  firmware = ofl_firmware_new_from_bytes ("sibling.bin", changed);
  ofl_families_recognise (firmware, NULL);
  return ofl_firmware_get_n_images (firmware) > 0
             ? ofl_image_ref (ofl_firmware_get_image (firmware, 0))
             : NULL;
}

static void
test_sibling (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflImage) sibling = make_sibling (image, 0x200);
  g_autoptr (OflResult) first = flash (which, bench, image);
  g_autoptr (OflResult) second = NULL;

  g_assert_cmpstr (ofl_verdict_id (first->verdict), ==, ofl_verdict_id (which->verdict));
  if (sibling == NULL || ofl_image_is_changed (sibling))
    {
      g_test_message ("%s: such a file fails its own check", which->id);
      return;
    }
  if (which->shown_later)
    workbench_restart (bench);
  second = flash (which, bench, sibling);
  g_assert_cmpint (second->verdict, !=, OFL_VERDICT_UNCHANGED);
  g_assert_cmpint (second->verdict, !=, OFL_VERDICT_IDENTICAL);
  if (!which->readable)
    g_assert_cmpint (ofl_verdict_is_success (second->verdict), ==, FALSE);
}

static void
test_fault (const PracticeCase *which, const char *fault, OflVerdict readable)
{
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflResult) result = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
  result = flash (which, bench, image);
  if (which->readable)
    g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (readable));
  else
    g_assert_cmpint (result->verdict, !=, OFL_VERDICT_UNCHANGED);
}

static void
test_lie (gconstpointer data)
{
  test_fault (data, "lie", OFL_VERDICT_FAILED_RECOVERY);
}

static void
test_silent (gconstpointer data)
{
  const PracticeCase *which = data;

  test_fault (which, "silent", OFL_VERDICT_UNCHANGED);
}

static OflImage *
make_twin (const PracticeCase *which, Workbench *bench)
{
  g_autofree char *variant
      = g_strconcat ("twin", which->variant != NULL ? "-" : NULL, which->variant, NULL);

  return workbench_image (bench, which->revision, variant);
}

/* A drive that holds another image of the same revision, whole, and was left in the boot mode that
 * a command enters: a job broke off whose every byte the chip had swallowed. */
static Workbench *
leave_in_boot_mode (const PracticeCase *which, OflImage *image)
{
  for (guint n = 1; n < 400; n++)
    {
      g_autoptr (Workbench) bench = practice_bench (which);
      g_autoptr (OflImage) twin = make_twin (which, bench);
      g_autofree char *fault = g_strdup_printf ("fail any %u 20", n);
      g_autoptr (OflResult) first = workbench_run (bench, OFL_JOB_FLASH, twin), broken = NULL;
      g_autoptr (OflSnapshot) drive = NULL;

      g_assert_true (ofl_verdict_is_success (first->verdict));
      g_assert_true (ofl_practice_drive_add_fault (bench->device, "silent", NULL));
      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, NULL));
      broken = workbench_run (bench, OFL_JOB_FLASH, image);
      ofl_practice_drive_clear_faults (bench->device);
      drive = workbench_look (bench);
      if (drive != NULL && ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT
          && ofl_practice_drive_holds (bench->device, ofl_image_get_bytes (twin)))
        return g_steal_pointer (&bench);
    }
  g_error ("no job left %s in its boot mode", which->id);
}

/* f1-boot: a chip that swallows all once more, and a restart that leaves the mode: the drive then
 * runs the image's revision and holds other bytes. */
static void
test_boot (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) fresh = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (fresh, which->revision, which->variant);
  g_autoptr (Workbench) bench = leave_in_boot_mode (which, image);
  g_autoptr (OflResult) result = NULL;

  g_assert_true (ofl_practice_drive_add_fault (bench->device, "silent", NULL));
  result = flash (which, bench, image);
  g_assert_false (ofl_practice_drive_holds (bench->device, ofl_image_get_bytes (image)));
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, "unknown");
  g_assert_nonnull (strstr (result->what, "left its boot mode and runs revision 1.03"));
  g_assert_nonnull (strstr (result->meaning, "cannot be told"));
}

/* Finding F4: a chip so slow that every wait runs out. The drive is at work when the job ends, or it
 * was waited for: it is never called as before, safe, or in need of its power being switched. */
static void
test_slow (gconstpointer data)
{
  const PracticeCase *which = data;
  static const char *const faults[] = { "slow 16", "slow 60", "slow 1000" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Workbench) bench = practice_bench (which);
      g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
      g_autoptr (OflResult) result = NULL;
      g_autofree char *journal = NULL;

      g_assert_true (ofl_practice_drive_add_fault (bench->device, faults[i], NULL));
      result = flash (which, bench, image);
      g_assert_cmpint (ofl_verdict_exit_status (result->verdict), !=, 1);
      if (result->verdict != OFL_VERDICT_UNKNOWN)
        continue;
      g_test_message ("%s: %s", result->meaning, result->next);
      if (strstr (result->meaning, "at work") != NULL)
        {
          journal = workbench_journal (bench);
          g_assert_null (strstr (journal, "safe-again"));
          g_assert_nonnull (strstr (result->next, "switched on"));
          g_assert_null (strstr (result->next, "power off"));
        }
    }
}

static void
mark_compared (const OflPlan *plan, guint8 *map, gsize length)
{
  const GArray *left_out = ofl_plan_get_left_out (plan);

  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);

      if (step->compare != OFL_COMPARE_RECORD && step->compare != OFL_COMPARE_NOTE)
        continue;
      g_assert_cmpuint (step->against.offset + step->command.length, <=, length);
      for (guint32 k = 0; k < step->command.length; k++)
        g_assert_cmpuint (map[step->against.offset + k]++, ==, 0);
    }
  for (guint i = 0; left_out != NULL && i < left_out->len; i++)
    {
      const OflLeftOut *one = &g_array_index (left_out, OflLeftOut, i);

      g_assert_cmpuint (one->offset + one->length, <=, length);
      for (guint64 k = 0; k < one->length; k++)
        g_assert_cmpuint (map[one->offset + k]++, ==, 0);
    }
}

/* Finding F3: every byte of the image is compared once after the write, or left out by name. What a
 * file of NEC's has behind its firmware, a sum and an ID of at most 12 bytes, is not sent; the header and
 * the key of a file for a Pioneer BD writer are not kept. */
static void
test_covered (gconstpointer data)
{
  const PracticeCase *which = data;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, which->variant);
  g_autoptr (OflSnapshot) drive = workbench_look (bench);
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (drive));
  g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, bench->options->choices);
  g_autoptr (OflPlan) plan = ofl_family_plan_write (family, judgement, NULL);
  g_autofree guint8 *map = NULL;
  gsize length;
  guint missed = 0, unsent = 0;

  ofl_image_get_data (image, &length);
  map = g_malloc0 (length);
  mark_compared (plan, map, length);
  for (gsize i = 0; i < length; i++)
    missed += map[i] == 0;
  if (g_str_equal (ofl_family_id (family), "nec"))
    unsent = 12;
  else if (g_str_equal (which->id, "bdr"))
    unsent = 0x10200; /* what is sent is the file, what is kept its plain part */
  g_assert_cmpuint (missed, <=, unsent);
}

/* Finding F3, case-01: bytes that were not looked at before. An image that differs there is neither
 * "identical" nor "verified", and what is left out is named. */
typedef struct {
  const char *id;
  const char *revision;
  gsize at;
  OflVerdict verify; /* how a comparison with the changed file ends */
} BeyondCase;

static const BeyondCase beyond[] = {
  { "bu40n", "1.03", 0x105c8, OFL_VERDICT_DIFFERENT }, /* what makes an OmniDrive of it */
  { "bu40n", "1.03", 0x1b59c5, OFL_VERDICT_DIFFERENT },
  { "bu40n", "1.03", 0x3800, OFL_VERDICT_DIFFERENT },
  { "bu40n", "1.03", 0x1ee000, OFL_VERDICT_DIFFERENT },
  { "bu40n", "1.03", 0x1f8000, OFL_VERDICT_VERIFIED },  /* this drive's own calibration */
  { "se506", "TS02", 0x1fffec, OFL_VERDICT_DIFFERENT }, /* the load word */
  { "se506", "TS02", 0x1e8000, OFL_VERDICT_DIFFERENT },
  { "se506", "TS02", 0x8000, OFL_VERDICT_VERIFIED }, /* the boot code, which stays */
};

static OflImage *
change_byte (const OflImage *image, gsize at)
{
  gsize length;
  const guint8 *bytes = ofl_image_get_data (image, &length);
  guint8 *copy = g_memdup2 (bytes, length);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (OflFirmware) firmware = NULL;

  copy[at] ^= 0x10;
  changed = g_bytes_new_take (copy, length);
  firmware = ofl_firmware_new_from_bytes ("changed.bin", changed);
  g_assert_true (ofl_families_recognise (firmware, NULL));
  g_assert_cmpuint (ofl_firmware_get_n_images (firmware), >, 0);
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static void
test_beyond (gconstpointer data)
{
  const BeyondCase *which = data;
  const PracticeCase drive = { .id = which->id, .revision = which->revision };
  g_autoptr (Workbench) bench = practice_bench (&drive);
  g_autoptr (OflImage) image = workbench_image (bench, which->revision, NULL);
  g_autoptr (OflImage) changed = change_byte (image, which->at);
  g_autoptr (OflResult) first = flash (&drive, bench, image);
  g_autoptr (OflResult) compared = workbench_run (bench, OFL_JOB_VERIFY, changed);
  g_autoptr (OflResult) second = NULL;

  g_assert_cmpint (first->verdict, ==, OFL_VERDICT_VERIFIED);
  g_assert_nonnull (strstr (first->proof, "Not compared: "));
  g_test_message ("%s: %s %s", ofl_verdict_id (compared->verdict), compared->what, compared->proof);
  g_assert_cmpstr (ofl_verdict_id (compared->verdict), ==, ofl_verdict_id (which->verify));
  g_assert_nonnull (strstr (compared->proof, "Not compared: "));
  g_assert_null (strstr (compared->what, "exactly"));
  second = workbench_run (bench, OFL_JOB_FLASH, changed);
  g_test_message ("%s: %s", ofl_verdict_id (second->verdict), second->what);
  g_assert_cmpint (second->verdict == OFL_VERDICT_IDENTICAL, ==,
                   which->verify == OFL_VERDICT_VERIFIED);
  if (second->verdict == OFL_VERDICT_IDENTICAL)
    g_assert_null (strstr (second->meaning, "exactly"));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    GTestDataFunc func;
  } tests[] = { { "same-revision", test_same_revision },
                { "sibling", test_sibling },
                { "lie", test_lie },
                { "silent", test_silent } };
  /* that cannot be read back, and have a boot mode that a command enters */
  static const char *const entered_by_command[] = { "dvr104", "dvr107", "dvr109", "bc5500" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < practice_n_cases (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (tests); k++)
      {
        g_autofree char *path
            = g_strdup_printf ("/verdicts/f1/%s/%s", practice_case (i)->id, tests[k].name);

        g_test_add_data_func (path, practice_case (i), tests[k].func);
      }
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/verdicts/f3/covered/%s", practice_case (i)->id);

      if (practice_case (i)->readable)
        g_test_add_data_func (path, practice_case (i), test_covered);
    }
  for (guint i = 0; i < practice_n_cases (); i++)
    {
      g_autofree char *path = g_strdup_printf ("/verdicts/f4/%s", practice_case (i)->id);

      g_test_add_data_func (path, practice_case (i), test_slow);
    }
  for (guint i = 0; i < G_N_ELEMENTS (entered_by_command); i++)
    {
      g_autofree char *path = g_strdup_printf ("/verdicts/f1-boot/%s", entered_by_command[i]);

      g_test_add_data_func (path, practice_find (entered_by_command[i]), test_boot);
    }
  for (guint i = 0; i < G_N_ELEMENTS (beyond); i++)
    {
      g_autofree char *path = g_strdup_printf ("/verdicts/f3/case-01/%s/%06" G_GSIZE_MODIFIER "x",
                                               beyond[i].id, beyond[i].at);

      g_test_add_data_func (path, &beyond[i], test_beyond);
    }
  return g_test_run ();
}
