/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor and a drive that is at work: it is asked again, and watched on. */
#include <string.h>

#include "executor-case.h"
#include "scsi/ofl-error.h"

static void
not_ready_until (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  const guint *ready_at = u;

  if (index < *ready_at)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x07);
  else
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0x01);
}

static void
test_poll (void)
{
  guint ready_at = 5;
  Case c;

  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                 OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 2);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 7);
  case_end (&c);

  ready_at = G_MAXUINT;
  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                 OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  g_assert_cmpuint (fake_transport_get_count (c.fake), >=, 89);
  g_assert_cmpuint (fake_transport_get_count (c.fake), <=, 92);
  case_end (&c);

  /* a drive that says it is at work is never gone on from (finding F4) */
  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                 OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 1)
      ->poll_limit_ok
      = TRUE;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  case_end (&c);

  /* one that gives another answer than the wished-for may be, where the source says so */
  ready_at = 0;
  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                 500, 45000, 1)
      ->poll_limit_ok
      = TRUE;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  case_end (&c);
}

static void
run_in_danger (Case *c)
{
  ofl_plan_mark (c->plan, OFL_STAGE_PROGRAM, OFL_MARK_DANGER_BEGINS, "danger");
  ofl_plan_poll (c->plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                 OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 1);
  ofl_plan_mark (c->plan, OFL_STAGE_PROGRAM, OFL_MARK_SAFE_AGAIN, "safe");
  ofl_run_execute (&c->run, c->plan);
}

/* Finding F4: past the point of no return a busy drive is watched until it is ready, or until the
 * limit that keeps scripts from hanging; it is never called safe before. */
static void
test_watch (void)
{
  guint ready_at = 300; /* 45 s of questions each half second, and a quarter of an hour more */
  guint never = G_MAXUINT;
  Case c;

  case_start (&c, not_ready_until, &ready_at);
  run_in_danger (&c);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_false (c.run.danger);
  g_assert_cmpint (ofl_transport_now_us (c.run.transport), >, G_GINT64_CONSTANT (900000000));
  case_end (&c);

  case_start (&c, not_ready_until, &never);
  c.run.watch_limit_ms = 600000;
  run_in_danger (&c);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  g_assert_true (c.run.danger);
  g_assert_cmpint (ofl_transport_now_us (c.run.transport), >=, G_GINT64_CONSTANT (645000000));
  case_end (&c);

  /* without a limit that somebody has set there is one all the same */
  case_start (&c, not_ready_until, &never);
  run_in_danger (&c);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  case_end (&c);
}

typedef struct {
  GCancellable *cancellable;
  OflProgress *progress;
  guint at;
} Stop;

/* Presses the button once it may be pressed. */
static void
stop_watching (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  Stop *stop = u;
  OflProgressView view;

  fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x07);
  ofl_progress_read (stop->progress, &view);
  if (!view.cancelable || index < 200)
    return;
  g_assert_true (view.danger);
  stop->at = index;
  g_cancellable_cancel (stop->cancellable);
}

static void
test_stop_watching (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Stop stop = { cancellable, NULL, 0 };
  OflProgressView view;
  Case c;

  case_start (&c, stop_watching, &stop);
  stop.progress = c.run.progress;
  c.run.cancellable = cancellable;
  c.run.watch_limit_ms = G_MAXUINT;
  run_in_danger (&c);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  g_assert_nonnull (strstr (c.run.error->message, "stopped watching"));
  g_assert_true (c.run.danger);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, stop.at + 1);
  ofl_progress_read (c.run.progress, &view);
  g_assert_false (view.cancelable);
  case_end (&c);
}

/* case-06: a drive that gets ready is asked again, before a word is said about discs. */
static void
test_getting_ready (void)
{
  guint ready_at = 6, never = G_MAXUINT;
  Case c;

  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_command (c.plan, OFL_STAGE_CHECK, "no disc", ofl_command_test_unit_ready (),
                    OFL_EXPECT_NO_MEDIUM, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  case_end (&c);

  case_start (&c, not_ready_until, &never);
  ofl_plan_command (c.plan, OFL_STAGE_CHECK, "no disc", ofl_command_test_unit_ready (),
                    OFL_EXPECT_NO_MEDIUM, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_STILL_BUSY);
  g_assert_nonnull (strstr (c.run.error->message, "getting ready"));
  g_assert_null (strstr (c.run.error->message, "disc"));
  case_end (&c);
}

/* What a drive answers, one after the other; the last one for good. */
typedef struct {
  guint8 key, asc, ascq, done; /* key 0: GOOD */
} Said;

static void
say_in_turn (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  const Said *said = (const Said *) u + MIN (index, 3);
  guint8 sense[18] = { 0xf0, 0, said->key, 0, said->done, 0, 0, 10 };

  if (said->key == 0)
    return;
  sense[12] = said->asc;
  sense[13] = said->ascq;
  reply->outcome = OFL_OUTCOME_SENSE;
  reply->status = 2;
  ofl_sense_parse (&reply->sense, sense, sizeof sense);
}

static void
run_at_work (Case *c, const Said *said)
{
  OflStep *poll;

  case_start (c, say_in_turn, (gpointer) said);
  ofl_plan_command (c->plan, OFL_STAGE_PROGRAM, "took it?", ofl_command_test_unit_ready (),
                    OFL_EXPECT_AT_WORK, 1);
  poll = ofl_plan_poll (c->plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                        OFL_EXPECT_OK_OR_NO_MEDIUM, 1000, 60000, 1);
  poll->poll_only_at_work = TRUE;
  poll->report_parts = 32;
  poll->report_bytes = 2097152;
  ofl_run_execute (&c->run, c->plan);
}

/* A drive that is ready at once has refused; one that programs says how far it is. */
static void
test_at_work (void)
{
  static const Said fine[]
      = { { 2, 4, 7, 0 }, { 2, 4, 7, 8 }, { 2, 4, 7, 200 }, { 2, 0x3a, 1, 0 } };
  static const Said refused[] = { { 0 }, { 0 }, { 0 }, { 0 } };
  static const Said no_disc[] = { { 2, 0x3a, 1, 0 }, { 0 }, { 0 }, { 0 } };
  static const Said strange[] = { { 2, 4, 7, 1 }, { 2, 4, 7, 2 }, { 4, 0x44, 0, 0 }, { 0 } };
  OflProgressView view;
  Case c;

  run_at_work (&c, fine);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 4);
  ofl_progress_read (c.run.progress, &view);
  g_assert_cmpuint (view.stages[OFL_STAGE_PROGRAM].bytes_total, ==, 2097152);
  g_assert_cmpuint (view.stages[OFL_STAGE_PROGRAM].bytes_done, ==, 524288);
  case_end (&c);

  for (guint i = 0; i < 2; i++)
    {
      run_at_work (&c, i == 0 ? refused : no_disc);
      g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
      g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_REJECTED);
      g_assert_nonnull (strstr (c.run.error->message, "refused the file"));
      g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 1);
      case_end (&c);
    }

  run_at_work (&c, strange);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (c.run.failed_step, ==, 1);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 3);
  case_end (&c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor/poll", test_poll);
  g_test_add_func ("/executor/f4/watch", test_watch);
  g_test_add_func ("/executor/f4/stop-watching", test_stop_watching);
  g_test_add_func ("/executor/case-06", test_getting_ready);
  g_test_add_func ("/executor/at-work", test_at_work);
  return g_test_run ();
}
