/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "flash/ofl-job.h"
#include "updater/ofl-updater-job.h"

G_BEGIN_DECLS

/**
 * OflClient:
 *
 * The way to the session service, or, where there is no session bus, the lack of one: then jobs
 * run in this process. Callers can't tell. Signal "job-added": somebody, perhaps this client, has
 * started a job in the service.
 */
#define OFL_TYPE_CLIENT (ofl_client_get_type ())
G_DECLARE_FINAL_TYPE (OflClient, ofl_client, OFL, CLIENT, GObject)

void ofl_client_connect_async (gboolean in_process, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* Makes a bus with the service on it, which outlives this program. */
void ofl_client_start_service_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
OflClient *ofl_client_connect_finish (GAsyncResult *result, GError **error);
gboolean ofl_client_is_remote (OflClient *self);
gboolean ofl_client_runs_here (OflClient *self, const OflTarget *target);
gboolean ofl_client_can_start_service (OflClient *self);
/* Why jobs run in this process, for people; NULL when they don't. */
const char *ofl_client_get_note (OflClient *self);

/* @drive: the drive's id; @practice_speed: for practice drives */
OflJob *ofl_client_new_job (OflClient *self, OflJobKind kind, OflTarget *target,
                            OflSnapshot *expected, OflImage *image, const OflJobOptions *options,
                            double practice_speed);
OflJob *ofl_client_new_updater_job (OflClient *self, OflTarget *target, OflSnapshot *expected,
                                    OflImage *image, const OflJobOptions *options,
                                    OflUpdaterOptions *run, double practice_speed);

/* (transfer full) (element-type OflJob): jobs of this user that are there already; run_async() on
 * one of them attaches to it. Empty when in process. */
void ofl_client_list_jobs_async (OflClient *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *ofl_client_list_jobs_finish (OflClient *self, GAsyncResult *result, GError **error);

void ofl_client_flush (OflClient *self);

G_END_DECLS
