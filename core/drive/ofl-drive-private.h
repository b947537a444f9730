/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-drive.h"

G_BEGIN_DECLS

void ofl_drive_set_target (OflDrive *self, OflTarget *target, OflAccess access);

G_END_DECLS
