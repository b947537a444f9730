/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BD writers: probing, the plans command by command, verdicts. Every command is written out here, from
 * pioneer 2.7 and 2.8, not from the code. */
#include <string.h>

#include "families/pioneer/ofl-pioneer-bd.h"
#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "pioneer-bd-file.h"
#include "scsi/ofl-error.h"

#define WHOLE (0x10000 + PIONEER_BD_LENGTH)
#define KNOCK "3b0241a5aaaa00000000"
#define EVENT "4a000000100000000800"
/* "PIONEER BDR-S09 ", and 9A 78 23 61 as on the wire */
#define CONTROL "50494f4e454552204244522d533039209a782361"

static OflSnapshot *
new_drive (const char *revision, guint8 *memory)
{
  PioneerBdDrive drive = { .who = PIONEER_BD_DRIVE (revision), .memory = memory, .length = WHOLE };

  return pioneer_bd_drive (&drive);
}

static OflPlan *
plan_write (const OflSnapshot *drive, const OflImage *image)
{
  g_autoptr (OflChoices) choices = ofl_choices_new ();
  g_autoptr (GError) error = NULL;
  OflPlan *plan;

  ofl_choices_set (choices, "experimental", "yes");
  plan = specimen_plan_write (pioneer_family (), drive, image, choices, &error);
  g_assert_no_error (error);
  return plan;
}

static void
assert_ahead (const OflStep *step, const char *hex, OflDirection dir, guint32 length)
{
  OflStep ahead = { .command = step->ahead };

  walk_assert_cdb (&ahead, hex, dir, length);
}

static const OflStep *
take_memory (PlanWalk *walk, OflStage stage, const char *hex, guint32 length)
{
  const OflStep *step = walk_command (walk, stage, hex, OFL_DIR_IN, length, OFL_EXPECT_OK);

  assert_ahead (step, KNOCK, OFL_DIR_NONE, 0);
  g_assert_cmpuint (step->repeat_short, ==, 2);
  g_assert_false (step->residual_ok);
  return step;
}

static void
take_descriptor (PlanWalk *walk)
{
  const OflStep *step = take_memory (walk, OFL_STAGE_CHECK, "3c02b041000000001000", 0x10);
  GBytes *want = ofl_plan_get_buffer (walk->plan, step->against.buffer);

  g_assert_cmpint (step->compare, ==, OFL_COMPARE_GATE);
  g_assert_cmpmem (g_bytes_get_data (want, NULL), g_bytes_get_size (want), PIONEER_BD_DESCRIPTOR,
                   16);
}

static void
take_control (PlanWalk *walk, OflStage stage, const char *cdb)
{
  const OflStep *step = walk_command (walk, stage, cdb, OFL_DIR_OUT, 0x100, OFL_EXPECT_OK);
  GBytes *buffer = ofl_plan_get_buffer (walk->plan, step->out.buffer);
  const guint8 *data = g_bytes_get_data (buffer, NULL);
  g_autofree char *head = specimen_hex (data, 0x14);

  g_assert_cmpuint (g_bytes_get_size (buffer), ==, 0x100);
  g_assert_cmpstr (head, ==, CONTROL);
  for (guint i = 0x14; i < 0x100; i++)
    g_assert_cmphex (data[i], ==, 0);
  g_assert_cmpuint (step->ahead.cdb_len, ==, 0);
  g_assert_cmpuint (step->out.offset, ==, 0);
}

/* A predicate, tried on INQUIRY data with a revision. */
static gboolean
holds (const PlanWalk *walk, const OflStep *step, int capture, const char *revision)
{
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData data = { captures };

  for (guint n = 0; n < ofl_plan_get_n_captures (walk->plan); n++)
    {
      GByteArray *bytes = g_byte_array_new ();

      g_byte_array_set_size (bytes, (int) n == capture ? 0x60 : 0);
      if ((int) n == capture)
        memcpy (bytes->data + 32, revision, 4);
      g_ptr_array_add (captures, bytes);
    }
  return step->check (&data, step->arg, NULL);
}

static void
take_look (PlanWalk *walk, OflStage stage, gboolean kernel)
{
  const OflStep *read = walk_command (walk, stage, "120000006000", OFL_DIR_IN, 0x60, OFL_EXPECT_OK);
  const OflStep *check = walk_take (walk, OFL_STEP_CHECK, stage);

  g_assert_cmpint (holds (walk, check, read->capture, "0000"), ==, kernel);
  g_assert_cmpint (holds (walk, check, read->capture, "000A"), ==, kernel);
  g_assert_cmpint (holds (walk, check, read->capture, "0010"), !=, kernel);
  g_assert_cmpint (holds (walk, check, read->capture, "1.50"), !=, kernel);
}

/* The file of 38200: seven pieces, each written out. */
static void
take_pieces (PlanWalk *walk, const guint8 *file)
{
  static const struct {
    const char *cdb;
    guint32 at, length;
  } pieces[] = {
    { "3b07f000000000800000", 0x00000, 0x8000 }, { "3b07f000800000800000", 0x08000, 0x8000 },
    { "3b07f001000000800000", 0x10000, 0x8000 }, { "3b07f001800000800000", 0x18000, 0x8000 },
    { "3b07f002000000800000", 0x20000, 0x8000 }, { "3b07f002800000800000", 0x28000, 0x8000 },
    { "3b07f003000000800000", 0x30000, 0x8000 }, { "3b07f003800000020000", 0x38000, 0x0200 },
  };

  walk_mark (walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    walk_send (walk, OFL_STAGE_SEND, pieces[i].cdb, pieces[i].at, pieces[i].length, OFL_EXPECT_OK,
               file);
}

static void
take_finish (PlanWalk *walk)
{
  take_control (walk, OFL_STAGE_PROGRAM, "3b05ff00000000010000");
  walk_settle (walk, OFL_STAGE_PROGRAM, 2000);
  walk_poll (walk, OFL_STAGE_PROGRAM, "000000000000", OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 90000,
             FALSE);
  assert_ahead (ofl_plan_get_step (walk->plan, walk->next - 1), EVENT, OFL_DIR_IN, 8);
  take_look (walk, OFL_STAGE_PROGRAM, FALSE);
}

static void
take_verify (PlanWalk *walk)
{
  static const char *const reads[] = { "3c02b041000000800000", "3c02b041800000800000",
                                       "3c02b042000000800000", "3c02b042800000800000",
                                       "3c02b043000000800000" };
  g_autofree guint8 *firmware = pioneer_bd_firmware (PIONEER_BD_LENGTH, 0, 0, 31);

  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    {
      const OflStep *step = take_memory (walk, OFL_STAGE_VERIFY, reads[i], 0x8000);
      GBytes *want = ofl_plan_get_buffer (walk->plan, step->against.buffer);

      g_assert_cmpint (step->compare, ==, OFL_COMPARE_RECORD);
      g_assert_cmphex (step->against.offset, ==, i * 0x8000);
      g_assert_cmpmem (g_bytes_get_data (want, NULL), g_bytes_get_size (want), firmware,
                       PIONEER_BD_LENGTH);
    }
  walk_mark (walk, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

static void
take_identity (PlanWalk *walk)
{
  walk_command (walk, OFL_STAGE_CHECK, "3c02f100000000003000", OFL_DIR_IN, 0x30, OFL_EXPECT_OK);
  walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_CHECK);
}

static void
test_plan_write (void)
{
  PioneerBdFile file = { PIONEER_BD_HEADER ("Normal") };
  gsize length;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autofree guint8 *data = pioneer_bd_file (&file, &length);
  g_autoptr (OflSnapshot) drive = new_drive ("1.34", memory);
  g_autoptr (OflImage) image = specimen_parse ("pioneer", data, length);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };

  take_identity (&walk);
  take_descriptor (&walk);
  take_descriptor (&walk);
  take_control (&walk, OFL_STAGE_SEND, "3b04ff00000000010000");
  walk_settle (&walk, OFL_STAGE_SEND, 1000);
  take_look (&walk, OFL_STAGE_SEND, TRUE);
  take_pieces (&walk, data);
  take_finish (&walk);
  take_verify (&walk);
}

/* From 000x: nothing is entered, nothing is asked of its memory before. */
static void
test_plan_recovery (void)
{
  PioneerBdFile file = { PIONEER_BD_HEADER ("Normal") };
  gsize length;
  g_autofree guint8 *data = pioneer_bd_file (&file, &length);
  g_autoptr (OflSnapshot) drive = new_drive ("0001", NULL);
  g_autoptr (OflImage) image = specimen_parse ("pioneer", data, length);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };

  take_identity (&walk);
  take_look (&walk, OFL_STAGE_SEND, TRUE);
  take_pieces (&walk, data);
  take_finish (&walk);
  take_verify (&walk);
}

/* A firmware that does not fill its last pieces. */
static void
test_plan_ends (void)
{
  PioneerBdFile file = { PIONEER_BD_HEADER ("Normal"), .length = 0x9100 };
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autoptr (OflSnapshot) drive = new_drive ("1.34", memory);
  g_autoptr (OflImage) image = pioneer_bd_image (&file);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  guint n = ofl_plan_get_n_steps (plan);
  PlanWalk walk = { plan, n - 3 };

  take_memory (&walk, OFL_STAGE_VERIFY, "3c02b041000000800000", 0x8000);
  take_memory (&walk, OFL_STAGE_VERIFY, "3c02b041800000110000", 0x1100);
}

static void
test_plan_read (void)
{
  static const char *const reads[] = { "3c02b040000000800000", "3c02b040800000800000",
                                       "3c02b041000000800000", "3c02b041800000800000",
                                       "3c02b042000000800000", "3c02b042800000800000",
                                       "3c02b043000000800000" };
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  PioneerDrive dvr = PIONEER_109_DRIVE ("1.17");
  g_autoptr (OflSnapshot) drive = new_drive ("1.34", memory);
  g_autoptr (OflSnapshot) kernel = new_drive ("0001", memory);
  g_autoptr (OflSnapshot) unreadable = pioneer_drive (&dvr);
  const OflSnapshot *const others[] = { kernel, unreadable };
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = ofl_family_plan_read (pioneer_family (), drive, NULL, &error);
  PlanWalk walk = { plan, 0 };

  g_assert_no_error (error);
  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 1);
  g_assert_cmphex (ofl_plan_get_capture_size (plan, 0), ==, WHOLE);
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    {
      const OflStep *step = take_memory (&walk, OFL_STAGE_BACKUP, reads[i], 0x8000);

      g_assert_cmpint (step->capture, ==, 0);
      g_assert_cmphex (step->capture_offset, ==, i * 0x8000);
    }
  walk_end (&walk);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_null (ofl_family_plan_read (pioneer_family (), others[i], NULL, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
      g_clear_error (&error);
    }
}

/* The questions, one by one: the knock stands before each read of memory. */
static void
test_probe_trace (void)
{
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  PioneerBdDrive drive = { .who = PIONEER_BD_DRIVE ("1.34"),
                           .memory = memory,
                           .length = WHOLE,
                           .trace = g_string_new (NULL) };
  g_autoptr (OflSnapshot) snapshot = pioneer_bd_drive (&drive);

  g_assert_cmpstr (ofl_snapshot_get_family (snapshot), ==, "pioneer");
  g_assert_cmpstr (drive.trace->str, ==,
                   "3c02f100000000003000\n" KNOCK "\n3c02b041000000001000\n" KNOCK
                   "\n3c02b041000000001000\n" KNOCK "\n3c02b041000000001800\n");
  g_string_free (drive.trace, TRUE);
}

#define ALL (OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER)
#define WRITES (OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER)

typedef struct {
  const char *name;
  PioneerBdDrive drive;
  gsize states; /* what the firmware says of its length */
  OflCaps caps;
  OflDriveState state;
  const char *mark;
} ProbeRow;

/* What belongs together stands in one line. */
/* clang-format off */
#define S09(revision) { .who = PIONEER_BD_DRIVE (revision), .length = WHOLE }
#define NORMAL OFL_DRIVE_STATE_NORMAL
#define MARK "SAT 8600 / ID43"

static const ProbeRow probe_rows[] = {
  { "good", S09 ("1.34"), 0, ALL, NORMAL, MARK },
  { "hexadecimal", { .who = { "PIONEER", "BD-RW   BDR-US04", "1.11", "20/06/15", "SAT 8A10", "GENERAL " },
    .length = WHOLE }, 0, ALL, NORMAL, "SAT 8A10 / GENERAL" },
  { "kernel-mode", S09 ("0001"), 0, WRITES, OFL_DRIVE_STATE_BOOT, MARK },
  { "kernel-mode-0000", S09 ("0000"), 0, WRITES, OFL_DRIVE_STATE_BOOT, MARK },
  { "no-sat", { .who = { "PIONEER", "BD-RW   BDR-209M", "1.30", "13/05/13", "ATA 0209", "GENERAL " },
    .length = WHOLE }, 0, OFL_CAP_READ, NORMAL, "ATA 0209 / GENERAL" },
  { "refuses", { .who = PIONEER_BD_DRIVE ("1.34"), .length = WHOLE, .refuses = TRUE }, 0,
    OFL_CAP_NONE, NORMAL, MARK },
  { "two-shorts", { .who = PIONEER_BD_DRIVE ("1.34"), .length = WHOLE, .shorts = 2 }, 0, ALL, NORMAL,
    MARK },
  { "second-differs", { .who = PIONEER_BD_DRIVE ("1.34"), .length = WHOLE, .changes_at = 2 }, 0,
    OFL_CAP_NONE, NORMAL, MARK },
  { "third-differs", { .who = PIONEER_BD_DRIVE ("1.34"), .length = WHOLE, .changes_at = 3 }, 0,
    OFL_CAP_NONE, NORMAL, MARK },
  { "no-block", S09 ("1.34"), 0x28001, OFL_CAP_NONE, NORMAL, MARK },
  { "too-little", S09 ("1.34"), 0x1f00, OFL_CAP_NONE, NORMAL, MARK },
  { "least", S09 ("1.34"), 0x2000, ALL, NORMAL, MARK },
  { "most", S09 ("1.34"), 0x470300, ALL, NORMAL, MARK },
  { "too-much", S09 ("1.34"), 0x470400, OFL_CAP_NONE, NORMAL, MARK },
};
/* clang-format on */

static void
test_probe (gconstpointer arg)
{
  const ProbeRow *row = arg;
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  g_autofree guint8 *other = pioneer_bd_firmware (PIONEER_BD_LENGTH, row->states, 0, 42);
  PioneerBdDrive drive = row->drive;
  g_autoptr (OflSnapshot) snapshot = NULL;

  memcpy (memory + 0x10000, other, PIONEER_BD_LENGTH);
  drive.memory = memory;
  snapshot = pioneer_bd_drive (&drive);
  g_assert_cmpstr (ofl_snapshot_get_family (snapshot), ==, "pioneer");
  g_assert_cmphex (ofl_snapshot_get_caps (snapshot), ==, row->caps);
  g_assert_cmpint (ofl_snapshot_get_state (snapshot), ==, row->state);
  g_assert_cmpstr (ofl_snapshot_get_mark (snapshot), ==, row->mark);
  g_assert_cmpint (ofl_snapshot_get_reason (snapshot) == NULL, ==,
                   (row->caps & OFL_CAP_WRITE) != 0);
  if (row->state == OFL_DRIVE_STATE_BOOT)
    g_assert_cmpuint (drive.reads, ==, 0);
}

/* A read is put again twice when it comes short, and no oftener: then the link is to blame. */
static void
test_probe_shorts (void)
{
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);
  PioneerBdDrive drive
      = { .who = PIONEER_BD_DRIVE ("1.34"), .memory = memory, .length = WHOLE, .shorts = 3 };
  g_autoptr (OflSnapshot) snapshot = pioneer_bd_drive (&drive);

  g_assert_cmpuint (drive.reads, ==, 3);
  g_assert_nonnull (ofl_snapshot_get_failed (snapshot));
}

static void
assert_compare (const OflImage *image, GBytes *dump, guint64 compared, guint64 different)
{
  guint64 n;

  g_assert_cmpuint (specimen_compare (pioneer_family (), image, dump, &n), ==, different);
  g_assert_cmpuint (n, ==, compared);
}

/* A file is compared with the firmware alone, a backup with all. */
static void
test_compare (void)
{
  PioneerBdFile file = { PIONEER_BD_HEADER ("Normal") };
  g_autoptr (OflImage) image = pioneer_bd_image (&file);
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 31);
  g_autoptr (OflImage) backup = specimen_parse ("pioneer", memory, WHOLE);
  g_autofree guint8 *shorter = pioneer_bd_memory (0x2000, 31);
  g_autoptr (GBytes) same = g_bytes_new (memory, WHOLE);
  g_autoptr (GBytes) little = g_bytes_new (shorter, 0x12000);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GBytes) garbled = NULL;
  guint64 compared, different;

  assert_compare (image, same, PIONEER_BD_LENGTH, 0);
  assert_compare (backup, same, WHOLE, 0);
  memory[5] ^= 1;       /* the kernel */
  memory[0x20000] ^= 1; /* the firmware */
  changed = g_bytes_new (memory, WHOLE);
  assert_compare (image, changed, PIONEER_BD_LENGTH, 1);
  assert_compare (backup, changed, WHOLE, 2);
  different = specimen_compare (pioneer_family (), image, little, &compared);
  g_assert_cmpuint (compared, ==, PIONEER_BD_LENGTH);
  g_assert_cmpuint (different, >=, PIONEER_BD_LENGTH - 0x2000);
  memory[0x10000] ^= 1;
  garbled = g_bytes_new (memory, WHOLE);
  assert_compare (image, garbled, 0, 0);
}

/* What was read back decides; where nothing was, the revision is all there is. */
static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    guint64 compared, different;
    gboolean equals_backup;
    OflVerdict verdict;
  } rows[] = {
    { "1.34", "1.50", PIONEER_BD_LENGTH, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "0001", "1.50", PIONEER_BD_LENGTH, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "1.34", "1.34", PIONEER_BD_LENGTH, 9, TRUE, OFL_VERDICT_UNCHANGED },
    { "1.34", "1.50", PIONEER_BD_LENGTH, 9, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "1.34", "0001", PIONEER_BD_LENGTH, 0, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "1.34", "1.50", 0, 0, FALSE, OFL_VERDICT_CONFIRMED },
    { "0001", "1.50", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.34", "1.34", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
  };
  PioneerBdFile file = { PIONEER_BD_HEADER ("Normal") };
  g_autoptr (OflImage) image = pioneer_bd_image (&file);
  g_autofree guint8 *memory = pioneer_bd_memory (PIONEER_BD_LENGTH, 41);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = new_drive (rows[i].before, memory);
      g_autoptr (OflSnapshot) after = new_drive (rows[i].after, memory);
      OflProof proof = { .before = before,
                         .after = after,
                         .image = image,
                         .compared = rows[i].compared,
                         .different = rows[i].different,
                         .equals_backup = rows[i].equals_backup };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (pioneer_family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pioneer/bd/plan/write", test_plan_write);
  g_test_add_func ("/pioneer/bd/plan/recovery", test_plan_recovery);
  g_test_add_func ("/pioneer/bd/plan/ends", test_plan_ends);
  g_test_add_func ("/pioneer/bd/plan/read", test_plan_read);
  g_test_add_func ("/pioneer/bd/probe/trace", test_probe_trace);
  g_test_add_func ("/pioneer/bd/probe/shorts", test_probe_shorts);
  for (guint i = 0; i < G_N_ELEMENTS (probe_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/pioneer/bd/probe/", probe_rows[i].name, NULL);

      g_test_add_data_func (path, &probe_rows[i], test_probe);
    }
  g_test_add_func ("/pioneer/bd/compare", test_compare);
  g_test_add_func ("/pioneer/bd/confirm", test_confirm);
  return g_test_run ();
}
