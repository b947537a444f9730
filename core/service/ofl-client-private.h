/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ofl-dbus.h"
#include "service/ofl-client.h"

G_BEGIN_DECLS

OflClient *ofl_client_new (OflDBusManager *manager, const char *note, gboolean can_start);

G_END_DECLS
