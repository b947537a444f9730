/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a finder tells the monitor. A finder knows nodes, not drives, and sends no command. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflFinderEvents:
 * @appeared: a drive's device is there; may be told again for one that is known
 * @changed: its disc, its rights or its sg node changed
 * @vanished: it is gone
 * @looked: everything that was there at the start has been told
 * @may_look: whether the finder may open devices now; a job must not be disturbed
 *
 * Called on the main loop, with "/dev/sr0" and the owner.
 */
typedef struct {
  void (*appeared) (const char *sr_node, gpointer owner);
  void (*changed) (const char *sr_node, gpointer owner);
  void (*vanished) (const char *sr_node, gpointer owner);
  void (*looked) (gpointer owner);
  gboolean (*may_look) (gpointer owner);
} OflFinderEvents;

G_END_DECLS
