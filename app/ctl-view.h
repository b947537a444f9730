/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running job, shown live: a block of bars on a terminal, plain lines in a pipe, JSON. */
#pragma once

#include "ctl-output.h"

G_BEGIN_DECLS

typedef struct _OflCtlView OflCtlView;

OflCtlView *ofl_ctl_view_new (OflCtl *ctl, OflJob *job);
void ofl_ctl_view_free (OflCtlView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflCtlView, ofl_ctl_view_free)

void ofl_ctl_view_update (OflCtlView *self);
void ofl_ctl_view_finish (OflCtlView *self);
void ofl_ctl_view_say (OflCtlView *self, const char *sentence);
void ofl_ctl_view_begin_anew (OflCtlView *self);

/* The block of a terminal (ctl-bars.c): at most @rows lines no wider than @columns, without line
 * ends. */
GPtrArray *ofl_ctl_bars (const OflProgressView *progress, guint columns, guint rows,
                         gboolean unicode);

G_END_DECLS
