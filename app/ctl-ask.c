/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question on the terminal. The main loop goes on while a person thinks. */
#include "ctl-out.h"
#include "ctl-run.h"

#include <gio/gunixinputstream.h>
#include <unistd.h>

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

/**
 * ofl_ctl_ask:
 * @question: what to ask; printed without a line end
 *
 * Returns: (transfer full) (nullable): the answer without blanks around it, %NULL at the end of
 *   the input
 */
char *
ofl_ctl_ask (const char *question)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autoptr (GAsyncResult) result = NULL;
  char *line;

  g_print ("%s", question);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ofl_ctl_out_answered ();
  line = g_data_input_stream_read_line_finish_utf8 (lines, result, NULL, NULL);
  return line != NULL ? g_strstrip (line) : NULL;
}
