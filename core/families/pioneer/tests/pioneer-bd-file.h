/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and drives of BD writers made by the tests' own code, from pioneer 2.7, 3.6 and 3.7: the files
 * are signed with a key that the test makes. */
#pragma once

#include "pioneer-specimen.h"

G_BEGIN_DECLS

#define PIONEER_BD_LENGTH 0x28000 /* of the firmware of a specimen */
#define PIONEER_BD_DESCRIPTOR "PIONEER BDR-S09 "

/* What a file is; where all are 0, a good one. */
typedef struct {
  PioneerHeader header;
  gsize length;      /* of the plain part; 0: PIONEER_BD_LENGTH */
  gsize states;      /* what it says of its length; 0: the truth */
  gboolean key_late; /* the key stands at 10200 */
  gboolean words;    /* only what stands from 10200 on is signed */
  guint32 off;       /* added to a word, so that the sum is that */
} PioneerBdFile;

#define PIONEER_BD_HEADER(type) \
  { \
    "PIONEER BD-RW   BDR-S09 ", "1.50", "SAT 8600", "ID43    ", type \
  }
#define PIONEER_BD_DRIVE(revision) \
  { \
    "PIONEER", "BD-RW   BDR-S09", revision, "16/04/25", "SAT 8600", "ID43    " \
  }

/* The plain part. */
guint8 *pioneer_bd_firmware (gsize length, gsize states, guint32 off, guint32 seed);
guint8 *pioneer_bd_file (const PioneerBdFile *file, gsize *length);
/* Signs @data again, as @words says. */
void pioneer_bd_sign (guint8 *data, gsize length, gboolean words);
OflImage *pioneer_bd_image (const PioneerBdFile *file);

/* How a drive shows its memory. */
typedef struct {
  PioneerDrive who;
  const guint8 *memory; /* from 400000 on */
  gsize length;
  guint shorts;     /* so many reads come short */
  gboolean refuses; /* every read of memory */
  guint changes_at; /* that read shows another descriptor; 0: none */
  gboolean knocked; /* from here on: what the answer keeps */
  guint reads;
  GString *trace; /* (nullable): every command in hex, a line each */
} PioneerBdDrive;

OflSnapshot *pioneer_bd_drive (PioneerBdDrive *drive);
/* Kernel and firmware, end to end, both with the sum 0. */
guint8 *pioneer_bd_memory (gsize firmware_length, guint32 seed);

G_END_DECLS
