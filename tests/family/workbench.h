/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive on a virtual clock, an own folder for backups and journals, and jobs on it. */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

typedef struct {
  char *id;
  char *dir;
  OflDrive *drive;
  OflPracticePort *port;
  OflPracticeDrive *device;
  OflJobOptions *options;
  gboolean guest; /* the folder is somebody else's */
} Workbench;

Workbench *workbench_new (const char *practice_id);
/* The drive lives in a file in @dir, %NULL for a new one, so that another process finds it. */
Workbench *workbench_new_kept (const char *practice_id, const char *dir);
void workbench_free (Workbench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workbench, workbench_free)

/* The drive without power for a moment, which a person is told to do before looking again. */
void workbench_restart (Workbench *self);
OflSnapshot *workbench_look (Workbench *self);
OflImage *workbench_image (Workbench *self, const char *revision, const char *variant);
OflResult *workbench_run (Workbench *self, OflJobKind kind, OflImage *image);
/* Whether the chip holds @image from @start to @end (exclusive), byte by byte. */
gboolean workbench_holds (Workbench *self, OflImage *image, gsize start, gsize end);
/* The newest journal's text. */
char *workbench_journal (Workbench *self);
guint workbench_count_backups (Workbench *self);

G_END_DECLS
