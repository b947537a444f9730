/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way out of the command line: g_print(), g_printerr(), JSON and the bars all end here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ofl_ctl_out_init (void);
int ofl_ctl_out_finish (int exit_status, gboolean is_product);

/* The terminal */
gboolean ofl_ctl_is_terminal (int fd);
guint ofl_ctl_columns (int fd);
guint ofl_ctl_rows (int fd);
gboolean ofl_ctl_unicode (void);

/* Other ways in than g_print() */
void ofl_ctl_out_json (const char *line);
void ofl_ctl_out_draw (const char *text);
void ofl_ctl_out_answered (void);

/* While a job runs */
void ofl_ctl_out_begin_job (void);
gsize ofl_ctl_out_waiting (void);
void ofl_ctl_out_give_up (void);
void ofl_ctl_out_end_job (void);
gboolean ofl_ctl_out_is_lost (void);

G_END_DECLS
