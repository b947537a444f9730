/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "flash/ofl-job.h"

G_BEGIN_DECLS

/**
 * OflServiceDrives:
 * @open: (transfer full): the drive that a client names; the path has been checked for its form
 *
 * Where the service gets drives from: given by the program, for the core's parts below do not know
 * practice drives.
 */
typedef struct {
  OflTarget *(*open) (const char *path, double practice_speed, gpointer data, GError **error);
  gpointer data;
} OflServiceDrives;

#define OFL_TYPE_SERVICE (ofl_service_get_type ())
G_DECLARE_FINAL_TYPE (OflService, ofl_service, OFL, SERVICE, GObject)

/* The service's half of the bus. Signal "changed": a job began, ended or was seen, or a client
 * asked for the list. */
OflService *ofl_service_new (const OflServiceDrives *drives, const char *state_dir);
gboolean ofl_service_export (OflService *self, GDBusConnection *connection, GError **error);
void ofl_service_unexport (OflService *self);
void ofl_service_set_patience (OflService *self, guint ms);
void ofl_service_set_stay (OflService *self, gboolean stay);
gboolean ofl_service_is_busy (OflService *self);
gboolean ofl_service_is_needed (OflService *self);
/* The session ends: jobs that may be cancelled are; the others run to their end. No new ones. */
void ofl_service_wind_down (OflService *self);

G_END_DECLS
