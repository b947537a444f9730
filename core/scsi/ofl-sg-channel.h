/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-command.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/**
 * OflSgChannel:
 *
 * One open sg node and the request that may still be under way on it.
 */
typedef struct _OflSgChannel OflSgChannel;

OflSgChannel *ofl_sg_channel_new (int fd, guint32 max_transfer);
void ofl_sg_channel_free (OflSgChannel *self);
gboolean ofl_sg_channel_is_gone (OflSgChannel *self, guint wait_ms);
void ofl_sg_channel_run (OflSgChannel *self, const OflCommand *command, guint8 *data,
                         OflReply *reply);

G_END_DECLS
