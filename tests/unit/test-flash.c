/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor's rules. */
#include <string.h>

#include "executor-case.h"
#include "flash/ofl-backup.h"
#include "scsi/ofl-error.h"

static int
add_image (Case *c, gsize length)
{
  g_autofree guint8 *data = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 7);
  bytes = g_bytes_new (data, length);
  return ofl_plan_add_buffer (c->plan, "image", bytes);
}

static void
refuse_second (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  if (index == 1)
    fake_reply_sense (reply, OFL_KEY_ABORTED, 0x47, 0);
}

static void
test_write_never_retried (void)
{
  Case c;
  int image;

  case_start (&c, refuse_second, NULL);
  image = add_image (&c, 0x2000);
  ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, "danger");
  for (guint i = 0; i < 2; i++)
    ofl_plan_send (c.plan, OFL_STAGE_SEND, "send",
                   ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, i * 0x1000, 0x1000),
                   image, i * 0x1000, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3b");
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_REJECTED);
  g_assert_nonnull (c.run.technical);
  g_assert_true (c.run.danger);
  g_assert_true (c.run.wrote);
  g_assert_cmpuint (c.run.failed_step, ==, 2);
  case_end (&c);
}

static void
attentions_then_abort (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                       gpointer u)
{
  if (index < 2)
    fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0);
  else if (index == 2)
    fake_reply_sense (reply, OFL_KEY_ABORTED, 0x47, 0);
  else
    memset (data, 0xab, command->length);
}

static void
test_read_retried_once (void)
{
  Case c;
  const GByteArray *got;
  int capture;

  case_start (&c, attentions_then_abort, NULL);
  capture = ofl_plan_add_capture (c.plan, "x", 16);
  ofl_plan_read (c.plan, OFL_STAGE_CHECK, "read",
                 ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 16), capture, 0, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3c 3c 3c 3c");
  got = g_ptr_array_index (c.run.data.captures, capture);
  g_assert_cmpuint (got->len, ==, 16);
  g_assert_cmpuint (got->data[15], ==, 0xab);
  g_assert_false (c.run.wrote);
  case_end (&c);
}

static void
always_abort (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  fake_reply_sense (reply, OFL_KEY_ABORTED, 0x47, 0);
}

static void
test_read_not_retried_twice (void)
{
  Case c;

  case_start (&c, always_abort, NULL);
  ofl_plan_read (c.plan, OFL_STAGE_CHECK, "read",
                 ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 16), -1, 0, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 2);
  case_end (&c);
}

static void
timed_out (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  /* as Linux reports it: the SCSI status is good */
  reply->outcome = OFL_OUTCOME_TIMEOUT;
  reply->status = 0;
  reply->transferred = 0;
}

static void
test_timeout_is_no_success (void)
{
  static const OflExpect expects[]
      = { OFL_EXPECT_OK, OFL_EXPECT_OK_OR_NO_MEDIUM, OFL_EXPECT_NO_MEDIUM, OFL_EXPECT_IGNORE };

  for (guint i = 0; i < G_N_ELEMENTS (expects); i++)
    {
      Case c;

      case_start (&c, timed_out, NULL);
      ofl_plan_command (c.plan, OFL_STAGE_CHECK, "x", ofl_command_test_unit_ready (), expects[i],
                        1);
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
      g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_TIMEOUT);
      case_end (&c);
    }
}

static void
short_read (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  reply->transferred = command->length - 1;
  reply->residual = 1;
}

static void
test_short_read (void)
{
  Case c;
  int capture;

  case_start (&c, short_read, NULL);
  capture = ofl_plan_add_capture (c.plan, "x", 16);
  ofl_plan_read (c.plan, OFL_STAGE_BACKUP, "read",
                 ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 16), capture, 0, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_MISMATCH);
  case_end (&c);
}

/* F14: two reads that are short alike are equal and still no backup, also where a drive may send
 * less. */
static void
test_f14_equally_short (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  OflStep *step;
  Case c;

  case_start (&c, short_read, NULL);
  step = ofl_plan_read (c.plan, OFL_STAGE_BACKUP, "read", ofl_command_get_configuration (0x108, 32),
                        ofl_plan_add_capture (c.plan, "feature-0108", 32), 0, 1);
  step->residual_ok = TRUE;
  parts = ofl_backup_read_twice (&c.run, c.plan, &error);
  g_assert_null (parts);
  g_assert_error (error, OFL_ERROR, OFL_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "only 31 of 32 bytes"));
  case_end (&c);
}

static void
give_image (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  const guint *bad = u;

  for (guint i = 0; i < command->length; i++)
    data[i] = (guint8) (i * 7);
  for (guint i = 0; i < *bad; i++)
    data[100 + i] ^= 1;
}

static void
test_compare (void)
{
  for (guint bad = 0; bad <= 3; bad += 3)
    {
      Case c;
      OflStep *step;

      case_start (&c, give_image, &bad);
      step = ofl_plan_read (c.plan, OFL_STAGE_VERIFY, "read back",
                            ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 0x1000), -1, 0, 1);
      step->compare = OFL_COMPARE_RECORD;
      step->against.buffer = add_image (&c, 0x1000);
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
      g_assert_cmpuint (c.run.comparison.settled.compared, ==, 0x1000);
      g_assert_cmpuint (c.run.comparison.settled.different, ==, bad);
      g_assert_cmpuint (c.run.comparison.settled.first, ==, bad > 0 ? 100 : 0);
      case_end (&c);

      case_start (&c, give_image, &bad);
      step = ofl_plan_read (c.plan, OFL_STAGE_CHECK, "gate",
                            ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 0x1000), -1, 0, 1);
      step->compare = OFL_COMPARE_GATE;
      step->against.buffer = add_image (&c, 0x1000);
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpint (c.run.end, ==, bad > 0 ? OFL_RUN_FAILED : OFL_RUN_DONE);
      case_end (&c);
    }
}

static void
cancel_at (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  GCancellable *cancellable = u;

  if (index == 1)
    g_cancellable_cancel (cancellable);
}

/* Before the point of no return a cancel takes effect at once, after it never; cleanup runs. */
static void
test_cancel (void)
{
  for (guint danger_first = 0; danger_first <= 1; danger_first++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      OflProgressView view;
      Case c;
      int image;

      case_start (&c, cancel_at, cancellable);
      c.run.cancellable = cancellable;
      image = add_image (&c, 0x1000);
      if (danger_first == 1)
        ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, "danger");
      for (guint i = 0; i < 4; i++)
        ofl_plan_send (c.plan, OFL_STAGE_SEND, "send",
                       ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x1000), image,
                       0, 1);
      ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_inquiry (36),
                        OFL_EXPECT_IGNORE, 1)
          ->cleanup
          = TRUE;
      ofl_run_execute (&c.run, c.plan);
      ofl_progress_read (c.run.progress, &view);
      if (danger_first == 1)
        {
          g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
          g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3b 3b 3b 12");
          g_assert_false (view.cancelable);
        }
      else
        {
          g_assert_cmpint (c.run.end, ==, OFL_RUN_CANCELLED);
          g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3b 12");
        }
      case_end (&c);
    }
}

static void
cancel_in_danger (gboolean danger, gpointer data, char **note)
{
  if (danger)
    g_cancellable_cancel (data);
}

/* A cancel that comes an instant too late stays too late when the drive is safe again: the drive was
 * written, and that is what the job says. */
static void
test_a2_cancel_too_late (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  OflProgressView view;
  Case c;
  int image;

  case_start (&c, NULL, NULL);
  c.run.cancellable = cancellable;
  ofl_progress_set_danger_func (c.run.progress, cancel_in_danger, cancellable);
  image = add_image (&c, 0x1000);
  ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_DANGER_BEGINS, "danger");
  ofl_plan_send (c.plan, OFL_STAGE_SEND, "send",
                 ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x1000), image, 0,
                 1);
  ofl_plan_mark (c.plan, OFL_STAGE_SEND, OFL_MARK_SAFE_AGAIN, "safe");
  ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_inquiry (36), OFL_EXPECT_IGNORE,
                    1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 12");
  ofl_progress_read (c.run.progress, &view);
  g_assert_false (view.cancelable);
  case_end (&c);
}

static void
test_cleanup_not_without_need (void)
{
  Case c;

  case_start (&c, always_abort, NULL);
  ofl_plan_command (c.plan, OFL_STAGE_CHECK, "check", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                    1);
  ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_inquiry (36), OFL_EXPECT_IGNORE,
                    1)
      ->cleanup
      = TRUE;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "00 00");
  case_end (&c);
}

static void
test_sends_what_the_span_says (void)
{
  Case c;
  int image;

  case_start (&c, NULL, NULL);
  image = add_image (&c, 0x1000);
  ofl_plan_send (c.plan, OFL_STAGE_SEND, "send",
                 ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x1000), image, 1,
                 1);
  ofl_run_execute (&c.run, c.plan);
  /* one byte beyond the buffer: refused by the executor, nothing on the wire */
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  case_end (&c);
}

/* The first command is answered as the test says, the rest is taken. */
static void
answer_first (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  if (index == 0 && GPOINTER_TO_INT (u))
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
}

static GBytes *
exchange_nothing (const OflRunData *data, gconstpointer arg, GError **error)
{
  return NULL;
}

/* Which way is gone after a command was taken, and after it was refused. */
static void
test_two_ways (void)
{
  static const char *const traces[] = { "12 46 00", "12 3c 12 00" };

  for (int refused = 0; refused < 2; refused++)
    {
      OflStep *step;
      Case c;

      case_start (&c, answer_first, GINT_TO_POINTER (refused));
      step = ofl_plan_command (c.plan, OFL_STAGE_CHECK, "first", ofl_command_inquiry (36),
                               OFL_EXPECT_IGNORE, 1);
      step->skip_if_good = 2;
      ofl_plan_command (c.plan, OFL_STAGE_CHECK, "when refused",
                        ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 8), OFL_EXPECT_OK, 1);
      step = ofl_plan_command (c.plan, OFL_STAGE_CHECK, "when refused", ofl_command_inquiry (96),
                               OFL_EXPECT_OK, 1);
      step->skip_if_good = 2;
      step = ofl_plan_command (c.plan, OFL_STAGE_CHECK, "when taken",
                               ofl_command_get_configuration (0x108, 28), OFL_EXPECT_OK, 1);
      step = ofl_plan_add (c.plan, OFL_STEP_EXCHANGE, OFL_STAGE_CHECK, "nothing to send", 1);
      step->command = ofl_command_write_buffer (OFL_BUFFER_VENDOR, 0, 0, 16);
      step->exchange = exchange_nothing;
      ofl_plan_command (c.plan, OFL_STAGE_CHECK, "last", ofl_command_test_unit_ready (),
                        OFL_EXPECT_OK, 1);
      ofl_run_execute (&c.run, c.plan);
      g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
      g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, traces[refused]);
      g_assert_false (c.run.wrote);
      case_end (&c);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor/write-never-retried", test_write_never_retried);
  g_test_add_func ("/executor/read-retried-once", test_read_retried_once);
  g_test_add_func ("/executor/read-not-retried-twice", test_read_not_retried_twice);
  g_test_add_func ("/executor/timeout-is-no-success", test_timeout_is_no_success);
  g_test_add_func ("/executor/short-read", test_short_read);
  g_test_add_func ("/executor/f14-equally-short", test_f14_equally_short);
  g_test_add_func ("/executor/compare", test_compare);
  g_test_add_func ("/executor/cancel", test_cancel);
  g_test_add_func ("/executor/a2-cancel-too-late", test_a2_cancel_too_late);
  g_test_add_func ("/executor/cleanup-not-without-need", test_cleanup_not_without_need);
  g_test_add_func ("/executor/span", test_sends_what_the_span_says);
  g_test_add_func ("/executor/two-ways", test_two_ways);
  return g_test_run ();
}
