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
} Workbench;

Workbench *workbench_new (const char *practice_id);
void workbench_free (Workbench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Workbench, workbench_free)

OflSnapshot *workbench_look (Workbench *self);
OflImage *workbench_image (Workbench *self, const char *revision, const char *variant);
OflResult *workbench_run (Workbench *self, OflJobKind kind, OflImage *image);
/* Whether the chip holds @image from @start to @end (exclusive), byte by byte. */
gboolean workbench_holds (Workbench *self, OflImage *image, gsize start, gsize end);
/* The newest journal's text. */
char *workbench_journal (Workbench *self);
guint workbench_count_backups (Workbench *self);

G_END_DECLS
