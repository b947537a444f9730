/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The way to the system bus. Thread safe. */
typedef struct _OflSystemBus OflSystemBus;

OflSystemBus *ofl_system_bus_new (void);
OflSystemBus *ofl_system_bus_new_for (GDBusConnection *bus);
OflSystemBus *ofl_system_bus_ref (OflSystemBus *self);
void ofl_system_bus_unref (OflSystemBus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflSystemBus, ofl_system_bus_unref)

GDBusConnection *ofl_system_bus_wait (OflSystemBus *self, guint timeout_ms, GError **error);

G_END_DECLS
