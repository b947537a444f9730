/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that take their microcode as SPC says; standard 2. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_STANDARD_DESCRIPTOR_LEN 4
#define OFL_STANDARD_BLOB_DESCRIPTOR "buffer descriptor"

gboolean ofl_standard_check_transfer (const OflFamily *self, const OflSnapshot *drive,
                                      const OflImage *image, const OflChoices *choices,
                                      GError **error);
OflPlan *ofl_standard_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                  const OflImage *image, const OflChoices *choices, GError **error);

G_END_DECLS
