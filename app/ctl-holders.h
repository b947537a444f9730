/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "ctl.h"
#include "drive/ofl-holders.h"

G_BEGIN_DECLS

GPtrArray *ofl_ctl_find_holders (OflTarget *target);
void ofl_ctl_print_holders (const GPtrArray *holders);
void ofl_ctl_json_holders (JsonBuilder *builder, const GPtrArray *holders);
char *ofl_ctl_describe_hidden (OflCtl *ctl);

G_END_DECLS
