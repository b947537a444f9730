/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ran.h"

void
ran_clear (Ran *self)
{
  g_free (self->out);
  g_free (self->err);
}

/* A line that is too long for meson's buffer would be torn, and its rest taken for TAP. */
static void
show (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_test_message ("%.4000s", *line);
}

static void
take_status (Ran *self, GSubprocess *process)
{
  self->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  g_test_message ("exit %d", self->status);
  show (self->out);
  show (self->err);
}

void
ran_wait (Ran *self, GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &self->out, &self->err, &error);
  g_assert_no_error (error);
  take_status (self, process);
}

void
ran_wait_and_answer (Ran *self, GSubprocess *process)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_async (process, NULL, NULL, await_keep, &result);
  await_result (&result);
  g_subprocess_communicate_utf8_finish (process, result, &self->out, &self->err, &error);
  g_assert_no_error (error);
  take_status (self, process);
}

void
await_keep (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

void
await_result (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}
