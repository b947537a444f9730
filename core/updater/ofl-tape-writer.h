/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-tape.h"

G_BEGIN_DECLS

/* A tape that is being written, append-only. Reference counted; used by one thread at a time. */
typedef struct _OflTapeWriter OflTapeWriter;

OflTapeWriter *ofl_tape_writer_new (const char *path, const OflTapeHeader *header, GError **error);
OflTapeWriter *ofl_tape_writer_new_open (const char *path, int fd, const OflTapeHeader *header,
                                         GError **error);
OflTapeWriter *ofl_tape_writer_ref (OflTapeWriter *self);
void ofl_tape_writer_unref (OflTapeWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflTapeWriter, ofl_tape_writer_unref)

void ofl_tape_writer_add (OflTapeWriter *self, gint64 sent_us, const OflCommand *command,
                          const guint8 *data, const OflReply *reply);
int ofl_tape_writer_get_broken (const OflTapeWriter *self);
gboolean ofl_tape_writer_sync (OflTapeWriter *self, GError **error);
gboolean ofl_tape_writer_end (OflTapeWriter *self, OflTapeEnd end, GError **error);

G_END_DECLS
