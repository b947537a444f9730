/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the executor costs against a bare loop of the same commands, what a flash takes against the
 * least its chip needs, and many drives at once. Prints numbers; judges nothing. */
#include <string.h>

#include "bench-reads.h"
#include "families/ofl-practice-catalog.h"
#include "flash/ofl-local-job.h"
#include "kit/scratch.h"
#include "practice/ofl-practice-private.h"
#include "ofl-core.h"

#define COMMANDS 50000
#define MAX_DRIVES 16

static void
bench_overhead (const char *dir)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive ("bu40n", 0, NULL, NULL);
  g_autoptr (OflTransport) transport
      = ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_EXCLUSIVE, NULL);
  double bare, full;

  bench_reads_bare (transport, COMMANDS); /* warm */
  bare = bench_reads_bare (transport, COMMANDS).cpu_us;
  full = bench_reads_run (transport, dir, COMMANDS).cpu_us;
  ofl_transport_close (transport);
  g_print ("a command: %.2f us in a bare loop, %.2f us in the executor with log and journal: "
           "%.2f us more\n",
           bare, full, full - bare);
}

/* Of the drive's own log: for how long its chip was at work, and when its last command came. */
typedef struct {
  OflPracticeDrive *device;
  gint64 chip_us, last_ms;
  guint burns;
} Burn;

static void
note_line (const char *line, gpointer data)
{
  Burn *burn = data;
  gint64 ms = g_ascii_strtoll (line, NULL, 10);

  burn->last_ms = ms;
  if (strstr (line, "-- burn begins") == NULL)
    return;
  burn->chip_us += ofl_practice_chip_get_end_us (ofl_practice_common (burn->device)->chip)
                   - ms * 1000;
  burn->burns++;
}

static OflImage *
make_image (const char *id, gsize *size)
{
  /* drives of this one are recognised by it */
  const char *revision = g_str_equal (id, "se506") ? "TS03" : "1.03";
  g_autoptr (GBytes) bytes = ofl_practice_make_image (id, revision, NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("bench.bin", bytes);

  g_assert_true (ofl_families_recognise (firmware, NULL));
  if (size != NULL)
    *size = g_bytes_get_size (bytes);
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static OflResult *
flash (OflTarget *target, const char *id, const char *dir, gsize *size)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflImage) image = make_image (id, size);
  g_autoptr (OflJob) job = NULL;

  options->state_dir = g_strdup (dir);
  options->backup_dir = g_build_filename (dir, "backups", NULL);
  options->accept_warnings = TRUE;
  options->accept_no_backup = TRUE;
  job = ofl_local_job_new (OFL_JOB_FLASH, target, NULL, image, options);
  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

/* A whole job, with two readings for the backup and one that verifies, against the time for which the
 * chip is at work; and once more with what the drive then holds. Both by the drive's own clock. */
static void
bench_floor_of (const char *id, const char *dir)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive (id, 0, NULL, NULL);
  OflPracticeDrive *device = ofl_practice_port_get_drive (ofl_core_get_practice_port (drive));
  g_autoptr (OflResult) result = NULL;
  g_autoptr (OflResult) again = NULL;
  Burn burn = { device, 0, 0, 0 }, second = { device, 0, 0, 0 };
  gsize size = 0;

  ofl_practice_drive_set_log (device, note_line, &burn);
  result = flash (ofl_drive_get_target (drive), id, dir, &size);
  ofl_practice_drive_set_log (device, note_line, &second);
  again = flash (ofl_drive_get_target (drive), id, dir, NULL);
  if (burn.burns == 0)
    g_print ("%-9s %s\n", id, result->what);
  else
    g_print (
        "%-9s %5zu KiB: %.1f s, its chip %.1f s: %.3f times, %.2f s more, %s. Again: %.2f s, %s\n",
        id, size / 1024, (double) burn.last_ms / 1000, (double) burn.chip_us / 1e6,
        (double) burn.last_ms * 1000 / (double) MAX (burn.chip_us, 1),
        (double) burn.last_ms / 1000 - (double) burn.chip_us / 1e6,
        ofl_verdict_id (result->verdict), (double) (second.last_ms - burn.last_ms) / 1000,
        ofl_verdict_id (again->verdict));
}

static void
bench_floor (const char *dir)
{
  for (guint i = 0; i < ofl_practice_count (); i++)
    bench_floor_of (ofl_practice_get_id (i), dir);
}

typedef struct {
  OflTarget *target;
  const char *dir;
  OflVerdict verdict;
} Worker;

static OflTransport *
open_port (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  return ofl_practice_port_open (data, flags, error);
}

static Worker *
worker_new (guint number, double speed, const char *dir)
{
  Worker *worker = g_new0 (Worker, 1);
  OflTopology topology = { OFL_BUS_PRACTICE };
  g_autoptr (OflPracticeDrive) device = ofl_practice_new ("bu40n", number, NULL);
  g_autofree char *id = g_strdup_printf ("practice:bench-%u", number);

  worker->target = ofl_target_new (id, NULL, NULL, &topology, open_port,
                                   ofl_practice_port_new (device, OFL_PRACTICE_REAL, speed),
                                   g_object_unref);
  worker->dir = dir;
  return worker;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_autoptr (OflResult) result = flash (worker->target, "bu40n", worker->dir, NULL);

  worker->verdict = result->verdict;
  return NULL;
}

/* Returns: how long it took, seconds */
static double
many (guint n, const char *dir, double *cpu_s)
{
  GThread *threads[MAX_DRIVES];
  Worker *workers[MAX_DRIVES];
  double cpu = bench_time_now ().cpu_us;
  gint64 begun;
  gint64 took_us;

  for (guint i = 0; i < n; i++)
    workers[i] = worker_new (i + 1, 20, dir);
  begun = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("drive", work, workers[i]);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
  took_us = g_get_monotonic_time () - begun;
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (workers[i]->verdict, ==, OFL_VERDICT_VERIFIED);
      ofl_target_unref (workers[i]->target);
      g_free (workers[i]);
    }
  *cpu_s = (bench_time_now ().cpu_us - cpu) / 1e6;
  return (double) took_us / G_USEC_PER_SEC;
}

static void
bench_many (const char *dir)
{
  double one = 0;

  for (guint n = 1; n <= MAX_DRIVES; n *= 4)
    {
      double cpu = 0;
      double took = many (n, dir, &cpu);

      if (n == 1)
        one = took;
      g_print (
          "%2u drives at once, 20 times faster than real, all verified: %.2f s, %.2f times one; "
          "%.0f ms of CPU for each\n",
          n, took, took / one, cpu * 1000 / n);
    }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (const char *dir);
  } parts[] = { { "overhead", bench_overhead }, { "floor", bench_floor }, { "many", bench_many } };
  g_autoptr (Scratch) dir = scratch_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (argc < 2 || g_str_equal (argv[1], parts[i].name))
      parts[i].run (dir);
  return 0;
}
