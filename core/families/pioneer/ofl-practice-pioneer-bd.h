/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pioneer BD practice drive and its files (pioneer 2.8). */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

/* A file: header, the key of its cipher, the enciphered Normal */
#define PIONEER_BD_KEY 0x200u
#define PIONEER_BD_KEY_SIZE 0x10000u
#define PIONEER_BD_BODY 0x10200u
#define PIONEER_BD_UNIT 0x100u /* the length of a file is a multiple of it */

/* Fields of the header, all of them text */
#define PIONEER_BD_HARDWARE 0xb0u
#define PIONEER_BD_KERNEL_TAG 0xd0u
#define PIONEER_BD_FILE_TYPE 0x110u
#define PIONEER_BD_TAG_SIZE 8u

/* The signature and the public key that it was made with, each of two numbers */
#define PIONEER_BD_SIGNATURE 0x170u
#define PIONEER_BD_PUBLIC_KEY 0x198u
#define PIONEER_BD_NUMBER_SIZE 20u
#define PIONEER_BD_PAIR_SIZE 40u

/* The memory: Kernel and Normal lie in it as in the flash, from MEMORY on. */
#define PIONEER_BD_MEMORY 0x400000u
#define PIONEER_BD_KERNEL_SIZE 0x10000u
#define PIONEER_BD_FLASH_SIZE 0x200000u
#define PIONEER_BD_NORMAL_MAX (PIONEER_BD_FLASH_SIZE - PIONEER_BD_KERNEL_SIZE)

/* A Normal, deciphered: the descriptor, at 14 its length. What follows is where the practice
 * drive's firmware keeps its names; where a real one has them is not public. */
#define PIONEER_BD_DESCRIPTOR_SIZE 16u
#define PIONEER_BD_LENGTH 0x14u
#define PIONEER_BD_NAMES 0x20u /* vendor, product, revision */
#define PIONEER_BD_DATE 0x40u  /* YYYYMMDD */
#define PIONEER_BD_DATE_SIZE 8u
#define PIONEER_BD_NORMAL_TAG 0x48u
#define PIONEER_BD_NAMED 0x100u /* behind it the bytes mean nothing */

/* A Kernel of the practice drive, all of it our own but its size and its sum */
#define PIONEER_BD_KERNEL_MAGIC "PRACTICE KERNEL "
#define PIONEER_BD_KERNEL_NAMES 0x10u

#define PIONEER_BD_WIRE_KEY_SIZE 4u

/**
 * PioneerBdModel:
 * @product: as in INQUIRY; the vendor is "PIONEER "
 * @hardware: SAT and a hexadecimal number, as READ BUFFER F1 and the files say it
 * @kernel_tag: 8 characters, likewise
 * @descriptor: 16 characters, the start of its Normal and of the control buffer
 * @compares_key: the receiver looks at the key in the control buffer, too
 * @key: its own, as it comes over the wire; with @compares_key
 */
typedef struct {
  const char *product;
  const char *hardware;
  const char *kernel_tag;
  const char *descriptor;
  gboolean compares_key;
  guint8 key[PIONEER_BD_WIRE_KEY_SIZE];
} PioneerBdModel;

extern const PioneerBdModel ofl_practice_pioneer_bd_s09;

/* ofl-practice-pioneer-bd.c */
#define OFL_TYPE_PRACTICE_PIONEER_BD (ofl_practice_pioneer_bd_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticePioneerBd, ofl_practice_pioneer_bd, OFL, PRACTICE_PIONEER_BD,
                      OflPracticeDrive)

/* ofl-practice-pioneer-bd-image.c */
GBytes *ofl_practice_pioneer_bd_image (const OflPracticeEntry *entry, const char *revision,
                                       const char *variant);
void ofl_practice_pioneer_bd_names (const OflPracticeEntry *entry, guint8 *names);
void ofl_practice_pioneer_bd_kernel (const PioneerBdModel *model, guint8 *kernel);

/* ofl-practice-pioneer-bd-cipher.c */
void ofl_practice_pioneer_bd_encipher (const guint8 *key, guint8 *body, gsize length);
void ofl_practice_pioneer_bd_decipher (const guint8 *key, guint8 *body, gsize length);
guint32 ofl_practice_pioneer_bd_sum (const guint8 *data, gsize length);
GBytes *ofl_practice_pioneer_bd_plain (const guint8 *file, gsize size);

/* ofl-practice-pioneer-bd-sign.c */
void ofl_practice_pioneer_bd_sign (guint8 *file, gsize size, const char *secret,
                                   const char *public_key);
gboolean ofl_practice_pioneer_bd_check_signature (const guint8 *file, gsize size);
void ofl_practice_pioneer_bd_sign_practice (guint8 *file, gsize size);

G_END_DECLS
