/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plextor's writers: what the parts of this family share. plextor 1,
 * plextor 2, plextor 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_PLEXTOR_EEPROM_BLOCK 0x100
#define OFL_PLEXTOR_EEPROM_BLOCKS 4 /* of models whose EEPROM is read in blocks */

/* Facts of a drive's snapshot */
#define OFL_PLEXTOR_FACT_TLA "TLA"

char *ofl_plextor_model (const OflFamily *self, const OflSnapshot *drive);
OflCommand ofl_plextor_read_eeprom (gboolean in_blocks, guint8 block, guint16 length);
void ofl_plextor_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
OflPlan *ofl_plextor_plan_read (const OflFamily *self, const OflSnapshot *drive,
                                const OflChoices *choices, GError **error);
OflPlan *ofl_plextor_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                 const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
