/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samsung's SE-506: what the parts of this family share. se506 1,
 * se506 2, se506 3. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_SE506_SIZE 0x200000
#define OFL_SE506_LOADED_AT 0x10000   /* what lies before is not programmed by the drive */
#define OFL_SE506_LOADED_END 0x1e2000 /* nor summed is what lies behind */
#define OFL_SE506_TRAILER_AT 0x1fffd0
#define OFL_SE506_SUM_AT 0x1ffffe
#define OFL_SE506_INQUIRY_LEN 0x60
#define OFL_SE506_VERSION_LEN 8
#define OFL_SE506_COMMAND_MS 20

OflCommand ofl_se506_version (void);
guint16 ofl_se506_sum (const guint8 *data);
void ofl_se506_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
OflPlan *ofl_se506_plan_read (const OflFamily *self, const OflSnapshot *drive,
                              const OflChoices *choices, GError **error);
OflPlan *ofl_se506_plan_write (const OflFamily *self, const OflSnapshot *drive,
                               const OflImage *image, const OflChoices *choices, GError **error);
void ofl_se506_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                             const OflChoices *choices, OflComparison *comparison);

G_END_DECLS
