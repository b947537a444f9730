/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-executor.h"

G_BEGIN_DECLS

/**
 * OflRunStep:
 * @run: the run
 * @plan: its plan
 * @step: the step that is to be done
 * @index: its place in @plan
 * @stage: the stage that it counts for
 *
 * One step of a run, as the parts of the executor hand it on.
 */
typedef struct {
  OflRun *run;
  const OflPlan *plan;
  const OflStep *step;
  guint index;
  OflStage stage;
} OflRunStep;

gint64 ofl_run_step_now_us (const OflRunStep *c);
gboolean ofl_run_step_may_cancel (const OflRunStep *c);
void ofl_run_step_send (const OflRunStep *c, const OflCommand *command, guint8 *data,
                        OflReply *reply);
gboolean ofl_run_step_is_good (const OflStep *step, const OflReply *reply);
gboolean ofl_run_step_fail (const OflRunStep *c, const OflCommand *command, const OflReply *reply);
gboolean ofl_run_step_poll (const OflRunStep *c);

G_END_DECLS
