/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The receiver of a practice MT1959 drive: how an update begins, what it takes, how it burns.
 * Sources: mt1959 2, 3.4. */
#include "families/mt1959/ofl-practice-mt1959.h"

#include <string.h>

#include "families/mt1959/ofl-practice-mt1959-cmac.h"

#define KEY_PAGE (MT1959_KEY & ~(FLASH_PAGE - 1))
#define UNLOCK_BUFFER 0x67
#define PREFIX "MT1959 Boot "
#define SUFFIX_SIZE 4

/**
 * ofl_practice_mt1959_group: (skip)
 * @board: (array fixed-size=16): a board string
 *
 * Source: mt1959 1.4.
 *
 * Returns: the group of boards; %GROUP_NONE when it is no board string
 */
Mt1959Group
ofl_practice_mt1959_group (const guint8 *board)
{
  static const struct {
    char suffix[SUFFIX_SIZE + 1];
    Mt1959Group group;
  } suffixes[] = {
    { "BUP1", GROUP_OLD_SLIM },    { "BU5 ", GROUP_SLIM },        { "BU51", GROUP_SLIM },
    { "BUP3", GROUP_SLIM },        { "BP32", GROUP_SLIM },        { "BUP5", GROUP_SLIM },
    { "BP52", GROUP_SLIM },        { "JB8 ", GROUP_HALF_HEIGHT }, { "JB9 ", GROUP_HALF_HEIGHT },
    { "JBC6", GROUP_HALF_HEIGHT }, { "JBP6", GROUP_HALF_HEIGHT },
  };

  if (memcmp (board, PREFIX, strlen (PREFIX)) != 0)
    return GROUP_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (memcmp (board + strlen (PREFIX), suffixes[i].suffix, SUFFIX_SIZE) == 0)
      return suffixes[i].group;
  return GROUP_NONE;
}

static Mt1959Group
own_group (OflPracticeMt1959 *self)
{
  return ofl_practice_mt1959_group (ofl_practice_mt1959_flash (self) + MT1959_BANNER);
}

static gboolean
has_disc (OflPracticeMt1959 *self)
{
  return ofl_practice_common (OFL_PRACTICE_DRIVE (self))->disc;
}

/**
 * ofl_practice_mt1959_forget: (skip)
 * @self: a drive that does not burn
 *
 * Forgets the update that was being received, or that has ended.
 */
void
ofl_practice_mt1959_forget (OflPracticeMt1959 *self)
{
  self->receiver = RECEIVER_IDLE;
  g_clear_pointer (&self->staging, g_free);
}

/* What the receiver does not like ends in 05/24/00, which OEM tools show as "Write DRAM NG"
 * (mt1959 5). */
static void
refuse (OflPracticeMt1959 *self, OflPracticeAnswer *answer)
{
  if (self->receiver == RECEIVER_RECEIVING)
    ofl_practice_mt1959_forget (self);
  ofl_practice_refuse_field (answer);
}

static void
begin (OflPracticeMt1959 *self)
{
  g_free (self->staging);
  self->staging = g_malloc0 (MT1959_SIZE);
  self->next = 0;
  self->commit_due = FALSE;
  self->receiver = RECEIVER_RECEIVING;
}

/* 3B 01: byte 9 is 0B in the OEM's dialect and 00 in the other public one. */
static void
prepare (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;
  gboolean well_formed = cdb[1] == OFL_BUFFER_VENDOR && ofl_practice_is_zero (cdb + 2, 7)
                         && (cdb[9] == 0x00 || cdb[9] == 0x0b) && ofl_practice_is_zero (cdb + 10, 2)
                         && request->out_len == 0;

  if (!well_formed || has_disc (self))
    refuse (self, answer);
  else
    begin (self);
}

/* 3B 06 67: how redumper enters today; where it is refused, it goes on to 3B 01 (mt1959 2.6). */
static void
slim_unlock (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  if (request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS || !ofl_practice_is_zero (request->cdb + 3, 9)
      || request->out_len != 0 || own_group (self) != GROUP_SLIM || has_disc (self))
    refuse (self, answer);
  else
    begin (self);
}

static const guint8 *
running_descriptor (OflPracticeMt1959 *self)
{
  return ofl_practice_mt1959_flash (self) + MT1959_DESCRIPTOR;
}

/* Whether the code that runs is of 2020 or later; the boot code never is. */
static gboolean
is_late (OflPracticeMt1959 *self)
{
  const guint8 *date = running_descriptor (self) + MT1959_DATE;

  return !self->boot_mode && g_ascii_isdigit (date[0]) && date[0] >= '2';
}

static gboolean
wants_encrypted (OflPracticeMt1959 *self)
{
  if (self->boot_mode)
    return self->boot_enc;
  return is_late (self) && running_descriptor (self)[MT1959_SKU + 1] != 'M';
}

/* Slim boards want the very string that they show (OmniDrive's issue 31); half-height ones, and the
 * boot code, any of the group: redumper sends JB8 to boards that are JB9 (mt1959 1.4). */
static gboolean
is_board_right (OflPracticeMt1959 *self, const guint8 *board)
{
  if (memcmp (board, ofl_practice_mt1959_shown (self), MT1959_BANNER_ID_SIZE) == 0)
    return TRUE;
  return (self->boot_mode || own_group (self) == GROUP_HALF_HEIGHT)
         && ofl_practice_mt1959_group (board) == own_group (self);
}

/* An image of another model, or an older one, needs its mark (mt1959 3.3). */
static gboolean
is_way_allowed (OflPracticeMt1959 *self, const guint8 *descriptor)
{
  const guint8 *own = running_descriptor (self);

  return self->boot_mode
         || memcmp (descriptor + MT1959_DE, MT1959_DE_TEXT, strlen (MT1959_DE_TEXT)) == 0
         || (memcmp (descriptor + MT1959_PRODUCT, own + MT1959_PRODUCT, MT1959_PRODUCT_SIZE) == 0
             && memcmp (descriptor + MT1959_DATE, own + MT1959_DATE, MT1959_DATE_SIZE) >= 0);
}

/* Whether the receiver takes what has arrived; removes the encryption when it expects one. */
static gboolean
accept_image (OflPracticeMt1959 *self)
{
  guint8 *image = self->staging;
  const guint8 *descriptor = image + MT1959_DESCRIPTOR;

  if (wants_encrypted (self))
    ofl_practice_mt1959_decrypt (image, MT1959_SIZE);
  return is_board_right (self, image + MT1959_BANNER)
         && memcmp (descriptor + MT1959_TAG, MT1959_TAG_TEXT, strlen (MT1959_TAG_TEXT)) == 0
         && is_way_allowed (self, descriptor)
         && memcmp (image + MT1959_KEY, image + MT1959_KEY_COPY, MT1959_KEY_SIZE) == 0
         && ofl_practice_mt1959_cmac_check (image, MT1959_SIZE);
}

static void
queue_range (OflPracticeMt1959 *self, guint32 start, guint32 end)
{
  OflPracticeChip *chip = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip;

  while (start < end)
    {
      guint32 length = MIN (FLASH_SECTOR - start % FLASH_SECTOR, end - start);

      ofl_practice_chip_queue_erase (chip, start, length);
      ofl_practice_chip_queue_program (chip, start, self->staging + start, length);
      start += length;
    }
}

/* The key is voided first and written last, so that a broken burn never looks whole. */
static void
burn (OflPracticeMt1959 *self, gint64 now_us)
{
  OflPracticeChip *chip = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip;
  guint8 voided[FLASH_PAGE];
  guint32 after_key = KEY_PAGE + FLASH_PAGE;

  memset (voided, 0xff, sizeof voided);
  memset (voided + (MT1959_KEY - KEY_PAGE), 0, MT1959_KEY_SIZE);
  ofl_practice_chip_queue_program (chip, KEY_PAGE, voided, FLASH_PAGE);
  ofl_practice_chip_queue_erase (chip, MT1959_MAIN, FLASH_SECTOR);
  queue_range (self, MT1959_MAIN + FLASH_SECTOR, MT1959_UNIT);
  queue_range (self, MT1959_UNIT_END, MT1959_CALIBRATION);
  ofl_practice_chip_queue_program (chip, MT1959_MAIN, self->staging + MT1959_MAIN,
                                   KEY_PAGE - MT1959_MAIN);
  ofl_practice_chip_queue_program (chip, after_key, self->staging + after_key,
                                   MT1959_MAIN + FLASH_SECTOR - after_key);
  ofl_practice_chip_queue_program (chip, KEY_PAGE, self->staging + KEY_PAGE, FLASH_PAGE);
  g_clear_pointer (&self->staging, g_free);
  self->receiver = RECEIVER_BURNING;
  self->commit_due = TRUE;
  self->burn_began_us = now_us;
  self->burn_ends_us = ofl_practice_burn (OFL_PRACTICE_DRIVE (self), now_us);
}

/* The last piece has come. Firmware of 2020 or later refuses it (OmniDrive's issue 63); before it,
 * and in the boot code, the drive takes it, is ready at once and changes nothing (mt1959 2.7). */
static void
finish (OflPracticeMt1959 *self, gint64 now_us, OflPracticeAnswer *answer)
{
  if (accept_image (self))
    {
      burn (self, now_us);
      return;
    }
  ofl_practice_note (OFL_PRACTICE_DRIVE (self), now_us, "image not taken");
  if (is_late (self))
    {
      refuse (self, answer);
      return;
    }
  ofl_practice_mt1959_forget (self);
  self->receiver = RECEIVER_DONE;
}

/* 3B 06: chunks of 4000h in ascending order; the burn begins when the last one has landed. */
static void
stream (OflPracticeMt1959 *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (self->receiver != RECEIVER_RECEIVING || request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS
      || request->cdb[2] != 0 || !ofl_practice_is_zero (request->cdb + 9, 3) || offset != self->next
      || length != MT1959_CHUNK || request->out_len != length || has_disc (self))
    {
      refuse (self, answer);
      return;
    }
  memcpy (self->staging + offset, request->out, length);
  self->next += length;
  if (self->next == MT1959_SIZE)
    finish (self, now_us, answer);
}

/* 3B 07 with 1B 12 at its end: a trailer after the data, while the burn runs or after it. */
static void
commit (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;

  if (!self->commit_due || cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS_SAVE
      || !ofl_practice_is_zero (cdb + 2, 8) || cdb[10] != 0x1b || cdb[11] != 0x12
      || request->out_len != 0)
    refuse (self, answer);
  else
    self->commit_due = FALSE;
}

/**
 * ofl_practice_mt1959_write: (skip)
 * @self: a drive
 * @now_us: the time, microseconds
 * @request: WRITE BUFFER
 * @answer: its answer
 *
 * Answers a command of an update.
 */
void
ofl_practice_mt1959_write (OflPracticeMt1959 *self, gint64 now_us,
                           const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 mode = request->cdb[1] & 0x1f;

  if (mode == OFL_BUFFER_MICROCODE_OFFSETS_SAVE)
    {
      commit (self, request, answer);
      return;
    }
  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (self->receiver == RECEIVER_DONE)
    ofl_practice_mt1959_forget (self);
  if (mode == OFL_BUFFER_VENDOR)
    prepare (self, request, answer);
  else if (request->cdb[2] == UNLOCK_BUFFER)
    slim_unlock (self, request, answer);
  else
    stream (self, now_us, request, answer);
}
