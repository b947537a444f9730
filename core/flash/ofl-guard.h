/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps a write from being ended or stopped by a signal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflGuard:
 * @OFL_GUARD_JOB: a job runs: signals that nobody sends to end a program (SIGPIPE, SIGXFSZ, SIGALRM,
 *   SIGUSR1 …) do nothing
 * @OFL_GUARD_DANGER: the drive is past the point of no return: besides, nothing stops the program
 *   (SIGTSTP, SIGTTIN, SIGTTOU), and who asks it to end (SIGINT, SIGTERM, SIGHUP, SIGQUIT) waits
 */
typedef enum {
  OFL_GUARD_JOB,
  OFL_GUARD_DANGER,
} OflGuard;

void ofl_guard_begin (OflGuard guard);
void ofl_guard_end (OflGuard guard);
gboolean ofl_guard_take_stop (void);
void ofl_guard_fill_descriptors (void);
void ofl_guard_leave_terminal (gpointer data);

G_END_DECLS
