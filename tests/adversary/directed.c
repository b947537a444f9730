/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults whose place is not drawn but chosen, so that few seeds reach everywhere. */
#include "practice/ofl-practice-fault.h"
#include "schedule.h"

#define PARTS 16 /* of the image */
#define END 64   /* bytes at an end of it: headers, trailers, sums */
#define N_PLACES (PARTS + 2)
/* Shorter than any burn that outlasts a poll: the job ends while the drive is at work. */
#define SHORT_WATCH_MS 10000
#define SHORT_ABSENCE_MS 10000u

/* The seed with which "flip-once" strikes from @from up to @to of @length bytes. */
static guint
find_bit (gsize length, gsize from, gsize to)
{
  OflPracticeRequest request = { .cdb = (const guint8[16]){ 0 }, .cdb_len = 6, .out_len = length };

  for (guint bit = 0;; bit++)
    {
      g_autoptr (OflPracticeFaults) faults = ofl_practice_faults_new ();
      g_autofree char *fault = g_strdup_printf ("flip-once any 1 %u", bit);
      OflPracticeStrike strike;

      ofl_practice_faults_add (faults, fault, NULL);
      ofl_practice_faults_strike (faults, &request, FALSE, &strike);
      g_assert_true (strike.flip);
      if (strike.flip_at % length >= from && strike.flip_at % length < to)
        return bit;
    }
}

/* Where the @nth place lies in @total bytes: first the ends, then one part after the other. */
static void
find_place (guint nth, guint64 total, guint64 *from, guint64 *to)
{
  guint part = nth - 2;

  if (nth == 0)
    *from = 0;
  else if (nth == 1)
    *from = total - MIN (END, total);
  else
    *from = total * part / PARTS;
  *to = nth < 2 ? MIN (*from + END, total) : total * (part + 1) / PARTS;
}

/**
 * direct_flip:
 * @self: a schedule without faults
 * @lesson: what a good job does
 * @nth: which place, counted round
 *
 * One bit of the firmware flips on its way to the drive: in its first or last bytes, or in the
 * middle of one of its sixteenths.
 */
void
direct_flip (Schedule *self, const Lesson *lesson, guint nth)
{
  guint8 mover = lesson_find_mover (lesson->bytes_out);
  guint64 from, to, at, begin = 0;

  find_place (nth % N_PLACES, lesson->bytes_out[mover], &from, &to);
  at = from + (to - from) / 2;
  for (guint i = 0; i < lesson->sent->len; i++)
    {
      const Sent *sent = &g_array_index (lesson->sent, Sent, i);

      if (sent->opcode != mover)
        continue;
      if (at < begin + sent->length)
        {
          guint bit = find_bit (sent->length, from > begin ? from - begin : 0, to - begin);

          self->flipped = *sent;
          self->faults[0] = g_strdup_printf ("flip-once %02x %u %u", sent->opcode, sent->nth, bit);
          return;
        }
      begin += sent->length;
    }
  g_assert_not_reached ();
}

/**
 * direct_slowness:
 * @self: a schedule without faults
 * @nth: which slowness, counted round
 *
 * A chip that is slower than the drive's makers thought, up to beyond every limit, watched for a
 * while only, or until it is done.
 */
void
direct_slowness (Schedule *self, guint nth)
{
  static const guint factors[] = { 2, 16, 60, 1000 };

  self->faults[0] = g_strdup_printf ("slow %u", factors[nth % G_N_ELEMENTS (factors)]);
  self->watch_limit_ms = nth / G_N_ELEMENTS (factors) % 2 == 0 ? SHORT_WATCH_MS : G_MAXUINT;
}

/**
 * direct_absence:
 * @self: a schedule without faults
 * @lesson: what a good job does
 * @nth: which absence, counted round
 *
 * The link fails when all has been sent: the drive burns without being seen.
 */
void
direct_absence (Schedule *self, const Lesson *lesson, guint nth)
{
  guint left = MAX (lesson->n_commands - lesson->last_sent, 1);
  guint at = lesson->last_sent + 1 + nth / 2 % left;

  self->faults[0] = nth % 2 == 0 ? g_strdup_printf ("vanish any %u", at)
                                 : g_strdup_printf ("vanish any %u %u", at, SHORT_ABSENCE_MS);
}
