/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflLinuxHold:
 *
 * Keeps a block device to ourselves for as long as it exists.
 */
typedef struct _OflLinuxHold OflLinuxHold;

OflLinuxHold *ofl_linux_hold_new (const char *node, guint busy_wait_ms, GError **error);
void ofl_linux_hold_release (OflLinuxHold *self);

G_END_DECLS
