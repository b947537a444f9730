/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the counted errors say, and where nothing may be said of them: doctor 4.2 */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>

#define FRAMES 75u
#define BLOCKS_IN_MIB 512u

/* ECMA-130: C1 of ten seconds, less than 3 in 100 of 7350 a second */
#define CD_SECONDS 10u
#define CD_LIMIT 2200u
/* ECMA-267: PI errors of eight ECC blocks */
#define DVD_SPAN 128u
#define DVD_LIMIT 280u

/* As many counts in a row as a limit is for; 0: none fits */
typedef struct {
  guint counts;
  guint32 blocks;
  guint from; /* the first count that may be taken */
  guint end;
  guint64 limit;
  guint64 worst;
  guint over; /* how many were above the limit */
  guint32 first, last;
} Window;

typedef struct {
  guint64 total;
  guint32 most;
  guint32 at;
} Sum;

static const OflErrorCount *
nth (const OflDoctor *self, guint n)
{
  return &g_array_index (self->found->errors, OflErrorCount, n);
}

static char *
place (const OflDoctor *self, guint32 block)
{
  /* the last block is the end, for whoever reads it */
  block = block + 1 >= self->found->blocks ? self->found->blocks : block;
  if (ofl_doctor_is_cd (self))
    /* Translators: a place on a CD, minutes and seconds */
    return g_strdup_printf (_ ("%u:%02u min"), block / FRAMES / 60, block / FRAMES % 60);
  return g_strdup_printf (_ ("%u MiB"), block / BLOCKS_IN_MIB);
}

static void
add_up (Sum *sum, guint32 count, guint32 position)
{
  sum->total += count;
  if (count <= sum->most)
    return;
  sum->most = count;
  sum->at = position;
}

static char *
describe_sum (const OflDoctor *self, const char *kind, const Sum *sum)
{
  g_autofree char *at = place (self, sum->at);

  if (sum->total == 0)
    /* Translators: a kind of errors ("C1") of which there are none */
    return g_strdup_printf (_ ("%s: 0"), kind);
  /* Translators: a kind of errors ("C1"), all of them, the most in one count, and where that was */
  return g_strdup_printf (_ ("%s: %zu, at most %zu in one count, at %s"), kind, (gsize) sum->total,
                          (gsize) sum->most, at);
}

/* How far apart all the answers are, but for the last, which the end of the disc cuts off; 0: not the
 * same. */
static guint32
even_step (const OflDoctor *self)
{
  guint n = self->found->errors->len;
  guint32 step = n > 2 ? nth (self, 1)->position - nth (self, 0)->position : 0;

  for (guint i = 2; i + 1 < n && step > 0; i++)
    if (nth (self, i)->position - nth (self, i - 1)->position != step)
      return 0;
  return step;
}

/* From the disc's begin on, whether an answer's place is the first of its blocks, the last, or the one
 * behind them: which it is, is not told. */
static gboolean
first_is_whole (guint32 position, guint32 step)
{
  return position == 0 || position == step - 1 || position == step;
}

static void
choose_window (const OflDoctor *self, Window *window)
{
  guint n = self->found->errors->len;
  guint32 step = even_step (self);

  *window = (Window){ .end = n };
  if (self->found->way->step == FRAMES)
    {
      window->counts = CD_SECONDS;
      window->blocks = CD_SECONDS * FRAMES;
      window->limit = CD_LIMIT;
    }
  else if (!ofl_doctor_is_cd (self) && step > 0 && DVD_SPAN % step == 0)
    {
      window->counts = DVD_SPAN / step;
      window->blocks = DVD_SPAN;
      window->limit = DVD_LIMIT;
      window->from = first_is_whole (nth (self, 0)->position, step) ? 0 : 1;
      window->end -= nth (self, n - 1)->position - nth (self, n - 2)->position != step;
    }
  if (window->end < window->from + window->counts)
    window->counts = 0;
}

static void
measure (const OflDoctor *self, Window *window)
{
  guint64 sum = 0;

  for (guint i = window->from; window->counts > 0 && i < window->end; i++)
    {
      guint32 position = nth (self, i)->position;

      sum += nth (self, i)->first;
      if (i >= window->from + window->counts)
        sum -= nth (self, i - window->counts)->first;
      if (i + 1 < window->from + window->counts)
        continue;
      window->worst = MAX (window->worst, sum);
      if (sum <= window->limit)
        continue;
      if (window->over++ == 0)
        window->first = position - MIN (position, window->blocks);
      window->last = position;
    }
}

static char *
describe_average (const OflDoctor *self, guint64 total)
{
  double average = (double) total / self->found->errors->len;

  if (self->found->way->step == FRAMES)
    return g_strdup_printf (_ ("On average C1 is %.1f in a second of the disc."), average);
  if (ofl_doctor_is_cd (self))
    return g_strdup_printf (_ ("On average C1 is %.1f in one count; how much of the disc a count "
                               "covers is not known."),
                            average);
  return g_strdup_printf (_ ("On average PI errors are %.1f in one count."), average);
}

static char *
describe_counts (OflDoctor *self)
{
  gboolean cd = ofl_doctor_is_cd (self);
  guint n = self->found->errors->len;
  g_autofree char *first = NULL, *second = NULL, *till = NULL, *all = NULL, *average = NULL;
  Sum sums[2] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      add_up (&sums[0], nth (self, i)->first, nth (self, i)->position);
      add_up (&sums[1], nth (self, i)->second, nth (self, i)->position);
    }
  first = describe_sum (self, cd ? _ ("C1") : _ ("PI errors"), &sums[0]);
  second = describe_sum (self, cd ? _ ("C2") : _ ("PI failures"), &sums[1]);
  till = place (self, nth (self, n - 1)->position);
  all = place (self, self->found->blocks);
  average = describe_average (self, sums[0].total);
  g_free (self->technical);
  self->technical = g_strdup_printf ("%s: %u counts, last at block %u of %u; %" G_GUINT64_FORMAT
                                     " and %" G_GUINT64_FORMAT,
                                     self->found->way->id, n, nth (self, n - 1)->position,
                                     self->found->blocks, sums[0].total, sums[1].total);
  return g_strdup_printf (
      _ ("Counted while the disc was read, at the speed that the drive chose, to "
         "%s of %s: %s; %s. %s"),
      till, all, first, second, average);
}

static char *
describe_uncorrected (const OflDoctor *self)
{
  g_autofree char *at = NULL;
  Sum sum = { 0 };
  guint32 first = 0;

  for (guint i = 0; i < self->found->errors->len; i++)
    {
      if (sum.total == 0)
        first = nth (self, i)->position;
      add_up (&sum, nth (self, i)->uncorrected, nth (self, i)->position);
    }
  if (sum.total == 0)
    return NULL;
  at = place (self, first);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%zu error was not corrected at the second stage (E32), "
                                       "at %s.",
                                       "%zu errors were not corrected at the second stage (E32), "
                                       "the first at %s.",
                                       (gsize) sum.total),
                          (gsize) sum.total, at);
}

static char *
describe_over (const OflDoctor *self, const Window *window)
{
  g_autofree char *first = place (self, window->first);
  g_autofree char *last = place (self, window->last);

  if (ofl_doctor_is_cd (self))
    return g_strdup_printf (
        _ ("The disc is read with many errors between %s and %s: over ten "
           "seconds C1 is up to %.1f a second, and the standard's limit is 220."),
        first, last, (double) window->worst / CD_SECONDS);
  return g_strdup_printf (_ ("The disc is read with many errors between %s and %s: up to %zu PI "
                             "errors in 128 sectors, and the standard's limit is 280."),
                          first, last, (gsize) window->worst);
}

static void
add_bad (OflDoctor *self, const char *counts, const char *over, const char *uncorrected)
{
  self->many_errors = TRUE;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "errors", TRUE,
                  _ ("Clean the disc and compare with a pressed one. A disc that other drives read "
                     "well points to a weak laser here; one disc alone does not tell the disc "
                     "from the drive."),
                  "%s%s%s %s", over != NULL ? over : "",
                  over != NULL && uncorrected != NULL ? " " : "",
                  uncorrected != NULL ? uncorrected : "", counts);
}

/* Counts of which one cannot be right are no ground for a judgement. */
static void
add_counts (OflDoctor *self, OflScanOutcome outcome)
{
  g_autofree char *counts = describe_counts (self);
  g_autofree char *uncorrected = describe_uncorrected (self);
  g_autofree char *over = NULL;
  Window window;

  choose_window (self, &window);
  measure (self, &window);
  if (window.over > 0)
    over = describe_over (self, &window);
  if (outcome == OFL_SCAN_NONSENSE)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors", TRUE, NULL, "%s", counts);
  else if (over != NULL || uncorrected != NULL)
    add_bad (self, counts, over, uncorrected);
  else if (window.counts > 0)
    ofl_doctor_add (
        self, OFL_FINDING_GOOD, "errors", TRUE, NULL,
        _ ("Nowhere that was counted is the disc read with more errors than the standard "
           "allows. %s"),
        counts);
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors", TRUE,
                    _ ("Compare with a disc that other drives read well."),
                    _ ("%s No limit of the standard fits counts of this kind, so they are not "
                       "judged."),
                    counts);
}

static const char *
clean_and_again (void)
{
  return _ ("Clean the disc and run the doctor again, then with another disc.");
}

static void
add_failure (OflDoctor *self, const char *at, const char *all)
{
  self->failed++;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "errors", TRUE, clean_and_again (),
                  _ ("Counting errors ended at %s of %s, for the drive failed there. What lies "
                     "behind was not counted."),
                  at, all);
}

static void
add_medium (OflDoctor *self, const char *at, const char *all, const char *why)
{
  self->unreadable = TRUE;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "errors", TRUE, clean_and_again (),
                  /* Translators: two places on a disc, and a sentence of what the drive said */
                  _ ("Counting errors ended at %s of %s, at the disc: %s What lies behind was not "
                     "counted."),
                  at, all, why);
}

static void
add_link (OflDoctor *self, const char *at, const char *all, const char *why)
{
  self->link++;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "errors", TRUE, ofl_doctor_link_step (),
                  /* Translators: two places on a disc, and a sentence of what went wrong */
                  _ ("Counting errors ended at %s of %s, on the way to the drive and not in it: %s "
                     "What lies behind was not counted."),
                  at, all, why);
}

static void
add_interruption (OflDoctor *self, const char *at, const char *all, const char *why)
{
  self->interrupted = TRUE;
  ofl_doctor_add (self, OFL_FINDING_REMARK, "errors", TRUE, ofl_doctor_again_step (),
                  /* Translators: two places on a disc, and a sentence of what came between */
                  _ ("Counting errors ended at %s of %s: %s That by itself does not speak against "
                     "drive or disc. What lies behind was not counted."),
                  at, all, why);
}

static void
add_nonsense (OflDoctor *self, const char *at, const char *all)
{
  self->nonsense++;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, "errors", TRUE,
                  _ ("Test the link to the drive, then run the doctor again. If that is "
                     "sound, this drive does not count as its model is documented to."),
                  _ ("Counting errors ended behind %s of %s: what the drive answered cannot be a "
                     "count, so nothing is concluded from any of them."),
                  at, all);
}

static void
add_refusal (OflDoctor *self, const OflScanReport *report)
{
  if (report->half)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors", TRUE, NULL,
                    _ ("This drive took a part of the commands with which counting the errors of "
                       "the disc begins, and refused the rest, though its model is listed as one "
                       "that can count. Nothing was counted. That says nothing about the disc."));
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors", TRUE, NULL,
                    _ ("This drive refused to count the errors of the disc, though its model is "
                       "listed as one that can. That says nothing about drive or disc."));
}

/* Why it did not reach the disc's end */
static void
add_end (OflDoctor *self, const OflScanReport *report, const char *why)
{
  guint n = self->found->errors->len;
  g_autofree char *at = place (self, n > 0 ? nth (self, n - 1)->position : 0);
  g_autofree char *all = place (self, self->found->blocks);

  if (report->outcome == OFL_SCAN_REFUSED)
    add_refusal (self, report);
  else if (report->outcome == OFL_SCAN_FAILED)
    add_failure (self, at, all);
  else if (report->outcome == OFL_SCAN_MEDIUM)
    add_medium (self, at, all, why);
  else if (report->outcome == OFL_SCAN_LINK)
    add_link (self, at, all, why);
  else if (report->outcome == OFL_SCAN_INTERRUPTED)
    add_interruption (self, at, all, why);
  else if (report->outcome == OFL_SCAN_STOOD)
    ofl_doctor_add (
        self, OFL_FINDING_REMARK, "errors", TRUE, NULL,
        _ ("Counting errors ended at %s of %s, for the drive did not move on from there. "
           "What lies behind was not counted."),
        at, all);
  else if (report->outcome == OFL_SCAN_NONSENSE)
    add_nonsense (self, at, all);
}

/**
 * ofl_doctor_tell_not_counted: (skip)
 * @self: an examination of a drive with a disc in it
 * @family: (nullable): the drive's family
 *
 * Adds the finding "errors-not": why the errors of the disc were not counted.
 */
void
ofl_doctor_tell_not_counted (OflDoctor *self, const OflFamily *family)
{
  const char *disc = ofl_doctor_is_cd (self) ? "CD" : "DVD";

  if (family == NULL || ofl_family_scan_way (family, disc, 0) == NULL)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors-not", FALSE, NULL,
                    _ ("The errors of the disc were not counted: for drives of this kind no way to "
                       "have them counted is known here."));
  else
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors-not", FALSE, NULL,
                    /* Translators: "CD" or "DVD" */
                    _ ("The errors of the disc were not counted: a way is known for drives of this "
                       "family, but this model is not listed as one that can do so with a %s."),
                    disc);
}

/**
 * ofl_doctor_tell_errors: (skip)
 * @self: an examination in which errors were counted, or should have been
 * @report: how that went
 * @why: (nullable): why the last command did not do its work, a sentence
 *
 * Adds the findings "errors": the counts and, only where a limit of the standard is for just as much
 * of a disc, a judgement; then why the end of the disc was not reached; and "errors-end" when the
 * drive may still be counting.
 */
void
ofl_doctor_tell_errors (OflDoctor *self, const OflScanReport *report, const char *why)
{
  g_autofree char *answer = g_strdup (self->technical);

  if (self->found->errors->len > 0)
    add_counts (self, report->outcome);
  g_free (self->technical);
  self->technical = g_steal_pointer (&answer);
  if (report->first_left_out)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors-first", FALSE, NULL,
                    _ ("The first count was left out: it has more errors than so many blocks can "
                       "have, so it is no measurement."));
  add_end (self, report, why != NULL ? why : "");
  if (report->left)
    ofl_doctor_add (self, OFL_FINDING_REMARK, "errors-end", FALSE,
                    _ ("Open and close the tray before the drive is used; if it does not react, "
                       "switch it off and on."),
                    _ ("The drive did not take the command that ends the counting. Whether it is "
                       "still in that state is not known."));
}
