/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job does, on its worker thread. */
#pragma once

#include "flash/ofl-backup.h"
#include "drive/ofl-drive.h"
#include "flash/ofl-job.h"

G_BEGIN_DECLS

/**
 * OflWork:
 *
 * Everything one job needs and collects. The first group is set before the thread starts and
 * then only read; the second belongs to the thread.
 */
typedef struct {
  OflJobKind kind;
  OflTarget *target;
  OflSnapshot *expected;
  OflImage *image;
  OflJobOptions *options;
  OflProgress *progress;
  GCancellable *cancellable;

  OflTransport *transport;
  OflJournal *journal;
  OflSnapshot *before;
  OflSnapshot *after;
  const OflFamily *family;
  OflPlan *read_plan;
  OflPlan *write_plan;
  OflBackup *backup;
  OflRun run; /* the write's */
} OflWork;

OflWork *ofl_work_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
                       const OflJobOptions *options);
void ofl_work_free (OflWork *self);
OflResult *ofl_work_execute (OflWork *self);

/* The parts of it, each NULL when the job goes on and a result when it has ended. */
OflResult *ofl_work_identify (OflWork *self);
OflResult *ofl_work_judge (OflWork *self);
OflResult *ofl_work_back_up (OflWork *self);
OflResult *ofl_work_write (OflWork *self);
OflResult *ofl_work_compare (OflWork *self);

/* Ends in words (ofl-work-words.c). @error's message is the sentence of what happened. */
OflResult *ofl_work_end (OflWork *self, OflVerdict verdict, const char *what, const char *technical);
OflResult *ofl_work_end_error (OflWork *self, OflVerdict verdict, const GError *error,
                               const char *technical);
OflResult *ofl_work_refuse (OflWork *self, const char *what, const char *next);
char *ofl_work_describe (const OflWork *self);

G_END_DECLS
