/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of a test's own, which goes with all that the test has left in it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder's path */
typedef char Scratch;

Scratch *scratch_new (void);
/* A link in it is removed, what it points at is not. */
void scratch_free (Scratch *self);
/* A file below @folder, with the folders that it needs. */
void scratch_put (const char *folder, const char *name, const char *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)

G_END_DECLS
