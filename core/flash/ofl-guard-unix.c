/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A write that is killed or stopped half way leaves a drive without a whole firmware, and a worker
 * thread dies and stops with its process. So wherever a job runs, what a signal does by default is
 * put off. A program's own handlers stay as they are; SIGKILL and SIGSTOP nobody can put off. */
#include "flash/ofl-guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define MAX_SIGNALS 65

typedef enum {
  KIND_HARMLESS, /* does nothing by default, or cannot be caught */
  KIND_STRAY,
  KIND_ASK,
  KIND_STOP,
} Kind;

/* What one guard has changed, and how often it was begun. */
typedef struct {
  guint count;
  gboolean changed[MAX_SIGNALS];
  struct sigaction before[MAX_SIGNALS];
} State;

static GMutex lock;
static State states[2];
static int asked[MAX_SIGNALS]; /* atomic: the kernel lets any thread handle a signal */

static Kind
kind_of (int number)
{
  switch (number)
    {
    case SIGKILL:
    case SIGSTOP:
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
      return KIND_HARMLESS;
    case SIGINT:
    case SIGTERM:
    case SIGHUP:
    case SIGQUIT:
      return KIND_ASK;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      return KIND_STOP;
    default:
      return KIND_STRAY;
    }
}

static void
remember (int number)
{
  g_atomic_int_set (&asked[number], 1);
}

/* Whether it came since this was asked last; one that comes now is not lost. */
static gboolean
take_asked (int number)
{
  return g_atomic_int_compare_and_exchange (&asked[number], 1, 0);
}

/* A background job may write to its terminal only where SIGTTOU is ignored, and read only where
 * SIGTTIN is; Ctrl-Z is remembered, so that the program can say why nothing happens. A signal that
 * stands for a fault still ends the program: the kernel sees to that, ignored or not. */
static void
put_off (State *state, int number, Kind kind)
{
  struct sigaction action = { .sa_handler = SIG_IGN };
  struct sigaction *before = &state->before[number];

  if (sigaction (number, NULL, before) != 0 || (before->sa_flags & SA_SIGINFO) != 0
      || before->sa_handler != SIG_DFL)
    return;
  sigemptyset (&action.sa_mask);
  if (kind == KIND_ASK || number == SIGTSTP)
    {
      action.sa_handler = remember;
      action.sa_flags = SA_RESTART;
    }
  state->changed[number] = sigaction (number, &action, NULL) == 0;
}

static gboolean
is_concern (OflGuard guard, Kind kind)
{
  if (guard == OFL_GUARD_JOB)
    return kind == KIND_STRAY;
  return kind == KIND_ASK || kind == KIND_STOP;
}

/**
 * ofl_guard_begin:
 * @guard: what begins
 *
 * May be called on any thread, and more than once: the last ofl_guard_end() counts.
 */
void
ofl_guard_begin (OflGuard guard)
{
  g_mutex_lock (&lock);
  if (states[guard].count++ == 0)
    for (int number = 1; number < MAX_SIGNALS; number++)
      if (is_concern (guard, kind_of (number)))
        put_off (&states[guard], number, kind_of (number));
  g_mutex_unlock (&lock);
}

/**
 * ofl_guard_end:
 * @guard: what has ended
 *
 * What the program was asked meanwhile, it is asked now.
 */
void
ofl_guard_end (OflGuard guard)
{
  State *state = &states[guard];

  g_mutex_lock (&lock);
  if (--state->count == 0)
    for (int number = 1; number < MAX_SIGNALS; number++)
      {
        if (!state->changed[number])
          continue;
        sigaction (number, &state->before[number], NULL);
        state->changed[number] = FALSE;
        if (take_asked (number) && kind_of (number) == KIND_ASK)
          kill (getpid (), number);
      }
  g_mutex_unlock (&lock);
}

/**
 * ofl_guard_take_stop:
 *
 * Returns: whether somebody has tried to stop the program since this was asked last
 */
gboolean
ofl_guard_take_stop (void)
{
  return take_asked (SIGTSTP);
}

/**
 * ofl_guard_fill_descriptors:
 *
 * A closed standard descriptor would be given to the next file that is opened, a drive's node or a
 * journal, and what is printed would go there. It is filled with one that answers as a closed one
 * does. Call it before anything is opened.
 */
void
ofl_guard_fill_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      int filler;

      if (fcntl (fd, F_GETFD) != -1 || errno != EBADF)
        continue;
      filler = open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
      if (filler >= 0 && filler != fd)
        {
          dup2 (filler, fd);
          close (filler);
        }
    }
}

/**
 * ofl_guard_leave_terminal:
 * @data: nothing
 *
 * Between fork and exec: what is begun has a session of its own. What a terminal sends to its foreground, and
 * what ends the terminal, is not for the service, nor for the maker's program: Ctrl+C would end that in the
 * middle of a write.
 */
void
ofl_guard_leave_terminal (gpointer data)
{
  setsid ();
}
