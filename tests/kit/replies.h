/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drive replied, read from a text (tests/replies/README.md): one of the captured ones in that
 * folder, or a report of optiflashctl. */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

typedef struct _Replies Replies;

/* NULL when a line is none of such a text. */
Replies *replies_parse (const char *text);
/* tests/replies/NAME.txt */
Replies *replies_load (const char *name);
void replies_free (Replies *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Replies, replies_free)

/* How many commands have a reply; how many of them "ok" */
guint replies_count (const Replies *self);
guint replies_count_good (const Replies *self);
/* The value behind "NAME: " before the first command; NULL when there is none */
const char *replies_field (const Replies *self, const char *name);
/* Data of the command, in hex; how much of it is asked for does not matter. NULL without a good reply */
const guint8 *replies_find (const Replies *self, const char *cdb, gsize *length);
/* Answers each command as the drive did; what the text does not have is refused with 05/20/00. It
 * has no disc. Keep @self as long. */
OflTransport *replies_transport (Replies *self);

G_END_DECLS
