/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes of a cage that this process has made, seen from outside. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a terminal sends to its foreground, as Ctrl+C, does not reach the cage. */
void cage_assert_own_session (void);
/* The outermost process by force, and all in it with it; they are gone when this returns. */
void cage_kill (void);

G_END_DECLS
