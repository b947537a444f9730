/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan as text: for people before it runs, for the journal, for comparing with a trace. It is the
 * same in every language, for its digest names the plan. */
#include "plan/ofl-plan.h"

#include <glib/gi18n-lib.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>

#include "scsi/ofl-sentence.h"

static const struct {
  const char *id;
  const char *title;
} stages[OFL_N_STAGES] = {
  [OFL_STAGE_IDENTIFY] = { "identify", N_ ("Identify the drive") },
  [OFL_STAGE_CHECK] = { "check", N_ ("Check") },
  [OFL_STAGE_BACKUP] = { "backup", N_ ("Back up") },
  [OFL_STAGE_SEND] = { "send", N_ ("Send") },
  [OFL_STAGE_ERASE] = { "erase", N_ ("Erase") },
  [OFL_STAGE_PROGRAM] = { "program", N_ ("Program") },
  [OFL_STAGE_VERIFY] = { "verify", N_ ("Verify") },
  [OFL_STAGE_RESTART] = { "restart", N_ ("Restart") },
  [OFL_STAGE_CONFIRM] = { "confirm", N_ ("Confirm") },
};

/**
 * ofl_stage_id:
 * @stage: a stage
 *
 * Returns: a word for machines
 */
const char *
ofl_stage_id (OflStage stage)
{
  g_return_val_if_fail (stage < OFL_N_STAGES, "");
  return stages[stage].id;
}

/**
 * ofl_stage_parse:
 * @id: a word that came from elsewhere
 * @stage: (out): what it means
 *
 * Returns: %FALSE when it is no stage that is known here
 */
gboolean
ofl_stage_parse (const char *id, OflStage *stage)
{
  for (guint i = 0; i < OFL_N_STAGES; i++)
    if (g_str_equal (stages[i].id, id))
      {
        *stage = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ofl_stage_title:
 * @stage: a stage
 *
 * Returns: a title for people
 */
const char *
ofl_stage_title (OflStage stage)
{
  g_return_val_if_fail (stage < OFL_N_STAGES, "");
  return _ (stages[stage].title);
}

/**
 * ofl_step_kind_id:
 * @kind: kind of a step
 *
 * Returns: a word for machines
 */
const char *
ofl_step_kind_id (OflStepKind kind)
{
  static const char *const ids[] = {
    [OFL_STEP_COMMAND] = "command",
    [OFL_STEP_POLL] = "poll",
    [OFL_STEP_SETTLE] = "settle",
    [OFL_STEP_EXCHANGE] = "exchange",
    [OFL_STEP_REENUMERATE] = "re-enumerate",
    [OFL_STEP_CHECK] = "check",
    [OFL_STEP_MARK] = "mark",
  };

  g_return_val_if_fail (kind < G_N_ELEMENTS (ids), "");
  return ids[kind];
}

/**
 * ofl_expect_id:
 * @expect: which answers are good
 *
 * Returns: a word for machines
 */
const char *
ofl_expect_id (OflExpect expect)
{
  static const char *const ids[] = {
    [OFL_EXPECT_OK] = "ok",
    [OFL_EXPECT_OK_OR_NO_MEDIUM] = "ok-or-no-medium",
    [OFL_EXPECT_NO_MEDIUM] = "no-medium",
    [OFL_EXPECT_AT_WORK] = "at-work",
    [OFL_EXPECT_IGNORE] = "ignore",
    [OFL_EXPECT_ANYTHING] = "anything",
  };

  g_return_val_if_fail (expect < G_N_ELEMENTS (ids), "");
  return ids[expect];
}

static void
append_data (GString *line, const OflPlan *self, const OflStep *step)
{
  if (step->command.dir == OFL_DIR_OUT)
    g_string_append_printf (line, "  OUT %X", step->command.length);
  else if (step->command.dir == OFL_DIR_IN)
    g_string_append_printf (line, "  IN %X", step->command.length);
  if (step->out.buffer >= 0)
    g_string_append_printf (line, " from %s+%X", ofl_plan_get_buffer_name (self, step->out.buffer),
                            step->out.offset);
  if (step->capture >= 0)
    g_string_append_printf (line, " into %s+%X", ofl_plan_get_capture_name (self, step->capture),
                            step->capture_offset);
  if (step->compare != OFL_COMPARE_NONE)
    g_string_append_printf (line, " %s %s+%X",
                            step->compare == OFL_COMPARE_GATE   ? "must equal"
                            : step->compare == OFL_COMPARE_NOTE ? "note differences from"
                                                                : "compare with",
                            ofl_plan_get_buffer_name (self, step->against.buffer),
                            step->against.offset);
}

static void
append_command (GString *line, const OflPlan *self, const OflStep *step)
{
  g_autofree char *cdb = ofl_command_format (&step->command);

  if (step->ahead.cdb_len > 0)
    {
      g_autofree char *ahead = ofl_command_format (&step->ahead);

      g_string_append_printf (line, "  each time %s, then", ahead);
    }
  g_string_append_printf (line, "  %s", cdb);
  append_data (line, self, step);
  g_string_append_printf (line, "  expect %s  limit %u ms", ofl_expect_id (step->expect),
                          step->command.timeout_ms);
  if (step->repeat_short > 0)
    g_string_append_printf (line, "  (short: again, at most %u times)", step->repeat_short);
  if (step->skip_if_good > 0)
    g_string_append_printf (line, "  (when good, without the next %u)", step->skip_if_good);
  if (step->skip_if_refused > 0)
    g_string_append_printf (line, "  (when refused, without the next %u)", step->skip_if_refused);
}

/**
 * ofl_plan_step_format:
 * @self: a plan
 * @index: of the step
 *
 * Returns: (transfer full): the step in one line: stage, kind, label, CDB, data, limits
 */
char *
ofl_plan_step_format (const OflPlan *self, guint index)
{
  const OflStep *step = ofl_plan_get_step (self, index);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%-8s %-12s %s", ofl_stage_id (step->stage),
                          ofl_step_kind_id (step->kind), step->label);
  if (step->kind == OFL_STEP_COMMAND || step->kind == OFL_STEP_POLL
      || step->kind == OFL_STEP_EXCHANGE)
    append_command (line, self, step);
  if (step->kind == OFL_STEP_POLL)
    g_string_append_printf (line, "  every %u ms, at most %u ms, %u good", step->poll_interval_ms,
                            step->poll_limit_ms, step->poll_need);
  if (step->poll_only_at_work)
    g_string_append (line, "  (another answer fails)");
  if (step->report_parts > 0)
    g_string_append_printf (line, "  (the sense reports %u parts)", step->report_parts);
  if (step->kind == OFL_STEP_SETTLE)
    g_string_append_printf (line, "  %u ms", step->settle_ms);
  if (step->kind == OFL_STEP_REENUMERATE)
    g_string_append_printf (line, "  at most %u ms", step->poll_limit_ms);
  if (step->kind == OFL_STEP_MARK)
    g_string_append (line, step->mark == OFL_MARK_DANGER_BEGINS ? "  POINT OF NO RETURN"
                                                                : "  SAFE AGAIN");
  if (step->cleanup)
    g_string_append (line, step->cleanup_only ? "  (cleanup: only when something fails)"
                                              : "  (cleanup: runs whatever happened)");
  if (step->source != NULL)
    g_string_append_printf (line, "  [%s]", step->source);
  return g_string_free (line, FALSE);
}

static gboolean
same_shape (const OflStep *a, const OflStep *b)
{
  return a->kind == OFL_STEP_COMMAND && b->kind == OFL_STEP_COMMAND && a->stage == b->stage
         && a->label == b->label && a->command.length == b->command.length;
}

static void
append_left_out (GString *text, const GArray *left_out)
{
  gpointer before = ofl_english_begin ();

  for (guint i = 0; left_out != NULL && i < left_out->len; i++)
    {
      g_autofree char *line = ofl_left_out_describe (&g_array_index (left_out, OflLeftOut, i));

      g_string_append_printf (text, "      not compared: %s\n", line);
    }
  ofl_english_end (before);
}

/**
 * ofl_plan_print:
 * @self: a plan
 * @every_step: %FALSE folds a run of steps alike but for their offsets into one line
 *
 * Returns: (transfer full): the plan as text, a step a line
 */
char *
ofl_plan_print (const OflPlan *self, gboolean every_step)
{
  GString *text = g_string_new (NULL);
  guint n = ofl_plan_get_n_steps (self);
  guint i = 0;

  while (i < n)
    {
      g_autofree char *line = ofl_plan_step_format (self, i);
      guint last = i;

      while (!every_step && last + 1 < n
             && same_shape (ofl_plan_get_step (self, i), ofl_plan_get_step (self, last + 1)))
        last++;
      g_string_append_printf (text, "%4u  %s\n", i + 1, line);
      if (last > i)
        g_string_append_printf (text, "      … the same %u times in all, up to step %u\n",
                                last - i + 1, last + 1);
      i = last + 1;
    }
  append_left_out (text, ofl_plan_get_left_out (self));
  return g_string_free (text, FALSE);
}

/**
 * ofl_plan_digest:
 * @self: a plan
 *
 * Returns: (transfer full): SHA-256 over its text and its buffers, for the journal: which plan ran
 */
char *
ofl_plan_digest (const OflPlan *self)
{
  g_autofree char *text = ofl_plan_print (self, TRUE);
  struct sha256_ctx context;
  guint8 digest[SHA256_DIGEST_SIZE];
  char *hex = g_new0 (char, BASE16_ENCODE_LENGTH (sizeof digest) + 1);
  GBytes *bytes;

  sha256_init (&context);
  sha256_update (&context, strlen (text), (const guint8 *) text);
  for (int i = 0; (bytes = ofl_plan_get_buffer (self, i)) != NULL; i++)
    sha256_update (&context, g_bytes_get_size (bytes), g_bytes_get_data (bytes, NULL));
  sha256_digest (&context, sizeof digest, digest);
  base16_encode_update (hex, sizeof digest, digest);
  return hex;
}
