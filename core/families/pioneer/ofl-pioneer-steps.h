/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "families/pioneer/ofl-pioneer.h"

G_BEGIN_DECLS

void ofl_pioneer_add_same_drive (OflPlan *plan, const OflSnapshot *drive, const char *read,
                                 const char *compare);
void ofl_pioneer_add_kernel_look (OflPlan *plan, const char *kernel, const char *source);
void ofl_pioneer_add_firmware_look (OflPlan *plan, OflStage stage, const char *kernel,
                                    const char *source);

G_END_DECLS
