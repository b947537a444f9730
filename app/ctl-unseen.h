/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of jobs that nobody has seen, because their terminal was gone by then. */
#pragma once

#include "ctl-output.h"

G_BEGIN_DECLS

void ofl_ctl_unseen_keep (OflCtl *ctl, const char *title, const OflResult *result);
void ofl_ctl_unseen_tell (OflCtl *ctl);

G_END_DECLS
