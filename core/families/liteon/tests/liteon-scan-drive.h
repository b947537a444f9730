/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Lite-On that counts errors, for the tests of that: a script of the tests' own. liteon 7.4 */
#pragma once

#include "doctor/ofl-doctor.h"

G_BEGIN_DECLS

#define DVD_ROM 0x10
#define CD_ROM 0x08

#define NEW_BEGIN "seek f30e "
#define OLD_BEGIN "dfa3 dfa0.2 dfa0.0 dfa0.4 dfa0.2 "
#define OLD_INTERVAL "df8209 df8205 df97 "
#define OLD_END "dfa301 "

typedef struct {
  guint16 profile;
  guint32 blocks;
  gboolean knows_new, knows_old;
  guint32 first_at, step; /* positions of F3 0E's answers */
  guint first, second, uncorrected;
  guint bad_from, bad_end, bad; /* intervals, from 1, with another first count */
  guint stands_at;              /* interval from which the position stays; 0: none */
  guint fails_at;               /* interval whose first command fails with @outcome */
  OflOutcome outcome;
  guint8 key, asc, ascq; /* of its sense; 0: 03/11/00 */
  int os_error;
  guint8 status;
  guint8 ask_fails;   /* a question of the standard's that fails so, 0: none */
  guint short_at;     /* interval whose answer is short */
  gint backwards_at;  /* interval whose position is 0 again */
  guint cancel_at;    /* interval after which somebody wants no more */
  guint8 begin_fails; /* byte 4 of the DF A0 that is refused, 0xff: none */
  gboolean end_fails;
  OflReadExtent extent; /* of the doctor's own reading */
  gboolean reads;       /* READ(10) is answered, but for those from @read_fails on */
  guint read_fails,
      read_works; /* numbers, from 1; the first that fails like @fails_at, and that not */
  struct {
    guint from, end; /* likewise */
    OflOutcome outcome;
    guint8 key, asc;
    int os_error;
  } other;                       /* READ(10) that fail otherwise */
  void (*watch) (gpointer data); /* called at each command of the maker's */
  gpointer watch_data;
  OflTally *tally;
  /* what became of it */
  guint intervals, n_reads;
  GString *sent;
  GCancellable *cancellable;
} ScanDrive;

#define CD \
  { \
    .profile = CD_ROM, .blocks = 3001, .begin_fails = 0xff, .extent = OFL_READ_NOTHING \
  }
#define OLD_CD \
  { \
    .profile = CD_ROM, .blocks = 3001, .knows_old = TRUE, .begin_fails = 0xff, \
    .extent = OFL_READ_NOTHING, .first = 100, .second = 2 \
  }
#define DVD \
  { \
    .profile = DVD_ROM, .blocks = 2561, .knows_new = TRUE, .first_at = 128, .step = 128, \
    .begin_fails = 0xff, .extent = OFL_READ_NOTHING, .first = 280, .second = 3 \
  }

OflExamination *scan_drive_examine (ScanDrive *self);
OflExamination *scan_drive_examine_product (ScanDrive *self, const char *product);
void scan_drive_done (ScanDrive *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScanDrive, scan_drive_done)

/* The finding "errors" at @n, from 0. */
const OflFinding *scan_finding (const OflExamination *found, guint n);
void scan_assert_finding (const OflExamination *found, guint n, OflFindingLevel level,
                          const char *says);
char *scan_repeat (const char *begin, const char *what, guint n, const char *end);

G_END_DECLS
