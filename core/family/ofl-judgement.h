/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "plan/ofl-action.h"

G_BEGIN_DECLS

/**
 * OflLevel:
 * @OFL_LEVEL_GREEN: fits
 * @OFL_LEVEL_YELLOW: fits with something to know
 * @OFL_LEVEL_RED_SOFT: refused; the user may override it in words
 * @OFL_LEVEL_RED: refused, and nothing overrides it
 */
typedef enum {
  OFL_LEVEL_GREEN,
  OFL_LEVEL_YELLOW,
  OFL_LEVEL_RED_SOFT,
  OFL_LEVEL_RED,
} OflLevel;

/**
 * OflReason:
 * @level: how much it weighs
 * @check: a word for machines ("size", "chip", "brand" …)
 * @sentence: what was found
 * @remedy: what to do about it, or %NULL; what is done in the program by OFL_DO()
 */
typedef struct {
  OflLevel level;
  char *check;
  char *sentence;
  char *remedy;
} OflReason;

/* How a drive and an image (or a drive alone) match: the reasons, and the worst of them. */
typedef struct _OflJudgement OflJudgement;

OflJudgement *ofl_judgement_new (void);
OflJudgement *ofl_judgement_ref (OflJudgement *self);
void ofl_judgement_unref (OflJudgement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflJudgement, ofl_judgement_unref)

void ofl_judgement_add (OflJudgement *self, OflLevel level, const char *check, const char *remedy,
                        const char *sentence_format, ...) G_GNUC_PRINTF (5, 6);
OflLevel ofl_judgement_get_level (const OflJudgement *self);
guint ofl_judgement_get_n_reasons (const OflJudgement *self);
const OflReason *ofl_judgement_get_reason (const OflJudgement *self, guint index);
const OflReason *ofl_judgement_get_worst (const OflJudgement *self);
gboolean ofl_judgement_allows (const OflJudgement *self, gboolean override_soft);
const char *ofl_level_id (OflLevel level);

G_END_DECLS
