/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-core.h"

G_BEGIN_DECLS

typedef void (*OflCtlRecordFunc) (const OflCommand *command, const guint8 *data,
                                  const OflReply *reply, gpointer user_data);

/* A way to a drive that also tells @func of each command and what was answered. It borrows @real. */
OflTransport *ofl_ctl_record (OflTransport *real, OflCtlRecordFunc func, gpointer user_data);

G_END_DECLS
