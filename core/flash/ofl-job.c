/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job, wherever it runs: the class and its options. */
#include "flash/ofl-job.h"

G_DEFINE_ABSTRACT_TYPE (OflJob, ofl_job, G_TYPE_OBJECT)

static void
ofl_job_class_init (OflJobClass *klass)
{
}

static void
ofl_job_init (OflJob *self)
{
}

/**
 * ofl_job_options_new:
 *
 * Returns: (transfer full): options with every safety on
 */
OflJobOptions *
ofl_job_options_new (void)
{
  return g_new0 (OflJobOptions, 1);
}

/**
 * ofl_job_options_copy:
 * @self: options
 *
 * Returns: (transfer full): a copy
 */
OflJobOptions *
ofl_job_options_copy (const OflJobOptions *self)
{
  OflJobOptions *copy = g_new0 (OflJobOptions, 1);

  *copy = *self;
  copy->family = g_strdup (self->family);
  copy->choices = self->choices != NULL ? ofl_choices_ref (self->choices) : NULL;
  copy->backup_dir = g_strdup (self->backup_dir);
  copy->state_dir = g_strdup (self->state_dir);
  copy->backup_file = g_strdup (self->backup_file);
  return copy;
}

/**
 * ofl_job_options_free:
 * @self: (transfer full): options
 */
void
ofl_job_options_free (OflJobOptions *self)
{
  g_free (self->family);
  g_clear_pointer (&self->choices, ofl_choices_unref);
  g_free (self->backup_dir);
  g_free (self->state_dir);
  g_free (self->backup_file);
  g_free (self);
}

/**
 * ofl_job_run_async:
 * @self: a job that has not been started
 * @cancellable: (nullable): counts until the point of no return
 * @callback: called on the caller's main context when it is over
 * @user_data: for @callback
 *
 * Starts the job. Its progress and log can be read meanwhile.
 */
void
ofl_job_run_async (OflJob *self,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_return_if_fail (OFL_IS_JOB (self));
  OFL_JOB_GET_CLASS (self)->run_async (self, cancellable, callback, user_data);
}

/**
 * ofl_job_run_finish:
 * @self: a job
 * @result: what the callback got
 * @error: return location; %OFL_ERROR_BUSY: a job runs on this drive
 *
 * Returns: (transfer full): how it ended, or %NULL when it could not be started
 */
OflResult *
ofl_job_run_finish (OflJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  return OFL_JOB_GET_CLASS (self)->run_finish (self, result, error);
}

/**
 * ofl_job_read_progress:
 * @self: a job
 * @view: (out caller-allocates): its progress at this moment
 */
void
ofl_job_read_progress (OflJob *self, OflProgressView *view)
{
  g_return_if_fail (OFL_IS_JOB (self));
  OFL_JOB_GET_CLASS (self)->read_progress (self, view);
}

/**
 * ofl_job_read_log:
 * @self: a job
 * @after_seq: number of the last line that the caller has
 * @max_lines: at most so many
 *
 * Returns: (transfer full) (element-type OflLogLine): the lines that follow
 */
GPtrArray *
ofl_job_read_log (OflJob *self, guint64 after_seq, guint max_lines)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  return OFL_JOB_GET_CLASS (self)->read_log (self, after_seq, max_lines);
}

/**
 * ofl_job_dup_title:
 * @self: a job
 *
 * Returns: (transfer full): "Write HL-DT-ST BD-RE BU40N 1.03 to HL-DT-ST BD-RE BU40N"
 */
char *
ofl_job_dup_title (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  return OFL_JOB_GET_CLASS (self)->dup_title (self);
}
