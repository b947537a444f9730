/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The core's front door: what the programs need, put together. */
#pragma once

#include "drive/ofl-drive-monitor.h"
#include "families/ofl-families-search.h"
#include "families/ofl-families.h"
#include "firmware/ofl-firmware.h"
#include "flash/ofl-job.h"
#include "flash/ofl-preflight.h"
#include "plan/ofl-action.h"
#include "practice/ofl-practice-transport.h"

G_BEGIN_DECLS

/* A drive of the list that is a practice drive: @speed times faster than real time, 0 for a
 * virtual clock. It lives in a file in @state_dir (%NULL: it is gone with this program), or is made from a tape. */
gboolean ofl_core_is_tape (const char *id);
guint ofl_core_practice_rank (const char *drive_id);
OflDrive *ofl_core_new_practice_drive (const char *id, double speed, const char *state_dir,
                                       GError **error);
OflPracticePort *ofl_core_get_practice_port (OflDrive *drive);
const char *ofl_core_get_practice_assumptions (OflDrive *drive);
OflDriveMonitor *ofl_core_new_monitor (void);
void ofl_core_add_practice_drives (OflDriveMonitor *monitor, double speed, const char *state_dir);
char *ofl_core_practice_state_dir (void);
GStrv ofl_core_get_practice_faults (const char *id, const char *state_dir, gboolean *unplugged);
gboolean ofl_core_set_practice_faults (const char *id, const char *state_dir,
                                       const char *const *faults, gboolean unplugged,
                                       GError **error);
gboolean ofl_core_reset_practice_drive (const char *id, const char *state_dir, GError **error);

G_END_DECLS
