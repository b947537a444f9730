/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why no Windows program can be run here; NULL where one can. */
const char *cage_find_missing (void);
/* Whether a test of the tests' own 64-bit program can do nothing here; then it has said so in TAP. */
gboolean cage_skip_all (void);

G_END_DECLS
