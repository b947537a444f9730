/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The models of the practice NEC and Optiarc drives, one of each flash type. Sources: nec 1,
 * 2.3 to 2.14, 3.5, and the list of its source. */
#include "families/nec/ofl-practice-nec.h"

#include <string.h>

/* MX29LV800: 9 us a byte, 0.7 s a sector (nec 4); the small boot sectors and other
 * sizes are taken to be of its kind. The source gives no limits. */
#define PARALLEL(bytes, text) \
  { \
    .name = "parallel NOR " text ", times of MX29LV800", .size = (bytes), \
    .big_sector = FLASH_SECTOR, .small_sector = 0x1000, .page = NEC_PAGE, .big_us = 700000, \
    .small_us = 90000, .page_us = 2304 \
  }

static const OflPracticeChipType chip_640k = PARALLEL (0xa0000, "4 Mbit and 1 Mbit");
static const OflPracticeChipType chip_768k = PARALLEL (0xc0000, "6 Mbit");
static const OflPracticeChipType chip_1m = PARALLEL (0x100000, "8 Mbit");
static const OflPracticeChipType chip_2m = PARALLEL (0x200000, "16 Mbit");

/* Images that end with sum, id and boot code behind one piece of firmware */
#define TAIL(bytes) \
  .sum_at = (bytes), .image_id_at = (bytes) + 2, .bootcode = TRUE, .image_size = (bytes) + 8

#define AT_30000(bytes) .base = 0x30000, .size = (bytes), .cells = 0x30000, .ram = 0x30000
#define AT_10000 .base = 0x10000, .size = 0x1e0000, .cells = 0x10000, .ram = 0x10000
#define AT_6000 .base = 0x6000, .size = 0xfa000, .cells = 0x6000, .ram = 0x6000
#define ONE_SUM(bytes) .sums = { { 0, 0, (bytes) } }, .n_sums = 1
#define RUNS_1M \
  .runs = { { 2, 1, 0x2000, FALSE }, { 3, 1, 0x8000, FALSE }, { 4, 15, FLASH_SECTOR, FALSE } }
#define RUNS_2M .runs = { { 4, 30, FLASH_SECTOR, FALSE }, { 34, 1, FLASH_SECTOR, TRUE } }

/* What belongs together stands in one line. */
/* clang-format off */
static const NecModel models[] = {
  { /* 640K, nec 2.3 */
    .name = "nd1100", .id4 = "K110", .shown = "K110", .other = "L110",
    .vendor = "_NEC    ", .product = "DVD+RW ND-1100A ", .boot_revision = "0.08",
    .rid = "ND03", .maker = "NEC", .model = "ND-1100A",
    .id_at = 0x4500, .rid_at = 0x4f00, .boot_size = 0x4000, .dump_id = 0x68,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { .base = 0x5000, .size = 0x7b000, .cells = 0x5000, .ram = 0x5000,
                 .runs = { { 13, 3, 0x1000, FALSE }, { 0, 1, 0x8000, FALSE },
                           { 1, 7, FLASH_SECTOR, FALSE } },
                 .sums = { { 0, 0, 0x7affe } }, .n_sums = 1 },
               { .base = 0x240000, .size = 0x20000, .cells = 0x80000, .ram = 0x240000,
                 .source = 0x7b004, .whole = TRUE,
                 .runs = { { 8, 1, 0x2000, FALSE }, { 9, 2, 0x1000, FALSE },
                           { 11, 1, 0x4000, FALSE }, { 12, 3, 0x8000, FALSE } },
                 .sums = { { 0, 0, 0x1fffe } }, .n_sums = 1 } },
    .n_banks = 2, .chip = &chip_640k,
    .image_id_at = 0x9b004, .image_id_also_at = 0x7b000, .image_size = 0x9b008 },
  { /* 768K, 1.2.2 */
    .name = "nd6500", .id4 = "L210", .shown = "L250", .other = "K110",
    .vendor = "_NEC    ", .product = "DVD+-RW ND-6500A", .boot_revision = "0.00",
    .rid = "ND16", .maker = "NEC", .model = "ND-6500A",
    .id_at = 0x4500, .rid_at = 0x4f00, .boot_size = 0x4000, .dump_id = 0x84, .dump_id_at = 0x400,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { .base = 0x8000, .size = 0xb8000, .cells = 0x8000, .ram = 0x8000,
                 .runs = { { 8, 1, 0x8000, FALSE }, { 9, 11, FLASH_SECTOR, FALSE } },
                 .sums = { { 8, 0, 0xb7ffe } }, .n_sums = 1 } },
    .n_banks = 1, .chip = &chip_768k, .image_id_at = 0xb8000, .image_size = 0xb8004 },
  { /* 1M, K2 variant, 1.2.4 */
    .name = "nd2500", .id4 = "K210", .shown = "K250", .other = "K352",
    .vendor = "_NEC    ", .product = "DVD_RW ND-2500A ", .boot_revision = "0.08",
    .rid = "ND09", .maker = "NEC", .model = "ND-2500A",
    .id_at = 0x4800, .rid_at = 0x5f00, .boot_size = 0x4000, .dump_id = 0x79, .dump_id_at = 0x2a400,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_6000, RUNS_1M,
                 .sums = { { 1, 0, 0x29ffe }, { 2, 0x2a000, 0xf9ffe } }, .n_sums = 2 } },
    .n_banks = 1, .chip = &chip_1m,
    .image_id_at = 0xfa000, .bootcode = TRUE, .image_size = 0xfa006 },
  { /* 1M, 1.2.3 */
    .name = "nd3500", .id4 = "K310", .shown = "K350", .other = "K352",
    .vendor = "_NEC    ", .product = "DVD_RW ND-3500AG", .boot_revision = "0.08",
    .rid = "ND19", .maker = "NEC", .model = "ND-3500A",
    .id_at = 0x4800, .rid_at = 0x5f00, .boot_size = 0x4000, .dump_id = 0x7e, .dump_id_at = 0x400,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_6000, RUNS_1M, .sums = { { 8, 0, 0xf9ffe } }, .n_sums = 1 } },
    .n_banks = 1, .chip = &chip_1m,
    .image_id_at = 0xfa000, .bootcode = TRUE, .image_size = 0xfa006 },
  { /* 2M, 1.2.5 */
    .name = "nd3550", .id4 = "K355", .shown = "K355", .other = "K365",
    .vendor = "_NEC    ", .product = "DVD_RW ND-3550A ", .boot_revision = "0.08",
    .rid = "ND30", .maker = "NEC", .model = "ND-3550A",
    .id_at = 0x4800, .rid_at = 0x5f00, .boot_size = 0x4000, .dump_id = 0x93,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_10000, RUNS_2M, ONE_SUM (0x1e0000) } },
    .n_banks = 1, .chip = &chip_2m, TAIL (0x1e0000) },
  { /* 2M whose firmware is read in safe mode only, 1.2.5 and 2.1 */
    .name = "nd3570", .id4 = "K370", .shown = "K370", .other = "K371",
    .vendor = "_NEC    ", .product = "DVD_RW ND-3570A ", .boot_revision = "0.08",
    .rid = "    ", .maker = "NEC", .model = "ND-3570A",
    .id_at = 0x4800, .rid_at = 0x5f00, .boot_size = 0x4000, .dump_id = 0xa2, .guarded = TRUE,
    .transfer = NEC_UNITS, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_10000, RUNS_2M, ONE_SUM (0x1e0000) } },
    .n_banks = 1, .chip = &chip_2m, TAIL (0x1e0000) },
  { /* 2MOpti, 1.2.6 */
    .name = "ad7170", .id4 = "D770", .shown = "D770", .other = "D773",
    .vendor = "Optiarc ", .product = "DVD RW AD-7170A ", .boot_revision = "0.08",
    .rid = "DB10", .maker = "NEC", .model = "AD-7170A",
    .id_at = 0x4800, .rid_at = 0x5f00, .boot_size = 0x8000, .dump_id = 0xb4, .guarded = TRUE,
    .transfer = NEC_PADDED, .naming = NEC_BY_BIT, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_30000 (0x1c0000), .runs = { { 3, 28, FLASH_SECTOR, FALSE } },
                 ONE_SUM (0x1c0000) } },
    .n_banks = 1, .chip = &chip_2m, TAIL (0x1c0000) },
  { /* 2MOpti2, 1.2.7 */
    .name = "ad7200", .id4 = "G205", .shown = "G205", .other = "G206",
    .vendor = "Optiarc ", .product = "DVD RW AD-7200S ", .boot_revision = "0.08",
    .rid = "DL10", .maker = "Sony", .model = "AD-7200S",
    .id_at = 0x4800, .id_also_at = 0x10800, .rid_at = 0x5f00, .boot_size = 0x8000,
    .dump_id = 0xec, .guarded = TRUE, .serial = TRUE,
    .transfer = NEC_UNITS, .naming = NEC_BY_NUMBER, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_30000 (0x1c0000),
                 .runs = { { 3, 28, FLASH_SECTOR, FALSE }, { 31, 1, FLASH_SECTOR, TRUE } },
                 ONE_SUM (0x1c0000) } },
    .n_banks = 1, .chip = &chip_2m, TAIL (0x1c0000) },
  { /* 2MOpti3, 1.2.8 */
    .name = "ad7240", .id4 = "G245", .shown = "G245", .other = "G246",
    .vendor = "Optiarc ", .product = "DVD RW AD-7240S ", .boot_revision = "0.08",
    .rid = "DQ10", .maker = "Sony", .model = "AD-7240S",
    .id_at = 0x10800, .rid_at = 0x20f00, .boot_size = 0x8000,
    .dump_id = 0xf1, .guarded = TRUE, .serial = TRUE,
    .transfer = NEC_LENGTH, .naming = NEC_BY_RANGE, .checking = NEC_SUMS_FIRST,
    .banks = { { AT_30000 (0x1b0000),
                 .runs = { { 3, 27, FLASH_SECTOR, FALSE }, { 30, 1, FLASH_SECTOR, TRUE } },
                 ONE_SUM (0x1b0000) } },
    .n_banks = 1, .chip = &chip_2m, TAIL (0x1b0000) },
  { /* 2MOpti4, 1.2.9 */
    .name = "ad7280", .id4 = "G285", .shown = "G285", .other = "G286",
    .vendor = "Optiarc ", .product = "DVD RW AD-7280S ", .boot_revision = "0.08",
    .rid = "    ", .maker = "Sony", .model = "AD-7280S",
    .id_at = 0x10800, .rid_at = 0x20f00, .boot_size = 0x8000,
    .dump_id = 0xf8, .guarded = TRUE, .serial = TRUE,
    .transfer = NEC_SUMMED, .naming = NEC_BY_RANGE, .checking = NEC_SUM_LAST, .data_bank = 1,
    .banks = { { AT_30000 (0x1b0000), .runs = { { 3, 27, FLASH_SECTOR, FALSE } },
                 ONE_SUM (0x1b0000) } },
    .n_banks = 1, .chip = &ofl_practice_chip_spi_16m, TAIL (0x1b0000) },
  { /* 2MOptiBD, 1.2.10 */
    .name = "bc5500", .id4 = "C505", .shown = "C505", .other = "C605",
    .vendor = "Optiarc ", .product = "BD ROM BC-5500S ", .boot_revision = "0.08",
    .rid = "    ", .maker = "Sony", .model = "BC-5500S",
    .id_at = 0x7000, .rid_at = 0x8000, .dump_id = 0xfa, .closed = TRUE, .serial = TRUE,
    .transfer = NEC_LENGTH, .naming = NEC_BY_BIT, .checking = NEC_SUM_OWN,
    .banks = { { .base = 0x30000, .size = 0x1d0000, .cells = 0x30000, .ram = 0, .head = 0x200,
                 .source = 0x200, .runs = { { 3, 29, FLASH_SECTOR, FALSE } },
                 ONE_SUM (0x1d0000) } },
    .n_banks = 1, .chip = &chip_2m,
    .sum_at = 0x1d0200, .image_id_at = 0x42, .image_size = 0x1d0202 },
};
/* clang-format on */

/**
 * ofl_practice_nec_model: (skip)
 * @name: a name of the catalogue
 *
 * Returns: (nullable): the model of that name
 */
const NecModel *
ofl_practice_nec_model (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (strcmp (models[i].name, name) == 0)
      return &models[i];
  return NULL;
}

/**
 * ofl_practice_nec_boot_word: (skip)
 * @model: a model
 *
 * The word at the end of the boot code, of no meaning but the same in all units of a model.
 *
 * Returns: the word
 */
guint16
ofl_practice_nec_boot_word (const NecModel *model)
{
  return (guint16) ofl_practice_sum_words ((const guint8 *) model->product, 16);
}

/**
 * ofl_practice_nec_is_whole: (skip)
 * @bank: a bank
 * @firmware: its bytes
 *
 * Looks for what the boot code is assumed to look for: the sums inside the firmware, or, where
 * nec 3.3 knows of none, one of our own in its last word.
 *
 * Returns: whether they are right
 */
gboolean
ofl_practice_nec_is_whole (const NecBank *bank, const guint8 *firmware)
{
  for (guint i = 0; i < bank->n_sums; i++)
    {
      guint32 from = bank->sums[i].from;
      guint32 to = MIN (bank->sums[i].to, bank->size - 2);

      if (ofl_practice_sum_words (firmware + from, to - from) != ofl_get_be (firmware + to, 2))
        return FALSE;
    }
  return TRUE;
}
