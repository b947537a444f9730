/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-system-bus.h"

G_BEGIN_DECLS

/* A block on shutdown, sleep, idle and lid, held through logind. Thread safe. */
typedef struct _OflInhibitor OflInhibitor;

OflInhibitor *ofl_inhibitor_new (void);
OflInhibitor *ofl_inhibitor_new_on (OflSystemBus *way);
void ofl_inhibitor_free (OflInhibitor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflInhibitor, ofl_inhibitor_free)

gboolean ofl_inhibitor_take (OflInhibitor *self, const char *reason, GError **error);
void ofl_inhibitor_release (OflInhibitor *self);
gboolean ofl_inhibitor_is_held (OflInhibitor *self);

G_END_DECLS
