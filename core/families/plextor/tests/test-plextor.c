/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Plextor family: files and their sums, what a drive is asked, every command of a write in both
 * ways, from plextor 2 and plextor 3.1. */
#include <string.h>

#include "family/ofl-family-private.h"
#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-bytes.h"
#include "scsi/ofl-error.h"

#define TUR "000000000000"

static const Specimen px716a = { "PLEXTOR", "DVDR   PX-716A", "1.09", "", "" };

static const OflFamily *
family (void)
{
  return ofl_families_find ("plextor");
}

/* One row for each kind of image. */
typedef struct {
  const char *name;
  guint32 size;
  guint32 sum_at;
  guint32 start;
} Kind;

static const Kind kinds[] = {
  { "PLEXTOR CD-R   PX-W4824A", 0x80000, 0x79ffe, 0x8000 },
  { "PLEXTOR CD-R   PX-W5224A", 0x80000, 0x79ffe, 0x8000 },
  { "PLEXTOR CD-R   PREMIUM  ", 0x80000, 0x7c7fe, 0x8000 },
  { "PLEXTOR CD-R   PREMIUM2 ", 0xf0000, 0xefffe, 0 },
  { "PLEXTOR DVDR   PX-708A  ", 0xf0000, 0xefffe, 0 },
  { "PLEXTOR DVDR   PX-712A  ", 0xfb000, 0xefffe, 0 },
  { "PLEXTOR DVDR   PX-716A  ", 0xf0000, 0xefffe, 0 },
  { "PLEXTOR DVDR   PX-716AL ", 0xf0000, 0xefffe, 0 },
  { "PLEXTOR DVDR   PX-760A  ", 0x1f0000, 0x1efffe, 0 },
};

static guint8 *
new_file (const Kind *kind)
{
  guint8 *data = specimen_noise (7, kind->size);
  guint sum = kind->start;

  memcpy (data, kind->name, 24);
  for (guint32 i = 0; i < kind->sum_at; i++)
    sum += data[i];
  data[kind->sum_at] = (guint8) (sum >> 8);
  data[kind->sum_at + 1] = (guint8) sum;
  return data;
}

static OflImage *
new_image (const char *product)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strstr (kinds[i].name, product) != NULL)
      {
        g_autofree guint8 *data = new_file (&kinds[i]);

        return specimen_parse ("plextor", data, kinds[i].size);
      }
  g_assert_not_reached ();
}

/* A file of a model of which nothing but the name is known. */
static OflImage *
nameless_kind (const char *name, gsize length)
{
  g_autofree guint8 *data = specimen_noise (9, length);

  memcpy (data, name, 24);
  return specimen_parse ("plextor", data, length);
}

/* What the fake drive answers to F1: in which form, with which bytes at 29. */
typedef struct {
  int form; /* CDB byte 1; -1: neither */
  const char *tla;
} Answers;

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer user_data)
{
  const Answers *answers = user_data;
  g_autofree char *cdb = specimen_hex (command->cdb, command->cdb_len);

  if (fake_refuse_stranger (command, reply))
    return;
  g_assert_cmpint (command->dir, ==, OFL_DIR_IN);
  g_assert_cmphex (command->length, ==, 0x100);
  if (command->cdb[1] == 0)
    g_assert_cmpstr (cdb, ==, "f10000000000000001000000");
  else
    g_assert_cmpstr (cdb, ==, "f10100000000000001000000");
  if (command->cdb[1] == answers->form)
    memcpy (data + 0x29, answers->tla, 4);
  else
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

static OflSnapshot *
probe (const Specimen *specimen, const Answers *answers, const char **trace)
{
  static const Answers nothing = { .form = -1 };
  g_autoptr (FakeTransport) transport
      = fake_transport_new (answer, (gpointer) (answers != NULL ? answers : &nothing));
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  if (trace != NULL)
    *trace = g_intern_string (fake_transport_get_trace (transport));
  return drive;
}

static OflSnapshot *
new_drive (const char *product)
{
  Specimen specimen = { "PLEXTOR", product, "1.00", "", "" };

  return probe (&specimen, NULL, NULL);
}

static OflChoices *
choose (const char *dialect, const char *chunk)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "dialect", dialect);
  ofl_choices_set (choices, "chunk", chunk);
  return choices;
}

static void
test_probe (void)
{
  static const struct {
    const char *product;
    int form;
    const char *trace, *tla, *mark;
    guint32 size;
    OflCaps caps;
  } rows[] = {
    { "CD-R   PX-W4824A", 0, "f1", "0203", "PX-W4824A", 0x80000, OFL_CAP_READ_EEPROM },
    { "DVDR   PX-716A", 1, "f1 f1", "0203", "PX-716A", 0xf0000, OFL_CAP_READ_EEPROM },
    { "DVDR PX-714A", 1, "f1 f1", "0203", "PX-716A", 0xf0000, OFL_CAP_READ_EEPROM },
    { "DVDR   PX-755A", -1, "f1 f1", NULL, "PX-760A", 0x1f0000, OFL_CAP_READ_EEPROM },
    { "DVDR   PX-708A2", 0, "f1", "0203", "PX-712A", 0xfb000, OFL_CAP_READ_EEPROM },
    { "CD-R   PREMIUM2", 0, "", NULL, "PREMIUM2", 0xf0000, OFL_CAP_READ_EEPROM },
    { "CD-R   PX-W4012A", 0, "", NULL, "CD-R PX-W4012A", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Specimen specimen = { "PLEXTOR", rows[i].product, "1.00", "", "" };
      Answers answers = { rows[i].form, "0203" };
      const char *trace;
      g_autoptr (OflSnapshot) drive = probe (&specimen, &answers, &trace);

      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "plextor");
      g_assert_cmpstr (trace, ==, rows[i].trace);
      g_assert_cmpstr (ofl_snapshot_get_fact (drive, "TLA"), ==, rows[i].tla);
      g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, rows[i].mark);
      g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, rows[i].size);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, OFL_CAP_WRITE | rows[i].caps);
      g_assert_cmpint (ofl_snapshot_get_state (drive), ==, OFL_DRIVE_STATE_NORMAL);
    }
}

/* TDK's name for the PX-708A: recognised by that very name; a file for the PX-708A is for the user to
 * decide. */
static void
test_twin (void)
{
  static const char *const others[] = { "DVDRW1280B", "DVDR   PX-708A" };
  Specimen tdk = { "TDK", "DVDRW840G", "1.12", "", "" };
  Answers answers = { 0, "0203" };
  g_autoptr (OflSnapshot) drive = probe (&tdk, &answers, NULL);
  g_autoptr (OflSnapshot) own = new_drive ("DVDR   PX-708A");
  g_autoptr (OflImage) image = new_image ("PX-708A");
  g_autoptr (OflJudgement) twin = ofl_families_judge (drive, image, NULL);
  g_autoptr (OflJudgement) same = ofl_families_judge (own, image, NULL);

  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "plextor");
  g_assert_cmpstr (ofl_snapshot_get_mark (drive), ==, "PX-708A");
  g_assert_cmpint (ofl_judgement_get_level (twin), ==, OFL_LEVEL_RED_SOFT);
  g_assert_cmpstr (ofl_judgement_get_worst (twin)->check, ==, "twin");
  g_assert_cmpint (ofl_judgement_get_level (same), <, OFL_LEVEL_RED_SOFT);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      Specimen other = { "TDK", others[i], "1.12", "", "" };
      g_autoptr (OflSnapshot) none = probe (&other, NULL, NULL);

      g_assert_cmpstr (ofl_snapshot_get_family (none), !=, "plextor");
    }
}

/* Drives that hang on vendor commands must get none unless they are known. */
static void
test_probe_not (void)
{
  Specimen unknown = { "PLEXTOR", "DVDR   PX-716", "1.00", "", "" };
  Specimen other = { "HL-DT-ST", "DVDR   PX-716A", "1.00", "", "" };
  Answers garbage = { 0, "\1\2\3\4" };
  Specimen drive = px716a;
  g_autoptr (FakeTransport) transport = fake_transport_new (answer, &garbage);
  g_autoptr (OflSnapshot) seen = NULL, no_text = NULL, stranger = NULL;
  OflIdentity identity;
  const char *trace;

  seen = probe (&unknown, NULL, &trace);
  g_assert_null (ofl_snapshot_get_family (seen));
  g_assert_cmpstr (trace, ==, "46"); /* what every stranger is asked */
  g_assert_nonnull (strstr (ofl_snapshot_get_reason (seen), "not publicly known"));
  no_text = probe (&drive, &garbage, NULL);
  g_assert_null (ofl_snapshot_get_fact (no_text, "TLA"));
  specimen_identity (&identity, &other);
  stranger = ofl_snapshot_new (&identity);
  g_assert_false (family ()->probe (family (), OFL_TRANSPORT (transport), stranger));
  g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
}

/* The sums of plextor 11 are over noise without a name; here they are compared with what the
 * family says
 * of the same noise once its first bytes are the name, less the difference of those bytes. */
static void
test_vectors (void)
{
  static const guint sums[]
      = { 0xf2c3, 0xf2c3, 0xec6b, 0xf0be, 0xf0be, 0xf0be, 0xf0be, 0xf0be, 0xa74e };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree guint8 *data = specimen_noise (0x504c, kinds[i].size);
      g_autoptr (OflImage) image = NULL, changed = NULL;
      guint sum = sums[i];

      for (guint n = 0; n < 24; n++)
        sum += (guint8) kinds[i].name[n] - (guint) data[n];
      memcpy (data, kinds[i].name, 24);
      ofl_put_be (data + kinds[i].sum_at, 2, sum & 0xffff);
      image = specimen_parse ("plextor", data, kinds[i].size);
      g_assert_cmpint (walk_check (image, "size"), ==, OFL_IMAGE_CHECK_OK);
      g_assert_cmpint (walk_check (image, "sum"), ==, OFL_IMAGE_CHECK_OK);
      data[kinds[i].sum_at - 1] ^= 1;
      changed = specimen_parse ("plextor", data, kinds[i].size);
      g_assert_cmpint (walk_check (changed, "sum"), ==, OFL_IMAGE_CHECK_CHANGED);
      g_assert_true (ofl_image_is_changed (changed));
    }
}

static void
test_parse (void)
{
  static const struct {
    const char *product, *mark;
  } rows[] = {
    { "PREMIUM ", "PREMIUM" },  { "PREMIUM2", "PREMIUM2" }, { "PX-716A ", "PX-716A" },
    { "PX-716AL", "PX-716AL" }, { "PX-708A", "PX-708A" },
  };
  g_autofree guint8 *data = new_file (&kinds[6]);
  g_autoptr (OflImage) cut = specimen_parse ("plextor", data, 0xeffff);
  g_autoptr (OflImage) only_redumper = nameless_kind ("PLEXTOR DVDR   PX-704A  ", 5000);
  g_autoptr (OflImage) after = NULL;
  g_autofree guint8 *of712 = new_file (&kinds[5]);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflImage) image = new_image (rows[i].product);

      g_assert_cmpstr (ofl_image_get_mark (image), ==, rows[i].mark);
      g_assert_cmpstr (ofl_image_get_fact (image, "kind"), ==, rows[i].mark);
      g_assert_cmpstr (ofl_image_get_fact (image, "vendor"), ==, "PLEXTOR");
    }
  g_assert_cmpint (walk_check (cut, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_cmpint (walk_check (cut, "sum"), ==, -1);
  g_assert_cmpint (walk_check (only_redumper, "sum"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_false (ofl_image_is_changed (only_redumper));
  g_assert_null (nameless_kind ("PLEXTOR DVDR   PX-999A  ", 5000));
  g_assert_null (nameless_kind ("PLEXTOP DVDR   PX-716A  ", 0xf0000));
  g_assert_null (specimen_parse ("plextor", data, 23));
  /* bytes behind the sum are in no sum */
  of712[0xf0000] ^= 1;
  after = specimen_parse ("plextor", of712, 0xfb000);
  g_assert_cmpint (walk_check (after, "sum"), ==, OFL_IMAGE_CHECK_OK);
}

/* plextor 2 in pxfw's way, on a PX-716A: F0 pieces of 1000 */
static void
test_plan_pxfw (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("DVDR   PX-716A");
  g_autoptr (OflImage) image = new_image ("PX-716A ");
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, NULL, &error);
  PlanWalk walk = { plan, 0 };
  const OflStep *step;

  g_assert_no_error (error);
  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  walk_poll (&walk, OFL_STAGE_CHECK, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 100, 2000, FALSE);
  walk_mark (&walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  walk_send (&walk, OFL_STAGE_SEND, "3b040000000000100000", 0, 0x1000, OFL_EXPECT_OK, data);
  walk_send (&walk, OFL_STAGE_SEND, "3b040000100000100000", 0x1000, 0x1000, OFL_EXPECT_OK, data);
  for (guint i = 2; i < 0xef; i++)
    {
      g_autofree char *hex = g_strdup_printf ("3b0400%04x0000100000", i * 16);

      if (i == 0x78)
        g_assert_cmpstr (hex, ==, "3b040007800000100000");
      walk_send (&walk, OFL_STAGE_SEND, hex, i * 4096, 0x1000, OFL_EXPECT_OK, data);
    }
  step = walk_send (&walk, OFL_STAGE_PROGRAM, "3b05000ef00000100000", 0xef000, 0x1000,
                    OFL_EXPECT_ANYTHING, data);
  g_assert_cmpuint (step->command.timeout_ms, >, step->max_ms);
  g_assert_cmpuint (step->usual_ms, ==, 20400);
  walk_take (&walk, OFL_STEP_REENUMERATE, OFL_STAGE_RESTART);
  walk_poll (&walk, OFL_STAGE_RESTART, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 120000, FALSE);
  walk_mark (&walk, OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN);
  walk_end (&walk);
}

/* plextor 2 in redumper's way, on a PX-712A: 4000 each, the last one 3000 */
static void
test_plan_redumper (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("DVDR   PX-712A");
  g_autoptr (OflImage) image = new_image ("PX-712A");
  const guint8 *data = ofl_image_get_data (image, NULL);
  g_autoptr (OflChoices) choices = choose ("redumper", NULL);
  g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, choices, NULL);
  PlanWalk walk = { plan, 0 };

  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (&walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  walk_mark (&walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
  for (guint i = 0; i < 62; i++)
    {
      g_autofree char *hex = g_strdup_printf ("3b0400%04x0000400000", i * 64);

      if (i == 0)
        g_assert_cmpstr (hex, ==, "3b040000000000400000");
      if (i == 61)
        g_assert_cmpstr (hex, ==, "3b04000f400000400000");
      walk_command (&walk, OFL_STAGE_SEND, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
      walk_send (&walk, OFL_STAGE_SEND, hex, i * 16384, 0x4000, OFL_EXPECT_OK, data);
    }
  walk_command (&walk, OFL_STAGE_PROGRAM, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_send (&walk, OFL_STAGE_PROGRAM, "3b05000f800000300000", 0xf8000, 0x3000, OFL_EXPECT_OK,
             data);
  walk_take (&walk, OFL_STEP_REENUMERATE, OFL_STAGE_RESTART);
  walk_poll (&walk, OFL_STAGE_RESTART, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 120000, FALSE);
  walk_mark (&walk, OFL_STAGE_RESTART, OFL_MARK_SAFE_AGAIN);
  walk_end (&walk);
}

static guint32
first_piece (const OflPlan *plan, guint *n_pieces)
{
  guint32 first = 0;

  *n_pieces = 0;
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);

      if (step->command.cdb[0] != 0x3b)
        continue;
      if ((*n_pieces)++ == 0)
        first = step->command.length;
    }
  return first;
}

/* plextor 3.2: the two sources disagree */
static void
test_chunk (void)
{
  static const struct {
    const char *product, *file, *dialect, *chunk;
    guint32 want;
    guint pieces;
  } rows[] = {
    { "CD-R   PX-W4824A", "PX-W4824A", "pxfw", NULL, 0x4000, 0x20 },
    { "CD-R   PX-W4824A", "PX-W4824A", "redumper", NULL, 0x1000, 0x80 },
    { "CD-R   PX-W5224A", "PX-W5224A", "pxfw", NULL, 0x4000, 0x20 },
    { "CD-R   PREMIUM", "PREMIUM ", "pxfw", NULL, 0x1000, 0x80 },
    { "CD-R   PREMIUM2", "PREMIUM2", "redumper", NULL, 0x1000, 0xf0 },
    { "DVDR   PX-708A2", "PX-712A", "redumper", NULL, 0x1000, 0xfb },
    { "DVDR   PX-712A", "PX-712A", "pxfw", NULL, 0x1000, 0xfb },
    { "DVDR   PX-760A", "PX-760A", "redumper", NULL, 0x4000, 0x7c },
    { "DVDR   PX-760A", "PX-760A", "pxfw", NULL, 0x1000, 0x1f0 },
    { "DVDR   PX-760A", "PX-760A", "pxfw", "16384", 0x4000, 0x7c },
    { "DVDR   PX-712A", "PX-712A", "redumper", "4096", 0x1000, 0xfb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = new_drive (rows[i].product);
      g_autoptr (OflImage) image = new_image (rows[i].file);
      g_autoptr (OflChoices) choices = choose (rows[i].dialect, rows[i].chunk);
      g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, choices, NULL);
      guint pieces;

      g_assert_cmphex (first_piece (plan, &pieces), ==, rows[i].want);
      g_assert_cmphex (pieces, ==, rows[i].pieces);
    }
}

/* plextor 2.7 */
static void
test_plan_read (void)
{
  static const struct {
    const char *product;
    guint n;
    guint32 length;
    const char *cdbs[4];
  } rows[] = {
    { "CD-R   PREMIUM2", 1, 0x100, { "f10000000000000001000000" } },
    { "DVDR   PX-708A", 1, 0x200, { "f10000000000000002000000" } },
    { "DVDR   PX-712A", 1, 0x200, { "f10000000000000002000000" } },
    { "DVDR   PX-755A",
      4,
      0x100,
      { "f10100000000000001000000", "f10100000000000101000000", "f10100000000000201000000",
        "f10100000000000301000000" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = new_drive (rows[i].product);
      g_autoptr (OflPlan) plan = ofl_family_plan_read (family (), drive, NULL, NULL);
      PlanWalk walk = { plan, 0 };

      g_assert_cmpuint (ofl_plan_get_n_captures (plan), ==, 1);
      g_assert_cmpstr (ofl_plan_get_capture_name (plan, 0), ==, "eeprom");
      g_assert_cmphex (ofl_plan_get_capture_size (plan, 0), ==, rows[i].n * rows[i].length);
      walk_command (&walk, OFL_STAGE_BACKUP, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
      for (guint n = 0; n < rows[i].n; n++)
        {
          const OflStep *step = walk_command (&walk, OFL_STAGE_BACKUP, rows[i].cdbs[n], OFL_DIR_IN,
                                              rows[i].length, OFL_EXPECT_OK);

          g_assert_cmphex (step->capture_offset, ==, n * rows[i].length);
        }
      walk_end (&walk);
    }
}

static void
test_cannot_read (void)
{
  g_autoptr (OflSnapshot) drive = new_drive ("CD-R   PX-W2410A");
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_family_plan_read (family (), drive, NULL, &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED);
  g_assert_false (ofl_family_can_compare (family ()));
}

static OflImage *
spoiled_image (gsize length, guint32 flip)
{
  g_autofree guint8 *data = new_file (&kinds[6]);

  data[flip] ^= 1;
  return specimen_parse ("plextor", data, length);
}

static void
test_judge (void)
{
  g_autoptr (OflSnapshot) d716 = new_drive ("DVDR   PX-716A");
  g_autoptr (OflSnapshot) d714 = new_drive ("DVDR   PX-714A");
  g_autoptr (OflSnapshot) d716al = new_drive ("DVDR   PX-716AL");
  g_autoptr (OflSnapshot) d704 = new_drive ("DVDR   PX-704A");
  g_autoptr (OflImage) good = new_image ("PX-716A ");
  g_autoptr (OflImage) changed = spoiled_image (0xf0000, 0x12345);
  g_autoptr (OflImage) cut = spoiled_image (0xe0000, 0x12345);
  g_autoptr (OflImage) i704 = nameless_kind ("PLEXTOR DVDR   PX-704A  ", 0xf0000);
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *dialect, *check;
    OflLevel level, whole;
  } rows[] = {
    { d716, good, NULL, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { d716, good, NULL, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d714, good, NULL, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { d716al, good, NULL, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d704, good, "redumper", "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d716, changed, NULL, "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d716, changed, "redumper", "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d716, cut, NULL, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d704, i704, NULL, "dialect", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { d704, i704, "redumper", "integrity", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { d716, NULL, NULL, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { d716, good, "other", "choice", OFL_LEVEL_RED, OFL_LEVEL_RED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflChoices) choices = choose (rows[i].dialect, NULL);

      specimen_assert_judged (rows[i].drive, rows[i].image, choices, rows[i].check, rows[i].level,
                              rows[i].whole);
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after;
    OflVerdict verdict;
  } rows[] = {
    { "1.09", "1.11", OFL_VERDICT_CONFIRMED },
    { "1.09", "1.09", OFL_VERDICT_UNKNOWN },
    { "1.09", NULL, OFL_VERDICT_UNKNOWN },
  };
  g_autoptr (OflImage) image = new_image ("PX-716A ");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Specimen specimen = px716a;
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plextor/probe", test_probe);
  g_test_add_func ("/plextor/probe-not", test_probe_not);
  g_test_add_func ("/plextor/twin", test_twin);
  g_test_add_func ("/plextor/vectors", test_vectors);
  g_test_add_func ("/plextor/parse", test_parse);
  g_test_add_func ("/plextor/plan/pxfw", test_plan_pxfw);
  g_test_add_func ("/plextor/plan/redumper", test_plan_redumper);
  g_test_add_func ("/plextor/plan/chunk", test_chunk);
  g_test_add_func ("/plextor/plan/read", test_plan_read);
  g_test_add_func ("/plextor/cannot-read", test_cannot_read);
  g_test_add_func ("/plextor/judge", test_judge);
  g_test_add_func ("/plextor/confirm", test_confirm);
  return g_test_run ();
}
