/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panasonic's slim drives: who is of the family, what is an image, every command of a write. From
 * matshita 1, matshita 2, matshita 3 and matshita 11. */
#include "families/matshita/ofl-matshita.h"

#include <string.h>

#include "flash/ofl-executor.h"
#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

#define TUR "000000000000"
#define HEADER 0x30
#define PAYLOAD 0xca1f8 /* as in the log: 809 pieces, the first of 1F8 bytes */
#define N_PIECES 809
#define NAME_870BJ "MATSHITADVD-RAM UJ870BJ "
#define NAME_857 "MATSHITADVD-R   UJ-857  "
#define NAME_HP "hp      DVD RAM UJ892   "

static const OflFamily *
family (void)
{
  return ofl_families_find ("matshita");
}

static OflSnapshot *
new_drive (const char *vendor, const char *product, const char *revision)
{
  Specimen specimen = { vendor, product, revision, "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (NULL, NULL);
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  /* of the family by its name alone: nothing was asked */
  if (g_strcmp0 (ofl_snapshot_get_family (drive), "matshita") == 0)
    g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
  return drive;
}

static OflSnapshot *
our_drive (const char *revision)
{
  return new_drive ("MATSHITA", "DVD-RAM UJ870BJ", revision);
}

/* A file as matshita 3.1 tells, with the numbers of the log's at 28 and 2C. */
static guint8 *
new_file (const char *name, const char *revision, guint32 payload)
{
  static const guint8 tail[] = { ' ',  ' ',  ' ',  0x1a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                 0x00, 0x00, 0x00, 0x01, 0xf6, 0xb2, 0x00, 0x00, 0x00, 0x27 };
  g_autofree guint8 *noise = specimen_noise (0x870, payload);
  guint8 *data = g_malloc (HEADER + payload);

  memcpy (data, name, 24);
  memcpy (data + 24, revision, 4);
  memcpy (data + 28, tail, sizeof tail);
  data[0x25] = (guint8) (payload >> 16);
  data[0x26] = (guint8) (payload >> 8);
  data[0x27] = (guint8) payload;
  memcpy (data + HEADER, noise, payload);
  return data;
}

static OflImage *
new_image_of (const char *name, const char *revision, guint32 payload)
{
  g_autofree guint8 *data = new_file (name, revision, payload);

  return specimen_parse ("matshita", data, HEADER + payload);
}

static OflImage *
new_image (const char *name, const char *revision)
{
  return new_image_of (name, revision, PAYLOAD);
}

/* One byte of a good file is another. */
static OflImage *
altered (guint32 at, guint8 value)
{
  g_autofree guint8 *data = new_file (NAME_870BJ, "1.03", PAYLOAD);

  g_assert_cmphex (data[at], !=, value);
  data[at] = value;
  return specimen_parse ("matshita", data, HEADER + PAYLOAD);
}

static void
test_probe (void)
{
  static const struct {
    const char *vendor, *product;
    gboolean ours;
  } rows[] = {
    { "MATSHITA", "DVD-RAM UJ870BJ", TRUE }, /* as the log has it */
    { "MATSHITA", "DVD-R   UJ-857", TRUE },  /* blanks in a row count as one */
    { "MATSHITA", "DVD-RAM UJ-840S", TRUE },
    { "MATSHITA", "DVD+-RW UJ892", TRUE },
    { "MATSHITA", "UJ-846D", TRUE },
    { "hp", "DVD RAM UJ892", TRUE },
    { "hp", "DVD RAM UJ897", TRUE },
    { "hp", "DVD-RAM UJ870BJ", FALSE }, /* a name that no list has for hp */
    { "MATSHITA", "DVD-RAM UJ870BJX", FALSE },
    { "MATSHITA", "DVD-RAM UJ870", FALSE },
    { "MATSHITA", "DVD-RAM UJ-831S", FALSE },
    { "MATSHITA", "UJ-822D", FALSE },
    { "MATSHITA", "DVD-RAM UJ8A0", FALSE },
    { "MATSHITA", "DVD-RAM UJE844S", FALSE },
    { "MATSHITA", "DVD-ROM UJ869AZ", FALSE },
    { "MATSHITA", "DVDRWBD UJ-110", FALSE },
    { "PANASONI", "DVD-RAM UJ870BJ", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = new_drive (rows[i].vendor, rows[i].product, "1.02");

      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, rows[i].ours ? "matshita" : NULL);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].ours ? OFL_CAP_WRITE : 0);
      g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, rows[i].ours ? rows[i].product : NULL);
    }
}

/* Every model of the table is one of UJ-84x to UJ-89x, and one of them is in the log. */
static void
test_models (void)
{
  g_autoptr (GPtrArray) names = ofl_family_list_model_names (family ());
  GKeyFile *table = ofl_family_table (family ());
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  guint logged = 0;

  g_assert_cmpuint (names->len, ==, 77);
  for (guint i = 0; i < names->len; i++)
    if (!g_regex_match_simple ("^(MATSHITA (DVD(-R|-RAM|\\+-RW| RAM) )?|hp DVD RAM )"
                               "UJ-?8[4-9][0-9J][A-Za-z]*( z)?$",
                               g_ptr_array_index (names, i), 0, 0))
      g_test_fail_printf ("%s is none of UJ-84x to UJ-89x",
                          (const char *) g_ptr_array_index (names, i));
  for (guint i = 0; groups[i] != NULL; i++)
    logged += g_key_file_get_boolean (table, groups[i], "logged", NULL) ? 1 : 0;
  g_assert_cmpuint (logged, ==, 1);
}

static void
test_vectors (void)
{
  static const struct {
    guint minute, second;
    const char *hex;
  } rows[] = {
    { 32, 31, "ed00e0df3a8410574510003c" }, /* the log's, at 23:32:31 */
    { 0, 0, "ed00ffff59a410766510003c" },
    { 59, 59, "ed00c4c41e69103b2a10003c" },
  };
  g_autofree guint8 *file = new_file (NAME_870BJ, "1.03", PAYLOAD);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 cdb[OFL_MATSHITA_CDB];
      g_autofree char *hex = NULL;

      ofl_matshita_unlock (cdb, rows[i].minute, rows[i].second);
      hex = specimen_hex (cdb, sizeof cdb);
      g_assert_cmpstr (hex, ==, rows[i].hex);
    }
  specimen_assert_sha256 (file, HEADER + PAYLOAD,
                          "50ecaa3ac82c4790b37242319e32e275b259dc58fd79948870a58ecb578d3983");
}

static void
test_parse (void)
{
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");
  g_autoptr (OflImage) blanks = new_image (NAME_857, "HA01");
  g_autoptr (OflImage) hp = new_image (NAME_HP, "1.00");

  g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "MATSHITA");
  g_assert_cmpstr (ofl_image_get_fact (image, "product"), ==, "DVD-RAM UJ870BJ");
  g_assert_cmpstr (ofl_image_get_fact (image, "revision"), ==, "1.03");
  g_assert_cmpstr (ofl_image_get_mark (image), ==, "DVD-RAM UJ870BJ");
  g_assert_cmpint (walk_check (image, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (image, "header"), ==, -1);
  g_assert_cmpint (walk_check (image, "integrity"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_cmpstr (ofl_image_get_fact (blanks, "product"), ==, "DVD-R UJ-857");
  g_assert_cmpstr (ofl_image_get_fact (hp, "vendor"), ==, "hp");
}

static void
test_not_quite (void)
{
  g_autofree guint8 *data = new_file (NAME_870BJ, "1.03", PAYLOAD);
  g_autoptr (OflImage) shorter = specimen_parse ("matshita", data, HEADER + PAYLOAD - 1);
  g_autoptr (OflImage) names_more = altered (0x24, 0x01);
  g_autoptr (OflImage) not_zero = altered (0x20, 0x01);

  g_assert_cmpint (walk_check (shorter, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_cmpint (walk_check (names_more, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_cmpint (walk_check (not_zero, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (not_zero, "header"), ==, OFL_IMAGE_CHECK_WARNING);
  g_assert_null (altered (0x1c, 'x'));
  g_assert_null (altered (0x1f, 0x1b));
  g_assert_null (altered (0x00, 'N'));
  g_assert_null (altered (0x13, '9'));
  g_assert_null (specimen_parse ("matshita", data, HEADER));
  g_assert_null (new_image ("MATSHITADVD-RAM UJ-831S ", "1.03"));
}

static void
test_judge (void)
{
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");
  g_autoptr (OflSnapshot) d857 = new_drive ("MATSHITA", "DVD-R   UJ-857", "HAEA");
  g_autoptr (OflSnapshot) one_blank = new_drive ("MATSHITA", "DVD-R UJ-857", "HAEA");
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");
  g_autoptr (OflImage) same = new_image (NAME_870BJ, "1.02");
  g_autoptr (OflImage) i857 = new_image (NAME_857, "HBEA");
  g_autoptr (OflImage) longer = altered (0x27, 0xf7);
  g_autoptr (OflImage) unusual = altered (0x23, 0x01);
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *check;
    OflLevel level, whole;
  } rows[] = {
    { drive, image, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { drive, image, "revision", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { drive, image, "integrity", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { drive, image, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, image, "tray", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, image, "restart", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, same, "revision", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, unusual, "header", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { drive, longer, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { drive, i857, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d857, i857, "tested", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { d857, i857, "model", OFL_LEVEL_GREEN, OFL_LEVEL_RED_SOFT },
    { d857, image, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { one_blank, i857, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { drive, NULL, "restart", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d857, NULL, "tested", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
  };
  g_autoptr (OflJudgement) logged = ofl_families_judge (drive, image, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    specimen_assert_judged (rows[i].drive, rows[i].image, NULL, rows[i].check, rows[i].level,
                            rows[i].whole);
  g_assert_null (specimen_reason (logged, "tested"));
}

/* Everything before the first piece. */
static void
take_entry (PlanWalk *walk)
{
  const OflStep *step;

  walk_command (walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  step = walk_command (walk, OFL_STAGE_SEND, "ed00e0df3a8410574510003c", OFL_DIR_IN, 0x1000,
                       OFL_EXPECT_OK);
  g_assert_cmpstr (step->source, ==, "matshita 2.2");
  walk_command (walk, OFL_STAGE_SEND, "ed010000000001000000003c", OFL_DIR_NONE, 0,
                OFL_EXPECT_IGNORE);
  walk_settle (walk, OFL_STAGE_SEND, 2000);
  walk_command (walk, OFL_STAGE_SEND, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
}

/* What a drive's buffer gives back, and whether the plan goes on. */
static gboolean
goes_on (const OflStep *check, const guint8 *piece, guint32 length, gsize got, gssize wrong_at)
{
  g_autoptr (GPtrArray) captures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autofree guint8 *zeros = g_malloc0 (HEADER);
  GByteArray *read = g_byte_array_new ();
  OflRunData data = { captures };
  g_autoptr (GError) error = NULL;
  gboolean good;

  g_byte_array_append (read, zeros, HEADER);
  g_byte_array_append (read, piece, length);
  if (wrong_at >= 0)
    read->data[wrong_at] ^= 1;
  g_byte_array_set_size (read, (guint) got);
  g_ptr_array_add (captures, read);
  good = check->check (&data, check->arg, &error);
  if (good)
    g_assert_no_error (error);
  else
    g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
  return good;
}

static void
take_piece (PlanWalk *walk, const guint8 *file, guint32 at, guint32 length, guint32 from)
{
  g_autofree char *ea = g_strdup_printf ("ea0000%06x%06x000000", at, HEADER + length);
  g_autofree char *e8 = g_strdup_printf ("e80000%06x%06x000000", at, HEADER + length);
  g_autofree guint8 *want = g_malloc0 (from + HEADER + length);
  const guint8 *piece = file + HEADER + at;
  const OflStep *step;
  gsize all = HEADER + length;

  memcpy (want + from, file, HEADER);
  memcpy (want + from + HEADER, piece, length);
  walk_send (walk, OFL_STAGE_SEND, ea, from, (guint32) all, OFL_EXPECT_OK, want);
  step = walk_command (walk, OFL_STAGE_SEND, e8, OFL_DIR_IN, (guint32) all, OFL_EXPECT_OK);
  g_assert_cmpint (step->capture, ==, 0);
  g_assert_cmphex (step->capture_offset, ==, 0);
  g_assert_false (step->residual_ok);
  step = walk_take (walk, OFL_STEP_CHECK, OFL_STAGE_SEND);
  g_assert_true (goes_on (step, piece, length, all, -1));
  g_assert_true (goes_on (step, piece, length, all, HEADER - 1)); /* not sent, not compared */
  g_assert_false (goes_on (step, piece, length, all, HEADER));
  g_assert_false (goes_on (step, piece, length, all, (gssize) all - 1));
  g_assert_false (goes_on (step, piece, length, all - 1, -1));
}

static void
take_burn (PlanWalk *walk)
{
  const OflStep *step;

  walk_mark (walk, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS);
  step = walk_command (walk, OFL_STAGE_PROGRAM, "f50000000000000000000080", OFL_DIR_NONE, 0,
                       OFL_EXPECT_OK);
  g_assert_cmpuint (step->command.timeout_ms, >=, 120000);
  walk_poll (walk, OFL_STAGE_PROGRAM, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 1000, 120000, TRUE);
  walk_mark (walk, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

static void
test_plan (void)
{
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");
  g_autofree guint8 *file = new_file (NAME_870BJ, "1.03", PAYLOAD);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, &error);
  PlanWalk walk = { plan, 0 };

  g_assert_no_error (error);
  take_entry (&walk);
  take_piece (&walk, file, 0, 0x1f8, 0);
  for (guint i = 1; i < N_PIECES; i++)
    take_piece (&walk, file, 0x1f8 + (i - 1) * 0x400, 0x400, 0x228 + (i - 1) * 0x430);
  take_burn (&walk);
}

/* The log's first three pieces and its last, as they stand in it. */
static void
test_log (void)
{
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, NULL);
  static const struct {
    guint step;
    const char *hex;
    OflDirection dir;
    guint32 length;
  } rows[] = {
    { 6, "ea0000000000000228000000", OFL_DIR_OUT, 552 },
    { 7, "e80000000000000228000000", OFL_DIR_IN, 552 },
    { 9, "ea00000001f8000430000000", OFL_DIR_OUT, 1072 },
    { 10, "e800000001f8000430000000", OFL_DIR_IN, 1072 },
    { 12, "ea00000005f8000430000000", OFL_DIR_OUT, 1072 },
    { 6 + 3 * 808, "ea00000c9df8000430000000", OFL_DIR_OUT, 1072 },
    { 7 + 3 * 808, "e800000c9df8000430000000", OFL_DIR_IN, 1072 },
    { 10 + 3 * 808, "f50000000000000000000080", OFL_DIR_NONE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    walk_assert_cdb (ofl_plan_get_step (plan, rows[i].step), rows[i].hex, rows[i].dir,
                     rows[i].length);
}

/* Payloads of other lengths: whole pieces only, and one that is smaller than a piece. */
static void
test_lengths (void)
{
  static const struct {
    guint32 payload, first, n_pieces;
  } rows[] = {
    { 0x400, 0x400, 1 }, { 0x800, 0x400, 2 }, { 0x401, 0x001, 2 }, { 0x3ff, 0x3ff, 1 }, { 1, 1, 1 },
  };
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflImage) image = new_image_of (NAME_870BJ, "1.03", rows[i].payload);
      g_autofree guint8 *file = new_file (NAME_870BJ, "1.03", rows[i].payload);
      g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, NULL);
      PlanWalk walk = { plan, 0 };

      take_entry (&walk);
      take_piece (&walk, file, 0, rows[i].first, 0);
      for (guint n = 1; n < rows[i].n_pieces; n++)
        take_piece (&walk, file, rows[i].first + (n - 1) * 0x400, 0x400,
                    HEADER + rows[i].first + (n - 1) * 0x430);
      take_burn (&walk);
    }
}

/* A drive's buffer, and what goes wrong. Three pieces: 1F8, 400, 400. */
typedef struct {
  const char *name;
  guint8 fails;      /* the command that does not go well */
  guint8 second;     /* its second byte */
  OflOutcome how;    /* of its answer; OK: a byte that it gives back is another */
  guint32 at;        /* which, in the payload */
  const char *trace; /* the commands that must be sent */
  OflError error;
  gboolean danger;
} Mishap;

#define GATE "00 00 "
#define ENTRY GATE "ed ed 00 "
#define PAIRS "ea e8 ea e8 ea e8 "

static const Mishap mishaps[] = {
  { "none", 0xff, 0, OFL_OUTCOME_OK, 0, ENTRY PAIRS "f5 00", 0, FALSE },
  { "a-disc-is-in", 0x00, 0, OFL_OUTCOME_OK, 0, "00 00", OFL_ERROR_NOT_READY, FALSE },
  { "locked", 0xed, 0, OFL_OUTCOME_SENSE, 0, GATE "ed", OFL_ERROR_REJECTED, FALSE },
  { "does-not-enter", 0xed, 1, OFL_OUTCOME_SENSE, 0, ENTRY PAIRS "f5 00", 0, FALSE },
  { "no-pieces", 0xea, 0, OFL_OUTCOME_SENSE, 0, ENTRY "ea", OFL_ERROR_REJECTED, FALSE },
  { "no-comparison", 0xe8, 0, OFL_OUTCOME_SENSE, 0, ENTRY "ea e8", OFL_ERROR_REJECTED, FALSE },
  { "first-byte", 0xe8, 0, OFL_OUTCOME_OK, 0, ENTRY "ea e8", OFL_ERROR_MISMATCH, FALSE },
  { "middle", 0xe8, 0, OFL_OUTCOME_OK, 0x1f8, ENTRY "ea e8 ea e8", OFL_ERROR_MISMATCH, FALSE },
  { "last-byte", 0xe8, 0, OFL_OUTCOME_OK, 0x9f7, ENTRY "ea e8 ea e8 ea e8", OFL_ERROR_MISMATCH,
    FALSE },
  { "burns-too-long", 0xf5, 0, OFL_OUTCOME_TIMEOUT, 0, ENTRY PAIRS "f5", OFL_ERROR_TIMEOUT, TRUE },
  { "does-not-burn", 0xf5, 0, OFL_OUTCOME_SENSE, 0, ENTRY PAIRS "f5", OFL_ERROR_REJECTED, TRUE },
};

typedef struct {
  const Mishap *mishap;
  guint8 buffer[0x1000];
} FakeDrive;

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  FakeDrive *drive = user_data;
  const Mishap *mishap = drive->mishap;
  gboolean fails = command->cdb[0] == mishap->fails && command->cdb[1] == mishap->second;
  guint32 at = (guint32) command->cdb[4] << 8 | command->cdb[5];
  guint32 length = command->length - HEADER;

  if (fails && mishap->how == OFL_OUTCOME_SENSE)
    fake_reply_sense (reply, 5, 0x20, 0);
  else if (fails && mishap->how == OFL_OUTCOME_TIMEOUT)
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else if (command->cdb[0] == 0x00 && !fails)
    fake_reply_sense (reply, 2, 0x3a, 2);
  else if (command->cdb[0] == 0xea)
    memcpy (drive->buffer + at, data + HEADER, length);
  else if (command->cdb[0] == 0xe8)
    {
      memset (data, 0, HEADER);
      memcpy (data + HEADER, drive->buffer + at, length);
      if (fails && mishap->at >= at && mishap->at < at + length)
        data[HEADER + mishap->at - at] ^= 0x80;
    }
}

/* What is not right stops the job before the burn, and nothing follows a burn that failed. */
static void
test_run (gconstpointer data)
{
  const Mishap *mishap = data;
  FakeDrive fake = { mishap, { 0 } };
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");
  g_autoptr (OflImage) image = new_image_of (NAME_870BJ, "1.03", 0x9f8);
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, NULL);
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, &fake);
  g_autoptr (OflProgress) progress = ofl_progress_new ();
  g_auto (OflRun) run = { OFL_TRANSPORT (transport), progress, NULL, NULL, -1 };

  ofl_run_execute (&run, plan);
  g_assert_cmpstr (fake_transport_get_trace (transport), ==, mishap->trace);
  g_assert_cmpint (run.end, ==, mishap->error == 0 ? OFL_RUN_DONE : OFL_RUN_FAILED);
  if (mishap->error != 0)
    g_assert_error (run.error, OFL_ERROR, (int) mishap->error);
  g_assert_cmpint (run.danger, ==, mishap->danger);
}

/* A clock runs; a plan does not change with it. */
static void
test_same_plan (void)
{
  g_autoptr (OflSnapshot) drive = our_drive ("1.02");
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");
  g_autoptr (OflPlan) one = specimen_plan_write (family (), drive, image, NULL, NULL);
  g_autofree char *of_one = ofl_plan_digest (one);

  g_usleep (1100 * 1000);
  {
    g_autoptr (OflPlan) other = specimen_plan_write (family (), drive, image, NULL, NULL);
    g_autofree char *of_other = ofl_plan_digest (other);

    g_assert_cmpstr (of_one, ==, of_other);
  }
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    OflVerdict verdict;
  } rows[] = {
    { "1.02", "1.03", OFL_VERDICT_CONFIRMED }, { "1.02", "1.02", OFL_VERDICT_UNKNOWN },
    { "1.03", "1.03", OFL_VERDICT_UNKNOWN },   { "1.02", "1.01", OFL_VERDICT_UNKNOWN },
    { "1.02", NULL, OFL_VERDICT_UNKNOWN },
  };
  g_autoptr (OflImage) image = new_image (NAME_870BJ, "1.03");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) before = our_drive (rows[i].before);
      g_autoptr (OflSnapshot) after = rows[i].after != NULL ? our_drive (rows[i].after) : NULL;
      OflProof proof = { before, after, image, 0, 0, FALSE, 0 };

      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
  g_assert_false (ofl_family_can_read (family ()));
  g_assert_false (ofl_family_can_compare (family ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matshita/probe", test_probe);
  g_test_add_func ("/matshita/models", test_models);
  g_test_add_func ("/matshita/vectors", test_vectors);
  g_test_add_func ("/matshita/parse", test_parse);
  g_test_add_func ("/matshita/not-quite", test_not_quite);
  g_test_add_func ("/matshita/judge", test_judge);
  g_test_add_func ("/matshita/plan", test_plan);
  g_test_add_func ("/matshita/log", test_log);
  g_test_add_func ("/matshita/lengths", test_lengths);
  for (guint i = 0; i < G_N_ELEMENTS (mishaps); i++)
    {
      g_autofree char *path = g_strconcat ("/matshita/run/", mishaps[i].name, NULL);

      g_test_add_data_func (path, &mishaps[i], test_run);
    }
  g_test_add_func ("/matshita/same-plan", test_same_plan);
  g_test_add_func ("/matshita/confirm", test_confirm);
  return g_test_run ();
}
