/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of a Lite-On SOHW-812S: the reads that are public, and, because its way of
 * writing is not, the standard's. Sources: liteon 1, 2, 3.2, 3.4. */
#include "families/liteon/ofl-practice-liteon.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "practice/ofl-practice-receiver.h"

#define OP_VENDOR 0xdf

#define READ_MEMORY 0x83
#define READ_EEPROM 0x89
#define MEMORY_PROGRAM 0xff
#define READ_SIZE 0x80u

#define KEY_PAGE 0x5600u

#define OFL_TYPE_PRACTICE_LITEON (ofl_practice_liteon_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeLiteon, ofl_practice_liteon, OFL, PRACTICE_LITEON,
                      OflPracticeReceiver)

struct _OflPracticeLiteon {
  OflPracticeReceiver parent_instance;

  guint8 eeprom[LITEON_EEPROM_SIZE];
  OflPracticeLiteonScan scan;
};

G_DEFINE_FINAL_TYPE (OflPracticeLiteon, ofl_practice_liteon, OFL_TYPE_PRACTICE_RECEIVER)

static const OflPracticeReceiverInfo model = {
  .chip = &ofl_practice_chip_parallel_8m,
  .staging = LITEON_SIZE,
  .first = LITEON_BOOT_SIZE,
  .end = LITEON_SIZE,
  .key_page = KEY_PAGE,
  .vendor = LITEON_VENDOR,
  .product = LITEON_PRODUCT,
  .revision = "",
  .made_as = LITEON_PRODUCT,
  .recovers = TRUE,
  .attention = { ASC_CHANGED, MICROCODE_CHANGED },
  .interface = INTERFACE_ATAPI,
};

static const char *const assumptions = N_ (
    "How a real drive of this kind is written is not public. As practice this one takes the "
    "standard's download instead (WRITE BUFFER modes 05 and 07, 1 MiB), which real ones are "
    "not known to take; every vendor command that writes is refused. The two reads are known "
    "from one author. They are assumed to want 80 bytes that lie within one bank, or within "
    "the 1 KiB of the EEPROM, and program memory to be type FF alone. What kinds of things lie "
    "in the EEPROM is documented, their places and their values are our own. Which error scans "
    "this model knows is not told: of a CD it is assumed to know the old way alone, and the one "
    "of a DVD. They are assumed to be refused without a disc, with another kind of disc, a blank "
    "one, out of order or by the boot code alone; to end with the disc, a reset or power; and not to be disturbed by other "
    "commands. An interval is assumed to be read at full speed, and of a DVD to be 128 "
    "blocks; the first question after SEEK to count nothing there, the others to name the last "
    "block that they counted; behind the end the place to stay and the counts to be 0. What "
    "errors a practice disc has is our own. The drive is assumed to check the size, the first byte of each bank and the "
    "ID block, to leave the boot code below 4000 as it is, to refuse an update while a disc "
    "is in, and to run the new firmware when it has burned. What a drive whose boot code "
    "alone works says of itself is not public: this one shows vendor and product and a blank "
    "revision, and takes an update. Times are those of another flash chip of the same kind.");

/* Behind the first header of an ID block from 4000 on; NULL when there is none. */
static const guint8 *
find_block (const guint8 *image)
{
  const gsize room = LITEON_HEADER_SIZE + ID_SIZE + LITEON_STAMP_SIZE;

  for (gsize at = LITEON_BOOT_SIZE; at + room <= LITEON_SIZE; at++)
    if (image[at] == ofl_practice_liteon_header[0]
        && memcmp (image + at, ofl_practice_liteon_header, LITEON_HEADER_SIZE) == 0)
      return image + at + LITEON_HEADER_SIZE;
  return NULL;
}

static const guint8 *
ofl_practice_liteon_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  const guint8 *block = find_block (image);
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, LITEON_VENDOR, LITEON_PRODUCT, "");
  for (guint32 bank = 0; bank < LITEON_SIZE; bank += LITEON_BANK)
    if (image[bank] != LITEON_BANK_BYTE)
      return NULL;
  return block != NULL && memcmp (block, id, ID_REVISION) == 0 ? block : NULL;
}

/* Bytes 36-51 of INQUIRY are the time stamp of the ID block. */
static void
ofl_practice_liteon_started (OflPracticeReceiver *receiver)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (receiver);
  OflPracticeCommon *common = ofl_practice_common (drive);

  ofl_practice_liteon_forget_scan (&OFL_PRACTICE_LITEON (receiver)->scan);
  memset (common->extra, ' ', sizeof common->extra);
  if (ofl_practice_receiver_update (receiver)->down)
    return;
  if (ofl_practice_is_new (drive))
    ofl_practice_liteon_put_stamp ((guint8 *) common->extra, common->entry->revision);
  else
    memcpy (common->extra, find_block (ofl_practice_receiver_flash (receiver)) + ID_SIZE,
            LITEON_STAMP_SIZE);
}

/* DF 83: a piece of a bank; DF 89: a piece of the EEPROM. */
static void
read_vendor (OflPracticeLiteon *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  const guint8 *cdb = request->cdb;
  gboolean plain = cdb[2] == 0 && cdb[3] == 0 && cdb[5] == 0 && ofl_practice_is_zero (cdb + 9, 7);
  guint32 at = ofl_get_be (cdb + 7, 2);

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (plain && cdb[1] == READ_MEMORY && cdb[4] == MEMORY_PROGRAM
      && cdb[6] < LITEON_SIZE / LITEON_BANK && at <= LITEON_BANK - READ_SIZE)
    ofl_practice_send (request, answer,
                       ofl_practice_receiver_flash (receiver) + cdb[6] * LITEON_BANK + at,
                       READ_SIZE, READ_SIZE);
  else if (plain && cdb[1] == READ_EEPROM && cdb[4] == 0 && cdb[6] == 0
           && at <= LITEON_EEPROM_SIZE - READ_SIZE)
    ofl_practice_send_eeprom (OFL_PRACTICE_DRIVE (self), request, answer, self->eeprom + at,
                              READ_SIZE);
  else
    ofl_practice_refuse_field (answer);
}

static void
finish (OflPracticeLiteon *self, gint64 now_us, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  const guint8 *image = ofl_practice_receiver_update (receiver)->staging;

  if (ofl_practice_liteon_find_identity (receiver, image) == NULL)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else
    answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, LITEON_BOOT_SIZE, LITEON_SIZE)
                        - now_us;
}

/* 3B 05 with everything, or 3B 07 in pieces from offset 0 on and without gaps. */
static void
write_buffer (OflPracticeLiteon *self, gint64 now_us, const OflPracticeRequest *request,
              OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  const guint8 *cdb = request->cdb;
  guint32 offset = ofl_get_be (cdb + 3, 3);
  gboolean whole = cdb[1] == OFL_BUFFER_MICROCODE_SAVE && request->out_len == LITEON_SIZE;

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (offset == 0)
    ofl_practice_receiver_begin (receiver);
  if ((!whole && cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS_SAVE) || cdb[2] != 0
      || !ofl_practice_is_zero (cdb + 9, 7) || ofl_get_be (cdb + 6, 3) != request->out_len
      || request->out_len == 0 || !update->receiving || offset != update->next
      || request->out_len > LITEON_SIZE - offset)
    {
      ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
      return;
    }
  ofl_practice_receiver_take (receiver, request);
  if (update->next == LITEON_SIZE)
    finish (self, now_us, answer);
}

static gboolean
ofl_practice_liteon_command (OflPracticeDrive *drive, gint64 now_us,
                             const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeLiteon *self = OFL_PRACTICE_LITEON (drive);

  if (!ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (self))->down
      && ofl_practice_liteon_scan (drive, &self->scan, request, answer))
    return TRUE;
  switch (request->cdb[0])
    {
    case OP_VENDOR:
      read_vendor (self, request, answer);
      return TRUE;
    case OP_WRITE_BUFFER:
      write_buffer (self, now_us, request, answer);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Of DF only the two reads and the scans are known to change nothing. */
static gboolean
ofl_practice_liteon_can_write (const OflPracticeRequest *request)
{
  return request->cdb[0] == OP_VENDOR && request->cdb[1] != READ_MEMORY
         && request->cdb[1] != READ_EEPROM && !ofl_practice_liteon_is_scan (request);
}

static void
ofl_practice_liteon_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_liteon_parent_class)->reset (drive, now_us);
  ofl_practice_liteon_forget_scan (&OFL_PRACTICE_LITEON (drive)->scan);
}

static void
ofl_practice_liteon_setup (OflPracticeDrive *drive)
{
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_liteon_parent_class)->setup (drive);
  ofl_practice_liteon_fill_eeprom (drive, OFL_PRACTICE_LITEON (drive)->eeprom);
}

static void
ofl_practice_liteon_class_init (OflPracticeLiteonClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);
  OflPracticeReceiverClass *receiver_class = OFL_PRACTICE_RECEIVER_CLASS (klass);

  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_liteon_setup;
  drive_class->reset = ofl_practice_liteon_reset;
  drive_class->command = ofl_practice_liteon_command;
  drive_class->can_write = ofl_practice_liteon_can_write;
  receiver_class->find_identity = ofl_practice_liteon_find_identity;
  receiver_class->started = ofl_practice_liteon_started;
}

static void
ofl_practice_liteon_init (OflPracticeLiteon *self)
{
}

const OflPracticeEntry ofl_practice_liteon_drives[] = {
  { "sohw812s", N_ ("Practice LITE-ON DVDRW SOHW-812S; how it is written is assumed"),
    OFL_PRACTICE_DAMAGED " bad-bank", LITEON_REVISION, ofl_practice_liteon_get_type,
    ofl_practice_liteon_image, &model, OFL_PRACTICE_DVD_WRITER },
  { NULL },
};
