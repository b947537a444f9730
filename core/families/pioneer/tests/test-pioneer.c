/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pioneer family: probing, plans command by command, verdicts. The commands that are expected
 * are written out or counted here, from pioneer 2, not from the code. */
#include <string.h>

#include "families/pioneer/ofl-pioneer.h"
#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "pioneer-specimen.h"
#include "scsi/ofl-error.h"

static OflPlan *
plan_write (const OflSnapshot *drive, const OflImage *image)
{
  g_autoptr (GError) error = NULL;
  OflPlan *plan = specimen_plan_write (pioneer_family (), drive, image, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static void
take_wake (PlanWalk *walk)
{
  const OflStep *step = walk_take (walk, OFL_STEP_POLL, OFL_STAGE_CHECK);

  walk_assert_command (step, "120000006000", OFL_DIR_IN, 0x60, OFL_EXPECT_OK);
  g_assert_cmpuint (step->poll_interval_ms, ==, 100);
  g_assert_cmpuint (step->poll_limit_ms, ==, 2000);
  g_assert_cmpuint (step->poll_need, ==, 1);
  g_assert_true (step->poll_limit_ok);
}

/* A predicate, tried on INQUIRY data with two revisions. */
static void
assert_revision_check (const PlanWalk *walk, const OflStep *step, int capture, const char *good,
                       const char *bad)
{
  const char *const revisions[] = { good, bad };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) captures
          = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
      OflRunData data = { captures };
      g_autoptr (GError) error = NULL;

      for (guint n = 0; n < ofl_plan_get_n_captures (walk->plan); n++)
        {
          GByteArray *bytes = g_byte_array_new ();

          g_byte_array_set_size (bytes, 0x60);
          memset (bytes->data, ' ', 0x60);
          if ((int) n == capture)
            memcpy (bytes->data + 32, revisions[i], 4);
          g_ptr_array_add (captures, bytes);
        }
      g_assert_cmpint (step->check (&data, step->arg, &error), ==, i == 0);
      if (i == 1)
        g_assert_error (error, OFL_ERROR, OFL_ERROR_REJECTED);
    }
}

static void
take_look (PlanWalk *walk, OflStage stage, const char *good, const char *bad)
{
  const OflStep *step = walk_command (walk, stage, "120000006000", OFL_DIR_IN, 0x60, OFL_EXPECT_OK);

  assert_revision_check (walk, walk_take (walk, OFL_STEP_CHECK, stage), step->capture, good, bad);
}

static void
take_control (PlanWalk *walk, OflStage stage, const char *cdb, const char *begins, OflExpect expect,
              guint skip)
{
  const OflStep *step = walk_command (walk, stage, cdb, OFL_DIR_OUT, 0x100, expect);
  GBytes *buffer = ofl_plan_get_buffer (walk->plan, step->out.buffer);
  const guint8 *data = g_bytes_get_data (buffer, NULL);
  g_autofree char *head = NULL;

  g_assert_cmpuint (g_bytes_get_size (buffer), ==, 0x100);
  head = specimen_hex (data, 0x14);
  g_assert_cmpstr (head, ==, begins);
  for (guint i = 0x14; i < 0x100; i++)
    g_assert_cmphex (data[i], ==, 0);
  g_assert_cmpuint (step->out.offset, ==, 0);
  g_assert_cmpuint (step->command.timeout_ms, ==, 300000);
  g_assert_cmpuint (step->skip_if_good, ==, skip);
}

static void
take_gates (PlanWalk *walk, gboolean asks_for_disc)
{
  walk_command (walk, OFL_STAGE_CHECK, "3c02f100000000003000", OFL_DIR_IN, 0x30, OFL_EXPECT_OK);
  walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_CHECK);
  if (asks_for_disc)
    walk_command (walk, OFL_STAGE_CHECK, "000000000000", OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  take_wake (walk);
}

static void
take_danger (PlanWalk *walk)
{
  walk_mark (walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
}

/* Pieces of 8000 by the formula of pioneer 2.4, each with its wait; what lies behind the end is
 * zero. */
static void
take_part (PlanWalk *walk, const char *id, const guint8 *part, gsize length, guint wait)
{
  for (gsize at = 0; at < length; at += 0x8000)
    {
      g_autofree char *hex = g_strdup_printf ("3b07%s%02x%02x0000800000", id, (guint) (at >> 16),
                                              (guint) (at >> 8) & 0xff);
      const OflStep *step
          = walk_command (walk, OFL_STAGE_SEND, hex, OFL_DIR_OUT, 0x8000, OFL_EXPECT_OK);
      const guint8 *data
          = g_bytes_get_data (ofl_plan_get_buffer (walk->plan, step->out.buffer), NULL);

      g_assert_cmpuint (step->out.offset, ==, at);
      g_assert_cmpuint (step->command.timeout_ms, ==, 300000);
      for (gsize i = at; i < at + 0x8000; i++)
        g_assert_cmphex (data[i], ==, i < length ? part[i] : 0);
      walk_settle (walk, OFL_STAGE_SEND, wait);
    }
}

static void
take_end (PlanWalk *walk, const char *control, guint usual_ms)
{
  take_control (walk, OFL_STAGE_PROGRAM, "3b05ff00000000010000", control, OFL_EXPECT_OK, 0);
  g_assert_cmpuint (ofl_plan_get_step (walk->plan, walk->next - 1)->usual_ms, ==, usual_ms);
  walk_settle (walk, OFL_STAGE_PROGRAM, 10000);
  take_look (walk, OFL_STAGE_RESTART, "1.58", "0000");
  walk_mark (walk, OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

/* "PIONEER  DVR-109" with the key of GENERAL, and with the one that is tried after it */
#define CONTROL_109 "50494f4e45455220204456522d3130395c6a8fe9"
#define CONTROL_109_OTHER "50494f4e45455220204456522d3130399a782361"
#define CONTROL_106 "50494f4e45455220204456522d3130369a782361"
#define CONTROL_103 "50494f4e454552204456522d5333303100000000"
#define CONTROL_103_OTHER "50494f4e454552204456522d533330319a782361"
#define CONTROL_104 "50494f4e454552204456442d5231303400000000"
#define CONTROL_104_OTHER "50494f4e454552204456442d523130349a782361"

#define ENTER "3b04ff00000000010000"

/* Kernel and normal part of a DVR-109: an end that does not fill its last piece. */
static void
test_plan_set (void)
{
  PioneerHeader kernel_header = PIONEER_109_HEADER ("Kernel");
  PioneerHeader normal_header = PIONEER_109_HEADER ("Normal");
  PioneerDrive who = PIONEER_109_DRIVE ("1.17");
  g_autoptr (OflSnapshot) drive = pioneer_drive (&who);
  g_autoptr (OflImage) image = pioneer_set (&normal_header, 0x20000, 0x130000);
  g_autofree guint8 *kernel = pioneer_file (&kernel_header, 0x20000, 21);
  g_autofree guint8 *normal = pioneer_file (&normal_header, 0x130000, 22);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };

  take_gates (&walk, TRUE);
  take_wake (&walk);
  take_control (&walk, OFL_STAGE_SEND, ENTER, CONTROL_109, OFL_EXPECT_IGNORE, 1);
  take_control (&walk, OFL_STAGE_SEND, ENTER, CONTROL_109_OTHER, OFL_EXPECT_OK, 0);
  take_look (&walk, OFL_STAGE_SEND, "0000", "1.17");
  take_danger (&walk);
  take_part (&walk, "fe", kernel, 0x20000, 250);
  walk_settle (&walk, OFL_STAGE_SEND, 10100);
  take_part (&walk, "f0", normal, 0x130000, 100);
  take_end (&walk, CONTROL_109, 30000);
}

/* The first, a middle and the last pieces of a DVR-106 literally; its only key is tried once. */
static void
test_plan_106 (void)
{
  PioneerHeader header = { "PIONEER DVD-RW  DVR-106D", "1.08", "ATA 0006", "GENERAL ", "Normal" };
  PioneerDrive who = { "PIONEER", "DVD-RW  DVR-106D", "1.05", "03/05/13", "ATA 0006", "GENERAL " };
  g_autoptr (OflSnapshot) drive = pioneer_drive (&who);
  g_autoptr (OflImage) image = pioneer_image (&header, 0x100000, 23);
  g_autofree guint8 *normal = pioneer_file (&header, 0x100000, 23);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };
  guint first;

  take_gates (&walk, TRUE);
  take_wake (&walk);
  take_control (&walk, OFL_STAGE_SEND, ENTER, CONTROL_106, OFL_EXPECT_OK, 0);
  take_look (&walk, OFL_STAGE_SEND, "0000", "1.05");
  take_danger (&walk);
  first = walk.next;
  take_part (&walk, "f0", normal, 0x100000, 100);
  take_end (&walk, CONTROL_106, 30000);
  walk_assert_command (ofl_plan_get_step (plan, first), "3b07f000000000800000", OFL_DIR_OUT, 0x8000,
                       OFL_EXPECT_OK);
  walk_assert_command (ofl_plan_get_step (plan, first + 2), "3b07f000800000800000", OFL_DIR_OUT,
                       0x8000, OFL_EXPECT_OK);
  walk_assert_command (ofl_plan_get_step (plan, first + 2 * 17), "3b07f008800000800000",
                       OFL_DIR_OUT, 0x8000, OFL_EXPECT_OK);
  walk_assert_command (ofl_plan_get_step (plan, first + 2 * 31), "3b07f00f800000800000",
                       OFL_DIR_OUT, 0x8000, OFL_EXPECT_OK);
}

/* What an exchange sends for a challenge of these first bytes; NULL when it sends nothing. */
static GBytes *
exchange (const OflPlan *plan, const OflStep *step, int capture, const guint8 *challenge)
{
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData data = { captures };
  g_autoptr (GError) error = NULL;
  GBytes *sent;

  for (guint n = 0; n < ofl_plan_get_n_captures (plan); n++)
    {
      g_ptr_array_add (captures, g_byte_array_new ());
      if ((int) n == capture && challenge != NULL)
        g_byte_array_append (g_ptr_array_index (captures, n), challenge, 4);
    }
  sent = step->exchange (&data, step->arg, &error);
  g_assert_no_error (error);
  return sent;
}

static void
take_answer (PlanWalk *walk, const char *cdb, guint32 length, int capture, guint skip)
{
  static const guint8 of_1234[4] = { 0xcb, 0xbe, 0xd3, 0xa6 };
  static const guint8 of_none[4] = { 0xcb, 0xbe, 0xd3, 0xa7 };
  const OflStep *step = walk_take (walk, OFL_STEP_EXCHANGE, OFL_STAGE_CHECK);
  g_autoptr (GBytes) sent = exchange (walk->plan, step, capture, of_1234);
  const guint8 *bytes = g_bytes_get_data (sent, NULL);

  walk_assert_command (step, cdb, OFL_DIR_OUT, length, OFL_EXPECT_IGNORE);
  g_assert_cmpuint (step->skip_if_refused, ==, skip);
  g_assert_cmphex (g_bytes_get_size (sent), ==, length);
  for (guint i = 0; i < length; i++)
    g_assert_cmphex (bytes[i], ==, 0x55);
  g_assert_null (exchange (walk->plan, step, capture, of_none));
  g_assert_null (exchange (walk->plan, step, capture, NULL));
}

/* pioneer 2.2, and how many steps each refusal leaves out */
static void
take_arm (PlanWalk *walk)
{
  const OflStep *step = walk_command (walk, OFL_STAGE_CHECK, "3b01f300000000000000", OFL_DIR_OUT, 0,
                                      OFL_EXPECT_IGNORE);
  int capture;

  g_assert_cmpuint (step->skip_if_refused, ==, 3);
  step = walk_command (walk, OFL_STAGE_CHECK, "3c01f200000000040000", OFL_DIR_IN, 0x400,
                       OFL_EXPECT_IGNORE);
  g_assert_cmpuint (step->skip_if_refused, ==, 2);
  capture = step->capture;
  take_answer (walk, "3b01f200000000010000", 0x100, capture, 1);
  take_answer (walk, "3b01f200000000040000", 0x400, capture, 0);
}

static void
test_plan_103_104 (gconstpointer arg)
{
  gboolean is_103 = GPOINTER_TO_INT (arg) == 103;
  PioneerHeader header = { "PIONEER DVD-RW  DVR-104 ", "1.40", "ATA 0003", "GENERAL ", "Normal" };
  PioneerDrive who = { "PIONEER", "DVD-RW  DVR-104", "1.33", "02/05/13", "ATA 0003", "GENERAL " };
  g_autoptr (OflSnapshot) drive = NULL;
  g_autoptr (OflImage) image = NULL;
  g_autofree guint8 *normal = NULL;
  g_autoptr (OflPlan) plan = NULL;
  PlanWalk walk = { NULL, 0 };

  if (is_103)
    {
      header.description = "PIONEER DVD-RW  DVR-103 ";
      who.product = "DVD-RW  DVR-103";
      header.version = who.version = "ATA 0001";
    }
  drive = pioneer_drive (&who);
  image = pioneer_image (&header, 0x100000, 23);
  normal = pioneer_file (&header, 0x100000, 23);
  walk.plan = plan = plan_write (drive, image);
  take_gates (&walk, !is_103);
  take_arm (&walk);
  take_wake (&walk);
  take_control (&walk, OFL_STAGE_SEND, ENTER, is_103 ? CONTROL_103 : CONTROL_104, OFL_EXPECT_IGNORE,
                1);
  take_control (&walk, OFL_STAGE_SEND, ENTER, is_103 ? CONTROL_103_OTHER : CONTROL_104_OTHER,
                OFL_EXPECT_OK, 0);
  if (is_103)
    walk_settle (&walk, OFL_STAGE_SEND, 3000);
  take_look (&walk, OFL_STAGE_SEND, "0000", "1.33");
  take_danger (&walk);
  take_part (&walk, "f0", normal, 0x100000, 100);
  take_end (&walk, is_103 ? CONTROL_103 : CONTROL_104, 20);
}

/* In kernel mode: no question for discs, no arming, no entering. */
static void
test_plan_kernel_mode (void)
{
  PioneerHeader header = PIONEER_109_HEADER ("Normal");
  PioneerDrive who = PIONEER_109_DRIVE ("0000");
  g_autoptr (OflSnapshot) drive = pioneer_drive (&who);
  g_autoptr (OflImage) image = pioneer_image (&header, 0x128000, 22);
  g_autofree guint8 *normal = pioneer_file (&header, 0x128000, 22);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };

  g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_BOOT);
  take_gates (&walk, FALSE);
  take_danger (&walk);
  take_part (&walk, "f0", normal, 0x128000, 100);
  take_end (&walk, CONTROL_109, 30000);
}

/* A kernel alone ends without a commit, and never as safe. */
static void
test_plan_kernel_alone (void)
{
  PioneerHeader header = PIONEER_109_HEADER ("Kernel");
  PioneerDrive who = PIONEER_109_DRIVE ("0000");
  g_autoptr (OflSnapshot) drive = pioneer_drive (&who);
  g_autoptr (OflImage) image = pioneer_image (&header, 0x20000, 21);
  g_autofree guint8 *kernel = pioneer_file (&header, 0x20000, 21);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  PlanWalk walk = { plan, 0 };

  take_gates (&walk, FALSE);
  take_danger (&walk);
  take_part (&walk, "fe", kernel, 0x20000, 250);
  walk_settle (&walk, OFL_STAGE_SEND, 10100);
  walk_end (&walk);
}

/* The gate that finds another drive in the place of the judged one. */
static void
test_same_drive (void)
{
  PioneerHeader header = PIONEER_109_HEADER ("Normal");
  PioneerDrive who = PIONEER_109_DRIVE ("1.17"), other = who;
  g_autoptr (OflSnapshot) drive = pioneer_drive (&who);
  g_autoptr (OflImage) image = pioneer_image (&header, 0x128000, 22);
  g_autoptr (OflPlan) plan = plan_write (drive, image);
  const OflStep *step = ofl_plan_get_step (plan, 1);
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  OflRunData data = { captures };
  g_autoptr (GError) error = NULL;
  GByteArray *answer = g_byte_array_new ();

  g_ptr_array_add (captures, answer);
  g_byte_array_set_size (answer, 0x30);
  pioneer_identity (&who, answer->data);
  g_assert_true (step->check (&data, step->arg, NULL));
  g_byte_array_set_size (answer, 0x2c); /* the least that counts */
  g_assert_true (step->check (&data, step->arg, NULL));
  g_byte_array_set_size (answer, 0x2b);
  g_assert_false (step->check (&data, step->arg, NULL));
  other.kernel_type = "ASUS    ";
  g_byte_array_set_size (answer, 0x30);
  pioneer_identity (&other, answer->data);
  g_assert_false (step->check (&data, step->arg, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
}

static void
test_probe (void)
{
  /* What belongs together stands in one line. */
  /* clang-format off */
  static const struct {
    PioneerDrive drive;
    const char *family;
    OflCaps caps;
    OflDriveState state;
    const char *mark;
  } rows[] = {
    { PIONEER_109_DRIVE ("1.17"), "pioneer", OFL_CAP_WRITE | OFL_CAP_RECOVER,
      OFL_DRIVE_STATE_NORMAL, "ATA 9 / GENERAL" },
    { PIONEER_109_DRIVE ("0000"), "pioneer", OFL_CAP_WRITE | OFL_CAP_RECOVER, OFL_DRIVE_STATE_BOOT,
      "ATA 9 / GENERAL" },
    { { "PIONEER", "DVD-RW  DVR-K04", "1.17", "05/05/13", "ATA   62", "PIO_ADV " }, "pioneer",
      OFL_CAP_WRITE | OFL_CAP_RECOVER, OFL_DRIVE_STATE_NORMAL, "ATA 62 / PIO_ADV" },
    { { "PIONEER", "DVD-RW  DVR-112", "1.21", "07/05/13", "ATA 0012", "GENERAL " }, "pioneer",
      OFL_CAP_NONE, OFL_DRIVE_STATE_NORMAL, "ATA 12 / GENERAL" },
    { { "PIONEER", "DVD-RW  DVR-109", "1.17", "no date", "ATA 0009", "GENERAL " }, "pioneer",
      OFL_CAP_NONE, OFL_DRIVE_STATE_NORMAL, "ATA 9 / GENERAL" },
    { { "PIONEER", "DVD-RW  DVR-109", "1.17", "05/05/13", "SATA0009", "GENERAL " }, "pioneer",
      OFL_CAP_NONE, OFL_DRIVE_STATE_NORMAL, "SATA 9 / GENERAL" },
    { { "ASUS", "DVD-RW  DVR-109", "1.17", "05/05/13", "ATA 0009", "ASUS    " }, NULL, OFL_CAP_NONE,
      OFL_DRIVE_STATE_UNKNOWN, NULL },
    { { "ASUS", "DRW-1608P2", "1.41", "05/05/13", "ATA 0009", "ASUS    " }, "pioneer",
      OFL_CAP_WRITE | OFL_CAP_RECOVER, OFL_DRIVE_STATE_NORMAL, "ATA 9 / ASUS" },
    { { "ASUS", "DRW-1608P3S", "1.24", "05/05/13", "ATA 0009", "ASUS    " }, NULL, OFL_CAP_NONE,
      OFL_DRIVE_STATE_UNKNOWN, NULL },
    { { "PIODATA", "DVD-RW DVR-108DX", "1.06", "05/05/13", "ATA 0009", "PIODATA " }, "pioneer",
      OFL_CAP_WRITE | OFL_CAP_RECOVER, OFL_DRIVE_STATE_NORMAL, "ATA 9 / PIODATA" },
  };
  /* clang-format on */

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = pioneer_drive (&rows[i].drive);

      g_test_message ("row %u", i);
      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, rows[i].family);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].caps);
      if (rows[i].family == NULL)
        continue;
      g_assert_cmpint (ofl_snapshot_get_state (drive), ==, rows[i].state);
      g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, rows[i].mark);
      g_assert_cmpint (ofl_snapshot_get_reason (drive) == NULL, ==,
                       (rows[i].caps & OFL_CAP_WRITE) != 0);
      g_assert_cmpstr (ofl_snapshot_get_fact (drive, "drive serial"), ==, "ABCD012345WL");
    }
}

/* A drive that refuses 3C 02 F1 is not of this family; one whose answer is short is asked once more,
 * and is not known then. */
static void
answer_badly (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
              gpointer user_data)
{
  guint32 *length = user_data;

  g_assert_cmphex (command->cdb[0], ==, 0x3c);
  if (*length == 0)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
  else
    reply->transferred = *length;
}

static void
test_probe_badly (void)
{
  static const guint32 lengths[] = { 0, 0x2b };
  PioneerDrive who = PIONEER_109_DRIVE ("1.17");

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint32 length = lengths[i];
      g_autoptr (FakeTransport) transport = fake_transport_new (answer_badly, &length);
      OflIdentity identity;
      g_autoptr (OflSnapshot) drive = NULL;

      pioneer_inquiry (&who, &identity);
      drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
      g_assert_null (ofl_snapshot_get_family (drive));
      g_assert_cmpuint (fake_transport_get_count (transport), ==, length == 0 ? 1 : 2);
      g_assert_cmpint (ofl_snapshot_get_state (drive), ==,
                       length == 0 ? OFL_DRIVE_STATE_NORMAL : OFL_DRIVE_STATE_GARBLED);
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    OflVerdict verdict;
  } rows[] = {
    { "1.17", "1.58", OFL_VERDICT_CONFIRMED },
    { "0000", "1.58", OFL_VERDICT_UNKNOWN }, /* f1-boot: a restart leaves kernel mode as well */
    { "0000", "1.40", OFL_VERDICT_UNKNOWN },
    { "1.17", "1.17", OFL_VERDICT_UNKNOWN },
    { "1.17", "1.40", OFL_VERDICT_UNKNOWN },
    { "1.58", "1.58", OFL_VERDICT_UNKNOWN },
    { "1.17", "0000", OFL_VERDICT_FAILED_RECOVERY },
    { "0000", "0000", OFL_VERDICT_FAILED_RECOVERY },
  };
  PioneerHeader header = PIONEER_109_HEADER ("Normal");
  g_autoptr (OflImage) image = pioneer_image (&header, 0x128000, 22);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PioneerDrive who_before = PIONEER_109_DRIVE (rows[i].before);
      PioneerDrive who_after = PIONEER_109_DRIVE (rows[i].after);
      g_autoptr (OflSnapshot) before = pioneer_drive (&who_before);
      g_autoptr (OflSnapshot) after = pioneer_drive (&who_after);
      OflProof proof = { before, after, image, 0, 0, FALSE };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (pioneer_family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
      proof.after = NULL;
      g_assert_cmpint (ofl_family_confirm (pioneer_family (), &proof), ==, OFL_VERDICT_UNKNOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pioneer/plan/set", test_plan_set);
  g_test_add_func ("/pioneer/plan/106", test_plan_106);
  g_test_add_data_func ("/pioneer/plan/103", GINT_TO_POINTER (103), test_plan_103_104);
  g_test_add_data_func ("/pioneer/plan/104", GINT_TO_POINTER (104), test_plan_103_104);
  g_test_add_func ("/pioneer/plan/kernel-mode", test_plan_kernel_mode);
  g_test_add_func ("/pioneer/plan/kernel-alone", test_plan_kernel_alone);
  g_test_add_func ("/pioneer/plan/same-drive", test_same_drive);
  g_test_add_func ("/pioneer/probe", test_probe);
  g_test_add_func ("/pioneer/probe/badly", test_probe_badly);
  g_test_add_func ("/pioneer/confirm", test_confirm);
  return g_test_run ();
}
