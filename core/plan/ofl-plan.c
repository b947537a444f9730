/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: an array of typed steps and the buffers they use. Pure data. */
#include "plan/ofl-plan.h"

#include <string.h>

#define STATUS_REPLY_MAX 64 /* bytes: a longer reply is part of the firmware */

typedef struct {
  char *name;
  GBytes *bytes;
} Buffer;

typedef struct {
  char *name;
  guint32 size;
} Capture;

typedef struct {
  gpointer data;
  GDestroyNotify free_func;
} Owned;

struct _OflPlan {
  char *title;
  GPtrArray *steps; /* of OflStep, each allocated apart so that a pointer stays valid */
  GArray *buffers;
  GArray *captures;
  GArray *owned;
  OflComparison not_compared; /* only its list of what is left out */
};

static void
buffer_clear (gpointer data)
{
  Buffer *buffer = data;

  g_free (buffer->name);
  g_bytes_unref (buffer->bytes);
}

static void
capture_clear (gpointer data)
{
  Capture *capture = data;

  g_free (capture->name);
}

static void
owned_clear (gpointer data)
{
  Owned *owned = data;

  if (owned->free_func != NULL)
    owned->free_func (owned->data);
}

/**
 * ofl_plan_new:
 * @title: what it is for, for people
 *
 * Returns: (transfer full): an empty plan
 */
OflPlan *
ofl_plan_new (const char *title)
{
  OflPlan *self = g_new0 (OflPlan, 1);

  self->title = g_strdup (title);
  self->steps = g_ptr_array_new_with_free_func (g_free);
  self->buffers = g_array_new (FALSE, TRUE, sizeof (Buffer));
  self->captures = g_array_new (FALSE, TRUE, sizeof (Capture));
  self->owned = g_array_new (FALSE, TRUE, sizeof (Owned));
  g_array_set_clear_func (self->buffers, buffer_clear);
  g_array_set_clear_func (self->captures, capture_clear);
  g_array_set_clear_func (self->owned, owned_clear);
  return self;
}

/**
 * ofl_plan_free:
 * @self: (transfer full): a plan
 */
void
ofl_plan_free (OflPlan *self)
{
  g_ptr_array_unref (self->steps);
  g_array_unref (self->buffers);
  g_array_unref (self->captures);
  g_array_unref (self->owned);
  ofl_comparison_clear (&self->not_compared);
  g_free (self->title);
  g_free (self);
}

/**
 * ofl_plan_get_title:
 * @self: a plan
 *
 * Returns: what it is for
 */
const char *
ofl_plan_get_title (const OflPlan *self)
{
  return self->title;
}

/**
 * ofl_plan_add_buffer:
 * @self: a plan
 * @name: what the bytes are ("image", "control buffer")
 * @bytes: (transfer none): bytes that steps send or compare with
 *
 * Returns: its index, for #OflSpan
 */
int
ofl_plan_add_buffer (OflPlan *self, const char *name, GBytes *bytes)
{
  Buffer buffer = { g_strdup (name), g_bytes_ref (bytes) };

  g_array_append_val (self->buffers, buffer);
  return (int) self->buffers->len - 1;
}

/**
 * ofl_plan_get_buffer:
 * @self: a plan
 * @buffer: index of a buffer
 *
 * Returns: (transfer none) (nullable): its bytes, %NULL when there is no such buffer
 */
GBytes *
ofl_plan_get_buffer (const OflPlan *self, int buffer)
{
  if (buffer < 0 || (guint) buffer >= self->buffers->len)
    return NULL;
  return g_array_index (self->buffers, Buffer, buffer).bytes;
}

/**
 * ofl_plan_get_buffer_name:
 * @self: a plan
 * @buffer: index of a buffer
 *
 * Returns: what the bytes are
 */
const char *
ofl_plan_get_buffer_name (const OflPlan *self, int buffer)
{
  g_return_val_if_fail (buffer >= 0 && (guint) buffer < self->buffers->len, "");
  return g_array_index (self->buffers, Buffer, buffer).name;
}

/**
 * ofl_plan_add_capture:
 * @self: a plan
 * @name: what is read into it ("flash", "003000")
 * @size: bytes it will hold
 *
 * Returns: its index
 */
int
ofl_plan_add_capture (OflPlan *self, const char *name, guint32 size)
{
  Capture capture = { g_strdup (name), size };

  g_array_append_val (self->captures, capture);
  return (int) self->captures->len - 1;
}

/**
 * ofl_plan_get_n_captures:
 * @self: a plan
 *
 * Returns: number of capture slots
 */
guint
ofl_plan_get_n_captures (const OflPlan *self)
{
  return self->captures->len;
}

/**
 * ofl_plan_get_capture_name:
 * @self: a plan
 * @capture: index of a slot
 *
 * Returns: what is read into it
 */
const char *
ofl_plan_get_capture_name (const OflPlan *self, int capture)
{
  g_return_val_if_fail (capture >= 0 && (guint) capture < self->captures->len, "");
  return g_array_index (self->captures, Capture, capture).name;
}

/**
 * ofl_plan_get_capture_size:
 * @self: a plan
 * @capture: index of a slot
 *
 * Returns: bytes it holds when the plan has run
 */
guint32
ofl_plan_get_capture_size (const OflPlan *self, int capture)
{
  g_return_val_if_fail (capture >= 0 && (guint) capture < self->captures->len, 0);
  return g_array_index (self->captures, Capture, capture).size;
}

/**
 * ofl_plan_leave_out:
 * @self: a plan that writes
 * @offset: first byte, as the image counts
 * @length: number of bytes; 0 does nothing
 * @why: why the plan does not compare them after the write
 */
void
ofl_plan_leave_out (OflPlan *self, guint64 offset, guint64 length, const char *why)
{
  ofl_comparison_leave_out (&self->not_compared, offset, length, why);
}

/**
 * ofl_plan_get_left_out:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable) (element-type OflLeftOut): what of the image it does not
 *   compare after the write; %NULL when there is no such stretch
 */
const GArray *
ofl_plan_get_left_out (const OflPlan *self)
{
  return self->not_compared.left_out;
}

/**
 * ofl_plan_own:
 * @self: a plan
 * @data: (transfer full): something a step's arg points to
 * @free_func: (nullable): frees it together with the plan
 */
void
ofl_plan_own (OflPlan *self, gpointer data, GDestroyNotify free_func)
{
  Owned owned = { data, free_func };

  g_array_append_val (self->owned, owned);
}

/**
 * ofl_plan_add:
 * @self: a plan
 * @kind: what the step is
 * @stage: the bar it belongs to
 * @label: what it does, for people; interned
 * @usual_ms: time it usually takes
 *
 * Appends a step with nothing else set.
 *
 * Returns: (transfer none): the step, to be completed by the caller
 */
OflStep *
ofl_plan_add (OflPlan *self, OflStepKind kind, OflStage stage, const char *label, guint usual_ms)
{
  OflStep *step = g_new0 (OflStep, 1);

  step->kind = kind;
  step->stage = stage;
  step->label = g_intern_string (label);
  step->usual_ms = usual_ms;
  step->max_ms = usual_ms;
  step->out.buffer = -1;
  step->against.buffer = -1;
  step->capture = -1;
  g_ptr_array_add (self->steps, step);
  return step;
}

/**
 * ofl_plan_command:
 * @self: a plan
 * @stage: the bar it belongs to
 * @label: what it does
 * @command: the command
 * @expect: which answers are good
 * @usual_ms: time it usually takes
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_command (OflPlan *self, OflStage stage, const char *label, OflCommand command,
                  OflExpect expect, guint usual_ms)
{
  OflStep *step = ofl_plan_add (self, OFL_STEP_COMMAND, stage, label, usual_ms);

  step->command = command;
  step->expect = expect;
  return step;
}

/**
 * ofl_plan_send:
 * @self: a plan
 * @stage: the bar it belongs to
 * @label: what it does
 * @command: an OUT command
 * @buffer: index of the buffer to send from
 * @offset: first byte in it; command.length bytes are sent
 * @usual_ms: time it usually takes
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_send (OflPlan *self, OflStage stage, const char *label, OflCommand command, int buffer,
               guint32 offset, guint usual_ms)
{
  OflStep *step = ofl_plan_command (self, stage, label, command, OFL_EXPECT_OK, usual_ms);

  step->out.buffer = buffer;
  step->out.offset = offset;
  return step;
}

/**
 * ofl_plan_read:
 * @self: a plan
 * @stage: the bar it belongs to
 * @label: what it does
 * @command: an IN command
 * @capture: slot that keeps what comes in, -1 for none
 * @offset: where in that slot
 * @usual_ms: time it usually takes
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_read (OflPlan *self, OflStage stage, const char *label, OflCommand command, int capture,
               guint32 offset, guint usual_ms)
{
  OflStep *step = ofl_plan_command (self, stage, label, command, OFL_EXPECT_OK, usual_ms);

  step->capture = capture;
  step->capture_offset = offset;
  return step;
}

/**
 * ofl_plan_poll:
 * @self: a plan
 * @stage: the bar it belongs to
 * @label: what is waited for
 * @command: the command that is repeated
 * @expect: which answers count as good
 * @interval_ms: time between two tries
 * @limit_ms: time after which to give up
 * @need: how many good answers end it
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_poll (OflPlan *self, OflStage stage, const char *label, OflCommand command,
               OflExpect expect, guint interval_ms, guint limit_ms, guint need)
{
  OflStep *step = ofl_plan_add (self, OFL_STEP_POLL, stage, label, interval_ms * need);

  step->command = command;
  step->expect = expect;
  step->poll_interval_ms = interval_ms;
  step->poll_limit_ms = limit_ms;
  step->poll_need = need;
  step->max_ms = limit_ms;
  return step;
}

/**
 * ofl_plan_settle:
 * @self: a plan
 * @stage: the bar it belongs to
 * @label: what the drive does meanwhile
 * @ms: the wait that the family's source demands
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_settle (OflPlan *self, OflStage stage, const char *label, guint ms)
{
  OflStep *step = ofl_plan_add (self, OFL_STEP_SETTLE, stage, label, ms);

  step->settle_ms = ms;
  return step;
}

/**
 * ofl_plan_mark:
 * @self: a plan
 * @stage: the bar it belongs to
 * @mark: which mark
 * @label: for the log
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_mark (OflPlan *self, OflStage stage, OflMark mark, const char *label)
{
  OflStep *step = ofl_plan_add (self, OFL_STEP_MARK, stage, label, 0);

  step->mark = mark;
  return step;
}

/**
 * ofl_plan_reenumerate:
 * @self: a plan
 * @label: what is waited for
 * @usual_ms: time the drive usually stays away
 * @limit_ms: time after which it counts as gone
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_plan_reenumerate (OflPlan *self, const char *label, guint usual_ms, guint limit_ms)
{
  OflStep *step = ofl_plan_add (self, OFL_STEP_REENUMERATE, OFL_STAGE_RESTART, label, usual_ms);

  step->poll_limit_ms = limit_ms;
  step->max_ms = limit_ms;
  return step;
}

/**
 * ofl_plan_get_n_steps:
 * @self: a plan
 *
 * Returns: number of steps
 */
guint
ofl_plan_get_n_steps (const OflPlan *self)
{
  return self->steps->len;
}

/**
 * ofl_plan_get_step:
 * @self: a plan
 * @index: from 0
 *
 * Returns: (transfer none): a step
 */
const OflStep *
ofl_plan_get_step (const OflPlan *self, guint index)
{
  g_return_val_if_fail (index < self->steps->len, NULL);
  return g_ptr_array_index (self->steps, index);
}

/**
 * ofl_plan_measure:
 * @self: a plan
 * @stages: (out caller-allocates) (array fixed-size=9): filled for each stage
 *
 * Adds up, for each stage, its steps, the bytes its commands move and the time they usually take.
 * Only data that belongs to the firmware counts as bytes: what is sent from a buffer, kept in a
 * capture or compared; a reply as small as a status does not make a bar.
 */
void
ofl_plan_measure (const OflPlan *self, OflStagePlan stages[OFL_N_STAGES])
{
  memset (stages, 0, sizeof (OflStagePlan) * OFL_N_STAGES);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const OflStep *step = g_ptr_array_index (self->steps, i);
      OflStagePlan *stage = &stages[step->stage];

      stage->steps++;
      stage->usual_ms += step->usual_ms;
      stage->max_ms += MAX (step->max_ms, step->usual_ms);
      if (step->kind == OFL_STEP_COMMAND
          && (step->out.buffer >= 0 || step->compare != OFL_COMPARE_NONE
              || (step->capture >= 0 && step->command.length > STATUS_REPLY_MAX)))
        stage->bytes += step->command.length;
    }
}
