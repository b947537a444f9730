/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of a BTC DRW1008. Sources: btc 1, btc 2, btc 3. */
#include "practice/ofl-practice-receiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define VENDOR "DVDRW"
#define PRODUCT "IDE1008"
#define OTHER_PRODUCT "IDE1108"
#define INQUIRY_ADDITIONAL 31 /* 36 bytes in all */
#define ID_AT 0x40bcu
#define KEY_PAGE 0x4000u

#define IMAGE_SIZE 0x100000u
#define DATA_AT 0x20u /* in the buffer; before it lies the head with the sum */
#define PIECE 0x1000u
#define HEAD_SUM 0x1eu
#define SUM_AT (IMAGE_SIZE - 2)

#define OFL_TYPE_PRACTICE_BTC (ofl_practice_btc_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeBtc, ofl_practice_btc, OFL, PRACTICE_BTC, OflPracticeReceiver)

struct _OflPracticeBtc {
  OflPracticeReceiver parent_instance;

  gboolean checked; /* the sum that came fits what has arrived */
};

G_DEFINE_FINAL_TYPE (OflPracticeBtc, ofl_practice_btc, OFL_TYPE_PRACTICE_RECEIVER)

static const OflPracticeReceiverInfo model = {
  .chip = &ofl_practice_chip_parallel_8m,
  .staging = IMAGE_SIZE,
  .end = IMAGE_SIZE,
  .key_page = KEY_PAGE,
  .vendor = VENDOR,
  .product = "",
  .revision = "",
  .made_as = PRODUCT,
  .attention = { ASC_CHANGED, MICROCODE_CHANGED },
  .interface = INTERFACE_ATAPI,
};

static const char *const assumptions = N_ (
    "The drive is assumed to compare the sum it is sent, and vendor and product, with what has "
    "arrived, to want all pieces in ascending order, and to refuse an update while a disc is "
    "in. It is assumed to answer the command that saves at once, to be not ready (02/04/07) "
    "while it burns, and to run the new firmware from then on. Whether an image carries a sum "
    "of its own is not public: those for this drive have the 16-bit sum of all bytes before "
    "them in their last two, and receiver and boot code look at it. What a drive does whose "
    "burn was broken is not public: this one shows its maker and no product, is not ready "
    "(02/04/03) and takes no update. Only a reset of the practice drive helps. Times are "
    "those of another flash chip of the same kind.");

static const guint8 *
ofl_practice_btc_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, VENDOR, PRODUCT, "");
  if (memcmp (image + ID_AT, id, ID_REVISION) != 0
      || ofl_get_be (image + SUM_AT, 2) != ofl_practice_sum (image, SUM_AT, 0))
    return NULL;
  return image + ID_AT;
}

static void
take_piece (OflPracticeBtc *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint32 offset = ofl_get_be (request->cdb + 3, 3);

  self->checked = FALSE;
  if (offset == DATA_AT)
    ofl_practice_receiver_begin (receiver);
  if (!update->receiving || offset != update->next + DATA_AT || update->next == IMAGE_SIZE
      || request->out_len != PIECE)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else
    ofl_practice_receiver_take (receiver, request);
}

/* The head of the buffer: zeros, and the sum of the image in its last two bytes. */
static void
take_sum (OflPracticeBtc *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);

  if (!update->receiving || update->next != IMAGE_SIZE)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else if (request->out_len != DATA_AT || !ofl_practice_is_zero (request->out, HEAD_SUM)
           || ofl_get_be (request->out + HEAD_SUM, 2)
                  != ofl_practice_sum (update->staging, IMAGE_SIZE, 0)
           || ofl_practice_btc_find_identity (receiver, update->staging) == NULL)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else
    self->checked = TRUE;
}

static void
save (OflPracticeBtc *self, gint64 now_us, const OflPracticeRequest *request,
      OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);

  if (!ofl_practice_is_zero (request->cdb + 2, 14) || request->out_len != 0)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (!self->checked || !ofl_practice_receiver_update (receiver)->receiving)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else
    ofl_practice_receiver_burn (receiver, now_us, 0, IMAGE_SIZE);
  self->checked = FALSE;
}

static gboolean
ofl_practice_btc_command (OflPracticeDrive *drive, gint64 now_us, const OflPracticeRequest *request,
                          OflPracticeAnswer *answer)
{
  OflPracticeBtc *self = OFL_PRACTICE_BTC (drive);
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  const guint8 *cdb = request->cdb;

  if (cdb[0] != OP_WRITE_BUFFER)
    return FALSE;
  if (!ofl_practice_receiver_can_take (receiver, answer))
    return TRUE;
  if (cdb[1] == OFL_BUFFER_MICROCODE_OFFSETS_SAVE)
    save (self, now_us, request, answer);
  else if (cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS || cdb[2] != 0
           || !ofl_practice_is_zero (cdb + 9, 7) || ofl_get_be (cdb + 6, 3) != request->out_len
           || request->out_len == 0)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (ofl_get_be (cdb + 3, 3) == 0)
    take_sum (self, request, answer);
  else
    take_piece (self, request, answer);
  return TRUE;
}

static void
ofl_practice_btc_setup (OflPracticeDrive *drive)
{
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_btc_parent_class)->setup (drive);
  ofl_practice_common (drive)->inquiry_additional = INQUIRY_ADDITIONAL;
}

static void
ofl_practice_btc_class_init (OflPracticeBtcClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_btc_setup;
  drive_class->command = ofl_practice_btc_command;
  OFL_PRACTICE_RECEIVER_CLASS (klass)->find_identity = ofl_practice_btc_find_identity;
}

static void
ofl_practice_btc_init (OflPracticeBtc *self)
{
}

/* Source of the format: btc 3.1; the sum in the last two bytes is our own, and only
 * the drive looks at it. "wrong-family" is for a DRW1108. */
static GBytes *
make_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  g_autofree guint8 *image = g_malloc (IMAGE_SIZE);

  ofl_practice_fill_body (image, IMAGE_SIZE, entry->id, revision);
  ofl_practice_put_id (image + ID_AT, VENDOR, wrong ? OTHER_PRODUCT : PRODUCT, revision);
  ofl_put_be (image + SUM_AT, 2, ofl_practice_sum (image, SUM_AT, 0));
  return ofl_practice_finish_image (image, IMAGE_SIZE, IMAGE_SIZE / 2, "bad-sum", variant);
}

const OflPracticeEntry ofl_practice_btc_drives[] = {
  { "drw1008", N_ ("Practice BTC DRW1008"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_btc_get_type, make_image, &model, OFL_PRACTICE_DVD_WRITER },
  { NULL },
};
