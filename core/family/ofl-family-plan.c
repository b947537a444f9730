/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kit for planning: the steps that mean the same in every family. */
#include "family/ofl-family-private.h"

#include <glib/gi18n-lib.h>
#include "scsi/ofl-error.h"

/**
 * ofl_family_time_of:
 * @self: a family
 * @key: a time for 64 KiB, in the group "timing" of its table
 * @length: bytes
 *
 * Returns: milliseconds that @length bytes take
 */
guint
ofl_family_time_of (const OflFamily *self, const char *key, gsize length)
{
  return (guint) ((guint64) ofl_family_number (self, "timing", key) * length / 0x10000);
}

/**
 * ofl_family_check_piece:
 * @size: bytes of each piece of an image, as the table has it
 * @error: return location
 *
 * Returns: whether it can be sent in one command; else %FALSE with %OFL_ERROR_NOT_SUPPORTED
 */
gboolean
ofl_family_check_piece (guint32 size, GError **error)
{
  if (size > 0 && size <= OFL_MAX_TRANSFER)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                 _ ("The table of drives has no usable size of a piece for this model."));
  return FALSE;
}

/**
 * ofl_family_add_pending:
 * @plan: a plan
 * @stage: the bar
 * @usual_ms: how long a small command takes
 *
 * A pending unit attention would fail a maker's own command, which is not sent twice.
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_family_add_pending (OflPlan *plan, OflStage stage, guint usual_ms)
{
  OflStep *step = ofl_plan_command (plan, stage, N_ ("Let the drive report what is pending"),
                                    ofl_command_test_unit_ready (), OFL_EXPECT_IGNORE, usual_ms);

  step->source = "scsi 2.2";
  return step;
}

/**
 * ofl_family_add_disc_gate:
 * @plan: a plan
 * @usual_ms: how long a small command takes
 * @source: where it is written that no disc may be in
 *
 * What is pending is fetched first, for it would hide the answer.
 */
void
ofl_family_add_disc_gate (OflPlan *plan, guint usual_ms, const char *source)
{
  ofl_family_add_pending (plan, OFL_STAGE_CHECK, usual_ms);
  ofl_plan_command (plan, OFL_STAGE_CHECK, N_ ("See that no disc is in"),
                    ofl_command_test_unit_ready (), OFL_EXPECT_NO_MEDIUM, usual_ms)
      ->source
      = source;
}

/**
 * ofl_family_add_wait:
 * @plan: a plan
 * @stage: the bar
 * @timeout_ms: of each question; 0: what such a question has
 * @every_ms: pause between two
 * @limit_ms: for how long
 * @source: where it is written
 *
 * Returns: (transfer none): the step that waits until the drive is ready, with a disc or without
 */
OflStep *
ofl_family_add_wait (OflPlan *plan, OflStage stage, guint timeout_ms, guint every_ms,
                     guint limit_ms, const char *source)
{
  OflCommand ready = ofl_command_test_unit_ready ();
  OflStep *step;

  if (timeout_ms != 0)
    ready.timeout_ms = timeout_ms;
  step = ofl_plan_poll (plan, stage, N_ ("Wait until the drive is ready"), ready,
                        OFL_EXPECT_OK_OR_NO_MEDIUM, every_ms, limit_ms, 1);
  step->source = source;
  return step;
}

/**
 * ofl_family_add_check:
 * @plan: a plan
 * @stage: the bar
 * @label: what is looked for
 * @check: looks for it in what was read
 * @arg: for @check
 * @source: where it is written
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_family_add_check (OflPlan *plan, OflStage stage, const char *label, OflCheckFunc check,
                      gconstpointer arg, const char *source)
{
  OflStep *step = ofl_plan_add (plan, OFL_STEP_CHECK, stage, label, 0);

  step->check = check;
  step->arg = arg;
  step->source = source;
  return step;
}

/**
 * ofl_family_gate:
 * @plan: a plan
 * @step: a step of it that reads
 * @name: what the drive showed when it was judged
 * @bytes: those bytes
 * @source: where it is written
 *
 * The plan ends at @step when the drive shows anything else now.
 */
void
ofl_family_gate (OflPlan *plan, OflStep *step, const char *name, GBytes *bytes, const char *source)
{
  step->compare = OFL_COMPARE_GATE;
  step->against.buffer = ofl_plan_add_buffer (plan, name, bytes);
  step->source = source;
}

/**
 * ofl_family_compare_with:
 * @step: a step that reads back
 * @must: whether the drive must hold what was sent, or no source says so
 * @buffer: the image
 * @offset: where in it belongs what is read
 * @source: where it is written
 */
void
ofl_family_compare_with (OflStep *step, gboolean must, int buffer, guint32 offset,
                         const char *source)
{
  step->compare = must ? OFL_COMPARE_RECORD : OFL_COMPARE_NOTE;
  step->against.buffer = buffer;
  step->against.offset = offset;
  step->source = source;
}

/**
 * ofl_family_compare_parts:
 * @parts: (array length=n_parts): who owns which stretch, ascending
 * @n_parts: their number
 * @image: an image
 * @dump: what was read, laid out as @image is
 * @comparison: where to count
 */
void
ofl_family_compare_parts (const OflStretch *parts, guint n_parts, const OflImage *image,
                          GBytes *dump, OflComparison *comparison)
{
  const guint8 *want = ofl_image_get_data (image, NULL);
  const guint8 *have = g_bytes_get_data (dump, NULL);

  for (guint i = 0; i < n_parts; i++)
    {
      guint32 at = parts[i].start, length = parts[i].end - at;

      if (parts[i].claim == OFL_CLAIM_LEFT_OUT)
        ofl_comparison_leave_out (comparison, at, length, parts[i].why);
      else
        ofl_comparison_add (comparison, parts[i].claim == OFL_CLAIM_MUST, at, want + at, have + at,
                            length);
    }
}

/**
 * ofl_family_have_size:
 * @image: an image
 * @dump: what was read
 * @size: bytes
 *
 * Returns: whether both have that size, so that they can be compared
 */
gboolean
ofl_family_have_size (const OflImage *image, GBytes *dump, gsize size)
{
  return g_bytes_get_size (ofl_image_get_bytes (image)) == size && g_bytes_get_size (dump) == size;
}
