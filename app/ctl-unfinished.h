/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"
#include "flash/ofl-journal.h"

G_BEGIN_DECLS

/* g_print() or g_printerr() */
typedef void (*OflCtlPrint) (const char *format, ...) G_GNUC_PRINTF (1, 2);

void ofl_ctl_print_unfinished (OflCtl *ctl, const OflUnfinished *job, guint number,
                               const char *drive, OflCtlPrint print);
void ofl_ctl_tell_unfinished (OflCtl *ctl, OflDrive *drive);
int ofl_ctl_dismiss_job (OflCtl *ctl, const OflUnfinished *job);
int ofl_ctl_dismiss_unfinished (OflCtl *ctl, const char *which);

G_END_DECLS
