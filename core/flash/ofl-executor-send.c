/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command of a plan: sent, written down, judged. Writes are never retried, reads once; UNIT
 * ATTENTION is consumed on read-only commands. */
#include "flash/ofl-executor-private.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

/* A drive may queue several UNIT ATTENTIONs (power on, bus reset, microcode changed); more in a
 * row than this is a fault. */
#define MAX_ATTENTIONS 8

/**
 * ofl_run_step_now_us:
 * @c: a step
 *
 * Returns: the time by the clock of the run's transport, microseconds
 */
gint64
ofl_run_step_now_us (const OflRunStep *c)
{
  return ofl_transport_now_us (c->run->transport);
}

/* Said once it is over; while it lasts ofl_progress_view_watchdog_text() says so. */
static void
report_slowness (const OflRunStep *c, const OflReply *reply)
{
  double seconds = (double) reply->duration_us / 1e6;
  double usual = MAX ((double) c->step->max_ms / 1000, 1);

  if (reply->outcome == OFL_OUTCOME_TIMEOUT)
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                      "%s: the drive did not answer for %.0f s and was given up; usual is %.0f s",
                      c->step->label, seconds, usual);
  else if (seconds >= MAX (usual * 1.1, 2))
    ofl_progress_log (c->run->progress, OFL_LOG_WARNING,
                      "%s: the drive answered only after %.0f s; usual is %.0f s", c->step->label,
                      seconds, usual);
}

static void
send_once (const OflRunStep *c, const OflCommand *command, guint8 *data, OflReply *reply)
{
  gint64 sent = ofl_run_step_now_us (c);

  ofl_progress_begin_command (c->run->progress, c->step->label, MAX (c->step->max_ms, 1),
                              command->timeout_ms, sent);
  ofl_transport_execute (c->run->transport, command, data, reply);
  ofl_progress_end_command (c->run->progress, ofl_run_step_now_us (c));
  if (!ofl_command_is_read_only (command) && command != &c->step->ahead)
    c->run->wrote = TRUE;
  if (c->run->journal != NULL)
    ofl_journal_command (c->run->journal, c->index + 1, sent, command, reply);
  ofl_progress_log_command (c->run->progress, c->run->family, command, reply);
  report_slowness (c, reply);
}

static gboolean
worth_a_second_try (const OflReply *reply)
{
  return reply->outcome == OFL_OUTCOME_HOST || ofl_reply_has_key (reply, OFL_KEY_ABORTED);
}

/* A unit attention tells of the past, and would leave undone what the step needs. */
static void
send_ahead (const OflRunStep *c)
{
  const OflCommand *ahead = &c->step->ahead;
  g_autofree guint8 *data = g_malloc0 (MAX (ahead->length, 1));
  guint attentions = 0;
  OflReply reply;

  do
    send_once (c, ahead, data, &reply);
  while (ofl_reply_has_key (&reply, OFL_KEY_UNIT_ATTENTION) && attentions++ < MAX_ATTENTIONS);
}

static gboolean
is_short (const OflCommand *command, const OflReply *reply)
{
  return command->dir == OFL_DIR_IN && ofl_reply_ok (reply) && reply->transferred < command->length;
}

/**
 * ofl_run_step_send:
 * @c: a step
 * @command: what is sent
 * @data: (nullable): its data, or room for them
 * @reply: (out): the answer
 *
 * Sends a command, and what the step wants ahead of it, tells journal and log, and sends again only
 * what changes nothing.
 */
void
ofl_run_step_send (const OflRunStep *c, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint attentions = 0;
  guint shorts = 0;
  gboolean tried_again = FALSE;

  for (;;)
    {
      if (c->step->ahead.cdb_len > 0)
        send_ahead (c);
      send_once (c, command, data, reply);
      if (!ofl_command_is_read_only (command))
        return;
      if (is_short (command, reply) && shorts++ < c->step->repeat_short)
        continue;
      if (ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION) && attentions++ < MAX_ATTENTIONS)
        continue;
      if (worth_a_second_try (reply) && !tried_again)
        {
          tried_again = TRUE;
          continue;
        }
      return;
    }
}

/**
 * ofl_run_step_is_good:
 * @step: a step
 * @reply: the answer to it
 *
 * Returns: whether it is one that the step expects
 */
gboolean
ofl_run_step_is_good (const OflStep *step, const OflReply *reply)
{
  gboolean answered = reply->outcome == OFL_OUTCOME_OK || reply->outcome == OFL_OUTCOME_SENSE
                      || reply->outcome == OFL_OUTCOME_STATUS;

  switch (step->expect)
    {
    case OFL_EXPECT_OK:
      return ofl_reply_ok (reply);
    case OFL_EXPECT_OK_OR_NO_MEDIUM:
      return ofl_reply_ok (reply) || ofl_reply_no_medium (reply);
    case OFL_EXPECT_NO_MEDIUM:
      return ofl_reply_no_medium (reply);
    case OFL_EXPECT_AT_WORK:
      return ofl_reply_getting_ready (reply);
    case OFL_EXPECT_IGNORE:
      return answered;
    case OFL_EXPECT_ANYTHING:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * ofl_run_step_may_cancel:
 * @c: a step
 *
 * Returns: whether a cancel takes effect before it or while it waits
 */
gboolean
ofl_run_step_may_cancel (const OflRunStep *c)
{
  return !c->run->danger && !c->step->cleanup;
}

/**
 * ofl_run_step_fail:
 * @c: a step
 * @command: what was sent
 * @reply: the answer that ends the run
 *
 * Keeps why the run failed.
 *
 * Returns: %FALSE
 */
gboolean
ofl_run_step_fail (const OflRunStep *c, const OflCommand *command, const OflReply *reply)
{
  OflRun *run = c->run;

  run->failed_reply = *reply;
  run->technical = ofl_reply_technical (command, reply);
  if (c->step->expect == OFL_EXPECT_NO_MEDIUM && ofl_reply_ok (reply))
    ofl_set_error (&run->error, OFL_ERROR_NOT_READY,
                   _ ("The drive says that a disc is in it. Take it out and try again; if there is "
                      "none, switch the drive's power off and on first."));
  else if (c->step->expect == OFL_EXPECT_AT_WORK
           && (ofl_reply_ok (reply) || ofl_reply_no_medium (reply)))
    ofl_set_error (&run->error, OFL_ERROR_REJECTED,
                   _ ("The drive is ready at once and programs nothing: that is how such drives say "
                      "that they refused the file and changed nothing."));
  else if (ofl_reply_getting_ready (reply))
    ofl_set_error (&run->error, OFL_ERROR_STILL_BUSY,
                   _ ("The drive is getting ready and does not take %s now."),
                   ofl_command_name (command));
  else if (ofl_reply_no_medium (reply) && command->cdb[0] != 0x00)
    ofl_set_error (&run->error, OFL_ERROR_REJECTED,
                   _ ("The drive refused %s and gives as its reason that no disc is in it, which "
                      "this command does not need."),
                   ofl_command_name (command));
  else
    ofl_reply_set_error (reply, command, &run->error);
  return FALSE;
}
