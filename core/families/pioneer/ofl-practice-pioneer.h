/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pioneer DVD practice drives and their files (pioneer 2 and 3). */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

#define PIONEER_CHUNK 0x8000u
#define PIONEER_CONTROL_SIZE 0x100u
#define PIONEER_CONTROL_KEY 0x10u

/* The header of a file, all of it text (pioneer 3.1) */
#define PIONEER_HEADER_SIZE 0x160u
#define PIONEER_MAGIC "********  Copyright(c) 2000 Pioneer Corporation  ********     "
#define PIONEER_DESCRIPTION 0x60u
#define PIONEER_DESCRIPTION_SIZE 24u
#define PIONEER_REVISION 0x90u
#define PIONEER_REVISION_SIZE 5u
#define PIONEER_HARDWARE 0xb0u
#define PIONEER_HARDWARE_SIZE 8u
#define PIONEER_KERNEL_TYPE 0xd0u
#define PIONEER_KERNEL_TYPE_SIZE 8u
#define PIONEER_KERNEL_TYPE_COMPARED 7u
#define PIONEER_DESTINATION 0xf0u
#define PIONEER_DESTINATION_SIZE 8u
#define PIONEER_FILE_TYPE 0x110u
#define PIONEER_FILE_TYPE_SIZE 8u
#define PIONEER_FILE_TYPE_COMPARED 6u
#define PIONEER_DATE 0x130u
#define PIONEER_DATE_SIZE 10u
#define PIONEER_KERNEL_VERSION_2 0x150u
#define PIONEER_KERNEL_VERSION_2_SIZE 4u

/* In what is opaque of a real file, practice files carry a check over all their other bytes; it
 * stands for whatever real drives check there. */
#define PIONEER_PRACTICE_CHECK 0x1c0u
#define PIONEER_PRACTICE_CHECK_SIZE 4u

/* Where the code of a Normal begins (pioneer 3.3) */
#define PIONEER_CODE 0x10000u

/**
 * PioneerModel:
 * @id: in the catalogue
 * @product: as in INQUIRY; the vendor is "PIONEER "
 * @hardware: interface and generation, as READ BUFFER F1 and the files say it
 * @kernel_revision: what INQUIRY shows as revision in kernel mode
 * @descriptor: the first 16 bytes of the control buffer
 * @key: the four bytes behind them
 * @arms: the challenge must be answered before kernel mode
 * @scrambled: its files are scrambled with a key inside, and carry a sum
 * @kernel_size: bytes of a Kernel file
 * @normal_size: bytes of a Normal file
 */
typedef struct {
  const char *id;
  const char *product;
  const char *hardware;
  const char *kernel_revision;
  const char *descriptor;
  guint32 key;
  gboolean arms;
  gboolean scrambled;
  guint32 kernel_size, normal_size;
} PioneerModel;

#define PIONEER_VENDOR_NAME "PIONEER "
#define PIONEER_KERNEL_TYPE_NAME "GENERAL "

/* ofl-practice-pioneer-image.c */
const PioneerModel *ofl_practice_pioneer_model (const char *id);
GBytes *ofl_practice_pioneer_image (const OflPracticeEntry *entry, const char *revision,
                                    const char *variant);
void ofl_practice_pioneer_header (const OflPracticeEntry *entry, guint8 *header, gboolean kernel);
gboolean ofl_practice_pioneer_check_header (const PioneerModel *model, const guint8 *header,
                                            gboolean kernel);
gboolean ofl_practice_pioneer_check_file (const PioneerModel *model, const guint8 *file,
                                          gboolean kernel);

/* ofl-practice-pioneer-scramble.c */
void ofl_practice_pioneer_seal (guint8 *file, gboolean kernel);
gboolean ofl_practice_pioneer_check_sum (const guint8 *file, gboolean kernel);

G_END_DECLS
