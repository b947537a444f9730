/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things lie in the flash of an MT1959 drive (mt1959 3.1, 3.3), and what the parts of the
 * practice drive share. For the device side of this room only. */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

#define MT1959_SIZE 0x200000u
#define MT1959_CHUNK 0x4000u

#define MT1959_BOOT_PAGE_SIZE 0x400u
#define MT1959_BANNER 0x3000u
#define MT1959_BANNER_SIZE 0x20u
#define MT1959_BANNER_ID_SIZE 0x10u
#define MT1959_MAIN 0x10000u
#define MT1959_TABLE 0x10400u
#define MT1959_TABLE_ENTRY 0x1cu
#define MT1959_TABLE_ENTRIES 16u
#define MT1959_KEY 0x10ff0u
#define MT1959_KEY_COPY 0x1ff000u
#define MT1959_KEY_SIZE 16u

/* Written by the drive while it is in use */
#define MT1959_UNIT 0x1d8000u
#define MT1959_UHD_LIST 0x1d8000u
#define MT1959_BD_LIST 0x1e0000u
#define MT1959_NVRAM 0x1e8000u
#define MT1959_UNIT_END 0x1ec000u

#define MT1959_CALIBRATION 0x1f0000u

/* The descriptor (mt1959 3.3), offsets in it */
#define MT1959_DESCRIPTOR 0x1ec000u
#define MT1959_DESCRIPTOR_SIZE 0x100u
#define MT1959_VENDOR 0x00u
#define MT1959_PRODUCT 0x08u
#define MT1959_PRODUCT_SIZE 16u
#define MT1959_REVISION 0x18u
#define MT1959_SKU 0x1cu
#define MT1959_SKU_SIZE 8u
#define MT1959_UNIQUE 0x24u
#define MT1959_DATE 0x2au
#define MT1959_DATE_SIZE 10u
#define MT1959_TAG 0x34u
#define MT1959_TAG_TEXT "MTEKMT1959"
#define MT1959_SVC 0x4cu
#define MT1959_SVC_SIZE 4u
#define MT1959_DE 0x56u
#define MT1959_DE_TEXT "DE"

/* Our own: where the code of a practice image keeps the board string that it shows at 3000. */
#define MT1959_SHOWN 0x10fd0u

/**
 * Mt1959Model:
 * @board: the board string at 3000, 16 characters
 * @vendor: 8 characters
 * @product: 16 characters
 * @sku: 8 characters
 * @svc: the SVC code, 4 characters
 * @interface: core feature: 2 ATAPI, 7 serial ATAPI, 8 USB
 *
 * A product as its maker sells it; the @data of its #OflPracticeEntry.
 */
typedef struct {
  const char *board;
  const char *vendor;
  const char *product;
  const char *sku;
  const char *svc;
  guint8 interface;
} Mt1959Model;

typedef enum {
  RECEIVER_IDLE,
  RECEIVER_RECEIVING,
  RECEIVER_BURNING,
  RECEIVER_DONE, /* an image came, and the receiver still answers TEST UNIT READY */
} Mt1959Receiver;

/* Boards of one group take each other's images (mt1959 1.4). */
typedef enum {
  GROUP_NONE,
  GROUP_OLD_SLIM,
  GROUP_SLIM,
  GROUP_HALF_HEIGHT,
} Mt1959Group;

#define OFL_TYPE_PRACTICE_MT1959 (ofl_practice_mt1959_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeMt1959, ofl_practice_mt1959, OFL, PRACTICE_MT1959,
                      OflPracticeDrive)

struct _OflPracticeMt1959 {
  OflPracticeDrive parent_instance;

  gboolean boot_enc;
  guint banner;
  gboolean boot_mode;
  gboolean unfit; /* the firmware is not for this board: no disc can be read */
  Mt1959Receiver receiver;
  guint32 next;        /* offset of the chunk that must come */
  guint8 *staging;     /* what has arrived */
  gboolean commit_due; /* a burn began and its trailer has not come */
  gint64 now_us, burn_began_us, burn_ends_us;
};

extern const Mt1959Model ofl_practice_mt1959_bu40n;
extern const Mt1959Model ofl_practice_mt1959_wh16ns60;
extern const Mt1959Model ofl_practice_mt1959_bp60nb10;
extern const Mt1959Model ofl_practice_mt1959_bp60nb12;

/* ofl-practice-mt1959.c */
const guint8 *ofl_practice_mt1959_flash (OflPracticeMt1959 *self);
const guint8 *ofl_practice_mt1959_shown (OflPracticeMt1959 *self);

/* ofl-practice-mt1959-receiver.c */
Mt1959Group ofl_practice_mt1959_group (const guint8 *board);
void ofl_practice_mt1959_forget (OflPracticeMt1959 *self);
void ofl_practice_mt1959_write (OflPracticeMt1959 *self, gint64 now_us,
                                const OflPracticeRequest *request, OflPracticeAnswer *answer);

/* ofl-practice-mt1959-image.c */
GBytes *ofl_practice_mt1959_image (const OflPracticeEntry *entry, const char *revision,
                                   const char *variant);
void ofl_practice_mt1959_put_marks (const OflPracticeEntry *entry, OflPracticeChip *chip);

G_END_DECLS
