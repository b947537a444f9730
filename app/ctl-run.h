/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one job on the main loop, shown live, and answers to signals. */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

int ofl_ctl_run_job (OflCtl *ctl, OflJob *job, OflDrive *drive);
int ofl_ctl_watch_job (OflCtl *ctl, OflJob *job);
int ofl_ctl_flash_drive (OflCtl *ctl, OflDrive *drive, const char *path);

/* A line typed by a person; NULL at the end of the input (ctl-ask.c). */
char *ofl_ctl_ask (const char *question);

G_END_DECLS
