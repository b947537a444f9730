/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question on the terminal. The main loop goes on while a person thinks. */
#include "ctl-out.h"
#include "ctl-run.h"
#include "ctl-terminal.h"

#include <glib/gi18n.h>
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
  return ofl_ctl_ask_until (question, NULL);
}

/**
 * ofl_ctl_ask_until:
 * @question: what to ask; printed without a line end
 * @cancellable: (nullable): ends the waiting
 *
 * Returns: (transfer full) (nullable): the answer without blanks around it, %NULL at the end of
 *   the input and when @cancellable was cancelled
 */
char *
ofl_ctl_ask_until (const char *question, GCancellable *cancellable)
{
  g_autoptr (GInputStream) input = ofl_ctl_terminal_input ();
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autoptr (GAsyncResult) result = NULL;
  char *line;

  g_print ("%s", question);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, cancellable, on_line, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  ofl_ctl_out_answered ();
  line = g_data_input_stream_read_line_finish_utf8 (lines, result, NULL, NULL);
  return line != NULL ? g_strstrip (line) : NULL;
}

/**
 * ofl_ctl_can_ask:
 * @ctl: the command line
 *
 * Returns: whether a person sits there who can be asked
 */
gboolean
ofl_ctl_can_ask (const OflCtl *ctl)
{
  return !ctl->json && isatty (STDIN_FILENO) && ofl_ctl_is_terminal (STDOUT_FILENO);
}

static gboolean
same_word (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_strcmp0 (folded_a, folded_b) == 0;
}

/**
 * ofl_ctl_is_yes:
 * @answer: (nullable): what was answered
 * @other_word: (nullable): another word than yes that agrees
 *
 * Returns: whether it agrees
 */
gboolean
ofl_ctl_is_yes (const char *answer, const char *other_word)
{
  return answer != NULL
         && (same_word (answer, _ ("yes")) || same_word (answer, "yes")
             || (other_word != NULL && same_word (answer, other_word)));
}

/**
 * ofl_ctl_ask_yes:
 * @question: what to ask
 * @other_word: (nullable): another word than yes that agrees
 *
 * Returns: whether the answer agrees
 */
gboolean
ofl_ctl_ask_yes (const char *question, const char *other_word)
{
  g_autofree char *answer = ofl_ctl_ask (question);

  return ofl_ctl_is_yes (answer, other_word);
}
