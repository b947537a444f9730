/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan-walk.h"

#include "specimen.h"

const OflStep *
walk_take (PlanWalk *walk, OflStepKind kind, OflStage stage)
{
  const OflStep *step;

  g_assert_cmpuint (walk->next, <, ofl_plan_get_n_steps (walk->plan));
  step = ofl_plan_get_step (walk->plan, walk->next++);
  g_assert_cmpstr (ofl_step_kind_id (step->kind), ==, ofl_step_kind_id (kind));
  g_assert_cmpstr (ofl_stage_id (step->stage), ==, ofl_stage_id (stage));
  g_assert_nonnull (step->label);
  if (kind != OFL_STEP_MARK)
    g_assert_nonnull (step->source);
  return step;
}

void
walk_assert_cdb (const OflStep *step, const char *hex, OflDirection dir, guint32 length)
{
  g_autofree char *cdb = specimen_hex (step->command.cdb, step->command.cdb_len);

  g_assert_cmpstr (cdb, ==, hex);
  g_assert_cmpint (step->command.dir, ==, dir);
  g_assert_cmphex (step->command.length, ==, length);
  g_assert_cmpuint (step->command.timeout_ms, >, 0);
}

void
walk_assert_command (const OflStep *step, const char *hex, OflDirection dir, guint32 length,
                     OflExpect expect)
{
  walk_assert_cdb (step, hex, dir, length);
  g_assert_cmpstr (ofl_expect_id (step->expect), ==, ofl_expect_id (expect));
}

const OflStep *
walk_command (PlanWalk *walk, OflStage stage, const char *hex, OflDirection dir, guint32 length,
              OflExpect expect)
{
  const OflStep *step = walk_take (walk, OFL_STEP_COMMAND, stage);

  walk_assert_command (step, hex, dir, length, expect);
  g_assert_false (step->cleanup);
  return step;
}

const OflStep *
walk_send (PlanWalk *walk, OflStage stage, const char *hex, guint32 offset, guint32 length,
           OflExpect expect, const guint8 *want)
{
  const OflStep *step = walk_command (walk, stage, hex, OFL_DIR_OUT, length, expect);
  gsize size;
  const guint8 *data = g_bytes_get_data (ofl_plan_get_buffer (walk->plan, step->out.buffer), &size);

  g_assert_cmphex (step->out.offset, ==, offset);
  g_assert_cmpuint (offset + length, <=, size);
  g_assert_cmpmem (data + offset, length, want + offset, length);
  return step;
}

void
walk_poll (PlanWalk *walk, OflStage stage, const char *hex, OflExpect expect, guint every,
           guint limit, gboolean limit_ok)
{
  const OflStep *step = walk_take (walk, OFL_STEP_POLL, stage);

  walk_assert_command (step, hex, OFL_DIR_NONE, 0, expect);
  g_assert_cmpuint (step->poll_interval_ms, ==, every);
  g_assert_cmpuint (step->poll_limit_ms, ==, limit);
  g_assert_cmpuint (step->poll_need, ==, 1);
  g_assert_cmpint (step->poll_limit_ok, ==, limit_ok);
}

void
walk_settle (PlanWalk *walk, OflStage stage, guint ms)
{
  g_assert_cmpuint (walk_take (walk, OFL_STEP_SETTLE, stage)->settle_ms, ==, ms);
}

void
walk_mark (PlanWalk *walk, OflStage stage, OflMark mark)
{
  g_assert_cmpint (walk_take (walk, OFL_STEP_MARK, stage)->mark, ==, mark);
}

void
walk_end (PlanWalk *walk)
{
  g_assert_cmpuint (walk->next, ==, ofl_plan_get_n_steps (walk->plan));
}

int
walk_check (const OflImage *image, const char *name)
{
  for (guint i = 0; i < ofl_image_get_n_checks (image); i++)
    if (g_str_equal (ofl_image_get_check (image, i)->name, name))
      return (int) ofl_image_get_check (image, i)->result;
  return -1;
}
