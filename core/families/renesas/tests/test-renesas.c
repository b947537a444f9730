/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Renesas family: probing, plans command by command, what is made of a dump, verdicts. The
 * commands are written out or counted here, from renesas 2, not from the code. */
#include <string.h>

#include "families/renesas/ofl-renesas.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "renesas-specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

static OflSnapshot *
new_drive (void)
{
  RenesasDrive drive;
  OflSnapshot *snapshot;

  renesas_drive_init (&drive);
  snapshot = renesas_probe (&drive, NULL);
  renesas_drive_clear (&drive);
  return snapshot;
}

/* 3.1 rows 1 and 3, and the header that was judged */
static void
take_gates (PlanWalk *walk)
{
  const OflStep *step
      = walk_command (walk, OFL_STAGE_CHECK, "120000002400", OFL_DIR_IN, 0x24, OFL_EXPECT_OK);
  g_autofree guint8 *header = renesas_component ("MAIN", 0x4d, 0x4000);
  GBytes *against;

  walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_CHECK);
  step = walk_command (walk, OFL_STAGE_CHECK, "3c05003f001000004844", OFL_DIR_IN, 0x48,
                       OFL_EXPECT_OK);
  g_assert_cmpint (step->compare, ==, OFL_COMPARE_GATE);
  against = ofl_plan_get_buffer (walk->plan, step->against.buffer);
  g_assert_cmpmem (g_bytes_get_data (against, NULL), g_bytes_get_size (against), header, 0x48);
  for (guint i = 0; i < 3; i++)
    walk_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
}

/* 3.2 */
static void
take_program (PlanWalk *walk)
{
  const OflStep *step;

  for (guint i = 0; i < 4; i++)
    {
      walk_settle (walk, OFL_STAGE_PROGRAM, 1000);
      walk_command (walk, OFL_STAGE_PROGRAM, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
    }
  step = walk_take (walk, OFL_STEP_POLL, OFL_STAGE_PROGRAM);
  g_assert_cmphex (step->command.cdb[0], ==, 0);
  g_assert_false (step->poll_limit_ok); /* finding F4 */
  g_assert_cmpuint (step->poll_interval_ms, ==, 1000);
}

static const OflStep *
take_piece (PlanWalk *walk, const char *hex, guint32 offset, guint32 length)
{
  const OflStep *step
      = walk_command (walk, OFL_STAGE_SEND, hex, OFL_DIR_OUT, length, OFL_EXPECT_OK);

  g_assert_cmphex (step->out.offset, ==, offset);
  g_assert_cmpuint (step->command.timeout_ms, ==, 180000);
  return step;
}

static void
take_verify (PlanWalk *walk, const char *hex, guint32 offset, guint32 length)
{
  const OflStep *step
      = walk_command (walk, OFL_STAGE_VERIFY, hex, OFL_DIR_IN, length, OFL_EXPECT_OK);

  g_assert_cmpint (step->compare, ==, OFL_COMPARE_RECORD);
  g_assert_cmphex (step->against.offset, ==, 0x400 + offset);
  g_assert_cmphex (step->capture_offset, ==, offset);
}

/* 5 pieces of 8000 and a last one of 1c02, all literally. */
static void
test_plan_write (void)
{
  g_autofree guint8 *file = renesas_component ("MAIN", 0x51, 0x29802);
  g_autoptr (OflSnapshot) drive = new_drive ();
  g_autoptr (OflImage) image = specimen_parse ("renesas", file, 0x29c02);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (renesas_family (), drive, image, NULL, &error);
  PlanWalk walk = { plan, 0 };
  const OflStep *last;

  g_assert_no_error (error);
  take_gates (&walk);
  take_piece (&walk, "3b020000000000800044", 0x00000, 0x8000);
  take_piece (&walk, "3b020000800000800044", 0x08000, 0x8000);
  take_piece (&walk, "3b020001000000800044", 0x10000, 0x8000);
  take_piece (&walk, "3b020001800000800044", 0x18000, 0x8000);
  take_piece (&walk, "3b020002000000800044", 0x20000, 0x8000);
  walk_mark (&walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  last = take_piece (&walk, "3b0500028000001c0244", 0x28000, 0x1c02);
  g_assert_true (
      g_bytes_equal (ofl_plan_get_buffer (plan, last->out.buffer), ofl_image_get_bytes (image)));
  take_program (&walk);
  take_verify (&walk, "3c050040000000800044", 0x00000, 0x8000);
  take_verify (&walk, "3c050040800000800044", 0x08000, 0x8000);
  take_verify (&walk, "3c050041000000800044", 0x10000, 0x8000);
  take_verify (&walk, "3c050041800000800044", 0x18000, 0x8000);
  take_verify (&walk, "3c050042000000800044", 0x20000, 0x8000);
  take_verify (&walk, "3c050042800000180244", 0x28000, 0x1802);
  walk_mark (&walk, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN);
  walk_end (&walk);
}

/* "while p+8000 < file size": a file of a whole number of pieces ends with a whole one, and one of
 * a single piece is the last. */
static void
test_plan_last (void)
{
  g_autofree guint8 *two = renesas_component ("MAIN", 0x51, 0x10000 - 0x400);
  g_autofree guint8 *one = renesas_component ("CORE", 0x51, 0x8000 - 0x400);
  g_autoptr (OflSnapshot) drive = new_drive ();
  g_autoptr (OflImage) image_two = specimen_parse ("renesas", two, 0x10000);
  g_autoptr (OflImage) image_one = specimen_parse ("renesas", one, 0x8000);
  g_autoptr (OflPlan) plan_two
      = specimen_plan_write (renesas_family (), drive, image_two, NULL, NULL);
  g_autoptr (OflPlan) plan_one
      = specimen_plan_write (renesas_family (), drive, image_one, NULL, NULL);
  PlanWalk walk = { plan_two, 0 };

  take_gates (&walk);
  take_piece (&walk, "3b020000000000800044", 0, 0x8000);
  walk_mark (&walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  take_piece (&walk, "3b050000800000800044", 0x8000, 0x8000);
  take_program (&walk);
  walk = (PlanWalk){ plan_one, 0 };
  take_gates (&walk);
  walk_mark (&walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  take_piece (&walk, "3b050000000000800044", 0, 0x8000);
  take_program (&walk);
  take_verify (&walk, "3c0500300000007c0044", 0, 0x7c00);
  walk_mark (&walk, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN);
}

static void
test_device_type (void)
{
  g_autofree guint8 *file = renesas_component ("MAIN", 0x51, 0x4000);
  g_autoptr (OflSnapshot) drive = new_drive ();
  g_autoptr (OflImage) image = specimen_parse ("renesas", file, 0x4400);
  g_autoptr (OflPlan) plan = specimen_plan_write (renesas_family (), drive, image, NULL, NULL);
  const OflStep *step = ofl_plan_get_step (plan, 1);
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData data = { captures };
  GByteArray *inquiry = g_byte_array_new ();

  g_ptr_array_add (captures, inquiry);
  g_assert_false (step->check (&data, step->arg, NULL));
  g_byte_array_set_size (inquiry, 0x24);
  inquiry->data[0] = 0x25; /* only the low five bits are the type */
  g_assert_true (step->check (&data, step->arg, NULL));
  inquiry->data[0] = 0x00;
  g_assert_false (step->check (&data, step->arg, NULL));
}

/* What a run of the read plan would have in its captures, taken from a memory by the commands. */
static GPtrArray *
run_reads (const OflPlan *plan, const RenesasDrive *drive, const char *revision)
{
  GPtrArray *captures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);

  for (guint i = 0; i < ofl_plan_get_n_captures (plan); i++)
    {
      GByteArray *bytes = g_byte_array_new ();

      g_byte_array_set_size (bytes, ofl_plan_get_capture_size (plan, (int) i));
      memset (bytes->data, 0, bytes->len);
      g_ptr_array_add (captures, bytes);
    }
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);
      GByteArray *bytes;

      if (step->kind != OFL_STEP_COMMAND)
        continue;
      bytes = g_ptr_array_index (captures, (guint) step->capture);
      if (step->command.cdb[0] == 0x12)
        memcpy (bytes->data + 32, revision, 4);
      else
        memcpy (bytes->data + step->capture_offset,
                drive->memory + ofl_get_be (step->command.cdb + 2, 4), step->command.length);
    }
  return captures;
}

static gboolean
run_checks (const OflPlan *plan, GPtrArray *captures, GError **error)
{
  OflRunData data = { captures };

  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);

      if (step->kind == OFL_STEP_CHECK && !step->check (&data, step->arg, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_plan_read (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ();
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = ofl_family_plan_read (renesas_family (), drive, NULL, &error);
  PlanWalk walk = { plan, 0 };
  const OflStep *step;

  g_assert_no_error (error);
  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 3);
  g_assert_cmpstr (ofl_plan_get_capture_name (plan, 0), ==, "MAIN");
  g_assert_cmpstr (ofl_plan_get_capture_name (plan, 1), ==, "CORE");
  walk_command (&walk, OFL_STAGE_BACKUP, "120000002400", OFL_DIR_IN, 0x24, OFL_EXPECT_OK);
  step = walk_command (&walk, OFL_STAGE_BACKUP, "3c05003f001000004844", OFL_DIR_IN, 0x48,
                       OFL_EXPECT_OK);
  g_assert_cmpint (step->capture, ==, 0);
  g_assert_cmphex (step->capture_offset, ==, 0);
  step = walk_command (&walk, OFL_STAGE_BACKUP, "3c050040000000400044", OFL_DIR_IN, 0x4000,
                       OFL_EXPECT_OK);
  g_assert_cmpint (step->capture, ==, 0);
  g_assert_cmphex (step->capture_offset, ==, 0x400);
  walk_take (&walk, OFL_STEP_CHECK, OFL_STAGE_BACKUP);
  walk_command (&walk, OFL_STAGE_BACKUP, "3c05002ff00000004844", OFL_DIR_IN, 0x48, OFL_EXPECT_OK);
  step = walk_command (&walk, OFL_STAGE_BACKUP, "3c050030000000200044", OFL_DIR_IN, 0x2000,
                       OFL_EXPECT_OK);
  g_assert_cmpint (step->capture, ==, 1);
  walk_take (&walk, OFL_STEP_CHECK, OFL_STAGE_BACKUP);
  walk_end (&walk);
}

/* A dump is the very file that was installed: 3.3 row 4. */
static void
test_dump (void)
{
  g_autofree guint8 *main_file = renesas_component ("MAIN", 0x4d, 0x4000);
  g_autofree guint8 *core_file = renesas_component ("CORE", 0x43, 0x2000);
  RenesasDrive drive;
  g_autoptr (OflSnapshot) snapshot = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GPtrArray) captures = NULL;
  g_autoptr (GError) error = NULL;
  const GByteArray *file;

  renesas_drive_init (&drive);
  /* the memory has neither sum nor revision nor size */
  memset (drive.memory + RENESAS_MAIN_AT, 0xee, 4);
  memcpy (drive.memory + RENESAS_MAIN_AT + 0x28, "????", 4);
  ofl_put_be (drive.memory + 0x4000a0, 4, 0x400000);
  ofl_put_be (drive.memory + 0x4000a4, 4, 0x4000);
  memset (drive.memory + RENESAS_MAIN_AT + 0x44, 0xff, 4);
  ofl_put_be (main_file + 0x4a0, 4, 0x400000);
  ofl_put_be (main_file + 0x4a4, 4, 0x4000);
  renesas_seal (main_file, 0x4400);
  memset (core_file + 0x28, 0, 8);
  renesas_seal (core_file, 0x2400);
  snapshot = renesas_probe (&drive, NULL);
  plan = ofl_family_plan_read (renesas_family (), snapshot, NULL, NULL);
  captures = run_reads (plan, &drive, "1.00");
  g_assert_true (run_checks (plan, captures, &error));
  g_assert_no_error (error);
  file = g_ptr_array_index (captures, 0);
  g_assert_cmpmem (file->data, file->len, main_file, 0x4400);
  file = g_ptr_array_index (captures, 1);
  g_assert_cmpmem (file->data, file->len, core_file, 0x2400);
  renesas_drive_clear (&drive);
}

/* A MAIN whose end is not its beginning is no whole firmware. */
static void
test_dump_broken (void)
{
  RenesasDrive drive;
  g_autoptr (OflSnapshot) snapshot = NULL;
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GPtrArray) captures = NULL;
  g_autoptr (GError) error = NULL;

  renesas_drive_init (&drive);
  snapshot = renesas_probe (&drive, NULL);
  plan = ofl_family_plan_read (renesas_family (), snapshot, NULL, NULL);
  drive.memory[0x403ff0] ^= 1;
  captures = run_reads (plan, &drive, "1.00");
  g_assert_false (run_checks (plan, captures, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
  renesas_drive_clear (&drive);
}

static void
test_probe (void)
{
  RenesasDrive drive;
  g_autoptr (OflSnapshot) snapshot = NULL;

  renesas_drive_init (&drive);
  drive.reads = g_string_new (NULL);
  snapshot = renesas_probe (&drive, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (snapshot), ==, "renesas");
  g_assert_cmphex (ofl_snapshot_get_caps (snapshot), ==,
                   OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY);
  g_assert_cmpint (ofl_snapshot_get_state (snapshot), ==, OFL_DRIVE_STATE_NORMAL);
  g_assert_cmpstr (ofl_snapshot_get_mark (snapshot), ==, "MAIN 00400000");
  g_assert_cmphex (ofl_snapshot_get_image_size (snapshot), ==, 0x4400);
  g_assert_cmpstr (ofl_snapshot_get_fact (snapshot, "MAIN"), ==,
                   "0x4000 bytes at 00400000, header at 003F0010");
  g_assert_cmpstr (ofl_snapshot_get_fact (snapshot, "CORE"), ==,
                   "0x2000 bytes at 00300000, header at 002FF000");
  /* 3.3 row 1: each block 48 bytes before the end of the one before */
  g_assert_true (g_str_has_prefix (drive.reads->str, "0+8000 7fb8+8000 ff70+8000 17f28+8000 "));
  g_string_free (drive.reads, TRUE);
  renesas_drive_clear (&drive);
}

/* A header that lies across the end of a block, at the first place of one, and at 0. */
static void
test_probe_places (void)
{
  static const struct {
    guint32 at;
    gboolean found;
  } rows[] = { { 0x7fb9, TRUE }, { 0x7fff, TRUE }, { 0x7fb8, TRUE }, { 1, TRUE }, { 0, FALSE } };
  g_autofree guint8 *file = renesas_component ("MAIN", 0x4d, 0x4000);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) snapshot = NULL;
      RenesasDrive drive;

      renesas_drive_init (&drive);
      memset (drive.memory, 0, drive.length);
      renesas_install (&drive, file, rows[i].at, TRUE);
      snapshot = renesas_probe (&drive, NULL);
      g_assert_cmpint (ofl_snapshot_get_family (snapshot) != NULL, ==, rows[i].found);
      renesas_drive_clear (&drive);
    }
}

/* Every byte that the pattern fixes, and the sizes that are none. */
static void
test_probe_pattern (void)
{
  static const guint32 fixed[] = { 0x04, 0x0f, 0x18, 0x1f, 0x20, 0x27, 0x2c, 0x2f, 0x30, 0x38 };
  static const guint32 free_bytes[] = { 0x00, 0x03, 0x10, 0x17, 0x28, 0x2b };
  static const guint32 sizes[] = { 0, 0x1000001 };

  for (guint i = 0; i < G_N_ELEMENTS (fixed) + G_N_ELEMENTS (free_bytes) + 3; i++)
    {
      gboolean want = i >= G_N_ELEMENTS (fixed)
                      && i < G_N_ELEMENTS (fixed) + G_N_ELEMENTS (free_bytes);
      g_autoptr (OflSnapshot) snapshot = NULL;
      RenesasDrive drive;
      guint8 *header;

      renesas_drive_init (&drive);
      header = drive.memory + RENESAS_MAIN_AT;
      memset (drive.memory + RENESAS_CORE_AT, 0, 0x48);
      if (i < G_N_ELEMENTS (fixed))
        header[fixed[i]] ^= 1;
      else if (want)
        header[free_bytes[i - G_N_ELEMENTS (fixed)]] ^= 1;
      else if (i < G_N_ELEMENTS (fixed) + G_N_ELEMENTS (free_bytes) + 2)
        ofl_put_be (header + 0x44, 4, sizes[i - G_N_ELEMENTS (fixed) - G_N_ELEMENTS (free_bytes)]);
      else
        memset (header + 0x44, 0xff, 4); /* and no pair in the code */
      snapshot = renesas_probe (&drive, NULL);
      g_assert_cmpint (ofl_snapshot_get_family (snapshot) != NULL, ==, want);
      renesas_drive_clear (&drive);
    }
}

/* A header without a size, with the pair at either of its places. */
static void
test_probe_size (void)
{
  static const guint32 places[] = { 0x4000a0, 0x4005a0 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (OflSnapshot) snapshot = NULL;
      OflRenesasComponent component;
      RenesasDrive drive;

      renesas_drive_init (&drive);
      memset (drive.memory + RENESAS_MAIN_AT + 0x44, 0xff, 4);
      ofl_put_be (drive.memory + places[i], 4, 0x400000);
      ofl_put_be (drive.memory + places[i] + 4, 4, 0x3210);
      snapshot = renesas_probe (&drive, NULL);
      g_assert_true (ofl_renesas_component (snapshot, OFL_RENESAS_MAIN, &component));
      g_assert_cmphex (component.size, ==, 0x3210);
      renesas_drive_clear (&drive);
    }
}

/* A read that came from elsewhere: the drive has both components, and one look finds only one. Then it is
 * not known what the drive has. */
static void
test_probe_astray (void)
{
  guint n = 0, both = 0, none = 0;

  do
    {
      g_autoptr (OflSnapshot) snapshot = NULL;
      OflRenesasComponent component;
      RenesasDrive drive;

      renesas_drive_init (&drive);
      drive.astray = ++n;
      snapshot = renesas_probe (&drive, NULL);
      if (ofl_snapshot_get_failed (snapshot) != NULL)
        {
          none++;
          g_assert_null (ofl_snapshot_get_family (snapshot));
        }
      else
        {
          both++;
          g_assert_true (ofl_renesas_component (snapshot, OFL_RENESAS_MAIN, &component));
          g_assert_true (ofl_renesas_component (snapshot, OFL_RENESAS_CORE, &component));
        }
      renesas_drive_clear (&drive);
    }
  while (n < 127);
  /* the block with the one header, and the block with the other */
  g_assert_cmpuint (none, >=, 2);
  g_assert_cmpuint (both, >, 100);
}

/* Who is asked at all, and that a read which fails ends the search. */
static void
test_probe_gate (void)
{
  static const struct {
    const char *vendor, *product, *wanted;
    guint32 length;
    const char *family;
    guint asked;
  } rows[] = {
    { "HL-DT-ST", "DVDRAM GMA-4020B", NULL, RENESAS_MEMORY, "renesas", 127 },
    { "HL-DT-ST", "DVD-ROM GDR8164B", NULL, RENESAS_MEMORY, NULL, 0 },
    { "HL-DT-ST", "DVDRAM_GSA-T20N", NULL, RENESAS_MEMORY, "renesas", 127 },
    { "HL-DT-ST", "DVDRAM GMA4082Nj", NULL, RENESAS_MEMORY, "renesas", 127 },
    { "HL-DT-ST", "BD-RE GGW-H20L", NULL, RENESAS_MEMORY, "renesas", 127 },
    { "HL-DT-ST", "BD-RE BU40N", NULL, RENESAS_MEMORY, NULL, 0 },
    { "HL-DT-ST", "DVDRAM GH24NS95", NULL, RENESAS_MEMORY, NULL, 0 },
    { "ASUS", "DVDRAM GSA-T21N", NULL, RENESAS_MEMORY, NULL, 0 },
    { "HP", "DVD Writer", "renesas", RENESAS_MEMORY, "renesas", 127 },
    { "HL-DT-ST", "DVDRAM GSA-T21N", NULL, 0, NULL, 1 },
    { "HL-DT-ST", "DVDRAM GSA-T21N", NULL, 0x20000, NULL, 5 },
    /* only one of the two components: it is looked for once more */
    { "HL-DT-ST", "DVDRAM GSA-T21N", NULL, 0x310000, "renesas", 198 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) snapshot = NULL;
      RenesasDrive drive;

      g_test_message ("row %u", i);
      renesas_drive_init (&drive);
      drive.vendor = rows[i].vendor;
      drive.product = rows[i].product;
      drive.length = rows[i].length;
      snapshot = renesas_probe (&drive, rows[i].wanted);
      g_assert_cmpstr (ofl_snapshot_get_family (snapshot), ==, rows[i].family);
      g_assert_cmpuint (drive.asked, ==, rows[i].asked);
      renesas_drive_clear (&drive);
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *kind;
    guint64 compared, different;
    gboolean equals_backup;
    OflVerdict verdict;
  } rows[] = {
    { "MAIN", 0x4000, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "CORE", 0x2000, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "MAIN", 0x4000, 7, TRUE, OFL_VERDICT_UNCHANGED },
    { "MAIN", 0x4000, 7, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "CORE", 0x2000, 7, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "MAIN", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
  };
  g_autoptr (OflSnapshot) drive = new_drive ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *file = renesas_component (rows[i].kind, 3, 0x2000);
      g_autoptr (OflImage) image = specimen_parse ("renesas", file, 0x2400);
      OflProof proof
          = { drive, drive, image, rows[i].compared, rows[i].different, rows[i].equals_backup };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (renesas_family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
      proof.after = NULL;
      g_assert_cmpint (ofl_family_confirm (renesas_family (), &proof), ==, OFL_VERDICT_UNKNOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/renesas/plan/write", test_plan_write);
  g_test_add_func ("/renesas/plan/last-piece", test_plan_last);
  g_test_add_func ("/renesas/plan/device-type", test_device_type);
  g_test_add_func ("/renesas/plan/read", test_plan_read);
  g_test_add_func ("/renesas/dump", test_dump);
  g_test_add_func ("/renesas/dump/broken", test_dump_broken);
  g_test_add_func ("/renesas/probe", test_probe);
  g_test_add_func ("/renesas/probe/places", test_probe_places);
  g_test_add_func ("/renesas/probe/pattern", test_probe_pattern);
  g_test_add_func ("/renesas/probe/size", test_probe_size);
  g_test_add_func ("/renesas/probe/gate", test_probe_gate);
  g_test_add_func ("/renesas/probe/astray", test_probe_astray);
  g_test_add_func ("/renesas/confirm", test_confirm);
  return g_test_run ();
}
