/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One drive of a monitor: when it is looked at, and when again. */
#pragma once

#include "drive/ofl-drive.h"

G_BEGIN_DECLS

typedef struct _OflDriveWatch OflDriveWatch;

/**
 * OflDriveWatchEvents:
 * @looked: a look has ended, or was not needed
 * @job_ended: the job that had the drive let it go
 *
 * Called on the main loop; a watch may be freed in them.
 */
typedef struct {
  void (*looked) (OflDriveWatch *watch, gpointer owner);
  void (*job_ended) (OflDriveWatch *watch, gpointer owner);
} OflDriveWatchEvents;

/**
 * OflDriveWatch:
 * @drive: the drive
 * @from_finder: a finder found it; else it was added by hand
 * @absent: unplugged while a job has it: it may come back
 * @looked: it was looked at, at least once
 * @looking: a look is under way
 *
 * The rest is private.
 */
struct _OflDriveWatch {
  OflDrive *drive;
  gboolean from_finder;
  gboolean absent;
  gboolean looked;
  gboolean looking;

  gboolean again; /* something changed during a look */
  guint timer;    /* a look that is to come */
  GCancellable *cancellable;
  OflProbeFunc probe;
  gpointer data;
  const OflDriveWatchEvents *events;
  gpointer owner;
};

OflDriveWatch *ofl_drive_watch_new (OflDrive *drive, OflProbeFunc probe, gpointer data,
                                    const OflDriveWatchEvents *events, gpointer owner);
void ofl_drive_watch_free (OflDriveWatch *self);
void ofl_drive_watch_look (OflDriveWatch *self);
void ofl_drive_watch_look_later (OflDriveWatch *self, guint delay_ms);

G_END_DECLS
