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
 * @sent: bytes of data that the drive took
 * @n_sent: commands that were let through though they could change the drive
 * @failed: how many of these did not end well
 * @at_drive: the drive has a command now
 * @idle_us: for how long it has none; 0 while it has
 * @no_data_us: for how long no data was sent to it
 * @ready: the last time that it was asked, it said that it was ready
 *
 * How far the maker's program is.
 */
typedef struct {
  guint64 sent;
  guint n_sent;
  guint failed;
  gboolean at_drive;
  gint64 idle_us;
  gint64 no_data_us;
  gboolean ready;
} OflUpdaterState;

/* @serial: of the request that is held; called in the thread whose context was given. */
typedef void (*OflUpdaterHeldFunc) (guint64 serial, const char *what, gpointer data);

OflUpdaterTraffic *ofl_updater_traffic_new (OflWork *work, GMainContext *context,
                                            OflUpdaterHeldFunc held, gpointer data);
void ofl_updater_traffic_open (OflUpdaterTraffic *self);
void ofl_updater_traffic_read (OflUpdaterTraffic *self, OflUpdaterState *state);
void ofl_updater_traffic_tick (OflUpdaterTraffic *self, gboolean running);
void ofl_updater_traffic_end (OflUpdaterTraffic *self);

G_END_DECLS
