/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HL-DT-ST Renesas practice drive and its images (renesas 3.1, 2). */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

#define RENESAS_CHUNK 0x8000u

/* An image: a header, of which the first 48 hex bytes are used, and the code */
#define RENESAS_HEADER_SIZE 0x400u
#define RENESAS_HEADER_USED 0x48u
#define RENESAS_SUM 0x00u
#define RENESAS_DEVICE 0x10u
#define RENESAS_KIND 0x18u
#define RENESAS_REV_LVL 0x20u
#define RENESAS_REVISION 0x28u
#define RENESAS_ROM_REV 0x30u
#define RENESAS_LOAD 0x40u
#define RENESAS_SIZE 0x44u
/* In the code of a MAIN: load address and size once more, and its first bytes at its end */
#define RENESAS_SECOND_LOAD 0x4a0u
#define RENESAS_SECOND_SIZE 0x4a4u
#define RENESAS_TAIL_SIZE 16u

/* Where the practice drive has its two images: the header, and behind it the code. The places are
 * our own. */
#define RENESAS_FLASH_SIZE 0x100000u
#define RENESAS_CORE 0x10000u
#define RENESAS_MAIN 0x40000u

#define GMA4082N_VENDOR "HL-DT-ST"
#define GMA4082N_PRODUCT "DVDRAM GMA-4082N"
#define GMA4082N_DEVICE "GMA4082N"

typedef enum {
  RENESAS_IMAGE_NONE,
  RENESAS_IMAGE_CORE,
  RENESAS_IMAGE_MAIN,
} RenesasImage;

/* ofl-practice-renesas-image.c */
GBytes *ofl_practice_renesas_image (const OflPracticeEntry *entry, const char *revision,
                                    const char *variant);
RenesasImage ofl_practice_renesas_kind (const guint8 *header);
gboolean ofl_practice_renesas_check (const guint8 *image, gsize size);
void ofl_practice_renesas_to_memory (guint8 *header);

G_END_DECLS
