/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded fault schedules against whole jobs, with one invariant: the verdict never claims more
 * than the chip holds, and nothing dangerous is sent before journal and backup stand. */
#include <string.h>

#include "practice-table.h"

typedef struct {
  const PracticeCase *which;
  OflImage *image;     /* the same for all */
  guint8 opcodes[256]; /* that a good job uses, each once */
  guint n_opcodes;
} Series;

typedef struct {
  Workbench *bench;
  gboolean readable;
  gboolean checked;
} Guard;

/* Runs on the job's thread before the drive sees a command: has anything been written by now? */
static void
guard_dangerous_commands (const OflCommand *command, gpointer data)
{
  Guard *guard = data;
  g_autofree char *journal = NULL;

  if (guard->checked || ofl_practice_drive_get_n_writes (guard->bench->device) == 0)
    return;
  guard->checked = TRUE;
  journal = workbench_journal (guard->bench);
  g_assert_nonnull (journal);
  g_assert_nonnull (strstr (journal, "write-begins"));
  if (guard->readable)
    g_assert_cmpuint (workbench_count_backups (guard->bench), >, 0);
}

static void
note_opcode (const OflCommand *command, gpointer data)
{
  Series *series = data;

  if (memchr (series->opcodes, command->cdb[0], series->n_opcodes) == NULL)
    series->opcodes[series->n_opcodes++] = command->cdb[0];
}

static char *
draw_op (GRand *rand, const Series *series)
{
  guint n = (guint) g_rand_int_range (rand, 0, (gint32) series->n_opcodes + 1);

  return n == series->n_opcodes ? g_strdup ("any") : g_strdup_printf ("%02x", series->opcodes[n]);
}

/* One fault, with its parameters drawn from the seed. A chip that keeps something else than it was
 * given can be noticed only by reading it back: where no way to read is public, nobody can, and
 * "confirmed" says no more than that the identity changed; so that fault is left out there. */
static char *
draw_fault (GRand *rand, const Series *series)
{
  g_autofree char *op = draw_op (rand, series);
  gboolean readable = series->which->readable;
  int n = g_rand_int_range (rand, 1, 400);
  int few = g_rand_int_range (rand, 1, 12);

  switch (g_rand_int_range (rand, 0, 16))
    {
    case 0:
      return g_strdup_printf ("flip %d %d", n, g_rand_int_range (rand, 1, 2000));
    case 1:
      return g_strdup_printf ("short %s %d", op, n);
    case 2:
      return g_strdup_printf ("refuse %d", g_rand_int_range (rand, 1, 140));
    case 3:
      return g_strdup (readable ? "lie" : "silent");
    case 4:
      return g_strdup_printf ("hang %s %d 1", op, n);
    case 5:
      return g_strdup_printf ("hang %s %d 3", op, few);
    case 6:
      return g_strdup_printf ("slow %d", g_rand_int_range (rand, 2, 8));
    case 7:
      return g_strdup_printf ("attention %d", few);
    case 8:
      return g_strdup ("garble");
    case 9:
      return g_strdup_printf ("vanish %s %d", op, n);
    case 10:
      return g_strdup_printf ("vanish %s %d %d", op, n, g_rand_int_range (rand, 100, 8000));
    case 11:
      return g_strdup_printf ("vanish-byte %d", g_rand_int_range (rand, 1, 0x200000));
    case 12:
      return g_strdup ("silent");
    case 13:
      return g_strdup_printf ("power-loss %d", g_rand_int_range (rand, 1, 135));
    case 14:
      return g_strdup_printf ("power-loss-burn %d", g_rand_int_range (rand, 1, 1000));
    default:
      return g_strdup_printf ("hang %s %d 1", op, g_rand_int_range (rand, 1, 135));
    }
}

static gboolean
flash_is (Workbench *bench, GBytes *old)
{
  g_autoptr (GBytes) now = ofl_practice_drive_get_flash (bench->device);

  return g_bytes_equal (old, now);
}

static void
check_claim (const PracticeCase *which, Workbench *bench, OflImage *image, const OflResult *result,
             GBytes *old)
{
  switch (result->verdict)
    {
    case OFL_VERDICT_VERIFIED:
    case OFL_VERDICT_CONFIRMED:
    case OFL_VERDICT_IDENTICAL:
      g_assert_true (practice_proved (which, bench, image));
      break;
    case OFL_VERDICT_CANCELLED:
    case OFL_VERDICT_REFUSED:
    case OFL_VERDICT_FAILED_UNTOUCHED:
    case OFL_VERDICT_UNCHANGED:
      g_assert_true (flash_is (bench, old));
      break;
    case OFL_VERDICT_UNKNOWN:
    case OFL_VERDICT_FAILED_RECOVERY:
      break;
    case OFL_VERDICT_NONE:
    case OFL_VERDICT_DONE:
    case OFL_VERDICT_DIFFERENT:
    case OFL_N_VERDICTS:
    default:
      g_assert_not_reached ();
    }
  g_assert_nonnull (result->what);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->next);
}

/* Whatever happened: unplug, plug in again, no more faults: it must come back, where the family
 * has a way back. Where none is public, the job may fail, but it may not claim what is not so. */
static void
check_recovery (const PracticeCase *which, Workbench *bench, OflImage *image)
{
  g_autoptr (OflResult) result = NULL;

  ofl_practice_drive_clear_faults (bench->device);
  ofl_practice_port_unplug (bench->port);
  ofl_practice_port_plug (bench->port);
  bench->options->accept_no_backup = TRUE;
  result = workbench_run (bench, OFL_JOB_FLASH, image);
  if (!ofl_verdict_is_success (result->verdict))
    g_test_message ("recovery ended %s: %s (%s)", ofl_verdict_id (result->verdict), result->what,
                    result->technical);
  if (!which->recovers)
    {
      g_assert_true (!ofl_verdict_is_success (result->verdict)
                     || practice_proved (which, bench, image));
      return;
    }
  /* a family that cannot be read and already reports the image's revision leaves nothing to tell
   * by: "unknown" is the honest word for it */
  g_assert_true (ofl_verdict_is_success (result->verdict)
                 || (!which->readable && result->verdict == OFL_VERDICT_UNKNOWN));
  g_assert_true (practice_proved (which, bench, image));
}

static OflVerdict
run_schedule (const Series *series, guint32 seed)
{
  const PracticeCase *which = series->which;
  g_autoptr (Workbench) bench = practice_bench (which);
  g_autoptr (GBytes) old = ofl_practice_drive_get_flash (bench->device);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (OflResult) result = NULL;
  Guard guard = { bench, which->readable, FALSE };
  int n = g_rand_int_range (rand, 1, 3);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *fault = draw_fault (rand, series);
      g_autoptr (GError) error = NULL;

      g_assert_true (ofl_practice_drive_add_fault (bench->device, fault, &error));
      g_string_append_printf (said, "%s%s", i > 0 ? ", " : "", fault);
    }
  bench->options->accept_no_backup = !which->readable;
  ofl_practice_port_set_watch (bench->port, guard_dangerous_commands, &guard);
  result = workbench_run (bench, OFL_JOB_FLASH, series->image);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_test_message ("seed %u (%s): %s: %s", seed, said->str, ofl_verdict_id (result->verdict),
                  result->what);
  check_claim (which, bench, series->image, result, old);
  check_recovery (which, bench, series->image);
  return result->verdict;
}

/* A sanitizer build runs the same schedules, only fewer of them. */
static guint
how_many (const PracticeCase *which)
{
  const char *text = g_getenv ("OFL_FAULT_SCHEDULES");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : which->schedules;
}

/* The image; and a job without a fault, which tells which commands faults may strike. */
static void
prepare (Series *series)
{
  g_autoptr (Workbench) bench = practice_bench (series->which);
  g_autoptr (OflResult) result = NULL;

  series->image = workbench_image (bench, series->which->revision, series->which->variant);
  ofl_practice_port_set_watch (bench->port, note_opcode, series);
  result = workbench_run (bench, OFL_JOB_FLASH, series->image);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  g_assert_cmpint (result->verdict, ==, series->which->verdict);
}

static void
test_series (gconstpointer data)
{
  Series series = { data };
  guint counts[OFL_N_VERDICTS] = { 0 };
  guint n = how_many (series.which);

  prepare (&series);
  for (guint32 seed = 1; seed <= n; seed++)
    counts[run_schedule (&series, seed)]++;
  ofl_image_unref (series.image);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > 0)
      g_printerr ("# %s, %u schedules: %s %u\n", series.which->id, n, ofl_verdict_id (i),
                  counts[i]);
  /* schedules that never hurt, or always do, would prove nothing */
  if (n >= 100)
    {
      g_assert_cmpuint (counts[series.which->verdict], >, 0);
      g_assert_cmpuint (counts[OFL_VERDICT_FAILED_RECOVERY] + counts[OFL_VERDICT_UNKNOWN], >, 0);
      g_assert_cmpuint (counts[OFL_VERDICT_FAILED_UNTOUCHED], >, 0);
      /* nobody can tell of a drive that is not read back whether it kept what it had */
      g_assert_cmpint (counts[OFL_VERDICT_UNCHANGED] > 0, ==, series.which->readable);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  practice_add_for_all ("faults", test_series);
  return g_test_run ();
}
