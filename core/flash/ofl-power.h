/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this computer runs on. */
#pragma once

#include "flash/ofl-system-bus.h"

G_BEGIN_DECLS

/**
 * OflPower:
 * @question: what the system was asked, for a technical line
 * @on_battery: it runs on a battery
 * @has_lid: it tells of a lid
 * @lid_closed: which is closed
 * @charge_known: it tells how full its batteries are, taken together
 * @percent: how full
 */
typedef struct {
  const char *question;
  gboolean on_battery;
  gboolean has_lid, lid_closed;
  gboolean charge_known;
  double percent;
} OflPower;

gboolean ofl_power_read (OflSystemBus *bus, OflPower *power, GError **error);

G_END_DECLS
