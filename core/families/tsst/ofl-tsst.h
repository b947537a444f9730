/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSST's DVD-ROM drives with the MT1339 and Samsung's SD-616F: what the parts of this family share.
 * tsst 1, tsst 2, tsst 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_TSST_SD616_FILE 0x20000 /* as it is stored */
#define OFL_TSST_SD616_SENT 0x30000 /* as it is sent */

GBytes *ofl_tsst_rearrange (GBytes *file);
OflPlan *ofl_tsst_plan_write (const OflFamily *self, const OflSnapshot *drive,
                              const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
