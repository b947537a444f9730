/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard family: every command of a download in each mode, who is recognised, what is
 * refused, and that no verdict says more than a revision can. */
#include <string.h>

#include "families/standard/ofl-standard.h"
#include "kit/fake-transport.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

static const Specimen practice = { "OPTIFLSH", "PRACTICE STD", "1.00", "", "" };

static const OflFamily *
family (void)
{
  return ofl_families_find ("standard");
}

/* A file with or without a drive's name in it, as the table says of practice images. */
static guint8 *
new_file (gsize length, const char *name)
{
  guint8 *data = specimen_noise (3, length);

  if (name != NULL)
    memcpy (data + 100, name, strlen (name));
  return data;
}

static OflImage *
parse_file (gsize length, const char *name)
{
  g_autofree guint8 *data = new_file (length, name);

  return specimen_parse ("standard", data, length);
}

static OflImage *
raw_file (gsize length, const char *name)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (new_file (length, name), length);

  return ofl_families_raw_image ("standard", bytes);
}

#define NAMED "OPTIFLSHPRACTICE STD    1.03"

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  const guint8 *descriptor = user_data;

  g_assert_true (ofl_command_is_read_only (command));
  if (descriptor != NULL && command->cdb[0] == 0x3c && command->cdb[1] == 3)
    memcpy (data, descriptor, 4);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
}

static OflSnapshot *
probe (const Specimen *specimen, const char *wanted, const guint8 *descriptor)
{
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, (gpointer) descriptor);
  OflIdentity identity;

  specimen_identity (&identity, specimen);
  return ofl_families_probe (OFL_TRANSPORT (transport), &identity, (gpointer) wanted);
}

static OflChoices *
choose (const char *mode, const char *chunk)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "mode", mode);
  ofl_choices_set (choices, "chunk", chunk);
  return choices;
}

static void
test_probe (void)
{
  static const guint8 descriptor[4] = { 9, 0x04, 0x00, 0x00 };
  Specimen other = practice, boot = practice;
  g_autoptr (OflSnapshot) drive = probe (&practice, NULL, descriptor);
  g_autoptr (OflSnapshot) unknown = NULL, forced = NULL, booting = NULL;

  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "standard");
  g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, OFL_CAP_WRITE | OFL_CAP_EXPERT);
  g_assert_cmpuint (g_bytes_get_size (ofl_snapshot_get_blob (drive, OFL_STANDARD_BLOB_DESCRIPTOR)),
                    ==, 4);
  g_assert_cmpstr (ofl_snapshot_get_fact (drive, "buffer"), ==, "262144 bytes");
  other.product = "PRACTICE";
  unknown = probe (&other, NULL, descriptor);
  g_assert_null (ofl_snapshot_get_family (unknown));
  other.vendor = "Linux";
  other.product = "scsi_debug";
  forced = probe (&other, "standard", NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (forced), ==, "standard");
  g_assert_null (ofl_snapshot_get_blob (forced, OFL_STANDARD_BLOB_DESCRIPTOR));
  boot.revision = "BOOT";
  booting = probe (&boot, NULL, NULL);
  g_assert_cmpint (ofl_snapshot_get_state (booting), ==, OFL_DRIVE_STATE_BOOT);
}

static void
test_parse (void)
{
  g_autoptr (OflImage) named = parse_file (5000, NAMED);
  g_autoptr (OflImage) nameless = parse_file (5000, NULL);
  g_autoptr (OflImage) cut = parse_file (100 + 20, "OPTIFLSHPRACTICE STD");
  g_autoptr (OflImage) raw = raw_file (5000, NULL);

  g_assert_cmpstr (ofl_image_get_fact (named, "vendor"), ==, "OPTIFLSH");
  g_assert_cmpstr (ofl_image_get_fact (named, "product"), ==, "PRACTICE STD");
  g_assert_cmpstr (ofl_image_get_fact (named, "revision"), ==, "1.03");
  g_assert_null (nameless);
  g_assert_cmpstr (ofl_image_get_fact (cut, "product"), ==, "PRACTICE STD");
  g_assert_null (ofl_image_get_fact (cut, "revision"));
  g_assert_cmpstr (ofl_image_get_family (raw), ==, "standard");
  g_assert_null (ofl_image_get_fact (raw, "product"));
}

/* What a plan must be: TEST UNIT READY, the mark, the pieces, each with a TEST UNIT READY behind
 * it that takes a UNIT ATTENTION, perhaps an activation, a poll, the
 * other mark. */
static void
assert_plan (const OflPlan *plan, const OflImage *image, guint mode, guint32 chunk)
{
  guint32 length = (guint32) g_bytes_get_size (ofl_image_get_bytes (image));
  guint n = 0;
  const OflStep *step = ofl_plan_get_step (plan, n++);

  g_assert_cmpint (step->command.cdb_len, ==, 6);
  g_assert_cmphex (step->command.cdb[0], ==, 0);
  g_assert_cmpint (step->expect, ==, OFL_EXPECT_IGNORE);
  g_assert_cmpint (ofl_plan_get_step (plan, n++)->mark, ==, OFL_MARK_DANGER_BEGINS);
  for (guint32 at = 0; at < length; at += chunk)
    {
      guint32 piece = MIN (chunk, length - at);
      g_autofree char *want = g_strdup_printf ("3b%02x00%06x%06x00", mode, at, piece);
      g_autofree char *cdb = NULL;

      step = ofl_plan_get_step (plan, n++);
      cdb = specimen_hex (step->command.cdb, step->command.cdb_len);
      g_assert_cmpstr (cdb, ==, want);
      g_assert_cmpint (step->command.dir, ==, OFL_DIR_OUT);
      g_assert_cmpuint (step->command.length, ==, piece);
      g_assert_cmpuint (step->command.timeout_ms, ==, 300000);
      g_assert_cmpuint (step->out.offset, ==, at);
      g_assert_cmpint (step->expect, ==, OFL_EXPECT_OK);
      g_assert_true (g_bytes_equal (ofl_plan_get_buffer (plan, step->out.buffer),
                                    ofl_image_get_bytes (image)));
      step = ofl_plan_get_step (plan, n++);
      g_assert_cmpint (step->command.cdb_len, ==, 6);
      g_assert_cmphex (step->command.cdb[0], ==, 0);
      g_assert_cmpint (step->expect, ==, OFL_EXPECT_IGNORE);
    }
  if (mode == 0x0e)
    {
      g_autofree char *cdb = NULL;

      step = ofl_plan_get_step (plan, n++);
      cdb = specimen_hex (step->command.cdb, step->command.cdb_len);
      g_assert_cmpstr (cdb, ==, "3b0f0000000000000000");
      g_assert_cmpint (step->command.dir, ==, OFL_DIR_NONE);
      g_assert_cmpint (step->expect, ==, OFL_EXPECT_OK);
    }
  step = ofl_plan_get_step (plan, n++);
  g_assert_cmpint (step->kind, ==, OFL_STEP_POLL);
  g_assert_cmpint (step->expect, ==, OFL_EXPECT_OK_OR_NO_MEDIUM);
  g_assert_cmpint (ofl_plan_get_step (plan, n++)->mark, ==, OFL_MARK_SAFE_AGAIN);
  g_assert_cmpuint (ofl_plan_get_n_steps (plan), ==, n);
}

static void
test_plan (void)
{
  static const guint8 rough[4] = { 13, 0, 0, 0 }, zero_only[4] = { 0xff, 0, 0, 0 };
  static const struct {
    const char *mode, *chunk;
    const guint8 *descriptor;
    gsize length;
    guint want_mode;
    guint32 want_chunk;
  } rows[] = {
    { NULL, NULL, NULL, 262144, 7, 4096 },      { "07", "32768", NULL, 100001, 7, 32768 },
    { "07", "8192", NULL, 5000, 7, 8192 },      { "0E", "16384", NULL, 262144, 0x0e, 16384 },
    { "05", NULL, NULL, 65536, 5, 65536 },      { "05", "4096", NULL, 300, 5, 300 },
    { "07", "4096", rough, 50000, 7, 8192 },    { "07", "16384", rough, 50000, 7, 16384 },
    { "07", "4096", zero_only, 9000, 7, 9000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = probe (&practice, NULL, rows[i].descriptor);
      g_autoptr (OflImage) image = parse_file (rows[i].length, NAMED);
      g_autoptr (OflChoices) choices = choose (rows[i].mode, rows[i].chunk);
      g_autoptr (GError) error = NULL;
      g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, choices, &error);

      g_assert_no_error (error);
      assert_plan (plan, image, rows[i].want_mode, rows[i].want_chunk);
    }
}

/* In how many bytes each mode ends, and that the refusal is a reason and no plan. */
static void
test_too_large (void)
{
  static const guint8 zero_only[4] = { 0xff, 0, 0, 0 }, huge[4] = { 20, 0, 0, 0 };
  static const struct {
    const char *mode;
    const guint8 *descriptor;
    gsize length;
  } rows[] = {
    { "05", NULL, 65537 },
    { "07", zero_only, 65537 },
    { "07", huge, 5000 },
    { "07", NULL, 0x1000001 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = probe (&practice, NULL, rows[i].descriptor);
      g_autoptr (OflImage) image = parse_file (rows[i].length, NAMED);
      g_autoptr (OflChoices) choices = choose (rows[i].mode, NULL);
      g_autoptr (OflJudgement) judgement = ofl_families_judge (drive, image, choices);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (specimen_reason (judgement, "transfer")->level, ==, OFL_LEVEL_RED);
      g_assert_null (specimen_plan_write (family (), drive, image, choices, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
    }
}

static void
test_judge (void)
{
  Specimen debug = { "Linux", "scsi_debug", "0191", "", "" };
  g_autoptr (OflSnapshot) drive = probe (&practice, NULL, NULL);
  g_autoptr (OflSnapshot) forced = probe (&debug, "standard", NULL);
  g_autoptr (OflImage) named = parse_file (5000, NAMED);
  g_autoptr (OflImage) same = parse_file (5000, "OPTIFLSHPRACTICE STD    1.00");
  g_autoptr (OflImage) raw = raw_file (5000, NULL);
  g_autoptr (OflImage) raw_named = raw_file (5000, "Linux   scsi_debug");
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *check;
    OflLevel level;
    OflLevel whole;
  } rows[] = {
    { drive, named, "name", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { drive, named, "revision", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { drive, named, "expert", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, same, "revision", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, raw, "name", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { forced, raw, "name", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { forced, raw_named, "name", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { forced, named, "name", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { drive, NULL, "expert", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflJudgement) judgement = ofl_families_judge (rows[i].drive, rows[i].image, NULL);
      const OflReason *reason = specimen_reason (judgement, rows[i].check);

      g_assert_nonnull (reason);
      g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (rows[i].level));
      g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                       ofl_level_id (rows[i].whole));
    }
}

/* 0000 is a boot code's revision, and Pioneer's kernel mode shows it, too. */
static void
test_judge_boot (void)
{
  static const struct {
    const char *revision;
    gboolean proves_damage;
  } rows[] = { { "BOOT", TRUE }, { "0000", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Specimen boot = practice;
      g_autoptr (OflSnapshot) drive = NULL;
      g_autoptr (OflJudgement) judgement = NULL;
      const OflReason *reason;

      boot.revision = rows[i].revision;
      drive = probe (&boot, NULL, NULL);
      judgement = ofl_families_judge (drive, NULL, NULL);
      reason = specimen_reason (judgement, "boot");
      g_assert_nonnull (reason);
      g_assert_cmpint (strstr (reason->sentence, "another program has left it") == NULL, ==,
                       rows[i].proves_damage);
      g_assert_cmpint (strstr (reason->remedy, "off and on") == NULL, ==, rows[i].proves_damage);
      g_assert_nonnull (strstr (reason->sentence, "damaged or missing"));
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after, *image;
    OflVerdict verdict;
  } rows[] = {
    { "1.00", "1.03", "1.03", OFL_VERDICT_CONFIRMED },
    { "1.00", "1.03", NULL, OFL_VERDICT_CONFIRMED },
    { "1.00", "1.00", "1.03", OFL_VERDICT_UNKNOWN },
    { "1.00", "1.00", NULL, OFL_VERDICT_UNKNOWN },
    { "1.00", "1.00", "1.00", OFL_VERDICT_UNKNOWN },
    { "1.00", "1.07", "1.03", OFL_VERDICT_UNKNOWN },
    { "1.00", "BOOT", "1.03", OFL_VERDICT_FAILED_RECOVERY },
    { "1.00", "BOOT", NULL, OFL_VERDICT_FAILED_RECOVERY },
    { "BOOT", "1.03", "1.03", OFL_VERDICT_CONFIRMED },
    { "BOOT", "1.07", "1.03", OFL_VERDICT_UNKNOWN },
    { "0000", "1.03", "1.03", OFL_VERDICT_UNKNOWN }, /* f1-boot: may be a mode and no damage */
    { "1.00", NULL, "1.03", OFL_VERDICT_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = rows[i].image != NULL
                                  ? g_strconcat ("OPTIFLSHPRACTICE STD    ", rows[i].image, NULL)
                                  : NULL;
      g_autoptr (OflImage) image = name != NULL ? parse_file (5000, name) : raw_file (5000, NULL);
      Specimen specimen = practice;
      g_autoptr (OflSnapshot) before = NULL, after = NULL;
      OflProof proof = { NULL, NULL, image, 0, 0, FALSE };

      specimen.revision = rows[i].before;
      before = probe (&specimen, NULL, NULL);
      specimen.revision = rows[i].after;
      after = rows[i].after != NULL ? probe (&specimen, NULL, NULL) : NULL;
      proof.before = before;
      proof.after = after;
      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
}

/* An image that its own family can write is not taken for a standard one. */
static void
test_not_assumed (void)
{
  Specimen bu40n = SPECIMEN_BU40N;
  g_autofree guint8 *data = specimen_image (&bu40n, 5);
  g_autoptr (OflImage) image = specimen_parse ("mt1959", data, 0x200000);
  g_autoptr (OflImage) same = ofl_families_assume_image ("standard", image);

  g_assert_true (same == image);
}

static void
test_cannot_read (void)
{
  g_assert_false (ofl_family_can_read (family ()));
  g_assert_false (ofl_family_can_compare (family ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/standard/probe", test_probe);
  g_test_add_func ("/standard/parse", test_parse);
  g_test_add_func ("/standard/plan", test_plan);
  g_test_add_func ("/standard/too-large", test_too_large);
  g_test_add_func ("/standard/judge", test_judge);
  g_test_add_func ("/standard/judge/boot", test_judge_boot);
  g_test_add_func ("/standard/confirm", test_confirm);
  g_test_add_func ("/standard/not-assumed", test_not_assumed);
  g_test_add_func ("/standard/cannot-read", test_cannot_read);
  return g_test_run ();
}
