/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-finder.h"

G_BEGIN_DECLS

typedef struct _OflFinderCdio OflFinderCdio;

/* Device names, %NULL-terminated; called on a worker thread. */
typedef char **(*OflFinderListFunc) (void);

#define OFL_FINDER_CDIO_PERIOD_MS 3000

OflFinderCdio *ofl_finder_cdio_new (const OflFinderEvents *events, gpointer owner,
                                    OflFinderListFunc list, guint period_ms);
char **ofl_finder_cdio_list (void);
void ofl_finder_cdio_free (OflFinderCdio *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflFinderCdio, ofl_finder_cdio_free)

G_END_DECLS
