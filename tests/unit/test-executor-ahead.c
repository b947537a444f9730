/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The executor and a step that wants another command right before each try of its own. */
#include <string.h>

#include "executor-case.h"
#include "scsi/ofl-error.h"

static const guint8 knock[10] = { 0x3b, 0x02, 0x41 };
static const guint8 ask[10] = { 0x3c, 0x02, 0xb0, 0, 0, 0, 0, 0, 8, 0 };

typedef struct {
  guint shorts;     /* so many reads come short */
  guint aborted;    /* so many reads are broken off */
  guint attentions; /* so many knocks meet one */
  gboolean refused; /* every knock */
} Script;

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  Script *script = u;

  if (command->cdb[0] == 0x3b)
    {
      if (script->attentions > 0 && script->attentions-- > 0)
        fake_reply_sense (reply, OFL_KEY_UNIT_ATTENTION, 0x29, 0);
      else if (script->refused)
        fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x24, 0);
      return;
    }
  memset (data, 0x5a, command->length);
  if (script->aborted > 0 && script->aborted-- > 0)
    fake_reply_sense (reply, OFL_KEY_ABORTED, 0, 0);
  else if (script->shorts > 0 && script->shorts-- > 0)
    {
      reply->transferred = 7;
      reply->residual = 1;
    }
}

static void
run_read (Script script, OflRunEnd end, const char *trace)
{
  OflStep *step;
  Case c;

  case_start (&c, answer, &script);
  step = ofl_plan_read (c.plan, OFL_STAGE_BACKUP, "read",
                        ofl_command_raw (ask, sizeof ask, OFL_DIR_IN, 8, 1000),
                        ofl_plan_add_capture (c.plan, "memory", 8), 0, 10);
  step->ahead = ofl_command_raw (knock, sizeof knock, OFL_DIR_NONE, 0, 1000);
  step->repeat_short = 2;
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, end);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, trace);
  g_assert_false (c.run.wrote); /* what goes ahead changes nothing */
  if (end == OFL_RUN_DONE)
    g_assert_cmpuint (((GByteArray *) g_ptr_array_index (c.run.data.captures, 0))->len, ==, 8);
  case_end (&c);
}

static void
test_read (void)
{
  run_read ((Script){ 0 }, OFL_RUN_DONE, "3b 3c");
  run_read ((Script){ .refused = TRUE }, OFL_RUN_DONE, "3b 3c"); /* its answer decides nothing */
  run_read ((Script){ .attentions = 2 }, OFL_RUN_DONE, "3b 3b 3b 3c");
  run_read ((Script){ .aborted = 1 }, OFL_RUN_DONE, "3b 3c 3b 3c");
  run_read ((Script){ .shorts = 2 }, OFL_RUN_DONE, "3b 3c 3b 3c 3b 3c");
  run_read ((Script){ .shorts = 3 }, OFL_RUN_FAILED, "3b 3c 3b 3c 3b 3c");
}

static void
ready_third (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  guint *asked = u;

  if (command->cdb[0] == 0x4a)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0);
  else if (++*asked < 3)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x04, 0x01);
}

static void
test_poll (void)
{
  static const guint8 event[10] = { 0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8, 0 };
  guint asked = 0;
  g_autofree char *text = NULL;
  Case c;

  case_start (&c, ready_third, &asked);
  ofl_plan_poll (c.plan, OFL_STAGE_PROGRAM, "ready", ofl_command_test_unit_ready (), OFL_EXPECT_OK,
                 500, 90000, 1)
      ->ahead
      = ofl_command_raw (event, sizeof event, OFL_DIR_IN, 8, 1000);
  text = ofl_plan_step_format (c.plan, 0);
  g_assert_nonnull (strstr (text, "each time 4a 00 00 00 10 00 00 00 08 00, then  00 00 00"));
  ofl_run_execute (&c.run, c.plan);
  g_assert_cmpint (c.run.end, ==, OFL_RUN_DONE);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, "4a 00 4a 00 4a 00");
  case_end (&c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor/ahead/read", test_read);
  g_test_add_func ("/executor/ahead/poll", test_poll);
  return g_test_run ();
}
