/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-holders.h"
#include "families/ofl-families.h"
#include "flash/ofl-backup-place.h"
#include "flash/ofl-check.h"
#include "flash/ofl-job.h"
#include "flash/ofl-system-bus.h"

G_BEGIN_DECLS

/**
 * OflBackupOutlook:
 * @OFL_BACKUP_FULL: the firmware can be read and will be stored
 * @OFL_BACKUP_UNIT_ONLY: only what belongs to this very drive can
 * @OFL_BACKUP_OFF: reading is experimental, and switched off
 * @OFL_BACKUP_NONE: no way to read is public
 *
 * Whether a write will have a backup, as far as that can be told before the drive is read.
 */
typedef enum {
  OFL_BACKUP_FULL,
  OFL_BACKUP_UNIT_ONLY,
  OFL_BACKUP_OFF,
  OFL_BACKUP_NONE,
} OflBackupOutlook;

/* What is known of a write before it is asked for and before the job begins: one source for the
 * terminal, the window and the job itself. */
gboolean ofl_preflight_may_read (const OflSnapshot *drive, const OflChoices *choices, OflCaps what);
OflBackupOutlook ofl_preflight_backup (const OflSnapshot *drive, const OflChoices *choices);
const char *ofl_preflight_backup_sentence (OflBackupOutlook outlook);
const char *ofl_preflight_no_backup_meaning (void);

OflCheckLevel ofl_preflight_disc (const OflSnapshot *drive, gboolean accept_warnings,
                                  OflSentence *sentence, const char **remedy);
char *ofl_preflight_backup_dir (const OflTarget *target, const OflJobOptions *options);
gboolean ofl_preflight_room (const OflBackupPlace *place, const OflPlan *read_plan, GError **error);
const char *ofl_preflight_room_remedy (void);
const char *ofl_preflight_accept_remedy (void);

/**
 * OflPreflightSources:
 * @roots: where /proc and sysfs are
 * @bus: (nullable): the way to the system bus; %NULL: this system's
 * @now: seconds since 1970, UTC; 0: the computer's clock
 * @taken: bytes of the folder for backups that count as taken though they are free
 *
 * Where it is looked; a test has sources of its own, and fills a disk by @taken.
 */
typedef struct {
  OflHolderRoots roots;
  OflSystemBus *bus;
  gint64 now;
  guint64 taken;
} OflPreflightSources;

/**
 * OflPreflight:
 * @target: the drive
 * @drive: (nullable): what is known of it; %NULL: only what is around it is looked at
 * @image: (nullable): what is to be written; %NULL: nothing is judged
 * @options: the job's options: choices, folders, what was agreed to
 * @sources: (nullable): where it is looked; %NULL: in this system
 *
 * What is to be looked at before a write.
 */
typedef struct {
  OflTarget *target;
  OflSnapshot *drive;
  OflImage *image;
  OflJobOptions *options;
  const OflPreflightSources *sources;
} OflPreflight;

/**
 * OflPreflightScope:
 * @OFL_PREFLIGHT_ALL: everything
 * @OFL_PREFLIGHT_AROUND: what is around the drive; what a job that has begun tells by itself, disc,
 *   file, backup, folders and sleep, is left out
 *
 * How much is looked at.
 */
typedef enum {
  OFL_PREFLIGHT_ALL,
  OFL_PREFLIGHT_AROUND,
} OflPreflightScope;

OflPreflight *ofl_preflight_new (OflTarget *target, OflSnapshot *drive, OflImage *image,
                                 const OflJobOptions *options);
void ofl_preflight_free (OflPreflight *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPreflight, ofl_preflight_free)
GPtrArray *ofl_preflight_run (const OflPreflight *self, OflPreflightScope scope);
void ofl_preflight_run_async (OflPreflight *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
GPtrArray *ofl_preflight_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
