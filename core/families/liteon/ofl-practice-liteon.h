/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things lie in an image of a straight Lite-On DVD writer (liteon 3.1, 3.2,
 * 3.4). Only what says so has a fixed place; the rest is where practice images have
 * it. */
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

void ofl_practice_liteon_fill_eeprom (OflPracticeDrive *drive, guint8 *eeprom);

G_END_DECLS
