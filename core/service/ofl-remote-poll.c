/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polls the job's object, one call under way at a time, and keeps what came last, so that reading
 * progress and log never waits. */
#include "service/ofl-remote-job-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define POLL_MS 50
#define POLL_LINES 120
/* The service answers a poll within milliseconds; after this it is gone or stuck. */
#define CALL_TIMEOUT_MS 10000
/* Lines kept here; the journal has them all. */
#define KEEP_LINES 4096

/**
 * ofl_remote_job_forget_view:
 * @view: (out): a view of progress
 *
 * Makes it one of which nothing is known yet.
 */
void
ofl_remote_job_forget_view (OflProgressView *view)
{
  memset (view, 0, sizeof *view);
  view->cancelable = TRUE;
  view->left_ms = -1;
  for (guint i = 0; i < OFL_N_STAGES; i++)
    view->stages[i].state = OFL_STAGE_STATE_SKIPPED;
}

/**
 * ofl_remote_job_stop:
 * @self: a job
 *
 * Asks the service no more.
 */
void
ofl_remote_job_stop (OflRemoteJob *self)
{
  g_clear_handle_id (&self->poll_timer, g_source_remove);
  g_clear_pointer (&self->question, ofl_question_free);
  self->view.question = 0;
  if (self->cancel_id != 0)
    g_cancellable_disconnect (self->cancellable, self->cancel_id);
  self->cancel_id = 0;
}

/* Lines that the window has not fetched yet are few; the oldest fall out. The service's numbers are
 * moved on by the lines that were added here. */
static void
keep_lines (OflRemoteJob *self, GVariant *variant)
{
  guint before = self->lines->len;

  ofl_wire_unpack_lines (variant, self->lines);
  for (guint i = before; i < self->lines->len; i++)
    {
      OflLogLine *line = g_ptr_array_index (self->lines, i);

      self->last_seq = line->seq;
      line->seq += self->added;
    }
  if (self->lines->len > KEEP_LINES)
    g_ptr_array_remove_range (self->lines, 0, self->lines->len - KEEP_LINES);
}

/* A line of this program among those of the service. */
static void
add_line (OflRemoteJob *self, const char *text)
{
  OflLogLine *line = g_new0 (OflLogLine, 1);

  line->seq = self->last_seq + ++self->added;
  line->level = OFL_LOG_WARNING;
  line->text = g_utf8_make_valid (text, -1);
  g_ptr_array_add (self->lines, line);
}

/* Progress that cannot be read is not shown as the one before it: that would stand still. */
static void
keep_view (OflRemoteJob *self, GVariant *variant)
{
  g_autoptr (GVariant) inner = g_variant_is_of_type (variant, G_VARIANT_TYPE_VARIANT)
                                   ? g_variant_get_variant (variant)
                                   : g_variant_ref (variant);
  g_autoptr (GError) error = NULL;
  OflProgressView seen;
  gboolean before = self->view.unreadable;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->question, ofl_question_free);
  if (ofl_wire_unpack_view (inner, &seen, &error))
    {
      self->view = seen;
      self->question = ofl_wire_unpack_question (inner);
      /* what cannot be shown is not asked here */
      if (self->question == NULL)
        self->view.question = 0;
      return;
    }
  ofl_remote_job_forget_view (&self->view);
  self->view.unreadable = TRUE;
  self->view.cancelable = FALSE;
  if (before)
    return;
  /* for the log */
  text = g_strdup_printf ("The Optiflash service is of another version (%s); its log is shown, no "
                          "bar.",
                          error->message);
  add_line (self, text);
}

static void
finish_with (OflRemoteJob *self, OflResult *result)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  ofl_remote_job_stop (self);
  self->view.finished = TRUE;
  self->view.danger = FALSE;
  self->view.cancelable = FALSE;
  self->view.verdict = result->verdict;
  if (ofl_verdict_is_success (result->verdict))
    self->view.fraction = 1;
  g_task_return_pointer (task, result, (GDestroyNotify) ofl_result_free);
}

static void
on_looked_after (GObject *source, GAsyncResult *res, gpointer data)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (source);
  g_autoptr (OflResult) result = ofl_remote_lost_finish (res);

  if (self->task != NULL)
    finish_with (self, g_steal_pointer (&result));
}

static void
finish_lost (OflRemoteJob *self, const GError *error)
{
  ofl_remote_job_stop (self);
  self->view.cancelable = FALSE;
  ofl_remote_lost_look_async (OFL_JOB (self), &self->last, error->message, on_looked_after, NULL);
}

/* Of a job that has no object any more the bus says the same as of one that has no such method. */
static gboolean
is_of_another_version (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
}

/* It runs, and nothing of it can be read, not even the log. */
static void
finish_unreadable (OflRemoteJob *self, const char *technical)
{
  OflResult *result = ofl_result_new (OFL_VERDICT_UNKNOWN);

  result->what
      = g_strdup (_ ("The Optiflash service is of another version, and nothing that it says "
                     "about this job can be read here."));
  result->meaning
      = g_strdup (_ ("The job goes on in the service; how far it is, this program cannot "
                     "tell."));
  result->next
      = g_strdup (_ ("Do not switch off or unplug the drive. The journal says what is done; "
                     "when it has ended, close all windows of Optiflash and start it "
                     "again."));
  result->technical = g_strdup (technical);
  ofl_remote_job_forget_view (&self->view);
  self->view.unreadable = TRUE;
  finish_with (self, result);
}

static void
take_answer (OflRemoteJob *self, GVariant *reply)
{
  g_autoptr (GVariant) view = g_variant_get_child_value (reply, 0);
  g_autoptr (GVariant) lines = g_variant_get_child_value (reply, 1);
  g_autoptr (GVariant) end = g_variant_get_child_value (reply, 2);

  g_clear_pointer (&self->end, ofl_result_free);
  self->end = ofl_wire_unpack_result (end);
  if (self->end == NULL)
    self->last.heard = self->asked;
  keep_lines (self, lines);
  keep_view (self, view);
  /* the end counts when its last line has come too */
  if (self->end != NULL
      && (!g_variant_is_container (lines) || g_variant_n_children (lines) < POLL_LINES))
    finish_with (self, g_steal_pointer (&self->end));
}

/* The service is there and only slower: a queue of the bus is full, or its answer took too long.
 * One that is gone has no name on the bus, or the bus says that the call has no reply. */
static gboolean
is_only_slow (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* The timer asks again; until there is an answer the bar stands still, and the log says why. */
static void
keep_asking (OflRemoteJob *self, const GError *error)
{
  if (!self->silent && !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED))
    add_line (self, /* to the log */
              "The Optiflash service does not answer in time; it is asked again. The job is "
              "its own and goes on. Do not switch off or unplug the drive.");
  self->silent = TRUE;
}

static void
on_polled (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), res, &error);

  self->polling = FALSE;
  if (self->task == NULL)
    return;
  if (is_only_slow (error))
    {
      keep_asking (self, error);
      return;
    }
  self->silent = FALSE;
  self->last.is_there = reply == NULL && is_of_another_version (error);
  if (reply == NULL && self->end != NULL)
    finish_with (self, g_steal_pointer (&self->end));
  else if (self->last.is_there && self->last.heard == 0)
    finish_unreadable (self, error->message);
  else if (reply == NULL)
    finish_lost (self, error);
  else if (g_variant_n_children (reply) < 3)
    finish_unreadable (self, g_variant_get_type_string (reply));
  else
    take_answer (self, reply);
}

/* To that very service, and never to another one that has its name now and jobs of the same numbers. */
static void
call_owner (OflRemoteJob *self, const char *method, GVariant *parameters,
            GAsyncReadyCallback callback, gpointer data)
{
  g_dbus_connection_call (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->proxy)), self->owner,
                          g_dbus_proxy_get_object_path (G_DBUS_PROXY (self->proxy)),
                          OFL_SERVICE_NAME ".Job", method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, NULL, callback, data);
}

/* Not by the generated call: it takes no answer but its own version's, and this program tells what
 * it can of any. */
static gboolean
on_poll_timer (gpointer data)
{
  OflRemoteJob *self = data;

  if (self->polling || self->proxy == NULL)
    return G_SOURCE_CONTINUE;
  self->polling = TRUE;
  self->asked = g_get_real_time ();
  call_owner (self, "Poll", g_variant_new ("(tu)", self->last_seq, POLL_LINES), on_polled,
              g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static void
on_cancel_sent (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), res, &error);

  /* of a job that is over nothing needs to be said: its end is on its way */
  if (reply != NULL || self->task == NULL || g_error_matches (error, OFL_ERROR, OFL_ERROR_FAILED))
    return;
  add_line (self, /* to the log */
            g_error_matches (error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED)
                ? "The cancel was not taken: the job cannot be stopped now, and goes on."
                : "The service has not said whether it took the cancel.");
}

static gboolean
send_cancel (gpointer data)
{
  OflRemoteJob *self = data;

  if (self->owner != NULL && self->task != NULL)
    call_owner (self, "Cancel", NULL, on_cancel_sent, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

typedef struct {
  OflRemoteJob *job;
  guint number;
  gboolean yes;
} Answer;

static void
on_answered (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autofree Answer *answer = data;
  g_autoptr (OflRemoteJob) self = answer->job;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), res, &error);

  if (reply != NULL || self->task == NULL)
    return;
  /* it is a number's, so it does no harm twice */
  if (is_only_slow (error) && self->question != NULL && self->question->number == answer->number)
    ofl_remote_job_answer (self, answer->number, answer->yes);
  else
    add_line (self, /* to the log */
              "The answer was not taken: the question did not wait any more.");
}

/**
 * ofl_remote_job_answer:
 * @self: a job that is followed
 * @number: of what it asks
 * @yes: whether it is agreed to
 *
 * Sends the answer, again and again where the service is slow.
 */
void
ofl_remote_job_answer (OflRemoteJob *self, guint number, gboolean yes)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->job = g_object_ref (self);
  answer->number = number;
  answer->yes = yes;
  call_owner (self, "Answer", g_variant_new ("(ub)", number, yes), on_answered, answer);
}

/* May come from any thread; the call belongs to the main loop. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, send_cancel, g_object_ref (data), g_object_unref);
}

static void
on_pid (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), res, NULL);

  if (reply != NULL)
    g_variant_get (reply, "(u)", &self->last.pid);
}

/* By it a journal is told to be this service's. */
static void
ask_pid (OflRemoteJob *self)
{
  g_dbus_connection_call (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->proxy)),
                          "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "GetConnectionUnixProcessID", g_variant_new ("(s)", self->owner),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL,
                          on_pid, g_object_ref (self));
}

/**
 * ofl_remote_job_follow:
 * @self: a job whose object is known and whose task runs
 *
 * Asks the service again and again, until the job has ended there or the service is lost, and then
 * ends the task.
 */
void
ofl_remote_job_follow (OflRemoteJob *self)
{
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->proxy), CALL_TIMEOUT_MS);
  g_free (self->owner);
  self->owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->proxy));
  if (self->owner == NULL) /* gone already: the call will say so */
    self->owner = g_strdup (OFL_SERVICE_NAME);
  self->last = (OflRemoteLast){ 0 };
  ask_pid (self);
  self->poll_timer = g_timeout_add (POLL_MS, on_poll_timer, self);
  if (self->cancellable != NULL)
    self->cancel_id
        = g_cancellable_connect (self->cancellable, G_CALLBACK (on_cancelled), self, NULL);
  on_poll_timer (self);
}
