/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-transport.h"
#include "updater/ofl-updater-handler.h"

G_BEGIN_DECLS

/**
 * OflUpdaterBroker:
 *
 * Takes what comes out of the cage and brings it to the one drive: one command at a time, in the
 * order in which they came, whoever in the cage sent it. Used by the thread that made it, on whose
 * main context it reads and writes; commands run in a worker thread.
 */
#define OFL_TYPE_UPDATER_BROKER (ofl_updater_broker_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterBroker, ofl_updater_broker, OFL, UPDATER_BROKER, GObject)

OflUpdaterBroker *ofl_updater_broker_new (OflTransport *transport, OflUpdaterHandler *handler);
gboolean ofl_updater_broker_listen (OflUpdaterBroker *self, const char *path, GError **error);
gboolean ofl_updater_broker_listen_on (OflUpdaterBroker *self, GSocket *socket, GError **error);
void ofl_updater_broker_add_connection (OflUpdaterBroker *self, GSocketConnection *connection);
OflUpdaterRequest *ofl_updater_broker_get_held (OflUpdaterBroker *self);
gboolean ofl_updater_broker_release (OflUpdaterBroker *self, guint64 serial,
                                     OflUpdaterDecision decision, const OflUpdaterRefusal *refusal);
guint ofl_updater_broker_get_n_refused (OflUpdaterBroker *self);
void ofl_updater_broker_close_async (OflUpdaterBroker *self, GAsyncReadyCallback callback,
                                     gpointer data);
gboolean ofl_updater_broker_close_finish (OflUpdaterBroker *self, GAsyncResult *result,
                                          GError **error);

G_END_DECLS
