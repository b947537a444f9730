/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things lie in an image of a straight Lite-On DVD writer (liteon 3.1, 3.2,
 * 3.4). Only what says so has a fixed place; the rest is where practice images have
 * it. And where a scan stands (liteon 7.4). */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

#define LITEON_SIZE 0x100000u
#define LITEON_BANK 0x10000u
#define LITEON_BANK_BYTE 0x02    /* fixed: the first byte of each bank */
#define LITEON_BOOT_SIZE 0x4000u /* fixed */

#define LITEON_EEPROM_SIZE 0x400u /* fixed: liteon 7.2 */

#define LITEON_VENDOR "LITE-ON"
#define LITEON_PRODUCT "DVDRW SOHW-812S"
#define LITEON_REVISION "US0N"
#define LITEON_STAMP_SIZE 16u
#define LITEON_HEADER_SIZE 8u

/* 05 80 00 32, additional length of an INQUIRY of 96 bytes, and zeros */
extern const guint8 ofl_practice_liteon_header[LITEON_HEADER_SIZE];

GBytes *ofl_practice_liteon_image (const OflPracticeEntry *entry, const char *revision,
                                   const char *variant);
void ofl_practice_liteon_put_stamp (guint8 *field, const char *revision);

void ofl_practice_liteon_fill_eeprom (OflPracticeDrive *drive, guint8 *eeprom);

/**
 * OflPracticeLiteonKind:
 * @OFL_PRACTICE_LITEON_NO_SCAN: none goes on
 * @OFL_PRACTICE_LITEON_CD: of a CD, the old way
 * @OFL_PRACTICE_LITEON_DVD: of a DVD
 *
 * Which scan goes on.
 */
typedef enum {
  OFL_PRACTICE_LITEON_NO_SCAN,
  OFL_PRACTICE_LITEON_CD,
  OFL_PRACTICE_LITEON_DVD,
} OflPracticeLiteonKind;

/**
 * OflPracticeLiteonState:
 * @OFL_PRACTICE_LITEON_WAITS: to measure an interval
 * @OFL_PRACTICE_LITEON_MEASURED: to be asked for it
 * @OFL_PRACTICE_LITEON_TOLD: to be reset
 *
 * Where an interval of the old way stands.
 */
typedef enum {
  OFL_PRACTICE_LITEON_WAITS,
  OFL_PRACTICE_LITEON_MEASURED,
  OFL_PRACTICE_LITEON_TOLD,
} OflPracticeLiteonState;

/**
 * OflPracticeLiteonScan:
 * @kind: which scan goes on
 * @n_discs: the disc, by how many came and went before
 * @step: how much of the begin has come; of a DVD how many questions
 * @state: of a CD
 * @next: the block that is measured next
 * @errors: of the last interval
 *
 * Where a scan stands.
 */
typedef struct {
  OflPracticeLiteonKind kind;
  guint n_discs;
  guint step;
  OflPracticeLiteonState state;
  guint32 next;
  OflPracticeErrors errors;
} OflPracticeLiteonScan;

void ofl_practice_liteon_forget_scan (OflPracticeLiteonScan *scan);
gboolean ofl_practice_liteon_is_scan (const OflPracticeRequest *request);
gboolean ofl_practice_liteon_scan (OflPracticeDrive *drive, OflPracticeLiteonScan *scan,
                                   const OflPracticeRequest *request, OflPracticeAnswer *answer);

G_END_DECLS
