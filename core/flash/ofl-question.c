/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-question.h"

struct _OflAsker {
  gatomicrefcount refs;
  GMutex lock;
  OflQuestion *question; /* while it waits for its answer */
  GMainContext *context; /* of whoever asked it */
  guint last;
  gboolean yes;
};

/**
 * ofl_question_new:
 * @number: its number
 * @text: sentences that say what was found
 * @asked: what a yes agrees to
 *
 * Returns: (transfer full): a question
 */
OflQuestion *
ofl_question_new (guint number, const char *text, const char *asked)
{
  OflQuestion *self = g_new0 (OflQuestion, 1);

  self->number = number;
  self->text = g_utf8_make_valid (text, -1);
  self->asked = g_utf8_make_valid (asked, -1);
  return self;
}

/**
 * ofl_question_free:
 * @self: (transfer full): a question
 */
void
ofl_question_free (OflQuestion *self)
{
  g_free (self->text);
  g_free (self->asked);
  g_free (self);
}

/**
 * ofl_asker_new:
 *
 * Returns: (transfer full): one that asks nothing
 */
OflAsker *
ofl_asker_new (void)
{
  OflAsker *self = g_new0 (OflAsker, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  return self;
}

/**
 * ofl_asker_ref:
 * @self: an asker
 *
 * Returns: (transfer full): @self
 */
OflAsker *
ofl_asker_ref (OflAsker *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_asker_unref:
 * @self: (transfer full): an asker
 */
void
ofl_asker_unref (OflAsker *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->question, ofl_question_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * ofl_asker_begin:
 * @self: an asker that asks nothing
 * @text: sentences that say what was found
 * @asked: what a yes agrees to
 * @context: woken when there is an answer
 *
 * Puts a question. It waits until ofl_asker_get_number() is 0, which an answer makes it, or ofl_asker_end().
 */
void
ofl_asker_begin (OflAsker *self, const char *text, const char *asked, GMainContext *context)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->question, ofl_question_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->question = ofl_question_new (++self->last, text, asked);
  self->context = g_main_context_ref (context);
  self->yes = FALSE;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_asker_end:
 * @self: an asker
 *
 * Takes the question back if nobody has answered it.
 *
 * Returns: whether somebody has, with yes
 */
gboolean
ofl_asker_end (OflAsker *self)
{
  gboolean yes;

  g_mutex_lock (&self->lock);
  yes = self->question == NULL && self->yes;
  self->yes = FALSE;
  g_clear_pointer (&self->question, ofl_question_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_unlock (&self->lock);
  return yes;
}

/**
 * ofl_asker_dup_question:
 * @self: an asker
 *
 * Returns: (transfer full) (nullable): what waits for an answer now
 */
OflQuestion *
ofl_asker_dup_question (OflAsker *self)
{
  OflQuestion *copy = NULL;

  g_mutex_lock (&self->lock);
  if (self->question != NULL)
    copy = ofl_question_new (self->question->number, self->question->text, self->question->asked);
  g_mutex_unlock (&self->lock);
  return copy;
}

/**
 * ofl_asker_get_number:
 * @self: an asker
 *
 * Returns: the number of the question that waits now, 0 for none
 */
guint
ofl_asker_get_number (OflAsker *self)
{
  guint number;

  g_mutex_lock (&self->lock);
  number = self->question != NULL ? self->question->number : 0;
  g_mutex_unlock (&self->lock);
  return number;
}

/**
 * ofl_asker_answer:
 * @self: an asker
 * @number: of the question that was read
 * @yes: whether it is agreed to
 *
 * Returns: %FALSE when another question, or none, waits by now: nothing was answered
 */
gboolean
ofl_asker_answer (OflAsker *self, guint number, gboolean yes)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = self->question != NULL && self->question->number == number;
  if (taken)
    {
      self->yes = yes;
      g_clear_pointer (&self->question, ofl_question_free);
      g_main_context_wakeup (self->context);
    }
  g_mutex_unlock (&self->lock);
  return taken;
}
