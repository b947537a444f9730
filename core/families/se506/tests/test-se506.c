/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SE-506 family: every command of a write and a read, the sums of se506 3.1,
 * recovery of a drive that shows BOOT. From se506 2. */
#include "families/se506/ofl-se506.h"

#include <string.h>

#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define SIZE 0x200000
#define TUR12 "000000000000000000000000"
#define INQUIRY12 "120000006000000000000000"
#define VERSION "ff00ff0000000000000000aa"

static const OflFamily *
family (void)
{
  return ofl_families_find ("se506");
}

/* Trailer of se506 3.1, and the sum. */
static guint8 *
new_file (const char *product, const char *revision)
{
  static const guint8 tail[] = { 0x3e, 0x22, 0x04, 0x00, 'T',  'S',  ' ',  0xff, 0xff,
                                 0xff, 0xff, 0xff, 0xaa, 0xaa, 0xff, 0xff, 0xff, 0xff };
  guint8 *data = specimen_noise (0x1939, SIZE);
  guint sum = 0;

  memset (data + 0x1fffd0, ' ', 28);
  memcpy (data + 0x1fffd0, "TSSTcorp", 8);
  memcpy (data + 0x1fffd8, product, strlen (product));
  memcpy (data + 0x1fffe8, revision, 4);
  memcpy (data + 0x1fffec, tail, sizeof tail);
  for (guint i = 0x10000; i < 0x1e2000; i++)
    sum += data[i];
  data[0x1ffffe] = (guint8) (sum >> 8);
  data[0x1fffff] = (guint8) sum;
  return data;
}

static OflImage *
new_image (const char *revision)
{
  g_autofree guint8 *data = new_file ("BDDVDW SE-506CB", revision);

  return specimen_parse ("se506", data, SIZE);
}

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  static const guint8 version[8] = { 0, 6, 1, 1, 0x54, 0x53, 0x20, 0 };
  g_autofree char *cdb = specimen_hex (command->cdb, command->cdb_len);

  if (fake_refuse_stranger (command, reply))
    return;
  g_assert_cmpstr (cdb, ==, VERSION);
  g_assert_cmpuint (command->length, ==, 8);
  g_assert_cmpint (command->dir, ==, OFL_DIR_IN);
  if (GPOINTER_TO_UINT (user_data) == 0)
    memcpy (data, version, 8);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static OflSnapshot *
probe (const char *vendor, const char *product, const char *revision, gboolean refuse, guint *asked)
{
  Specimen specimen = { vendor, product, revision, "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, GUINT_TO_POINTER (refuse));
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  if (asked != NULL)
    *asked = fake_transport_get_count (transport);
  return drive;
}

static OflSnapshot *
new_drive (const char *revision)
{
  return probe ("TSSTcorp", "BDDVDW SE-506CB", revision, FALSE, NULL);
}

static void
test_probe (void)
{
  static const struct {
    const char *vendor, *product, *revision;
    gboolean refuse;
    OflDriveState state; /* unknown: not of this family */
    guint asked; /* a drive that is no family's gets one question of MMC besides (mt1959 1.6) */
  } rows[] = {
    { "TSSTcorp", "BDDVDW SE-506CB", "TS00", FALSE, OFL_DRIVE_STATE_NORMAL, 1 },
    { "TSSTcorp", "BDDVDW SE-506CB", "BOOT", FALSE, OFL_DRIVE_STATE_BOOT, 1 },
    { "TSSTcorp", "BDDVDW SE-506CB", "TS00", TRUE, OFL_DRIVE_STATE_UNKNOWN, 2 },
    { "TSSTcorp", "BDDVDW SE-506CB", "XX00", FALSE, OFL_DRIVE_STATE_UNKNOWN, 1 },
    { "TSSTcorp", "BDDVDW SE-506AB", "TS00", FALSE, OFL_DRIVE_STATE_UNKNOWN, 1 },
    { "SAMSUNG", "BDDVDW SE-506CB", "TS00", FALSE, OFL_DRIVE_STATE_UNKNOWN, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint asked;
      g_autoptr (OflSnapshot) drive
          = probe (rows[i].vendor, rows[i].product, rows[i].revision, rows[i].refuse, &asked);
      gboolean ours = rows[i].state != OFL_DRIVE_STATE_UNKNOWN;

      g_assert_cmpuint (asked, ==, rows[i].asked);
      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, ours ? "se506" : NULL);
      if (!ours)
        {
          g_assert_nonnull (ofl_snapshot_get_reason (drive));
          continue;
        }
      g_assert_cmpint (ofl_snapshot_get_state (drive), ==, rows[i].state);
      g_assert_cmpstr (ofl_snapshot_get_fact (drive, "version"), ==, "00 06 01 01 54 53 20 00");
      g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, SIZE);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==,
                       OFL_CAP_READ | OFL_CAP_WRITE | OFL_CAP_VERIFY | OFL_CAP_RECOVER);
    }
}

static void
test_vectors (void)
{
  g_autofree guint8 *data = specimen_noise (0x506, SIZE);
  g_autofree char *before = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, SIZE);
  g_autofree char *after = NULL;

  g_assert_cmpstr (before, ==, "dd155f2adaf7085607a76fd4138d26db24de7b48b598e100ad0cb4fecf9769b9");
  g_assert_cmphex (ofl_se506_sum (data), ==, 0xb303);
  g_assert_cmphex (ofl_get_be (data + 0x1ffffe, 2), ==, 0x4c60);
  memset (data + 0x10400, 0xff, 4);
  g_assert_cmphex (ofl_se506_sum (data), ==, 0xb5a7);
  ofl_put_be (data + 0x1ffffe, 2, ofl_se506_sum (data));
  after = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, SIZE);
  g_assert_cmpstr (after, ==, "f6ab9d03cf154e7845773cd19a6b478a387c866541150d6bfc5eb02684d01fa3");
  g_assert_null (specimen_parse ("se506", data, SIZE)); /* noise names no drive */
}

static void
test_parse (void)
{
  g_autofree guint8 *data = new_file ("BDDVDW SE-506CB", "TS05");
  g_autoptr (OflImage) image = specimen_parse ("se506", data, SIZE);
  g_autoptr (OflImage) known = new_image ("TS01");
  g_autoptr (OflImage) changed = NULL, outside = NULL, unsigned_one = NULL;

  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "TSSTcorp");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "BDDVDW SE-506CB");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "TS05");
  g_assert_cmpstr (ofl_image_get_fact (image, "load word"), ==, "0004223E");
  g_assert_cmpint (walk_check (image, "sum"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (image, "trailer"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (image, "signature"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_cmpint (walk_check (image, "known"), ==, OFL_IMAGE_CHECK_ABSENT);
  /* noise is not the maker's TS01, whose sum is 5918 */
  g_assert_cmpint (walk_check (known, "known"), ==, OFL_IMAGE_CHECK_WARNING);
  data[0xffff] ^= 1;
  data[0x1e2000] ^= 1;
  outside = specimen_parse ("se506", data, SIZE);
  g_assert_cmpint (walk_check (outside, "sum"), ==, OFL_IMAGE_CHECK_OK);
  data[0x1e1fff] ^= 1;
  changed = specimen_parse ("se506", data, SIZE);
  g_assert_cmpint (walk_check (changed, "sum"), ==, OFL_IMAGE_CHECK_CHANGED);
  memset (data + 0x10400, 0xff, 4);
  data[0x1ffff8] = 0;
  unsigned_one = specimen_parse ("se506", data, SIZE);
  g_assert_cmpint (walk_check (unsigned_one, "signature"), ==, OFL_IMAGE_CHECK_WARNING);
  g_assert_cmpint (walk_check (unsigned_one, "trailer"), ==, OFL_IMAGE_CHECK_WARNING);
  g_assert_null (specimen_parse ("se506", data, SIZE - 1));
  data[0x1fffd0] = 'X';
  g_assert_null (specimen_parse ("se506", data, SIZE));
}

static void
take_identify (PlanWalk *walk, OflStage stage)
{
  walk_command (walk, stage, TUR12, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (walk, stage, INQUIRY12, OFL_DIR_IN, 0x60, OFL_EXPECT_OK);
  walk_command (walk, stage, VERSION, OFL_DIR_IN, 8, OFL_EXPECT_OK);
}

static void
take_blocks (PlanWalk *walk, const guint8 *data)
{
  const OflStep *step;

  walk_mark (walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  walk_send (walk, OFL_STAGE_SEND, "ff0001000000000000000000", 0, 0xf800, OFL_EXPECT_OK, data);
  for (guint i = 1; i <= 32; i++)
    {
      step = walk_send (walk, OFL_STAGE_SEND, "ff00010000ff000000000000", i * 63488, 0xf800,
                        OFL_EXPECT_OK, data);
      /* the 17th transfer stalls */
      g_assert_true ((step->usual_ms >= 10000) == (i == 16));
      g_assert_cmpuint (step->command.timeout_ms, >, step->max_ms);
    }
  step = walk_send (walk, OFL_STAGE_PROGRAM, "ff0001000002000000000000", 0x1ff800, 0x800,
                    OFL_EXPECT_ANYTHING, data);
  g_assert_true (step->residual_ok);
  g_assert_cmpuint (step->usual_ms, ==, 10000);
}

/* One part, in pieces of 4000 and a rest. */
static void
take_read_back (PlanWalk *walk, const guint8 *data, guint from, guint to, OflCompare compare)
{
  for (guint at = from; at < to;)
    {
      guint length = MIN (0x4000, to - at);
      g_autofree char *hex = g_strdup_printf ("3c0600%06x%06x00", at, length);
      const OflStep *step
          = walk_command (walk, OFL_STAGE_VERIFY, hex, OFL_DIR_IN, length, OFL_EXPECT_OK);

      g_assert_cmpint (step->compare, ==, compare);
      g_assert_cmphex (step->against.offset, ==, at);
      g_assert_cmpmem (g_bytes_get_data (ofl_plan_get_buffer (walk->plan, step->against.buffer),
                                         NULL),
                       SIZE, data, SIZE);
      at += length;
    }
}

static void
take_return_and_verify (PlanWalk *walk, const guint8 *data)
{
  const OflStep *step = walk_take (walk, OFL_STEP_SETTLE, OFL_STAGE_RESTART);

  g_assert_cmpuint (step->settle_ms, ==, 1000);
  step = walk_take (walk, OFL_STEP_REENUMERATE, OFL_STAGE_RESTART);
  g_assert_cmpuint (step->poll_limit_ms, ==, 100000);
  take_identify (walk, OFL_STAGE_RESTART);
  take_read_back (walk, data, 0x10000, 0x1e2000, OFL_COMPARE_RECORD);
  take_read_back (walk, data, 0x1e2000, 0x1fffd0, OFL_COMPARE_NOTE);
  take_read_back (walk, data, 0x1fffd0, 0x200000, OFL_COMPARE_RECORD);
  walk_mark (walk, OFL_STAGE_VERIFY, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

static gboolean
ask_revision (const OflStep *check, const char *revision, GError **error)
{
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData run = { captures };
  guint8 inquiry[0x60] = { 5 };

  memcpy (inquiry + 32, revision, 4);
  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (captures, g_byte_array_append (g_byte_array_new (), inquiry,
                                                    *revision != '\0' ? sizeof inquiry : 30));
  return check->check (&run, check->arg, error);
}

static void
take_gates (PlanWalk *walk)
{
  const OflStep *check;
  g_autoptr (GError) error = NULL;

  take_identify (walk, OFL_STAGE_CHECK);
  check = walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_CHECK);
  g_assert_true (ask_revision (check, "TS01", NULL));
  g_assert_true (ask_revision (check, "BOOT", NULL));
  g_assert_false (ask_revision (check, "1.00", NULL));
  g_assert_false (ask_revision (check, "\0\0\0", &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
}

static void
test_plan_write (gconstpointer revision)
{
  gboolean boot = strcmp (revision, "BOOT") == 0;
  g_autoptr (OflSnapshot) drive = new_drive (revision);
  g_autoptr (OflImage) image = new_image ("TS05");
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, &error);
  PlanWalk walk = { plan, 0 };

  g_assert_no_error (error);
  take_gates (&walk);
  /* a boot code need not say anything about discs */
  if (!boot)
    walk_command (&walk, OFL_STAGE_CHECK, TUR12, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  take_blocks (&walk, data);
  take_return_and_verify (&walk, data);
}

static void
test_plan_read (gconstpointer revision)
{
  g_autoptr (OflSnapshot) drive = new_drive (revision);
  g_autoptr (OflPlan) plan = ofl_family_plan_read (family (), drive, NULL, NULL);
  PlanWalk walk = { plan, 0 };

  g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 1);
  g_assert_cmpstr (ofl_plan_get_capture_name (plan, 0), ==, "flash");
  for (guint i = 0; i < 128; i++)
    {
      g_autofree char *hex = g_strdup_printf ("3c0600%04x0000400000", i * 64);
      const OflStep *step
          = walk_command (&walk, OFL_STAGE_BACKUP, hex, OFL_DIR_IN, 0x4000, OFL_EXPECT_OK);

      if (i == 127)
        g_assert_cmpstr (hex, ==, "3c06001fc00000400000");
      g_assert_true (ofl_command_is_read_only (&step->command));
      g_assert_cmpuint (step->capture_offset, ==, i * 16384);
    }
  walk_end (&walk);
}

static void
test_compare_read (void)
{
  g_autofree guint8 *data = new_file ("BDDVDW SE-506CB", "TS05");
  g_autoptr (OflImage) image = specimen_parse ("se506", data, SIZE);
  g_autoptr (GBytes) equal = NULL, different = NULL, shorter = NULL;
  guint64 compared;

  memset (data, 0x55, 0x10000);
  equal = g_bytes_new (data, SIZE);
  g_assert_cmpuint (specimen_compare (family (), image, equal, &compared), ==, 0);
  /* what the sum covers, and the trailer with that sum (finding F3) */
  g_assert_cmphex (compared, ==, 0x1d2000 + 0x30);
  data[0x10000] ^= 1;
  data[0x1e1fff] ^= 1;
  data[0x1fffec] ^= 0x10; /* the load word */
  different = g_bytes_new (data, SIZE);
  g_assert_cmpuint (specimen_compare (family (), image, different, &compared), ==, 3);
  shorter = g_bytes_new (data, SIZE - 1);
  specimen_compare (family (), image, shorter, &compared);
  g_assert_cmpuint (compared, ==, 0);
}

static OflImage *
spoiled_image (guint32 at, guint8 value, gboolean reseal)
{
  g_autofree guint8 *data = new_file ("BDDVDW SE-506CB", "TS05");

  memset (data + at, value, 4);
  if (reseal)
    ofl_put_be (data + 0x1ffffe, 2, ofl_se506_sum (data));
  return specimen_parse ("se506", data, SIZE);
}

static void
test_judge (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("TS01");
  g_autoptr (OflSnapshot) newer = new_drive ("TS05");
  g_autoptr (OflSnapshot) boot = new_drive ("BOOT");
  g_autoptr (OflImage) good = new_image ("TS05");
  g_autoptr (OflImage) ts01 = new_image ("TS01");
  g_autoptr (OflImage) changed = spoiled_image (0x20000, 0, FALSE);
  g_autoptr (OflImage) patched = spoiled_image (0x10400, 0xff, TRUE);
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *check;
    OflLevel level, whole;
  } rows[] = {
    { drive, good, "model", OFL_LEVEL_GREEN, OFL_LEVEL_GREEN },
    { drive, good, "revision", OFL_LEVEL_GREEN, OFL_LEVEL_GREEN },
    { newer, good, "revision", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { newer, ts01, "known", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, patched, "signature", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, changed, "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { boot, good, "boot", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { boot, changed, "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { boot, NULL, "boot", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    specimen_assert_judged (rows[i].drive, rows[i].image, NULL, rows[i].check, rows[i].level,
                            rows[i].whole);
}

/* The drive is a USB device itself: nobody should be sent to look for a SATA port. */
static void
test_no_bridge (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("TS01");
  g_autoptr (OflJudgement) judgement = NULL;

  ofl_snapshot_set_fact (drive, "bus", "usb");
  judgement = ofl_families_judge (drive, NULL, NULL);
  g_assert_null (specimen_reason (judgement, "bridge"));
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    guint64 compared, different;
    gboolean equals_backup;
    OflVerdict verdict;
  } rows[] = {
    { "TS01", "TS05", 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "BOOT", "TS05", 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "TS01", "BOOT", 100, 0, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "TS01", "TS01", 100, 9, TRUE, OFL_VERDICT_UNCHANGED },
    { "TS01", "TS01", 100, 9, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "TS01", "TS05", 0, 0, FALSE, OFL_VERDICT_CONFIRMED },
    { "BOOT", "TS05", 0, 0, FALSE, OFL_VERDICT_CONFIRMED }, /* f1-boot: it had none */
    { "TS01", "TS01", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "TS05", "TS05", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "TS01", "TS03", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "TS01", NULL, 100, 0, FALSE, OFL_VERDICT_UNKNOWN },
  };
  g_autoptr (OflImage) image = new_image ("TS05");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = new_drive (rows[i].before);
      g_autoptr (OflSnapshot) after = rows[i].after != NULL ? new_drive (rows[i].after) : NULL;
      OflProof proof
          = { before, after, image, rows[i].compared, rows[i].different, rows[i].equals_backup };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/se506/probe", test_probe);
  g_test_add_func ("/se506/vectors", test_vectors);
  g_test_add_func ("/se506/parse", test_parse);
  g_test_add_data_func ("/se506/plan/write", "TS01", test_plan_write);
  g_test_add_data_func ("/se506/plan/recover", "BOOT", test_plan_write);
  g_test_add_data_func ("/se506/plan/read", "TS01", test_plan_read);
  g_test_add_data_func ("/se506/plan/read-boot", "BOOT", test_plan_read);
  g_test_add_func ("/se506/compare-read", test_compare_read);
  g_test_add_func ("/se506/judge", test_judge);
  g_test_add_func ("/se506/no-bridge", test_no_bridge);
  g_test_add_func ("/se506/confirm", test_confirm);
  return g_test_run ();
}
