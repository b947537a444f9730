/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-snapshot.h"
#include "plan/ofl-action.h"
#include "plan/ofl-verdict.h"

G_BEGIN_DECLS

/**
 * OflResult:
 * @verdict: how the job ended
 * @what: what happened, a sentence
 * @meaning: what that means for the drive
 * @next: what to do next
 * @technical: the command and sense behind it, or %NULL
 * @proof: what was compared or seen, or %NULL
 * @record_what: @what in English, for journal and log; %NULL when no job of this version
 *   told of the end
 * @record_proof: @proof in English
 * @backup_path: the backup that belongs to it, or %NULL
 * @journal_path: the journal file, or %NULL
 * @revision_before: revision before the job, or %NULL
 * @revision_after: revision after it, or %NULL
 *
 * The end of a job, in words. Immutable once others see it.
 */
typedef struct {
  OflVerdict verdict;
  char *what;
  char *meaning;
  char *next;
  char *technical;
  char *proof;
  char *record_what;
  char *record_proof;
  char *backup_path;
  char *journal_path;
  char *revision_before;
  char *revision_after;
} OflResult;

OflResult *ofl_result_new (OflVerdict verdict);
void ofl_result_free (OflResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflResult, ofl_result_free)

G_END_DECLS
