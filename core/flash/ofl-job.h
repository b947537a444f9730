/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-target.h"
#include "family/ofl-family.h"
#include "flash/ofl-progress.h"
#include "flash/ofl-result.h"

G_BEGIN_DECLS

typedef enum {
  OFL_JOB_FLASH,
  OFL_JOB_BACKUP,
  OFL_JOB_VERIFY, /* read the drive and compare with an image; writes nothing */
} OflJobKind;

/**
 * OflJobOptions:
 * @family: force this family's id, or %NULL
 * @choices: (nullable): the family's named choices
 * @accept_warnings: soft refusals are overridden, in words
 * @accept_no_backup: go on when no backup can be made
 * @rewrite_identical: write although the drive already holds the image
 * @backup_dir: (nullable): where backups go; the user's data folder otherwise
 * @state_dir: (nullable): where journals go; the user's state folder otherwise
 * @backup_file: (nullable): for %OFL_JOB_BACKUP: the file's path
 */
typedef struct {
  char *family;
  OflChoices *choices;
  gboolean accept_warnings;
  gboolean accept_no_backup;
  gboolean rewrite_identical;
  char *backup_dir;
  char *state_dir;
  char *backup_file;
} OflJobOptions;

OflJobOptions *ofl_job_options_new (void);
OflJobOptions *ofl_job_options_copy (const OflJobOptions *self);
void ofl_job_options_free (OflJobOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflJobOptions, ofl_job_options_free)

#define OFL_TYPE_JOB (ofl_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (OflJob, ofl_job, OFL, JOB, GObject)

/**
 * OflJobClass:
 *
 * A job on one drive. ofl_job_new() makes one that runs on a worker thread of this process; the
 * service's client makes one that runs there. Callers can't tell.
 */
struct _OflJobClass {
  GObjectClass parent_class;

  void (*run_async) (OflJob *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data);
  OflResult *(*run_finish) (OflJob *self, GAsyncResult *result, GError **error);
  void (*read_progress) (OflJob *self, OflProgressView *view);
  GPtrArray *(*read_log) (OflJob *self, guint64 after_seq, guint max_lines);
  char *(*dup_title) (OflJob *self);
};

/* @expected: the drive as the user saw it when choosing; the job refuses if another one answers.
 * @image: %NULL for a backup. */
OflJob *ofl_job_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
                     const OflJobOptions *options);
/* Never fails with a GError once the job has begun: the result says how it ended. Errors of
 * finish() are of starting it (%OFL_ERROR_BUSY: a job runs on this drive). */
void ofl_job_run_async (OflJob *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data);
OflResult *ofl_job_run_finish (OflJob *self, GAsyncResult *result, GError **error);
/* Both may be called at any time from the thread that runs the job's main context. */
void ofl_job_read_progress (OflJob *self, OflProgressView *view);
/* (transfer full) (element-type OflLogLine): at most @max_lines lines after @after_seq. */
GPtrArray *ofl_job_read_log (OflJob *self, guint64 after_seq, guint max_lines);
char *ofl_job_dup_title (OflJob *self);

/* For jobs of ofl_job_new() only, before they start: see #OflDangerFunc. The name also on the job's
 * own thread. */
void ofl_job_set_danger_func (OflJob *self, OflDangerFunc func, gpointer data);
char *ofl_job_dup_drive_name (OflJob *self);

/* Blocking form of the same for worker threads and tests without a main loop. */
OflResult *ofl_job_run_blocking (OflJob *self, GCancellable *cancellable);

G_END_DECLS
