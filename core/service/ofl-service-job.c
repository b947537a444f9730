/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-service-job.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"
#include "flash/ofl-inhibitor.h"

/* Properties are for people who watch the bus; our own client polls faster. */
#define PROPERTIES_MS 250
/* The reason names the time left, so it is renewed as that changes. */
#define RENEW_MS 5000
/* Nobody has looked for so long at a job that asks something: then it is a no. */
#define PATIENCE_MS (10 * 60 * 1000)
/* One has seen the end; others who watch too fetch it within a moment. */
#define LINGER_SECONDS 5

struct _OflServiceJob {
  GObject parent_instance;

  OflJob *job;
  OflDBusJob *skeleton;
  GCancellable *cancellable;
  OflResult *result;
  OflInhibitor *inhibitor;
  char *path;
  char *drive;
  OflSnapshot *expected;
  char *writing; /* what the block is for; set before danger begins */
  gboolean running;
  gboolean dismissed;
  guint patience_ms;
  guint linger_timer;
  guint properties_timer;
  gint64 renewed_us;
  gint64 polled_us; /* when somebody looked last */
  guint question;   /* that was seen last */
  gint64 asked_us;  /* and since when */
  gboolean closing; /* the session ends */
  gboolean renewing;
};

G_DEFINE_FINAL_TYPE (OflServiceJob, ofl_service_job, G_TYPE_OBJECT)

enum {
  DANGER_CHANGED,
  ENDED,
  DISMISSED,
  GONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
show_danger (OflServiceJob *self, gboolean danger)
{
  if (ofl_dbus_job_get_danger (self->skeleton) == danger)
    return;
  ofl_dbus_job_set_danger (self->skeleton, danger);
  g_signal_emit (self, signals[DANGER_CHANGED], 0);
}

/* The job says so on its own thread; what was dispatched late must not tell of what is over. */
static gboolean
on_danger_told (gpointer data)
{
  OflServiceJob *self = data;
  OflProgressView view;

  ofl_job_read_progress (self->job, &view);
  show_danger (self, self->running && view.danger);
  return G_SOURCE_REMOVE;
}

static char *
make_reason (OflServiceJob *self, gint64 left_ms)
{
  if (left_ms < 0)
    /* Translators: %s is a drive; why the computer must not be switched off now */
    return g_strdup_printf (_ ("Writing firmware to %s, longer than usual"), self->writing);
  /* Translators: %s is a drive; why the computer must not be switched off now */
  return g_strdup_printf (_ ("Writing firmware to %s, about %d s left"), self->writing,
                          (int) MAX ((left_ms + 999) / 1000, 1));
}

/* On the job's thread: the block is held before the command that brings danger is sent. */
static void
on_danger (gboolean danger, gpointer data, char **note)
{
  OflServiceJob *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  OflProgressView view;

  g_idle_add_full (G_PRIORITY_HIGH, on_danger_told, g_object_ref (self), g_object_unref);
  if (!danger)
    {
      ofl_inhibitor_release (self->inhibitor);
      return;
    }
  if (self->writing == NULL)
    self->writing = ofl_local_job_dup_drive_name (OFL_LOCAL_JOB (self->job));
  ofl_job_read_progress (self->job, &view);
  reason = make_reason (self, view.left_ms);
  if (!ofl_inhibitor_take (self->inhibitor, reason, &error))
    {
      g_dbus_error_strip_remote_error (error);
      /* for the log */
      *note = g_strdup_printf ("Shutdown and sleep could not be blocked (%s). Keep the computer on "
                               "until this is over.",
                               ofl_error_english (error));
    }
}

static void
renew_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  OflServiceJob *self = source;
  OflProgressView view;

  ofl_inhibitor_take (self->inhibitor, task_data, NULL);
  /* the drive may have become safe while the new block was on its way */
  ofl_job_read_progress (self->job, &view);
  if (!view.danger)
    ofl_inhibitor_release (self->inhibitor);
  g_task_return_boolean (task, TRUE);
}

static void
on_renewed (GObject *source, GAsyncResult *result, gpointer data)
{
  OFL_SERVICE_JOB (source)->renewing = FALSE;
}

static void
renew_reason (OflServiceJob *self, const OflProgressView *view)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GTask) task = NULL;

  if (!view->danger || self->renewing || !ofl_inhibitor_is_held (self->inhibitor))
    return;
  if (self->renewed_us == 0)
    self->renewed_us = now; /* when it was taken, as near as it matters */
  if (now - self->renewed_us < RENEW_MS * 1000)
    return;
  self->renewed_us = now;
  self->renewing = TRUE;
  task = g_task_new (self, NULL, on_renewed, NULL);
  g_task_set_task_data (task, make_reason (self, view->left_ms), g_free);
  g_task_run_in_thread (task, renew_thread);
}

static void
update_properties (OflServiceJob *self, const OflProgressView *view)
{
  const OflStageView *stage = &view->stages[view->current];
  guint64 now = (guint64) g_get_real_time ();

  ofl_dbus_job_set_stage (self->skeleton, ofl_stage_id (view->current));
  ofl_dbus_job_set_progress (self->skeleton, view->fraction);
  ofl_dbus_job_set_progress_valid (self->skeleton, stage->bytes_total > 0);
  ofl_dbus_job_set_bytes (self->skeleton, stage->bytes_total);
  ofl_dbus_job_set_rate (self->skeleton, (guint64) view->rate);
  ofl_dbus_job_set_expected_end_time (self->skeleton,
                                      view->left_ms > 0 ? now + (guint64) view->left_ms * 1000 : 0);
  ofl_dbus_job_set_cancelable (self->skeleton, view->cancelable);
  ofl_dbus_job_set_finished (self->skeleton, view->finished);
  ofl_dbus_job_set_verdict (self->skeleton, ofl_verdict_id (view->verdict));
  show_danger (self, self->running && view->danger);
}

/* Whoever began it may have gone for good, and the drive is held as long as it is asked. */
static void
look_whether_watched (OflServiceJob *self, const OflProgressView *view)
{
  gint64 now = g_get_monotonic_time ();

  if (view->question != self->question)
    self->asked_us = now;
  self->question = view->question;
  if (view->question != 0
      && now - MAX (self->asked_us, self->polled_us) >= (gint64) self->patience_ms * 1000)
    ofl_local_job_give_up_question (OFL_LOCAL_JOB (self->job), view->question);
}

static gboolean
on_properties_timer (gpointer data)
{
  OflServiceJob *self = data;
  OflProgressView view;

  ofl_job_read_progress (self->job, &view);
  update_properties (self, &view);
  renew_reason (self, &view);
  look_whether_watched (self, &view);
  /* a maker's program that waits for a click becomes one that may be ended only later */
  if (self->closing && view.by_other && view.cancelable)
    g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
on_job_done (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflServiceJob) self = data;
  g_autoptr (GError) error = NULL;
  OflProgressView view;

  self->result = ofl_job_run_finish (self->job, res, &error);
  if (self->result == NULL)
    {
      self->result = ofl_result_new (OFL_VERDICT_FAILED_UNTOUCHED);
      self->result->what = g_strdup (error->message);
    }
  ofl_inhibitor_release (self->inhibitor);
  self->running = FALSE;
  g_clear_handle_id (&self->properties_timer, g_source_remove);
  ofl_job_read_progress (self->job, &view);
  update_properties (self, &view);
  ofl_dbus_job_set_finished (self->skeleton, TRUE);
  ofl_dbus_job_set_verdict (self->skeleton, ofl_verdict_id (self->result->verdict));
  ofl_dbus_job_emit_completed (self->skeleton, ofl_verdict_is_success (self->result->verdict),
                               self->result->what != NULL ? self->result->what : "");
  g_signal_emit (self, signals[ENDED], 0);
}

static gboolean
on_cancel (OflDBusJob *skeleton, GDBusMethodInvocation *invocation, OflServiceJob *self)
{
  OflProgressView view;

  ofl_job_read_progress (self->job, &view);
  if (!self->running || !view.cancelable)
    {
      g_dbus_method_invocation_return_error (
          invocation, OFL_ERROR, self->running ? OFL_ERROR_NOT_SUPPORTED : OFL_ERROR_FAILED, "%s",
          self->running ? _ ("The drive is being written; stopping now would leave it without a "
                             "whole firmware.")
                        : _ ("This job is over."));
      return TRUE;
    }
  g_cancellable_cancel (self->cancellable);
  ofl_dbus_job_complete_cancel (skeleton, invocation);
  return TRUE;
}

static gboolean
on_poll (OflDBusJob *skeleton, GDBusMethodInvocation *invocation, guint64 after, guint max_lines,
         OflServiceJob *self)
{
  g_autoptr (GPtrArray) lines
      = ofl_job_read_log (self->job, after, MIN (max_lines, OFL_WIRE_MAX_LINES));
  g_autoptr (OflQuestion) question = ofl_job_dup_question (self->job);
  OflProgressView view;

  self->polled_us = g_get_monotonic_time ();
  ofl_job_read_progress (self->job, &view);
  /* what was read last must not be older than the end it tells of */
  ofl_dbus_job_complete_poll (skeleton, invocation, ofl_wire_pack_view (&view, question),
                              ofl_wire_pack_lines (lines),
                              ofl_wire_pack_result (self->running ? NULL : self->result));
  return TRUE;
}

static gboolean
on_answer (OflDBusJob *skeleton, GDBusMethodInvocation *invocation, guint number, gboolean yes,
           OflServiceJob *self)
{
  if (!ofl_job_answer (self->job, number, yes))
    {
      g_dbus_method_invocation_return_error (invocation, OFL_ERROR, OFL_ERROR_FAILED, "%s",
                                             _ ("There is nothing to answer any more."));
      return TRUE;
    }
  ofl_dbus_job_complete_answer (skeleton, invocation);
  return TRUE;
}

static gboolean
on_lingered (gpointer data)
{
  OflServiceJob *self = data;

  self->linger_timer = 0;
  g_signal_emit (self, signals[GONE], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
on_dismiss (OflDBusJob *skeleton, GDBusMethodInvocation *invocation, OflServiceJob *self)
{
  if (self->running)
    {
      g_dbus_method_invocation_return_error (invocation, OFL_ERROR, OFL_ERROR_BUSY, "%s",
                                             _ ("This job still runs."));
      return TRUE;
    }
  ofl_dbus_job_complete_dismiss (skeleton, invocation);
  if (self->dismissed)
    return TRUE;
  self->dismissed = TRUE;
  self->linger_timer = g_timeout_add_seconds (LINGER_SECONDS, on_lingered, self);
  g_signal_emit (self, signals[DISMISSED], 0);
  return TRUE;
}

static void
ofl_service_job_dispose (GObject *object)
{
  OflServiceJob *self = OFL_SERVICE_JOB (object);

  g_clear_handle_id (&self->properties_timer, g_source_remove);
  g_clear_handle_id (&self->linger_timer, g_source_remove);
  if (self->skeleton != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->skeleton, self);
      g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
    }
  g_clear_object (&self->skeleton);
  G_OBJECT_CLASS (ofl_service_job_parent_class)->dispose (object);
}

static void
ofl_service_job_finalize (GObject *object)
{
  OflServiceJob *self = OFL_SERVICE_JOB (object);

  g_clear_object (&self->job);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->result, ofl_result_free);
  g_clear_pointer (&self->inhibitor, ofl_inhibitor_free);
  g_free (self->path);
  g_free (self->drive);
  g_clear_pointer (&self->expected, ofl_snapshot_unref);
  g_free (self->writing);
  G_OBJECT_CLASS (ofl_service_job_parent_class)->finalize (object);
}

static void
ofl_service_job_class_init (OflServiceJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ofl_service_job_dispose;
  object_class->finalize = ofl_service_job_finalize;
  signals[DANGER_CHANGED] = g_signal_new ("danger-changed", OFL_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", OFL_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[DISMISSED] = g_signal_new ("dismissed", OFL_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  signals[GONE] = g_signal_new ("gone", OFL_TYPE_SERVICE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
ofl_service_job_init (OflServiceJob *self)
{
  self->cancellable = g_cancellable_new ();
  self->inhibitor = ofl_inhibitor_new ();
  self->patience_ms = PATIENCE_MS;
  self->skeleton = ofl_dbus_job_skeleton_new ();
  g_signal_connect (self->skeleton, "handle-cancel", G_CALLBACK (on_cancel), self);
  g_signal_connect (self->skeleton, "handle-poll", G_CALLBACK (on_poll), self);
  g_signal_connect (self->skeleton, "handle-answer", G_CALLBACK (on_answer), self);
  g_signal_connect (self->skeleton, "handle-dismiss", G_CALLBACK (on_dismiss), self);
}

/**
 * ofl_service_job_new:
 * @number: number in the object path
 * @job: the job, not started
 * @drive: what the client called the drive
 * @expected: (nullable): the drive as the user saw it
 *
 * Returns: (transfer full): its object, not exported yet
 */
OflServiceJob *
ofl_service_job_new (guint number, OflLocalJob *job, const char *drive, OflSnapshot *expected)
{
  OflServiceJob *self = g_object_new (OFL_TYPE_SERVICE_JOB, NULL);
  g_autofree char *serial = NULL;

  self->job = OFL_JOB (g_object_ref (job));
  self->path = g_strdup_printf (OFL_SERVICE_PATH "/jobs/%u", number);
  self->drive = g_strdup (drive);
  self->expected = expected != NULL ? ofl_snapshot_ref (expected) : NULL;
  ofl_dbus_job_set_operation (self->skeleton, ofl_wire_job_kind_id (ofl_job_get_kind (self->job)));
  ofl_dbus_job_set_title (self->skeleton, ofl_job_get_title (self->job));
  ofl_dbus_job_set_drive (self->skeleton, drive);
  serial = g_utf8_make_valid (expected != NULL ? ofl_snapshot_identity (expected)->serial : "", -1);
  ofl_dbus_job_set_serial (self->skeleton, serial);
  ofl_dbus_job_set_start_time (self->skeleton, (guint64) g_get_real_time ());
  ofl_dbus_job_set_verdict (self->skeleton, ofl_verdict_id (OFL_VERDICT_NONE));
  ofl_dbus_job_set_stage (self->skeleton, ofl_stage_id (OFL_STAGE_IDENTIFY));
  return self;
}

/**
 * ofl_service_job_export:
 * @self: a job's object
 * @connection: the bus
 * @error: return location
 *
 * Returns: whether it is on the bus now
 */
gboolean
ofl_service_job_export (OflServiceJob *self, GDBusConnection *connection, GError **error)
{
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           self->path, error);
}

/**
 * ofl_service_job_start:
 * @self: a job's object
 */
void
ofl_service_job_start (OflServiceJob *self)
{
  self->running = TRUE;
  self->polled_us = g_get_monotonic_time ();
  self->properties_timer = g_timeout_add (PROPERTIES_MS, on_properties_timer, self);
  ofl_local_job_set_danger_func (OFL_LOCAL_JOB (self->job), on_danger, self);
  ofl_job_run_async (self->job, self->cancellable, on_job_done, g_object_ref (self));
}

/**
 * ofl_service_job_set_patience:
 * @self: a job's object
 * @ms: for how long nobody need look at it while it asks something, ms; then the answer is no
 */
void
ofl_service_job_set_patience (OflServiceJob *self, guint ms)
{
  self->patience_ms = ms;
}

/**
 * ofl_service_job_cancel_if_possible:
 * @self: a job's object
 *
 * The session ends: stops what has not begun to write; what has goes on.
 */
void
ofl_service_job_cancel_if_possible (OflServiceJob *self)
{
  OflProgressView view;

  self->closing = TRUE;
  if (!self->running)
    return;
  ofl_job_read_progress (self->job, &view);
  if (view.cancelable)
    g_cancellable_cancel (self->cancellable);
}

/**
 * ofl_service_job_get_path:
 * @self: a job's object
 *
 * Returns: its object path
 */
const char *
ofl_service_job_get_path (OflServiceJob *self)
{
  return self->path;
}

/**
 * ofl_service_job_get_drive:
 * @self: a job's object
 *
 * Returns: what the client called the drive
 */
const char *
ofl_service_job_get_drive (OflServiceJob *self)
{
  return self->drive;
}

/**
 * ofl_service_job_get_expected:
 * @self: a job's object
 *
 * Returns: (nullable): who the user saw that the drive is
 */
const OflIdentity *
ofl_service_job_get_expected (OflServiceJob *self)
{
  return self->expected != NULL ? ofl_snapshot_identity (self->expected) : NULL;
}

/**
 * ofl_service_job_get_title:
 * @self: a job's object
 *
 * Returns: its title
 */
const char *
ofl_service_job_get_title (OflServiceJob *self)
{
  return ofl_job_get_title (self->job);
}

/**
 * ofl_service_job_is_running:
 * @self: a job's object
 *
 * Returns: whether it has not ended
 */
gboolean
ofl_service_job_is_running (OflServiceJob *self)
{
  return self->running;
}

static void
add_word (GVariantBuilder *builder, const char *name, const char *word)
{
  g_variant_builder_add (builder, "{sv}", name,
                         g_variant_new_take_string (g_utf8_make_valid (word, -1)));
}

/**
 * ofl_service_job_describe:
 * @self: a job's object
 *
 * Returns: (transfer floating): which drive it holds and whether that must not lose power, a{sv}
 */
GVariant *
ofl_service_job_describe (OflServiceJob *self)
{
  const OflIdentity *identity = ofl_service_job_get_expected (self);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_word (&builder, "drive", self->drive);
  if (identity != NULL)
    {
      add_word (&builder, "vendor", identity->vendor);
      add_word (&builder, "product", identity->product);
      add_word (&builder, "serial", identity->serial);
    }
  add_word (&builder, "operation", ofl_dbus_job_get_operation (self->skeleton));
  g_variant_builder_add (&builder, "{sv}", "job", g_variant_new_object_path (self->path));
  g_variant_builder_add (&builder, "{sv}", "danger",
                         g_variant_new_boolean (ofl_dbus_job_get_danger (self->skeleton)));
  return g_variant_builder_end (&builder);
}

/**
 * ofl_service_job_is_dismissed:
 * @self: a job's object
 *
 * Returns: whether somebody has seen its end: it is listed no more
 */
gboolean
ofl_service_job_is_dismissed (OflServiceJob *self)
{
  return self->dismissed;
}
