/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job of which the service tells nothing any more: what can still be told of it. */
#pragma once

#include "flash/ofl-job.h"

G_BEGIN_DECLS

/**
 * OflRemoteLast:
 * @pid: of the service, 0 where the bus did not tell it
 * @heard: when it was asked the last question to which it said that the job runs; microseconds, real
 *   time; 0: it never did
 * @is_there: it answers still, only not of this job
 *
 * What is known of a job's service when it tells no more.
 */
typedef struct {
  guint pid;
  gint64 heard;
  gboolean is_there;
} OflRemoteLast;

/* The finish never fails. */
void ofl_remote_lost_look_async (OflJob *job, const OflRemoteLast *last, const char *technical,
                                 GAsyncReadyCallback callback, gpointer user_data);
OflResult *ofl_remote_lost_finish (GAsyncResult *result);

G_END_DECLS
