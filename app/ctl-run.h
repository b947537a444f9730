/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one job on the main loop, shown live, and answers to signals. */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

OflJobOptions *ofl_ctl_make_options (OflCtl *ctl);
int ofl_ctl_run_job (OflCtl *ctl, OflJob *job, OflDrive *drive);
int ofl_ctl_watch_job (OflCtl *ctl, OflJob *job);
int ofl_ctl_flash_drive (OflCtl *ctl, OflDrive *drive, const char *path);
int ofl_ctl_flash_image (OflCtl *ctl, OflDrive *drive, OflImage *image, const char *location);

/* A line typed by a person; NULL at the end of the input (ctl-ask.c). */
char *ofl_ctl_ask (const char *question);
char *ofl_ctl_ask_until (const char *question, GCancellable *cancellable);
gboolean ofl_ctl_can_ask (const OflCtl *ctl);
gboolean ofl_ctl_ask_yes (const char *question, const char *other_word);
gboolean ofl_ctl_is_yes (const char *answer, const char *other_word);

G_END_DECLS
