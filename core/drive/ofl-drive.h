/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-access.h"
#include "drive/ofl-snapshot.h"
#include "drive/ofl-target.h"

G_BEGIN_DECLS

#define OFL_TYPE_DRIVE (ofl_drive_get_type ())
G_DECLARE_FINAL_TYPE (OflDrive, ofl_drive, OFL, DRIVE, GObject)

/**
 * OflDriveMatch:
 * @OFL_DRIVE_MATCH_NONE: another drive is meant
 * @OFL_DRIVE_MATCH_SERIAL: it has this serial; so may another drive
 * @OFL_DRIVE_MATCH_NODE: it is the drive at this node, or of this id
 *
 * By what a drive was named. The higher goes before the lower.
 */
typedef enum {
  OFL_DRIVE_MATCH_NONE,
  OFL_DRIVE_MATCH_SERIAL,
  OFL_DRIVE_MATCH_NODE,
} OflDriveMatch;

/**
 * OflProbeFunc:
 * @transport: an open transport, shared with others
 * @identity: who the drive says it is
 * @data: what the monitor was given
 *
 * Asks the families, on a worker thread, whose drive this is; read-only commands only.
 *
 * Returns: (transfer full): a snapshot, never %NULL
 */
typedef OflSnapshot *(*OflProbeFunc) (OflTransport *transport, const OflIdentity *identity,
                                      gpointer data);

/* Properties, all read-only, notified on the main loop:
 * "id" "name" "revision" "where" "state-title" (strings for people) "ready" (looked at)
 * "job-running". */
OflDrive *ofl_drive_new (OflTarget *target, OflAccess access);
OflTarget *ofl_drive_get_target (OflDrive *self);
const char *ofl_drive_get_id (OflDrive *self);
const char *ofl_drive_get_name (OflDrive *self);
OflAccess ofl_drive_get_access (OflDrive *self);
OflDriveState ofl_drive_get_state (OflDrive *self);
OflSnapshot *ofl_drive_get_snapshot (OflDrive *self);
const GError *ofl_drive_get_error (OflDrive *self);
gboolean ofl_drive_get_ready (OflDrive *self);
gboolean ofl_drive_is_looking (OflDrive *self);
OflDriveMatch ofl_drive_matches (OflDrive *self, const char *path);
gboolean ofl_drive_get_job_running (OflDrive *self);
void ofl_drive_set_job_running (OflDrive *self, gboolean running);

void ofl_drive_identify_async (OflDrive *self, OflProbeFunc probe, gpointer data,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ofl_drive_identify_finish (OflDrive *self, GAsyncResult *result, GError **error);

OflSnapshot *ofl_drive_take_snapshot (OflTransport *transport, OflProbeFunc probe, gpointer data,
                                      GError **error);

G_END_DECLS
