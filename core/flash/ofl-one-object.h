/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that may be given to json-glib's parser, and what that makes of it. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean ofl_is_one_object (const char *text, gsize length, guint most_brackets);
JsonObject *ofl_parse_one_object (const char *text, gsize length, guint most_brackets);

G_END_DECLS
