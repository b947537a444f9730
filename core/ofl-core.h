/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The core's front door: what the programs need, put together. */
#pragma once

#include "drive/ofl-drive-monitor.h"
#include "family/ofl-family.h"
#include "firmware/ofl-firmware.h"
#include "flash/ofl-job.h"
#include "practice/ofl-practice-transport.h"

G_BEGIN_DECLS

/* A drive of the list that is a practice drive: @speed times faster than real time, 0 for a
 * virtual clock. Its state is kept in @state_dir between runs (%NULL: not kept). */
guint ofl_core_practice_rank (const char *drive_id);
OflDrive *ofl_core_new_practice_drive (const char *id, double speed, const char *state_dir,
                                       GError **error);
OflPracticePort *ofl_core_get_practice_port (OflDrive *drive);
void ofl_core_keep_practice_state (OflDrive *drive);
void ofl_core_reload_practice_state (OflDrive *drive);
OflDriveMonitor *ofl_core_new_monitor (void);
void ofl_core_add_practice_drives (OflDriveMonitor *monitor, double speed, const char *state_dir);
char *ofl_core_practice_state_dir (void);

G_END_DECLS
