/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting the service where the bus cannot: from a build folder, or where there is no bus. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *ofl_service_find_program (const char *name);
char *ofl_service_own_bus_folder (void);
char *ofl_service_own_bus_address (void);
gboolean ofl_service_can_own_bus (void);
gboolean ofl_service_spawn (GDBusConnection *connection, const char *address, GError **error);

G_END_DECLS
