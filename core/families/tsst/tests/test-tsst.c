/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TSST family: both classes' writes block by block, the order of the SD-616F's bytes, which
 * files are refused. From tsst 2 and tsst 3.2. */
#include "families/tsst/ofl-tsst.h"

#include <string.h>

#include "family/ofl-family-private.h"
#include "kit/fake-transport.h"
#include "kit/plan-walk.h"
#include "kit/specimen.h"
#include "scsi/ofl-error.h"

#define TUR "000000000000"
#define FIRST "ff0001000000000000000000"
#define MIDDLE "ff00010000ff000000000000"
#define END_02 "ff0001000002000000000000"
#define END_04 "ff0001000004000000000000"

static const OflFamily *
family (void)
{
  return ofl_families_find ("tsst");
}

static OflImage *
new_image (gsize length, const char *name)
{
  g_autofree guint8 *data = specimen_noise (0x1339, length);

  if (name != NULL)
    memcpy (data + 0x1000, name, strlen (name));
  return specimen_parse ("tsst", data, length);
}

static OflSnapshot *
new_drive (const char *vendor, const char *product, const char *revision)
{
  Specimen specimen = { vendor, product, revision, "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (NULL, NULL);
  OflIdentity identity;
  OflSnapshot *drive;

  specimen_identity (&identity, &specimen);
  drive = ofl_snapshot_new (&identity);
  /* nothing but the name is asked for, not even when it is no such drive */
  family ()->probe (family (), OFL_TRANSPORT (transport), drive);
  g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
  return drive;
}

static OflChoices *
choose (const char *end)
{
  OflChoices *choices = ofl_choices_new ();

  ofl_choices_set (choices, "end", end);
  return choices;
}

static void
test_probe (void)
{
  static const struct {
    const char *vendor, *product;
    guint32 size; /* 0: not of this family */
  } rows[] = {
    { "TSSTcorp", "DVD-ROM SH-D163A", 0x40000 }, { "hp", "DVD-ROM TS-H353B", 0x40000 },
    { "TSSTcorp", "DVD-ROM SH-118CB", 0x40000 }, { "SAMSUNG", "DVD-ROM SD-616F", 0x20000 },
    { "TSSTcorp", "DVD-ROM SD-616F", 0 },        { "SAMSUNG", "DVD-ROM SH-D163A", 0 },
    { "TSSTcorp", "BDDVDW SE-506CB", 0 },        { "TSSTcorp", "DVD-ROM SH-D163", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) drive = new_drive (rows[i].vendor, rows[i].product, "SB01");

      g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, rows[i].size != 0 ? "tsst" : NULL);
      g_assert_cmphex (ofl_snapshot_get_image_size (drive), ==, rows[i].size);
      g_assert_cmphex (ofl_snapshot_get_caps (drive), ==, rows[i].size != 0 ? OFL_CAP_WRITE : 0);
    }
}

/* No drive of the table may get another family's commands first, HP's among them. */
static void
test_registry (void)
{
  Specimen specimen = { "hp", "DVD-ROM TS-H353B", "HC01", "", "" };
  g_autoptr (FakeTransport) transport = fake_transport_new (NULL, NULL);
  g_autoptr (OflSnapshot) drive = NULL;
  OflIdentity identity;

  specimen_identity (&identity, &specimen);
  drive = ofl_families_probe (OFL_TRANSPORT (transport), &identity, NULL);
  g_assert_cmpstr (ofl_snapshot_get_family (drive), ==, "tsst");
  g_assert_cmpuint (fake_transport_get_count (transport), ==, 0);
}

static void
test_rearrange (void)
{
  g_autoptr (GBytes) in = g_bytes_new_take (specimen_noise (0x616, 0x20000), 0x20000);
  g_autofree char *before = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, in);
  g_autoptr (GBytes) out = ofl_tsst_rearrange (in);
  g_autofree char *after = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, out);

  g_assert_cmpstr (before, ==, "104699dbe41b9172bbdefb3847e0fe8e6e8f47847eac0c084885a60d779bf991");
  g_assert_cmpuint (g_bytes_get_size (out), ==, 0x30000);
  g_assert_cmpstr (after, ==, "0fc1c68128db6a7e91b907d81daaeadc9e886572bfc6bdcea1d12943a94327e8");
}

static void
test_parse (void)
{
  g_autoptr (OflImage) plain = new_image (0x40000, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autoptr (OflImage) of_hp = new_image (0x40000, "hp      DVD-ROM TS-H353BHC01");
  g_autoptr (OflImage) vendorless = new_image (0x40000, "DVD-ROM TS-H352C");
  g_autoptr (OflImage) sd616 = new_image (0x20000, "SAMSUNG DVD-ROM SD-616F F503");
  g_autoptr (OflImage) sd616_long = new_image (0x30000, "SAMSUNG DVD-ROM SD-616F F503");
  g_autoptr (OflImage) one_block = new_image (0xfc00, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autoptr (OflImage) odd = new_image (0xfc01, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autofree guint8 *program = specimen_noise (1, 0x40000);

  g_assert_cmpstr (ofl_image_get_fact (plain, "vendor"), ==, "TSSTcorp");
  g_assert_cmpstr (ofl_image_get_fact (plain, "product"), ==, "DVD-ROM SH-D163A");
  g_assert_cmpint (walk_check (plain, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (plain, "integrity"), ==, OFL_IMAGE_CHECK_ABSENT);
  g_assert_cmpstr (ofl_image_get_fact (of_hp, "vendor"), ==, "hp");
  g_assert_cmpstr (ofl_image_get_fact (of_hp, "product"), ==, "DVD-ROM TS-H353B");
  g_assert_null (ofl_image_get_fact (vendorless, "vendor"));
  g_assert_cmpstr (ofl_image_get_mark (vendorless), ==, "DVD-ROM TS-H352C");
  g_assert_cmpint (walk_check (sd616, "size"), ==, OFL_IMAGE_CHECK_OK);
  g_assert_cmpint (walk_check (sd616_long, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_cmpint (walk_check (one_block, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_cmpint (walk_check (odd, "size"), ==, OFL_IMAGE_CHECK_CHANGED);
  g_assert_null (new_image (0x40000, NULL));
  g_assert_null (new_image (0x40000, "SAMSUNG DVD-ROM SD-616FX"));
  g_assert_null (new_image (0x80001, "TSSTcorpDVD-ROM SH-D163A"));
  memcpy (program, "MZ", 2);
  memcpy (program + 0x100, "TSSTcorpDVD-ROM SH-D163A", 24);
  g_assert_null (specimen_parse ("tsst", program, 0x40000));
}

static void
take_head (PlanWalk *walk)
{
  walk_command (walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_IGNORE);
  walk_command (walk, OFL_STAGE_CHECK, TUR, OFL_DIR_NONE, 0, OFL_EXPECT_NO_MEDIUM);
  walk_mark (walk, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS);
}

static void
take_tail (PlanWalk *walk)
{
  walk_poll (walk, OFL_STAGE_PROGRAM, TUR, OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 60000, FALSE);
  walk_mark (walk, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN);
  walk_end (walk);
}

/* 40000 bytes = 4 × FC00 + 1000 */
static void
test_plan_mt1339 (void)
{
  static const struct {
    const char *choice, *end;
  } rows[] = { { NULL, END_04 }, { "own", END_04 }, { "04", END_04 }, { "02", END_02 } };
  g_autoptr (OflSnapshot) drive = new_drive ("TSSTcorp", "DVD-ROM SH-D163A", "SB00");
  g_autoptr (OflImage) image = new_image (0x40000, "TSSTcorpDVD-ROM SH-D163ASB01");
  const guint8 *data = ofl_image_get_data (image, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflChoices) choices = choose (rows[i].choice);
      g_autoptr (GError) error = NULL;
      g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, choices, &error);
      PlanWalk walk = { plan, 0 };
      const OflStep *step;

      g_assert_no_error (error);
      take_head (&walk);
      walk_send (&walk, OFL_STAGE_SEND, FIRST, 0, 0xfc00, OFL_EXPECT_OK, data);
      walk_send (&walk, OFL_STAGE_SEND, MIDDLE, 0xfc00, 0xfc00, OFL_EXPECT_OK, data);
      walk_send (&walk, OFL_STAGE_SEND, MIDDLE, 0x1f800, 0xfc00, OFL_EXPECT_OK, data);
      walk_send (&walk, OFL_STAGE_SEND, MIDDLE, 0x2f400, 0xfc00, OFL_EXPECT_OK, data);
      step
          = walk_send (&walk, OFL_STAGE_PROGRAM, rows[i].end, 0x3f000, 0x1000, OFL_EXPECT_OK, data);
      g_assert_cmpuint (step->command.timeout_ms, ==, 50000);
      g_assert_cmpuint (step->usual_ms, ==, 5440);
      take_tail (&walk);
    }
}

/* 30000 bytes in three blocks of 10000 */
static void
test_plan_sd616 (void)
{
  static const struct {
    const char *choice, *end;
  } rows[] = { { NULL, END_02 }, { "04", END_04 } };
  g_autoptr (OflSnapshot) drive = new_drive ("SAMSUNG", "DVD-ROM SD-616F", "F502");
  g_autoptr (OflImage) image = new_image (0x20000, "SAMSUNG DVD-ROM SD-616F F503");
  g_autofree guint8 *sent = g_malloc0 (0x30000);
  const guint8 *data = ofl_image_get_data (image, NULL);

  memcpy (sent, data, 0x10000);
  memcpy (sent + 0x10400, data + 0x10000, 0x1fc00 - 0x10400);
  memcpy (sent + 0x20000, data + 0x1f800, 0x800);
  memcpy (sent + 0x20800, data + 0x10400, 0x2fc00 - 0x20800);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflChoices) choices = choose (rows[i].choice);
      g_autoptr (OflPlan) plan = specimen_plan_write (family (), drive, image, choices, NULL);
      PlanWalk walk = { plan, 0 };

      take_head (&walk);
      walk_send (&walk, OFL_STAGE_SEND, FIRST, 0, 0x10000, OFL_EXPECT_OK, sent);
      walk_send (&walk, OFL_STAGE_SEND, MIDDLE, 0x10000, 0x10000, OFL_EXPECT_OK, sent);
      walk_send (&walk, OFL_STAGE_PROGRAM, rows[i].end, 0x20000, 0x10000, OFL_EXPECT_OK, sent);
      take_tail (&walk);
    }
}

/* Of no other size than the class's is a plan ever made, whatever a user accepts. */
static void
test_plan_odd_size (void)
{
  static const gsize lengths[] = { 0xfc01, 0x20000, 200000, 0x40001 };
  g_autoptr (OflSnapshot) drive = new_drive ("TSSTcorp", "DVD-ROM SH-D163A", "SB00");

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (OflImage) image = new_image (lengths[i], "TSSTcorpDVD-ROM SH-D163ASB01");
      g_autoptr (GError) error = NULL;

      g_assert_null (specimen_plan_write (family (), drive, image, NULL, &error));
      g_assert_error (error, OFL_ERROR, OFL_ERROR_WRONG_IMAGE);
    }
}

static void
test_judge (void)
{
  g_autoptr (OflSnapshot) tsst = new_drive ("TSSTcorp", "DVD-ROM SH-D163A", "SB00");
  g_autoptr (OflSnapshot) of_hp = new_drive ("hp", "DVD-ROM SH-D163A", "SB00");
  g_autoptr (OflSnapshot) sd616 = new_drive ("SAMSUNG", "DVD-ROM SD-616F", "F502");
  g_autoptr (OflImage) good = new_image (0x40000, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autoptr (OflImage) vendorless = new_image (0x40000, "DVD-ROM SH-D163A");
  g_autoptr (OflImage) one_block = new_image (0xfc00, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autoptr (OflImage) odd = new_image (0x30000, "TSSTcorpDVD-ROM SH-D163ASB01");
  g_autoptr (OflImage) file616 = new_image (0x20000, "SAMSUNG DVD-ROM SD-616F F503");
  g_autoptr (OflImage) cut616 = new_image (0x1ffff, "SAMSUNG DVD-ROM SD-616F F503");
  const struct {
    const OflSnapshot *drive;
    const OflImage *image;
    const char *end, *check;
    OflLevel level, whole;
  } rows[] = {
    { tsst, good, NULL, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { tsst, good, NULL, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { tsst, good, NULL, "unchecked", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { tsst, good, "02", "end", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { tsst, good, "03", "choice", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { of_hp, good, NULL, "brand", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { of_hp, vendorless, NULL, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { tsst, one_block, NULL, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { tsst, odd, NULL, "size", OFL_LEVEL_RED, OFL_LEVEL_RED }, /* case-25 */
    { tsst, file616, NULL, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { sd616, file616, NULL, "model", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { sd616, cut616, NULL, "size", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { sd616, good, NULL, "model", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { tsst, NULL, NULL, "read", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflChoices) choices = choose (rows[i].end);

      specimen_assert_judged (rows[i].drive, rows[i].image, choices, rows[i].check, rows[i].level,
                              rows[i].whole);
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *after;
    OflVerdict verdict;
  } rows[] = { { "SB01", OFL_VERDICT_CONFIRMED },
               { "SB00", OFL_VERDICT_UNKNOWN },
               { NULL, OFL_VERDICT_UNKNOWN } };
  g_autoptr (OflSnapshot) before = new_drive ("TSSTcorp", "DVD-ROM SH-D163A", "SB00");
  g_autoptr (OflImage) image = new_image (0x40000, "TSSTcorpDVD-ROM SH-D163ASB01");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (OflSnapshot) after
          = rows[i].after != NULL ? new_drive ("TSSTcorp", "DVD-ROM SH-D163A", rows[i].after)
                                  : NULL;
      OflProof proof = { before, after, image, 0, 0, FALSE };

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
  g_test_add_func ("/tsst/probe", test_probe);
  g_test_add_func ("/tsst/registry", test_registry);
  g_test_add_func ("/tsst/rearrange", test_rearrange);
  g_test_add_func ("/tsst/parse", test_parse);
  g_test_add_func ("/tsst/plan/mt1339", test_plan_mt1339);
  g_test_add_func ("/tsst/plan/sd616", test_plan_sd616);
  g_test_add_func ("/tsst/plan/case-25-odd-size", test_plan_odd_size);
  g_test_add_func ("/tsst/judge", test_judge);
  g_test_add_func ("/tsst/confirm", test_confirm);
  return g_test_run ();
}
