/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the maker's program may be ended, by what it sends and what the drive answers. */
#include "flash/ofl-local-job.h"
#include "updater/ofl-updater-traffic.h"
#include "workbench.h"

#define TEST_UNIT_READY 0x00
#define WRITE_BUFFER 0x3b

static OflUpdaterRequest *
new_request (guint8 opcode, guint length)
{
  const OflUpdaterWireRequest wire
      = { .magic = OFL_UPDATER_WIRE_MAGIC,
          .version = OFL_UPDATER_WIRE_VERSION,
          .cdb_len = 10,
          .direction = length > 0 ? OFL_UPDATER_WIRE_OUT : OFL_UPDATER_WIRE_NONE,
          .length = length,
          .cdb = { opcode } };
  const char *fault = NULL;
  OflUpdaterRequest *request = ofl_updater_request_new (&wire, &fault);

  g_assert_null (fault);
  return request;
}

/* One command, as the broker's worker has it, with that sense; key 0: it went well. */
static void
say (OflUpdaterTraffic *traffic, guint8 opcode, guint8 key, guint8 asc)
{
  OflUpdaterHandler *handler = OFL_UPDATER_HANDLER (traffic);
  g_autoptr (OflUpdaterRequest) request = new_request (opcode, opcode == WRITE_BUFFER ? 512 : 0);
  const guint8 sense[18] = { 0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc };
  OflUpdaterRefusal refusal;
  OflReply reply = { 0 };

  g_assert_cmpint (ofl_updater_handler_decide (handler, request, &refusal), ==, OFL_UPDATER_RUN);
  /* whoever asks just now must not believe that nothing is under way */
  g_assert_false (ofl_updater_traffic_is_quiet (traffic, 0));
  ofl_updater_handler_sending (handler, request);
  g_assert_false (ofl_updater_traffic_is_quiet (traffic, 0));
  if (key != 0)
    {
      reply.outcome = OFL_OUTCOME_SENSE;
      reply.status = 2;
      ofl_sense_parse (&reply.sense, sense, sizeof sense);
    }
  ofl_updater_handler_answered (handler, request, &reply);
}

static gboolean
may_end (OflUpdaterTraffic *traffic)
{
  return ofl_updater_traffic_is_quiet (traffic, 0);
}

static OflResult *
talk (OflWork *work, gpointer data)
{
  g_autoptr (OflUpdaterTraffic) traffic = ofl_updater_traffic_new (work, NULL, NULL);

  ofl_updater_traffic_open (traffic);
  say (traffic, WRITE_BUFFER, 0, 0);
  g_assert_false (may_end (traffic));
  say (traffic, TEST_UNIT_READY, 0x02, 0x04); /* getting ready */
  g_assert_false (may_end (traffic));
  say (traffic, TEST_UNIT_READY, 0x06,
       0x29); /* it was reset, and what it does now it does not say */
  g_assert_false (may_end (traffic));
  say (traffic, TEST_UNIT_READY, 0x06, 0x3f); /* its microcode changed, likewise */
  g_assert_false (may_end (traffic));
  say (traffic, TEST_UNIT_READY, 0x06, 0x28); /* a disc was changed */
  g_assert_true (may_end (traffic));
  say (traffic, WRITE_BUFFER, 0, 0);
  g_assert_false (may_end (traffic));
  say (traffic, TEST_UNIT_READY, 0x02, 0x3a); /* there is no disc */
  g_assert_true (may_end (traffic));
  g_assert_false (ofl_updater_traffic_is_quiet (traffic, 1000 * 1000));
  say (traffic, TEST_UNIT_READY, 0, 0);
  g_assert_true (ofl_updater_traffic_try_end (traffic, 0));
  ofl_updater_traffic_end (traffic, FALSE);
  *(gboolean *) data = TRUE;
  return ofl_work_end (work, OFL_VERDICT_CANCELLED, OFL_SENTENCE (g_strdup ("A test ended it.")),
                       NULL);
}

static void
test_quiet (void)
{
  g_autoptr (Workbench) bench = workbench_new ("standard");
  gboolean talked = FALSE;
  g_autoptr (OflJob) job = ofl_local_job_new_other (ofl_drive_get_target (bench->drive), NULL, NULL,
                                                    bench->options, talk, &talked, NULL);
  g_autoptr (OflResult) result = ofl_local_job_run_blocking (OFL_LOCAL_JOB (job), NULL);

  g_assert_cmpstr (result->what, ==, "A test ended it.");
  g_assert_true (talked);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/updater/traffic/quiet", test_quiet);
  return g_test_run ();
}
