/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-job.h"
#include "updater/ofl-updater-options.h"

G_BEGIN_DECLS

OflJob *ofl_updater_job_new (OflTarget *target, OflSnapshot *expected, OflImage *image,
                             const OflJobOptions *options, OflUpdaterOptions *run);

G_END_DECLS
