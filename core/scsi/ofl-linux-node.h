/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflNodeUser:
 * @mount: (nullable): where the disc is mounted
 * @pid: number of the process that has the node open; 0: none was found
 * @program: (nullable): its name
 *
 * Who uses a device.
 */
typedef struct {
  char *mount;
  guint64 pid;
  char *program;
} OflNodeUser;

void ofl_node_user_clear (OflNodeUser *user);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflNodeUser, ofl_node_user_clear)

void ofl_linux_node_set_error (const char *node, int code, GError **error);
int ofl_linux_node_open (const char *node, int open_flags, guint busy_wait_ms, GError **error);
gboolean ofl_linux_node_find_user (const char *node, OflNodeUser *user);

G_END_DECLS
