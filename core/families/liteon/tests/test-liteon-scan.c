/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting errors on a Lite-On that is a script of the test's own: what is sent in which order, what is
 * made of the answers, and that the end is sent however it went. liteon 7.4 */
#include <string.h>

#include "liteon-scan-drive.h"

static const OflErrorCount *
count_at (const OflExamination *found, guint n)
{
  g_assert_cmpuint (n, <, found->errors->len);
  return &g_array_index (found->errors, OflErrorCount, n);
}

/* The new way first; its counts are given and not judged. */
static void
test_cd_new (void)
{
  g_auto (ScanDrive) drive = CD;
  g_autoptr (OflExamination) found = NULL;
  g_autofree char *sent = scan_repeat (NEW_BEGIN, "f30e ", 31, "");

  drive.knows_new = drive.knows_old = TRUE;
  drive.step = 100;
  drive.first = 9000;
  drive.second = 0x102;
  found = scan_drive_examine (&drive);
  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_cmpuint (found->errors->len, ==, 31);
  g_assert_cmpuint (count_at (found, 30)->position, ==, 3000);
  g_assert_cmpuint (count_at (found, 7)->first, ==, 9000);
  g_assert_cmpuint (count_at (found, 7)->second, ==, 0x102);
  scan_assert_finding (found, 0, OFL_FINDING_REMARK, "C1: 279000, at most 9000");
  scan_assert_finding (found, 0, OFL_FINDING_REMARK, "not judged");
  g_assert_null (scan_finding (found, 1));
}

/* Refused, so the old way: whole, in order, with its end. */
static void
test_cd_old (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = scan_drive_examine (&drive);
  g_autofree char *sent = scan_repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 40, OLD_END);

  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_cmpuint (found->errors->len, ==, 40);
  g_assert_cmpuint (count_at (found, 0)->position, ==, 75);
  g_assert_cmpuint (count_at (found, 39)->position, ==, 3000);
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "C1: 4000, at most 100");
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "C2: 80, at most 2");
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "C1 is 100.0 in a second");
  g_assert_null (scan_finding (found, 1));
}

/* 220 a second over ten of them is the limit, and one bad second alone is not above it. */
static void
test_cd_limit (void)
{
  static const struct {
    guint from, end, bad;
    OflFindingLevel level;
    const char *says;
  } rows[] = {
    { 11, 21, 220, OFL_FINDING_GOOD, "Nowhere" },
    { 11, 12, 1300, OFL_FINDING_GOOD, "Nowhere" },
    { 11, 12, 1301, OFL_FINDING_DOUBTFUL,
      "between 0:01 min and 0:20 min: over ten seconds C1 is up "
      "to 220.1" },
    { 11, 21, 221, OFL_FINDING_DOUBTFUL, "up to 221.0 a second" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.bad_from = rows[i].from;
      drive.bad_end = rows[i].end;
      drive.bad = rows[i].bad;
      found = scan_drive_examine (&drive);
      scan_assert_finding (found, 0, rows[i].level, rows[i].says);
    }
}

static void
test_cd_uncorrected (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.uncorrected = 1;
  found = scan_drive_examine (&drive);
  scan_assert_finding (found, 0, OFL_FINDING_DOUBTFUL,
                       "40 errors were not corrected at the second stage");
  g_assert_nonnull (strstr (scan_finding (found, 0)->next, "pressed"));
}

/* 280 in 128 sectors: judged where the answers, or some of them together, are just so far apart. */
static void
test_dvd (void)
{
  static const struct {
    guint32 step;
    guint first, bad;
    OflFindingLevel level;
    const char *says;
  } rows[] = {
    { 128, 280, 280, OFL_FINDING_GOOD, "PI errors: 5600, at most 280" },
    { 128, 280, 281, OFL_FINDING_DOUBTFUL, "up to 281 PI errors in 128 sectors" },
    { 16, 35, 35, OFL_FINDING_GOOD, "Nowhere" },
    { 16, 35, 36, OFL_FINDING_DOUBTFUL, "up to 281 PI errors in 128 sectors" },
    { 80, 900, 901, OFL_FINDING_REMARK, "not judged" },
    { 256, 900, 901, OFL_FINDING_REMARK, "not judged" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.first_at = drive.step = rows[i].step;
      drive.first = rows[i].first;
      drive.bad = rows[i].bad;
      drive.bad_from = 7;
      drive.bad_end = 8;
      found = scan_drive_examine (&drive);
      g_assert_true (g_str_has_prefix (drive.sent->str, NEW_BEGIN "f30e f30e "));
      g_assert_null (strstr (drive.sent->str, "df"));
      g_assert_cmpuint (found->errors->len, ==, 2560 / rows[i].step);
      scan_assert_finding (found, 0, rows[i].level, rows[i].says);
      g_assert_null (scan_finding (found, 1));
    }
}

/* A place may be the last of its blocks: then the first answer is whole, too, and may have as much. */
static void
test_dvd_last_blocks (void)
{
  g_auto (ScanDrive) drive = DVD, full = DVD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) other = NULL;

  drive.blocks = full.blocks = 2560;
  drive.first_at = full.first_at = 127;
  drive.bad_from = full.bad_from = 1;
  drive.bad_end = full.bad_end = 2;
  drive.bad = 281;
  full.bad = 128 * 13;
  found = scan_drive_examine (&drive);
  other = scan_drive_examine (&full);
  g_assert_cmpuint (found->errors->len, ==, 20);
  scan_assert_finding (found, 0, OFL_FINDING_DOUBTFUL, "up to 281 PI errors");
  scan_assert_finding (other, 0, OFL_FINDING_DOUBTFUL, "up to 1664 PI errors");
}

static void
test_refused (void)
{
  g_auto (ScanDrive) cd = CD, dvd = DVD, half = OLD_CD;
  g_autoptr (OflExamination) found = scan_drive_examine (&cd);
  g_autoptr (OflExamination) other = NULL;
  g_autoptr (OflExamination) third = NULL;

  dvd.knows_new = FALSE;
  other = scan_drive_examine (&dvd);
  half.begin_fails = 4;
  third = scan_drive_examine (&half);
  g_assert_cmpstr (cd.sent->str, ==, NEW_BEGIN "dfa3 " OLD_END);
  g_assert_cmpstr (dvd.sent->str, ==, NEW_BEGIN);
  g_assert_cmpstr (half.sent->str, ==, NEW_BEGIN "dfa3 dfa0.2 dfa0.0 dfa0.4 " OLD_END);
  scan_assert_finding (found, 0, OFL_FINDING_REMARK, "refused");
  scan_assert_finding (other, 0, OFL_FINDING_REMARK, "refused");
  scan_assert_finding (third, 0, OFL_FINDING_REMARK, "refused");
  g_assert_cmpuint (found->errors->len + other->errors->len + third->errors->len, ==, 0);
}

/* In the middle: what was counted stays, nothing is asked twice, and the end is sent all the same. */
static void
test_failure (void)
{
  static const OflOutcome outcomes[]
      = { OFL_OUTCOME_SENSE, OFL_OUTCOME_STATUS, OFL_OUTCOME_TIMEOUT, OFL_OUTCOME_LOST };
  g_autofree char *sent = scan_repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 12, "df8209 " OLD_END);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.fails_at = 13;
      drive.outcome = outcomes[i];
      drive.key = 0x04;
      drive.asc = 0x44;
      found = scan_drive_examine (&drive);
      g_assert_cmpstr (drive.sent->str, ==, sent);
      g_assert_cmpuint (found->errors->len, ==, 12);
      g_assert_true (found->silenced == (i >= 2));
      scan_assert_finding (found, 0, OFL_FINDING_GOOD, "to 0:12 min of 0:40 min");
      if (i < 2)
        scan_assert_finding (found, 1, OFL_FINDING_DOUBTFUL, "the drive failed there");
      else
        g_assert_nonnull (ofl_examination_find (found, "silence"));
    }
}

static void
test_cancelled (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autofree char *sent = scan_repeat (NEW_BEGIN OLD_BEGIN, OLD_INTERVAL, 3, OLD_END);
  g_autoptr (OflExamination) found = NULL;

  drive.cancel_at = 3;
  found = scan_drive_examine (&drive);
  g_assert_cmpstr (drive.sent->str, ==, sent);
  g_assert_true (found->cancelled);
  g_assert_cmpuint (found->errors->len, ==, 3);
  scan_assert_finding (found, 0, OFL_FINDING_REMARK, "to 0:03 min of 0:40 min");
  g_assert_nonnull (ofl_examination_find (found, "cancelled"));
}

/* Three answers of the same place end it, and count once. */
static void
test_stands (void)
{
  g_auto (ScanDrive) drive = DVD;
  g_autoptr (OflExamination) found = NULL;

  drive.stands_at = 5;
  found = scan_drive_examine (&drive);
  g_assert_cmpuint (drive.intervals, ==, 7);
  g_assert_cmpuint (found->errors->len, ==, 5);
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "PI errors: 1400");
  scan_assert_finding (found, 1, OFL_FINDING_REMARK, "did not move on");
}

/* What cannot be a count ends it, and nothing is concluded. */
static void
test_garbage (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_auto (ScanDrive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.bad_from = i == 0 ? 4 : 0;
      drive.bad_end = i == 0 ? 5 : 0;
      drive.bad = 128 * 13 + 1;
      drive.short_at = i == 1 ? 4 : 0;
      drive.backwards_at = i == 2 ? 4 : 0;
      drive.step = i == 3 ? 2400 : 128;
      if (i == 3)
        drive.blocks = 300;
      if (i == 4)
        drive.first_at = 0xffffffff;
      if (i == 3)
        drive.first_at = 4801;
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (found->errors->len, ==, i < 3 ? 3 : 0);
      if (i < 3)
        scan_assert_finding (found, 0, OFL_FINDING_REMARK, "PI errors: 840");
      scan_assert_finding (found, i < 3 ? 1 : 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
    }
}

static void
test_garbage_old (void)
{
  g_auto (ScanDrive) drive = OLD_CD, large = OLD_CD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) other = NULL;

  drive.short_at = 1;
  found = scan_drive_examine (&drive);
  large.first = 75 * 98 + 1;
  other = scan_drive_examine (&large);
  g_assert_cmpstr (drive.sent->str, ==, NEW_BEGIN OLD_BEGIN "df8209 df8205 " OLD_END);
  g_assert_cmpstr (large.sent->str, ==, NEW_BEGIN OLD_BEGIN OLD_INTERVAL OLD_END);
  scan_assert_finding (found, 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
  scan_assert_finding (other, 0, OFL_FINDING_DOUBTFUL, "cannot be a count");
}

static void
test_end_fails (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.end_fails = TRUE;
  found = scan_drive_examine (&drive);
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "Nowhere");
  g_assert_nonnull (ofl_examination_find (found, "errors-end"));
}

/* A model that is not listed, or not with such a disc, is asked nothing. */
static void
test_not_listed (void)
{
  g_auto (ScanDrive) drive = OLD_CD, dvd = DVD;
  g_autoptr (OflExamination) found = scan_drive_examine_product (&drive, "COMBO SOHC-5232K");
  g_autoptr (OflExamination) other = scan_drive_examine_product (&dvd, "LTR-52327S");

  g_assert_cmpstr (drive.sent->str, ==, "");
  g_assert_cmpstr (dvd.sent->str, ==, "");
  g_assert_null (scan_finding (found, 0));
  g_assert_null (scan_finding (other, 0));
  g_assert_nonnull (strstr (ofl_examination_find (found, "errors-not")->sentence, "not listed"));
  g_assert_nonnull (strstr (ofl_examination_find (other, "errors-not")->sentence, "with a DVD"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon-scan/cd-new", test_cd_new);
  g_test_add_func ("/liteon-scan/cd-old", test_cd_old);
  g_test_add_func ("/liteon-scan/cd-limit", test_cd_limit);
  g_test_add_func ("/liteon-scan/cd-uncorrected", test_cd_uncorrected);
  g_test_add_func ("/liteon-scan/dvd", test_dvd);
  g_test_add_func ("/liteon-scan/dvd-last-blocks", test_dvd_last_blocks);
  g_test_add_func ("/liteon-scan/refused", test_refused);
  g_test_add_func ("/liteon-scan/failure", test_failure);
  g_test_add_func ("/liteon-scan/cancelled", test_cancelled);
  g_test_add_func ("/liteon-scan/stands", test_stands);
  g_test_add_func ("/liteon-scan/garbage", test_garbage);
  g_test_add_func ("/liteon-scan/garbage-old", test_garbage_old);
  g_test_add_func ("/liteon-scan/end-fails", test_end_fails);
  g_test_add_func ("/liteon-scan/not-listed", test_not_listed);
  return g_test_run ();
}
