/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "plan/ofl-comparison.h"
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
 * @OFL_EXPECT_AT_WORK: must be 02/04/xx; GOOD or 02/3A/xx, ready at once, means that the drive refused
 *   what was sent last and programs nothing
 * @OFL_EXPECT_IGNORE: any answer; a timeout or a lost drive still fails
 * @OFL_EXPECT_ANYTHING: even no answer (the drive resets itself)
 */
typedef enum {
  OFL_EXPECT_OK,
  OFL_EXPECT_OK_OR_NO_MEDIUM,
  OFL_EXPECT_NO_MEDIUM,
  OFL_EXPECT_AT_WORK,
  OFL_EXPECT_IGNORE,
  OFL_EXPECT_ANYTHING,
} OflExpect;

typedef enum {
  OFL_MARK_NONE,
  OFL_MARK_DANGER_BEGINS, /* the next command may change what the drive keeps: no return */
  OFL_MARK_SAFE_AGAIN,    /* the flash holds a whole firmware again */
} OflMark;

/* What a step does with bytes that do not equal what it compares them with. */
typedef enum {
  OFL_COMPARE_NONE,
  OFL_COMPARE_GATE,   /* a difference stops the plan */
  OFL_COMPARE_RECORD, /* a difference is counted; the plan goes on */
  OFL_COMPARE_NOTE, /* likewise, apart: no source says whether the drive keeps what is sent there */
} OflCompare;

/* Where a plan that reads is run for two readings at once: how often a step is done. Steps of one kind
 * that follow each other are a part, which is done to its end before the next begins. */
typedef enum {
  OFL_READING_EACH,       /* for the first reading, then for the second */
  OFL_READING_EACH_AFTER, /* likewise, once both have what comes before it */
  OFL_READING_SHARED,     /* once, for both: it enters a mode or leaves it, and captures nothing */
} OflReading;

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
 * @reading: how often it is done where the plan is run for two readings
 * @usual_ms: time it usually takes; weighs the progress, feeds the watchdog
 * @max_ms: the longest that is usual; a band's upper end
 * @command: COMMAND, POLL, EXCHANGE
 * @ahead: COMMAND, POLL: sent right before each try of @command; changes nothing that the drive
 *   keeps, and its answer decides nothing; cdb_len 0: none
 * @repeat_short: COMMAND: how often @command is put again when it was answered well with fewer bytes
 *   than were asked for; only for one that reads
 * @expect: which answers are good
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
 * @poll_limit_ok: POLL: reaching the limit is not a failure, unless the drive says that it is still
 *   at work
 * @poll_only_at_work: POLL: an answer that is neither good nor 02/04/xx ends it as a failure
 * @report_parts: POLL: of so many parts the drive says in the sense's INFORMATION field, byte 1 from
 *   0, how many are done; 0: it says nothing
 * @report_bytes: POLL: what all of these parts are together
 * @settle_ms: SETTLE: wait that a family's source demands
 * @check: CHECK: a predicate on what was captured
 * @exchange: EXCHANGE: computes the bytes to send as this step's OUT data; %NULL without an error
 *   means that there is nothing to send, which counts as a refusal
 * @arg: for @check and @exchange; owned by the plan
 * @mark: MARK
 * @source: where the facts stand, e.g. "plextor 2.4"
 */
typedef struct {
  OflStepKind kind;
  OflStage stage;
  const char *label;
  gboolean cleanup;
  guint cleanup_after;
  gboolean cleanup_only;
  OflReading reading;
  guint usual_ms;
  guint max_ms;

  OflCommand command;
  OflCommand ahead;
  guint8 repeat_short;
  OflExpect expect;
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
  gboolean poll_limit_ok;
  gboolean poll_only_at_work;
  guint8 report_parts;
  guint32 report_bytes;

  guint settle_ms;

  OflCheckFunc check;
  OflExchangeFunc exchange;
  gconstpointer arg;

  OflMark mark;
  const char *source;
} OflStep;

typedef struct _OflPlan OflPlan;

OflPlan *ofl_plan_new (const char *title);
void ofl_plan_free (OflPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflPlan, ofl_plan_free)

const char *ofl_plan_get_title (const OflPlan *self);

int ofl_plan_add_buffer (OflPlan *self, const char *name, GBytes *bytes);
GBytes *ofl_plan_get_buffer (const OflPlan *self, int buffer);
const char *ofl_plan_get_buffer_name (const OflPlan *self, int buffer);
int ofl_plan_add_capture (OflPlan *self, const char *name, guint32 size);
guint ofl_plan_get_n_captures (const OflPlan *self);
const char *ofl_plan_get_capture_name (const OflPlan *self, int capture);
guint32 ofl_plan_get_capture_size (const OflPlan *self, int capture);
void ofl_plan_leave_out (OflPlan *self, guint64 offset, guint64 length, const char *why);
const GArray *ofl_plan_get_left_out (const OflPlan *self);
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
gboolean ofl_stage_parse (const char *id, OflStage *stage);
const char *ofl_stage_title (OflStage stage);
const char *ofl_step_kind_id (OflStepKind kind);
const char *ofl_expect_id (OflExpect expect);

G_END_DECLS
