/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-transport.h"
#include "updater/ofl-tape.h"

G_BEGIN_DECLS

/**
 * OflTapeDrive:
 *
 * A practice drive made from a tape, and the way to it: it takes the recorded conversation and no
 * other. Has a clock of its own, on which nobody waits. Used by one thread at a time.
 */
#define OFL_TYPE_TAPE_DRIVE (ofl_tape_drive_get_type ())
G_DECLARE_FINAL_TYPE (OflTapeDrive, ofl_tape_drive, OFL, TAPE_DRIVE, OflTransport)

typedef void (*OflTapeDriveClosedFunc) (OflTapeDrive *self, gpointer data);

OflTapeDrive *ofl_tape_drive_new (OflTape *tape, GError **error);
OflTapeDrive *ofl_tape_drive_new_listed (OflTape *tape, guint position,
                                         OflTapeDriveClosedFunc closed, gpointer data,
                                         GError **error);
guint ofl_tape_drive_get_position (OflTapeDrive *self);
gboolean ofl_tape_drive_is_complete (OflTapeDrive *self);
guint ofl_tape_drive_get_n_differences (OflTapeDrive *self);
const char *ofl_tape_drive_get_difference (OflTapeDrive *self);

G_END_DECLS
