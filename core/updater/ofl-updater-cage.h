/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "updater/ofl-updater-end.h"

G_BEGIN_DECLS

/**
 * OflUpdaterCage:
 *
 * A place in which one Windows program runs: no network, no home, no device, no process but its own;
 * one drive, behind the broker's socket. Used by the thread that made it.
 */
#define OFL_TYPE_UPDATER_CAGE (ofl_updater_cage_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterCage, ofl_updater_cage, OFL, UPDATER_CAGE, GObject)

OflUpdaterCage *ofl_updater_cage_new (const char *cache, const char *libdir);
gboolean ofl_updater_cage_check (gboolean shown, GError **error);
void ofl_updater_cage_run_async (OflUpdaterCage *self, const char *const *files,
                                 const char *const *arguments, const char *socket, gboolean shown,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
OflUpdaterEnd *ofl_updater_cage_run_finish (OflUpdaterCage *self, GAsyncResult *result,
                                            GError **error);
gboolean ofl_updater_cage_is_running (OflUpdaterCage *self);
void ofl_updater_cage_end (OflUpdaterCage *self);

G_END_DECLS
