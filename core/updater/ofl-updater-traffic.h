/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes between the maker's program and its drive: journal, log, and what it tells of the stage. */
#pragma once

#include "flash/ofl-work.h"
#include "updater/ofl-updater-handler.h"

G_BEGIN_DECLS

#define OFL_TYPE_UPDATER_TRAFFIC (ofl_updater_traffic_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterTraffic, ofl_updater_traffic, OFL, UPDATER_TRAFFIC, GObject)

/**
 * OflUpdaterState:
 * @n_sent: commands that were let through though they could change the drive
 * @n_failed: how many of these did not end well
 *
 * What the maker's program has done.
 */
typedef struct {
  guint n_sent;
  guint n_failed;
} OflUpdaterState;

/* The request that is being held now, and what it is; in the thread in which the broker was made. */
typedef void (*OflUpdaterHeldFunc) (guint64 serial, const char *what, gpointer data);

OflUpdaterTraffic *ofl_updater_traffic_new (OflWork *work, OflUpdaterHeldFunc held, gpointer data);
void ofl_updater_traffic_open (OflUpdaterTraffic *self);
void ofl_updater_traffic_read (OflUpdaterTraffic *self, OflUpdaterState *state);
void ofl_updater_traffic_tick (OflUpdaterTraffic *self, gboolean running);
gboolean ofl_updater_traffic_is_quiet (OflUpdaterTraffic *self, guint quiet_ms);
gboolean ofl_updater_traffic_try_end (OflUpdaterTraffic *self, guint quiet_ms);
void ofl_updater_traffic_end (OflUpdaterTraffic *self, gboolean clean);

G_END_DECLS
