/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the actions of optiflashctl tape share. */
#pragma once

#include "ctl.h"
#include "updater/ofl-tape.h"

G_BEGIN_DECLS

int ofl_ctl_tape_show (OflCtl *ctl, const OflTape *tape);
int ofl_ctl_tape_replay (OflCtl *ctl, OflTape *tape, const char *practice);
char *ofl_ctl_tape_say_entry (const OflTapeEntry *entry);

G_END_DECLS
