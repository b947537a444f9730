/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One job's object on the bus, service side. */
#pragma once

#include "flash/ofl-local-job.h"
#include "ofl-dbus.h"
#include "service/ofl-wire.h"

G_BEGIN_DECLS

#define OFL_TYPE_SERVICE_JOB (ofl_service_job_get_type ())
G_DECLARE_FINAL_TYPE (OflServiceJob, ofl_service_job, OFL, SERVICE_JOB, GObject)

/* Signals: "danger-changed", "ended" (the job is over), "dismissed" (its end has been seen), "gone" (a
 * moment later: nobody needs the object any more). */
OflServiceJob *ofl_service_job_new (guint number, OflLocalJob *job, const char *drive,
                                    OflSnapshot *expected);
gboolean ofl_service_job_export (OflServiceJob *self, GDBusConnection *connection, GError **error);
void ofl_service_job_set_patience (OflServiceJob *self, guint ms);
void ofl_service_job_start (OflServiceJob *self);
void ofl_service_job_cancel_if_possible (OflServiceJob *self);

const char *ofl_service_job_get_path (OflServiceJob *self);
const char *ofl_service_job_get_drive (OflServiceJob *self);
const OflIdentity *ofl_service_job_get_expected (OflServiceJob *self);
const char *ofl_service_job_get_title (OflServiceJob *self);
gboolean ofl_service_job_is_running (OflServiceJob *self);
GVariant *ofl_service_job_describe (OflServiceJob *self);
gboolean ofl_service_job_is_dismissed (OflServiceJob *self);

G_END_DECLS
