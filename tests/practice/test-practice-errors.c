/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is the matter with a practice disc: practice 7. */
#include "kit/wire.h"

#include <string.h>

#define N_BLOCKS 0x10000u
#define FIRST 30000u
#define COUNT 3000u
#define SECOND 75u

static OflPracticeErrors
count (Wire *wire, guint first, guint n)
{
  OflPracticeErrors errors;

  ofl_practice_drive_count_errors (wire->drive, first, n, &errors);
  return errors;
}

static void
assert_equal (OflPracticeErrors a, OflPracticeErrors b)
{
  g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
}

static void
assert_none (OflPracticeErrors errors)
{
  assert_equal (errors, (OflPracticeErrors){ 0 });
}

static Wire *
with_disc (const char *id, guint32 seed, const char *disc)
{
  Wire *wire = wire_new_unit (id, seed);

  g_assert_true (ofl_practice_drive_put_disc (wire->drive, disc, NULL));
  wire_ready (wire);
  return wire;
}

static void
add (Wire *wire, const char *fault)
{
  g_assert_true (ofl_practice_drive_add_fault (wire->drive, fault, NULL));
}

/* About one a second, none of them beyond the first stage, and in no stretch many */
static void
test_clean_cd (void)
{
  g_autoptr (Wire) wire = with_disc ("sohw812s", 1, "cd-rom");
  g_autoptr (Wire) same = with_disc ("sohw812s", 1, "cd-rom");
  g_autoptr (Wire) other = with_disc ("sohw812s", 2, "cd-rom");
  OflPracticeErrors all = count (wire, 0, N_BLOCKS);

  g_assert_cmpuint (all.c1, >, N_BLOCKS / SECOND * 8 / 10);
  g_assert_cmpuint (all.c1, <, N_BLOCKS / SECOND * 12 / 10);
  g_assert_cmpuint (all.c2 + all.e32 + all.pi + all.pif, ==, 0);
  for (guint at = 0; at < N_BLOCKS; at += SECOND)
    {
      assert_equal (count (wire, at, SECOND), count (same, at, SECOND));
      g_assert_cmpuint (count (wire, at, SECOND).c1, <, 15);
    }
  g_assert_cmpuint (count (wire, 0, N_BLOCKS / 2).c1, !=, count (other, 0, N_BLOCKS / 2).c1);
}

static void
test_clean_dvd (void)
{
  g_autoptr (Wire) wire = with_disc ("sohw812s", 1, "pressed");
  OflPracticeErrors all = count (wire, 0, N_BLOCKS);

  g_assert_cmpuint (all.pi, >, N_BLOCKS / 50);
  g_assert_cmpuint (all.c1 + all.c2 + all.e32 + all.pif, ==, 0);
  for (guint at = 0; at < N_BLOCKS; at += 128)
    g_assert_cmpuint (count (wire, at, 128).pi, <, 28);
}

/* Sums of parts are the sum of the whole, and behind the end there is nothing. */
static void
test_sums (void)
{
  g_autoptr (Wire) wire = with_disc ("sohw812s", 1, "cd-rom");
  OflPracticeErrors sum = { 0 };

  add (wire, "scratched 30000 3000");
  for (guint at = 0, n = 1; at < N_BLOCKS; at += n, n += 7)
    {
      OflPracticeErrors part = count (wire, at, n);

      sum.c1 += part.c1;
      sum.c2 += part.c2;
      sum.e32 += part.e32;
    }
  assert_equal (sum, count (wire, 0, N_BLOCKS));
  assert_equal (sum, count (wire, 0, G_MAXUINT32));
  assert_none (count (wire, 0, 0));
  assert_none (count (wire, N_BLOCKS, 1000));
  assert_none (count (wire, G_MAXUINT32, G_MAXUINT32));
}

/* Above the standard's limit from the first scratched block to the last, uncorrected in the middle
 * third, and as clean as before everywhere else. It can be read all the same. */
static void
test_scratched_cd (void)
{
  g_autoptr (Wire) wire = with_disc ("sohw812s", 1, "cd-rom");
  g_autoptr (Wire) clean = with_disc ("sohw812s", 1, "cd-rom");

  add (wire, "scratched 30000 3000");
  assert_equal (count (wire, 0, FIRST), count (clean, 0, FIRST));
  assert_equal (count (wire, FIRST + COUNT, N_BLOCKS), count (clean, FIRST + COUNT, N_BLOCKS));
  g_assert_cmpuint (count (wire, FIRST, 1).c1, >=, 4);
  g_assert_cmpuint (count (wire, FIRST + COUNT - 1, 1).c1, >=, 4);
  for (guint at = FIRST; at < FIRST + COUNT; at += SECOND)
    {
      OflPracticeErrors second = count (wire, at, SECOND);

      g_assert_cmpuint (second.c1, >, 220);
      g_assert_cmpuint (second.c1, <, 98 * SECOND);
      g_assert_cmpuint (second.c2, >, 0);
      g_assert_cmpuint (second.e32, <=, 0xff);
    }
  g_assert_cmpuint (count (wire, FIRST, COUNT / 3).e32, ==, 0);
  for (guint at = FIRST + COUNT / 3; at < FIRST + COUNT - COUNT / 3; at++)
    g_assert_cmpuint (count (wire, at, 1).e32, >, 0);
  g_assert_cmpuint (count (wire, FIRST + COUNT - COUNT / 3, COUNT / 3).e32, ==, 0);
  g_assert_cmphex (wire_in (wire, 2048, "28 00 %08x 00 00 01 00", FIRST + COUNT / 2), ==, 0);
  ofl_practice_drive_clear_faults (wire->drive);
  assert_equal (count (wire, 0, N_BLOCKS), count (clean, 0, N_BLOCKS));
}

static void
test_scratched_dvd (void)
{
  g_autoptr (Wire) wire = with_disc ("sohw812s", 1, "pressed");
  g_autoptr (Wire) clean = with_disc ("sohw812s", 1, "pressed");

  add (wire, "scratched 30000 3000");
  assert_equal (count (wire, 0, FIRST), count (clean, 0, FIRST));
  assert_equal (count (wire, FIRST + COUNT, N_BLOCKS), count (clean, FIRST + COUNT, N_BLOCKS));
  for (guint at = FIRST; at + 128 <= FIRST + COUNT; at += 128)
    {
      OflPracticeErrors sum = count (wire, at, 128);

      g_assert_cmpuint (sum.pi, >, 280);
      g_assert_cmpuint (sum.pi, <, 13 * 128);
      g_assert_cmpuint (sum.pif, >, 0);
      g_assert_cmpuint (sum.pif, <, sum.pi);
      g_assert_cmpuint (sum.c1 + sum.c2 + sum.e32, ==, 0);
    }
}

/* Where two scratches cross the deeper one counts, in whatever order they came; a block that cannot
 * be read has errors that cannot be corrected. */
static void
test_several (void)
{
  g_autoptr (Wire) one = with_disc ("sohw812s", 1, "cd-rom");
  g_autoptr (Wire) other = with_disc ("sohw812s", 1, "cd-rom");

  add (one, "scratched 300 30");
  add (one, "scratched 310 3000");
  add (other, "scratched 310 3000");
  add (other, "scratched 300 30");
  assert_equal (count (one, 0, N_BLOCKS), count (other, 0, N_BLOCKS));
  g_assert_cmpuint (count (one, 310, 10).e32, >=, 10);
  g_assert_cmpuint (count (one, 320, 10).e32, ==, 0);
  add (one, "unreadable 50 2");
  g_assert_cmpuint (count (one, 49, 1).e32, ==, 0);
  g_assert_cmpuint (count (one, 50, 1).e32, >, 0);
  g_assert_cmpuint (count (one, 51, 1).e32, >, 0);
  g_assert_cmpuint (count (one, 52, 1).e32, ==, 0);
}

/* A drive without DVDs takes a pressed disc for a CD; without a disc, or of a blank one, none. */
static void
test_discs (void)
{
  g_autoptr (Wire) wire = with_disc ("premium", 1, "pressed");

  g_assert_cmpuint (count (wire, 0, N_BLOCKS).c1, >, 0);
  g_assert_cmpuint (count (wire, 0, N_BLOCKS).pi, ==, 0);
  add (wire, "scratched 0 100");
  g_assert_true (ofl_practice_drive_put_disc (wire->drive, "blank-cd-r", NULL));
  assert_none (count (wire, 0, N_BLOCKS));
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  assert_none (count (wire, 0, N_BLOCKS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/errors/clean-cd", test_clean_cd);
  g_test_add_func ("/practice/errors/clean-dvd", test_clean_dvd);
  g_test_add_func ("/practice/errors/sums", test_sums);
  g_test_add_func ("/practice/errors/scratched-cd", test_scratched_cd);
  g_test_add_func ("/practice/errors/scratched-dvd", test_scratched_dvd);
  g_test_add_func ("/practice/errors/several", test_several);
  g_test_add_func ("/practice/errors/discs", test_discs);
  return g_test_run ();
}
