/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal's writer and its reader share. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Length of a journal's first line with its end: room for one short record. */
#define OFL_JOURNAL_RESERVED 512

char *ofl_journal_time (GDateTime *when);
char *ofl_journal_record (const char *event, ...) G_GNUC_NULL_TERMINATED;
int ofl_journal_write_reserved (int fd, const char *event, const char *verdict, const char *why);

G_END_DECLS
