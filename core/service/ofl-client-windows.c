/* SPDX-License-Identifier: GPL-3.0-or-later */
/* There is no session service on Windows: jobs run in the program that started them. */
#include "service/ofl-client.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-local-job.h"
#include "scsi/ofl-error.h"

struct _OflClient {
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (OflClient, ofl_client, G_TYPE_OBJECT)

static void
ofl_client_class_init (OflClientClass *klass)
{
  /* never emitted: nobody else has jobs */
  g_signal_new ("job-added", OFL_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
ofl_client_init (OflClient *self)
{
}

/**
 * ofl_client_connect_async:
 * @in_process: not used: there is no other way
 * @cancellable: (nullable): to give up
 * @callback: told when the client is there
 * @user_data: for @callback
 */
void
ofl_client_connect_async (gboolean in_process, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_return_pointer (task, g_object_new (OFL_TYPE_CLIENT, NULL), g_object_unref);
}

/**
 * ofl_client_start_service_async:
 * @cancellable: (nullable): to give up
 * @callback: told that there is none
 * @user_data: for @callback
 */
void
ofl_client_start_service_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  ofl_client_connect_async (TRUE, cancellable, callback, user_data);
}

/**
 * ofl_client_connect_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): a client
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
 * Returns: %FALSE: jobs run in this program
 */
gboolean
ofl_client_is_remote (OflClient *self)
{
  return FALSE;
}

/**
 * ofl_client_can_start_service:
 * @self: a client
 *
 * Returns: %FALSE: there is no service
 */
gboolean
ofl_client_can_start_service (OflClient *self)
{
  return FALSE;
}

/**
 * ofl_client_runs_here:
 * @self: a client
 * @target: a drive
 *
 * Returns: %TRUE: jobs run in this program
 */
gboolean
ofl_client_runs_here (OflClient *self, const OflTarget *target)
{
  return TRUE;
}

/**
 * ofl_client_get_note:
 * @self: a client
 *
 * Returns: why jobs run in this process, for people
 */
const char *
ofl_client_get_note (OflClient *self)
{
  return _ (
      "On Windows jobs run in this program: leave its window open until they end, and do not log "
      "off.");
}

/**
 * ofl_client_new_job:
 * @self: a client
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): what it was when the user chose it
 * @image: (nullable): what to write
 * @options: how
 * @practice_speed: not used
 *
 * Returns: (transfer full): a job that has not been started
 */
OflJob *
ofl_client_new_job (OflClient *self, OflJobKind kind, OflTarget *target, OflSnapshot *expected,
                    OflImage *image, const OflJobOptions *options, double practice_speed)
{
  return ofl_local_job_new (kind, target, expected, image, options);
}

/**
 * ofl_client_list_jobs_async:
 * @self: a client
 * @cancellable: (nullable): to give up
 * @callback: told of the jobs
 * @user_data: for @callback
 */
void
ofl_client_list_jobs_async (OflClient *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_return_pointer (task, g_ptr_array_new_with_free_func (g_object_unref),
                         (GDestroyNotify) g_ptr_array_unref);
}

/**
 * ofl_client_list_jobs_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (element-type OflJob): none
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
 * Nothing is sent to anybody.
 */
void
ofl_client_flush (OflClient *self)
{
}
