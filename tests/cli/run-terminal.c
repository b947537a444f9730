/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run-terminal.h"

#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
run_child (const char *folder, const char *const *args)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) g_getenv ("OPTIFLASHCTL"));
  g_ptr_array_add (argv, (gpointer) "--finder=none");
  g_ptr_array_add (argv, (gpointer) "--practice-speed=0");
  g_ptr_array_add (argv, (gpointer) "--state-dir=state");
  g_ptr_array_add (argv, (gpointer) "--backup-dir=backups");
  for (guint i = 0; args[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) args[i]);
  g_ptr_array_add (argv, NULL);
  if (chdir (folder) == 0)
    execv (g_ptr_array_index (argv, 0), (char **) argv->pdata);
  _exit (127);
}

/* Blanks and line ends between words depend on the terminal's width and are not looked at. */
static char *
join_words (const char *text)
{
  GString *joined = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (!g_ascii_isspace (*text))
      g_string_append_c (joined, *text);
    else if (joined->len > 0 && joined->str[joined->len - 1] != ' ')
      g_string_append_c (joined, ' ');
  return g_string_free (joined, FALSE);
}

/* Answers one question after the other; nothing more is typed when the answers are used up. */
static char *
talk (int terminal, const char *const *answers)
{
  g_autoptr (GString) said = g_string_new (NULL);
  gsize asked_at = 0;
  char buffer[4096];
  ssize_t n;

  while ((n = read (terminal, buffer, sizeof buffer)) > 0)
    {
      const char *question;

      g_string_append_len (said, buffer, n);
      question = strstr (said->str + asked_at, QUESTION);
      if (question == NULL || *answers == NULL)
        continue;
      asked_at = (gsize) (question - said->str) + strlen (QUESTION);
      g_assert_cmpint (write (terminal, *answers, strlen (*answers)), >, 0);
      g_assert_cmpint (write (terminal, "\n", 1), ==, 1);
      answers++;
    }
  g_assert_null (*answers);
  return join_words (said->str);
}

char *
run_on_terminal (const char *folder, int *status, const char *const *answers,
                 const char *const *args)
{
  struct winsize size = { .ws_row = 50, .ws_col = 500 };
  int terminal;
  pid_t pid = forkpty (&terminal, NULL, NULL, &size);
  char *said;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    run_child (folder, args);
  said = talk (terminal, answers);
  g_assert_cmpint (waitpid (pid, status, 0), ==, pid);
  g_assert_true (WIFEXITED (*status));
  *status = WEXITSTATUS (*status);
  close (terminal);
  g_test_message ("exit %d\n%s", *status, said);
  return said;
}
