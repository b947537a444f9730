/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal, as the system has it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ofl_ctl_terminal_init (void);
GStrv ofl_ctl_terminal_arguments (char **argv);
void ofl_ctl_terminal_get_size (int fd, guint *columns, guint *rows);
gboolean ofl_ctl_terminal_charset (const char **charset);
void ofl_ctl_terminal_wait (int fd);
GInputStream *ofl_ctl_terminal_input (void);
void ofl_ctl_terminal_forget_input (void);

G_END_DECLS
