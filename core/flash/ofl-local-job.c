/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job in this process, on a worker thread of its own. */
#include "flash/ofl-local-job.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-guard.h"
#include "flash/ofl-work.h"
#include "scsi/ofl-error.h"

struct _OflLocalJob {
  OflJob parent_instance;

  OflWork *work; /* the thread's while it runs */
  OflProgress *progress;
  OflAsker *asker;
  gboolean started;
  gboolean guarded; /* by OFL_GUARD_DANGER; the thread's */
  OflDangerFunc danger_func;
  gpointer danger_data;
  gpointer func_data; /* of a job that is not by a plan */
  GDestroyNotify func_destroy;
};

G_DEFINE_FINAL_TYPE (OflLocalJob, ofl_local_job, OFL_TYPE_JOB)

/* One job a drive: ids of the drives that have one, and its title. */
static GMutex running_lock;
static GHashTable *running;

static gboolean
claim_drive (OflJob *self, GError **error)
{
  g_autofree char *other = NULL;

  g_mutex_lock (&running_lock);
  if (running == NULL)
    running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  other = g_strdup (g_hash_table_lookup (running, ofl_job_get_drive (self)));
  if (other == NULL)
    g_hash_table_insert (running, g_strdup (ofl_job_get_drive (self)),
                         g_strdup (ofl_job_get_title (self)));
  g_mutex_unlock (&running_lock);
  if (other == NULL)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_BUSY,
                 _ ("A job runs on this drive already: %s. Wait until it has ended."), other);
  return FALSE;
}

static void
release_drive (OflJob *self)
{
  g_mutex_lock (&running_lock);
  g_hash_table_remove (running, ofl_job_get_drive (self));
  g_mutex_unlock (&running_lock);
}

/* From the first dangerous command to the end of the job, for after it there is nothing to cancel
 * any more, only to prove. */
static void
on_danger (gboolean danger, gpointer data, char **note)
{
  OflLocalJob *self = data;

  if (danger && !self->guarded)
    {
      ofl_guard_begin (OFL_GUARD_DANGER);
      self->guarded = TRUE;
    }
  if (self->danger_func != NULL)
    self->danger_func (danger, self->danger_data, note);
}

static OflResult *
execute (OflLocalJob *self)
{
  OflResult *result;

  ofl_guard_begin (OFL_GUARD_JOB);
  result = ofl_work_execute (self->work);
  release_drive (OFL_JOB (self));
  if (self->guarded)
    ofl_guard_end (OFL_GUARD_DANGER);
  self->guarded = FALSE;
  ofl_guard_end (OFL_GUARD_JOB);
  return result;
}

static gpointer
work_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  OflResult *result = execute (g_task_get_source_object (task));

  g_task_return_pointer (task, result, (GDestroyNotify) ofl_result_free);
  return NULL;
}

static void
ofl_local_job_run_async (OflJob *job, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, ofl_local_job_run_async);
  /* a finished write must never be reported as cancelled */
  g_task_set_check_cancellable (task, FALSE);
  if (self->started || !claim_drive (job, &error))
    {
      if (error == NULL)
        error = g_error_new (OFL_ERROR, OFL_ERROR_BUSY, "%s",
                             _ ("This job has been started already."));
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  self->started = TRUE;
  self->work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_thread_unref (g_thread_new ("ofl-job", work_thread, task));
}

/* It may hold a process that waits for this job. */
static void
forget_func (OflLocalJob *self)
{
  if (self->func_destroy != NULL)
    self->func_destroy (self->func_data);
  self->func_destroy = NULL;
}

static OflResult *
ofl_local_job_run_finish (OflJob *job, GAsyncResult *result, GError **error)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);

  /* images, plans and backups go; progress, log and result are what a finished job is asked for */
  if (self->started)
    {
      g_clear_pointer (&self->work, ofl_work_free);
      forget_func (self);
    }
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ofl_local_job_read_progress (OflJob *job, OflProgressView *view)
{
  OflLocalJob *self = OFL_LOCAL_JOB (job);

  ofl_progress_read (self->progress, view);
  view->question = ofl_asker_get_number (self->asker);
  /* how long a person thinks is no part of what is usual */
  if (view->question != 0)
    view->stages[view->current].fraction = 0;
}

static GPtrArray *
ofl_local_job_read_log (OflJob *job, guint64 after_seq, guint max_lines)
{
  return ofl_progress_read_log (OFL_LOCAL_JOB (job)->progress, after_seq, max_lines);
}

static const char *
ofl_local_job_get_verdict (OflJob *job)
{
  OflProgressView view;

  ofl_progress_read (OFL_LOCAL_JOB (job)->progress, &view);
  return ofl_verdict_id (view.verdict);
}

static OflQuestion *
ofl_local_job_dup_question (OflJob *job)
{
  return ofl_asker_dup_question (OFL_LOCAL_JOB (job)->asker);
}

static gboolean
ofl_local_job_answer (OflJob *job, guint number, gboolean yes)
{
  return ofl_asker_answer (OFL_LOCAL_JOB (job)->asker, number,
                           yes ? OFL_ANSWER_YES : OFL_ANSWER_NO);
}

static void
ofl_local_job_finalize (GObject *object)
{
  OflLocalJob *self = OFL_LOCAL_JOB (object);

  g_clear_pointer (&self->work, ofl_work_free);
  g_clear_pointer (&self->progress, ofl_progress_unref);
  g_clear_pointer (&self->asker, ofl_asker_unref);
  forget_func (self);
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
  job_class->get_verdict = ofl_local_job_get_verdict;
  job_class->dup_question = ofl_local_job_dup_question;
  job_class->answer = ofl_local_job_answer;
}

static void
ofl_local_job_init (OflLocalJob *self)
{
}

static OflLocalJob *
make_job (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
          const OflJobOptions *options)
{
  g_autofree char *title = ofl_job_make_title (kind, target, expected, image);
  OflLocalJob *self = g_object_new (OFL_TYPE_LOCAL_JOB, NULL);

  self->work = ofl_work_new (kind, target, expected, image, options);
  self->progress = ofl_progress_ref (self->work->progress);
  self->asker = ofl_asker_ref (self->work->asker);
  ofl_job_set_up (OFL_JOB (self), kind, ofl_target_get_id (target), title);
  ofl_progress_set_danger_func (self->progress, on_danger, self);
  return self;
}

/**
 * ofl_local_job_new:
 * @kind: what to do
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it when choosing; another one is refused
 * @image: (nullable): the image; %NULL only for %OFL_JOB_BACKUP
 * @options: (nullable): options, copied
 *
 * Returns: (transfer full): a job that runs on a worker thread of this process
 */
OflJob *
ofl_local_job_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
                   const OflJobOptions *options)
{
  g_return_val_if_fail (image != NULL || kind == OFL_JOB_BACKUP, NULL);
  return OFL_JOB (make_job (kind, target, expected, image, options));
}

/**
 * ofl_local_job_new_other:
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it when choosing; another one is refused
 * @image: (nullable): what is to be written, as far as that is known
 * @options: (nullable): options, copied
 * @func: what is done once the drive has said who it is; on the job's thread
 * @data: for @func
 * @destroy: (nullable): for @data
 *
 * Returns: (transfer full): a job of %OFL_JOB_UPDATER that runs on a worker thread of this process
 */
OflJob *
ofl_local_job_new_other (OflTarget *target, OflSnapshot *expected, OflImage *image,
                         const OflJobOptions *options, OflWorkFunc func, gpointer data,
                         GDestroyNotify destroy)
{
  OflLocalJob *self = make_job (OFL_JOB_UPDATER, target, expected, image, options);

  self->work->func = func;
  self->work->func_data = data;
  self->func_data = data;
  self->func_destroy = destroy;
  return OFL_JOB (self);
}

/**
 * ofl_local_job_set_danger_func:
 * @self: a job that has not been started
 * @func: told on the worker's thread when danger begins and ends
 * @data: for @func; must outlive the job's run
 */
void
ofl_local_job_set_danger_func (OflLocalJob *self, OflDangerFunc func, gpointer data)
{
  self->danger_func = func;
  self->danger_data = data;
}

/**
 * ofl_local_job_dup_drive_name:
 * @self: a job; before it starts, or on its own thread
 *
 * Returns: (transfer full): its drive's name, as far as it is known by now
 */
char *
ofl_local_job_dup_drive_name (OflLocalJob *self)
{
  return ofl_work_describe (self->work);
}

/**
 * ofl_local_job_give_up_question:
 * @self: a job
 * @number: of what it asks
 *
 * Nobody is there to answer: it counts as not agreed to, and the job's end says why.
 */
void
ofl_local_job_give_up_question (OflLocalJob *self, guint number)
{
  ofl_asker_answer (self->asker, number, OFL_ANSWER_NOBODY);
}

/**
 * ofl_local_job_run_blocking:
 * @self: a job that has not been started
 * @cancellable: (nullable): counts until the point of no return
 *
 * Runs the job on the calling thread: for worker threads and tests.
 *
 * Returns: (transfer full): how it ended
 */
OflResult *
ofl_local_job_run_blocking (OflLocalJob *self, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  OflResult *result;

  if (self->started || !claim_drive (OFL_JOB (self), &error))
    {
      result = ofl_result_new (OFL_VERDICT_FAILED_UNTOUCHED);
      result->what
          = g_strdup (error != NULL ? error->message : _ ("This job has been started already."));
      return result;
    }
  self->started = TRUE;
  self->work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  return execute (self);
}
