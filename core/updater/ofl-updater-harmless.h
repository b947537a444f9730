/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-command.h"

G_BEGIN_DECLS

gboolean ofl_updater_is_harmless (const OflCommand *command);

G_END_DECLS
