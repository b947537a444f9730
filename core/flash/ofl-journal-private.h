/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal's writer and its readers share. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "flash/ofl-journal.h"

G_BEGIN_DECLS

/* Length of a journal's first line with its end: room for one short record. */
#define OFL_JOURNAL_RESERVED 512

char *ofl_journal_time (GDateTime *when);
char *ofl_journal_record (const char *event, ...) G_GNUC_NULL_TERMINATED;
int ofl_journal_write_reserved (int fd, const char *event, const char *verdict, const char *why);

/* Reading (ofl-journal-read.c) */

/* @object: (nullable): a line's record, valid during the call; %NULL: it cannot be read. Returns
 * whether to go on. */
typedef gboolean (*OflJournalLineFunc) (JsonObject *object, gpointer data);

GPtrArray *ofl_journal_list (const char *state_dir);
GByteArray *ofl_journal_load (const char *path, gboolean *running);
void ofl_journal_foreach (const GByteArray *content, OflJournalLineFunc func, gpointer data);
const char *ofl_journal_string (JsonObject *object, const char *name);
gboolean ofl_journal_kind_writes (const char *kind);

/* A job as its records tell it (ofl-unfinished.c), whether or not it ended */
OflUnfinished *ofl_unfinished_new (const char *path);
void ofl_unfinished_look_for_backup (OflUnfinished *self);
void ofl_unfinished_take_record (OflUnfinished *self, JsonObject *record);
char *ofl_journal_say_time (const char *iso8601);

G_END_DECLS
