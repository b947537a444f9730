/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups that are stored already, as their manifests tell of them. */
#pragma once

#include "drive/ofl-snapshot.h"
#include "firmware/ofl-hashes.h"
#include "flash/ofl-backup-place.h"

G_BEGIN_DECLS

/* The manifest of a backup that has a folder of its own */
#define OFL_BACKUP_MANIFEST "manifest.json"
/* What the files of a backup end in */
#define OFL_BACKUP_PART_END ".bin"
/* What those of evidence begin with */
#define OFL_BACKUP_EVIDENCE_PART "evidence-"
/* Folders among the backups that hold backups themselves */
#define OFL_BACKUP_EVIDENCE_DIR "evidence"
#define OFL_BACKUP_PRACTICE_DIR "practice"

/* What "format" says in a manifest */
#define OFL_BACKUP_FORMAT "optiflash-backup-1"
#define OFL_BACKUP_FORMAT_EVIDENCE "optiflash-evidence-1"

/* What "verified" says: nothing else is ever stored. */
#define OFL_BACKUP_READ_TWICE "read twice, both reads equal"

/* A stretch of a part's bytes that came from the drive as they are; in bytes. */
typedef struct {
  guint64 start;
  guint64 bytes;
} OflStoredRange;

/**
 * OflStoredPart:
 * @name: what was read, as the family's plan calls it
 * @firmware: it is firmware; what is not belongs to this very drive
 * @kind_told: @firmware stands in the manifest; older ones do not tell it
 * @file: name of its file, beside the manifest
 * @warning: why it is to be taken with care, in English, to be shown through _(); empty when the way
 *   in which it was read is proven
 * @bytes: how many were read
 * @hashes: of the bytes as read
 * @ranges: (element-type OflStoredRange): which of them the drive sent; empty where it is not told
 */
typedef struct {
  char *name;
  gboolean firmware;
  gboolean kind_told;
  char *file;
  char *warning;
  guint64 bytes;
  OflHashes hashes;
  GArray *ranges;
} OflStoredPart;

/**
 * OflStoredBackup:
 * @name: its folder's name, or its main file's where it has no folder of its own
 * @manifest_path: its manifest, which may be missing
 * @path: the main file; %NULL when @unreadable
 * @own_folder: it has a folder of its own
 * @unreadable: (nullable): why nothing can be told of it, a sentence in English, to be shown through
 *   _(); then what follows is empty
 * @evidence: it was read from a damaged flash: no backup, and never written
 * @damage: of evidence, what was damaged, in English
 * @practice: the drive exists only in this program
 * @made: when, UTC
 * @made_text: the same as it stands in the manifest, ISO 8601
 * @vendor: what the drive said of itself, as are the next four; "" for what it did not say
 * @product: model
 * @revision: of the firmware
 * @serial: of the drive
 * @firmware_date: of the firmware
 * @family: id of the drive's family
 * @mark: what was read from its hardware
 * @where: where the drive was plugged in, in English
 * @verified: how it is known that what was read is what the drive holds, in English
 * @program: version of the program; "" in older ones
 * @parts: (element-type OflStoredPart): at least one; the first is the main one
 *
 * A backup on the disk.
 */
typedef struct {
  char *name;
  char *manifest_path;
  char *path;
  gboolean own_folder;
  const char *unreadable;
  gboolean evidence;
  char *damage;
  gboolean practice;
  GDateTime *made;
  char *made_text;
  char *vendor;
  char *product;
  char *revision;
  char *serial;
  char *firmware_date;
  char *family;
  char *mark;
  char *where;
  char *verified;
  char *program;
  GPtrArray *parts;
} OflStoredBackup;

/**
 * OflBackupOwner:
 * @OFL_BACKUP_OWNER_SAME: made of this very drive: serial, and hardware mark where there is one
 * @OFL_BACKUP_OWNER_UNTOLD: nothing speaks against it, and no serial for it
 * @OFL_BACKUP_OWNER_OTHER_SERIAL: made of a drive with another serial
 * @OFL_BACKUP_OWNER_OTHER_MARK: made of other hardware
 * @OFL_BACKUP_OWNER_OTHER_FAMILY: made of a drive of another family
 *
 * Whose a backup is, seen from a drive.
 */
typedef enum {
  OFL_BACKUP_OWNER_SAME,
  OFL_BACKUP_OWNER_UNTOLD,
  OFL_BACKUP_OWNER_OTHER_SERIAL,
  OFL_BACKUP_OWNER_OTHER_MARK,
  OFL_BACKUP_OWNER_OTHER_FAMILY,
} OflBackupOwner;

/* All of these block: they read files. */
OflStoredBackup *ofl_stored_backup_load (const char *manifest_path);
OflStoredBackup *ofl_stored_backup_open (const char *path);
void ofl_stored_backup_free (OflStoredBackup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflStoredBackup, ofl_stored_backup_free)
GPtrArray *ofl_stored_backup_list (const char *dir, GError **error);

const OflStoredPart *ofl_stored_backup_get_part (const OflStoredBackup *self, guint index);
gboolean ofl_stored_backup_is_only (const OflStoredBackup *self, const GPtrArray *all);
OflBackupOwner ofl_stored_backup_owner (const OflStoredBackup *self, const OflSnapshot *drive);

/* In words (ofl-stored-backup-words.c). */
char *ofl_stored_backup_say_owner (const OflStoredBackup *self, const OflSnapshot *drive);
char *ofl_stored_backup_why_never (const OflStoredBackup *self, const OflSnapshot *drive,
                                   gboolean practice, const char **next);
const char *ofl_stored_backup_say_evidence (void);

/* By the journals (ofl-stored-backup-needed.c). */
const char *ofl_stored_backup_why_needed (const OflStoredBackup *self, const char *state_dir);

/* What is done with the files (ofl-stored-backup-files.c). */
GBytes *ofl_stored_backup_read (const OflStoredBackup *self, guint index, GError **error);
gboolean ofl_stored_backup_verify (const OflStoredBackup *self, GError **error);
char *ofl_stored_backup_export (const OflStoredBackup *self, const OflBackupPlace *to,
                                GError **error);
gboolean ofl_stored_backup_is_part_file (const char *file);
gboolean ofl_stored_backup_may_delete (const OflStoredBackup *self, const char *dir,
                                       GError **error);
gboolean ofl_stored_backup_delete (const OflStoredBackup *self, const char *dir,
                                   const char *state_dir, gboolean *folder_stays, GError **error);

G_END_DECLS
