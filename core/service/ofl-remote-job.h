/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that runs in the service, seen from a client. */
#pragma once

#include "ofl-dbus.h"
#include "service/ofl-wire.h"

G_BEGIN_DECLS

#define OFL_TYPE_REMOTE_JOB (ofl_remote_job_get_type ())
G_DECLARE_FINAL_TYPE (OflRemoteJob, ofl_remote_job, OFL, REMOTE_JOB, OflJob)

/* One to be started. */
OflJob *ofl_remote_job_new (OflDBusManager *manager, OflJobKind kind, OflTarget *target,
                            OflSnapshot *expected, OflImage *image, const OflJobOptions *options,
                            double practice_speed);
OflJob *ofl_remote_job_new_updater (OflDBusManager *manager, OflTarget *target,
                                    OflSnapshot *expected, OflImage *image,
                                    const OflJobOptions *options, OflUpdaterOptions *run,
                                    double practice_speed);
/* One that is there already: run_async() attaches. */
OflJob *ofl_remote_job_new_attached (OflDBusManager *manager, OflDBusJob *proxy);

G_END_DECLS
