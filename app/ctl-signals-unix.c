/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-signals.h"

#include <glib-unix.h>
#include <signal.h>

/* Atomic: the kernel lets any thread handle a signal, the job's worker, too. */
static int quit_asked;
static int continued;

/**
 * ofl_ctl_signal_add:
 * @number: a signal
 * @handle: called on the main loop each time that it comes
 * @data: for @handle
 *
 * Returns: the source's id, for g_source_remove()
 */
guint
ofl_ctl_signal_add (OflCtlSignal number, GSourceFunc handle, gpointer data)
{
  static const int numbers[OFL_CTL_N_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

  return g_unix_signal_add (numbers[number], handle, data);
}

static void
on_quit (int number)
{
  g_atomic_int_set (&quit_asked, 1);
}

static void
on_continue (int number)
{
  g_atomic_int_set (&continued, 1);
}

static void
set_handlers (gboolean on, gboolean with_quit)
{
  struct sigaction quit = { .sa_handler = on ? on_quit : SIG_DFL, .sa_flags = SA_RESTART };
  struct sigaction cont = { .sa_handler = on ? on_continue : SIG_DFL, .sa_flags = SA_RESTART };

  sigemptyset (&quit.sa_mask);
  sigemptyset (&cont.sa_mask);
  sigaction (SIGCONT, &cont, NULL);
  if (with_quit)
    sigaction (SIGQUIT, &quit, NULL);
}

/**
 * ofl_ctl_signals_begin:
 * @with_quit: whether Ctrl-\ is noted, too, instead of ending the program
 *
 * From now on the signals that GLib has no source for are noted.
 */
void
ofl_ctl_signals_begin (gboolean with_quit)
{
  set_handlers (TRUE, with_quit);
}

/**
 * ofl_ctl_signals_end:
 * @with_quit: as it was begun
 *
 * They do again what they do by default.
 */
void
ofl_ctl_signals_end (gboolean with_quit)
{
  set_handlers (FALSE, with_quit);
}

/**
 * ofl_ctl_signals_take_quit:
 *
 * Returns: whether Ctrl-\ came since this was asked last
 */
gboolean
ofl_ctl_signals_take_quit (void)
{
  return g_atomic_int_compare_and_exchange (&quit_asked, 1, 0);
}

/**
 * ofl_ctl_signals_take_continued:
 *
 * Returns: whether the program was stopped and goes on since this was asked last
 */
gboolean
ofl_ctl_signals_take_continued (void)
{
  return g_atomic_int_compare_and_exchange (&continued, 1, 0);
}
