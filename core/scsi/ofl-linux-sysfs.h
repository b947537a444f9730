/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflLinuxNodes:
 * @sg_node: (nullable): "/dev/sgN"
 * @sr_node: (nullable): "/dev/srN"
 * @device: folder of the SCSI device in sysfs
 *
 * What the kernel calls a drive at this moment.
 */
typedef struct {
  char *sg_node;
  char *sr_node;
  char *device;
} OflLinuxNodes;

void ofl_linux_nodes_clear (OflLinuxNodes *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflLinuxNodes, ofl_linux_nodes_clear)

char *ofl_linux_sysfs_device (const char *sysfs_root, const char *node);
char *ofl_linux_sysfs_port (const char *device);
gboolean ofl_linux_sysfs_find (const char *sysfs_root, const char *port, const char *like_device,
                               OflLinuxNodes *nodes);
guint32 ofl_linux_sysfs_max_transfer (const char *device);

G_END_DECLS
