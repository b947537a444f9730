/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-snapshot.h"
#include "plan/ofl-verdict.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/* A job's flight recorder: one JSON object a line, append-only. Used by one thread. */
typedef struct _OflJournal OflJournal;

OflJournal *ofl_journal_open (const char *state_dir, GError **error);
void ofl_journal_close (OflJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflJournal, ofl_journal_close)

const char *ofl_journal_get_path (OflJournal *self);
void ofl_journal_write (OflJournal *self, const char *event, ...) G_GNUC_NULL_TERMINATED;
void ofl_journal_command (OflJournal *self, guint step, gint64 time_us, const OflCommand *command,
                          const OflReply *reply);
/* Everything written so far is on the disk when this returns %TRUE. */
gboolean ofl_journal_sync (OflJournal *self, GError **error);

/**
 * OflUnfinished:
 * @path: the journal file
 * @drive: name of the drive
 * @drive_id: node it was on
 * @serial: its serial, or ""
 * @image: what was to be written
 * @image_sha256: hash of that image
 * @backup_path: the backup that belongs to it, or ""
 * @began: when, ISO 8601
 * @danger: the write had passed the point of no return
 *
 * A job that has begun and never ended: a crash or a power cut.
 */
typedef struct {
  char *path;
  char *drive;
  char *drive_id;
  char *serial;
  char *image;
  char *image_sha256;
  char *backup_path;
  char *began;
  gboolean danger;
} OflUnfinished;

void ofl_unfinished_free (OflUnfinished *self);
char *ofl_unfinished_describe (const OflUnfinished *self);
char *ofl_journal_default_dir (void);
/* (transfer full) (element-type OflUnfinished): blocks briefly on files; never on a drive. */
GPtrArray *ofl_journal_find_unfinished (const char *state_dir);
/* The user has seen it. */
gboolean ofl_journal_dismiss (const char *path, GError **error);

G_END_DECLS
