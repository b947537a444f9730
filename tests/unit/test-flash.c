/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor's rules, and the journal. */
#include <glib/gstdio.h>
#include <string.h>

#include "fake-transport.h"
#include "flash/ofl-executor.h"
#include "scsi/ofl-error.h"

typedef struct {
  FakeTransport *fake;
  OflPlan *plan;
  OflRun run;
} Case;

static void
case_start (Case *c, FakeAnswer answer, gpointer data)
{
  memset (c, 0, sizeof *c);
  c->fake = fake_transport_new (answer, data);
  c->plan = ofl_plan_new ("test");
  c->run.transport = OFL_TRANSPORT (c->fake);
  c->run.progress = ofl_progress_new ();
  c->run.stage = -1;
}

static void
case_end (Case *c)
{
  ofl_run_clear (&c->run);
  g_clear_pointer (&c->run.progress, ofl_progress_unref);
  ofl_plan_unref (c->plan);
  g_object_unref (c->fake);
}

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
attentions_then_abort (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
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
  g_autoptr (GBytes) got = NULL;
  int capture;

  case_start (&c, attentions_then_abort, NULL);
  capture = ofl_plan_add_capture (c.plan, "x", 16);
  ofl_plan_read (c.plan, OFL_STAGE_CHECK, "read",
                 ofl_command_read_buffer (OFL_BUFFER_DATA, 0, 0, 16), capture, 0, 1);
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3c 3c 3c 3c");
  got = ofl_run_get_capture (&c.run, capture);
  g_assert_cmpuint (g_bytes_get_size (got), ==, 16);
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (got, NULL))[15], ==, 0xab);
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
  static const OflExpect expects[] = { OFL_EXPECT_OK, OFL_EXPECT_OK_OR_NO_MEDIUM,
                                       OFL_EXPECT_NO_MEDIUM, OFL_EXPECT_NOT_FATAL,
                                       OFL_EXPECT_IGNORE };

  for (guint i = 0; i < G_N_ELEMENTS (expects); i++)
    {
      Case c;

      case_start (&c, timed_out, NULL);
      ofl_plan_command (c.plan, OFL_STAGE_CHECK, "x", ofl_command_test_unit_ready (), expects[i], 1);
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
      g_assert_cmpuint (c.run.compared, ==, 0x1000);
      g_assert_cmpuint (c.run.different, ==, bad);
      g_assert_cmpuint (c.run.first_difference, ==, bad > 0 ? 100 : 0);
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
  g_assert_error (c.run.error, OFL_ERROR, OFL_ERROR_TIMEOUT);
  g_assert_cmpuint (fake_transport_get_count (c.fake), >=, 89);
  g_assert_cmpuint (fake_transport_get_count (c.fake), <=, 92);
  case_end (&c);

  case_start (&c, not_ready_until, &ready_at);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (),
                 OFL_EXPECT_OK_OR_NO_MEDIUM, 500, 45000, 1)->poll_limit_ok = TRUE;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  case_end (&c);
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
                       ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x1000),
                       image, 0, 1);
      ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_start_stop (FALSE, FALSE),
                        OFL_EXPECT_IGNORE, 1)->cleanup = TRUE;
      ofl_run_execute (&c.run, c.plan);
      ofl_progress_read (c.run.progress, &view);
      if (danger_first == 1)
        {
          g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
          g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3b 3b 3b 1b");
          g_assert_false (view.cancelable);
        }
      else
        {
          g_assert_cmpint (c.run.end, ==, OFL_RUN_CANCELLED);
          g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "3b 3b 1b");
        }
      case_end (&c);
    }
}

static void
test_cleanup_not_without_need (void)
{
  Case c;

  case_start (&c, always_abort, NULL);
  ofl_plan_command (c.plan, OFL_STAGE_CHECK, "check", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                    1);
  ofl_plan_command (c.plan, OFL_STAGE_RESTART, "leave", ofl_command_start_stop (FALSE, FALSE),
                    OFL_EXPECT_IGNORE, 1)->cleanup = TRUE;
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
                 ofl_command_write_buffer (OFL_BUFFER_MICROCODE_OFFSETS, 0, 0, 0x1000), image, 1, 1);
  ofl_run_execute (&c.run, c.plan);
  /* one byte beyond the buffer: refused by the executor, nothing on the wire */
  g_assert_cmpint (c.run.end, ==, OFL_RUN_FAILED);
  g_assert_cmpuint (fake_transport_get_count (c.fake), ==, 0);
  case_end (&c);
}

static void
remove_tree (const char *dir)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (dir);
}

static void
test_journal (void)
{
  g_autofree char *dir = g_dir_make_tmp ("ofl-journal-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  g_autofree char *words = NULL;
  OflCommand command = ofl_command_test_unit_ready ();
  OflReply reply = { .outcome = OFL_OUTCOME_OK };
  OflJournal *journal = ofl_journal_open (dir, &error);
  const OflUnfinished *job;
  GPtrArray *found;

  g_assert_no_error (error);
  path = g_strdup (ofl_journal_get_path (journal));
  ofl_journal_write (journal, "job", "drive", "A \"drive\"\n", "drive_id", "/dev/sr0", "image",
                     "X 1.0", "serial", NULL, NULL);
  ofl_journal_write (journal, "backup", "path", "/b/flash.bin", NULL);
  ofl_journal_write (journal, "write-begins", NULL);
  ofl_journal_command (journal, 3, 1000, &command, &reply);
  g_assert_true (ofl_journal_sync (journal, &error));
  /* its writer still runs: not unfinished */
  found = ofl_journal_find_unfinished (dir);
  g_assert_cmpuint (found->len, ==, 0);
  g_ptr_array_unref (found);
  ofl_journal_write (journal, "point-of-no-return", NULL);
  ofl_journal_close (journal);

  found = ofl_journal_find_unfinished (dir);
  g_assert_cmpuint (found->len, ==, 1);
  job = g_ptr_array_index (found, 0);
  g_assert_cmpstr (job->drive, ==, "A \"drive\"\n");
  g_assert_cmpstr (job->backup_path, ==, "/b/flash.bin");
  g_assert_true (job->danger);
  words = ofl_unfinished_describe (job);
  g_assert_nonnull (strstr (words, "may need recovery"));
  g_ptr_array_unref (found);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_nonnull (strstr (content, "\"cdb\":\"00 00 00 00 00 00\""));

  g_assert_true (ofl_journal_dismiss (path, &error));
  found = ofl_journal_find_unfinished (dir);
  g_assert_cmpuint (found->len, ==, 0);
  g_ptr_array_unref (found);
  remove_tree (dir);
}

static void
test_journal_refused (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ofl_journal_open ("/proc/self/no-such", &error));
  g_assert_error (error, OFL_ERROR, OFL_ERROR_FAILED);
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
  static const char *const traces[] = { "12 46 00", "12 4a 5a 00" };

  for (int refused = 0; refused < 2; refused++)
    {
      OflStep *step;
      Case c;

      case_start (&c, answer_first, GINT_TO_POINTER (refused));
      step = ofl_plan_command (c.plan, OFL_STAGE_CHECK, "first", ofl_command_inquiry (36),
                               OFL_EXPECT_IGNORE, 1);
      step->skip_if_good = 2;
      ofl_plan_command (c.plan, OFL_STAGE_CHECK, "when refused",
                        ofl_command_get_event_status (1, 8), OFL_EXPECT_OK, 1);
      step = ofl_plan_command (c.plan, OFL_STAGE_CHECK, "when refused",
                               ofl_command_mode_sense (0x2a, 32), OFL_EXPECT_OK, 1);
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
  g_test_add_func ("/executor/compare", test_compare);
  g_test_add_func ("/executor/poll", test_poll);
  g_test_add_func ("/executor/cancel", test_cancel);
  g_test_add_func ("/executor/cleanup-not-without-need", test_cleanup_not_without_need);
  g_test_add_func ("/executor/span", test_sends_what_the_span_says);
  g_test_add_func ("/executor/two-ways", test_two_ways);
  g_test_add_func ("/journal/unfinished", test_journal);
  g_test_add_func ("/journal/refused", test_journal_refused);
  return g_test_run ();
}
