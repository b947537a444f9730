/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: what fits together and what does not, and verdicts. nec 2.2, 1.3. */
#include <string.h>

#include "families/nec/ofl-nec.h"
#include "kit/specimen.h"
#include "nec-bench.h"

static OflImage *
with (const Variant *variant, const char *id, const char *bootcode, int changed, int byte)
{
  g_autofree guint8 *data = bench_image (variant);
  gsize tail = strlen (variant->bootcode);

  if (id != NULL)
    memcpy (data + variant->size - tail - 4, id, 4);
  if (bootcode != NULL)
    memcpy (data + variant->size - 2, bootcode, strlen (bootcode));
  if (changed >= 0)
    data[changed] ^= 1;
  if (byte >= 0)
    data[0x400] = (guint8) byte;
  return specimen_parse ("nec", data,
                         variant->size - (bootcode != NULL && *bootcode == '\0' ? 2 : 0));
}

static void
test_judge (void)
{
  static const struct {
    const char *drive;
    gboolean safe;
    const char *image, *id, *bootcode;
    int changed;
    const char *check;
    OflLevel level, whole;
  } rows[] = {
    { "Q175", FALSE, "Q175", NULL, NULL, -1, "id", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { "Q175", FALSE, "Q175", "Q178", NULL, -1, "id", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "Q175", FALSE, "Q175", "Q135", NULL, -1, "id", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { "Q175", FALSE, "G205", NULL, NULL, -1, "id", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "K352", FALSE, "K210", NULL, NULL, -1, "id", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "Q175", FALSE, "Q175", NULL, NULL, 77, "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "C505", FALSE, "C505", NULL, NULL, 77, "integrity", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "C505", FALSE, "C505", NULL, NULL, -1, "series", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { "Q175", FALSE, "Q175", NULL, "", -1, "bootcode", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { "Q175", FALSE, "Q175", NULL, "07", -1, "bootcode", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { "Q175", TRUE, "Q175", NULL, "07", -1, "bootcode", OFL_LEVEL_RED, OFL_LEVEL_RED },
    { "Q175", TRUE, "Q175", NULL, NULL, -1, "bootcode", OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { "Q175", TRUE, "Q175", NULL, NULL, -1, "boot", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { "K110", FALSE, "K110", NULL, NULL, -1, "bootcode", OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { "K355", FALSE, "K355", "D355", NULL, -1, "twin", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { "K355", TRUE, "K355", NULL, NULL, -1, "twin", OFL_LEVEL_YELLOW, OFL_LEVEL_YELLOW },
    { "K355", FALSE, "K355", "K356", NULL, -1, "id", OFL_LEVEL_RED, OFL_LEVEL_RED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new (bench_find (rows[i].drive));
      g_autoptr (OflImage) image
          = with (bench_find (rows[i].image), rows[i].id, rows[i].bootcode, rows[i].changed, -1);
      g_autoptr (OflSnapshot) drive = NULL;
      g_autoptr (OflJudgement) judgement = NULL;
      g_autoptr (OflPlan) plan = NULL;
      const OflReason *reason;

      bench->safe = rows[i].safe;
      drive = bench_probe (bench, NULL);
      judgement = ofl_families_judge (drive, image, NULL);
      reason = specimen_reason (judgement, rows[i].check);
      g_assert_nonnull (reason);
      g_test_message ("row %u: %s", i, reason->sentence);
      g_assert_cmpstr (ofl_level_id (reason->level), ==, ofl_level_id (rows[i].level));
      g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                       ofl_level_id (rows[i].whole));
      plan = specimen_plan_write (nec_family (), drive, image, NULL, NULL);
      g_assert_cmpint (plan != NULL, ==, rows[i].whole < OFL_LEVEL_RED);
    }
}

/* Another brand of the same type is the user's decision, the same revision is worth a word. */
static void
test_judge_brand (void)
{
  static const guint8 pattern[] = { 7, 0, 3, 0, 0x78, 0, 0x78, 0, 0x78, 0 };
  const Variant *variant = bench_find ("K352");
  g_autofree guint8 *data = bench_image (variant);
  g_autoptr (Bench) bench = bench_new (variant);
  g_autoptr (OflSnapshot) drive = bench_probe (bench, NULL);
  g_autoptr (OflImage) same = NULL, other = NULL;
  g_autoptr (OflJudgement) fits = NULL, differs = NULL;

  memcpy (data + 0x20000, pattern, sizeof pattern);
  memcpy (data + 0x20000 + 0x18a, "_NEC    DVD_RW ND-PRACT 1.07", 28);
  same = specimen_parse ("nec", data, variant->size);
  fits = ofl_families_judge (drive, same, NULL);
  g_assert_cmpint (specimen_reason (fits, "brand")->level, ==, OFL_LEVEL_GREEN);
  g_assert_cmpint (specimen_reason (fits, "revision")->level, ==, OFL_LEVEL_YELLOW);
  memcpy (data + 0x20000 + 0x18a, "_NEC    DVD_RW ND-OTHER 1.08", 28);
  other = specimen_parse ("nec", data, variant->size);
  differs = ofl_families_judge (drive, other, NULL);
  g_assert_cmpint (specimen_reason (differs, "brand")->level, ==, OFL_LEVEL_RED_SOFT);
  g_assert_cmpint (specimen_reason (differs, "revision")->level, ==, OFL_LEVEL_GREEN);
}

/* nec 1.3 */
static void
test_judge_notebook (void)
{
  static const struct {
    int image, drive;
    const char *safe_revision;
    gboolean safe;
    OflLevel level;
    OflLevel whole;
  } rows[] = {
    { 0x84, 0x84, "0.00", FALSE, OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { 0x84, 0x78, "0.00", FALSE, OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { 0x84, 0x86, "0.00", FALSE, OFL_LEVEL_GREEN, OFL_LEVEL_YELLOW },
    { 0x84, 0x85, "0.00", FALSE, OFL_LEVEL_RED, OFL_LEVEL_RED },
    { 0x84, 0x00, "0.00", FALSE, OFL_LEVEL_RED, OFL_LEVEL_RED },
    { 0x00, 0x84, "0.00", FALSE, OFL_LEVEL_RED, OFL_LEVEL_RED },
    { 0xff, 0xff, "0.00", FALSE, OFL_LEVEL_RED, OFL_LEVEL_RED },
    { 0x84, 0xff, "0.00", FALSE, OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { 0x84, 0xff, "0.00", TRUE, OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
    { 0x84, 0xff, "0.01", TRUE, OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED },
    { 0x85, 0xff, "0.01", TRUE, OFL_LEVEL_RED_SOFT, OFL_LEVEL_RED_SOFT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new (bench_find ("L210"));
      g_autoptr (OflImage) image = with (bench_find ("L210"), NULL, NULL, -1, rows[i].image);
      g_autoptr (OflSnapshot) drive = NULL;
      g_autoptr (OflJudgement) judgement = NULL;

      bench->memory[0x8400] = (guint8) rows[i].drive;
      bench->safe = rows[i].safe;
      bench->safe_revision = rows[i].safe_revision;
      drive = bench_probe (bench, NULL);
      judgement = ofl_families_judge (drive, image, NULL);
      g_test_message ("row %u", i);
      g_assert_cmpstr (ofl_level_id (specimen_reason (judgement, "notebook")->level), ==,
                       ofl_level_id (rows[i].level));
      g_assert_cmpstr (ofl_level_id (ofl_judgement_get_level (judgement)), ==,
                       ofl_level_id (rows[i].whole));
    }
}

static void
test_confirm (void)
{
  static const struct {
    const char *before, *after; /* revisions; "0.08" is safe mode */
    const char *image;          /* the revision that it names */
    guint64 compared, different;
    gboolean equals_backup;
    OflVerdict verdict;
  } rows[] = {
    { "1.07", "1.08", NULL, 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "0.08", "1.08", NULL, 100, 0, FALSE, OFL_VERDICT_VERIFIED },
    { "1.07", "0.08", NULL, 100, 0, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "1.07", "0.08", NULL, 0, 0, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "1.07", "1.07", NULL, 100, 9, TRUE, OFL_VERDICT_UNCHANGED },
    { "1.07", "1.07", NULL, 100, 9, FALSE, OFL_VERDICT_FAILED_RECOVERY },
    { "1.07", "1.08", NULL, 0, 0, FALSE, OFL_VERDICT_CONFIRMED },
    { "1.07", "1.08", "1.08", 0, 0, FALSE, OFL_VERDICT_CONFIRMED },
    /* f1-boot: a restart leaves safe mode as well */
    { "0.08", "1.08", "1.08", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "0.08", "1.08", NULL, 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.07", "1.09", "1.08", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.07", "1.07", "1.08", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.07", "1.07", "1.07", 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.07", "1.07", NULL, 0, 0, FALSE, OFL_VERDICT_UNKNOWN },
    { "1.07", NULL, NULL, 100, 0, FALSE, OFL_VERDICT_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new (bench_find ("C505"));
      g_autoptr (OflImage) image = with (bench_find ("C505"), NULL, NULL, -1, -1);
      g_autoptr (OflSnapshot) before = NULL, after = NULL;
      OflProof proof
          = { NULL, NULL, image, rows[i].compared, rows[i].different, rows[i].equals_backup };

      if (rows[i].image != NULL)
        ofl_image_set_fact (image, "revision", rows[i].image);
      bench->revision = rows[i].before;
      proof.before = before = bench_probe (bench, NULL);
      bench->revision = rows[i].after;
      if (rows[i].after != NULL)
        proof.after = after = bench_probe (bench, NULL);
      g_test_message ("row %u", i);
      g_assert_cmpstr (ofl_verdict_id (ofl_family_confirm (nec_family (), &proof)), ==,
                       ofl_verdict_id (rows[i].verdict));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nec-judge/match", test_judge);
  g_test_add_func ("/nec-judge/brand", test_judge_brand);
  g_test_add_func ("/nec-judge/notebook", test_judge_notebook);
  g_test_add_func ("/nec-judge/confirm", test_confirm);
  return g_test_run ();
}
