/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/ofl-plan.h"
#include "plan/ofl-verdict.h"

G_BEGIN_DECLS

typedef enum {
  OFL_STAGE_STATE_PENDING,
  OFL_STAGE_STATE_RUNNING,
  OFL_STAGE_STATE_DONE,
  OFL_STAGE_STATE_SKIPPED,
  OFL_STAGE_STATE_FAILED,
} OflStageState;

/**
 * OflStageView:
 * @state: where it is
 * @bytes_done: bytes moved
 * @bytes_total: bytes to move; 0: the drive reports nothing, show the time band
 * @elapsed_us: time it has taken so far, on the drive's clock
 * @usual_ms: time it usually takes
 * @max_ms: upper end of what is usual
 * @fraction: 0 to 1, never 1 before the stage is done
 */
typedef struct {
  OflStageState state;
  guint64 bytes_done;
  guint64 bytes_total;
  gint64 elapsed_us;
  guint usual_ms;
  guint max_ms;
  double fraction;
} OflStageView;

/**
 * OflProgressView:
 * @stages: one for each #OflStage; those of 0 weight are %OFL_STAGE_STATE_SKIPPED
 * @current: the stage that runs
 * @fraction: of the whole, weighted by time; 0 until all stages are announced, never less than it
 *   was, and 1 only for a finished job that succeeded: any other stands where it stood
 * @rate: bytes per second of the current stage, 0 when unknown
 * @left_ms: time left, -1 when nothing honest can be said
 * @cancelable: a cancel would take effect at once and leave the drive untouched
 * @danger: between the point of no return and the moment the drive is safe again
 * @command: what the drive was last asked, "" when nothing is under way
 * @command_us: how long it has been silent over it, on real time
 * @command_usual_ms: how long that usually takes
 * @command_limit_ms: when it will be given up
 * @idle_us: for how long the maker's program has sent the drive nothing, on real time; 0 while it does, and
 *   for jobs without one
 * @idle_command: what it sent last, "" for nothing yet; while @idle_us is not 0
 * @by_other: the maker's program writes, and what stage that is its traffic tells
 * @held: of these: it is being held, and what runs is ours
 * @question: the number of what the job asks, and waits for (ofl_job_dup_question()); 0: nothing
 * @finished: the job is over
 * @verdict: how
 * @unreadable: the service that runs the job is of another version: there is no progress to show,
 *   only the log; of the other fields @finished and @verdict alone mean something
 */
typedef struct {
  OflStageView stages[OFL_N_STAGES];
  OflStage current;
  double fraction;
  double rate;
  gint64 left_ms;
  gboolean cancelable;
  gboolean danger;
  char command[64];
  gint64 command_us;
  guint command_usual_ms;
  guint command_limit_ms;
  gint64 idle_us;
  char idle_command[64];
  gboolean by_other;
  gboolean held;
  guint question;
  gboolean finished;
  OflVerdict verdict;
  gboolean unreadable;
} OflProgressView;

typedef enum {
  OFL_LOG_COMMAND,
  OFL_LOG_INFO,
  OFL_LOG_WARNING,
  OFL_LOG_ERROR,
} OflLogLevel;

/**
 * OflLogLine:
 * @seq: 1, 2, 3 …; a gap means that lines were dropped (the journal has them all)
 * @time_us: microseconds since the job began
 * @level: how loud
 * @text: one line, valid UTF-8
 */
typedef struct {
  guint64 seq;
  gint64 time_us;
  OflLogLevel level;
  char *text;
} OflLogLine;

/* @note: (out): a line for the log, or %NULL; what it does may block for a moment. */
typedef void (*OflDangerFunc) (gboolean danger, gpointer data, char **note);

OflLogLine *ofl_log_line_copy (const OflLogLine *self);
void ofl_log_line_free (OflLogLine *line);
const char *ofl_log_level_id (OflLogLevel level);

/* A sentence for the running stage: "1.2 of 2.1 MB, 310 kB/s, about 3 s left", or "working, 12 s,
 * usually 20 s to 40 s"; the whole in per cent; and, when a command takes longer than usual, that and what will happen. */
const char *ofl_progress_view_stage_title (const OflProgressView *view, OflStage stage);
char *ofl_progress_view_stage_text (const OflProgressView *view, OflStage stage);
guint ofl_progress_view_percent (const OflProgressView *view);
char *ofl_progress_view_watchdog_text (const OflProgressView *view);
/* For a view that is unreadable. */
const char *ofl_progress_view_unreadable_text (void);

G_END_DECLS
