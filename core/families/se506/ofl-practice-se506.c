/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of a Samsung SE-506CB, an MT1939 behind USB: its receiver, its boot code and its
 * memory. Sources: se506 1, se506 2, se506 3. */
#include "practice/ofl-practice-receiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OP_VENDOR 0xff

/* Byte 2 of FF 00 */
#define SUB_BLOCK 0x01
#define SUB_SELECT 0x04
#define SUB_SELECTED 0x05
#define SUB_VERSION 0xff
#define VERSION_MARK 0xaa /* byte 11 */

/* Byte 5: which block this is. Its place follows from the order alone. */
#define BLOCK_FIRST 0x00
#define BLOCK_MIDDLE 0xff
#define BLOCK_LAST 0x02

#define VENDOR "TSSTcorp"
#define PRODUCT "BDDVDW SE-506CB"
#define FIRST_REVISION "TS00"
#define TS01_LOAD_WORD 0x0004223eu

#define IMAGE_SIZE 0x200000u
#define BLOCK_SIZE 0xf800u
#define LAST_SIZE 0x800u
#define HALF_BLOCKS 17u
#define HALF 0x100000u

#define CODE 0x10000u
#define TABLE 0x10400u
#define SUMMED_END 0x1e2000u
#define TRAILER 0x1fffd0u
#define LOAD_WORD 0x1fffecu
#define SUM 0x1ffffeu
#define KEY_PAGE 0x1fff00u

#define DATE_AT 2 /* INQUIRY 38: month and day */
#define DATE "0901"

/* It says that 36 bytes come, and sends more (se506 1). */
#define INQUIRY_ADDITIONAL 0x1f
#define INQUIRY_MORE (OFL_PRACTICE_INQUIRY_SIZE - 5 - INQUIRY_ADDITIONAL)
#define RETURN_US 3000000

#define OFL_TYPE_PRACTICE_SE506 (ofl_practice_se506_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeSe506, ofl_practice_se506, OFL, PRACTICE_SE506,
                      OflPracticeReceiver)

struct _OflPracticeSe506 {
  OflPracticeReceiver parent_instance;

  guint8 selected;
  gint64 away_until_us; /* off the bus until then; 0 when on it */
};

G_DEFINE_FINAL_TYPE (OflPracticeSe506, ofl_practice_se506, OFL_TYPE_PRACTICE_RECEIVER)

static const OflPracticeReceiverInfo model = {
  .chip = &ofl_practice_chip_spi_16m_quick,
  .staging = IMAGE_SIZE,
  .first = CODE,
  .end = IMAGE_SIZE,
  .key_page = KEY_PAGE,
  .vendor = VENDOR,
  .product = PRODUCT,
  .revision = "BOOT",
  .made_as = PRODUCT,
  .recovers = TRUE,
  .interface = INTERFACE_USB,
};

static const char *const assumptions = N_ (
    "The boot code is assumed to start the firmware when the sum and the strings of its trailer "
    "are right; the signature table is not looked at, because its algorithm is not public. "
    "The receiver is assumed to look at nothing but the order and the length of the blocks, "
    "and to refuse an update while a disc is in. A last block that comes too early, after the "
    "first 1 MiB was burned, is assumed to restart the drive as any other. FF 00 04 is "
    "assumed to keep its byte, and FF 00 05 to return it as the second of two; nothing is "
    "done with it. Of the memory only the flash can be read, at its own addresses; 3C 02 is "
    "refused. The drive is assumed to be off the bus for 3 s when it restarts.");

static const guint8 *
ofl_practice_se506_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, VENDOR, PRODUCT, "");
  if (memcmp (image + TRAILER, id, ID_REVISION) != 0
      || ofl_get_be (image + SUM, 2) != ofl_practice_sum (image + CODE, SUMMED_END - CODE, 0))
    return NULL;
  return image + TRAILER;
}

/* Bytes 36-55 of INQUIRY: zeros from the boot code, a date at 38 from the firmware. */
static void
ofl_practice_se506_started (OflPracticeReceiver *receiver)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (receiver));
  gboolean down = ofl_practice_receiver_update (receiver)->down;

  common->inquiry_additional = INQUIRY_ADDITIONAL;
  common->inquiry_more = INQUIRY_MORE;
  memset (common->extra, down ? 0 : ' ', sizeof common->extra);
  if (!down)
    OFL_PRACTICE_PUT_TEXT (common->extra + DATE_AT, DATE);
}

static void
ofl_practice_se506_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeSe506 *self = OFL_PRACTICE_SE506 (drive);

  self->selected = 0;
  self->away_until_us = 0;
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_se506_parent_class)->boot (drive, now_us);
}

static void
ofl_practice_se506_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeSe506 *self = OFL_PRACTICE_SE506 (drive);

  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_se506_parent_class)->tick (drive, now_us);
  if (self->away_until_us == 0 || now_us < self->away_until_us)
    return;
  self->away_until_us = 0;
  ofl_practice_receiver_start (OFL_PRACTICE_RECEIVER (self));
  ofl_practice_add_attention (drive, ASC_RESET, 0);
}

/* After this answer the drive restarts, and its bridge with it. */
static void
leave (OflPracticeSe506 *self, gint64 now_us, OflPracticeAnswer *answer)
{
  answer->leaves = TRUE;
  answer->return_us = RETURN_US;
  self->away_until_us = now_us + answer->delay_us + RETURN_US;
}

/* The last block: the second half is burned while the host waits. The bridge counts none of its
 * bytes. */
static void
finish (OflPracticeSe506 *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);

  if (ofl_practice_receiver_update (receiver)->next == IMAGE_SIZE)
    {
      answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, HALF, IMAGE_SIZE) - now_us;
      answer->residual = request->out_len;
    }
  else
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  leave (self, now_us, answer);
}

static void
keep_block (OflPracticeSe506 *self, gint64 now_us, const OflPracticeRequest *request,
            OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);

  ofl_practice_receiver_take (receiver, request);
  if (update->next == HALF_BLOCKS * BLOCK_SIZE)
    answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, CODE, HALF) - now_us;
}

static void
take_block (OflPracticeSe506 *self, gint64 now_us, const OflPracticeRequest *request,
            OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint8 mode = request->cdb[5];

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (mode == BLOCK_FIRST)
    ofl_practice_receiver_begin (receiver);
  if (!update->receiving)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else if (request->out_len != (mode == BLOCK_LAST ? LAST_SIZE : BLOCK_SIZE)
           || request->out_len > IMAGE_SIZE - update->next)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else if (mode == BLOCK_LAST)
    {
      gboolean begun = update->next >= HALF_BLOCKS * BLOCK_SIZE;

      ofl_practice_receiver_take (receiver, request);
      if (begun)
        finish (self, now_us, request, answer);
      else
        ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
    }
  else
    keep_block (self, now_us, request, answer);
}

static gboolean
is_block (const guint8 *cdb)
{
  return cdb[1] == 0 && cdb[2] == SUB_BLOCK && cdb[3] == 0 && cdb[4] == 0
         && (cdb[5] == BLOCK_FIRST || cdb[5] == BLOCK_MIDDLE || cdb[5] == BLOCK_LAST)
         && ofl_practice_is_zero (cdb + 6, 10);
}

/* FF 00: what is not known is accepted, and nothing is done. */
static void
vendor_command (OflPracticeSe506 *self, gint64 now_us, const OflPracticeRequest *request,
                OflPracticeAnswer *answer)
{
  static const guint8 version[] = { 0x00, 0x06, 0x01, 0x01, 'T', 'S', ' ', 0x00 };
  const guint8 *cdb = request->cdb;
  guint8 selected[2] = { 0, self->selected };
  gboolean plain = cdb[1] == 0 && ofl_practice_is_zero (cdb + 3, 2)
                   && ofl_practice_is_zero (cdb + 6, 5) && ofl_practice_is_zero (cdb + 12, 4);

  if (is_block (cdb))
    take_block (self, now_us, request, answer);
  else if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  else if (plain && cdb[2] == SUB_VERSION && cdb[5] == 0 && cdb[11] == VERSION_MARK)
    ofl_practice_send (request, answer, version, sizeof version, sizeof version);
  else if (plain && cdb[2] == SUB_SELECT && cdb[5] < 0x10 && cdb[11] == 0)
    self->selected = cdb[5];
  else if (plain && cdb[2] == SUB_SELECTED && cdb[5] == 0 && cdb[11] == 0)
    ofl_practice_send (request, answer, selected, sizeof selected, sizeof selected);
}

/* 3C 06: memory by address, also from the boot code. */
static void
read_memory (OflPracticeSe506 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  guint32 start = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS || request->cdb[2] != 0
      || !ofl_practice_is_zero (request->cdb + 9, 7) || start > IMAGE_SIZE
      || length > IMAGE_SIZE - start)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  ofl_practice_send (request, answer, ofl_practice_receiver_flash (receiver) + start, length,
                     length);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

static gboolean
ofl_practice_se506_command (OflPracticeDrive *drive, gint64 now_us,
                            const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeSe506 *self = OFL_PRACTICE_SE506 (drive);

  if (self->away_until_us != 0)
    {
      answer->vanish = TRUE;
      answer->return_us = self->away_until_us - now_us;
      return TRUE;
    }
  switch (request->cdb[0])
    {
    case OP_VENDOR:
      vendor_command (self, now_us, request, answer);
      return TRUE;
    case OP_READ_BUFFER:
      read_memory (self, request, answer);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
ofl_practice_se506_can_write (const OflPracticeRequest *request)
{
  return request->cdb[0] == OP_VENDOR
         && (request->cdb[2] == SUB_BLOCK || request->cdb[2] == SUB_SELECT);
}

static void
ofl_practice_se506_class_init (OflPracticeSe506Class *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);
  OflPracticeReceiverClass *receiver_class = OFL_PRACTICE_RECEIVER_CLASS (klass);

  drive_class->assumptions = assumptions;
  drive_class->boot = ofl_practice_se506_boot;
  drive_class->tick = ofl_practice_se506_tick;
  drive_class->command = ofl_practice_se506_command;
  drive_class->can_write = ofl_practice_se506_can_write;
  receiver_class->find_identity = ofl_practice_se506_find_identity;
  receiver_class->started = ofl_practice_se506_started;
}

static void
ofl_practice_se506_init (OflPracticeSe506 *self)
{
}

/* The trailer behind the strings, as in TS01 (se506 3.1), without the sum. */
static void
put_trailer (guint8 *image, const char *product, const char *revision)
{
  static const guint8 rest[]
      = { 'T', 'S', ' ', 0xff, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xaa, 0xff, 0xff, 0xff, 0xff };

  ofl_practice_put_id (image + TRAILER, VENDOR, product, revision);
  ofl_put_le (image + LOAD_WORD, 4, TS01_LOAD_WORD);
  memcpy (image + LOAD_WORD + 4, rest, sizeof rest);
}

/* Source of the format: se506 3.1; its signature table is ended by the first word, as
 * "fix" there does. "wrong-family" is for a SE-208AB. */
static GBytes *
make_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  g_autofree guint8 *image = g_malloc (IMAGE_SIZE);

  memset (image, 0xff, IMAGE_SIZE);
  ofl_practice_fill_body (image, CODE, entry->id, FIRST_REVISION);
  ofl_practice_fill_body (image + CODE, SUMMED_END - CODE, entry->id, revision);
  ofl_put_be (image + TABLE, 4, 0xffffffff);
  put_trailer (image, wrong ? "DVDWBD SE-208AB" : PRODUCT, revision);
  ofl_put_be (image + SUM, 2, ofl_practice_sum (image + CODE, SUMMED_END - CODE, 0));
  return ofl_practice_finish_image (image, IMAGE_SIZE, IMAGE_SIZE / 4, "bad-sum", variant);
}

const OflPracticeEntry ofl_practice_se506_drives[] = {
  { "se506", N_ ("Practice TSSTcorp BDDVDW SE-506CB"), OFL_PRACTICE_SUMMED, FIRST_REVISION,
    ofl_practice_se506_get_type, make_image, &model, OFL_PRACTICE_BD_WRITER },
  { NULL },
};
