/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflNodeUser:
 * @mount: (nullable): where the disc is mounted; then the rest says nothing
 * @pid: number of the process that has the node open
 * @program: its name, at most 15 characters long as the kernel has it, or ""
 * @reads: whether it has the node open for reading
 * @writes: whether it has it open for writing
 * @foreign: whether the process is of another user, who has to be root to end it
 *
 * Who uses a device node.
 */
typedef struct {
  char *mount;
  guint64 pid;
  char *program;
  gboolean reads, writes;
  gboolean foreign;
} OflNodeUser;

void ofl_node_user_free (OflNodeUser *user);

GPtrArray *ofl_linux_node_list_users (const char *proc_root, const char *node);
guint ofl_linux_count_hidden (const char *proc_root);

G_END_DECLS
