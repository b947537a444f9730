/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows has no signals. What ends a console's program, Ctrl+C and Ctrl+Break, does nothing while the
 * drive is past the point of no return. When the console is closed, or the user logs off, Windows waits
 * some seconds, in which a write may end; then it ends the program, and nobody can put that off. */
#include "flash/ofl-guard.h"

#include <windows.h>

#define LOOK_MS 50

static GMutex lock;
static guint counts[2];
static int in_danger; /* atomic: Windows asks on a thread of its own */

static BOOL WINAPI
on_control (DWORD event)
{
  if (!g_atomic_int_get (&in_danger))
    return FALSE;
  if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT)
    return TRUE;
  while (g_atomic_int_get (&in_danger))
    Sleep (LOOK_MS);
  return FALSE;
}

/**
 * ofl_guard_begin:
 * @guard: what begins
 *
 * May be called on any thread, and more than once: the last ofl_guard_end() counts. The handler that was
 * set last is asked first: a program's own, which says why nothing happens, has to be set after it.
 */
void
ofl_guard_begin (OflGuard guard)
{
  static gboolean has_handler;

  g_mutex_lock (&lock);
  if (!has_handler)
    has_handler = SetConsoleCtrlHandler (on_control, TRUE);
  counts[guard]++;
  g_atomic_int_set (&in_danger, counts[OFL_GUARD_DANGER] > 0);
  g_mutex_unlock (&lock);
}

/**
 * ofl_guard_end:
 * @guard: what has ended
 */
void
ofl_guard_end (OflGuard guard)
{
  g_mutex_lock (&lock);
  counts[guard]--;
  g_atomic_int_set (&in_danger, counts[OFL_GUARD_DANGER] > 0);
  g_mutex_unlock (&lock);
}

/**
 * ofl_guard_take_stop:
 *
 * Returns: %FALSE: no program is stopped by its terminal
 */
gboolean
ofl_guard_take_stop (void)
{
  return FALSE;
}

/**
 * ofl_guard_fill_descriptors:
 *
 * A program for the console has all three, or the next file gets another number.
 */
void
ofl_guard_fill_descriptors (void)
{
}
