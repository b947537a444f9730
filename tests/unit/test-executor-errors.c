/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each way in which the executor gives up, and what it says and leaves then. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "executor-case.h"
#include "kit/scratch.h"
#include "scsi/ofl-error.h"

#define LENGTH 16

static void
assert_failed (const Case *c, OflError code, const char *words)
{
  g_assert_cmpint (c->run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c->run.error, OFL_ERROR, (gint) code);
  g_assert_nonnull (strstr (c->run.error->message, words));
}

/* Whether a line of that level has these words. */
static gboolean
is_logged (const Case *c, OflLogLevel level, const char *words)
{
  g_autoptr (GPtrArray) lines = ofl_progress_read_log (c->run.progress, 0, 100);
  gboolean found = FALSE;

  for (guint i = 0; i < lines->len; i++)
    {
      const OflLogLine *line = g_ptr_array_index (lines, i);

      found |= line->level == level && strstr (line->text, words) != NULL;
    }
  g_ptr_array_set_free_func (lines, (GDestroyNotify) ofl_log_line_free);
  return found;
}

static int
add_image (Case *c)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("0123456789abcdef", LENGTH);

  return ofl_plan_add_buffer (c->plan, "image", bytes);
}

static OflStep *
add_send (Case *c, int image, guint32 offset)
{
  return ofl_plan_send (c->plan, OFL_STAGE_SEND, "send",
                        ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, LENGTH),
                        image, offset, 1);
}

static OflStep *
add_read (Case *c)
{
  return ofl_plan_read (c->plan, OFL_STAGE_VERIFY, "read",
                        ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, LENGTH), -1, 0, 1);
}

static OflStep *
add_question (Case *c, OflExpect expect)
{
  return ofl_plan_command (c->plan, OFL_STAGE_CHECK, "question", ofl_command_test_unit_ready (),
                           expect, 1);
}

/* A plan that is wrong in itself: nothing beyond its data is sent, nor taken for compared. */
static void
test_beyond_the_data (void)
{
  Case c;

  for (guint32 offset = 1; offset <= LENGTH + 1; offset += LENGTH)
    {
      OflStep *step;

      case_start (&c, NULL, NULL);
      add_send (&c, add_image (&c), offset);
      ofl_run_execute (&c.run, c.plan);
      assert_failed (&c, OFL_ERROR_FAILED, "sends beyond the end of its data");
      g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
      g_assert_false (c.run.wrote);
      case_end (&c);

      case_start (&c, NULL, NULL);
      step = add_read (&c);
      step->compare = OFL_COMPARE_RECORD;
      step->against = (OflSpan){ add_image (&c), offset };
      ofl_run_execute (&c.run, c.plan);
      assert_failed (&c, OFL_ERROR_FAILED, "compares beyond the end of its data");
      g_assert_cmpuint (c.run.comparison.settled.compared, ==, 0);
      g_assert_nonnull (c.run.technical);
      case_end (&c);
    }
  case_start (&c, NULL, NULL);
  add_send (&c, -1, 0);
  ofl_run_execute (&c.run, c.plan);
  assert_failed (&c, OFL_ERROR_FAILED, "sends data it does not have");
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  case_end (&c);
}

/* An answer or a step that nobody has defined is none that a plan goes on from. */
static void
test_undefined (void)
{
  Case c;

  case_start (&c, NULL, NULL);
  add_question (&c, OFL_EXPECT_OK)->expect = 99;
  add_question (&c, OFL_EXPECT_OK);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 1);
  case_end (&c);

  case_start (&c, NULL, NULL);
  add_question (&c, OFL_EXPECT_OK)->kind = 99;
  add_question (&c, OFL_EXPECT_OK);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  case_end (&c);
}

static void
answer_outcome (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  reply->outcome = *(const OflOutcome *) u;
  reply->transferred = 0;
}

/* A drive that is gone, or silent, is not asked again until the poll's limit: it was asked in vain. */
static void
test_poll_unanswered (void)
{
  static const struct {
    OflOutcome outcome;
    OflError error;
  } cases[] = { { OFL_OUTCOME_TIMEOUT, OFL_ERROR_TIMEOUT }, { OFL_OUTCOME_LOST, OFL_ERROR_LOST } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Case c;

      case_start (&c, answer_outcome, (gpointer) &cases[i].outcome);
      ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                     OFL_EXPECT_OK, 500, 90000, 1)
          ->poll_limit_ok
          = TRUE;
      ofl_run_execute (&c.run, c.plan);
      assert_failed (&c, cases[i].error, "");
      g_assert_cmpint (c.run.failed_reply.outcome, ==, cases[i].outcome);
      g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 1);
      case_end (&c);
    }
}

static void
refuse_all (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
}

/* Not at work, and never the answer that is waited for. */
static void
test_poll_never_good (void)
{
  Case c;

  case_start (&c, refuse_all, NULL);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                 500, 45000, 1);
  ofl_run_execute (&c.run, c.plan);
  assert_failed (&c, OFL_ERROR_TIMEOUT, "still not ready after 45 s");
  g_assert_cmpint (ofl_transport_now_us (c.run.transport), >=, 45 * G_USEC_PER_SEC);
  case_end (&c);
}

static void
cancel_third (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x01);
  if (index == 2)
    g_cancellable_cancel (u);
}

/* Before the point of no return a wait ends with a cancel at once, and that is no failure. */
static void
test_poll_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Case c;

  case_start (&c, cancel_third, cancellable);
  c.run.cancellable = cancellable;
  ofl_plan_poll (c.plan, OFL_STAGE_CHECK, "ready", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                 500, 45000, 1);
  add_question (&c, OFL_EXPECT_OK);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_CANCELLED);
  g_assert_no_error (c.run.error);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 3);
  case_end (&c);
}

static void
answer_late (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  reply->duration_us = 7 * G_USEC_PER_SEC;
}

static void
test_slow_answer_is_told (void)
{
  Case c;

  case_start (&c, answer_late, NULL);
  add_question (&c, OFL_EXPECT_OK)->max_ms = 1000;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_true (is_logged (&c, OFL_LOG_WARNING, "answered only after 7 s; usual is 1 s"));
  case_end (&c);
}

/* Where anything will do, also no answer; a step that must do is no such step. */
static void
test_anything (void)
{
  OflOutcome lost = OFL_OUTCOME_LOST;
  Case c;

  case_start (&c, answer_outcome, &lost);
  add_question (&c, OFL_EXPECT_ANYTHING);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  case_end (&c);
}

static void
answer_good (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
}

static void
answer_no_disc (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0);
}

static void
answer_at_work (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x01);
}

/* What is said of a disc is said of what the drive said. */
static void
test_words_of_discs (void)
{
  Case c;

  case_start (&c, answer_good, NULL);
  add_question (&c, OFL_EXPECT_NO_MEDIUM);
  ofl_run_execute (&c.run, c.plan);
  assert_failed (&c, OFL_ERROR_NOT_READY, "a disc is in it");
  case_end (&c);

  case_start (&c, answer_no_disc, NULL);
  add_send (&c, add_image (&c), 0);
  ofl_run_execute (&c.run, c.plan);
  assert_failed (&c, OFL_ERROR_REJECTED, "no disc is in it, which this command does not need");
  case_end (&c);

  case_start (&c, answer_at_work, NULL);
  add_send (&c, add_image (&c), 0);
  ofl_run_execute (&c.run, c.plan);
  assert_failed (&c, OFL_ERROR_STILL_BUSY, "getting ready");
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 1);
  case_end (&c);
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* A journal that is not on the disk: no danger, and nothing is sent. */
static void
test_no_danger_without_journal (void)
{
  g_autoptr (Scratch) dir = scratch_new ();
  Case c;

  signal (SIGXFSZ, SIG_IGN);
  case_start (&c, NULL, NULL);
  c.run.journal = ofl_journal_open (dir, NULL);
  g_assert_nonnull (c.run.journal);
  ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, "danger");
  add_send (&c, add_image (&c), 0);
  limit_file_size (1);
  ofl_run_execute (&c.run, c.plan);
  limit_file_size (RLIM_INFINITY);
  assert_failed (&c, OFL_ERROR_STORAGE, "Nothing is written to a drive without a journal");
  g_assert_false (c.run.danger);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  ofl_journal_close (c.run.journal);
  case_end (&c);
}

/* The last moment: after the loop has looked, before danger begins. */
static void
test_cancel_at_the_mark (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  OflProgressView view;
  Case c;

  case_start (&c, NULL, NULL);
  c.run.cancellable = cancellable;
  fake_transport_set_clock (c.fake, (FakeClock) g_cancellable_cancel, cancellable);
  ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, "danger");
  add_send (&c, add_image (&c), 0);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_CANCELLED);
  g_assert_false (c.run.danger);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  ofl_progress_read (c.run.progress, &view);
  g_assert_false (view.danger);
  case_end (&c);
}

/* A drive that comes back is written on; one that does not is lost, and nothing more is sent. */
static void
test_reenumerate (void)
{
  for (guint back = 0; back <= 1; back++)
    {
      Case c;

      case_start (&c, NULL, NULL);
      fake_transport_set_back (c.fake, back == 1);
      ofl_plan_reenumerate (c.plan, "restart", 1000, 30000);
      add_question (&c, OFL_EXPECT_OK);
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpuint (fake_transport_get_count (c.fake), ==, back);
      if (back == 1)
        g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
      else
        assert_failed (&c, OFL_ERROR_LOST, "");
      g_assert_cmpuint (c.run.failed_step, ==, 0);
      case_end (&c);
    }
}

static gboolean
fail_check (const OflRunData *data, gconstpointer arg, GError **error)
{
  g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH, "%s", (const char *) arg);
  return FALSE;
}

static GBytes *
fail_exchange (const OflRunData *data, gconstpointer arg, GError **error)
{
  fail_check (data, arg, error);
  return NULL;
}

/* What a family says is wrong is why the run has failed, and nothing is sent. */
static void
test_family_says_no (void)
{
  for (guint i = 0; i <= 1; i++)
    {
      OflStep *step;
      Case c;

      case_start (&c, NULL, NULL);
      step = ofl_plan_add (c.plan, i == 0 ? OFL_STEP_CHECK : OFL_STEP_EXCHANGE, OFL_STAGE_CHECK,
                           "family", 1);
      step->check = fail_check;
      step->exchange = fail_exchange;
      step->arg = "the family says no";
      ofl_run_execute (&c.run, c.plan);
      assert_failed (&c, OFL_ERROR_MISMATCH, "the family says no");
      g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
      case_end (&c);
    }
}

/* Sends what was written, then refuses all. */
static void
refuse_after_first (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                    gpointer u)
{
  if (index > 0)
    refuse_all (index, command, data, reply, u);
}

/* What is tidied up after a failure fails, too: that is told, what comes after it runs, and why the run
 * has failed stays what it was. */
static void
test_cleanup_fails (void)
{
  OflStep *step;
  Case c;

  case_start (&c, refuse_after_first, NULL);
  add_send (&c, add_image (&c), 0);
  ofl_plan_read (c.plan, OFL_STAGE_VERIFY, "the read",
                 ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, LENGTH), -1, 0, 1);
  step = add_question (&c, OFL_EXPECT_OK);
  step->label = "tidy up";
  step->cleanup = TRUE;
  ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_inquiry (36), OFL_EXPECT_IGNORE,
                    1)
      ->cleanup
      = TRUE;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (c.run.failed_step, ==, 1);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3c 00 12");
  g_assert_true (is_logged (&c, OFL_LOG_WARNING, "tidy up failed: "));
  g_assert_nonnull (strstr (c.run.technical, "3c "));
  case_end (&c);
}

static void
refuse_at (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  if (index == *(const guint *) u)
    refuse_all (index, command, data, reply, NULL);
}

/* One that undoes a step: not before that was done, not a second time when it failed itself, and one that is for
 * failures only is left out of a run without. */
static void
test_cleanup_once (void)
{
  guint refused_at;

  for (refused_at = 0; refused_at <= 3; refused_at++)
    {
      static const char *const traces[] = { "3b 12", "3b 00 1a 12", "3b 00 1a 12", "3b 00 1a" };
      OflStep *step;
      Case c;

      case_start (&c, refuse_at, &refused_at);
      add_send (&c, add_image (&c), 0);
      add_question (&c, OFL_EXPECT_OK);
      step = ofl_plan_command (c.plan, OFL_STAGE_RESTART, "undo",
                               ofl_command_raw ((const guint8[]){ 0x1a, 0, 0, 0, 0, 0 }, 6,
                                                OFL_DIR_NONE, 0, 1000),
                               OFL_EXPECT_OK, 1);
      step->cleanup = TRUE;
      step->cleanup_after = 1;
      step = ofl_plan_command (c.plan, OFL_STAGE_RESTART, "after a failure",
                               ofl_command_inquiry (36), OFL_EXPECT_IGNORE, 1);
      step->cleanup = step->cleanup_only = TRUE;
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, traces[refused_at]);
      case_end (&c);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor/errors/beyond-the-data", test_beyond_the_data);
  g_test_add_func ("/executor/errors/undefined", test_undefined);
  g_test_add_func ("/executor/errors/poll-unanswered", test_poll_unanswered);
  g_test_add_func ("/executor/errors/poll-never-good", test_poll_never_good);
  g_test_add_func ("/executor/errors/poll-cancelled", test_poll_cancelled);
  g_test_add_func ("/executor/errors/slow-answer", test_slow_answer_is_told);
  g_test_add_func ("/executor/errors/anything", test_anything);
  g_test_add_func ("/executor/errors/discs", test_words_of_discs);
  g_test_add_func ("/executor/errors/no-journal", test_no_danger_without_journal);
  g_test_add_func ("/executor/errors/cancel-at-the-mark", test_cancel_at_the_mark);
  g_test_add_func ("/executor/errors/reenumerate", test_reenumerate);
  g_test_add_func ("/executor/errors/family", test_family_says_no);
  g_test_add_func ("/executor/errors/cleanup-fails", test_cleanup_fails);
  g_test_add_func ("/executor/errors/cleanup-once", test_cleanup_once);
  return g_test_run ();
}
