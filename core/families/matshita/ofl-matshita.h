/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panasonic's slim DVD writers UJ-84x to UJ-89x. matshita 1, matshita 2, matshita 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

/* Bytes of the header that stands before the payload, in the file and in every piece (matshita 2.4) */
#define OFL_MATSHITA_HEADER 0x30
#define OFL_MATSHITA_CDB 12

void ofl_matshita_unlock (guint8 cdb[OFL_MATSHITA_CDB], guint minute, guint second);
OflPlan *ofl_matshita_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                  const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
