/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with journals in it, as a job writes them or as a test does. */
#pragma once

#include "flash/ofl-journal.h"

G_BEGIN_DECLS

#define JOB \
  "{\"event\":\"job\",\"kind\":\"flash\",\"at\":\"2026-11-26T11:20:04.124977Z\"," \
  "\"drive\":\"HL-DT-ST BD-RE BU40N\",\"drive_id\":\"/dev/sr0\",\"serial\":\"K9\"," \
  "\"image\":\"HL-DT-ST BD-RE BU40N 1.03\"}\n"
#define BACKUP "{\"event\":\"backup\",\"path\":\"/b/flash.bin\"}\n"
#define BEGINS "{\"event\":\"write-begins\"}\n"
#define DANGER "{\"event\":\"point-of-no-return\"}\n"
#define SAFE "{\"event\":\"safe-again\"}\n"
#define END "{\"event\":\"end\",\"verdict\":\"verified\"}\n"

typedef struct {
  char *dir;
  char *journals;
} JournalFolder;

void journal_folder_up (JournalFolder *f, gconstpointer data);
void journal_folder_down (JournalFolder *f, gconstpointer data);

/* The path of the file that is put there */
char *journal_put (JournalFolder *f, const char *name, const char *content, gssize length);
/* The one unfinished job there must be; it lives as long as @found. */
const OflUnfinished *journal_find_one (JournalFolder *f, GPtrArray **found);
void journal_assert_none (JournalFolder *f);
/* Every line is an object with an event, as everybody who reads journals may rely on; how many. */
guint journal_assert_all_json (const char *path);
/* All that stands before a write's point of no return */
void journal_write_job (OflJournal *journal);

G_END_DECLS
