/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting errors on a Lite-On that does not come to the disc's end, or only with doubts: whose doing it
 * is said to be, and what is concluded from it. */
#include <errno.h>
#include <string.h>

#include "families/ofl-families.h"
#include "liteon-scan-drive.h"

static const char *
sentence (const OflExamination *found, const char *id)
{
  const OflFinding *finding = ofl_examination_find (found, id);

  return finding != NULL ? finding->sentence : "";
}

static void
assert_says (const OflExamination *found, const char *id, const char *part)
{
  if (strstr (sentence (found, id), part) == NULL)
    g_test_fail_printf ("“%s” is not in %s: %s", part, id, sentence (found, id));
}

/* Neither what was found nor what to do next */
static void
assert_nowhere (const OflExamination *found, const char *part)
{
  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *one = g_ptr_array_index (found->findings, i);

      if (strstr (one->sentence, part) != NULL
          || (one->next != NULL && strstr (one->next, part) != NULL))
        g_test_fail_printf ("“%s” is in: %s %s", part, one->sentence, one->next);
    }
}

#define SENSE OFL_OUTCOME_SENSE

typedef struct {
  OflOutcome outcome;
  guint8 key, asc, ascq;
  int os_error; /* or, where it answered with a status, that */
  OflFindingLevel level;
  const char *says;
  const char *id, *verdict;
  const char *never; /* what is not said anywhere */
} Blame;

static void
assert_blame (const OflExamination *found, const Blame *row)
{
  scan_assert_finding (found, 0, OFL_FINDING_GOOD, "to 0:12 min of 0:40 min");
  scan_assert_finding (found, 1, row->level, row->says);
  assert_says (found, row->id, row->verdict);
  assert_nowhere (found, row->never);
}

static void
set_failure (ScanDrive *drive, const Blame *row)
{
  drive->outcome = row->outcome;
  drive->key = row->key;
  drive->asc = row->asc;
  drive->ascq = row->ascq;
  drive->os_error = row->os_error;
  drive->status = row->outcome == OFL_OUTCOME_STATUS ? (guint8) row->os_error : 0;
}

/* Whose doing it is that counting ended */
static void
test_blame (void)
{
  static const Blame rows[] = {
    { OFL_OUTCOME_HOST, 0, 0, 0, 0, OFL_FINDING_DOUBTFUL, "on the way to the drive and not in it",
      "cause", "got through", "the drive failed there" },
    { SENSE, 0x0b, 0x47, 0, 0, OFL_FINDING_DOUBTFUL, "Data was damaged on the cable.", "cause",
      "got through", "the drive failed there" },
    { OFL_OUTCOME_NOT_SENT, 0, 0, 0, EBUSY, OFL_FINDING_REMARK, "Nothing reached the drive.",
      "next-disc", "a part of the disc", "failed" },
    { SENSE, 0x02, 0x3a, 0x01, 0, OFL_FINDING_REMARK, "There is no disc in the drive", "next-disc",
      "a part of the disc", "failed" },
    { SENSE, 0x02, 0x04, 0x01, 0, OFL_FINDING_REMARK, "The drive is getting ready.", "next-disc",
      "a part of the disc", "failed" },
    { OFL_OUTCOME_STATUS, 0, 0, 0, 0x08, OFL_FINDING_REMARK, "busy with something else",
      "next-disc", "a part of the disc", "failed" },
    { SENSE, 0x06, 0x28, 0, 0, OFL_FINDING_REMARK, "A disc was put in or taken out.", "next-disc",
      "a part of the disc", "failed" },
    { SENSE, 0x03, 0x11, 0, 0, OFL_FINDING_DOUBTFUL, "The drive could not read the disc.", "cause",
      "and not the cable", "another cable" },
    { SENSE, 0x04, 0x44, 0, 0, OFL_FINDING_DOUBTFUL, "the drive failed there", "cause",
      "nothing can be said", "by itself" },
    { SENSE, 0x02, 0x06, 0, 0, OFL_FINDING_DOUBTFUL, "the drive failed there", "cause",
      "nothing can be said", "by itself" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.fails_at = 13;
      set_failure (&drive, &rows[i]);
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (drive.intervals, ==, 13);
      g_assert_true (g_str_has_suffix (drive.sent->str, "df8209 " OLD_END));
      assert_blame (found, &rows[i]);
    }
}

/* The second thing that is said of reading */
static const OflFinding *
second_read (const OflExamination *found)
{
  static const OflFinding none = { .sentence = (char *) "", .technical = (char *) "" };
  const OflFinding *first = ofl_examination_find (found, "read");

  for (guint i = 0; i < found->findings->len; i++)
    {
      const OflFinding *one = g_ptr_array_index (found->findings, i);

      if (g_str_equal (one->id, "read") && one != first)
        return one;
    }
  return &none;
}

/* The same of the doctor's own reading */
static void
test_blame_read (void)
{
  static const Blame rows[] = {
    { OFL_OUTCOME_HOST, 0, 0, 0, 0, OFL_FINDING_DOUBTFUL, "on the way to the drive and not in it",
      "cause", "got through", "Nothing of the disc" },
    { OFL_OUTCOME_NOT_SENT, 0, 0, 0, EBUSY, OFL_FINDING_REMARK, "Nothing reached the drive.",
      "next-disc", "reading ended before", "could not be read" },
    { SENSE, 0x02, 0x3a, 0x01, 0, OFL_FINDING_REMARK, "There is no disc in the drive", "next-disc",
      "reading ended before", "could not be read" },
    { SENSE, 0x02, 0x04, 0x01, 0, OFL_FINDING_REMARK, "The drive is getting ready.", "next-disc",
      "reading ended before", "could not be read" },
    { SENSE, 0x03, 0x11, 0, 0, OFL_FINDING_DOUBTFUL, "could not be read", "cause",
      "a weak laser are the likely causes", "cable" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.knows_old = FALSE;
      drive.reads = TRUE;
      drive.extent = OFL_READ_QUICK;
      drive.read_fails = 9;
      drive.read_works = G_MAXUINT;
      set_failure (&drive, &rows[i]);
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (drive.n_reads, >, 9);
      assert_says (found, "read", rows[i].says);
      g_assert_cmpstr (second_read (found)->sentence, ==, "");
      g_assert_cmpint (ofl_examination_find (found, "read")->level, ==, rows[i].level);
      assert_says (found, rows[i].id, rows[i].verdict);
      assert_nowhere (found, rows[i].never);
    }
}

/* The same of a question of the standard's, with a disc that can be read, and counted or not */
static void
test_blame_question (void)
{
  static const Blame rows[] = {
    { OFL_OUTCOME_HOST, 0, 0, 0, 0, OFL_FINDING_DOUBTFUL, "did not get through", "cause",
      "got through", "nothing is wrong" },
    { OFL_OUTCOME_NOT_SENT, 0, 0, 0, EBUSY, OFL_FINDING_DOUBTFUL, "did not get through", "cause",
      "a command was not sent", "cable" },
    { OFL_OUTCOME_STATUS, 0, 0, 0, 0x08, OFL_FINDING_DOUBTFUL, "busy with something else", "cause",
      "was busy", "cable" },
    { SENSE, 0x02, 0x04, 0x01, 0, OFL_FINDING_REMARK, NULL, "cause", "was not ready", "cable" },
    { SENSE, 0x03, 0x11, 0, 0, OFL_FINDING_DOUBTFUL, "could not read the disc", "cause",
      "and not the cable", "another cable" },
    { SENSE, 0x04, 0x44, 0, 0, OFL_FINDING_DOUBTFUL, "not answered as it should be", "cause",
      "nothing can be said", "nothing is wrong" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      drive.reads = TRUE;
      drive.extent = OFL_READ_QUICK;
      drive.ask_fails = 0x51;
      set_failure (&drive, &rows[i]);
      found = scan_drive_examine (&drive);
      g_assert_true ((ofl_examination_find (found, "disc") != NULL) == (rows[i].says != NULL));
      if (rows[i].says != NULL)
        assert_says (found, "disc", rows[i].says);
      assert_says (found, rows[i].id, rows[i].verdict);
      assert_nowhere (found, rows[i].never);
    }
}

/* One that reads its disc, but for READ(10) @from to before @end */
static void
set_reads (ScanDrive *drive, guint from, guint end, const Blame *row)
{
  drive->reads = TRUE;
  drive->extent = OFL_READ_QUICK;
  drive->read_fails = from;
  drive->read_works = end;
  set_failure (drive, row);
}

static void
assert_second (const OflExamination *found, const char *part)
{
  const OflFinding *second = second_read (found);

  if (strstr (second->sentence, part) == NULL)
    g_test_fail_printf ("“%s” is not in: %s", part, second->sentence);
}

/* A READ that fails once and comes at the repeat: only where the drive itself refused it, it is the
 * disc that is doubted. */
static void
test_fails_once (void)
{
  static const Blame rows[] = {
    { OFL_OUTCOME_HOST, 0, 0, 0, 0, OFL_FINDING_DOUBTFUL, "on the way to the drive and not in it",
      "cause", "got through", "Clean the disc" },
    { SENSE, 0x0b, 0x47, 0, 0, OFL_FINDING_DOUBTFUL, "Data was damaged on the cable.", "cause",
      "got through", "without an error" },
    { OFL_OUTCOME_NOT_SENT, 0, 0, 0, EBUSY, OFL_FINDING_GOOD, "stretches of the disc were read",
      "cause", "a command was not sent", "Clean the disc" },
    { SENSE, 0x06, 0x28, 0, 0, OFL_FINDING_GOOD, "stretches of the disc were read", "cause",
      "something else to tell", "Clean the disc" },
    { SENSE, 0x04, 0x44, 0, 0, OFL_FINDING_DOUBTFUL, "only with trouble", "cause",
      "nothing is wrong", "cable" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gboolean attention = rows[i].key == OFL_KEY_UNIT_ATTENTION;
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;

      set_reads (&drive, 9, attention ? 9 + 9 : 10, &rows[i]); /* it is asked nine times */
      found = scan_drive_examine (&drive);
      for (guint k = 0; k < found->stretches->len; k++)
        g_assert_cmpint (g_array_index (found->stretches, OflStretch, k).state, ==,
                         i == 4 && k == 8 ? OFL_STRETCH_SECOND_TRY : OFL_STRETCH_READ);
      assert_says (found, "read", rows[i].says);
      if (ofl_examination_find (found, "read")->level != rows[i].level)
        g_test_fail_printf ("row %u: %s", i, sentence (found, "read"));
      assert_says (found, rows[i].id, rows[i].verdict);
      assert_nowhere (found, rows[i].never);
      g_assert_cmpstr (second_read (found)->sentence, ==, "");
    }
}

/* However the repeat ends: what the way to the drive did is told, once, with the command that it did
 * it to, and is no reason to clean a disc. */
static void
test_link_once (void)
{
  static const Blame host = { .outcome = OFL_OUTCOME_HOST };
  g_auto (ScanDrive) twice = OLD_CD, disc = OLD_CD, ends = OLD_CD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) failed = NULL;
  g_autoptr (OflExamination) ended = NULL;

  set_reads (&twice, 9, 10, &host);
  twice.other = (typeof (twice.other)){ 20, 21, OFL_OUTCOME_HOST, 0, 0, 0 };
  found = scan_drive_examine (&twice);
  assert_says (found, "read", "failed 2 times on the way");
  g_assert_cmpstr (ofl_examination_find (found, "read")->next, ==,
                   "Try another cable, port or adapter, then run the doctor again.");
  g_assert_nonnull (strstr (ofl_examination_find (found, "read")->technical, "28 00"));
  set_reads (&disc, 9, 10, &host);
  disc.other = (typeof (disc.other)){ 10, 11, SENSE, 0x03, 0x11, 0 };
  failed = scan_drive_examine (&disc);
  assert_says (failed, "read", "failed 1 time on the way");
  assert_second (failed, "could not be read");
  assert_says (failed, "cause", "got through");
  set_reads (&ends, 9, 10, &host);
  ends.other = (typeof (ends.other)){ 20, G_MAXUINT, OFL_OUTCOME_NOT_SENT, 0, 0, EBUSY };
  ended = scan_drive_examine (&ends);
  assert_says (ended, "read", "Nothing reached the drive.");
  assert_second (ended, "failed 1 time on the way");
  assert_says (ended, "cause", "got through");
}

/* What could not be read before a pass ended has the pass's figures, not the command that ended it. */
static void
test_figures (void)
{
  static const Blame unreadable = { SENSE, 0x03, 0x11, .says = NULL };
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  set_reads (&drive, 5, 7, &unreadable);
  drive.other = (typeof (drive.other)){ 20, G_MAXUINT, OFL_OUTCOME_NOT_SENT, 0, 0, EBUSY };
  found = scan_drive_examine (&drive);
  assert_says (found, "read", "Nothing reached the drive.");
  g_assert_nonnull (strstr (ofl_examination_find (found, "read")->technical, "28 00"));
  assert_second (found, "could not be read");
  if (strstr (second_read (found)->technical, "17 read, 0 at the second try, 1 failed") == NULL)
    g_test_fail_printf ("%s", second_read (found)->technical);
}

/* A drive that left a question open is not said to answer everything, and does not read a disc all the
 * same. */
static void
test_question_and_reads (void)
{
  static const Blame rows[] = {
    { OFL_OUTCOME_NOT_SENT, .os_error = EBUSY },
    { OFL_OUTCOME_STATUS, .os_error = 0x08 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) some = OLD_CD, all = OLD_CD;
      g_autoptr (OflExamination) part = NULL;
      g_autoptr (OflExamination) nothing = NULL;

      some.ask_fails = all.ask_fails = 0x51;
      all.knows_old = FALSE;
      set_reads (&some, 0, 0, &rows[i]);
      some.other = (typeof (some.other)){ 9, 11, SENSE, 0x03, 0x11, 0 };
      set_reads (&all, 0, 0, &rows[i]);
      all.other = (typeof (all.other)){ 1, G_MAXUINT, SENSE, 0x03, 0x11, 0 };
      part = scan_drive_examine (&some);
      nothing = scan_drive_examine (&all);
      assert_says (part, "cause", "not read all of this disc: the disc, a dirty lens");
      assert_nowhere (part, "answers everything");
      assert_says (nothing, "cause", "reads nothing of this disc. The disc, the lens");
      assert_nowhere (nothing, "answers everything");
    }
}

/* Counting that was interrupted is not called an answer, though all that was read came. */
static void
test_interrupted (void)
{
  g_auto (ScanDrive) drive = OLD_CD, well = OLD_CD;
  g_autoptr (OflExamination) found = NULL;
  g_autoptr (OflExamination) sound = NULL;

  drive.reads = well.reads = TRUE;
  drive.extent = well.extent = OFL_READ_QUICK;
  drive.fails_at = 13;
  drive.outcome = OFL_OUTCOME_NOT_SENT;
  drive.os_error = EBUSY;
  found = scan_drive_examine (&drive);
  sound = scan_drive_examine (&well);
  assert_says (found, "read", "without an error");
  assert_says (found, "cause", "a command was not sent");
  assert_nowhere (found, "every question was answered as it should");
  assert_says (sound, "cause", "nothing is wrong");
}

/* A disc that stands still is turned again, and then read. */
static void
test_spins_up (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.reads = TRUE;
  drive.extent = OFL_READ_QUICK;
  drive.read_fails = 9;
  drive.read_works = 12;
  drive.outcome = SENSE;
  drive.key = 0x02;
  drive.asc = 0x04;
  drive.ascq = 0x01;
  found = scan_drive_examine (&drive);
  g_assert_cmpint (ofl_examination_find (found, "read")->level, ==, OFL_FINDING_GOOD);
  assert_says (found, "read", "without an error");
}

/* What was counted is not said not to have been measured, whatever became of reading. */
static void
test_counted (void)
{
  g_auto (ScanDrive) whole = OLD_CD, many = OLD_CD, unread = OLD_CD, refused = CD;
  g_autoptr (OflExamination) found = scan_drive_examine (&whole);
  g_autoptr (OflExamination) bad = NULL;
  g_autoptr (OflExamination) none = NULL;
  g_autoptr (OflExamination) nothing = NULL;

  many.uncorrected = 1;
  bad = scan_drive_examine (&many);
  unread.extent = OFL_READ_QUICK;
  none = scan_drive_examine (&unread);
  nothing = scan_drive_examine (&refused);
  assert_says (found, "next-disc", "went over the disc to its end");
  assert_nowhere (found, "was not measured");
  assert_says (bad, "cause", "counted many errors");
  assert_says (none, "read", "Nothing of the disc could be read");
  assert_says (none, "cause", "went over this disc to its end");
  assert_says (nothing, "next-disc", "was not measured");
}

typedef struct {
  OflTally *tally;
  guint done, total, calls, moves;
} Watch;

static void
on_command (gpointer data)
{
  Watch *watch = data;
  guint total, done = ofl_tally_read (watch->tally, &total);

  watch->calls++;
  watch->moves += done > watch->done;
  g_assert_cmpuint (done, >=, watch->done);
  g_assert_true (watch->total == 0 || total == watch->total);
  watch->done = done;
  watch->total = total;
}

/* It goes on while errors are counted, never back, and ends where it said it would. */
static void
test_progress (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (OflTally) tally = ofl_tally_new ();
      Watch watch = { .tally = tally };
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;
      guint total;

      drive.reads = TRUE;
      drive.extent = i == 0 ? OFL_READ_NOTHING : OFL_READ_QUICK;
      drive.watch = on_command;
      drive.watch_data = &watch;
      drive.tally = tally;
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (drive.intervals, ==, 40);
      g_assert_cmpuint (watch.calls, >, 3 * 40);
      g_assert_cmpuint (watch.moves, >=, 39);
      g_assert_cmpuint (ofl_tally_read (tally, &total), ==, total);
      g_assert_cmpuint (total, ==, watch.total);
      g_assert_cmpuint (total, >, found->stretches->len);
    }
}

/* A first answer with more errors than its blocks can have is no measurement, and no figure. */
static void
test_first (void)
{
  static const struct {
    guint32 at, step;
    guint errors;
    gboolean measured;
  } rows[] = {
    { 0, 128, 1664, TRUE },   { 0, 128, 1665, FALSE },   { 0, 128, 65535, FALSE },
    { 127, 128, 1664, TRUE }, { 128, 128, 1664, TRUE },  { 128, 128, 1677, FALSE },
    { 256, 256, 3328, TRUE }, { 256, 256, 3329, FALSE }, { 512, 128, 1665, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *figure = g_strdup_printf ("%u", rows[i].errors);
      g_auto (ScanDrive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.first = 100;
      drive.first_at = rows[i].at;
      drive.step = rows[i].step;
      drive.bad_from = 1;
      drive.bad_end = 2;
      drive.bad = rows[i].errors;
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (g_array_index (found->errors, OflErrorCount, 0).position, ==,
                        rows[i].at + (rows[i].measured ? 0 : rows[i].step));
      g_assert_true ((ofl_examination_find (found, "errors-first") == NULL) == rows[i].measured);
      if (!rows[i].measured)
        assert_nowhere (found, figure);
      else
        assert_says (found, "errors", figure);
      assert_nowhere (found, "cannot be a count");
    }
}

/* And where no second one tells how far it goes */
static void
test_lone_first (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (ScanDrive) drive = DVD;
      g_autoptr (OflExamination) found = NULL;

      drive.first = i == 0 ? 1664 : 1665;
      drive.first_at = 1000;
      drive.cancel_at = 1;
      found = scan_drive_examine (&drive);
      g_assert_cmpuint (found->errors->len, ==, 1 - i);
      g_assert_true ((ofl_examination_find (found, "errors-first") != NULL) == (i == 1));
    }
}

/* A drive that may be left counting: said, with what to do; one that took nothing of it: not. */
static void
test_left (void)
{
  static const struct {
    gboolean knows_old, end_fails;
    guint8 begin_fails;
    guint fails_at;
    const char *says; /* NULL: nothing of the refusal */
    gboolean left;
  } rows[] = {
    { TRUE, TRUE, 4, 0, "took a part", TRUE },  { TRUE, FALSE, 4, 0, "took a part", FALSE },
    { FALSE, TRUE, 0xff, 0, "refused", FALSE }, { FALSE, FALSE, 0xff, 0, "refused", FALSE },
    { TRUE, TRUE, 0xff, 13, "0:12 min", TRUE }, { TRUE, FALSE, 0xff, 13, "0:12 min", FALSE },
    { TRUE, TRUE, 0xff, 0, "Nowhere", TRUE },   { TRUE, FALSE, 0xff, 0, "Nowhere", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (ScanDrive) drive = OLD_CD;
      g_autoptr (OflExamination) found = NULL;
      const OflFinding *end;

      drive.knows_old = rows[i].knows_old;
      drive.end_fails = rows[i].end_fails;
      drive.begin_fails = rows[i].begin_fails;
      drive.fails_at = rows[i].fails_at;
      drive.outcome = OFL_OUTCOME_HOST;
      found = scan_drive_examine (&drive);
      assert_says (found, "errors", rows[i].says);
      end = ofl_examination_find (found, "errors-end");
      g_assert_true ((end != NULL) == rows[i].left);
      g_assert_true (end == NULL || strstr (end->next, "switch it off and on") != NULL);
    }
}

/* Broken off, and perhaps still counting: that is a change. */
static void
test_left_broken_off (void)
{
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = NULL;

  drive.cancel_at = 3;
  drive.end_fails = TRUE;
  found = scan_drive_examine (&drive);
  g_assert_nonnull (ofl_examination_find (found, "errors-end"));
  assert_says (found, "cancelled", "nothing was written");
  assert_nowhere (found, "nothing was changed");
}

/* The choice about reading says of itself what it does, and no more. */
static void
test_choice (void)
{
  g_autofree char *says = g_key_file_get_string (ofl_family_table (ofl_families_find ("liteon")),
                                                 "choice experimental", "explanation", NULL);
  g_auto (ScanDrive) drive = OLD_CD;
  g_autoptr (OflExamination) found = scan_drive_examine (&drive);

  g_assert_nonnull (strstr (drive.sent->str, OLD_BEGIN)); /* and nothing was chosen */
  g_assert_cmpuint (found->errors->len, >, 0);
  g_assert_null (strstr (says, "nothing but standard commands"));
  g_assert_nonnull (strstr (says, "count the errors of a disc with “no”, too"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon-scan/blame", test_blame);
  g_test_add_func ("/liteon-scan/blame-read", test_blame_read);
  g_test_add_func ("/liteon-scan/blame-question", test_blame_question);
  g_test_add_func ("/liteon-scan/fails-once", test_fails_once);
  g_test_add_func ("/liteon-scan/link-once", test_link_once);
  g_test_add_func ("/liteon-scan/figures", test_figures);
  g_test_add_func ("/liteon-scan/question-and-reads", test_question_and_reads);
  g_test_add_func ("/liteon-scan/interrupted", test_interrupted);
  g_test_add_func ("/liteon-scan/spins-up", test_spins_up);
  g_test_add_func ("/liteon-scan/counted", test_counted);
  g_test_add_func ("/liteon-scan/progress", test_progress);
  g_test_add_func ("/liteon-scan/first", test_first);
  g_test_add_func ("/liteon-scan/lone-first", test_lone_first);
  g_test_add_func ("/liteon-scan/left", test_left);
  g_test_add_func ("/liteon-scan/left-broken-off", test_left_broken_off);
  g_test_add_func ("/liteon-scan/choice", test_choice);
  return g_test_run ();
}
