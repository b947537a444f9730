/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job's thread asks whoever watches it, and waits for. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OflQuestion:
 * @number: 1, 2, 3 …: an answer is to the question with this number
 * @text: sentences that say what was found
 * @asked: what a yes agrees to
 *
 * A question of a job, in the language of the process that runs it.
 */
typedef struct {
  guint number;
  char *text;
  char *asked;
} OflQuestion;

OflQuestion *ofl_question_new (guint number, const char *text, const char *asked);
void ofl_question_free (OflQuestion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflQuestion, ofl_question_free)

/* Shared by the thread that asks and those who answer. */
typedef struct _OflAsker OflAsker;

OflAsker *ofl_asker_new (void);
OflAsker *ofl_asker_ref (OflAsker *self);
void ofl_asker_unref (OflAsker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflAsker, ofl_asker_unref)

/* Of the thread that asks. */
void ofl_asker_begin (OflAsker *self, const char *text, const char *asked, GMainContext *context);
gboolean ofl_asker_end (OflAsker *self);

/* Anybody's. */
OflQuestion *ofl_asker_dup_question (OflAsker *self);
guint ofl_asker_get_number (OflAsker *self);
gboolean ofl_asker_answer (OflAsker *self, guint number, gboolean yes);

G_END_DECLS
