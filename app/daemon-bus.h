/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bus of the service's own, for a user who has no session bus: a console, ssh. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GPid pid; /* of the bus; 0: none was started */
  int lock;
} OflDaemonBus;

gboolean ofl_daemon_bus_start (OflDaemonBus *self, GError **error);
void ofl_daemon_bus_stop (OflDaemonBus *self);

G_END_DECLS
