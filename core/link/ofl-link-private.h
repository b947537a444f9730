/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the link test among themselves. */
#pragma once

#include "link/ofl-link.h"

G_BEGIN_DECLS

/* What the kernel counts (ofl-link-kernel.c) */
void ofl_link_kernel_read (OflLinkKernel *self, const char *sysfs_root, const char *sr_node);
void ofl_link_kernel_since (OflLinkKernel *self, const OflLinkKernel *before);

/* A readable stretch of the flash (ofl-link-stretch.c) */
GArray *ofl_link_stretch (const OflSnapshot *drive, const char **why_not);

/* From what was counted to a verdict in words (ofl-link-words.c) */
void ofl_link_judge (OflLink *self, const OflTopology *topology, const OflSnapshot *drive,
                     const GError *broke_off);

G_END_DECLS
