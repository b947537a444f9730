/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flash chips of practice drives, by their data sheets. */
#include "practice/ofl-practice-chip.h"

/* Source: practice 3.
 *
 * 16 Mbit serial: the times of the KH/MX25L8005 data sheet, the only serial part of this class
 * whose figures are sourced; the 2 MiB part is taken to be as fast per page and per sector. */
const OflPracticeChipType ofl_practice_chip_spi_16m = {
  .name = "SPI NOR 16 Mbit, times of MX25L8005",
  .size = 0x200000,
  .big_sector = 0x10000,
  .small_sector = 0x1000,
  .page = 0x100,
  .big_us = 1000000,
  .big_max_us = 2000000,
  .small_us = 60000,
  .small_max_us = 120000,
  .page_us = 1400,
  .page_max_us = 5000,
};

/* 4 Mbit parallel: M29W400D, 0.8 s a sector of 64 KiB and 10 us a byte; its small boot sectors
 * are treated as one sector. The source gives no limits. */
const OflPracticeChipType ofl_practice_chip_parallel_4m = {
  .name = "parallel NOR 4 Mbit, times of M29W400D",
  .size = 0x80000,
  .big_sector = 0x10000,
  .page = 0x100,
  .big_us = 800000,
  .page_us = 2560,
};

/* The times of the same part for other sizes of its kind, which have the same cells. */
const OflPracticeChipType ofl_practice_chip_parallel_1m = {
  .name = "parallel NOR 1 Mbit, times of M29W400D",
  .size = 0x20000,
  .big_sector = 0x10000,
  .page = 0x100,
  .big_us = 800000,
  .page_us = 2560,
};

const OflPracticeChipType ofl_practice_chip_parallel_2m = {
  .name = "parallel NOR 2 Mbit, times of M29W400D",
  .size = 0x40000,
  .big_sector = 0x10000,
  .page = 0x100,
  .big_us = 800000,
  .page_us = 2560,
};

/* Here the first sector is cut into pieces of 16 KiB, so that boot code can be left alone. */
const OflPracticeChipType ofl_practice_chip_parallel_8m = {
  .name = "parallel NOR 8 Mbit, times of M29W400D",
  .size = 0x100000,
  .big_sector = 0x10000,
  .small_sector = 0x4000,
  .page = 0x100,
  .big_us = 800000,
  .small_us = 800000,
  .page_us = 2560,
};

/* The chip of an SE-506: no data sheet, but a trace that shows about 10 s for erasing and
 * programming 1 MiB (se506 4), split here between the two. */
const OflPracticeChipType ofl_practice_chip_spi_16m_quick = {
  .name = "SPI NOR 16 Mbit, times fitted to an SE-506",
  .size = 0x200000,
  .big_sector = 0x10000,
  .small_sector = 0x1000,
  .page = 0x100,
  .big_us = 400000,
  .small_us = 30000,
  .page_us = 850,
};
