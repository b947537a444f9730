/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a text may be given to json-glib's parser. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ofl_is_one_object (const char *text, gsize length, guint most_brackets);

G_END_DECLS
