/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one thing that a job's worker thread and the main loop share, behind one lock. */
#pragma once

#include "family/ofl-family.h"
#include "flash/ofl-progress.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/* Lines kept for windows; the journal file has every line. */
#define OFL_LOG_KEPT 4096

typedef struct _OflProgress OflProgress;

OflProgress *ofl_progress_new (void);
OflProgress *ofl_progress_ref (OflProgress *self);
void ofl_progress_unref (OflProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflProgress, ofl_progress_unref)

/* Worker's side. @now_us is the drive's clock. */
void ofl_progress_plan_stage (OflProgress *self, OflStage stage, guint64 bytes, guint usual_ms,
                              guint max_ms);
void ofl_progress_set_planned (OflProgress *self);
void ofl_progress_begin_stage (OflProgress *self, OflStage stage, gint64 now_us);
void ofl_progress_end_stage (OflProgress *self, OflStage stage, OflStageState state, gint64 now_us);
void ofl_progress_add_bytes (OflProgress *self, OflStage stage, guint64 bytes, gint64 now_us);
void ofl_progress_report (OflProgress *self, OflStage stage, guint64 done, guint64 total,
                          gint64 now_us);
void ofl_progress_begin_command (OflProgress *self, const char *what, guint usual_ms,
                                 guint limit_ms, gint64 now_us);
void ofl_progress_end_command (OflProgress *self, gint64 now_us);
void ofl_progress_set_by_other (OflProgress *self, gboolean held);
void ofl_progress_set_idle (OflProgress *self, gint64 since_us, const char *last);
/* Told on the worker's thread when danger begins (before the command that brings it) and ends. */
void ofl_progress_set_danger_func (OflProgress *self, OflDangerFunc func, gpointer data);
void ofl_progress_set_danger (OflProgress *self, gboolean danger);
void ofl_progress_set_cancelable (OflProgress *self, gboolean cancelable);
void ofl_progress_finish (OflProgress *self, OflVerdict verdict, gint64 now_us);
void ofl_progress_log (OflProgress *self, OflLogLevel level, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void ofl_progress_log_command (OflProgress *self, const OflFamily *family,
                               const OflCommand *command, const OflReply *reply);

/* Anybody's side. */
void ofl_progress_read (OflProgress *self, OflProgressView *view);
GPtrArray *ofl_progress_read_log (OflProgress *self, guint64 after_seq, guint max_lines);

G_END_DECLS
