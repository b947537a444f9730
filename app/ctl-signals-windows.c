/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows tells on a thread of its own; here it is noted, and seen by the main loop a moment later. */
#include "ctl-signals.h"

#include <windows.h>

#define LOOK_MS 50

static int came[OFL_CTL_N_SIGNALS]; /* atomic */

typedef struct {
  OflCtlSignal number;
  GSourceFunc handle;
  gpointer data;
} Watch;

/* When this returns after its console was closed, the program is ended at once; while it does not,
 * Windows waits some seconds, and ends it then. */
static BOOL WINAPI
on_control (DWORD event)
{
  switch (event)
    {
    case CTRL_C_EVENT:
      g_atomic_int_set (&came[OFL_CTL_INTERRUPT], 1);
      return TRUE;
    case CTRL_BREAK_EVENT:
      g_atomic_int_set (&came[OFL_CTL_TERMINATE], 1);
      return TRUE;
    case CTRL_CLOSE_EVENT:
      g_atomic_int_set (&came[OFL_CTL_HANG_UP], 1);
      Sleep (INFINITE);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
on_look (gpointer data)
{
  Watch *watch = data;

  if (!g_atomic_int_compare_and_exchange (&came[watch->number], 1, 0))
    return G_SOURCE_CONTINUE;
  return watch->handle (watch->data);
}

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
  static gsize once;
  Watch *watch = g_new (Watch, 1);

  if (g_once_init_enter (&once))
    {
      SetConsoleCtrlHandler (on_control, TRUE);
      g_once_init_leave (&once, 1);
    }
  *watch = (Watch){ number, handle, data };
  return g_timeout_add_full (G_PRIORITY_HIGH, LOOK_MS, on_look, watch, g_free);
}

/**
 * ofl_ctl_signals_begin:
 * @with_quit: not used
 *
 * Windows has no other signals.
 */
void
ofl_ctl_signals_begin (gboolean with_quit)
{
}

/**
 * ofl_ctl_signals_end:
 * @with_quit: not used
 */
void
ofl_ctl_signals_end (gboolean with_quit)
{
}

/**
 * ofl_ctl_signals_take_quit:
 *
 * Returns: %FALSE: there is no such signal
 */
gboolean
ofl_ctl_signals_take_quit (void)
{
  return FALSE;
}

/**
 * ofl_ctl_signals_take_continued:
 *
 * Returns: %FALSE: no program is stopped by its terminal
 */
gboolean
ofl_ctl_signals_take_continued (void)
{
  return FALSE;
}
