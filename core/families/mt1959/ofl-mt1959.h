/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MediaTek MT1959 and MT1939 on boards of LG, ASUS, HP: the layout of their flash, and what the
 * parts of this family share. mt1959 3.1, 3.2. */
#pragma once

#include "family/ofl-family.h"

G_BEGIN_DECLS

#define OFL_MT1959_SIZE 0x200000
#define OFL_MT1959_CHUNK 0x4000 /* one STREAM command */
#define OFL_MT1959_BOOT_PAGE_LEN 0x400
#define OFL_MT1959_BANNER_AT 0x3000
#define OFL_MT1959_BANNER_LEN 0x20  /* more than these are refused there by some drives */
#define OFL_MT1959_BANNER_ID_LEN 16 /* the part of it that names the board */
#define OFL_MT1959_CODE_AT 0x10000  /* reads of the boot page return this page */
#define OFL_MT1959_DESCRIPTOR_AT 0x1ec000
#define OFL_MT1959_DESCRIPTOR_LEN 0x100
/* in the descriptor (mt1959 3.3) */
#define OFL_MT1959_VENDOR_AT 0x00
#define OFL_MT1959_VENDOR_LEN 8
#define OFL_MT1959_MODEL_AT 0x08
#define OFL_MT1959_MODEL_LEN 16
#define OFL_MT1959_REVISION_AT 0x18
#define OFL_MT1959_REVISION_LEN 4
#define OFL_MT1959_SKU_AT 0x1c
#define OFL_MT1959_SKU_LEN 8
#define OFL_MT1959_DATE_AT 0x2a
#define OFL_MT1959_DATE_LEN 10
#define OFL_MT1959_CHIP_AT 0x34
#define OFL_MT1959_CHIP_LEN 10
#define OFL_MT1959_SVC_AT 0x4c
#define OFL_MT1959_SVC_LEN 4
#define OFL_MT1959_DOWNGRADE_AT 0x56
#define OFL_MT1959_UNIT_AT 0x1f0000 /* this very drive's calibration */
#define OFL_MT1959_UNIT_LEN 0x10000
#define OFL_MT1959_TABLE_ENTRIES 16

/* Times of one command that moves a chunk, or little; the bus takes below 2 % of a flash
 * (mt1959 4). */
#define OFL_MT1959_CHUNK_MS 5
#define OFL_MT1959_COMMAND_MS 20

/* Blobs of a drive's snapshot */
#define OFL_MT1959_BLOB_BANNER "banner"
#define OFL_MT1959_BLOB_DESCRIPTOR "descriptor"
#define OFL_MT1959_BLOB_SVC "svc"
#define OFL_MT1959_BLOB_PAGE "page10000"

/* A stretch of the flash: first byte, and the one after the last. */
typedef struct {
  guint32 start;
  guint32 end;
} OflMt1959Range;

/* Why the file is sent in its form (mt1959 3.4). */
typedef enum {
  OFL_MT1959_WHY_OLD,     /* the running firmware is of before 2020: plain */
  OFL_MT1959_WHY_MARKED,  /* newer, and changed for MakeMKV: plain */
  OFL_MT1959_WHY_NEW,     /* newer: encrypted */
  OFL_MT1959_WHY_UNDATED, /* it shows no date: plain */
} OflMt1959Why;

/* @enc: the file is encrypted on its way; @chosen: by the user, and not as @why says; @year: of the
 * running firmware, 0 when it shows none */
typedef struct {
  gboolean enc;
  gboolean chosen;
  OflMt1959Why why;
  guint year;
} OflMt1959Form;

char *ofl_mt1959_banner (const guint8 *data, gsize length);
char *ofl_mt1959_chip (const guint8 *descriptor, gsize length);
char *ofl_mt1959_mark (const char *chip, const char *banner);

void ofl_mt1959_parse (const OflFamily *self, GBytes *bytes, GPtrArray *images);
gboolean ofl_mt1959_is_raw_dump (const OflImage *image);
gboolean ofl_mt1959_keeps_boot_area (const OflFamily *self, const OflImage *image,
                                     const guint8 *drive_banner, const OflChoices *choices);
const guint8 *ofl_mt1959_drive_banner (const OflSnapshot *drive);
char *ofl_mt1959_board_group (const OflFamily *self, const char *banner);
char *ofl_mt1959_svc_text (const guint8 *svc);
const guint8 *ofl_mt1959_svc (const OflSnapshot *drive);
char *ofl_mt1959_field (const guint8 *descriptor, gsize at, gsize length);
char *ofl_mt1959_date (const guint8 *descriptor);
char *ofl_mt1959_product (const OflFamily *self, const OflSnapshot *drive);
void ofl_mt1959_boot_string (const OflFamily *self, const OflSnapshot *drive, guint8 *boot_string);
OflMt1959Form ofl_mt1959_form (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices);
void ofl_mt1959_judge_reports (const OflSnapshot *drive, const OflImage *image, const char *product,
                               OflJudgement *judgement);
void ofl_mt1959_cmac (const guint8 *data, gsize length, guint8 stored[16]);
void ofl_mt1959_check_table (OflImage *image, const guint8 *data);
GBytes *ofl_mt1959_encrypt (GBytes *plain);
guint ofl_mt1959_table_ranges (const guint8 *data, OflMt1959Range *ranges);
GArray *ofl_mt1959_parts (const OflImage *image, gboolean boot_area_kept);

void ofl_mt1959_judge (const OflFamily *self, const OflSnapshot *drive, const OflImage *image,
                       const OflChoices *choices, OflJudgement *judgement);
OflCommand ofl_mt1959_read_flash (guint32 offset, guint32 length);
guint32 ofl_mt1959_next_read (const OflFamily *self, guint32 at, guint32 end);
OflPlan *ofl_mt1959_plan_read (const OflFamily *self, const OflSnapshot *drive,
                               const OflChoices *choices, GError **error);
OflPlan *ofl_mt1959_plan_write (const OflFamily *self, const OflSnapshot *drive,
                                const OflImage *image, const OflChoices *choices, GError **error);
void ofl_mt1959_compare_read (const OflFamily *self, const OflImage *image, GBytes *dump,
                              const OflChoices *choices, OflComparison *comparison);

G_END_DECLS
