/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job, wherever it runs: the class and its options. */
#include "flash/ofl-job.h"

#include <glib/gi18n-lib.h>

typedef struct {
  OflJobKind kind;
  char *drive;
  char *title;
} OflJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OflJob, ofl_job, G_TYPE_OBJECT)

static OflJobPrivate *
priv (OflJob *self)
{
  return ofl_job_get_instance_private (self);
}

static void
ofl_job_finalize (GObject *object)
{
  OflJob *self = OFL_JOB (object);

  g_free (priv (self)->drive);
  g_free (priv (self)->title);
  G_OBJECT_CLASS (ofl_job_parent_class)->finalize (object);
}

static void
ofl_job_class_init (OflJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_job_finalize;
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
  copy->image_file = g_strdup (self->image_file);
  copy->image_with = g_strdup (self->image_with);
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
  g_free (self->image_file);
  g_free (self->image_with);
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
ofl_job_run_async (OflJob *self, GCancellable *cancellable, GAsyncReadyCallback callback,
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
 * ofl_job_get_kind:
 * @self: a job
 *
 * Returns: what it does
 */
OflJobKind
ofl_job_get_kind (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), OFL_JOB_FLASH);
  return priv (self)->kind;
}

/**
 * ofl_job_get_drive:
 * @self: a job
 *
 * Returns: the id of the drive it is on
 */
const char *
ofl_job_get_drive (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  return priv (self)->drive;
}

/**
 * ofl_job_get_title:
 * @self: a job
 *
 * Returns: "Write HL-DT-ST BD-RE BU40N 1.03 to HL-DT-ST BD-RE BU40N"
 */
const char *
ofl_job_get_title (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  return priv (self)->title;
}

/**
 * ofl_job_get_verdict:
 * @self: a job
 *
 * Returns: its verdict's word as far as this program has heard of it, "none" before the end
 */
const char *
ofl_job_get_verdict (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), ofl_verdict_id (OFL_VERDICT_NONE));
  return OFL_JOB_GET_CLASS (self)->get_verdict (self);
}

/**
 * ofl_job_outlives_program:
 * @self: a job
 *
 * Returns: whether it runs elsewhere and goes on when this program ends
 */
gboolean
ofl_job_outlives_program (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), FALSE);
  return OFL_JOB_GET_CLASS (self)->outlives_program;
}

/**
 * ofl_job_dup_question:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): what it asks, and waits for
 */
OflQuestion *
ofl_job_dup_question (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  if (OFL_JOB_GET_CLASS (self)->dup_question == NULL)
    return NULL;
  return OFL_JOB_GET_CLASS (self)->dup_question (self);
}

/**
 * ofl_job_answer:
 * @self: a job
 * @number: of the question that was read
 * @yes: whether it is agreed to
 *
 * Answers a question. Where another one, or none, waits by now, nothing is done.
 */
void
ofl_job_answer (OflJob *self, guint number, gboolean yes)
{
  g_return_if_fail (OFL_IS_JOB (self));
  if (OFL_JOB_GET_CLASS (self)->answer != NULL)
    OFL_JOB_GET_CLASS (self)->answer (self, number, yes);
}

/**
 * ofl_job_get_path:
 * @self: a job
 *
 * Returns: (nullable): its object path on the bus, %NULL in this process or while it starts
 */
const char *
ofl_job_get_path (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), NULL);
  if (OFL_JOB_GET_CLASS (self)->get_path == NULL)
    return NULL;
  return OFL_JOB_GET_CLASS (self)->get_path (self);
}

/**
 * ofl_job_leave:
 * @self: a job that runs
 *
 * Stops watching a job that runs elsewhere; it goes on, and its run_finish() here gives
 * %G_IO_ERROR_CANCELLED. One of this process cannot be left.
 *
 * Returns: whether it was left
 */
gboolean
ofl_job_leave (OflJob *self)
{
  g_return_val_if_fail (OFL_IS_JOB (self), FALSE);
  if (OFL_JOB_GET_CLASS (self)->leave == NULL)
    return FALSE;
  OFL_JOB_GET_CLASS (self)->leave (self);
  return TRUE;
}

/**
 * ofl_job_dismiss:
 * @self: a job that has ended
 *
 * The user has seen its end.
 */
void
ofl_job_dismiss (OflJob *self)
{
  g_return_if_fail (OFL_IS_JOB (self));
  if (OFL_JOB_GET_CLASS (self)->dismiss != NULL)
    OFL_JOB_GET_CLASS (self)->dismiss (self);
}

/**
 * ofl_job_set_up:
 * @self: a job that is being made
 * @kind: what it does
 * @drive: id of the drive it is on
 * @title: its title
 */
void
ofl_job_set_up (OflJob *self, OflJobKind kind, const char *drive, const char *title)
{
  priv (self)->kind = kind;
  priv (self)->drive = g_strdup (drive);
  priv (self)->title = g_strdup (title);
}

/**
 * ofl_job_kind_writes:
 * @kind: what a job does
 *
 * Returns: whether a job of this kind is there to change what the drive holds
 */
gboolean
ofl_job_kind_writes (OflJobKind kind)
{
  return kind == OFL_JOB_FLASH || kind == OFL_JOB_UPDATER;
}

/**
 * ofl_job_make_title:
 * @kind: what a job does
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image
 *
 * Returns: (transfer full): the job in one line, with the drive's name where it is known
 */
char *
ofl_job_make_title (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image)
{
  g_autofree char *drive = expected != NULL ? ofl_identity_name (ofl_snapshot_identity (expected))
                                            : g_strdup (ofl_target_get_id (target));
  g_autofree char *what = image != NULL ? ofl_image_describe (image) : g_strdup ("");

  switch (kind)
    {
    case OFL_JOB_FLASH:
      /* Translators: a firmware image, a drive; the title of a job, as are the next two */
      return g_strdup_printf (_ ("Write %s to %s"), what, drive);
    case OFL_JOB_BACKUP:
      return g_strdup_printf (_ ("Back up %s"), drive);
    case OFL_JOB_VERIFY:
      return g_strdup_printf (_ ("Compare %s with %s"), drive, what);
    case OFL_JOB_UPDATER:
      /* Translators: %s is a drive; the title of a job */
      return g_strdup_printf (_ ("Let the maker's own program flash %s"), drive);
    default:
      return g_steal_pointer (&drive);
    }
}
