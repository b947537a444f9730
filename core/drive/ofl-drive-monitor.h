/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "drive/ofl-drive.h"

G_BEGIN_DECLS

#define OFL_TYPE_DRIVE_MONITOR (ofl_drive_monitor_get_type ())
G_DECLARE_FINAL_TYPE (OflDriveMonitor, ofl_drive_monitor, OFL, DRIVE_MONITOR, GObject)

typedef enum {
  OFL_FINDER_NONE, /* only drives that are added by hand (practice) */
  OFL_FINDER_UDEV,
  OFL_FINDER_CDIO,
} OflFinder;

/* A #GListModel of #OflDrive, kept up to date on the main loop. Drives are identified in the
 * background as they come; signal "settled" is emitted when all drives that are there have been
 * looked at. */
OflDriveMonitor *ofl_drive_monitor_new (OflProbeFunc probe, gpointer data);
OflFinder ofl_drive_monitor_default_finder (void);
gboolean ofl_drive_monitor_start (OflDriveMonitor *self, OflFinder finder, GError **error);
void ofl_drive_monitor_set_use_cdio_transport (OflDriveMonitor *self, gboolean use);
void ofl_drive_monitor_add (OflDriveMonitor *self, OflDrive *drive);
void ofl_drive_monitor_remove (OflDriveMonitor *self, const char *id);
void ofl_drive_monitor_refresh (OflDriveMonitor *self, OflDrive *drive);
gboolean ofl_drive_monitor_is_settled (OflDriveMonitor *self);
GPtrArray *ofl_drive_monitor_find_all (OflDriveMonitor *self, const char *path, OflDriveMatch *how);

G_END_DECLS
