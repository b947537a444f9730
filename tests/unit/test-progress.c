/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "flash/ofl-progress-private.h"

static OflProgress *
make (void)
{
  OflProgress *p = ofl_progress_new ();

  ofl_progress_plan_stage (p, OFL_STAGE_SEND, 1000, 1000, 1000);
  ofl_progress_plan_stage (p, OFL_STAGE_PROGRAM, 0, 3000, 6000);
  ofl_progress_plan_stage (p, OFL_STAGE_CONFIRM, 0, 100, 100);
  ofl_progress_set_planned (p);
  return p;
}

static void
test_weights (void)
{
  g_autoptr (OflProgress) p = make ();
  OflProgressView v;

  ofl_progress_read (p, &v);
  g_assert_cmpfloat (v.fraction, ==, 0);
  g_assert_cmpint (v.stages[OFL_STAGE_BACKUP].state, ==, OFL_STAGE_STATE_SKIPPED);
  g_assert_cmpint (v.stages[OFL_STAGE_SEND].state, ==, OFL_STAGE_STATE_PENDING);
  ofl_progress_begin_stage (p, OFL_STAGE_SEND, 0);
  ofl_progress_add_bytes (p, OFL_STAGE_SEND, 500, 500000);
  ofl_progress_read (p, &v);
  /* half of a stage that is 1000 of 4100 ms */
  g_assert_cmpfloat_with_epsilon (v.fraction, 500.0 / 4100, 0.001);
  g_assert_cmpfloat_with_epsilon (v.stages[OFL_STAGE_SEND].fraction, 0.5, 0.0001);
  ofl_progress_add_bytes (p, OFL_STAGE_SEND, 500, 1000000);
  ofl_progress_end_stage (p, OFL_STAGE_SEND, OFL_STAGE_STATE_DONE, 1000000);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat_with_epsilon (v.fraction, 1000.0 / 4100, 0.001);
  g_assert_cmpfloat (v.stages[OFL_STAGE_SEND].fraction, ==, 1);
}

/* The old tools' lie: all bytes are sent, and the bar says 100 %. */
static void
test_never_whole_before_the_end (void)
{
  g_autoptr (OflProgress) p = make ();
  OflProgressView v;

  for (OflStage s = 0; s < OFL_N_STAGES; s++)
    {
      ofl_progress_begin_stage (p, s, 0);
      ofl_progress_add_bytes (p, s, 1000000, 600000000);
      ofl_progress_read (p, &v);
      g_assert_cmpfloat (v.stages[s].fraction, <, 1);
      ofl_progress_end_stage (p, s, OFL_STAGE_STATE_DONE, 600000000);
      ofl_progress_read (p, &v);
      g_assert_cmpfloat (v.fraction, <, 1);
    }
  ofl_progress_finish (p, OFL_VERDICT_VERIFIED, 600000000);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat (v.fraction, ==, 1);
  g_assert_true (v.finished);
}

static void
test_failure_is_not_whole (void)
{
  g_autoptr (OflProgress) p = make ();
  OflProgressView v;

  ofl_progress_begin_stage (p, OFL_STAGE_SEND, 0);
  ofl_progress_finish (p, OFL_VERDICT_FAILED_RECOVERY, 10);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat (v.fraction, <, 1);
  g_assert_cmpint (v.stages[OFL_STAGE_PROGRAM].state, ==, OFL_STAGE_STATE_SKIPPED);
}

/* A job that reached @stage and did half of it, every stage of it planned. */
static OflProgress *
make_at (OflStage stage, gboolean planned)
{
  OflProgress *p = ofl_progress_new ();

  for (OflStage s = 0; s < OFL_N_STAGES; s++)
    ofl_progress_plan_stage (p, s, s % 2 == 0 ? 1000 : 0, 1000, 2000);
  if (planned)
    ofl_progress_set_planned (p);
  for (OflStage s = 0; s < stage; s++)
    {
      ofl_progress_begin_stage (p, s, s * 1000000);
      ofl_progress_end_stage (p, s, OFL_STAGE_STATE_DONE, (s + 1) * 1000000);
    }
  ofl_progress_begin_stage (p, stage, stage * 1000000);
  ofl_progress_add_bytes (p, stage, 500, stage * 1000000 + 500000);
  return p;
}

/* Whatever ends a job wherever it is, and whether or not anybody looked before: the whole is 100 %
 * for a success and stands where it stood for all else, and no stage runs on. */
static void
test_a5_every_end (void)
{
  for (OflVerdict verdict = OFL_VERDICT_VERIFIED; verdict <= OFL_VERDICT_DIFFERENT; verdict++)
    for (OflStage stage = 0; stage < OFL_N_STAGES; stage++)
      for (guint how = 0; how < 4; how++)
        {
          gboolean planned = (how & 1) != 0, looked = (how & 2) != 0;
          g_autoptr (OflProgress) p = make_at (stage, planned);
          g_autofree char *text = NULL;
          OflProgressView before = { 0 }, v;

          if (looked)
            ofl_progress_read (p, &before);
          ofl_progress_finish (p, verdict, stage * 1000000 + 500000);
          ofl_progress_read (p, &v);
          g_assert_true (v.finished);
          g_assert_cmpint (v.stages[stage].state, ==,
                           ofl_verdict_is_success (verdict) ? OFL_STAGE_STATE_DONE
                                                            : OFL_STAGE_STATE_FAILED);
          for (OflStage s = stage + 1; s < OFL_N_STAGES; s++)
            g_assert_cmpint (v.stages[s].state, ==, OFL_STAGE_STATE_SKIPPED);
          text = ofl_progress_view_stage_text (&v, stage);
          g_assert_null (strstr (text, "working"));
          if (ofl_verdict_is_success (verdict))
            {
              g_assert_cmpfloat (v.fraction, ==, 1);
              g_assert_cmpuint (ofl_progress_view_percent (&v), ==, 100);
              continue;
            }
          g_assert_cmpuint (ofl_progress_view_percent (&v), <, 100);
          g_assert_cmpfloat (v.stages[stage].fraction, <, 1);
          if (!planned)
            g_assert_cmpfloat (v.fraction, ==, 0);
          else
            g_assert_cmpfloat_with_epsilon (v.fraction, (stage + 0.5) / OFL_N_STAGES, 0.01);
          if (looked)
            g_assert_cmpfloat_with_epsilon (v.fraction, before.fraction, 0.01);
          if (verdict == OFL_VERDICT_CANCELLED)
            g_assert_true (g_str_has_prefix (text, "cancelled"));
          else if (verdict == OFL_VERDICT_REFUSED)
            g_assert_true (g_str_has_prefix (text, "refused"));
          else
            g_assert_true (g_str_has_prefix (text, "failed"));
        }
}

/* Identifying and checking are done before anybody knows what the job has to do: that is no half
 * of it, and nobody knows what is left. */
static void
test_a5_begins_at_zero (void)
{
  g_autoptr (OflProgress) p = ofl_progress_new ();
  OflProgressView v;

  ofl_progress_plan_stage (p, OFL_STAGE_IDENTIFY, 0, 500, 5000);
  ofl_progress_begin_stage (p, OFL_STAGE_IDENTIFY, 0);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat (v.fraction, ==, 0);
  g_assert_cmpint (v.left_ms, ==, -1);
  ofl_progress_end_stage (p, OFL_STAGE_IDENTIFY, OFL_STAGE_STATE_DONE, 400000);
  ofl_progress_plan_stage (p, OFL_STAGE_CHECK, 0, 200, 2000);
  ofl_progress_begin_stage (p, OFL_STAGE_CHECK, 400000);
  ofl_progress_plan_stage (p, OFL_STAGE_VERIFY, 2000000, 13000, 26000);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat (v.fraction, ==, 0);
  ofl_progress_set_planned (p);
  ofl_progress_end_stage (p, OFL_STAGE_CHECK, OFL_STAGE_STATE_DONE, 500000);
  ofl_progress_begin_stage (p, OFL_STAGE_VERIFY, 500000);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat_with_epsilon (v.fraction, 700.0 / 13700, 0.001);
  g_assert_cmpint (v.left_ms, >, 0);
}

/* It goes forward only, whatever is announced, left out or begun again on the way. */
static void
test_a5_never_back (void)
{
  g_autoptr (OflProgress) p = make ();
  OflProgressView v;
  double last = 0;

  for (guint step = 0; step < 6; step++)
    {
      switch (step)
        {
        case 0:
          ofl_progress_begin_stage (p, OFL_STAGE_SEND, 0);
          ofl_progress_add_bytes (p, OFL_STAGE_SEND, 900, 900000);
          break;
        case 1:
          ofl_progress_plan_stage (p, OFL_STAGE_VERIFY, 1000, 90000, 90000);
          break;
        case 2:
          ofl_progress_end_stage (p, OFL_STAGE_SEND, OFL_STAGE_STATE_FAILED, 900000);
          break;
        case 3:
          ofl_progress_begin_stage (p, OFL_STAGE_SEND, 900000);
          break;
        case 4:
          ofl_progress_end_stage (p, OFL_STAGE_PROGRAM, OFL_STAGE_STATE_SKIPPED, 900000);
          break;
        default:
          ofl_progress_finish (p, OFL_VERDICT_UNKNOWN, 900000);
        }
      ofl_progress_read (p, &v);
      g_assert_cmpfloat (v.fraction, >=, last);
      last = v.fraction;
    }
  g_assert_cmpfloat (last, <, 1);
}

/* A drive that is watched because it is still busy: the time it has taken, and no time left. */
static void
test_a5_still_busy (void)
{
  g_autoptr (OflProgress) p = make ();
  g_autofree char *text = NULL;
  g_autofree char *sent = NULL;
  OflProgressView v;

  ofl_progress_begin_stage (p, OFL_STAGE_SEND, 0);
  ofl_progress_add_bytes (p, OFL_STAGE_SEND, 1000, 40000000);
  ofl_progress_read (p, &v);
  sent = ofl_progress_view_stage_text (&v, OFL_STAGE_SEND);
  g_assert_nonnull (strstr (sent, "working, 40 s"));
  g_assert_null (strstr (sent, "left"));
  ofl_progress_end_stage (p, OFL_STAGE_SEND, OFL_STAGE_STATE_DONE, 40000000);
  ofl_progress_begin_stage (p, OFL_STAGE_PROGRAM, 40000000);
  ofl_progress_begin_command (p, "Wait", 1000, 0, 40000000);
  ofl_progress_end_command (p, 352000000);
  ofl_progress_read (p, &v);
  text = ofl_progress_view_stage_text (&v, OFL_STAGE_PROGRAM);
  g_assert_cmpstr (text, ==, "working, 5 min 12 s, usually 3 s to 6 s");
  g_assert_cmpint (v.left_ms, ==, -1);
  g_assert_cmpfloat (v.stages[OFL_STAGE_PROGRAM].fraction, <, 1);
}

/* Nothing honest can be said of the time left once a silent stage has taken longer than usual. */
static void
test_time_left (void)
{
  g_autoptr (OflProgress) p = make ();
  g_autofree char *text = NULL;
  OflProgressView v;

  ofl_progress_begin_stage (p, OFL_STAGE_PROGRAM, 0);
  ofl_progress_begin_command (p, "x", 1, 1, 1000000);
  ofl_progress_read (p, &v);
  g_assert_cmpint (v.left_ms, >, 1000);
  ofl_progress_end_command (p, 60000000);
  ofl_progress_read (p, &v);
  g_assert_cmpint (v.left_ms, ==, -1);
  text = ofl_progress_view_stage_text (&v, OFL_STAGE_PROGRAM);
  g_assert_nonnull (strstr (text, "usually 3 s to 6 s"));
  g_assert_nonnull (strstr (text, "60 s"));
}

static void
test_rate (void)
{
  g_autoptr (OflProgress) p = make ();
  g_autofree char *text = NULL;
  OflProgressView v;

  ofl_progress_begin_stage (p, OFL_STAGE_SEND, 0);
  ofl_progress_add_bytes (p, OFL_STAGE_SEND, 250, 2000000);
  ofl_progress_read (p, &v);
  g_assert_cmpfloat_with_epsilon (v.rate, 125, 2);
  text = ofl_progress_view_stage_text (&v, OFL_STAGE_SEND);
  g_assert_nonnull (strstr (text, "250"));
  g_assert_nonnull (strstr (text, "left"));
}

static void
test_watchdog (void)
{
  OflProgressView v = { 0 };
  g_autofree char *silent = NULL;
  g_autofree char *text = NULL;

  g_strlcpy (v.command, "Program", sizeof v.command);
  v.command_usual_ms = 30000;
  v.command_limit_ms = 120000;
  v.command_us = 20 * G_USEC_PER_SEC;
  silent = ofl_progress_view_watchdog_text (&v);
  g_assert_null (silent);
  v.command_us = 40 * G_USEC_PER_SEC;
  v.danger = TRUE;
  text = ofl_progress_view_watchdog_text (&v);
  g_assert_cmpstr (text, ==,
                   "The drive has not answered for 40 s; usual is 30 s. Leave it connected. It will "
                   "be given up after 2 min 0 s; the job then ends and says how the drive is "
                   "mended.");
}

static void
test_cancel (void)
{
  g_autoptr (OflProgress) p = make ();
  OflProgressView v;

  ofl_progress_read (p, &v);
  g_assert_true (v.cancelable);
  ofl_progress_set_danger (p, TRUE);
  ofl_progress_read (p, &v);
  g_assert_false (v.cancelable);
  g_assert_true (v.danger);
  ofl_progress_set_danger (p, FALSE);
  ofl_progress_read (p, &v);
  g_assert_false (v.danger);
}

static void
test_log (void)
{
  g_autoptr (OflProgress) p = ofl_progress_new ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) some = NULL;
  const OflLogLine *line;

  for (guint i = 1; i <= OFL_LOG_KEPT + 100; i++)
    ofl_progress_log (p, OFL_LOG_INFO, "line %u \xff", i);
  all = ofl_progress_read_log (p, 0, G_MAXUINT);
  g_assert_cmpuint (all->len, ==, OFL_LOG_KEPT);
  line = g_ptr_array_index (all, 0);
  g_assert_cmpuint (line->seq, ==, 101);
  g_assert_true (g_utf8_validate (line->text, -1, NULL));
  g_assert_true (g_str_has_prefix (line->text, "line 101 "));
  some = ofl_progress_read_log (p, OFL_LOG_KEPT, 60);
  g_assert_cmpuint (some->len, ==, 60);
  line = g_ptr_array_index (some, 59);
  g_assert_cmpuint (line->seq, ==, OFL_LOG_KEPT + 60);
  g_clear_pointer (&some, g_ptr_array_unref);
  /* a number that no line has had yet, and the one after which nothing can come */
  some = ofl_progress_read_log (p, G_MAXUINT64, 60);
  g_assert_cmpuint (some->len, ==, 0);
}

/* The words of a command are made when it is read, of what was noted when it was answered. */
static void
test_log_commands (void)
{
  g_autoptr (OflProgress) p = ofl_progress_new ();
  OflCommand command = ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0x4000, 16384);
  OflReply reply = { .outcome = OFL_OUTCOME_OK, .duration_us = 1500 };
  g_autoptr (GPtrArray) lines = NULL;
  static const char *const expected[] = {
    "WRITE BUFFER, 16384 bytes at 4000h: ok, 1.5 ms  [3b 06 00 00 40 00 00 40 00 00]",
    "between",
    "TEST UNIT READY: no answer in time, 20000.0 ms  [00 00 00 00 00 00]",
  };

  ofl_progress_log_command (p, NULL, &command, &reply);
  ofl_progress_log (p, OFL_LOG_WARNING, "between");
  command = ofl_command_test_unit_ready ();
  reply.outcome = OFL_OUTCOME_TIMEOUT;
  reply.duration_us = 20000000;
  ofl_progress_log_command (p, NULL, &command, &reply);
  memset (&command, 0xff, sizeof command);
  memset (&reply, 0xff, sizeof reply);
  lines = ofl_progress_read_log (p, 0, 60);
  g_assert_cmpuint (lines->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      g_assert_cmpstr (line->text, ==, expected[i]);
      g_assert_cmpuint (line->seq, ==, i + 1);
      g_assert_cmpint (line->level, ==, i == 1 ? OFL_LOG_WARNING : OFL_LOG_COMMAND);
    }
  /* a command's line that falls out takes its answer with it, and the place serves a line of words */
  for (guint i = 0; i < OFL_LOG_KEPT; i++)
    ofl_progress_log (p, OFL_LOG_INFO, "later");
  g_clear_pointer (&lines, g_ptr_array_unref);
  lines = ofl_progress_read_log (p, 0, 60);
  g_assert_cmpstr (((const OflLogLine *) g_ptr_array_index (lines, 2))->text, ==, "later");
}

static gpointer
writer (gpointer data)
{
  OflProgress *p = data;

  for (guint i = 0; i < 20000; i++)
    {
      ofl_progress_add_bytes (p, OFL_STAGE_SEND, 1, i);
      ofl_progress_log (p, OFL_LOG_INFO, "%u", i);
    }
  ofl_progress_unref (p);
  return NULL;
}

static void
test_two_threads (void)
{
  g_autoptr (OflProgress) p = make ();
  GThread *thread;
  guint64 seen = 0;

  ofl_progress_plan_stage (p, OFL_STAGE_SEND, 20000, 1, 1);
  thread = g_thread_new ("writer", writer, ofl_progress_ref (p));
  while (seen < 20000)
    {
      g_autoptr (GPtrArray) lines = ofl_progress_read_log (p, seen, 60);
      OflProgressView v;

      ofl_progress_read (p, &v);
      g_assert_cmpfloat (v.fraction, <, 1);
      for (guint i = 0; i < lines->len; i++)
        {
          const OflLogLine *line = g_ptr_array_index (lines, i);

          g_assert_cmpuint (line->seq, >, seen);
          seen = line->seq;
        }
    }
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/weights", test_weights);
  g_test_add_func ("/progress/never-whole-before-the-end", test_never_whole_before_the_end);
  g_test_add_func ("/progress/failure-is-not-whole", test_failure_is_not_whole);
  g_test_add_func ("/progress/a5-every-end", test_a5_every_end);
  g_test_add_func ("/progress/a5-begins-at-zero", test_a5_begins_at_zero);
  g_test_add_func ("/progress/a5-never-back", test_a5_never_back);
  g_test_add_func ("/progress/a5-still-busy", test_a5_still_busy);
  g_test_add_func ("/progress/time-left", test_time_left);
  g_test_add_func ("/progress/rate", test_rate);
  g_test_add_func ("/progress/watchdog", test_watchdog);
  g_test_add_func ("/progress/cancel", test_cancel);
  g_test_add_func ("/progress/log", test_log);
  g_test_add_func ("/progress/log-commands", test_log_commands);
  g_test_add_func ("/progress/two-threads", test_two_threads);
  return g_test_run ();
}
