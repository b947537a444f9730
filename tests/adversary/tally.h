/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found wrong, counted by kind. */
#pragma once

#include "flash/ofl-result.h"

G_BEGIN_DECLS

typedef enum {
  WRONG_SUCCESS,   /* "verified" or "confirmed", and the flash holds something else */
  WRONG_UNCHANGED, /* "unchanged", and it has changed */
  WRONG_IDENTICAL, /* "identical", and it is not */
  WRONG_UNTOUCHED, /* cancelled, refused or failed untouched, and it has changed */
  WRONG_BACKUP,    /* another one than a fault-free one, or none without consent */
  WRONG_RECOVERY,  /* not mended although the facts allow it */
  WRONG_ORDER,     /* the drive was changed before the journal, or the backup, said so */
  WRONG_BAR,       /* 100 % without a success */
  WRONG_GIVEN_UP,  /* nothing but slow, watched to the end, and no success */
  WRONG_JOURNAL,   /* damage to an unfinished job's journal changes what is said of the job */
  WRONG_WORDS,     /* a sentence that claims more than is known, or is missing */
  N_WRONGS,
} Wrong;

typedef struct {
  guint jobs;
  guint kills;
  guint spoilt; /* journals of killed jobs */
  guint busy;   /* jobs that ended while the chip was burning */
  guint journal_lines;
  guint backups;
  guint wrong[N_WRONGS];
  guint verdicts[32];
} Tally;

void tally_count (Tally *self, Wrong wrong, const char *format, ...) G_GNUC_PRINTF (3, 4);
void tally_print (const Tally *self, const char *id, guint from, guint to, double seconds);
guint tally_sum (const Tally *self);

G_END_DECLS
