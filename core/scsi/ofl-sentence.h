/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences that a person reads and that a record keeps. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflSentence:
 * @shown: in the user's language, for whoever sits before the screen
 * @english: the same in English, for journal and log, which are read by others
 *
 * One statement in two languages. Both are composed where the statement is made, from the same
 * format and arguments, so neither is a translation of the other's words.
 */
typedef struct {
  char *shown;
  char *english;
} OflSentence;

void ofl_sentence_clear (OflSentence *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflSentence, ofl_sentence_clear)
OflSentence ofl_sentence_copy (const OflSentence *self);
const char *ofl_sentence_text (const OflSentence *self);

void ofl_language_init (const char *locale_dir);

gpointer ofl_english_begin (void);
void ofl_english_end (gpointer before);
gboolean ofl_english (void);

/* @string: an expression that makes a new string out of _() and the like. It is evaluated twice,
 * first in English, so it must not give anything away. */
#define OFL_SENTENCE(string) \
  (G_GNUC_EXTENSION ({ \
    gpointer before_english_ = ofl_english_begin (); \
    char *in_english_ = (string); \
    ofl_english_end (before_english_); \
    (OflSentence){ (string), in_english_ }; \
  }))

/* A printf format in _() or g_dngettext(), and its arguments: evaluated twice, too. */
#define OFL_SAY(...) OFL_SENTENCE (g_strdup_printf (__VA_ARGS__))

G_END_DECLS
