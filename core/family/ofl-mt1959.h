/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MediaTek MT1959 and MT1939 on boards of LG, ASUS, HP: the layout of their flash, and what the
 * parts of this family share. protocols.md 3.3, annex-containers.md 9. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_MT1959_SIZE 0x200000
#define OFL_MT1959_CHUNK 0x4000      /* one STREAM command */
#define OFL_MT1959_BOOT_PAGE_LEN 0x400
#define OFL_MT1959_BANNER_AT 0x3000
#define OFL_MT1959_BANNER_LEN 0x20   /* more than these are refused there by some drives */
#define OFL_MT1959_BANNER_ID_LEN 16  /* the part of it that names the board */
#define OFL_MT1959_CODE_AT 0x10000   /* reads of the boot page return this page */
#define OFL_MT1959_DESCRIPTOR_AT 0x1ec000
#define OFL_MT1959_DESCRIPTOR_LEN 0x100
#define OFL_MT1959_CHIP_AT 0x34      /* in the descriptor */
#define OFL_MT1959_CHIP_LEN 10
#define OFL_MT1959_UNIT_AT 0x1f0000  /* this very drive's calibration */
#define OFL_MT1959_UNIT_LEN 0x10000

/* Times of one command that moves a chunk, or little; the bus takes below 2 % of a flash
 * (peers.md E). */
#define OFL_MT1959_CHUNK_MS 5
#define OFL_MT1959_COMMAND_MS 20

/* Blobs of a drive's snapshot */
#define OFL_MT1959_BLOB_BANNER "banner"
#define OFL_MT1959_BLOB_DESCRIPTOR "descriptor"
#define OFL_MT1959_BLOB_PAGE "page10000"

/* A stretch of the flash: first byte, and the one after the last. */
typedef struct {
  guint32 start;
  guint32 end;
} OflMt1959Range;

char *ofl_mt1959_banner (const guint8 *data, gsize length);
char *ofl_mt1959_chip (const guint8 *descriptor, gsize length);
char *ofl_mt1959_mark (const char *chip, const char *banner);

void ofl_mt1959_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
gboolean ofl_mt1959_is_raw_dump (const OflImage *image);
char *ofl_mt1959_image_revision (const OflSnapshot *drive, const OflImage *image);
void ofl_mt1959_cmac (const guint8 *data, gsize length, guint8 stored[16]);
void ofl_mt1959_check_table (OflImage *image, const guint8 *data);
GBytes *ofl_mt1959_encrypt (GBytes *plain);
GArray *ofl_mt1959_verify_ranges (const OflImage *image, gboolean boot_area_kept);

void ofl_mt1959_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                       const OflChoices *choices, OflJudgement *judgement);
OflCommand ofl_mt1959_read_flash (guint32 offset, guint32 length);
guint32 ofl_mt1959_next_read (const OflFamily *self, guint32 at, guint32 end);
OflPlan *ofl_mt1959_plan_read (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
OflPlan *ofl_mt1959_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                const OflImage *image, const OflChoices *choices, GError **error);
guint64 ofl_mt1959_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                                 const OflChoices *choices, guint64 *compared);

G_END_DECLS
