/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tape's writer and its readers share. */
#pragma once

#include <json-glib/json-glib.h>

#include "updater/ofl-tape.h"

G_BEGIN_DECLS

#define OFL_TAPE_FORMAT "optiflash-tape"
#define OFL_TAPE_VERSION 1
#define OFL_TAPE_LEAST_CDB 6
#define OFL_TAPE_MOST_US (24 * 3600 * G_GINT64_CONSTANT (1000000)) /* a day, of an answer */

struct _OflTape {
  OflTapeHeader header;
  GArray *entries; /* of OflTapeEntry */
  guint64 lengths; /* of all data phases */
  OflTapeEnd end;
  char *ended_at; /* NULL as long as no last line was read */
  gboolean torn;
};

/* The words that stand on a tape for the values of an enum; "" or -1 when there is none. */
const char *ofl_tape_outcome_id (OflOutcome outcome);
int ofl_tape_outcome_of (const char *word);
const char *ofl_tape_direction_id (OflDirection dir);
int ofl_tape_direction_of (const char *word);
int ofl_tape_end_of (const char *word);

/* The first line, and one of the others (ofl-tape-line.c). They return the member that is not what the
 * format has; NULL when all are. */
const char *ofl_tape_take_header (OflTape *self, JsonObject *line);
const char *ofl_tape_take_line (OflTape *self, JsonObject *line);
/* A member of a line; FALSE when it has none such. */
gboolean ofl_tape_get_int (JsonObject *line, const char *name, gint64 least, gint64 most,
                           gint64 *value);
const char *ofl_tape_get_text (JsonObject *line, const char *name);

G_END_DECLS
