/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl.h"

G_BEGIN_DECLS

GPtrArray *ofl_ctl_look_around (OflDrive *drive, OflImage *image, const OflJobOptions *options);
void ofl_ctl_print_check (const OflCheck *check);
void ofl_ctl_json_checks (JsonBuilder *builder, const GPtrArray *checks);

G_END_DECLS
