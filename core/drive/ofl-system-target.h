/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target of a real drive: its nodes and port from sysfs, opened by the best transport. */
#pragma once

#include "drive/ofl-target.h"

G_BEGIN_DECLS

OflTarget *ofl_system_target_new (const char *sysfs_root, const char *sr_node,
                                  gboolean use_cdio_transport);

G_END_DECLS
