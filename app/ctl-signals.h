/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the system tells a program that it is to end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflCtlSignal:
 * @OFL_CTL_INTERRUPT: Ctrl+C
 * @OFL_CTL_TERMINATE: the program is asked to end
 * @OFL_CTL_HANG_UP: its terminal is closed
 */
typedef enum {
  OFL_CTL_INTERRUPT,
  OFL_CTL_TERMINATE,
  OFL_CTL_HANG_UP,
  OFL_CTL_N_SIGNALS,
} OflCtlSignal;

guint ofl_ctl_signal_add (OflCtlSignal number, GSourceFunc handle, gpointer data);
void ofl_ctl_signals_begin (gboolean with_quit);
void ofl_ctl_signals_end (gboolean with_quit);
gboolean ofl_ctl_signals_take_quit (void);
gboolean ofl_ctl_signals_take_continued (void);

G_END_DECLS
