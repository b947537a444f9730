/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MT1959 family: probing, plans command by command, judgement, verdicts. The commands that
 * are expected are written out or counted here, from annex-sequences.md 7, not from the code. */
#include <string.h>

#include "family/ofl-mt1959.h"
#include "scsi/ofl-error.h"
#include "specimen.h"

#define SIZE 0x200000
#define N_CHUNKS 128

static const char ready12[] = "000000000000000000000000";

static OflChoices *
choose (const char *dialect, const char *enc)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "dialect", dialect);
  ofl_choices_set (choices, "enc", enc);
  return choices;
}

static OflImage *
new_image (const Specimen *specimen, guint32 seed)
{
  g_autofree guint8 *data = specimen_image (specimen, seed);

  return specimen_parse ("mt1959", data, SIZE);
}

static OflPlan *
plan_write (const OflSnapshot *drive, const OflImage *image, const OflChoices *choices)
{
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (GError) error = NULL;
  OflPlan *plan = family->plan_write (family, drive, image, choices, &error);

  g_assert_no_error (error);
  return plan;
}

/* Walks a plan step by step. */
typedef struct {
  const OflPlan *plan;
  guint next;
} Walk;

static const OflStep *
take (Walk *walk, OflStepKind kind, OflStage stage)
{
  const OflStep *step;

  g_assert_cmpuint (walk->next, <, ofl_plan_get_n_steps (walk->plan));
  step = ofl_plan_get_step (walk->plan, walk->next++);
  g_assert_cmpstr (ofl_step_kind_id (step->kind), ==, ofl_step_kind_id (kind));
  g_assert_cmpstr (ofl_stage_id (step->stage), ==, ofl_stage_id (stage));
  g_assert_nonnull (step->label);
  g_assert_nonnull (step->label);
  return step;
}

static void
assert_cdb (const OflStep *step, const char *hex, OflDirection dir, guint32 length)
{
  g_autofree char *cdb = specimen_hex (step->command.cdb, step->command.cdb_len);

  g_assert_cmpstr (cdb, ==, hex);
  g_assert_cmpint (step->command.dir, ==, dir);
  g_assert_cmphex (step->command.length, ==, length);
  g_assert_cmpuint (step->command.timeout_ms, >, 0);
}

static const OflStep *
take_command (Walk *walk,
              OflStage stage,
              const char *hex,
              OflDirection dir,
              guint32 length,
              OflExpect expect)
{
  const OflStep *step = take (walk, OFL_STEP_COMMAND, stage);

  assert_cdb (step, hex, dir, length);
  g_assert_cmpstr (ofl_expect_id (step->expect), ==, ofl_expect_id (expect));
  return step;
}

/* The 128 pieces by the annex's formula, the mark right before the last. */
static int
take_stream (Walk *walk, const char *tail)
{
  int buffer = -1;

  for (guint i = 0; i < N_CHUNKS; i++)
    {
      guint offset = i * 16384;
      g_autofree char *hex = g_strdup_printf ("3b0600%02x%02x%02x004000%s", offset / 65536,
                                              offset / 256 % 256, offset % 256, tail);
      const OflStep *step;

      if (i == N_CHUNKS - 1)
        g_assert_cmpint (take (walk, OFL_STEP_MARK, OFL_STAGE_SEND)->mark, ==,
                         OFL_MARK_DANGER_BEGINS);
      step = take_command (walk, OFL_STAGE_SEND, hex, OFL_DIR_OUT, 0x4000, OFL_EXPECT_OK);
      g_assert_cmpuint (step->out.offset, ==, offset);
      g_assert_true (i == 0 || step->out.buffer == buffer);
      buffer = step->out.buffer;
      /* a drive that programs while it holds this command must not be given up on: its chip may
       * take 105 s */
      if (i == N_CHUNKS - 1)
        g_assert_cmpuint (step->command.timeout_ms, >, 105000);
    }
  return buffer;
}

static void
assert_buffer (const OflPlan *plan, int buffer, const guint8 *want)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (ofl_plan_get_buffer (plan, buffer), &length);

  g_assert_cmpmem (data, length, want, SIZE);
}

/* The specimen's ranges, each in pieces of 4000 and a rest. */
static void
take_verify (Walk *walk, const guint8 *plain)
{
  static const guint32 ranges[][2]
      = { { 0x11000, 0x181800 }, { 0x1d0000, 0x1d8000 }, { 0x1ec000, 0x1ec100 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (guint32 at = ranges[i][0]; at < ranges[i][1]; at += 0x4000)
      {
        guint32 length = MIN (0x4000, ranges[i][1] - at);
        g_autofree char *hex = g_strdup_printf ("3c0600%06x%06x00", at, length);
        const OflStep *step = take_command (walk, OFL_STAGE_VERIFY, hex, OFL_DIR_IN, length,
                                            OFL_EXPECT_OK);

        g_assert_cmpint (step->compare, ==, OFL_COMPARE_RECORD);
        g_assert_cmphex (step->against.offset, ==, at);
        g_assert_cmphex (step->capture_offset, ==, at);
        g_assert_cmpint (step->capture, >=, 0);
        assert_buffer (walk->plan, step->against.buffer, plain);
      }
  g_assert_cmpint (take (walk, OFL_STEP_MARK, OFL_STAGE_VERIFY)->mark, ==, OFL_MARK_SAFE_AGAIN);
  g_assert_cmpuint (walk->next, ==, ofl_plan_get_n_steps (walk->plan));
}

static void
assert_gate (const Walk *walk, const OflStep *step, GBytes *want)
{
  GBytes *against = ofl_plan_get_buffer (walk->plan, step->against.buffer);

  g_assert_cmpint (step->compare, ==, OFL_COMPARE_GATE);
  g_assert_true (g_bytes_equal (against, want));
}

static void
take_gates (Walk *walk, const OflSnapshot *drive)
{
  const OflStep *step;

  take_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  take_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  step = take_command (walk, OFL_STAGE_CHECK, "3c060000300000002000", OFL_DIR_IN, 0x20,
                       OFL_EXPECT_OK);
  assert_gate (walk, step, ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_BANNER));
}

static void
assert_poll (const OflStep *step, const char *hex, OflExpect expect, guint every, guint limit,
             guint need)
{
  assert_cdb (step, hex, OFL_DIR_NONE, 0);
  g_assert_cmpstr (ofl_expect_id (step->expect), ==, ofl_expect_id (expect));
  g_assert_cmpuint (step->poll_interval_ms, ==, every);
  g_assert_cmpuint (step->poll_limit_ms, ==, limit);
  g_assert_cmpuint (step->poll_need, ==, need);
  g_assert_false (step->poll_in_a_row);
  g_assert_true (step->poll_limit_ok);
}

static void
take_oem_program (Walk *walk)
{
  const OflStep *step;

  assert_poll (take (walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), ready12,
               OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 1);
  take_command (walk, OFL_STAGE_PROGRAM, "3b0700000000000000001b12", OFL_DIR_OUT, 0,
                OFL_EXPECT_IGNORE);
  take_command (walk, OFL_STAGE_PROGRAM, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  step = take_command (walk, OFL_STAGE_PROGRAM, "030000108000000000000000", OFL_DIR_IN, 0x10,
                       OFL_EXPECT_IGNORE);
  g_assert_true (step->residual_ok);
  take (walk, OFL_STEP_CHECK, OFL_STAGE_PROGRAM);
  assert_poll (take (walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), ready12,
               OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 105000, 1);
}

/* annex-sequences.md 7.2 */
static void
test_plan_oem (gconstpointer enc)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autofree guint8 *data = specimen_image (&bu40n, 7);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (OflChoices) choices = choose (NULL, enc);
  g_autoptr (OflPlan) plan = plan_write (drive, image, choices);
  g_autoptr (GBytes) encrypted = ofl_mt1959_encrypt (ofl_image_get_bytes (image));
  gboolean plain = g_str_equal (enc, "no");
  Walk walk = { plan, 0 };
  const OflStep *step;

  take_gates (&walk, drive);
  step = take_command (&walk, OFL_STAGE_CHECK, "3c06001ec000000100000000", OFL_DIR_IN, 0x100,
                       OFL_EXPECT_OK);
  assert_gate (&walk, step, ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_DESCRIPTOR));
  take_command (&walk, OFL_STAGE_CHECK, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_OK_OR_NO_MEDIUM);
  take_command (&walk, OFL_STAGE_SEND, "3b01000000000000000b0000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
  assert_buffer (plan, take_stream (&walk, "000000"),
                 plain ? data : g_bytes_get_data (encrypted, NULL));
  take_oem_program (&walk);
  take_verify (&walk, data);
}

/* annex-sequences.md 7.1 */
static void
test_plan_redumper (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autofree guint8 *data = specimen_image (&bu40n, 7);
  g_autofree guint8 *sent = g_memdup2 (data, SIZE);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (OflChoices) choices = choose ("redumper", NULL);
  g_autoptr (OflPlan) plan = plan_write (drive, image, choices);
  Walk walk = { plan, 0 };

  for (guint i = 0; i < 0x10000; i++)
    sent[i] = 0xff;
  memcpy (sent + 0x3000, "MT1959 Boot BU5 ", 16);
  memset (sent + 0x3010, 0xb5, 16);
  take_gates (&walk, drive);
  take_command (&walk, OFL_STAGE_SEND, "3b010000000000000000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
  assert_buffer (plan, take_stream (&walk, "00"), sent);
  assert_poll (take (&walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), "000000000000", OFL_EXPECT_OK, 1000,
               15000, 2);
  assert_poll (take (&walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), "000000000000",
               OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 105000, 1);
  take_verify (&walk, data);
}

static void
test_plan_measure (void)
{
  static const char *const dialects[] = { "oem", "redumper" };
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflImage) image = new_image (&bu40n, 7);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (OflChoices) choices = choose (dialects[i], NULL);
      g_autoptr (OflPlan) plan = plan_write (drive, image, choices);
      OflStagePlan stages[OFL_N_STAGES];

      ofl_plan_measure (plan, stages);
      g_assert_cmpuint (stages[OFL_STAGE_SEND].bytes, ==, SIZE);
      g_assert_cmpuint (stages[OFL_STAGE_VERIFY].bytes, ==, 0x170800 + 0x8000 + 0x100);
      g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].usual_ms, >=, 43000);
      g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].usual_ms, <, 44000);
      g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].max_ms, >=, 105000);
      g_assert_cmpuint (stages[OFL_STAGE_PROGRAM].max_ms, <, 106000);
    }
}

/* A boot code: no gate against discs, and what it did not show when probed it need not show. */
static void
test_plan_boot (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_BOOT, FALSE);
  g_autoptr (OflImage) image = new_image (&bu40n, 7);
  g_autoptr (OflPlan) plan = plan_write (drive, image, NULL);
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (GError) error = NULL;
  Walk walk = { plan, 0 };
  const OflStep *step;

  take_command (&walk, OFL_STAGE_CHECK, "3c060000300000002000", OFL_DIR_IN, 0x20, OFL_EXPECT_OK);
  step = take_command (&walk, OFL_STAGE_CHECK, "3c06001ec000000100000000", OFL_DIR_IN, 0x100,
                       OFL_EXPECT_IGNORE);
  g_assert_cmpint (step->compare, ==, OFL_COMPARE_NONE);
  take_command (&walk, OFL_STAGE_CHECK, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_OK_OR_NO_MEDIUM);
  take_command (&walk, OFL_STAGE_SEND, "3b01000000000000000b0000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
  take_stream (&walk, "000000");
  take_oem_program (&walk);
  g_assert_cmpint (take (&walk, OFL_STEP_MARK, OFL_STAGE_PROGRAM)->mark, ==, OFL_MARK_SAFE_AGAIN);
  g_assert_cmpuint (walk.next, ==, ofl_plan_get_n_steps (plan));
  g_assert_null (family->plan_read (family, drive, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
}

static gboolean
ask_status (const OflStep *check, const guint8 *data, guint length, GError **error)
{
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData run = { captures };

  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (captures, g_byte_array_append (g_byte_array_new (), data, length));
  return check->check (&run, check->arg, error);
}

/* annex-sequences.md 7.2 row 9 */
static void
test_status (void)
{
  static const guint8 keys_good[] = { 0, 1, 2, 5, 6 }, keys_bad[] = { 3, 4, 0xb };
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflImage) image = new_image (&bu40n, 7);
  g_autoptr (OflPlan) plan = plan_write (drive, image, NULL);
  guint8 sense[16] = { 0x70, 0, 0, 0, 0, 0, 0, 10 };
  guint8 described[16] = { 0x72, 0x04, 0x44, 0x00 };
  g_autoptr (GError) error = NULL;
  const OflStep *check = NULL;

  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    if (ofl_plan_get_step (plan, i)->kind == OFL_STEP_CHECK)
      check = ofl_plan_get_step (plan, i);
  g_assert_nonnull (check);
  g_assert_true (ask_status (check, sense, 0, NULL));
  for (guint i = 0; i < sizeof keys_good; i++)
    {
      sense[2] = keys_good[i];
      g_assert_true (ask_status (check, sense, sizeof sense, NULL));
    }
  for (guint i = 0; i < sizeof keys_bad; i++)
    {
      sense[2] = keys_bad[i];
      g_assert_false (ask_status (check, sense, sizeof sense, NULL));
    }
  g_assert_false (ask_status (check, described, sizeof described, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_REJECTED);
  sense[0] = 0;
  g_assert_true (ask_status (check, sense, sizeof sense, NULL));
}

static void
take_region (Walk *walk, int capture, guint32 start, guint32 length)
{
  for (guint32 at = start; at < start + length; at += 0x4000)
    {
      guint32 part = MIN (0x4000, start + length - at);
      g_autofree char *hex = g_strdup_printf ("3c0600%06x%06x00", at, part);
      const OflStep *step
          = take_command (walk, OFL_STAGE_BACKUP, hex, OFL_DIR_IN, part, OFL_EXPECT_OK);

      g_assert_cmpint (step->capture, ==, capture);
      g_assert_cmphex (step->capture_offset, ==, at - start);
      g_assert_false (step->residual_ok);
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
  g_autoptr (OflPlan) plan = family->plan_read (family, drive, NULL, &error);
  Walk walk = { plan, 0 };

  g_assert_no_error (error);
  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (ofl_plan_get_capture_name (plan, (int) i), ==, names[i]);
  take_region (&walk, 0, 0, SIZE);
  take_region (&walk, 1, 0x3000, 0x20);
  take_region (&walk, 2, 0x1ec000, 0x100);
  take_region (&walk, 3, 0x1f0000, 0x10000);
  take_command (&walk, OFL_STAGE_BACKUP, "120000006000", OFL_DIR_IN, 0x60, OFL_EXPECT_IGNORE);
  take_command (&walk, OFL_STAGE_BACKUP, "4602010c000000001c00", OFL_DIR_IN, 0x1c,
                OFL_EXPECT_IGNORE);
  take_command (&walk, OFL_STAGE_BACKUP, "46020108000000001c00", OFL_DIR_IN, 0x1c,
                OFL_EXPECT_IGNORE);
  g_assert_cmpuint (walk.next, ==, ofl_plan_get_n_steps (plan));
}

/* The plan only ever reads; nothing in it may look like a write to the transport's guard. */
static void
test_plan_read_is_read_only (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (OflSnapshot) drive = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  g_autoptr (OflPlan) plan = family->plan_read (family, drive, NULL, NULL);

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
  g_assert_cmpuint (family->compare_read (family, image, equal, NULL, &compared), ==, 0);
  g_assert_cmphex (compared, ==, 0x170800 + 0x8000 + 0x100);
  data[0x11000] ^= 1;
  data[0x1ec0ff] ^= 1;
  different = g_bytes_new (data, SIZE);
  g_assert_cmpuint (family->compare_read (family, image, different, NULL, &compared), ==, 2);
  shorter = g_bytes_new (data, SIZE - 1);
  family->compare_read (family, image, shorter, NULL, &compared);
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
  g_autoptr (OflImage) image = new_image (&bu40n, 7);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = specimen_drive (&bu40n, rows[i].before, TRUE);
      g_autoptr (OflSnapshot) after = specimen_drive (&bu40n, rows[i].after, TRUE);
      OflProof proof = { before, after, image, rows[i].compared, rows[i].different,
                         rows[i].equals_backup };

      g_assert_cmpstr (ofl_verdict_id (family->confirm (family, &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
      proof.after = NULL;
      g_assert_cmpint (family->confirm (family, &proof), ==, OFL_VERDICT_UNKNOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mt1959/plan/oem", "no", test_plan_oem);
  g_test_add_data_func ("/mt1959/plan/oem-enc", "yes", test_plan_oem);
  g_test_add_func ("/mt1959/plan/redumper", test_plan_redumper);
  g_test_add_func ("/mt1959/plan/measure", test_plan_measure);
  g_test_add_func ("/mt1959/plan/boot", test_plan_boot);
  g_test_add_func ("/mt1959/plan/status", test_status);
  g_test_add_func ("/mt1959/plan/read", test_plan_read);
  g_test_add_func ("/mt1959/plan/read-is-read-only", test_plan_read_is_read_only);
  g_test_add_func ("/mt1959/compare-read", test_compare_read);
  g_test_add_func ("/mt1959/confirm", test_confirm);
  return g_test_run ();
}
