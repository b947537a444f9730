/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that is started in the service, or found there, and followed to its end. */
#include "service/ofl-remote-job-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "flash/ofl-backup-place.h"
#include "scsi/ofl-error.h"
#include "service/ofl-service-launch.h"
#include "updater/ofl-updater-keeper.h"

G_DEFINE_FINAL_TYPE (OflRemoteJob, ofl_remote_job, OFL_TYPE_JOB)

static void
fail_start (OflRemoteJob *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  ofl_remote_job_stop (self);
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
    ofl_remote_job_follow (self);
}

static void
take_started (OflRemoteJob *job, const char *path, GError *error)
{
  g_autoptr (OflRemoteJob) self = job;

  if (path == NULL)
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

static void
on_started (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autofree char *path = NULL;
  GError *error = NULL;

  ofl_dbus_manager_call_start_job_finish (OFL_DBUS_MANAGER (source), &path, NULL, res, &error);
  take_started (data, path, error);
}

static void
on_updater_started (GObject *source, GAsyncResult *res, gpointer data)
{
  g_autofree char *path = NULL;
  GError *error = NULL;

  ofl_dbus_manager_call_start_updater_finish (OFL_DBUS_MANAGER (source), &path, NULL, res, &error);
  take_started (data, path, error);
}

/* The place that the user named, which the service never learns; its strings are the options'. */
static OflBackupPlace
wanted_place (OflRemoteJob *self)
{
  OflBackupPlace place = { 0 };

  if (ofl_job_get_kind (OFL_JOB (self)) == OFL_JOB_BACKUP && self->options != NULL)
    {
      place.file = self->options->backup_file;
      place.overwrite = self->options->overwrite;
    }
  return place;
}

/* The file is the user's choice, and the service may not make it. */
static int
make_tape (OflRemoteJob *self, GError **error)
{
  int fd = open (self->run->tape, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);

  if (fd < 0)
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The tape %s cannot be written: %s."),
                   self->run->tape, ofl_errno_words (errno));
  return fd;
}

static int
spawn_keeper (OflRemoteJob *self, GError **error)
{
  g_autofree char *program = ofl_service_find_program ("optiflash-cage");

  return ofl_updater_keeper_spawn (program != NULL ? program : "optiflash-cage", self->run, error);
}

/* Descriptors are copied into the list: here nobody may keep the keeper's. */
static int
hand_over (GUnixFDList *fds, int fd)
{
  int index = fd >= 0 ? g_unix_fd_list_append (fds, fd, NULL) : -1;

  if (fd >= 0)
    close (fd);
  return index;
}

static void
start_updater (OflRemoteJob *self, int firmware, GUnixFDList *with)
{
  g_autoptr (GUnixFDList) fds = with != NULL ? g_object_ref (with) : g_unix_fd_list_new ();
  GError *error = NULL;
  int tape = self->run->tape != NULL ? make_tape (self, &error) : -1;
  int keeper = error == NULL ? spawn_keeper (self, &error) : -1;

  if (error != NULL)
    {
      if (tape >= 0)
        g_unlink (self->run->tape);
      hand_over (fds, tape);
      fail_start (self, error);
      return;
    }
  tape = hand_over (fds, tape);
  keeper = hand_over (fds, keeper);
  ofl_dbus_manager_call_start_updater (
      self->manager, ofl_job_get_drive (OFL_JOB (self)), ofl_wire_pack_expected (self->expected),
      ofl_wire_pack_options (self->options, self->image, self->practice_speed), firmware,
      ofl_wire_pack_updater (self->run), keeper, tape, fds, NULL, on_updater_started,
      g_object_ref (self));
}

static void
ofl_remote_job_run_async (OflJob *job, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  g_autoptr (GUnixFDList) fds = NULL;
  OflBackupPlace place;
  GError *error = NULL;
  int firmware;

  g_return_if_fail (self->task == NULL);
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, ofl_remote_job_run_async);
  g_task_set_check_cancellable (self->task, FALSE);
  g_set_object (&self->cancellable, cancellable);
  if (self->proxy != NULL)
    {
      ofl_remote_job_follow (self);
      return;
    }
  place = wanted_place (self);
  if (place.file != NULL && !ofl_backup_place_check (&place, 0, &error))
    {
      fail_start (self, error);
      return;
    }
  if (self->image != NULL)
    {
      fds = ofl_wire_pack_image (self->image, &error);
      if (fds == NULL)
        {
          fail_start (self, error);
          return;
        }
    }
  firmware = fds != NULL ? 0 : -1;
  if (self->run != NULL)
    {
      start_updater (self, firmware, fds);
      return;
    }
  ofl_dbus_manager_call_start_job (self->manager, ofl_wire_job_kind_id (ofl_job_get_kind (job)),
                                   ofl_job_get_drive (job), ofl_wire_pack_expected (self->expected),
                                   ofl_wire_pack_options (self->options, self->image,
                                                          self->practice_speed),
                                   firmware, fds, NULL, on_started, g_object_ref (self));
}

/* A backup goes into the service's own folder, the only one it may write; where the user named a
 * file, it is copied from there by the client, which has the user's rights. */
static gboolean
copy_backup (OflResult *result, const OflBackupPlace *to, GError **error)
{
  char *copy = ofl_backup_copy (result->backup_path, to, error);

  if (copy == NULL)
    return FALSE;
  g_free (result->backup_path);
  result->backup_path = copy;
  return TRUE;
}

static OflResult *
ofl_remote_job_run_finish (OflJob *job, GAsyncResult *res, GError **error)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  OflResult *result = g_task_propagate_pointer (G_TASK (res), error);
  OflBackupPlace place = wanted_place (self);
  g_autoptr (GError) local = NULL;

  if (result == NULL || place.file == NULL || result->backup_path == NULL
      || result->verdict != OFL_VERDICT_DONE)
    return result;
  if (!copy_backup (result, &place, &local))
    {
      g_free (result->next);
      /* Translators: of a backup: the file it should have become, and a sentence that says why */
      result->next = g_strdup_printf (_ ("It could not be copied to %s: %s It is kept where it is; "
                                         "copy it yourself."),
                                      place.file, local->message);
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
      const OflLogLine *line = g_ptr_array_index (self->lines, i);

      if (line->seq > after_seq)
        g_ptr_array_add (lines, ofl_log_line_copy (line));
    }
  return lines;
}

static OflQuestion *
ofl_remote_job_dup_question (OflJob *job)
{
  const OflQuestion *question = OFL_REMOTE_JOB (job)->question;

  if (question == NULL)
    return NULL;
  return ofl_question_new (question->number, question->text, question->asked);
}

static void
ofl_remote_job_answer (OflJob *job, guint number, gboolean yes)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);

  if (self->proxy != NULL && self->task != NULL)
    ofl_dbus_job_call_answer (self->proxy, number, yes, NULL, NULL, NULL);
}

/* What was heard of it while it was watched here, or else when it was found. */
static const char *
ofl_remote_job_get_verdict (OflJob *job)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);
  const char *found = self->proxy != NULL ? ofl_dbus_job_get_verdict (self->proxy) : NULL;

  return self->view.finished || found == NULL ? ofl_verdict_id (self->view.verdict) : found;
}

static const char *
ofl_remote_job_get_path (OflJob *job)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);

  return self->proxy != NULL ? g_dbus_proxy_get_object_path (G_DBUS_PROXY (self->proxy)) : NULL;
}

static void
ofl_remote_job_leave (OflJob *job)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);

  if (self->task != NULL)
    fail_start (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                           _ ("The job goes on in the Optiflash service.")));
}

static void
ofl_remote_job_dismiss (OflJob *job)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (job);

  if (self->proxy != NULL && self->task == NULL)
    ofl_dbus_job_call_dismiss (self->proxy, NULL, NULL, NULL);
}

static void
ofl_remote_job_finalize (GObject *object)
{
  OflRemoteJob *self = OFL_REMOTE_JOB (object);

  ofl_remote_job_stop (self);
  g_clear_object (&self->manager);
  g_clear_object (&self->proxy);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->expected, ofl_snapshot_unref);
  g_clear_pointer (&self->image, ofl_image_unref);
  g_clear_pointer (&self->options, ofl_job_options_free);
  g_ptr_array_unref (self->lines);
  g_free (self->owner);
  g_clear_pointer (&self->run, ofl_updater_options_free);
  g_clear_pointer (&self->question, ofl_question_free);
  g_clear_pointer (&self->end, ofl_result_free);
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
  job_class->outlives_program = TRUE;
  job_class->get_verdict = ofl_remote_job_get_verdict;
  job_class->dup_question = ofl_remote_job_dup_question;
  job_class->answer = ofl_remote_job_answer;
  job_class->get_path = ofl_remote_job_get_path;
  job_class->leave = ofl_remote_job_leave;
  job_class->dismiss = ofl_remote_job_dismiss;
}

static void
ofl_remote_job_init (OflRemoteJob *self)
{
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_log_line_free);
  ofl_remote_job_forget_view (&self->view);
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
ofl_remote_job_new (OflDBusManager *manager, OflJobKind kind, OflTarget *target,
                    OflSnapshot *expected, OflImage *image, const OflJobOptions *options,
                    double practice_speed)
{
  OflRemoteJob *self = g_object_new (OFL_TYPE_REMOTE_JOB, NULL);
  g_autofree char *title = ofl_job_make_title (kind, target, expected, image);

  self->manager = g_object_ref (manager);
  ofl_job_set_up (OFL_JOB (self), kind, ofl_target_get_id (target), title);
  self->expected = expected != NULL ? ofl_snapshot_ref (expected) : NULL;
  self->image = image != NULL ? ofl_image_ref (image) : NULL;
  self->options = options != NULL ? ofl_job_options_copy (options) : ofl_job_options_new ();
  self->practice_speed = practice_speed;
  return OFL_JOB (self);
}

/**
 * ofl_remote_job_new_updater:
 * @manager: the service
 * @target: the drive
 * @expected: (nullable): the drive as the user saw it
 * @image: (nullable): the image for this drive that was found in the maker's program
 * @options: (nullable): options, copied
 * @run: (transfer full): how the maker's program is run
 * @practice_speed: for practice drives
 *
 * Returns: (transfer full): a job of the maker's program that will run in the service
 */
OflJob *
ofl_remote_job_new_updater (OflDBusManager *manager, OflTarget *target, OflSnapshot *expected,
                            OflImage *image, const OflJobOptions *options, OflUpdaterOptions *run,
                            double practice_speed)
{
  OflJob *job = ofl_remote_job_new (manager, OFL_JOB_UPDATER, target, expected, image, options,
                                    practice_speed);

  OFL_REMOTE_JOB (job)->run = run;
  return job;
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
  OflJobKind kind;

  self->manager = g_object_ref (manager);
  self->proxy = g_object_ref (proxy);
  if (operation == NULL || !ofl_wire_parse_job_kind (operation, &kind))
    kind = OFL_JOB_FLASH;
  ofl_job_set_up (OFL_JOB (self), kind, ofl_dbus_job_get_drive (proxy),
                  ofl_dbus_job_get_title (proxy));
  return OFL_JOB (self);
}
