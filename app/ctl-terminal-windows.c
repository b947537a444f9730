/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-terminal.h"

#include <fcntl.h>
#include <gio/gwin32inputstream.h>
#include <io.h>
#include <unistd.h>
#include <windows.h>

#define WAIT_MS 20

static void
obey_sequences (DWORD which)
{
  HANDLE output = GetStdHandle (which);
  DWORD mode;

  if (GetConsoleMode (output, &mode))
    SetConsoleMode (output, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

/**
 * ofl_ctl_terminal_init:
 *
 * A console speaks UTF-8 from now on and obeys the sequences that draw bars; what is printed to a
 * file stays as it is, byte by byte.
 */
void
ofl_ctl_terminal_init (void)
{
  _setmode (STDOUT_FILENO, _O_BINARY);
  _setmode (STDERR_FILENO, _O_BINARY);
  SetConsoleOutputCP (CP_UTF8);
  SetConsoleCP (CP_UTF8);
  obey_sequences (STD_OUTPUT_HANDLE);
  obey_sequences (STD_ERROR_HANDLE);
}

/**
 * ofl_ctl_terminal_arguments:
 * @argv: as main() got them
 *
 * Returns: (transfer full): the arguments, in UTF-8, which main() does not get
 */
GStrv
ofl_ctl_terminal_arguments (char **argv)
{
  return g_win32_get_command_line ();
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
  HANDLE output = (HANDLE) _get_osfhandle (fd);
  CONSOLE_SCREEN_BUFFER_INFO info = { 0 };

  *columns = *rows = 0;
  if (!GetConsoleScreenBufferInfo (output, &info))
    return;
  *columns = (guint) MAX (info.srWindow.Right - info.srWindow.Left + 1, 0);
  *rows = (guint) MAX (info.srWindow.Bottom - info.srWindow.Top + 1, 0);
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
  if (charset != NULL)
    *charset = "UTF-8";
  return TRUE;
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
  Sleep (WAIT_MS);
}

/**
 * ofl_ctl_terminal_input:
 *
 * Returns: (transfer full): the standard input, which stays open
 */
GInputStream *
ofl_ctl_terminal_input (void)
{
  return g_win32_input_stream_new (GetStdHandle (STD_INPUT_HANDLE), FALSE);
}

/**
 * ofl_ctl_terminal_forget_input:
 *
 * What was typed and not read yet is dropped, also a line that has not been ended.
 */
void
ofl_ctl_terminal_forget_input (void)
{
  FlushConsoleInputBuffer (GetStdHandle (STD_INPUT_HANDLE));
}
