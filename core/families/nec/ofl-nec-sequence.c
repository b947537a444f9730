/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: what is sent to a drive, type by type. nec 2.3 to 2.12. Sending fills the
 * drive's memory and does no harm; the first block that is erased is the point of no return. */
#include "families/nec/ofl-nec.h"

#include <glib/gi18n-lib.h>

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define CHUNK_MS 20
#define UNIT_PADDING 4
#define BLOCK 0x10000
#define NO_SUM G_MAXUINT32

/* How a type names a block. */
typedef enum {
  BY_BITMAP,
  BY_NUMBER,
  BY_REGION,
} Form;

/**
 * Recipe:
 * @form: how blocks are named
 * @first: the first block
 * @last_erased: the last that is erased
 * @last_written: the last that is written
 * @sums: indexes of the sums that are sent before the first erase, and where in the image they
 *   stand
 *
 * The types that are sent, checked, erased and written one after the other.
 */
typedef struct {
  Form form;
  guint first;
  guint last_erased;
  guint last_written;
  struct {
    guint index;
    guint32 at;
  } sums[2];
  guint n_sums;
} Recipe;

static const Recipe recipes[] = {
  [OFL_NEC_768K] = { BY_BITMAP, 8, 19, 19, { { 8, 0xb7ffe } }, 1 },
  [OFL_NEC_1M] = { BY_BITMAP, 2, 18, 18, { { 8, 0xf9ffe } }, 1 },
  [OFL_NEC_1M_K2] = { BY_BITMAP, 2, 18, 18, { { 1, 0x29ffe }, { 2, 0xf9ffe } }, 2 },
  [OFL_NEC_2M] = { BY_BITMAP, 4, 34, 33, { { 0, 0x1e0000 } }, 1 },
  [OFL_NEC_OPTI] = { BY_BITMAP, 3, 30, 30, { { 0, 0x1c0000 } }, 1 },
  [OFL_NEC_OPTI2] = { BY_NUMBER, 3, 31, 30, { { 0, 0x1c0000 } }, 1 },
  [OFL_NEC_OPTI3] = { BY_REGION, 3, 30, 29, { { 0, 0x1b0000 } }, 1 },
  [OFL_NEC_BD] = { BY_BITMAP, 3, 31, 31, { { 0, NO_SUM } }, 1 },
};

static const char *
source_of (const OflNecWriter *w)
{
  static const char *const sources[] = {
    [OFL_NEC_640K] = "nec 2.3",  [OFL_NEC_768K] = "nec 2.4",   [OFL_NEC_1M] = "nec 2.5",
    [OFL_NEC_1M_K2] = "nec 2.6", [OFL_NEC_2M] = "nec 2.7",     [OFL_NEC_OPTI] = "nec 2.8",
    [OFL_NEC_OPTI2] = "nec 2.9", [OFL_NEC_OPTI3] = "nec 2.10", [OFL_NEC_OPTI4] = "nec 2.11",
    [OFL_NEC_BD] = "nec 2.12",
  };

  return sources[w->model->layout->kind];
}

static guint
times (const OflNecWriter *w, const char *key)
{
  return ofl_family_number (w->family, "timing", key);
}

static guint16
word_at (const OflNecWriter *w, guint32 at)
{
  return at == NO_SUM ? 0 : (guint16) ofl_get_be (w->data + at, 2);
}

static void
add_quick (const OflNecWriter *w, OflStage stage, const char *label, OflCommand command,
           const char *source)
{
  OflStep *step
      = ofl_plan_command (w->plan, stage, label, command, OFL_EXPECT_OK, OFL_NEC_COMMAND_MS);

  step->source = source;
}

static void
add_erase (const OflNecWriter *w, OflStage stage, OflCommand command)
{
  OflStep *step = ofl_plan_command (w->plan, stage, N_ ("Erase"), command, OFL_EXPECT_OK,
                                    times (w, "erase-ms"));

  step->max_ms = times (w, "erase-max-ms");
  step->source = source_of (w);
}

static void
add_program (const OflNecWriter *w, OflStage stage, OflCommand command)
{
  OflStep *step = ofl_plan_command (w->plan, stage, N_ ("Program"), command, OFL_EXPECT_OK,
                                    times (w, "program-ms"));

  step->max_ms = times (w, "program-max-ms");
  step->source = source_of (w);
}

/* What the flash begins with, in safe mode, too (nec 6). A gate that has entered it is undone by the
 * flash's own leaving of it. */
static guint
enter (const OflNecWriter *w)
{
  guint on = ofl_nec_add_safe_on (w->plan, OFL_STAGE_SEND, 0, w->model->id);

  return w->on != 0 ? w->on : on;
}

static void
add_danger (const OflNecWriter *w)
{
  ofl_plan_mark (w->plan, OFL_STAGE_ERASE, OFL_MARK_DANGER_BEGINS, N_ ("The first block is erased"))
      ->source
      = source_of (w);
}

static OflCommand
block_command (Form form, gboolean erase, guint block)
{
  switch (form)
    {
    case BY_NUMBER:
      return ofl_nec_command_block (erase, 0, block);
    case BY_REGION:
      return ofl_nec_command_region (erase, 0, block * BLOCK, BLOCK);
    case BY_BITMAP:
    default:
      return ofl_nec_command_bitmap (erase, 0, block);
    }
}

/* One write; 2MOpti gets the padding that its boot code needs from a buffer of its own, in which
 * every write has it behind itself. */
static void
add_send (const OflNecWriter *w, OflStage stage, guint bank, OflNecRange range)
{
  OflNecKind kind = w->model->layout->kind;
  guint units = range.length / OFL_NEC_UNIT;
  guint32 padding = kind == OFL_NEC_OPTI ? units * UNIT_PADDING : 0;
  guint32 offset = padding != 0 ? range.at / OFL_NEC_CHUNK * (OFL_NEC_CHUNK + padding) : range.at;
  OflCommand command;
  OflStep *step;

  if (kind == OFL_NEC_OPTI3 || kind == OFL_NEC_BD)
    command = ofl_nec_command_write_region (bank, range.address, range.length, 0);
  else if (kind == OFL_NEC_OPTI4)
    command = ofl_nec_command_write_region (bank, range.address, range.length,
                                            ofl_nec_sum (w->data + range.at, range.length));
  else
    command = ofl_nec_command_write (bank, range.address, units, range.length + padding);
  step = ofl_plan_send (w->plan, stage, N_ ("Send the firmware"), command,
                        padding != 0 ? w->padded : w->buffer, offset, CHUNK_MS);
  step->source = source_of (w);
}

static void
add_sends (const OflNecWriter *w, guint32 from, guint32 to, guint32 size)
{
  for (guint32 at = from; at < to; at += size)
    {
      OflNecRange range = { 0, w->model->layout->base + at, at, MIN (size, to - at) };

      add_send (w, OFL_STAGE_SEND, 0, range);
    }
}

/* BD only: the result is not looked at (nec 2.12 row 6). */
static void
add_last_check (const OflNecWriter *w)
{
  OflStep *step = ofl_plan_command (w->plan, OFL_STAGE_PROGRAM,
                                    N_ ("Let the drive check its flash"),
                                    ofl_nec_command_check (0, 0, 0, 1), OFL_EXPECT_IGNORE,
                                    OFL_NEC_COMMAND_MS);

  step->source = "nec 2.12";
}

static void
add_by_recipe (const OflNecWriter *w, const Recipe *recipe)
{
  guint on = enter (w);

  add_sends (w, 0, w->model->layout->payload, OFL_NEC_CHUNK);
  for (guint i = 0; i < recipe->n_sums; i++)
    add_quick (w, OFL_STAGE_SEND, N_ ("Send the sum"),
               ofl_nec_command_check (0, recipe->sums[i].index, word_at (w, recipe->sums[i].at), 0),
               "nec 2.1 CK");
  add_danger (w);
  for (guint block = recipe->first; block <= recipe->last_erased; block++)
    add_erase (w, OFL_STAGE_ERASE, block_command (recipe->form, TRUE, block));
  for (guint block = recipe->first; block <= recipe->last_written; block++)
    add_program (w, OFL_STAGE_PROGRAM, block_command (recipe->form, FALSE, block));
  if (w->model->layout->kind == OFL_NEC_BD)
    add_last_check (w);
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_PROGRAM, 0, w->model->id, on);
}

/* nec 2.3: the first 8000 bytes in pieces of 1000; blocks 13 to 15 before 0 to 7. */
static void
add_bank_0 (const OflNecWriter *w)
{
  static const guint blocks[] = { 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7 };
  guint on = enter (w);

  add_sends (w, 0, 0x3000, OFL_NEC_UNIT);
  add_sends (w, 0x3000, 0x7b000, OFL_NEC_CHUNK);
  add_quick (w, OFL_STAGE_SEND, N_ ("Send the sum"),
             ofl_nec_command_check (0, 0, word_at (w, 0x7affe), 0), "nec 2.3");
  add_danger (w);
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    add_erase (w, OFL_STAGE_ERASE, ofl_nec_command_bitmap (TRUE, 0, blocks[i]));
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    add_program (w, OFL_STAGE_PROGRAM, ofl_nec_command_bitmap (FALSE, 0, blocks[i]));
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_PROGRAM, 0, w->model->id, on);
}

/* All of it lies behind the point of no return, and counts as programming. */
static void
add_bank_1 (const OflNecWriter *w)
{
  static const OflNecRange sends[] = {
    { 1, 0x240000, 0x7b004, 0x2000 }, { 1, 0x242000, 0x7d004, 0x1000 },
    { 1, 0x243000, 0x7e004, 0x1000 }, { 1, 0x244000, 0x7f004, 0x4000 },
    { 1, 0x248000, 0x83004, 0x8000 }, { 1, 0x250000, 0x8b004, 0x8000 },
    { 1, 0x258000, 0x93004, 0x8000 },
  };
  guint on = ofl_nec_add_safe_on (w->plan, OFL_STAGE_PROGRAM, 1, w->model->id);

  for (guint i = 0; i < G_N_ELEMENTS (sends); i++)
    add_send (w, OFL_STAGE_PROGRAM, 1, sends[i]);
  add_quick (w, OFL_STAGE_PROGRAM, N_ ("Send the sum"),
             ofl_nec_command_check (1, 0, word_at (w, 0x9b002), 0), "nec 2.3");
  add_erase (w, OFL_STAGE_PROGRAM, ofl_nec_command_erase_bank (1));
  for (guint block = 8; block <= 14; block++)
    add_program (w, OFL_STAGE_PROGRAM, ofl_nec_command_bitmap (FALSE, 1, block));
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_PROGRAM, 1, w->model->id, on);
}

/* nec 2.11: everything is erased before the first byte of firmware is sent. */
static void
add_opti4 (const OflNecWriter *w)
{
  const OflNecLayout *layout = w->model->layout;
  guint on = enter (w);

  add_quick (w, OFL_STAGE_SEND, N_ ("Let the drive check its boot code"),
             ofl_nec_command_check_area (word_at (w, 0xe), layout->payload, 5), "nec 2.11");
  add_danger (w);
  for (guint32 at = 0; at < layout->payload; at += BLOCK)
    add_erase (w, OFL_STAGE_ERASE, ofl_nec_command_region (TRUE, 1, layout->base + at, BLOCK));
  for (guint32 at = 0; at < layout->payload; at += BLOCK)
    {
      for (guint32 part = at; part < at + BLOCK; part += OFL_NEC_CHUNK)
        {
          OflNecRange range = { 1, layout->base + part, part, OFL_NEC_CHUNK };

          add_send (w, OFL_STAGE_PROGRAM, 1, range);
        }
      add_program (w, OFL_STAGE_PROGRAM,
                   ofl_nec_command_region (FALSE, 1, layout->base + at, BLOCK));
    }
  add_quick (w, OFL_STAGE_PROGRAM, N_ ("Let the drive check its flash"),
             ofl_nec_command_check_area (word_at (w, layout->sum_at), layout->payload, 4),
             "nec 2.11");
  ofl_nec_add_safe_off (w->plan, OFL_STAGE_PROGRAM, 0, w->model->id, on);
}

/**
 * ofl_nec_add_flash:
 * @w: a write plan with its gates
 *
 * From entering safe mode to leaving it, with the mark before the first block is erased.
 */
void
ofl_nec_add_flash (const OflNecWriter *w)
{
  OflNecKind kind = w->model->layout->kind;

  if (kind == OFL_NEC_640K)
    {
      add_bank_0 (w);
      add_bank_1 (w);
    }
  else if (kind == OFL_NEC_OPTI4)
    add_opti4 (w);
  else if (kind < G_N_ELEMENTS (recipes) && recipes[kind].n_sums > 0)
    add_by_recipe (w, &recipes[kind]);
}
