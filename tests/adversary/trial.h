/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One schedule on one practice drive: the jobs, and what watches and judges them. */
#pragma once

#include "../family/practice-table.h"
#include "schedule.h"
#include "tally.h"

G_BEGIN_DECLS

/**
 * Campaign:
 * @id: the drive
 * @which: what the table says of it; %NULL: nothing can be written to it
 * @readable: a good job ends verified
 * @lesson: what a good job does
 * @image: what is flashed
 * @backup: hashes of a backup of the new drive; %NULL where none can be made
 *
 * What all schedules of a drive share.
 */
typedef struct {
  const char *id;
  const PracticeCase *which;
  gboolean readable;
  Lesson lesson;
  OflImage *image;
  char *backup;
  Tally tally;
} Campaign;

/**
 * Trial:
 * @said: the schedule and which of its jobs, for messages
 * @backup: hashes of a backup made without faults; %NULL when there is none to hold against
 * @backup_folder: where it is; %NULL when it is not to be flashed
 */
typedef struct {
  Campaign *campaign;
  const Schedule *schedule;
  Workbench *bench;
  const char *job;
  char *backup;
  char *backup_folder;
} Trial;

/**
 * Before:
 * @flash: what the chip held when the job began
 * @n_writes: what had been sent to the drive by then
 * @burning: an earlier job's burn went on
 *
 * What a job's words are held against.
 */
typedef struct {
  GBytes *flash;
  guint n_writes;
  gboolean burning;
} Before;

#define trial_wrong(trial, wrong, format, ...) \
  tally_count (&(trial)->campaign->tally, (wrong), "%s seed %u, %s: " format " [%s]", \
               (trial)->campaign->id, (trial)->schedule->seed, (trial)->job, __VA_ARGS__, \
               (trial)->schedule->said->str)

void before_take (Before *before, const Trial *trial);
void before_clear (Before *before);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Before, before_clear)

/* campaign.c */
void campaign_learn (Campaign *campaign);
void campaign_clear (Campaign *campaign);

/* trial.c */
OflImage *trial_image (Campaign *campaign, const char *revision, gboolean twin);
OflResult *trial_run (const Trial *trial, OflJobKind kind, OflImage *image, GCancellable *cancel);
void trial_run_schedule (Campaign *campaign, const Schedule *schedule);
void trial_be_killed (Campaign *campaign, const Schedule *schedule, const char *dir);

/* claims.c */
void claims_check (const Trial *trial, OflImage *image, const OflResult *result,
                   const OflProgressView *view, const Before *before);
void claims_check_later (const Trial *trial, OflImage *image, const OflResult *result,
                         const Before *before);
void claims_check_recovery (const Trial *trial, OflImage *image, const OflResult *result);
void claims_check_unfinished (const Trial *trial, const Before *before);
void claims_check_watched (const Trial *trial, const OflResult *result);

/* witness.c */
typedef struct {
  const Trial *trial;
  const Before *before;
  GCancellable *cancel;
  guint n_commands;
  gboolean backup_due; /* no consent to go without one */
  guint n_data;        /* of the opcode in which a bit is to flip */
  gboolean first_seen, past_return, blamed, flipped;
} Witness;

void witness_watch (const OflCommand *command, gpointer witness);
void witness_check_end (Witness *self);
void witness_check_journal (const Trial *trial, const OflResult *result);

/* journals.c */
void journals_check_spoilt (const Trial *trial);

/* backups.c */
char *backups_hash (const char *dir, char **found);
void backups_check (const Trial *trial, const OflResult *result);

G_END_DECLS
