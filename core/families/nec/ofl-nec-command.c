/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the commands, and the steps that every plan of theirs has. nec 2.1, in
 * whose table the commands are named. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

#define CDB_LEN 12
#define OP_READ 0xcc
#define OP_WRITE 0xcb
#define BANK_1 0x10

static OflCommand
make (const guint8 cdb[CDB_LEN], OflDirection dir, guint32 length)
{
  return ofl_command_raw (cdb, CDB_LEN, dir, length, OFL_NEC_TIMEOUT_MS);
}

static guint8
in_bank (guint bank, guint8 code)
{
  return (guint8) (code | (bank != 0 ? BANK_1 : 0));
}

/**
 * ofl_nec_command_safe:
 * @bank: 0 or 1
 * @id: the drive type's four characters
 * @on: enter or leave
 *
 * Returns: SAFE: a drive of another type refuses it
 */
OflCommand
ofl_nec_command_safe (guint bank, const char *id, gboolean on)
{
  guint8 cdb[CDB_LEN] = { OP_READ, in_bank (bank, 0x01), on ? 0x01 : 0x00, 0, 0, 0, 0, 0, 0x01 };

  memcpy (cdb + 4, id, OFL_NEC_ID_LEN);
  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_command_read:
 * @bank: 0 or 1
 * @address: first byte in the drive's memory
 * @length: number of bytes
 * @dump_id: the byte that reading in safe mode needs; 0: none
 *
 * Returns: READ; the data phase is a multiple of four bytes
 */
OflCommand
ofl_nec_command_read (guint bank, guint32 address, guint16 length, guint8 dump_id)
{
  guint8 cdb[CDB_LEN] = { OP_READ, in_bank (bank, 0x00) };

  ofl_put_be (cdb + 2, 4, address);
  ofl_put_be (cdb + 7, 2, length);
  if (dump_id != 0)
    {
      cdb[9] = 'R';
      cdb[10] = 'D';
      cdb[11] = dump_id;
    }
  return make (cdb, OFL_DIR_IN, (length + 3u) & ~3u);
}

/**
 * ofl_nec_command_write:
 * @bank: 0 or 1
 * @address: where it belongs
 * @units: number of units of 1000
 * @length: bytes that are sent: that, or with padding behind it
 *
 * Returns: W or WP: fills the drive's memory, not its flash
 */
OflCommand
ofl_nec_command_write (guint bank, guint32 address, guint units, guint32 length)
{
  guint8 cdb[CDB_LEN] = { OP_WRITE, in_bank (bank, 0x01) };

  ofl_put_be (cdb + 2, 4, address);
  cdb[8] = (guint8) units;
  return make (cdb, OFL_DIR_OUT, length);
}

/**
 * ofl_nec_command_write_region:
 * @bank: 0 or 1
 * @address: where it belongs
 * @length: number of bytes
 * @sum: their sum, 0 in W3
 *
 * Returns: W3 or W3S
 */
OflCommand
ofl_nec_command_write_region (guint bank, guint32 address, guint32 length, guint16 sum)
{
  guint8 cdb[CDB_LEN] = { OP_WRITE, in_bank (bank, 0x01) };

  ofl_put_be (cdb + 2, 4, address);
  ofl_put_be (cdb + 6, 3, length);
  ofl_put_be (cdb + 10, 2, sum);
  return make (cdb, OFL_DIR_OUT, length);
}

/**
 * ofl_nec_command_check:
 * @bank: 0 or 1
 * @index: which sum
 * @sum: the sum
 * @last: 1 for the one after all was written, BD only
 *
 * Returns: CK
 */
OflCommand
ofl_nec_command_check (guint bank, guint index, guint16 sum, guint8 last)
{
  guint8 cdb[CDB_LEN] = { OP_READ, in_bank (bank, 0x04) };

  ofl_put_be (cdb + 2, 2, sum);
  cdb[7] = last;
  cdb[8] = (guint8) (4 * index);
  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_command_check_area:
 * @sum: the sum
 * @length: what the source has there, always the payload's length
 * @area: which part it is of
 *
 * Returns: CK4
 */
OflCommand
ofl_nec_command_check_area (guint16 sum, guint32 length, guint8 area)
{
  guint8 cdb[CDB_LEN] = { OP_READ, 0x06 };

  ofl_put_be (cdb + 2, 2, sum);
  ofl_put_be (cdb + 5, 4, length);
  cdb[9] = area;
  return make (cdb, OFL_DIR_NONE, 0);
}

static void
begin_block (guint8 cdb[CDB_LEN], gboolean erase, guint bank)
{
  memset (cdb, 0, CDB_LEN);
  cdb[0] = OP_WRITE;
  cdb[1] = in_bank (bank, erase ? 0x04 : 0x02);
}

/**
 * ofl_nec_command_bitmap:
 * @erase: erase it, or write it from memory
 * @bank: 0 or 1
 * @block: number of the block, below 56
 *
 * Returns: EB or FB
 */
OflCommand
ofl_nec_command_bitmap (gboolean erase, guint bank, guint block)
{
  guint8 cdb[CDB_LEN];

  begin_block (cdb, erase, bank);
  cdb[8 - block / 8] = (guint8) (1u << (block % 8));
  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_command_block:
 * @erase: erase it, or write it from memory
 * @bank: 0 or 1
 * @block: number of the block
 *
 * Returns: EN or FN
 */
OflCommand
ofl_nec_command_block (gboolean erase, guint bank, guint block)
{
  guint8 cdb[CDB_LEN];

  begin_block (cdb, erase, bank);
  cdb[8] = (guint8) block;
  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_command_region:
 * @erase: erase it, or write it from memory
 * @bank: 0 or 1
 * @address: its first byte
 * @length: number of bytes
 *
 * Returns: ER or FR
 */
OflCommand
ofl_nec_command_region (gboolean erase, guint bank, guint32 address, guint32 length)
{
  guint8 cdb[CDB_LEN];

  begin_block (cdb, erase, bank);
  ofl_put_be (cdb + 2, 4, address);
  ofl_put_be (cdb + 6, 3, length);
  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_command_erase_bank:
 * @bank: 0 or 1
 *
 * Returns: EBANK
 */
OflCommand
ofl_nec_command_erase_bank (guint bank)
{
  guint8 cdb[CDB_LEN] = { OP_WRITE, in_bank (bank, 0x08) };

  return make (cdb, OFL_DIR_NONE, 0);
}

/**
 * ofl_nec_add_safe_on:
 * @plan: a plan
 * @stage: the bar
 * @bank: 0 or 1
 * @id: the drive type's four characters
 *
 * Returns: what ofl_nec_add_safe_off() needs to know of it
 */
guint
ofl_nec_add_safe_on (OflPlan *plan, OflStage stage, guint bank, const char *id)
{
  OflStep *step = ofl_plan_command (plan, stage, N_ ("Enter safe mode"),
                                    ofl_nec_command_safe (bank, id, TRUE), OFL_EXPECT_OK,
                                    OFL_NEC_COMMAND_MS);

  step->reading = OFL_READING_SHARED;
  step->source = "nec 2.1 SAFE";
  return ofl_plan_get_n_steps (plan);
}

/**
 * ofl_nec_add_safe_off:
 * @plan: a plan
 * @stage: the bar
 * @bank: 0 or 1
 * @id: the drive type's four characters
 * @after: what ofl_nec_add_safe_on() returned
 *
 * Leaves safe mode, also when something fails after it was entered; not again when leaving fails,
 * and not when entering did (nec 2.13).
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_nec_add_safe_off (OflPlan *plan, OflStage stage, guint bank, const char *id, guint after)
{
  OflStep *step = ofl_plan_command (plan, stage, N_ ("Leave safe mode"),
                                    ofl_nec_command_safe (bank, id, FALSE), OFL_EXPECT_OK,
                                    OFL_NEC_COMMAND_MS);

  step->cleanup = TRUE;
  step->cleanup_after = after;
  step->reading = OFL_READING_SHARED;
  step->source = "nec 2.13";
  return step;
}

/**
 * ofl_nec_add_inquiry:
 * @plan: a plan
 * @stage: the bar
 * @label: what it is for
 *
 * Of two readings both have their firmware before either asks (nec 2.14 row 5).
 *
 * Returns: the slot that gets who the drive says it is
 */
int
ofl_nec_add_inquiry (OflPlan *plan, OflStage stage, const char *label)
{
  int capture = ofl_plan_add_capture (plan, "inquiry", OFL_INQUIRY_LEN);
  OflStep *step = ofl_plan_read (plan, stage, label, ofl_command_inquiry (OFL_INQUIRY_LEN), capture,
                                 0, OFL_NEC_COMMAND_MS);

  step->residual_ok = TRUE;
  step->reading = OFL_READING_EACH_AFTER;
  step->source = "nec 1.4";
  return capture;
}

/**
 * ofl_nec_add_ready:
 * @plan: a plan
 * @stage: the bar
 * @expect: which answer ends it
 *
 * A drive may need a while after it left safe mode, and says so by ASC 04 or 28. The source knows
 * that and does not wait; asking costs nothing when the drive is ready.
 *
 * Returns: (transfer none): the step
 */
OflStep *
ofl_nec_add_ready (OflPlan *plan, OflStage stage, OflExpect expect)
{
  OflStep *step = ofl_plan_poll (plan, stage, N_ ("Wait until the drive is itself again"),
                                 ofl_command_test_unit_ready (), expect, 500, OFL_NEC_READY_MS, 1);

  step->reading = OFL_READING_SHARED;
  step->source = "nec 4";
  return step;
}
