/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-sentence.h"

/**
 * ofl_sentence_clear:
 * @self: a sentence
 *
 * Frees its words.
 */
void
ofl_sentence_clear (OflSentence *self)
{
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->english, g_free);
}

/**
 * ofl_sentence_copy:
 * @self: a sentence
 *
 * Returns: (transfer full): another of the same words
 */
OflSentence
ofl_sentence_copy (const OflSentence *self)
{
  return (OflSentence){ g_strdup (self->shown), g_strdup (self->english) };
}

/**
 * ofl_sentence_text:
 * @self: a sentence
 *
 * Returns: (nullable): its words in the language that is spoken just now: English between
 *   ofl_english_begin() and ofl_english_end(), the user's otherwise
 */
const char *
ofl_sentence_text (const OflSentence *self)
{
  return ofl_english () ? self->english : self->shown;
}
