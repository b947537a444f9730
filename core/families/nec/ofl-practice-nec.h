/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tells NEC and Optiarc drives apart (nec 1 to 3), and the parts of their practice
 * drives: the models, their images, and a stay in safe mode. */
#pragma once

#include "practice/ofl-practice-kit.h"

G_BEGIN_DECLS

#define NEC_MAX_BANKS 2u
#define NEC_MAX_RUNS 5u
#define NEC_MAX_SUMS 2u
#define NEC_ID_SIZE 4u
#define NEC_PAGE 0x100u

/* How data is sent: in units of 1000 hex bytes; with the padding after them; by its length in
 * bytes; the same with a sum (templates W, WP, W3, W3S of nec 2.1). */
typedef enum {
  NEC_UNITS,
  NEC_PADDED,
  NEC_LENGTH,
  NEC_SUMMED,
} NecTransfer;

/* How a block is named: by a bit, by its number, by address and length (EB, EN, ER). */
typedef enum {
  NEC_BY_BIT,
  NEC_BY_NUMBER,
  NEC_BY_RANGE,
} NecNaming;

/* What is checked: sums before the first erase (CK); nothing then, and all at the end (CK with sum
 * 0, 1.2.10); the boot code's word first, a sum at the end (CK4, 1.2.9). */
typedef enum {
  NEC_SUMS_FIRST,
  NEC_SUM_OWN,
  NEC_SUM_LAST,
} NecChecking;

/**
 * NecRun:
 * @number: of the first block
 * @count: how many there are; 0 behind the last run
 * @size: bytes of each
 * @spare: erased, but never written
 *
 * Blocks of one size, one behind the other (nec 3.5). A run begins where the one before
 * it ends.
 */
typedef struct {
  guint8 number;
  guint8 count;
  guint32 size;
  gboolean spare;
} NecRun;

/**
 * NecSum:
 * @index: what CK calls it
 * @from: first byte of the firmware in it
 * @to: the byte behind its last; when firmware follows, the sum stands there
 *
 * A sum of words that the drive wants before it erases.
 */
typedef struct {
  guint8 index;
  guint32 from, to;
} NecSum;

/**
 * NecBank:
 * @base: address of the first byte of the firmware
 * @size: its bytes
 * @cells: where @base is in the flash chip
 * @ram: address to which the first byte is sent
 * @head: bytes that are sent before the firmware and not kept
 * @source: where the firmware begins in an image
 * @whole: one command erases all of it
 * @runs: its blocks
 * @sums: its sums
 * @n_sums: how many
 */
typedef struct {
  guint32 base, size, cells;
  guint32 ram, head, source;
  gboolean whole;
  NecRun runs[NEC_MAX_RUNS];
  NecSum sums[NEC_MAX_SUMS];
  guint n_sums;
} NecBank;

/**
 * NecModel:
 * @name: in the catalogue
 * @id4: what the drive wants to hear and its images carry
 * @shown: what stands at @id_at; an alias of @id4 or the same
 * @other: the id of another type with images of the same size
 * @vendor: 8 characters
 * @product: 16 characters
 * @boot_revision: revision in safe mode
 * @rid: 4 characters of the RID area; blank where they are not known
 * @maker: vendor in the RID area
 * @model: model in the RID area
 * @id_at: address of the id
 * @id_also_at: where it stands too; 0 nowhere
 * @rid_at: address of the RID area
 * @boot_size: bytes of boot code that can be read; 0 none
 * @dump_id: byte of the firmware that tells models apart
 * @dump_id_at: where in the firmware
 * @guarded: the firmware is read in safe mode only, with "RD" and @dump_id
 * @closed: the firmware cannot be read
 * @serial: it is a serial ATAPI drive
 * @transfer: how data is sent
 * @naming: how blocks are named
 * @checking: what is checked when
 * @data_bank: bank in the commands that send, erase and program, when it is not the session's
 * @banks: the flash
 * @n_banks: how many
 * @chip: the flash chip
 * @sum_at: where the sum stands in an image; 0 nowhere
 * @image_id_at: where the id stands in it
 * @image_id_also_at: where it stands too; 0 nowhere
 * @bootcode: images end with two characters of the boot code's version
 * @image_size: bytes of an image with all that belongs to it
 *
 * A model, one of each flash type.
 */
typedef struct {
  const char *name;
  const char *id4, *shown, *other;
  const char *vendor, *product, *boot_revision;
  const char *rid, *maker, *model;
  guint32 id_at, id_also_at, rid_at, boot_size;
  guint8 dump_id;
  guint32 dump_id_at;
  gboolean guarded, closed, serial;
  NecTransfer transfer;
  NecNaming naming;
  NecChecking checking;
  guint8 data_bank;
  NecBank banks[NEC_MAX_BANKS];
  guint n_banks;
  const OflPracticeChipType *chip;
  guint32 sum_at, image_id_at, image_id_also_at;
  gboolean bootcode;
  guint32 image_size;
} NecModel;

/* Where the boot code keeps the word that an image of the last kind must bring along, and where
 * the image brings it (nec 2.1, area 05). */
#define NEC_BOOT_WORD 0x7ffeu
#define NEC_IMAGE_BOOT_WORD 0x0eu

/* ofl-practice-nec-models.c */
const NecModel *ofl_practice_nec_model (const char *name);
guint16 ofl_practice_nec_boot_word (const NecModel *model);
gboolean ofl_practice_nec_is_whole (const NecBank *bank, const guint8 *firmware);

/* ofl-practice-nec-image.c */
GBytes *ofl_practice_nec_image (const OflPracticeEntry *entry, const char *revision,
                                const char *variant);
const guint8 *ofl_practice_nec_identity (const guint8 *firmware);
void ofl_practice_nec_peek (const OflPracticeEntry *entry, guint8 *data, gsize length);
void ofl_practice_nec_put_identity (guint8 *identity, const NecModel *model, const char *revision);
#define NEC_IDENTITY_VENDOR 0x00u
#define NEC_IDENTITY_PRODUCT 0x08u
#define NEC_IDENTITY_REVISION 0x18u
#define NEC_IDENTITY_EXTRA 0x1cu
#define NEC_IDENTITY_SIZE 0x30u

/* ofl-practice-nec-session.c */
typedef struct _NecSession NecSession;

/* What came of a command */
typedef enum {
  NEC_DONE,
  NEC_BURN, /* work is queued at the chip */
  NEC_BAD_FIELD,
  NEC_BAD_DATA,
  NEC_BAD_ORDER,
} NecResult;

NecSession *ofl_practice_nec_session_new (const NecModel *model, guint bank, OflPracticeChip *chip);
void ofl_practice_nec_session_free (NecSession *self);
guint ofl_practice_nec_session_get_bank (const NecSession *self);
NecResult ofl_practice_nec_session_write (NecSession *self, const OflPracticeRequest *request);
NecResult ofl_practice_nec_session_sum (NecSession *self, const guint8 *cdb);
NecResult ofl_practice_nec_session_sum_area (NecSession *self, const guint8 *cdb);
NecResult ofl_practice_nec_session_erase (NecSession *self, const guint8 *cdb);
NecResult ofl_practice_nec_session_erase_bank (NecSession *self, const guint8 *cdb);
NecResult ofl_practice_nec_session_program (NecSession *self, const guint8 *cdb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NecSession, ofl_practice_nec_session_free)

G_END_DECLS
