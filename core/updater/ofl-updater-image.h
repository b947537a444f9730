/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file says that may be the maker's own program. */
#pragma once

#include "families/ofl-families.h"

G_BEGIN_DECLS

gboolean ofl_updater_is_program (OflFirmware *file);
OflImage *ofl_updater_find_image (OflFirmware *file, const OflSnapshot *drive,
                                  const OflChoices *choices);

G_END_DECLS
