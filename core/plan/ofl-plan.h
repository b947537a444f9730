/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scsi/ofl-command.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/* The stages a person sees, in the order of a full write. */
typedef enum {
  OFL_STAGE_IDENTIFY,
  OFL_STAGE_CHECK,
  OFL_STAGE_BACKUP,
  OFL_STAGE_SEND,
  OFL_STAGE_ERASE,
  OFL_STAGE_PROGRAM,
  OFL_STAGE_VERIFY,
  OFL_STAGE_RESTART,
  OFL_STAGE_CONFIRM,
  OFL_N_STAGES,
} OflStage;

typedef enum {
  OFL_STEP_COMMAND,
  OFL_STEP_POLL,
  OFL_STEP_SETTLE,
  OFL_STEP_EXCHANGE,
  OFL_STEP_REENUMERATE,
  OFL_STEP_CHECK,
  OFL_STEP_MARK,
} OflStepKind;

/**
 * OflExpect:
 * @OFL_EXPECT_OK: GOOD and nothing else
 * @OFL_EXPECT_OK_OR_NO_MEDIUM: GOOD, or 02/3A/xx
 * @OFL_EXPECT_NO_MEDIUM: must be 02/3A/xx; GOOD means that a disc is in
 * @OFL_EXPECT_NOT_FATAL: any answer but the sense keys in fatal_keys
 * @OFL_EXPECT_IGNORE: any answer; a timeout or a lost drive still fails
 * @OFL_EXPECT_ANYTHING: even no answer (the drive resets itself)
 */
typedef enum {
  OFL_EXPECT_OK,
  OFL_EXPECT_OK_OR_NO_MEDIUM,
  OFL_EXPECT_NO_MEDIUM,
  OFL_EXPECT_NOT_FATAL,
  OFL_EXPECT_IGNORE,
  OFL_EXPECT_ANYTHING,
} OflExpect;

typedef enum {
  OFL_MARK_NONE,
  OFL_MARK_DANGER_BEGINS,   /* the next command may change what the drive keeps: no return */
  OFL_MARK_SAFE_AGAIN,      /* the flash holds a whole firmware again */
} OflMark;

/* What a step does with bytes that do not equal what it compares them with. */
typedef enum {
  OFL_COMPARE_NONE,
  OFL_COMPARE_GATE,   /* a difference stops the plan */
  OFL_COMPARE_RECORD, /* a difference is counted; the plan goes on */
} OflCompare;

/**
 * OflSpan:
 * @buffer: index of one of the plan's buffers, -1 for none
 * @offset: first byte in it
 *
 * A stretch of a plan's buffer; its length is that of the command's data phase.
 */
typedef struct {
  int buffer;
  guint32 offset;
} OflSpan;

/**
 * OflRunData:
 *
 * What a running plan has collected: one #GByteArray for each capture slot.
 */
typedef struct {
  GPtrArray *captures;
} OflRunData;

typedef gboolean (*OflCheckFunc) (const OflRunData *data, gconstpointer arg, GError **error);
typedef GBytes *(*OflExchangeFunc) (const OflRunData *data, gconstpointer arg, GError **error);

/**
 * OflStep:
 * @kind: what it is
 * @stage: the bar it belongs to
 * @label: for people, static or interned; never %NULL
 * @cleanup: runs whatever happened before, as soon as any command that changes something was sent
 * @cleanup_after: for @cleanup: number of steps that must be behind the run for this one to be needed
 *   (the index of the step that it undoes, plus one); 0: always. Such a step is not sent a second
 *   time when it failed itself
 * @cleanup_only: left out while the plan runs as it should
 * @usual_ms: time it usually takes; weighs the progress, feeds the watchdog
 * @max_ms: the longest that is usual; a band's upper end
 * @command: COMMAND, POLL, EXCHANGE
 * @expect: which answers are good
 * @fatal_keys: for %OFL_EXPECT_NOT_FATAL, bit n = sense key n
 * @residual_ok: a residual is not worth a line
 * @skip_if_good: COMMAND: after status GOOD so many of the steps that follow are left out
 * @skip_if_refused: COMMAND, EXCHANGE: after any other answer that @expect lets pass, or when
 *   @exchange has nothing to send, so many of the steps that follow are left out
 * @out: data to send (COMMAND with OUT)
 * @compare: whether data that came in is compared with @against
 * @against: what to compare with
 * @capture: slot that keeps data that came in, -1 none
 * @capture_offset: where in that slot
 * @poll_interval_ms: POLL: time between two tries
 * @poll_limit_ms: POLL, REENUMERATE: time after which to give up
 * @poll_need: POLL: how many good answers end it
 * @poll_in_a_row: POLL: whether they must come one after the other
 * @poll_limit_ok: POLL: reaching the limit is not a failure
 * @settle_ms: SETTLE: wait that a family's source demands
 * @check: CHECK: a predicate on what was captured
 * @exchange: EXCHANGE: computes the bytes to send as this step's OUT data; %NULL without an error
 *   means that there is nothing to send, which counts as a refusal
 * @arg: for @check and @exchange; owned by the plan
 * @mark: MARK
 * @source: where the facts stand, e.g. "protocols.md 3.2"
 */
typedef struct {
  OflStepKind kind;
  OflStage stage;
  const char *label;
  gboolean cleanup;
  guint cleanup_after;
  gboolean cleanup_only;
  guint usual_ms;
  guint max_ms;

  OflCommand command;
  OflExpect expect;
  guint16 fatal_keys;
  gboolean residual_ok;
  guint8 skip_if_good;
  guint8 skip_if_refused;
  OflSpan out;
  OflCompare compare;
  OflSpan against;
  int capture;
  guint32 capture_offset;

  guint poll_interval_ms;
  guint poll_limit_ms;
  guint poll_need;
  gboolean poll_in_a_row;
  gboolean poll_limit_ok;

  guint settle_ms;

  OflCheckFunc check;
  OflExchangeFunc exchange;
  gconstpointer arg;

  OflMark mark;
  const char *source;
} OflStep;

typedef struct _OflPlan OflPlan;

OflPlan *ofl_plan_new (const char *title);
OflPlan *ofl_plan_ref (OflPlan *self);
void ofl_plan_unref (OflPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPlan, ofl_plan_unref)

const char *ofl_plan_get_title (const OflPlan *self);

int ofl_plan_add_buffer (OflPlan *self, const char *name, GBytes *bytes);
GBytes *ofl_plan_get_buffer (const OflPlan *self, int buffer);
const char *ofl_plan_get_buffer_name (const OflPlan *self, int buffer);
int ofl_plan_add_capture (OflPlan *self, const char *name, guint32 size);
guint ofl_plan_get_n_captures (const OflPlan *self);
const char *ofl_plan_get_capture_name (const OflPlan *self, int capture);
guint32 ofl_plan_get_capture_size (const OflPlan *self, int capture);
void ofl_plan_own (OflPlan *self, gpointer data, GDestroyNotify free_func);

OflStep *ofl_plan_add (OflPlan *self, OflStepKind kind, OflStage stage, const char *label,
                       guint usual_ms);
OflStep *ofl_plan_command (OflPlan *self, OflStage stage, const char *label, OflCommand command,
                           OflExpect expect, guint usual_ms);
OflStep *ofl_plan_send (OflPlan *self, OflStage stage, const char *label, OflCommand command,
                        int buffer, guint32 offset, guint usual_ms);
OflStep *ofl_plan_read (OflPlan *self, OflStage stage, const char *label, OflCommand command,
                        int capture, guint32 offset, guint usual_ms);
OflStep *ofl_plan_poll (OflPlan *self, OflStage stage, const char *label, OflCommand command,
                        OflExpect expect, guint interval_ms, guint limit_ms, guint need);
OflStep *ofl_plan_settle (OflPlan *self, OflStage stage, const char *label, guint ms);
OflStep *ofl_plan_mark (OflPlan *self, OflStage stage, OflMark mark, const char *label);
OflStep *ofl_plan_reenumerate (OflPlan *self, const char *label, guint usual_ms, guint limit_ms);

guint ofl_plan_get_n_steps (const OflPlan *self);
const OflStep *ofl_plan_get_step (const OflPlan *self, guint index);

/**
 * OflStagePlan:
 * @steps: steps in this stage; 0 when the stage does not occur
 * @bytes: bytes its commands move; 0: the drive reports nothing meanwhile
 * @usual_ms: time it usually takes
 * @max_ms: upper end of what is usual
 */
typedef struct {
  guint steps;
  guint64 bytes;
  guint usual_ms;
  guint max_ms;
} OflStagePlan;

void ofl_plan_measure (const OflPlan *self, OflStagePlan stages[OFL_N_STAGES]);
char *ofl_plan_step_format (const OflPlan *self, guint index);
char *ofl_plan_print (const OflPlan *self, gboolean every_step);
char *ofl_plan_digest (const OflPlan *self);

const char *ofl_stage_id (OflStage stage);
const char *ofl_stage_title (OflStage stage);
const char *ofl_step_kind_id (OflStepKind kind);
const char *ofl_expect_id (OflExpect expect);

G_END_DECLS
