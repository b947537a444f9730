/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job in this process, on a worker thread of its own. */
#include <pthread.h>

#include "flash/ofl-work.h"
#include "scsi/ofl-error.h"

#define OFL_TYPE_LOCAL_JOB (ofl_local_job_get_type ())
G_DECLARE_FINAL_TYPE (OflLocalJob, ofl_local_job, OFL, LOCAL_JOB, OflJob)

struct _OflLocalJob {
  OflJob parent_instance;

  OflWork *work; /* the thread's while it runs */
  OflProgress *progress;
  char *title;
  char *target_id;
  gboolean started;
};

G_DEFINE_FINAL_TYPE (OflLocalJob, ofl_local_job, OFL_TYPE_JOB)

/* One job a drive: ids of the drives that have one, and its title. */
static pthread_mutex_t running_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *running;

static gboolean
claim_drive (OflLocalJob *self, GError **error)
{
  g_autofree char *other = NULL;

  pthread_mutex_lock (&running_lock);
  if (running == NULL)
    running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  other = g_strdup (g_hash_table_lookup (running, self->target_id));
  if (other == NULL)
    g_hash_table_insert (running, g_strdup (self->target_id), g_strdup (self->title));
  pthread_mutex_unlock (&running_lock);
  if (other == NULL)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_BUSY,
               "A job runs on this drive already: %s. Wait until it has ended.", other);
  return FALSE;
}

static void
release_drive (const char *target_id)
{
  pthread_mutex_lock (&running_lock);
  g_hash_table_remove (running, target_id);
  pthread_mutex_unlock (&running_lock);
}

static gpointer
work_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  OflLocalJob *self = g_task_get_source_object (task);
  OflResult *result = ofl_work_execute (self->work);

  release_drive (self->target_id);
  g_task_return_pointer (task, result, (GDestroyNotify) ofl_result_unref);
  return NULL;
}

static void
ofl_local_job_run_async (OflJob *job,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, ofl_local_job_run_async);
  /* a finished write must never be reported as cancelled */
  g_task_set_check_cancellable (task, FALSE);
  if (self->started || !claim_drive (self, &error))
    {
      if (error == NULL)
        error = g_error_new (OFL_ERROR, OFL_ERROR_BUSY, "This job has been started already.");
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  self->started = TRUE;
  self->work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_thread_unref (g_thread_new ("ofl-job", work_thread, task));
}

static OflResult *
ofl_local_job_run_finish (OflJob *job, GAsyncResult *result, GError **error)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);
  OflProgressView view;

  /* takes the worker's lock once more, so that its last writes are seen here */
  ofl_progress_read (self->progress, &view);
  /* images, plans and backups go; progress, log and result are what a finished job is asked for */
  if (self->started)
    g_clear_pointer (&self->work, ofl_work_free);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ofl_local_job_read_progress (OflJob *job, OflProgressView *view)
{
  ofl_progress_read (OFL_LOCAL_JOB (job)->progress, view);
}

static GPtrArray *
ofl_local_job_read_log (OflJob *job, guint64 after_seq, guint max_lines)
{
  return ofl_progress_read_log (OFL_LOCAL_JOB (job)->progress, after_seq, max_lines);
}

static char *
ofl_local_job_dup_title (OflJob *job)
{
  return g_strdup (OFL_LOCAL_JOB (job)->title);
}

static void
ofl_local_job_finalize (GObject *object)
{
  OflLocalJob *self = OFL_LOCAL_JOB (object);

  g_clear_pointer (&self->work, ofl_work_free);
  g_clear_pointer (&self->progress, ofl_progress_unref);
  g_free (self->title);
  g_free (self->target_id);
  G_OBJECT_CLASS (ofl_local_job_parent_class)->finalize (object);
}

static void
ofl_local_job_class_init (OflLocalJobClass *klass)
{
  OflJobClass *job_class = OFL_JOB_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_local_job_finalize;
  job_class->run_async = ofl_local_job_run_async;
  job_class->run_finish = ofl_local_job_run_finish;
  job_class->read_progress = ofl_local_job_read_progress;
  job_class->read_log = ofl_local_job_read_log;
  job_class->dup_title = ofl_local_job_dup_title;
}

static void
ofl_local_job_init (OflLocalJob *self)
{
}

static char *
make_title (OflJobKind kind, const OflWork *work)
{
  g_autofree char *drive = ofl_work_describe (work);
  g_autofree char *image = work->image != NULL ? ofl_image_describe (work->image) : g_strdup ("");

  switch (kind)
    {
    case OFL_JOB_FLASH:
      return g_strdup_printf ("Write %s to %s", image, drive);
    case OFL_JOB_BACKUP:
      return g_strdup_printf ("Back up %s", drive);
    case OFL_JOB_VERIFY:
      return g_strdup_printf ("Compare %s with %s", drive, image);
    default:
      return g_strdup (drive);
    }
}

/**
 * ofl_job_new:
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it when choosing; another one is refused
 * @image: (nullable): the image; %NULL only for %OFL_JOB_BACKUP
 * @options: (nullable): options, copied
 *
 * Returns: (transfer full): a job that runs on a worker thread of this process
 */
OflJob *
ofl_job_new (OflJobKind kind,
             OflTarget *target,
             OflSnapshot *expected,
             OflImage *image,
             const OflJobOptions *options)
{
  OflLocalJob *self;

  g_return_val_if_fail (image != NULL || kind == OFL_JOB_BACKUP, NULL);
  self = g_object_new (OFL_TYPE_LOCAL_JOB, NULL);
  self->work = ofl_work_new (kind, target, expected, image, options);
  self->progress = ofl_progress_ref (self->work->progress);
  self->title = make_title (kind, self->work);
  self->target_id = g_strdup (ofl_target_get_id (target));
  return OFL_JOB (self);
}

/**
 * ofl_job_set_danger_func:
 * @job: a job made by ofl_job_new() that has not been started
 * @func: told on the worker's thread when danger begins and ends
 * @data: for @func; must outlive the job's run
 */
void
ofl_job_set_danger_func (OflJob *job, OflDangerFunc func, gpointer data)
{
  ofl_progress_set_danger_func (OFL_LOCAL_JOB (job)->progress, func, data);
}

/**
 * ofl_job_dup_drive_name:
 * @job: a job made by ofl_job_new(); before it starts, or on its own thread
 *
 * Returns: (transfer full): its drive's name, as far as it is known by now
 */
char *
ofl_job_dup_drive_name (OflJob *job)
{
  return ofl_work_describe (OFL_LOCAL_JOB (job)->work);
}

/**
 * ofl_job_run_blocking:
 * @self: a job made by ofl_job_new() that has not been started
 * @cancellable: (nullable): counts until the point of no return
 *
 * Runs the job on the calling thread: for worker threads and tests.
 *
 * Returns: (transfer full): how it ended
 */
OflResult *
ofl_job_run_blocking (OflJob *job, GCancellable *cancellable)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);
  g_autoptr (GError) error = NULL;
  OflResult *result;

  if (self->started || !claim_drive (self, &error))
    {
      result = ofl_result_new (OFL_VERDICT_FAILED_UNTOUCHED);
      result->what = g_strdup (error != NULL ? error->message : "This job has been started already.");
      return result;
    }
  self->started = TRUE;
  self->work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  result = ofl_work_execute (self->work);
  release_drive (self->target_id);
  return result;
}
