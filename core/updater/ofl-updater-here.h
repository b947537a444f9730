/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-updater-options.h"
#include "updater/ofl-updater-runner.h"

G_BEGIN_DECLS

/**
 * OflUpdaterHere:
 *
 * The runner of a process that may make a cage itself.
 */
#define OFL_TYPE_UPDATER_HERE (ofl_updater_here_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterHere, ofl_updater_here, OFL, UPDATER_HERE, GObject)

OflUpdaterRunner *ofl_updater_here_new (const OflUpdaterOptions *options);

G_END_DECLS
