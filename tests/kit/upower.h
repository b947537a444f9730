/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A system bus of a test's own, with a UPower and a logind on it that answer as the test wants, from a
 * thread of their own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * UpowerSays:
 * @absent: there is no UPower on the bus
 * @on_battery: the computer runs on its battery
 * @no_charge: the battery does not say how full it is
 * @percent: how full it is
 * @lid: the computer has one
 * @lid_closed: it is closed
 * @logind: there is a logind, which blocks sleep for whoever asks
 * @mute: both are there and never answer
 */
typedef struct {
  gboolean absent;
  gboolean on_battery;
  gboolean no_charge;
  double percent;
  gboolean lid, lid_closed;
  gboolean logind;
  gboolean mute;
} UpowerSays;

typedef struct _Upower Upower;

Upower *upower_new (const UpowerSays *says);
void upower_free (Upower *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Upower, upower_free)

GTestDBus *upower_get_bus (Upower *self);
const char *upower_get_address (Upower *self);
/* How often logind's block was taken. */
guint upower_count_blocks (Upower *self);

G_END_DECLS
