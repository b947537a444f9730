/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan that is run for two readings: what they share is done once, and left whatever happens. */
#include <string.h>

#include "executor-case.h"
#include "flash/ofl-backup.h"
#include "scsi/ofl-error.h"

/* Each command has a code of its own, so that the trace shows their order. */
#define ENTER 0xcc
#define READ 0xc1
#define ASK 0xc2
#define LEAVE 0xcd

typedef struct {
  int hang_at; /* number of the command that is not answered, -1 none */
  int cancel_at;
  int other_at; /* the read that is answered with other bytes */
  GCancellable *cancellable;
} Script;

static void
answer (guint index, const OflCommand *command, guint8 *data, OflReply *reply, gpointer u)
{
  const Script *script = u;

  if ((int) index == script->cancel_at)
    g_cancellable_cancel (script->cancellable);
  if ((int) index == script->hang_at)
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else if (command->length > 0)
    memset (data, (int) index == script->other_at ? 1 : 2, command->length);
}

static OflCommand
command (guint8 code, guint32 length)
{
  const guint8 cdb[12] = { code };

  return ofl_command_raw (cdb, sizeof cdb, length > 0 ? OFL_DIR_IN : OFL_DIR_NONE, length, 1000);
}

static OflStep *
add_ask (Case *c)
{
  OflStep *step = ofl_plan_read (c->plan, OFL_STAGE_BACKUP, "ask", command (ASK, 4),
                                 ofl_plan_add_capture (c->plan, "answer", 4), 0, 1);

  step->reading = OFL_READING_EACH_AFTER;
  return step;
}

/* @shared: as a family whose drives enter a mode says it; else as all others */
static void
fill (Case *c, gboolean shared)
{
  OflReading reading = shared ? OFL_READING_SHARED : OFL_READING_EACH;
  int memory = ofl_plan_add_capture (c->plan, "memory", 8);
  OflStep *leave;

  ofl_plan_command (c->plan, OFL_STAGE_BACKUP, "enter", command (ENTER, 0), OFL_EXPECT_OK, 1)
      ->reading
      = reading;
  for (guint at = 0; at < 8; at += 4)
    ofl_plan_read (c->plan, OFL_STAGE_BACKUP, "read", command (READ, 4), memory, at, 1);
  if (shared)
    add_ask (c);
  leave
      = ofl_plan_command (c->plan, OFL_STAGE_BACKUP, "leave", command (LEAVE, 0), OFL_EXPECT_OK, 1);
  leave->reading = reading;
  leave->cleanup = TRUE;
  leave->cleanup_after = 1;
}

static void
run_twice (Script script, gboolean shared, GQuark domain, int code, const char *trace)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (GError) error = NULL;
  Case c;

  script.cancellable = cancellable;
  case_start (&c, answer, &script);
  c.run.cancellable = cancellable;
  c.run.stage = OFL_STAGE_BACKUP;
  fill (&c, shared);
  parts = ofl_backup_read_twice (&c.run, c.plan, &error);
  g_assert_cmpstr (fake_transport_get_trace (c.fake), ==, trace);
  if (domain == 0)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (parts->len, ==, shared ? 2 : 1);
      g_assert_cmpuint (((GByteArray *) g_ptr_array_index (parts, 0))->len, ==, 8);
    }
  else
    {
      g_assert_null (parts);
      g_assert_error (error, domain, code);
    }
  case_end (&c);
}

static void
test_order (void)
{
  const Script well = { -1, -1, -1, NULL };

  run_twice (well, TRUE, 0, 0, "cc c1 c1 c1 c1 c2 c2 cd");
  run_twice (well, FALSE, 0, 0, "cc c1 c1 cd cc c1 c1 cd");
}

/* Both readings are compared, also within one stay. */
static void
test_unequal (void)
{
  for (int at = 1; at <= 6; at++)
    run_twice ((Script){ -1, -1, at, NULL }, TRUE, OFL_ERROR, OFL_ERROR_MISMATCH,
               "cc c1 c1 c1 c1 c2 c2 cd");
}

/* A hang or a cancel in the first reading, in the second, or where both ask: the mode is left, once. */
static void
test_breaks_off (void)
{
  static const char *const hung[] = { "cc",
                                      "cc c1 cd",
                                      "cc c1 c1 cd",
                                      "cc c1 c1 c1 cd",
                                      "cc c1 c1 c1 c1 cd",
                                      "cc c1 c1 c1 c1 c2 cd",
                                      "cc c1 c1 c1 c1 c2 c2 cd",
                                      "cc c1 c1 c1 c1 c2 c2 cd" };

  for (guint i = 0; i < G_N_ELEMENTS (hung); i++)
    run_twice ((Script){ (int) i, -1, -1, NULL }, TRUE, OFL_ERROR, OFL_ERROR_TIMEOUT, hung[i]);
  /* a cancel while a command runs ends the run before the next one that may be left out */
  run_twice ((Script){ -1, 0, -1, NULL }, TRUE, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cc cd");
  for (guint i = 1; i < 6; i++)
    run_twice ((Script){ -1, (int) i, -1, NULL }, TRUE, G_IO_ERROR, G_IO_ERROR_CANCELLED, hung[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor-twice/order", test_order);
  g_test_add_func ("/executor-twice/unequal", test_unequal);
  g_test_add_func ("/executor-twice/breaks-off", test_breaks_off);
  return g_test_run ();
}
