/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-terminal.h"

#include <gio/gunixinputstream.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/**
 * ofl_ctl_terminal_init:
 *
 * A pipe that closes must not end a write.
 */
void
ofl_ctl_terminal_init (void)
{
  signal (SIGPIPE, SIG_IGN);
}

/**
 * ofl_ctl_terminal_arguments:
 * @argv: as main() got them
 *
 * Returns: (transfer full): the arguments
 */
GStrv
ofl_ctl_terminal_arguments (char **argv)
{
  return g_strdupv (argv);
}

/**
 * ofl_ctl_terminal_get_size:
 * @fd: standard output or standard error
 * @columns: (out): its width in characters, 0 when it is not known
 * @rows: (out): its height in lines, 0 when it is not known
 */
void
ofl_ctl_terminal_get_size (int fd, guint *columns, guint *rows)
{
  struct winsize size = { 0 };

  if (ioctl (fd, TIOCGWINSZ, &size) != 0)
    size.ws_col = size.ws_row = 0;
  *columns = size.ws_col;
  *rows = size.ws_row;
}

/**
 * ofl_ctl_terminal_charset:
 * @charset: (out) (optional): the name of what it shows
 *
 * Returns: whether that is UTF-8
 */
gboolean
ofl_ctl_terminal_charset (const char **charset)
{
  return g_get_charset (charset);
}

/**
 * ofl_ctl_terminal_wait:
 * @fd: standard output or standard error
 *
 * Waits until it takes something again.
 */
void
ofl_ctl_terminal_wait (int fd)
{
  struct pollfd ready = { .fd = fd, .events = POLLOUT };

  poll (&ready, 1, -1);
}

/**
 * ofl_ctl_terminal_input:
 *
 * Returns: (transfer full): the standard input, which stays open
 */
GInputStream *
ofl_ctl_terminal_input (void)
{
  return g_unix_input_stream_new (STDIN_FILENO, FALSE);
}

/**
 * ofl_ctl_terminal_forget_input:
 *
 * What was typed and not read yet is dropped, also a line that has not been ended.
 */
void
ofl_ctl_terminal_forget_input (void)
{
  tcflush (STDIN_FILENO, TCIFLUSH);
}
