/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file in which a practice drive lives between programs. */
#pragma once

#include "practice/ofl-practice-drive.h"

G_BEGIN_DECLS

/* How often, in real time, what the flash chip has done meanwhile is put on disk while its host
 * waits. */
#define OFL_PRACTICE_STORE_MS 50

typedef struct _OflPracticeStore OflPracticeStore;

OflPracticeStore *ofl_practice_store_new (OflPracticeDrive *drive, const char *path);
void ofl_practice_store_free (OflPracticeStore *self);
const char *ofl_practice_store_get_path (OflPracticeStore *self);
void ofl_practice_store_open (OflPracticeStore *self, gboolean exclusive, gint64 now_us);
void ofl_practice_store_close (OflPracticeStore *self);
void ofl_practice_store_flush (OflPracticeStore *self);

int ofl_practice_store_lock (const char *path, gboolean exclusive, GError **error);
gboolean ofl_practice_store_remove (const char *path, GError **error);

/* ofl-practice-state.c: the format of the file */
char *ofl_practice_state_head (OflPracticeDrive *drive);
const guint8 *ofl_practice_state_find_cells (OflPracticeDrive *drive, const char *contents,
                                             gsize length, gboolean *disc);
void ofl_practice_state_put (OflPracticeDrive *drive, const guint8 *cells, gboolean disc,
                             gint64 now_us);

G_END_DECLS
