/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port as its transports see it; everybody else uses ofl-practice-transport.h. */
#pragma once

#include "practice/ofl-practice-transport.h"

G_BEGIN_DECLS

int ofl_practice_port_lock (OflPracticePort *self, gboolean exclusive, GError **error);
gboolean ofl_practice_port_attach (OflPracticePort *self, gboolean exclusive, guint *visit,
                                   GError **error);
void ofl_practice_port_detach (OflPracticePort *self, gboolean exclusive);
void ofl_practice_port_execute (OflPracticePort *self, guint visit, const OflCommand *command,
                                guint8 *data, OflReply *reply);
void ofl_practice_port_put_reply (OflPracticeDrive *drive, const OflCommand *command,
                                  const OflPracticeAnswer *answer, OflReply *reply);
gboolean ofl_practice_port_wait_drive (OflPracticePort *self, guint limit_ms,
                                       GCancellable *cancellable, guint *visit, GError **error);
gint64 ofl_practice_port_now_us (OflPracticePort *self);
void ofl_practice_port_sleep_ms (OflPracticePort *self, guint ms, GCancellable *cancellable);

G_END_DECLS
