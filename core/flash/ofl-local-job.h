/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job in this process, on a worker thread of its own. */
#pragma once

#include "flash/ofl-work.h"

G_BEGIN_DECLS

#define OFL_TYPE_LOCAL_JOB (ofl_local_job_get_type ())
G_DECLARE_FINAL_TYPE (OflLocalJob, ofl_local_job, OFL, LOCAL_JOB, OflJob)

/* @expected: the drive as the user saw it when choosing; the job refuses if another one answers.
 * @image: %NULL for a backup. */
OflJob *ofl_local_job_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected,
                           OflImage *image, const OflJobOptions *options);
OflJob *ofl_local_job_new_other (OflTarget *target, OflSnapshot *expected, OflImage *image,
                                 const OflJobOptions *options, OflWorkFunc func, gpointer data,
                                 GDestroyNotify destroy);
/* Before it starts: see #OflDangerFunc. The name also on the job's own thread. */
void ofl_local_job_set_danger_func (OflLocalJob *self, OflDangerFunc func, gpointer data);
void ofl_local_job_give_up_question (OflLocalJob *self, guint number);
char *ofl_local_job_dup_drive_name (OflLocalJob *self);

/* Blocking form of ofl_job_run_async() for worker threads and tests without a main loop. */
OflResult *ofl_local_job_run_blocking (OflLocalJob *self, GCancellable *cancellable);

G_END_DECLS
