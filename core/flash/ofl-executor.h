/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "family/ofl-family.h"
#include "flash/ofl-journal.h"
#include "flash/ofl-progress-private.h"
#include "plan/ofl-plan.h"
#include "scsi/ofl-transport.h"

G_BEGIN_DECLS

/* Four hours, far beyond what any chip takes: so that no job without a person before it lasts for
 * ever. */
#define OFL_WATCH_LIMIT_MS (4 * 60 * 60 * 1000)

/**
 * OflRunEnd:
 * @OFL_RUN_DONE: every step ran
 * @OFL_RUN_CANCELLED: cancelled before the point of no return
 * @OFL_RUN_FAILED: a step failed
 */
typedef enum {
  OFL_RUN_DONE,
  OFL_RUN_CANCELLED,
  OFL_RUN_FAILED,
} OflRunEnd;

/**
 * OflRun:
 * @transport: where commands go
 * @progress: told of every step
 * @journal: (nullable): told of every command
 * @cancellable: (nullable): looked at before each step until the point of no return
 * @stage: all steps count for this stage, or -1: each for its own
 * @watch_limit_ms: after the point of no return, for how long a drive that is still at work when a
 *   poll's limit is reached is watched further; 0: %OFL_WATCH_LIMIT_MS; %G_MAXUINT: until the user
 *   stops watching
 * @stop_watching: what @cancellable was, once the point of no return was passed: it then ends the
 *   watching of a drive that is still at work, and nothing else; set by the run
 * @family: (nullable): of the drive: names its own commands in the log
 * @data: what was captured
 * @end: how it ended
 * @danger: ended between the point of no return and being safe again
 * @wrote: a command that is not read-only was sent
 * @skip: steps that the last step's answer leaves out
 * @failed_step: index of the step that failed
 * @failed_reply: the answer to it, when it was a command's
 * @error: why it failed, in a sentence
 * @technical: the command and sense
 * @comparison: what comparing steps counted, and what the plan leaves out
 * @room: (nullable): for a command's data; of the executor's own
 * @room_length: its bytes
 *
 * One run of a plan. Fill in the first five, and the sixth for a plan that writes; ofl_run_execute() fills in the rest.
 */
typedef struct {
  OflTransport *transport;
  OflProgress *progress;
  OflJournal *journal;
  GCancellable *cancellable;
  int stage;
  guint watch_limit_ms;
  GCancellable *stop_watching;
  const OflFamily *family;

  OflRunData data;
  OflRunEnd end;
  gboolean danger;
  gboolean wrote;
  guint skip;
  guint failed_step;
  OflReply failed_reply;
  GError *error;
  char *technical;
  OflComparison comparison;
  guint8 *room;
  guint32 room_length;
} OflRun;

void ofl_run_execute (OflRun *run, const OflPlan *plan);
GPtrArray *ofl_run_execute_twice (OflRun *run, const OflPlan *plan);
void ofl_run_clear (OflRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflRun, ofl_run_clear)

G_END_DECLS
