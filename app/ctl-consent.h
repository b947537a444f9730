/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

gboolean ofl_ctl_consent (OflCtl *ctl, OflDrive *drive, OflImage *image, OflJobOptions *options,
                          int *exit_status);

G_END_DECLS
