/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the executor costs against a bare loop of the same commands, what a flash takes against the
 * least its chip needs, and many drives at once. Prints numbers; judges nothing. */
#include <string.h>

#include "families/ofl-practice-catalog.h"
#include "flash/ofl-executor.h"
#include "flash/ofl-local-job.h"
#include "flash/ofl-progress-private.h"
#include "kit/scratch.h"
#include "ofl-core.h"

#define COMMANDS 50000
#define MAX_DRIVES 16

static OflCommand
a_read (void)
{
  static const guint8 cdb[10] = { 0x3c, 0x06, 0, 0, 0x30, 0, 0, 0, 0x20, 0 };
  OflCommand command = { 0 };

  memcpy (command.cdb, cdb, sizeof cdb);
  command.cdb_len = sizeof cdb;
  command.dir = OFL_DIR_IN;
  command.length = 0x20;
  command.timeout_ms = 10000;
  return command;
}

static double
bare_loop (OflTransport *transport)
{
  OflCommand command = a_read ();
  gint64 begun = g_get_monotonic_time ();
  guint8 data[0x20];
  OflReply reply;

  for (guint i = 0; i < COMMANDS; i++)
    ofl_transport_execute (transport, &command, data, &reply);
  return (double) (g_get_monotonic_time () - begun) / COMMANDS;
}

static double
executor (OflTransport *transport, const char *dir)
{
  g_autoptr (OflPlan) plan = ofl_plan_new ("bench");
  OflProgress *progress = ofl_progress_new ();
  OflJournal *journal = ofl_journal_open (dir, NULL);
  OflRun run = { transport, progress, journal, NULL, -1 };
  gint64 begun, took;

  for (guint i = 0; i < COMMANDS; i++)
    ofl_plan_command (plan, OFL_STAGE_VERIFY, "Read", a_read (), OFL_EXPECT_OK, 1);
  begun = g_get_monotonic_time ();
  ofl_run_execute (&run, plan);
  took = g_get_monotonic_time () - begun;
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  ofl_run_clear (&run);
  ofl_journal_close (journal);
  ofl_progress_unref (progress);
  return (double) took / COMMANDS;
}

static void
bench_overhead (const char *dir)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive ("bu40n", 0, NULL, NULL);
  g_autoptr (OflTransport) transport
      = ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_EXCLUSIVE, NULL);
  double bare, full;

  bare_loop (transport); /* warm */
  bare = bare_loop (transport);
  full = executor (transport, dir);
  ofl_transport_close (transport);
  g_print ("a command: %.2f us in a bare loop, %.2f us in the executor with log and journal: "
           "%.2f us more\n",
           bare, full, full - bare);
}

/* Of the drive's own log: when it began to burn and when its chip was done. */
typedef struct {
  gint64 begun_ms, done_ms, last_ms;
} Burn;

static void
note_line (const char *line, gpointer data)
{
  Burn *burn = data;
  gint64 ms = g_ascii_strtoll (line, NULL, 10);

  burn->last_ms = ms;
  if (strstr (line, "-- burn begins") != NULL)
    burn->begun_ms = ms;
  if (strstr (line, "-- burn done") != NULL)
    burn->done_ms = ms;
}

static OflImage *
make_image (void)
{
  g_autoptr (GBytes) bytes = ofl_practice_make_image ("bu40n", "1.03", NULL, NULL);
  g_autoptr (OflFirmware) firmware = ofl_firmware_new_from_bytes ("bench.bin", bytes);

  g_assert_true (ofl_families_recognise (firmware, NULL));
  return ofl_image_ref (ofl_firmware_get_image (firmware, 0));
}

static OflResult *
flash (OflTarget *target, const char *dir)
{
  g_autoptr (OflJobOptions) options = ofl_job_options_new ();
  g_autoptr (OflImage) image = make_image ();
  g_autoptr (OflJob) job = NULL;

  options->state_dir = g_strdup (dir);
  options->backup_dir = g_build_filename (dir, "backups", NULL);
  job = ofl_local_job_new (OFL_JOB_FLASH, target, NULL, image, options);
  return ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);
}

static void
bench_floor (const char *dir)
{
  g_autoptr (OflDrive) drive = ofl_core_new_practice_drive ("bu40n", 0, NULL, NULL);
  Burn burn = { 0 };
  g_autoptr (OflResult) result = NULL;
  double chip, all;

  ofl_practice_drive_set_log (ofl_practice_port_get_drive (ofl_core_get_practice_port (drive)),
                              note_line, &burn);
  result = flash (ofl_drive_get_target (drive), dir);
  chip = (double) (burn.done_ms - burn.begun_ms) / 1000;
  all = (double) burn.last_ms / 1000;
  g_print (
      "a flash with backup and verify (%s): %.1f s of the drive's time, of which its chip needs "
      "%.1f s: %.2f times the floor\n",
      ofl_verdict_id (result->verdict), all, chip, all / chip);
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
  g_autoptr (OflResult) result = flash (worker->target, worker->dir);

  worker->verdict = result->verdict;
  return NULL;
}

static void
bench_many (guint n, const char *dir)
{
  GThread *threads[MAX_DRIVES];
  Worker *workers[MAX_DRIVES];
  gint64 begun;
  guint verified = 0;

  for (guint i = 0; i < n; i++)
    workers[i] = worker_new (i + 1, 20, dir);
  begun = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("drive", work, workers[i]);
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      verified += workers[i]->verdict == OFL_VERDICT_VERIFIED;
      ofl_target_unref (workers[i]->target);
      g_free (workers[i]);
    }
  g_print ("%2u drives at once, 20 times faster than real: %.2f s, %u verified\n", n,
           (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC, verified);
}

int
main (void)
{
  g_autoptr (Scratch) dir = scratch_new ();

  bench_overhead (dir);
  bench_floor (dir);
  for (guint n = 1; n <= MAX_DRIVES; n *= 2)
    bench_many (n, dir);
  return 0;
}
