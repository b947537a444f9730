/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MT1959 family: plans that write, command by command. The commands that are expected are written
 * out or counted here, from mt1959 2, not from the code. */
#include <string.h>

#include "families/mt1959/ofl-mt1959.h"
#include "family/ofl-family-private.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

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
  OflPlan *plan = specimen_plan_write (family, drive, image, choices, &error);

  g_assert_no_error (error);
  return plan;
}

/* The 128 pieces by the formula of mt1959 2.3, the mark right before the last. */
static int
take_stream (PlanWalk *walk, const char *tail)
{
  int buffer = -1;

  for (guint i = 0; i < N_CHUNKS; i++)
    {
      guint offset = i * 16384;
      g_autofree char *hex = g_strdup_printf ("3b0600%02x%02x%02x004000%s", offset / 65536,
                                              offset / 256 % 256, offset % 256, tail);
      const OflStep *step;

      if (i == N_CHUNKS - 1)
        walk_mark (walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
      step = walk_command (walk, OFL_STAGE_SEND, hex, OFL_DIR_OUT, 0x4000, OFL_EXPECT_OK);
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

typedef struct {
  guint32 start, end;
  OflCompare compare;
} Part;

/* The specimen's parts from 10000 on, what the drive keeps for itself left out (mt1959 3.1):
 * the page with the integrity table and what the table covers must be there, and of the rest no
 * source says whether it is. */
static const Part code_parts[]
    = { { 0x10000, 0x11000, OFL_COMPARE_RECORD },   { 0x11000, 0x181800, OFL_COMPARE_RECORD },
        { 0x181800, 0x1d0000, OFL_COMPARE_NOTE },   { 0x1d0000, 0x1d8000, OFL_COMPARE_RECORD },
        { 0x1ec000, 0x1ec100, OFL_COMPARE_RECORD }, { 0x1ec100, 0x1f0000, OFL_COMPARE_NOTE } };
static const Part boot_parts[] = { { 0x1000, 0x3000, OFL_COMPARE_NOTE },
                                   { 0x3000, 0x3020, OFL_COMPARE_NOTE },
                                   { 0x3020, 0x10000, OFL_COMPARE_NOTE } };

static void
take_parts (PlanWalk *walk, const guint8 *plain, const Part *parts, guint n)
{
  for (guint i = 0; i < n; i++)
    for (guint32 at = parts[i].start; at < parts[i].end;)
      {
        guint32 length = MIN (0x4000, parts[i].end - at);
        g_autofree char *hex = g_strdup_printf ("3c0600%06x%06x00", at, length);
        const OflStep *step
            = walk_command (walk, OFL_STAGE_VERIFY, hex, OFL_DIR_IN, length, OFL_EXPECT_OK);

        g_assert_cmpint (step->compare, ==, parts[i].compare);
        g_assert_cmphex (step->against.offset, ==, at);
        g_assert_cmphex (step->capture_offset, ==, at);
        g_assert_cmpint (step->capture, >=, 0);
        assert_buffer (walk->plan, step->against.buffer, plain);
        at += length;
      }
}

/* What is neither compared nor noted is named (finding F3). */
static guint64
left_out (const OflPlan *plan)
{
  const GArray *all = ofl_plan_get_left_out (plan);
  guint64 sum = 0;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const OflLeftOut *one = &g_array_index (all, OflLeftOut, i);

      g_assert_cmpuint (strlen (one->why), >, 10);
      sum += one->length;
    }
  return sum;
}

static void
take_verify (PlanWalk *walk, const guint8 *plain, gboolean boot_area_sent)
{
  if (boot_area_sent)
    take_parts (walk, plain, boot_parts, G_N_ELEMENTS (boot_parts));
  take_parts (walk, plain, code_parts, G_N_ELEMENTS (code_parts));
  g_assert_cmphex (left_out (walk->plan), ==,
                   (boot_area_sent ? 0x1000 : 0x10000) + 0x14000 + 0x10000);
  walk_mark (walk, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

static void
assert_gate (const PlanWalk *walk, const OflStep *step, GBytes *want)
{
  GBytes *against = ofl_plan_get_buffer (walk->plan, step->against.buffer);

  g_assert_cmpint (step->compare, ==, OFL_COMPARE_GATE);
  g_assert_true (g_bytes_equal (against, want));
}

static void
take_gates (PlanWalk *walk, const OflSnapshot *drive)
{
  const OflStep *step;

  walk_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  step = walk_command (walk, OFL_STAGE_CHECK, "3c060000300000002000", OFL_DIR_IN, 0x20,
                       OFL_EXPECT_OK);
  assert_gate (walk, step, ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_BANNER));
}

static void
assert_poll (const OflStep *step, const char *hex, guint every, guint limit, gboolean only_at_work)
{
  walk_assert_cdb (step, hex, OFL_DIR_NONE, 0);
  g_assert_cmpstr (ofl_expect_id (step->expect), ==, "ok-or-no-medium");
  g_assert_cmpuint (step->poll_interval_ms, ==, every);
  g_assert_cmpuint (step->poll_limit_ms, ==, limit);
  g_assert_cmpuint (step->poll_need, ==, 1);
  g_assert_false (step->poll_limit_ok); /* to run out of time is an error */
  g_assert_cmpint (step->poll_only_at_work, ==, only_at_work);
  g_assert_cmpuint (step->report_parts, ==, only_at_work ? 32 : 0);
  g_assert_cmpuint (step->report_bytes, ==, only_at_work ? 2097152 : 0);
}

static void
take_status (PlanWalk *walk)
{
  const OflStep *ask = walk_command (walk, OFL_STAGE_PROGRAM, "030000108000000000000000",
                                     OFL_DIR_IN, 0x10, OFL_EXPECT_IGNORE);
  const OflStep *check = walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_PROGRAM);

  g_assert_true (ask->residual_ok);
  /* each check looks at the answer right before it */
  g_assert_cmpint (ask->capture, ==, (int) GPOINTER_TO_UINT (check->arg));
}

/* COMMIT, READY, STATUS right after the last piece; the wait; STATUS once more (mt1959 2.4). */
static void
take_oem_program (PlanWalk *walk)
{
  walk_command (walk, OFL_STAGE_PROGRAM, "3b0700000000000000001b12", OFL_DIR_OUT, 0,
                OFL_EXPECT_IGNORE);
  walk_command (walk, OFL_STAGE_PROGRAM, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  take_status (walk);
  assert_poll (walk_take (walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), ready12, 500, 45000, FALSE);
  take_status (walk);
}

/* mt1959 2.7 */
static void
take_redumper_program (PlanWalk *walk)
{
  walk_command (walk, OFL_STAGE_PROGRAM, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_AT_WORK);
  g_assert_cmpuint (walk_take (walk, OFL_STEP_SETTLE, OFL_STAGE_PROGRAM)->settle_ms, ==, 1000);
  assert_poll (walk_take (walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM), "000000000000", 1000, 60000,
               TRUE);
}

/* mt1959 2.6: the second way in is for a drive that refused the first. */
static void
take_redumper_prepare (PlanWalk *walk)
{
  const OflStep *unlock = walk_command (walk, OFL_STAGE_SEND, "3b066700000000000000", OFL_DIR_OUT,
                                        0, OFL_EXPECT_IGNORE);

  g_assert_cmpuint (unlock->skip_if_good, ==, 1);
  g_assert_cmpuint (unlock->skip_if_refused, ==, 0);
  walk_command (walk, OFL_STAGE_SEND, "3b010000000000000000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
}

/* mt1959 2.2 to 2.4 */
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
  PlanWalk walk = { plan, 0 };
  const OflStep *step;

  take_gates (&walk, drive);
  step = walk_command (&walk, OFL_STAGE_CHECK, "3c06001ec000000100000000", OFL_DIR_IN, 0x100,
                       OFL_EXPECT_OK);
  assert_gate (&walk, step, ofl_snapshot_get_blob (drive, OFL_MT1959_BLOB_DESCRIPTOR));
  walk_command (&walk, OFL_STAGE_CHECK, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_OK_OR_NO_MEDIUM);
  walk_command (&walk, OFL_STAGE_SEND, "3b01000000000000000b0000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
  assert_buffer (plan, take_stream (&walk, "000000"),
                 plain ? data : g_bytes_get_data (encrypted, NULL));
  take_oem_program (&walk);
  take_verify (&walk, data, TRUE);
}

/* mt1959 2.5 to 2.7 */
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
  PlanWalk walk = { plan, 0 };

  for (guint i = 0; i < 0x10000; i++)
    sent[i] = 0xff;
  memcpy (sent + 0x3000, "MT1959 Boot BU5 ", 16);
  take_gates (&walk, drive);
  take_redumper_prepare (&walk);
  assert_buffer (plan, take_stream (&walk, "00"), sent);
  take_redumper_program (&walk);
  take_verify (&walk, data, FALSE);
}

/* What redumper's way puts to 3000 of a drive that is known, by mt1959 2.5 and its table. */
static void
test_boot_string (void)
{
  static const struct {
    const char *product, *banner, *svc, *want;
    OflDriveState state;
  } rows[] = {
    { "BD-RE BP60NB10", "MT1959 Boot BUP5", "NB10", "MT1959 Boot BUP5", OFL_DRIVE_STATE_NORMAL },
    { "BD-RE BP60NB10", "MT1959 Boot BUP5", "NB12", "MT1959 Boot BP52", OFL_DRIVE_STATE_NORMAL },
    { "BD-RE BP60NB10", "MT1959 Boot BUP5", "NB12", "MT1959 Boot BUP5", OFL_DRIVE_STATE_BOOT },
    /* no code agrees: the drive's own board when it is one of the model's, else the last */
    { "BD-RE BP60NB10", "MT1959 Boot BUP5", "    ", "MT1959 Boot BUP5", OFL_DRIVE_STATE_NORMAL },
    { "BD-RE BP60NB10", "MT1959 Boot BU5 ", "    ", "MT1959 Boot BP52", OFL_DRIVE_STATE_NORMAL },
    { "BD-RE  WH16NS60", "MT1959 Boot JB9 ", "NS60", "MT1959 Boot JB8 ", OFL_DRIVE_STATE_NORMAL },
    { "BD-RE  WH16NS58", "MT1959 Boot JB8 ", "    ", "MT1959 Boot JB8 ", OFL_DRIVE_STATE_NORMAL },
    /* a name of another group than the board's: the board's own */
    { "BD-RE BU40N", "MT1959 Boot JB9 ", "    ", "MT1959 Boot JB9 ", OFL_DRIVE_STATE_NORMAL },
    { "SBW-06D2X-U", "MT1959 Boot BU51", "    ", "MT1959 Boot BU51", OFL_DRIVE_STATE_NORMAL },
  };
  const OflFamily *family = ofl_families_find ("mt1959");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Specimen specimen
          = { "HL-DT-ST", rows[i].product, "1.00", "MTEKMT1959", rows[i].banner, rows[i].svc };
      g_autoptr (OflSnapshot) drive = specimen_drive (&specimen, rows[i].state, TRUE);
      guint8 text[16];

      ofl_mt1959_boot_string (family, drive, text);
      g_assert_cmpmem (text, 16, rows[i].want, 16);
    }
}

/* 36 products on 42 boards, each of a group, no name twice. */
static void
test_table (void)
{
  const OflFamily *family = ofl_families_find ("mt1959");
  g_autoptr (GPtrArray) models = ofl_family_list_models (family);
  guint n_boards = 0;

  g_assert_cmpuint (models->len, ==, 36);
  for (guint i = 0; i < models->len; i++)
    {
      const OflModel *model = g_ptr_array_index (models, i);
      g_autofree char *found = ofl_family_model_of (family, NULL, model->product);
      g_auto (GStrv) boards = g_key_file_get_string_list (ofl_family_table (family), model->group,
                                                          "boards", NULL, NULL);

      g_assert_cmpstr (found, ==, model->group);
      for (guint k = 0; boards[k] != NULL; k++, n_boards++)
        {
          g_auto (GStrv) halves = g_strsplit (boards[k], "/", 2);
          g_autofree char *banner = g_strconcat ("MT1959 Boot ", halves[0], NULL);
          g_autofree char *group = ofl_mt1959_board_group (family, banner);

          g_assert_nonnull (group);
          g_assert_true (g_str_equal (halves[1], "-") || strlen (halves[1]) == 4);
        }
    }
  g_assert_cmpuint (n_boards, ==, 42);
}

/* A receiver of 2021: both ways encrypt, redumper's after the boot area was edited. */
static void
test_plan_encrypted_receiver (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autoptr (OflSnapshot) plain = specimen_drive (&bu40n, OFL_DRIVE_STATE_NORMAL, TRUE);
  OflIdentity identity = *ofl_snapshot_identity (plain);
  g_autoptr (OflSnapshot) drive = NULL;
  g_autofree guint8 *data = specimen_image (&bu40n, 7);
  g_autofree guint8 *edited = g_memdup2 (data, SIZE);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, SIZE);
  g_autoptr (OflChoices) choices = choose ("redumper", NULL);
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GBytes) encrypted = NULL;
  g_autoptr (OflPlan) plan = NULL;
  GBytes *banner = ofl_snapshot_get_blob (plain, OFL_MT1959_BLOB_BANNER);
  PlanWalk walk = { 0 };

  g_strlcpy (identity.firmware_date, "212105061200", sizeof identity.firmware_date);
  drive = ofl_snapshot_new (&identity);
  ofl_snapshot_set_blob (drive, OFL_MT1959_BLOB_BANNER, g_bytes_get_data (banner, NULL), 0x20);
  ofl_snapshot_set_fact (drive, "banner", "MT1959 Boot BU5");
  ofl_snapshot_set_fact (drive, "chip", "MTEKMT1959");
  ofl_snapshot_set_state (drive, OFL_DRIVE_STATE_NORMAL);
  ofl_snapshot_set_family (drive, "mt1959", OFL_CAP_WRITE);
  memset (edited, 0xff, 0x10000);
  memcpy (edited + 0x3000, "MT1959 Boot BU5 ", 16);
  sent = g_bytes_new (edited, SIZE);
  encrypted = ofl_mt1959_encrypt (sent);
  plan = plan_write (drive, image, choices);
  walk.plan = plan;
  take_gates (&walk, drive);
  take_redumper_prepare (&walk);
  assert_buffer (plan, take_stream (&walk, "00"), g_bytes_get_data (encrypted, NULL));
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
      g_assert_cmpuint (stages[OFL_STAGE_VERIFY].bytes, ==,
                        SIZE - 0x24000 - (i == 0 ? 0x1000 : 0x10000));
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
  PlanWalk walk = { plan, 0 };
  const OflStep *step;

  walk_command (&walk, OFL_STAGE_CHECK, "3c060000300000002000", OFL_DIR_IN, 0x20, OFL_EXPECT_OK);
  step = walk_command (&walk, OFL_STAGE_CHECK, "3c06001ec000000100000000", OFL_DIR_IN, 0x100,
                       OFL_EXPECT_IGNORE);
  g_assert_cmpint (step->compare, ==, OFL_COMPARE_NONE);
  walk_command (&walk, OFL_STAGE_CHECK, ready12, OFL_DIR_NONE, 0, OFL_EXPECT_OK_OR_NO_MEDIUM);
  walk_command (&walk, OFL_STAGE_SEND, "3b01000000000000000b0000", OFL_DIR_OUT, 0, OFL_EXPECT_OK);
  take_stream (&walk, "000000");
  take_oem_program (&walk);
  walk_mark (&walk, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN);
  walk_end (&walk);
  g_assert_null (ofl_family_plan_read (family, drive, NULL, &error));
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

/* mt1959 2.4 row 3 */
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mt1959/plan/oem", "no", test_plan_oem);
  g_test_add_data_func ("/mt1959/plan/oem-enc", "yes", test_plan_oem);
  g_test_add_func ("/mt1959/plan/redumper", test_plan_redumper);
  g_test_add_func ("/mt1959/plan/boot-string", test_boot_string);
  g_test_add_func ("/mt1959/plan/encrypted-receiver", test_plan_encrypted_receiver);
  g_test_add_func ("/mt1959/table", test_table);
  g_test_add_func ("/mt1959/plan/measure", test_plan_measure);
  g_test_add_func ("/mt1959/plan/boot", test_plan_boot);
  g_test_add_func ("/mt1959/plan/status", test_status);
  return g_test_run ();
}
