/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with stored backups in it, written by the test and not by the program. */
#pragma once

#include "flash/ofl-stored-backup.h"

G_BEGIN_DECLS

#define SERIAL "K9ABC"
#define MARK "CHIP / Board 5"

/* What a manifest says of the drive; what a test does not set is as above. */
typedef struct {
  const char *format;
  const char *made;
  const char *serial;
  const char *mark;
  const char *where;
  const char *more; /* further members, each with a comma behind it */
} Manifest;

typedef struct {
  char *dir;
} BackupFolder;

void backup_folder_up (BackupFolder *f, gconstpointer data);
void backup_folder_down (BackupFolder *f, gconstpointer data);

/* "flash.bin" and "unit.bin" with a manifest, in the folder @name; returns the folder */
char *backup_put (BackupFolder *f, const char *name, const Manifest *manifest);
/* A folder with this text for a manifest; NULL for none */
char *backup_put_text (BackupFolder *f, const char *name, const char *text);
char *backup_path (const char *folder, const char *name);
void backup_flip (const char *folder, const char *name, gsize at);

OflSnapshot *backup_drive (const char *serial, const char *mark);

G_END_DECLS
