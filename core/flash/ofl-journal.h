/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-snapshot.h"
#include "plan/ofl-verdict.h"
#include "scsi/ofl-reply.h"

G_BEGIN_DECLS

/* A job's flight recorder: one JSON object a line, in English, append-only but for its first line.
 * Used by one thread. */
typedef struct _OflJournal OflJournal;

/* @code: the system's error number. */
typedef void (*OflJournalBrokenFunc) (int code, gpointer data);

OflJournal *ofl_journal_open (const char *state_dir, GError **error);
gboolean ofl_journal_check (const char *state_dir, GError **error);
gboolean ofl_journal_check_room (const char *state_dir, guint64 taken, GError **error);
void ofl_journal_close (OflJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflJournal, ofl_journal_close)

const char *ofl_journal_get_path (OflJournal *self);
gboolean ofl_journal_is_of_process (const char *path, guint pid);
void ofl_journal_set_broken_func (OflJournal *self, OflJournalBrokenFunc func, gpointer data);
int ofl_journal_get_broken (OflJournal *self);
void ofl_journal_write (OflJournal *self, const char *event, ...) G_GNUC_NULL_TERMINATED;
void ofl_journal_command (OflJournal *self, guint step, gint64 time_us, const OflCommand *command,
                          const OflReply *reply);
/* Everything written so far is on the disk when this returns %TRUE. */
void ofl_journal_flush (OflJournal *self);
gboolean ofl_journal_sync (OflJournal *self, GError **error);
gboolean ofl_journal_end (OflJournal *self, const char *verdict, const char *what,
                          const char *proof, const char *technical);

/**
 * OflUnfinishedStage:
 * @OFL_UNFINISHED_READING: the write had not begun; the drive was looked at, or its backup read
 * @OFL_UNFINISHED_BEGUN: the write had begun, the point of no return was not reached
 * @OFL_UNFINISHED_DANGER: the write had passed the point of no return
 * @OFL_UNFINISHED_WRITTEN: the drive had taken everything and was safe again; what it holds now
 *   nobody had looked at
 *
 * How far a job had come that never ended.
 */
typedef enum {
  OFL_UNFINISHED_READING,
  OFL_UNFINISHED_BEGUN,
  OFL_UNFINISHED_DANGER,
  OFL_UNFINISHED_WRITTEN,
} OflUnfinishedStage;

/**
 * OflUnfinished:
 * @path: the journal file
 * @drive: name of the drive
 * @drive_id: node it was on
 * @serial: its serial, or ""
 * @image: what was to be written, with its revision where that is known
 * @family: id of the drive's family, or ""
 * @revision: of the drive before, or ""
 * @image_sha256: hash of that image, or ""
 * @image_revision: the revision that it brings, or ""
 * @image_file: where it was read from, for g_file_parse_name(), or ""
 * @image_with: a second file that belongs to it, likewise, or ""
 * @backup_path: the backup that belongs to it, or ""
 * @backup_there: whether that was there when the journal was read
 * @began: when, ISO 8601, or ""
 * @stage: how far it had come
 * @by_other: the maker's own program was to write
 * @damaged: lines of the journal that could not be read
 *
 * A job that was to write, has begun and never ended: a crash or a power cut.
 */
typedef struct {
  char *path;
  char *drive;
  char *drive_id;
  char *serial;
  char *image;
  char *family;
  char *revision;
  char *image_sha256;
  char *image_revision;
  char *image_file;
  char *image_with;
  char *backup_path;
  gboolean backup_there;
  char *began;
  OflUnfinishedStage stage;
  gboolean by_other;
  guint damaged;
} OflUnfinished;

void ofl_unfinished_free (OflUnfinished *self);
const char *ofl_unfinished_stage_id (OflUnfinishedStage stage);
char *ofl_unfinished_describe (const OflUnfinished *self);
gboolean ofl_unfinished_is_of (const OflUnfinished *self, const OflIdentity *identity,
                               const char *drive_id);
char *ofl_journal_dir (const char *state_dir);
/* (transfer full) (element-type OflUnfinished): blocks briefly on files; never on a drive. */
GPtrArray *ofl_journal_find_unfinished (const char *state_dir);
/* The user has seen it. */
gboolean ofl_journal_dismiss (const char *path, GError **error);
guint ofl_journal_close_earlier (const char *state_dir, const OflIdentity *identity,
                                 const char *drive_id, const char *by);

G_END_DECLS
