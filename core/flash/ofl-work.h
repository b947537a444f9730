/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job does, on its worker thread.
 *
 * What it tells the user is in the user's language; what it writes into its journal and log is
 * English in every language, for those are read by whoever helps, and by the next version of the
 * program. So a statement that goes both ways is composed twice where it is made, in the user's
 * language and then with the thread's messages in English (OflSentence, ofl_set_error()). Neither
 * is made from the other. The steps and the title of a plan are kept in English and translated where
 * they are shown. A job in the service speaks the service's language, which is that of the session
 * that started it. */
#pragma once

#include "flash/ofl-backup.h"
#include "drive/ofl-drive.h"
#include "flash/ofl-job.h"
#include "link/ofl-link.h"

G_BEGIN_DECLS

typedef struct _OflWork OflWork;

/* How a drive is written in another way than by a plan: on the job's thread, once the drive has said who
 * it is; the end of the job. */
typedef OflResult *(*OflWorkFunc) (OflWork *self, gpointer data);

/**
 * OflWork:
 *
 * Everything one job needs and collects. The first group is set before the thread starts and
 * then only read; the second belongs to the thread.
 */
struct _OflWork {
  OflJobKind kind;
  OflTarget *target;
  OflSnapshot *expected;
  OflImage *image;
  OflJobOptions *options;
  OflProgress *progress;
  OflAsker *asker;
  GCancellable *cancellable;
  OflWorkFunc func; /* of OFL_JOB_UPDATER */
  gpointer func_data;
  gboolean asks; /* a missing backup does not end the job: it is asked about */

  OflTransport *transport;
  OflJournal *journal;
  OflSnapshot *before;
  OflSnapshot *after;
  const OflFamily *family;
  OflLink *link; /* what the test before a write found */
  GPtrArray *checks; /* of OflCheck: what is around the drive before a write */
  OflPlan *read_plan;
  OflPlan *write_plan;
  OflBackup *backup;       /* or evidence of a damaged flash */
  char *earlier_backup;    /* of this drive, where this job could make none */
  GPtrArray *backup_parts; /* of GByteArray: what was read for it, a part for each capture */
  OflRun run;              /* the write's */
  OflSentence no_backup;   /* why there is none, where that does not end the job */
};

OflWork *ofl_work_new (OflJobKind kind, OflTarget *target, OflSnapshot *expected, OflImage *image,
                       const OflJobOptions *options);
void ofl_work_free (OflWork *self);
OflResult *ofl_work_execute (OflWork *self);

/* The parts of it, each NULL when the job goes on and a result when it has ended. */
OflResult *ofl_work_identify (OflWork *self);
OflResult *ofl_work_check_link (OflWork *self);
OflResult *ofl_work_judge (OflWork *self);
OflResult *ofl_work_back_up (OflWork *self);
OflResult *ofl_work_compare (OflWork *self);
void ofl_work_announce_read (OflWork *self);

/* A write that is not by a plan (ofl-work-other.c). */
OflResult *ofl_work_get_ready (OflWork *self);
OflResult *ofl_work_begin_other (OflWork *self, const char *what);
OflResult *ofl_work_judge_other (OflWork *self, gboolean clean, OflSentence how);
OflResult *ofl_work_check_disc (OflWork *self);
OflSnapshot *ofl_work_look_again (OflWork *self);
gboolean ofl_work_same_serial (const OflWork *self);
char *ofl_work_name_now (const OflWork *self);

/* What the link test found, for those who read of the job later (ofl-work-link.c). */
void ofl_work_note_link (OflWork *self);
void ofl_work_mention_link (OflWork *self, OflResult *result);

/* What is around the drive before a write (ofl-work-checks.c). */
void ofl_work_look_around (OflWork *self);
void ofl_work_note_checks (OflWork *self);

/* What the drive holds against what it should (ofl-work-compare.c). */
gboolean ofl_work_backup_covers (const OflWork *self);
OflResult *ofl_work_check_identical (OflWork *self);
gboolean ofl_work_flash_equals_backup (OflWork *self);

/* Ends in words (ofl-work-words.c). @error's message is the sentence of what happened. What happened
 * is given away, in both languages: the user's and that of records. */
OflResult *ofl_work_end (OflWork *self, OflVerdict verdict, OflSentence what,
                         const char *technical);
OflResult *ofl_work_end_error (OflWork *self, OflVerdict verdict, const GError *error,
                               const char *technical);
gboolean ofl_work_unanswered (const OflWork *self);
gboolean ofl_work_left_boot (const OflWork *self);
void ofl_work_set_next (OflResult *result, const char *next);
void ofl_work_append (OflResult *result, OflSentence sentence);
void ofl_work_set_proof (OflResult *result, OflSentence proof);
OflResult *ofl_work_refuse (OflWork *self, OflSentence what, const char *next);
OflSentence ofl_work_say_error (const GError *error);
gboolean ofl_work_get_words (guint index, OflVerdict *verdict, const char **next);
void ofl_work_advise (OflResult *result, const OflReply *reply);
char *ofl_work_describe (const OflWork *self);

G_END_DECLS
