/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals, and a pipe that closes. The clock runs in real time here, so that there is a moment to
 * interrupt. */
#include <signal.h>
#include <string.h>

#include "run-ctl.h"

static char *
read_rest (GDataInputStream *lines)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *line;

  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL)) != NULL)
    {
      g_string_append_printf (text, "%s\n", line);
      g_free (line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
interrupt_at (CtlFixture *fixture, const char *speed, int signal_number, const char *word, Ran *ran)
{
  g_autoptr (GSubprocess) process = ctl_begin (fixture->dir, speed, "--json", "flash",
                                               "practice:bu40n", fixture->image, "--yes", NULL);
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *head = ctl_read_until (lines, word);
  g_autofree char *tail = NULL;

  g_subprocess_send_signal (process, signal_number);
  tail = read_rest (lines);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  ran->status = g_subprocess_get_exit_status (process);
  ran->out = g_strconcat (head, tail, NULL);
  g_test_message ("exit %d\n%s", ran->status, tail);
}

static void
test_cancel (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };

  interrupt_at (fixture, "1", GPOINTER_TO_INT (data), "\"stage\":\"backup\"", &ran);
  ctl_assert_result (&ran, 1, "cancelled");
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.00");
}

/* After the point of no return: the reason is said, and the write goes on to its end. */
static void
test_no_cancel (CtlFixture *fixture, gconstpointer data)
{
  g_auto (Ran) ran = { 0 };
  g_autoptr (GPtrArray) notices = NULL;

  interrupt_at (fixture, "10", GPOINTER_TO_INT (data), "\"danger\":true", &ran);
  ctl_assert_result (&ran, 0, "verified");
  notices = ctl_events (ran.out, "notice");
  g_assert_cmpuint (notices->len, ==, 1);
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.03");
}

/* Whoever reads the output goes away in the middle of a write. */
static void
test_closed_pipe (CtlFixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = ctl_begin (fixture->dir, "10", "--json", "flash",
                                               "practice:bu40n", fixture->image, "--yes", NULL);
  GInputStream *out = g_subprocess_get_stdout_pipe (process);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (out);
  g_autofree char *head = ctl_read_until (lines, "\"danger\":true");

  g_assert_nonnull (head);
  g_assert_true (g_input_stream_close (out, NULL, NULL));
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  ctl_assert_revision (fixture->dir, "practice:bu40n", "1.03");
}

#define ADD(path, data, func) \
  g_test_add (path, CtlFixture, data, ctl_fixture_up, func, ctl_fixture_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("OPTIFLASHCTL") == NULL)
    {
      g_test_message ("OPTIFLASHCTL is not set: run this through meson test");
      return 77;
    }
  ADD ("/ctl/signals/interrupt-cancels", GINT_TO_POINTER (SIGINT), test_cancel);
  ADD ("/ctl/signals/terminate-cancels", GINT_TO_POINTER (SIGTERM), test_cancel);
  ADD ("/ctl/signals/no-way-back", GINT_TO_POINTER (SIGINT), test_no_cancel);
  ADD ("/ctl/signals/closed-pipe", NULL, test_closed_pipe);
  return g_test_run ();
}
