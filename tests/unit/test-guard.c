/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a signal does to a process that writes a drive: nothing, and later what was asked. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flash/ofl-guard.h"

static int handled;

static void
handle (int number)
{
  handled++;
}

static gboolean
can_be_caught (int number)
{
  struct sigaction action;

  return number != SIGKILL && number != SIGSTOP && sigaction (number, NULL, &action) == 0;
}

/* What a sanitizer has taken for itself stays its own. */
static gboolean
is_default (int number)
{
  struct sigaction action;

  return sigaction (number, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

/* Runs @run in a child and gives how it ended, as waitpid() does. */
static int
in_child (void (*run) (int number), int number)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      run (number);
      _exit (7);
    }
  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  if (WIFSTOPPED (status))
    {
      int end;

      kill (pid, SIGKILL);
      waitpid (pid, &end, 0);
    }
  return status;
}

static void
in_danger (int number)
{
  ofl_guard_begin (OFL_GUARD_JOB);
  ofl_guard_begin (OFL_GUARD_DANGER);
  raise (number);
}

/* Every signal there is, one child each. */
static void
test_a2_every_signal (void)
{
  for (int number = 1; number <= SIGRTMAX; number++)
    {
      int status;

      if (!can_be_caught (number) || !is_default (number))
        continue;
      status = in_child (in_danger, number);
      if (!WIFEXITED (status) || WEXITSTATUS (status) != 7)
        g_error ("%s gets through: status %x", strsignal (number), (guint) status);
    }
}

static void
in_danger_and_out (int number)
{
  in_danger (number);
  ofl_guard_end (OFL_GUARD_DANGER);
  ofl_guard_end (OFL_GUARD_JOB);
}

/* Who asked the program to end is answered afterwards; a stop or a stray signal is not. */
static void
test_a2_asked_later (void)
{
  static const int asks[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
  static const int others[] = { SIGTSTP, SIGTTOU, SIGUSR1, SIGXFSZ };

  for (guint i = 0; i < G_N_ELEMENTS (asks); i++)
    {
      int status = in_child (in_danger_and_out, asks[i]);

      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, asks[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (WIFEXITED (in_child (in_danger_and_out, others[i])));
}

/* Two jobs in one process: the first end does not open the door. */
static void
test_a2_counted (void)
{
  ofl_guard_begin (OFL_GUARD_DANGER);
  ofl_guard_begin (OFL_GUARD_DANGER);
  ofl_guard_end (OFL_GUARD_DANGER);
  g_assert_false (is_default (SIGTSTP));
  raise (SIGTSTP);
  g_assert_true (ofl_guard_take_stop ());
  g_assert_false (ofl_guard_take_stop ());
  ofl_guard_end (OFL_GUARD_DANGER);
  g_assert_true (is_default (SIGTSTP));
}

static void
test_a2_own_handlers_stay (void)
{
  signal (SIGTERM, handle);
  signal (SIGUSR1, handle);
  ofl_guard_begin (OFL_GUARD_JOB);
  ofl_guard_begin (OFL_GUARD_DANGER);
  raise (SIGTERM);
  raise (SIGUSR1);
  g_assert_cmpint (handled, ==, 2);
  ofl_guard_end (OFL_GUARD_DANGER);
  ofl_guard_end (OFL_GUARD_JOB);
  g_assert_cmpint (handled, ==, 2);
  signal (SIGTERM, SIG_DFL);
  signal (SIGUSR1, SIG_DFL);
}

/* A job in the background of a shell begins with SIGINT and SIGQUIT ignored. */
static void
forget_ignored (void)
{
  struct sigaction action;

  for (int number = 1; number <= SIGRTMAX; number++)
    if (sigaction (number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
      signal (number, SIG_DFL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  forget_ignored ();
  g_test_add_func ("/guard/a2-every-signal", test_a2_every_signal);
  g_test_add_func ("/guard/a2-asked-later", test_a2_asked_later);
  g_test_add_func ("/guard/a2-counted", test_a2_counted);
  g_test_add_func ("/guard/a2-own-handlers-stay", test_a2_own_handlers_stay);
  return g_test_run ();
}
