/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a drive's data stands on a tape, and what must not. */
#pragma once

#include <glib.h>

#include "scsi/ofl-command.h"

G_BEGIN_DECLS

void ofl_tape_add_serial (GPtrArray *secrets, const char *serial);
void ofl_tape_learn_serials (GPtrArray *secrets, const OflCommand *command, const guint8 *data,
                             gsize length);
gboolean ofl_tape_is_harmless (const OflCommand *command, gsize length);
gboolean ofl_tape_may_keep (const GPtrArray *secrets, const OflCommand *command, const guint8 *data,
                            gsize length);

G_END_DECLS
