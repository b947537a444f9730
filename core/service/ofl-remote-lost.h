/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job of which the service tells nothing any more: what can still be told of it. */
#pragma once

#include "flash/ofl-job.h"

G_BEGIN_DECLS

/* The finish never fails. */
void ofl_remote_lost_look_async (OflJob *job, gint64 since, gboolean service_is_there,
                                 const char *technical, GAsyncReadyCallback callback,
                                 gpointer user_data);
OflResult *ofl_remote_lost_finish (GAsyncResult *result);

G_END_DECLS
