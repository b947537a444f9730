/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice/ofl-practice-drive.h"

G_BEGIN_DECLS

/* The catalogue of practice drives, by the names that programs know */
guint ofl_practice_count (void);
const char *ofl_practice_get_id (guint index);
const char *ofl_practice_get_title (guint index);
const char *ofl_practice_get_variants (guint index);
OflPracticeDrive *ofl_practice_new (const char *id, guint32 seed, GError **error);
/* A firmware image for the practice drive @id with @revision (4 characters), made by code in the
 * documented format; @variant NULL or "" for a good one, "truncated", "wrong-family" … */
GBytes *ofl_practice_make_image (const char *id, const char *revision, const char *variant,
                                 GError **error);

G_END_DECLS
