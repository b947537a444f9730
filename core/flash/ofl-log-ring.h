/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last lines of a job's log. */
#pragma once

#include "family/ofl-family.h"
#include "flash/ofl-progress.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/**
 * OflLogRing:
 *
 * The last %OFL_LOG_KEPT lines, numbered from 1. Locks nothing.
 */
typedef struct _OflLogRing OflLogRing;

OflLogRing *ofl_log_ring_new (void);
void ofl_log_ring_free (OflLogRing *self);
void ofl_log_ring_add_text (OflLogRing *self, gint64 time_us, OflLogLevel level, char *text);
void ofl_log_ring_add_command (OflLogRing *self, gint64 time_us, const OflFamily *family,
                               const OflCommand *command, const OflReply *reply);
GArray *ofl_log_ring_take (const OflLogRing *self, guint64 after_seq, guint max_lines);
GPtrArray *ofl_log_ring_to_lines (GArray *taken);

G_END_DECLS
