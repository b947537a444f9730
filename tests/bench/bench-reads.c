/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-reads.h"

#include <string.h>
#include <time.h>

#include "flash/ofl-executor.h"

BenchTime
bench_time_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (BenchTime){ (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3,
                      (double) g_get_monotonic_time () };
}

BenchTime
bench_time_each (BenchTime begun, guint n)
{
  BenchTime now = bench_time_now ();

  return (BenchTime){ (now.cpu_us - begun.cpu_us) / n, (now.wall_us - begun.wall_us) / n };
}

OflCommand
bench_read (void)
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

BenchTime
bench_reads_bare (OflTransport *transport, guint n)
{
  OflCommand command = bench_read ();
  BenchTime begun = bench_time_now ();
  guint8 data[0x20];
  OflReply reply;

  for (guint i = 0; i < n; i++)
    ofl_transport_execute (transport, &command, data, &reply);
  return bench_time_each (begun, n);
}

BenchTime
bench_reads_run (OflTransport *transport, const char *dir, guint n)
{
  g_autoptr (OflPlan) plan = ofl_plan_new ("bench");
  OflProgress *progress = ofl_progress_new ();
  OflJournal *journal = ofl_journal_open (dir, NULL);
  OflRun run = { transport, progress, journal, NULL, -1 };
  BenchTime begun, took;

  for (guint i = 0; i < n; i++)
    ofl_plan_command (plan, OFL_STAGE_VERIFY, "Read", bench_read (), OFL_EXPECT_OK, 1);
  begun = bench_time_now ();
  ofl_run_execute (&run, plan);
  took = bench_time_each (begun, n);
  g_assert_cmpint (run.end, ==, OFL_RUN_DONE);
  ofl_run_clear (&run);
  ofl_journal_close (journal);
  ofl_progress_unref (progress);
  return took;
}
