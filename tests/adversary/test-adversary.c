/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs on one practice drive under everything that can befall them, with every word of the verdict
 * held against what the drive's flash holds, now and later, and journal and backup against the
 * order in which they must be on disk.
 *
 *   test-adversary ID   OFL_ADVERSARY_SEEDS (100) schedules from OFL_ADVERSARY_FROM (1) on
 *
 * The same seed gives the same schedule: what is said of a wrong one is enough to run it again. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "trial.h"

/* All directed schedules of schedule.c, and somewhat over 200 jobs on each drive. */
#define SEEDS 100

static guint
number_from (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_not_writable (gconstpointer data)
{
  practice_assert_not_writable (data);
}

static void
test_drive (gconstpointer data)
{
  Campaign campaign = { .id = data, .which = practice_find (data) };
  guint from = number_from ("OFL_ADVERSARY_FROM", 1);
  guint to = from + number_from ("OFL_ADVERSARY_SEEDS", SEEDS) - 1;
  g_autoptr (GTimer) timer = NULL;

  campaign_learn (&campaign);
  timer = g_timer_new ();
  for (guint seed = from; seed <= to; seed++)
    {
      g_autoptr (Schedule) schedule = schedule_new (&campaign.lesson, seed, campaign.readable);

      trial_run_schedule (&campaign, schedule);
    }
  tally_print (&campaign.tally, campaign.id, from, to, g_timer_elapsed (timer, NULL));
  g_assert_cmpuint (tally_sum (&campaign.tally), ==, 0);
  campaign_clear (&campaign);
}

/* --be-killed ID DIR COMMAND FAULT… */
static int
be_killed (char **args)
{
  Campaign campaign = { .id = args[0], .which = practice_find (args[0]) };
  Schedule schedule = { .kill_at = (guint) g_ascii_strtoull (args[2], NULL, 10) };

  for (guint i = 0; i < MAX_FAULTS && args[3 + i] != NULL; i++)
    schedule.faults[i] = args[3 + i];
  campaign.image = trial_image (&campaign, campaign.which->revision, FALSE);
  trial_be_killed (&campaign, &schedule, args[1]);
  campaign_clear (&campaign);
  return EXIT_SUCCESS;
}

static double
cpu_seconds (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  int rc;

  if (argc > 4 && g_str_equal (argv[1], "--be-killed"))
    return be_killed (argv + 2);
  g_test_init (&argc, &argv, NULL);
  if (argc < 2)
    return EXIT_FAILURE;
  path = g_strconcat ("/adversary/", argv[1], NULL);
  g_test_add_data_func (path, argv[1],
                        practice_find (argv[1]) != NULL ? test_drive : test_not_writable);
  rc = g_test_run ();
  g_print ("# %s: %.1f s of CPU time\n", argv[1],
           cpu_seconds (RUSAGE_SELF) + cpu_seconds (RUSAGE_CHILDREN));
  return rc;
}
