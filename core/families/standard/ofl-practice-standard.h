/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

/*
 * The image of the standard practice drive, a format of our own:
 *
 *   000 +16  magic "OFLPRACTICE-SPC" and a NUL
 *   010 +4   size of the whole, big-endian; 10000 hex
 *   020 +8   vendor, as in INQUIRY
 *   028 +16  product
 *   038 +4   revision
 *   040      code, of no meaning
 *   end-2    16-bit sum of all bytes before it, big-endian
 */
#define STANDARD_SIZE 0x10000u
#define STANDARD_MAGIC "OFLPRACTICE-SPC"
#define STANDARD_MAGIC_SIZE 16u
#define STANDARD_LENGTH 0x10u
#define STANDARD_VENDOR 0x20u
#define STANDARD_PRODUCT 0x28u
#define STANDARD_REVISION 0x38u
#define STANDARD_BODY 0x40u

#define STANDARD_VENDOR_NAME "OPTIFLSH"
#define STANDARD_PRODUCT_NAME "PRACTICE STD    "

/* ofl-practice-standard-image.c */
GBytes *ofl_practice_standard_image (const OflPracticeEntry *entry, const char *revision,
                                     const char *variant);
gboolean ofl_practice_standard_check (const guint8 *image, gsize size);

G_END_DECLS
