/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job whose service has gone: what can still be told of it. */
#pragma once

#include "flash/ofl-job.h"

G_BEGIN_DECLS

/* @technical: why nothing is heard of it. The finish never fails. */
void ofl_remote_lost_look_async (OflJob *job, const char *technical, GAsyncReadyCallback callback,
                                 gpointer user_data);
OflResult *ofl_remote_lost_finish (GAsyncResult *result);

G_END_DECLS
