/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-target.h"
#include "families/ofl-families.h"
#include "flash/ofl-progress.h"
#include "flash/ofl-question.h"
#include "flash/ofl-result.h"

G_BEGIN_DECLS

typedef enum {
  OFL_JOB_FLASH,
  OFL_JOB_BACKUP,
  OFL_JOB_VERIFY,  /* read the drive and compare with an image; writes nothing */
  OFL_JOB_UPDATER, /* let the maker's own program write (core/updater) */
} OflJobKind;

gboolean ofl_job_kind_writes (OflJobKind kind);

/**
 * OflJobOptions:
 * @family: force this family's id, or %NULL
 * @choices: (nullable): the family's named choices
 * @accept_warnings: soft refusals are overridden, in words
 * @accept_no_backup: go on when no backup can be made
 * @rewrite_identical: write although the drive already holds the image
 * @watch_limit_ms: for how long a drive is watched that is still at work after the longest time its
 *   family knows; 0: four hours, so that no script hangs for ever; %G_MAXUINT: until the user
 *   stops watching. It counts after the point of no return only
 * @backup_dir: (nullable): where backups go; the user's data folder otherwise
 * @state_dir: (nullable): where journals go; the user's state folder otherwise
 * @backup_file: (nullable): for %OFL_JOB_BACKUP: the file's path
 * @overwrite: @backup_file and its companions may be replaced
 * @image_file: (nullable): for %OFL_JOB_FLASH: where the image was read from, for
 *   g_file_parse_name(); only noted in the journal, so that it can be found again after a crash
 * @image_with: (nullable): likewise, a second file that belongs to it
 */
typedef struct {
  char *family;
  OflChoices *choices;
  gboolean accept_warnings;
  gboolean accept_no_backup;
  gboolean rewrite_identical;
  guint watch_limit_ms;
  char *backup_dir;
  char *state_dir;
  char *backup_file;
  gboolean overwrite;
  char *image_file;
  char *image_with;
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
 * A job on one drive. ofl_local_job_new() makes one that runs on a worker thread of this process;
 * the service's client makes one that runs there. What only a job elsewhere has, this class answers
 * for one that runs here.
 *
 * @outlives_program: the job goes on when this program ends
 * @dup_question: (nullable): what it asks; by default nothing
 * @answer: (nullable): answers that
 * @get_path: (nullable): its object on the bus; by default none
 * @leave: (nullable): stop watching it; by default it cannot be left
 * @dismiss: (nullable): its end has been seen; by default nobody keeps it
 */
struct _OflJobClass {
  GObjectClass parent_class;

  gboolean outlives_program;
  void (*run_async) (OflJob *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data);
  OflResult *(*run_finish) (OflJob *self, GAsyncResult *result, GError **error);
  void (*read_progress) (OflJob *self, OflProgressView *view);
  GPtrArray *(*read_log) (OflJob *self, guint64 after_seq, guint max_lines);
  const char *(*get_verdict) (OflJob *self);
  OflQuestion *(*dup_question) (OflJob *self);
  void (*answer) (OflJob *self, guint number, gboolean yes);
  const char *(*get_path) (OflJob *self);
  void (*leave) (OflJob *self);
  void (*dismiss) (OflJob *self);
};

OflJobKind ofl_job_get_kind (OflJob *self);
/* The drive's id. */
const char *ofl_job_get_drive (OflJob *self);
const char *ofl_job_get_title (OflJob *self);
/* The verdict's word as far as this program has heard of it, "none" before the end. */
const char *ofl_job_get_verdict (OflJob *self);
gboolean ofl_job_outlives_program (OflJob *self);
/* NULL while it is being started, and for a job of this process. */
const char *ofl_job_get_path (OflJob *self);

/* Never fails with a GError once the job has begun: the result says how it ended. Errors of
 * finish() are of starting it (%OFL_ERROR_BUSY: a job runs on this drive). */
void ofl_job_run_async (OflJob *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data);
OflResult *ofl_job_run_finish (OflJob *self, GAsyncResult *result, GError **error);
/* Both may be called at any time from the thread that runs the job's main context. */
void ofl_job_read_progress (OflJob *self, OflProgressView *view);
/* (transfer full) (element-type OflLogLine): at most @max_lines lines after @after_seq. */
GPtrArray *ofl_job_read_log (OflJob *self, guint64 after_seq, guint max_lines);
/* What waits for an answer, NULL for nothing; view.question is its number. */
OflQuestion *ofl_job_dup_question (OflJob *self);
/* An answer to a question that waits no longer is dropped. */
void ofl_job_answer (OflJob *self, guint number, gboolean yes);
/* Stops watching; the job goes on. FALSE for one that would end with its watcher. */
gboolean ofl_job_leave (OflJob *self);
/* The end has been seen: nobody need keep it. */
void ofl_job_dismiss (OflJob *self);

/* For subclasses: what a job is from its first moment to its last. */
void ofl_job_set_up (OflJob *self, OflJobKind kind, const char *drive, const char *title);
char *ofl_job_make_title (OflJobKind kind, OflTarget *target, OflSnapshot *expected,
                          OflImage *image);

G_END_DECLS
