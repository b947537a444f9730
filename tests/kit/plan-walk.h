/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks a plan step by step and compares each with what the test says, written out in hex. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

typedef struct {
  const OflPlan *plan;
  guint next;
} PlanWalk;

/* The next step, which must be of this kind and name its source. */
const OflStep *walk_take (PlanWalk *walk, OflStepKind kind, OflStage stage);
void walk_assert_cdb (const OflStep *step, const char *hex, OflDirection dir, guint32 length);
void walk_assert_command (const OflStep *step, const char *hex, OflDirection dir, guint32 length,
                          OflExpect expect);
const OflStep *walk_command (PlanWalk *walk, OflStage stage, const char *hex, OflDirection dir,
                             guint32 length, OflExpect expect);
/* A piece of a buffer that equals @want from @offset on. */
const OflStep *walk_send (PlanWalk *walk, OflStage stage, const char *hex, guint32 offset,
                          guint32 length, OflExpect expect, const guint8 *want);
void walk_poll (PlanWalk *walk, OflStage stage, const char *hex, OflExpect expect, guint every,
                guint limit, gboolean limit_ok);
void walk_settle (PlanWalk *walk, OflStage stage, guint ms);
void walk_mark (PlanWalk *walk, OflStage stage, OflMark mark);
/* There must be no further step. */
void walk_end (PlanWalk *walk);

/* The result of an image's check; -1 when it has none of that name. */
int walk_check (const OflImage *image, const char *name);

G_END_DECLS
