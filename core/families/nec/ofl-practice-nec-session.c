/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stay of a practice NEC or Optiarc drive in safe mode: what has been sent to its memory, which
 * sums were right, which blocks are erased and programmed. Sources: nec 2.1, 2.3 to 2.12, 3.5. */
#include "families/nec/ofl-practice-nec.h"

#include <string.h>

#define UNIT 0x1000u
#define MAX_UNITS 8u
#define PADDING 4u /* bytes of it for each unit */
#define MAX_LENGTH 0x8000u

/* CK4 */
#define AREA_LAST 0x04
#define AREA_BOOT 0x05

#define NO_BLOCK (-1)

struct _NecSession {
  const NecModel *model;
  const NecBank *bank;
  guint number; /* of the bank */
  OflPracticeChip *chip;

  guint8 *ram;    /* what was sent: the head and the firmware */
  guint32 next;   /* bytes of it */
  guint n_sums;   /* how many sums were right */
  guint32 erased; /* a bit for each block, in the order of the runs */
  guint32 programmed;
  gboolean closed; /* the last sum was right */
};

typedef struct {
  guint number;
  guint32 start, size;
  gboolean spare;
} Block;

/**
 * ofl_practice_nec_session_new: (skip)
 * @model: a model
 * @bank: below its @n_banks
 * @chip: its flash; not owned
 *
 * Begins a stay in safe mode.
 *
 * Returns: (transfer full): the session
 */
NecSession *
ofl_practice_nec_session_new (const NecModel *model, guint bank, OflPracticeChip *chip)
{
  NecSession *self = g_new0 (NecSession, 1);

  self->model = model;
  self->bank = &model->banks[bank];
  self->number = bank;
  self->chip = chip;
  self->ram = g_malloc0 (self->bank->head + self->bank->size);
  return self;
}

/**
 * ofl_practice_nec_session_free: (skip)
 * @self: (transfer full): a session
 *
 * Ends it; what was sent is forgotten.
 */
void
ofl_practice_nec_session_free (NecSession *self)
{
  g_free (self->ram);
  g_free (self);
}

/**
 * ofl_practice_nec_session_get_bank: (skip)
 * @self: a session
 *
 * Returns: the bank it is about
 */
guint
ofl_practice_nec_session_get_bank (const NecSession *self)
{
  return self->number;
}

static guint32
sent_size (const NecSession *self)
{
  return self->bank->head + self->bank->size;
}

static const guint8 *
firmware (const NecSession *self)
{
  return self->ram + self->bank->head;
}

/* The block with a place in the order of the runs; FALSE behind the last. */
static gboolean
get_block (const NecBank *bank, guint place, Block *block)
{
  guint32 start = bank->base;

  for (const NecRun *run = bank->runs; run < bank->runs + NEC_MAX_RUNS && run->count > 0; run++)
    {
      if (place < run->count)
        {
          block->number = run->number + place;
          block->start = start + place * run->size;
          block->size = run->size;
          block->spare = run->spare;
          return TRUE;
        }
      place -= run->count;
      start += run->count * run->size;
    }
  return FALSE;
}

/* A bit for each block; without the spare ones on demand. */
static guint32
all_blocks (const NecBank *bank, gboolean with_spare)
{
  guint32 mask = 0;
  Block block;

  for (guint place = 0; get_block (bank, place, &block); place++)
    if (with_spare || !block.spare)
      mask |= 1u << place;
  return mask;
}

static gboolean
is_erased (const NecSession *self)
{
  return self->erased == all_blocks (self->bank, TRUE);
}

static gboolean
is_programmed (const NecSession *self)
{
  return self->programmed == all_blocks (self->bank, FALSE);
}

/* Bank and area of the commands that send, erase and program. */
static gboolean
is_data_bank (const NecSession *self, const guint8 *cdb)
{
  guint wanted = self->model->data_bank != 0 ? self->model->data_bank : self->number;

  return cdb[1] >> 4 == wanted && cdb[9] == 0;
}

/* Templates W, WP, W3, W3S: how many bytes of firmware a command sends; 0 when that is wrong. */
static guint32
get_length (const NecSession *self, const OflPracticeRequest *request)
{
  const guint8 *cdb = request->cdb;
  guint32 length = ofl_get_be (cdb + 6, 3);
  gsize padding = 0;

  if (self->model->transfer == NEC_UNITS || self->model->transfer == NEC_PADDED)
    {
      if (length > MAX_UNITS)
        return 0;
      padding = self->model->transfer == NEC_PADDED ? (gsize) length * PADDING : 0;
      length *= UNIT;
    }
  if (length > MAX_LENGTH || length % 2 != 0 || request->out_len != length + padding)
    return 0;
  return length;
}

/**
 * ofl_practice_nec_session_write: (skip)
 * @self: a session
 * @request: CB x1
 *
 * Takes data into memory. Source: nec 2.1 (W, WP, W3, W3S).
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_write (NecSession *self, const OflPracticeRequest *request)
{
  const guint8 *cdb = request->cdb;
  guint32 length = get_length (self, request);
  gboolean summed = self->model->transfer == NEC_SUMMED;

  if (length == 0 || !is_data_bank (self, cdb) || (!summed && !ofl_practice_is_zero (cdb + 10, 2)))
    return NEC_BAD_FIELD;
  if (self->model->checking == NEC_SUM_LAST && !is_erased (self))
    return NEC_BAD_ORDER;
  if (ofl_get_be (cdb + 2, 4) != self->bank->ram + self->next)
    return NEC_BAD_ORDER;
  if (length > sent_size (self) - self->next)
    return NEC_BAD_FIELD;
  if (summed && ofl_practice_sum_words (request->out, length) != ofl_get_be (cdb + 10, 2))
    return NEC_BAD_DATA;
  memcpy (self->ram + self->next, request->out, length);
  self->next += length;
  return NEC_DONE;
}

/* CK with sum 0: the boot code looks for itself, first in memory and at the end. */
static NecResult
check_own (NecSession *self, const guint8 *cdb)
{
  const guint8 *id4 = self->ram + self->model->image_id_at;

  if (!ofl_practice_is_zero (cdb + 2, 5) || cdb[7] > 1 || cdb[8] != 0)
    return NEC_BAD_FIELD;
  if (cdb[7] == 1)
    {
      if (!is_programmed (self) || self->closed)
        return NEC_BAD_ORDER;
      self->closed = TRUE;
      return NEC_DONE;
    }
  if (self->next != sent_size (self) || self->n_sums != 0)
    return NEC_BAD_ORDER;
  if (memcmp (id4, self->model->id4, NEC_ID_SIZE) != 0
      || !ofl_practice_nec_is_whole (self->bank, firmware (self)))
    return NEC_BAD_DATA;
  self->n_sums++;
  return NEC_DONE;
}

/**
 * ofl_practice_nec_session_sum: (skip)
 * @self: a session
 * @cdb: CC x4
 *
 * Compares a sum with what has been sent. Source: nec 2.1 (CK), 2.12, 3.3.
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_sum (NecSession *self, const guint8 *cdb)
{
  const NecSum *sum = &self->bank->sums[MIN (self->n_sums, NEC_MAX_SUMS - 1)];

  if (self->model->checking == NEC_SUM_LAST || cdb[1] >> 4 != self->number
      || !ofl_practice_is_zero (cdb + 9, 3))
    return NEC_BAD_FIELD;
  if (self->model->checking == NEC_SUM_OWN)
    return check_own (self, cdb);
  if (!ofl_practice_is_zero (cdb + 4, 4))
    return NEC_BAD_FIELD;
  if (self->next != sent_size (self) || self->n_sums == self->bank->n_sums)
    return NEC_BAD_ORDER;
  if (cdb[8] != 4 * sum->index)
    return NEC_BAD_FIELD;
  if (ofl_get_be (cdb + 2, 2)
      != ofl_practice_sum_words (firmware (self) + sum->from, sum->to - sum->from))
    return NEC_BAD_DATA;
  self->n_sums++;
  return NEC_DONE;
}

/* The page that was held back makes the firmware whole. */
static NecResult
close_firmware (NecSession *self, guint32 sum)
{
  const NecBank *bank = self->bank;
  guint32 at = bank->size - NEC_PAGE;

  if (!is_programmed (self) || self->closed)
    return NEC_BAD_ORDER;
  if (sum != ofl_practice_sum_words (firmware (self), bank->size))
    return NEC_BAD_DATA;
  self->closed = TRUE;
  ofl_practice_chip_queue_program (self->chip, bank->cells + at, firmware (self) + at, NEC_PAGE);
  return NEC_BURN;
}

/**
 * ofl_practice_nec_session_sum_area: (skip)
 * @self: a session
 * @cdb: CC x6
 *
 * Compares a word with the boot code's, or the last sum. Source: nec 2.1 (CK4), 2.11.
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_sum_area (NecSession *self, const guint8 *cdb)
{
  const guint8 *cells = ofl_practice_chip_get_data (self->chip);
  guint32 sum = ofl_get_be (cdb + 2, 2);

  if (self->model->checking != NEC_SUM_LAST || cdb[1] >> 4 != self->number || cdb[4] != 0
      || ofl_get_be (cdb + 5, 4) != self->bank->size || !ofl_practice_is_zero (cdb + 10, 2))
    return NEC_BAD_FIELD;
  if (cdb[9] == AREA_LAST)
    return close_firmware (self, sum);
  if (cdb[9] != AREA_BOOT)
    return NEC_BAD_FIELD;
  if (self->n_sums != 0)
    return NEC_BAD_ORDER;
  if (sum != ofl_get_be (cells + NEC_BOOT_WORD, 2))
    return NEC_BAD_DATA;
  self->n_sums++;
  return NEC_DONE;
}

/* EB and FB: byte 8 - n/8 has bit n mod 8; always one block (nec 2.1). */
static gint
get_bit_number (const guint8 *cdb)
{
  gint number = NO_BLOCK;

  for (guint n = 0; n < 56; n++)
    if ((cdb[8 - n / 8] & 1u << n % 8) != 0)
      {
        if (number != NO_BLOCK)
          return NO_BLOCK;
        number = (gint) n;
      }
  return number;
}

static gboolean
is_named (const NecSession *self, const guint8 *cdb, const Block *block)
{
  switch (self->model->naming)
    {
    case NEC_BY_BIT:
      return get_bit_number (cdb) == (gint) block->number;
    case NEC_BY_NUMBER:
      return ofl_practice_is_zero (cdb + 2, 6) && cdb[8] == block->number;
    case NEC_BY_RANGE:
    default:
      return ofl_get_be (cdb + 2, 4) == block->start && ofl_get_be (cdb + 6, 3) == block->size;
    }
}

/* The place of the block that a command names; NO_BLOCK when the drive may not touch it. */
static gint
find_block (const NecSession *self, const guint8 *cdb, Block *block)
{
  if (!is_data_bank (self, cdb) || !ofl_practice_is_zero (cdb + 10, 2))
    return NO_BLOCK;
  for (guint place = 0; get_block (self->bank, place, block); place++)
    if (is_named (self, cdb, block))
      return (gint) place;
  return NO_BLOCK;
}

static gboolean
may_erase (const NecSession *self)
{
  return self->n_sums == self->bank->n_sums;
}

static void
queue_erase (NecSession *self, const Block *block)
{
  ofl_practice_chip_queue_erase (self->chip, self->bank->cells + block->start - self->bank->base,
                                 block->size);
}

/**
 * ofl_practice_nec_session_erase: (skip)
 * @self: a session
 * @cdb: CB x4
 *
 * Erases a block. Source: nec 2.1 (EB, EN, ER).
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_erase (NecSession *self, const guint8 *cdb)
{
  Block block;
  gint place = find_block (self, cdb, &block);

  if (place == NO_BLOCK || self->bank->whole)
    return NEC_BAD_FIELD;
  if (!may_erase (self) || (self->erased & 1u << place) != 0)
    return NEC_BAD_ORDER;
  self->erased |= 1u << place;
  queue_erase (self, &block);
  return NEC_BURN;
}

/**
 * ofl_practice_nec_session_erase_bank: (skip)
 * @self: a session
 * @cdb: CB x8
 *
 * Erases all blocks of a bank. Source: nec 2.1 (EBANK).
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_erase_bank (NecSession *self, const guint8 *cdb)
{
  Block block;

  if (!self->bank->whole || cdb[1] >> 4 != self->number || !ofl_practice_is_zero (cdb + 2, 10))
    return NEC_BAD_FIELD;
  if (!may_erase (self) || self->erased != 0)
    return NEC_BAD_ORDER;
  for (guint place = 0; get_block (self->bank, place, &block); place++)
    queue_erase (self, &block);
  self->erased = all_blocks (self->bank, TRUE);
  return NEC_BURN;
}

/* Where firmware is closed at the end, its last page waits for that. */
static guint32
programmed_size (const NecSession *self, const Block *block)
{
  guint32 end = block->start + block->size - self->bank->base;

  if (self->model->checking == NEC_SUM_LAST && end == self->bank->size)
    return block->size - NEC_PAGE;
  return block->size;
}

/**
 * ofl_practice_nec_session_program: (skip)
 * @self: a session
 * @cdb: CB x2
 *
 * Programs a block with what has been sent. Source: nec 2.1 (FB, FN, FR).
 *
 * Returns: what came of it
 */
NecResult
ofl_practice_nec_session_program (NecSession *self, const guint8 *cdb)
{
  Block block;
  gint place = find_block (self, cdb, &block);
  guint32 at;

  if (place == NO_BLOCK || block.spare)
    return NEC_BAD_FIELD;
  at = block.start - self->bank->base;
  if (!is_erased (self) || (self->programmed & 1u << place) != 0
      || self->next < self->bank->head + at + block.size)
    return NEC_BAD_ORDER;
  self->programmed |= 1u << place;
  ofl_practice_chip_queue_program (self->chip, self->bank->cells + at, firmware (self) + at,
                                   programmed_size (self, &block));
  return NEC_BURN;
}
