/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flash/ofl-journal.h"

G_BEGIN_DECLS

/**
 * OflPastState:
 * @OFL_PAST_ENDED: it ended, with a verdict
 * @OFL_PAST_RUNNING: it runs
 * @OFL_PAST_UNFINISHED: it never ended: a crash, a kill or a power cut
 * @OFL_PAST_DISMISSED: so it was, and its user has seen to it
 * @OFL_PAST_CLOSED: so it was, and a later job has proved that the drive holds a whole firmware
 */
typedef enum {
  OFL_PAST_ENDED,
  OFL_PAST_RUNNING,
  OFL_PAST_UNFINISHED,
  OFL_PAST_DISMISSED,
  OFL_PAST_CLOSED,
} OflPastState;

/**
 * OflPastPlace:
 * @OFL_PAST_REAL: a drive of the system
 * @OFL_PAST_PRACTICE: a practice drive
 * @OFL_PAST_NOWHERE: its journal no longer says
 */
typedef enum {
  OFL_PAST_REAL,
  OFL_PAST_PRACTICE,
  OFL_PAST_NOWHERE,
} OflPastPlace;

/**
 * OflPastJob:
 * @number: counts the journals from 1, the oldest first
 * @place: what kind of drive it was
 * @state: whether it ended
 * @job: drive, image, backup, and how far it came
 * @kind: "flash", "backup", "verify", "updater", or ""
 * @ended: when, ISO 8601, or ""
 * @verdict: its word for machines as it stands in the journal, or ""
 * @what: in a sentence, English, or ""
 * @proof: what was compared, English, or ""
 * @technical: the command and sense behind it, or ""
 * @evidence: what was read of a damaged drive and is kept as no backup, or ""
 *
 * A job that a journal knows.
 */
typedef struct {
  guint number;
  OflPastPlace place;
  OflPastState state;
  OflUnfinished *job;
  char *kind;
  char *ended;
  char *verdict;
  char *what;
  char *proof;
  char *technical;
  char *evidence;
} OflPastJob;

void ofl_past_job_free (OflPastJob *self);
const char *ofl_past_state_id (OflPastState state);
const char *ofl_past_place_id (OflPastPlace place);
const char *ofl_past_job_image (const OflPastJob *self);
gboolean ofl_past_job_writes (const OflPastJob *self);
char *ofl_past_job_title (const OflPastJob *self);
char *ofl_past_job_outcome (const OflPastJob *self);
gboolean ofl_past_job_matches (const OflPastJob *self, const char *text);
char *ofl_past_job_read_text (const OflPastJob *self);

void ofl_past_job_add_secrets (const OflPastJob *self, GPtrArray *secrets);
char *ofl_past_job_say_damaged (const OflPastJob *self);
char *ofl_past_job_say_backup (const OflPastJob *self);
char *ofl_past_job_report (const OflPastJob *self);

GPtrArray *ofl_history_read (const char *state_dir);

G_END_DECLS
