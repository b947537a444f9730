/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-client-private.h"

#include "flash/ofl-local-job.h"
#include "scsi/ofl-error.h"
#include "service/ofl-remote-job.h"
#include "updater/ofl-tape-target.h"

struct _OflClient {
  GObject parent_instance;

  OflDBusManager *manager; /* NULL: in process */
  char *note;
  gboolean can_start;
};

G_DEFINE_FINAL_TYPE (OflClient, ofl_client, G_TYPE_OBJECT)

enum {
  JOB_ADDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_job_added (OflClient *self)
{
  g_signal_emit (self, signals[JOB_ADDED], 0);
}

static void
ofl_client_finalize (GObject *object)
{
  OflClient *self = OFL_CLIENT (object);

  if (self->manager != NULL)
    g_signal_handlers_disconnect_by_data (self->manager, self);
  g_clear_object (&self->manager);
  g_free (self->note);
  G_OBJECT_CLASS (ofl_client_parent_class)->finalize (object);
}

static void
ofl_client_class_init (OflClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_client_finalize;
  signals[JOB_ADDED] = g_signal_new ("job-added", OFL_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
}

static void
ofl_client_init (OflClient *self)
{
}

/**
 * ofl_client_new:
 * @manager: (nullable) (transfer full): the service; %NULL: jobs run in this process
 * @note: (nullable): why they do, for people
 * @can_start: there is no bus, and one could be made
 *
 * Returns: (transfer full): a client
 */
OflClient *
ofl_client_new (OflDBusManager *manager, const char *note, gboolean can_start)
{
  OflClient *self = g_object_new (OFL_TYPE_CLIENT, NULL);

  self->manager = manager;
  self->note = g_strdup (note);
  self->can_start = can_start;
  if (manager != NULL)
    g_signal_connect_swapped (manager, "job-added", G_CALLBACK (on_job_added), self);
  return self;
}

/**
 * ofl_client_can_start_service:
 * @self: a client
 *
 * Returns: whether jobs run in this process for want of a bus alone, and
 *   ofl_client_start_service_async() could make one
 */
gboolean
ofl_client_can_start_service (OflClient *self)
{
  return self->can_start;
}

/**
 * ofl_client_connect_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): a client; without a service its jobs run in this process
 */
OflClient *
ofl_client_connect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ofl_client_is_remote:
 * @self: a client
 *
 * Returns: whether jobs run in the service
 */
gboolean
ofl_client_is_remote (OflClient *self)
{
  return self->manager != NULL;
}

/**
 * ofl_client_runs_here:
 * @self: a client
 * @target: a drive
 *
 * Returns: whether a job on it runs in this process: without a service, and on a drive from a tape, of
 *   which the service knows nothing
 */
gboolean
ofl_client_runs_here (OflClient *self, const OflTarget *target)
{
  return self->manager == NULL || ofl_tape_target_is (target);
}

/**
 * ofl_client_get_note:
 * @self: a client
 *
 * Returns: (nullable): why jobs run in this process though that was not asked for
 */
const char *
ofl_client_get_note (OflClient *self)
{
  return self->note;
}

/**
 * ofl_client_new_job:
 * @self: a client
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image
 * @options: (nullable): options, copied
 * @practice_speed: for practice drives in the service
 *
 * Returns: (transfer full): a job, wherever it will run
 */
OflJob *
ofl_client_new_job (OflClient *self, OflJobKind kind, OflTarget *target, OflSnapshot *expected,
                    OflImage *image, const OflJobOptions *options, double practice_speed)
{
  if (ofl_client_runs_here (self, target))
    return ofl_local_job_new (kind, target, expected, image, options);
  return ofl_remote_job_new (self->manager, kind, target, expected, image, options, practice_speed);
}

/**
 * ofl_client_new_updater_job:
 * @self: a client
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image for this drive that was found in the maker's program
 * @options: (nullable): options, copied
 * @run: (transfer full): how the maker's program is run
 * @practice_speed: for practice drives in the service
 *
 * Returns: (transfer full): a job that lets the maker's program write, wherever it will run
 */
OflJob *
ofl_client_new_updater_job (OflClient *self, OflTarget *target, OflSnapshot *expected,
                            OflImage *image, const OflJobOptions *options, OflUpdaterOptions *run,
                            double practice_speed)
{
  if (ofl_client_runs_here (self, target))
    return ofl_updater_job_new (target, expected, image, options, run);
  return ofl_remote_job_new_updater (self->manager, target, expected, image, options, run,
                                     practice_speed);
}

typedef struct {
  OflDBusManager *manager;
  GPtrArray *jobs;
  guint pending;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_object_unref (listing->manager);
  g_clear_pointer (&listing->jobs, g_ptr_array_unref);
  g_free (listing);
}

static void
listing_step (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);

  if (--listing->pending > 0)
    return;
  g_task_return_pointer (task, g_steal_pointer (&listing->jobs),
                         (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

static void
on_job_proxy (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (OflDBusJob) proxy = ofl_dbus_job_proxy_new_finish (res, NULL);

  /* it may have ended and been dismissed meanwhile */
  if (proxy != NULL && ofl_dbus_job_get_drive (proxy) != NULL)
    g_ptr_array_add (listing->jobs, ofl_remote_job_new_attached (listing->manager, proxy));
  listing_step (task);
}

static void
on_listed (GObject *source, GAsyncResult *res, gpointer data)
{
  GTask *task = data;
  Listing *listing = g_task_get_task_data (task);
  g_auto (GStrv) paths = NULL;
  GError *error = NULL;

  if (!ofl_dbus_manager_call_list_jobs_finish (listing->manager, &paths, res, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  listing->pending = g_strv_length (paths) + 1;
  for (guint i = 0; paths[i] != NULL; i++)
    ofl_dbus_job_proxy_new (g_dbus_proxy_get_connection (G_DBUS_PROXY (listing->manager)),
                            G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS, OFL_SERVICE_NAME, paths[i],
                            NULL, on_job_proxy, task);
  listing_step (task);
}

/**
 * ofl_client_list_jobs_async:
 * @self: a client
 * @cancellable: (nullable): a cancellable
 * @callback: called with the jobs
 * @user_data: for @callback
 *
 * Asks for the jobs that run, and for those that have ended unseen.
 */
void
ofl_client_list_jobs_async (OflClient *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Listing *listing;

  if (self->manager == NULL)
    {
      g_task_return_pointer (task, g_ptr_array_new_with_free_func (g_object_unref),
                             (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }
  listing = g_new0 (Listing, 1);
  listing->manager = g_object_ref (self->manager);
  listing->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, listing, listing_free);
  ofl_dbus_manager_call_list_jobs (self->manager, cancellable, on_listed, task);
}

/**
 * ofl_client_list_jobs_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (element-type OflJob): the jobs
 */
GPtrArray *
ofl_client_list_jobs_finish (OflClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ofl_client_flush:
 * @self: a client
 *
 * Waits until what was said to the service is on its way: for a program that ends now. Not for a
 * main loop that draws.
 */
void
ofl_client_flush (OflClient *self)
{
  if (self->manager != NULL)
    g_dbus_connection_flush_sync (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->manager)), NULL,
                                  NULL);
}
