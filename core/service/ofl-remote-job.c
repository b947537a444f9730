/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polls the job's object, one call under way at a time, and keeps what came last, so that reading
 * progress and log never waits. */
#include "service/ofl-remote-job.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

#define POLL_MS 50
#define POLL_LINES 120
/* The service answers a poll within milliseconds; after this it is gone or stuck. */
#define CALL_TIMEOUT_MS 10000
/* Lines kept here; the journal has them all. */
#define KEEP_LINES 4096

struct _OflRemoteJob {
  OflJob parent_instance;

  OflDBusManager *manager;
  OflDBusJob *proxy;
  OflJobKind kind;
  char *drive;
  char *title;
  OflSnapshot *expected;
  OflImage *image;
  OflJobOptions *options;
  double practice_speed;

  GTask *task; /* while it runs */
  GCancellable *cancellable;
  gulong cancel_id;
  guint poll_timer;
  gboolean polling;
  OflProgressView view;
  GPtrArray *lines;
  guint64 last_seq;
};

G_DEFINE_FINAL_TYPE (OflRemoteJob, ofl_remote_job, OFL_TYPE_JOB)

static void
stop (OflRemoteJob *self)
{
  g_clear_handle_id (&self->poll_timer, g_source_remove);
  if (self->cancel_id != 0)
    g_cancellable_disconnect (self->cancellable, self->cancel_id);
  self->cancel_id = 0;
}

/* Lines that the window has not fetched yet are few; the oldest fall out. */
static void
keep_lines (OflRemoteJob *self, GVariant *variant)
{
  ofl_wire_unpack_lines (variant, self->lines);
  if (self->lines->len > 0)
    self->last_seq = ((const OflLogLine *) g_ptr_array_index (self->lines, self->lines->len - 1))->seq;
  if (self->lines->len > KEEP_LINES)
    g_ptr_array_remove_range (self->lines, 0, self->lines->len - KEEP_LINES);
}

static void
finish_with (OflRemoteJob *self, OflResult *result)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  stop (self);
  self->view.finished = TRUE;
  self->view.danger = FALSE;
  self->view.cancelable = FALSE;
  self->view.verdict = result->verdict;
  if (ofl_verdict_is_success (result->verdict))
    self->view.fraction = 1;
  g_task_return_pointer (task, result, (GDestroyNotify) ofl_result_unref);
}

/* The service has gone while the job ran: nobody knows more than the journal. What was last heard
 * of it is a moment old, so only a job that never writes has left the drive untouched. */
static void
finish_lost (OflRemoteJob *self, const GError *error)
{
  gboolean writes = self->kind == OFL_JOB_FLASH;
  OflResult *result = ofl_result_new (writes ? OFL_VERDICT_UNKNOWN : OFL_VERDICT_FAILED_UNTOUCHED);

  result->what = g_strdup ("The Optiflash service ended before the job did.");
  result->meaning = g_strdup (writes ? "The job was to write to the drive, and nobody knows how far "
                                       "it got."
                                     : "The job only reads, so the drive is as it was.");
  result->next = g_strdup ("Leave the drive connected and look at its state again; the journal says "
                           "what was done last.");
  result->technical = g_strdup (error->message);
  finish_with (self, result);
}

static void
on_polled (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  g_autoptr (GVariant) boxed = NULL;
  g_autoptr (GVariant) view = NULL;
  g_autoptr (GVariant) lines = NULL;
  g_autoptr (GVariant) end = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OflResult) result = NULL;
  OflProgressView seen;

  self->polling = FALSE;
  if (!ofl_dbus_job_call_poll_finish (OFL_DBUS_JOB (source), &boxed, &lines, &end, res, &error))
    {
      if (self->task != NULL)
        finish_lost (self, error);
      return;
    }
  if (self->task == NULL)
    return;
  view = g_variant_get_variant (boxed);
  if (ofl_wire_unpack_view (view, &seen))
    self->view = seen;
  keep_lines (self, lines);
  result = ofl_wire_unpack_result (end);
  /* the end counts when its last line has come too */
  if (result != NULL && g_variant_n_children (lines) < POLL_LINES)
    finish_with (self, g_steal_pointer (&result));
}

static gboolean
on_poll_timer (gpointer data)
{
  OflRemoteJob *self = data;

  if (self->polling || self->proxy == NULL)
    return G_SOURCE_CONTINUE;
  self->polling = TRUE;
  ofl_dbus_job_call_poll (self->proxy, self->last_seq, POLL_LINES, NULL, on_polled,
                          g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static gboolean
send_cancel (gpointer data)
{
  OflRemoteJob *self = data;

  if (self->proxy != NULL && self->task != NULL)
    ofl_dbus_job_call_cancel (self->proxy, NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* May come from any thread; the call belongs to the main loop. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, send_cancel, g_object_ref (data), g_object_unref);
}

static void
follow (OflRemoteJob *self)
{
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->proxy), CALL_TIMEOUT_MS);
  self->poll_timer = g_timeout_add (POLL_MS, on_poll_timer, self);
  if (self->cancellable != NULL)
    self->cancel_id = g_cancellable_connect (self->cancellable, G_CALLBACK (on_cancelled), self,
                                             NULL);
  on_poll_timer (self);
}

static void
fail_start (OflRemoteJob *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  stop (self);
  g_dbus_error_strip_remote_error (error);
  g_task_return_error (task, error);
}

static void
on_proxy (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  GError *error = NULL;

  self->proxy = ofl_dbus_job_proxy_new_finish (res, &error);
  if (self->task == NULL) /* left meanwhile */
    g_clear_error (&error);
  else if (self->proxy == NULL)
    fail_start (self, error);
  else
    follow (self);
}

static void
on_started (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autoptr (OflRemoteJob) self = data;
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (!ofl_dbus_manager_call_start_job_finish (self->manager, &path, NULL, res, &error))
    {
      if (self->task != NULL)
        fail_start (self, error);
      else
        g_error_free (error);
      return;
    }
  ofl_dbus_job_proxy_new (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->manager)),
                          G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES
                              | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
                          OFL_SERVICE_NAME, path, NULL, on_proxy, g_object_ref (self));
}

/**
 * ofl_remote_job_leave:
 * @self: a job that runs
 *
 * Stops watching; the job goes on in the service. Its run_finish() gives %G_IO_ERROR_CANCELLED.
 */
void
ofl_remote_job_leave (OflRemoteJob *self)
{
  if (self->task != NULL)
    fail_start (self, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                   "The job goes on in the Optiflash service."));
}

/**
 * ofl_remote_job_get_path:
 * @self: a job
 *
 * Returns: (nullable): its object path; %NULL while it is being started
 */
const char *
ofl_remote_job_get_path (OflRemoteJob *self)
{
  return self->proxy != NULL ? g_dbus_proxy_get_object_path (G_DBUS_PROXY (self->proxy)) : NULL;
}

/**
 * ofl_remote_job_get_kind:
 * @self: a job
 *
 * Returns: what it does
 */
OflJobKind
ofl_remote_job_get_kind (OflRemoteJob *self)
{
  return self->kind;
}

/**
 * ofl_remote_job_get_verdict:
 * @self: a job that was found in the service
 *
 * Returns: its verdict's word as of then, "none" while it ran
 */
const char *
ofl_remote_job_get_verdict (OflRemoteJob *self)
{
  const char *verdict = self->proxy != NULL ? ofl_dbus_job_get_verdict (self->proxy) : NULL;

  return verdict != NULL ? verdict : ofl_verdict_id (OFL_VERDICT_NONE);
}

/* The image travels as a sealed file in memory: nobody can change it on the way. */
static GUnixFDList *
make_descriptors (OflImage *image, GError **error)
{
  gsize length, done = 0;
  const guint8 *data = ofl_image_get_data (image, &length);
  g_autoptr (GUnixFDList) fds = NULL;
  int fd = memfd_create ("optiflash-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  while (fd >= 0 && done < length)
    {
      gssize n = write (fd, data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (gsize) n;
    }
  if (fd < 0 || done < length)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
                   "The image cannot be handed to the service: %s.", g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  return g_steal_pointer (&fds);
}

static GVariant *
pack_expected (const OflSnapshot *expected)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  if (expected != NULL)
    {
      const OflIdentity *id = ofl_snapshot_identity (expected);

      if (g_utf8_validate (id->vendor, -1, NULL) && g_utf8_validate (id->product, -1, NULL)
          && g_utf8_validate (id->serial, -1, NULL))
        {
          g_variant_builder_add (&builder, "{ss}", "vendor", id->vendor);
          g_variant_builder_add (&builder, "{ss}", "product", id->product);
          g_variant_builder_add (&builder, "{ss}", "serial", id->serial);
        }
    }
  return g_variant_builder_end (&builder);
}

static void
ofl_remote_job_run_async (OflJob *job,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;

  g_return_if_fail (self->task == NULL);
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, ofl_remote_job_run_async);
  g_task_set_check_cancellable (self->task, FALSE);
  g_set_object (&self->cancellable, cancellable);
  if (self->proxy != NULL)
    {
      follow (self);
      return;
    }
  if (self->image != NULL)
    {
      fds = make_descriptors (self->image, &error);
      if (fds == NULL)
        {
          fail_start (self, error);
          return;
        }
    }
  ofl_dbus_manager_call_start_job (
      self->manager, ofl_wire_job_kind_id (self->kind), self->drive,
      pack_expected (self->expected),
      ofl_wire_pack_options (self->options, self->image, self->practice_speed),
      fds != NULL ? 0 : -1, fds, NULL, on_started, g_object_ref (self));
}

/* A backup goes into the service's own folder, the only one it may write; where the user named a
 * file, it is copied from there by the client, which has the user's rights. */
static gboolean
copy_backup (OflResult *result, const char *wanted, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (result->backup_path);
  g_autoptr (GFile) to = g_file_new_for_path (wanted);

  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return FALSE;
  g_free (result->backup_path);
  result->backup_path = g_strdup (wanted);
  return TRUE;
}

static OflResult *
ofl_remote_job_run_finish (OflJob *job, GAsyncResult *res, GError **error)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  OflResult *result = g_task_propagate_pointer (G_TASK (res), error);
  g_autoptr (GError) local = NULL;

  if (result == NULL || self->kind != OFL_JOB_BACKUP || self->options == NULL
      || self->options->backup_file == NULL || result->backup_path == NULL
      || result->verdict != OFL_VERDICT_DONE)
    return result;
  if (!copy_backup (result, self->options->backup_file, &local))
    {
      g_free (result->next);
      result->next = g_strdup_printf ("It could not be copied to %s: %s. Copy it yourself.",
                                      self->options->backup_file, local->message);
    }
  return result;
}

static void
ofl_remote_job_read_progress (OflJob *job, OflProgressView *view)
{
  *view = OFL_REMOTE_JOB (job)->view;
}

static GPtrArray *
ofl_remote_job_read_log (OflJob *job, guint64 after_seq, guint max_lines)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);

  for (guint i = 0; i < self->lines->len && lines->len < max_lines; i++)
    {
      const OflLogLine *from = g_ptr_array_index (self->lines, i);
      OflLogLine *line;

      if (from->seq <= after_seq)
        continue;
      line = g_new0 (OflLogLine, 1);
      *line = *from;
      line->text = g_strdup (from->text);
      g_ptr_array_add (lines, line);
    }
  return lines;
}

static char *
ofl_remote_job_dup_title (OflJob *job)
{
  return g_strdup (OFL_REMOTE_JOB (job)->title);
}

static void
ofl_remote_job_finalize (GObject *object)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (object);

  stop (self);
  g_clear_object (&self->manager);
  g_clear_object (&self->proxy);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->expected, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->options, ofl_job_options_free);
  g_ptr_array_unref (self->lines);
  g_free (self->drive);
  g_free (self->title);
  G_OBJECT_CLASS (ofl_remote_job_parent_class)->finalize (object);
}

static void
ofl_remote_job_class_init (OflRemoteJobClass *klass)
{
  OflJobClass *job_class = OFL_JOB_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_remote_job_finalize;
  job_class->run_async = ofl_remote_job_run_async;
  job_class->run_finish = ofl_remote_job_run_finish;
  job_class->read_progress = ofl_remote_job_read_progress;
  job_class->read_log = ofl_remote_job_read_log;
  job_class->dup_title = ofl_remote_job_dup_title;
}

static void
ofl_remote_job_init (OflRemoteJob *self)
{
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  self->view.cancelable = TRUE;
  self->view.left_ms = -1;
  for (guint i = 0; i < OFL_N_STAGES; i++)
    self->view.stages[i].state = OFL_STAGE_STATE_SKIPPED;
}

/**
 * ofl_remote_job_new:
 * @manager: the service
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image
 * @options: (nullable): options, copied
 * @practice_speed: for practice drives
 *
 * Returns: (transfer full): a job that will run in the service
 */
OflJob *
ofl_remote_job_new (OflDBusManager *manager,
                    OflJobKind kind,
                    OflTarget *target,
                    OflSnapshot *expected,
                    OflImage *image,
                    const OflJobOptions *options,
                    double practice_speed)
{
  OflRemoteJob *self = g_object_new (OFL_TYPE_REMOTE_JOB, NULL);
  g_autoptr (OflJob) local = ofl_job_new (kind, target, expected, image, options);

  self->manager = g_object_ref (manager);
  self->kind = kind;
  self->drive = g_strdup (ofl_target_get_id (target));
  self->title = ofl_job_dup_title (local);
  self->expected = expected != NULL ? ofl_snapshot_ref (expected) : NULL;
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->options = options != NULL ? ofl_job_options_copy (options) : ofl_job_options_new ();
  self->practice_speed = practice_speed;
  return OFL_JOB (self);
}

/**
 * ofl_remote_job_new_attached:
 * @manager: the service
 * @proxy: the job's object, its properties loaded
 *
 * Returns: (transfer full): a job that is there already; run_async() attaches to it and ends with
 *   its result
 */
OflJob *
ofl_remote_job_new_attached (OflDBusManager *manager, OflDBusJob *proxy)
{
  OflRemoteJob *self = g_object_new (OFL_TYPE_REMOTE_JOB, NULL);
  const char *operation = ofl_dbus_job_get_operation (proxy);

  self->manager = g_object_ref (manager);
  self->proxy = g_object_ref (proxy);
  self->drive = g_strdup (ofl_dbus_job_get_drive (proxy));
  self->title = g_strdup (ofl_dbus_job_get_title (proxy));
  if (operation == NULL || !ofl_wire_parse_job_kind (operation, &self->kind))
    self->kind = OFL_JOB_FLASH;
  return OFL_JOB (self);
}

/**
 * ofl_remote_job_get_drive:
 * @self: a job
 *
 * Returns: the drive's id
 */
const char *
ofl_remote_job_get_drive (OflRemoteJob *self)
{
  return self->drive;
}

/**
 * ofl_remote_job_dismiss:
 * @self: a job that has ended
 *
 * The user has seen its end; the service forgets it.
 */
void
ofl_remote_job_dismiss (OflRemoteJob *self)
{
  if (self->proxy != NULL && self->task == NULL)
    ofl_dbus_job_call_dismiss (self->proxy, NULL, NULL, NULL);
}
