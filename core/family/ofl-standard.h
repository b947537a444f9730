/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that take their microcode as SPC says; protocols.md 1.1. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

/* An image of a file that nothing recognises, for a drive that the user said is a standard one. */
OflImage *ofl_standard_raw_image (GBytes *bytes);
/* The same for a file that another family recognises and cannot write. */
OflImage *ofl_standard_assume_image (OflImage *image);

G_END_DECLS
