/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-finder.h"

G_BEGIN_DECLS

typedef struct _OflFinderUdev OflFinderUdev;

OflFinderUdev *ofl_finder_udev_new (const OflFinderEvents *events, gpointer owner, GError **error);
void ofl_finder_udev_free (OflFinderUdev *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflFinderUdev, ofl_finder_udev_free)

G_END_DECLS
