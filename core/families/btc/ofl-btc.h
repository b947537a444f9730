/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTC's DVD writers. btc 1, btc 2, btc 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_BTC_SIZE 0x100000

guint16 ofl_btc_sum (const guint8 *data);
OflPlan *ofl_btc_plan_write (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                             const OflChoices *choices, GError **error);

G_END_DECLS
