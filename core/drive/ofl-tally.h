/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a long series of questions has come, for somebody on another thread. */
#pragma once

#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

typedef struct _OflTally OflTally;

OflTally *ofl_tally_new (void);
OflTally *ofl_tally_ref (OflTally *self);
void ofl_tally_unref (OflTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflTally, ofl_tally_unref)

guint ofl_tally_read (OflTally *self, guint *total);

/* For who asks. Without a tally these do nothing. */
void ofl_tally_attach (OflTally *self, OflTransport *transport);
void ofl_tally_expect (OflTransport *transport, guint total);
void ofl_tally_step (OflTransport *transport);

G_END_DECLS
