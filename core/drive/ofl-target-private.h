/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-target.h"

G_BEGIN_DECLS

/* An identification runs between these two: an exclusive open in this process waits for its end
 * instead of failing because of our own look at the drive. */
void ofl_target_begin_probe (OflTarget *self);
void ofl_target_end_probe (OflTarget *self);

gboolean ofl_target_equal (const OflTarget *a, const OflTarget *b);

G_END_DECLS
