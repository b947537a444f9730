/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the halves of the wire share; for this folder only. */
#pragma once

#include "service/ofl-wire.h"

G_BEGIN_DECLS

gboolean ofl_wire_take_string (GVariant *value, char **field);
gboolean ofl_wire_take_boolean (GVariant *value, gboolean *field);
gboolean ofl_wire_refuse_option (const char *name, GError **error);

G_END_DECLS
