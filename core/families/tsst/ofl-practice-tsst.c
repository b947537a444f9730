/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of two DVD-ROM drives of Samsung's: a SH-D163B with an MT1339, and a SD-616F.
 * Sources: tsst 1, tsst 2, tsst 3. */
#include "practice/ofl-practice-receiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OP_VENDOR 0xff

/* Byte 5: which block this is. Its place follows from the order alone. */
#define BLOCK_FIRST 0x00
#define BLOCK_MIDDLE 0xff

#define ID_AT 0x100u

/* The three banks in which a SD-616F gets its image */
#define SD616_BANK 0x10000u
#define SD616_SENT 0x30000u

typedef struct {
  OflPracticeReceiverInfo info;
  const char *vendor, *product, *other;
  guint32 sent; /* bytes that come over the wire */
  guint32 block;
  guint8 end_mode;
} Model;

static const Model shd163 = {
  .info = { .chip = &ofl_practice_chip_parallel_2m,
            .staging = 0x40000,
            .end = 0x40000,
            .key_page = ID_AT,
            .vendor = "TSSTcorp",
            .product = "",
            .revision = "",
            .made_as = "DVD-ROM SH-D163B",
            .attention = { ASC_CHANGED, MICROCODE_CHANGED },
            .interface = INTERFACE_SERIAL_ATAPI },
  .other = "DVD-ROM TS-H353A",
  .sent = 0x40000,
  .block = 0xfc00,
  .end_mode = 0x04,
};

static const Model sd616 = {
  .info = { .chip = &ofl_practice_chip_parallel_1m,
            .staging = SD616_SENT,
            .end = 0x20000,
            .key_page = ID_AT,
            .vendor = "SAMSUNG",
            .product = "",
            .revision = "",
            .made_as = "DVD-ROM SD-616F",
            .attention = { ASC_CHANGED, MICROCODE_CHANGED },
            .interface = INTERFACE_ATAPI },
  .other = "DVD-ROM SD-612F",
  .sent = SD616_SENT,
  .block = SD616_BANK,
  .end_mode = 0x02,
};

#define OFL_TYPE_PRACTICE_TSST (ofl_practice_tsst_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeTsst, ofl_practice_tsst, OFL, PRACTICE_TSST, OflPracticeReceiver)

struct _OflPracticeTsst {
  OflPracticeReceiver parent_instance;
};

G_DEFINE_FINAL_TYPE (OflPracticeTsst, ofl_practice_tsst, OFL_TYPE_PRACTICE_RECEIVER)

static const char *const assumptions = N_ (
    "What lies in an image is not public: vendor, product and revision at 100, and the 16-bit "
    "sum of all bytes in its last two, are our own. The drive is assumed to check them "
    "itself, to want an image of exactly the size of its flash in whole blocks, to refuse an "
    "update while a disc is in and every other command FF, to burn nothing before the last "
    "block has come, to answer that one when it has burned, and to run the new firmware from "
    "then on. What a drive does whose burn was broken is not public: this one shows its maker "
    "and no product, is not ready (02/04/03) and takes no update. Only a reset of the "
    "practice drive helps. Times are those of another flash chip of the same kind.");

static const Model *
model_of (OflPracticeReceiver *receiver)
{
  return ofl_practice_common (OFL_PRACTICE_DRIVE (receiver))->entry->data;
}

static const guint8 *
ofl_practice_tsst_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  const Model *model = model_of (receiver);
  gsize sum_at = model->info.end - 2;
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, model->info.vendor, model->info.made_as, "");
  if (memcmp (image + ID_AT, id, ID_REVISION) != 0
      || ofl_get_be (image + sum_at, 2) != ofl_practice_sum (image, sum_at, 0))
    return NULL;
  return image + ID_AT;
}

/* A SD-616F gets three banks, with gaps of zeros and most of the second bank once more in the
 * third; the flash has every byte once. FALSE when the banks do not fit together. */
static gboolean
join_banks (guint8 *sent)
{
  g_autofree guint8 *image = g_malloc (0x20000);

  if (!ofl_practice_is_zero (sent + 0x10000, 0x400) || !ofl_practice_is_zero (sent + 0x1fc00, 0x400)
      || !ofl_practice_is_zero (sent + 0x2fc00, 0x400)
      || memcmp (sent + 0x20800, sent + 0x10800, 0xf400) != 0)
    return FALSE;
  memcpy (image, sent, 0x10000);
  memcpy (image + 0x10000, sent + 0x10400, 0xf800);
  memcpy (image + 0x1f800, sent + 0x20000, 0x800);
  memcpy (sent, image, 0x20000);
  return TRUE;
}

static void
finish (OflPracticeReceiver *receiver, gint64 now_us, OflPracticeAnswer *answer)
{
  const Model *model = model_of (receiver);
  guint8 *image = ofl_practice_receiver_update (receiver)->staging;

  if ((model->sent == SD616_SENT && !join_banks (image))
      || ofl_practice_tsst_find_identity (receiver, image) == NULL)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else
    answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, 0, model->info.end) - now_us;
}

/* FF 00 01 00 00 mm, twelve bytes. */
static gboolean
is_block (const guint8 *cdb)
{
  return cdb[1] == 0 && cdb[2] == 0x01 && cdb[3] == 0 && cdb[4] == 0
         && ofl_practice_is_zero (cdb + 6, 10);
}

static void
take_block (OflPracticeReceiver *receiver, gint64 now_us, const OflPracticeRequest *request,
            OflPracticeAnswer *answer)
{
  const Model *model = model_of (receiver);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint8 mode = request->cdb[5];
  guint32 wanted;

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (mode == BLOCK_FIRST)
    ofl_practice_receiver_begin (receiver);
  if (!update->receiving)
    {
      ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
      return;
    }
  wanted = MIN (model->block, model->sent - update->next);
  if (update->next != 0
      && mode != (update->next + wanted == model->sent ? model->end_mode : BLOCK_MIDDLE))
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (request->out_len != wanted)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else
    {
      ofl_practice_receiver_take (receiver, request);
      if (update->next == model->sent)
        finish (receiver, now_us, answer);
    }
}

static gboolean
ofl_practice_tsst_command (OflPracticeDrive *drive, gint64 now_us,
                           const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (drive);

  if (request->cdb[0] != OP_VENDOR)
    return FALSE;
  if (is_block (request->cdb))
    take_block (receiver, now_us, request, answer);
  else
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  return TRUE;
}

static gboolean
ofl_practice_tsst_can_write (const OflPracticeRequest *request)
{
  return request->cdb[0] == OP_VENDOR && request->cdb[2] == 0x01;
}

static void
ofl_practice_tsst_class_init (OflPracticeTsstClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  drive_class->assumptions = assumptions;
  drive_class->command = ofl_practice_tsst_command;
  drive_class->can_write = ofl_practice_tsst_can_write;
  OFL_PRACTICE_RECEIVER_CLASS (klass)->find_identity = ofl_practice_tsst_find_identity;
}

static void
ofl_practice_tsst_init (OflPracticeTsst *self)
{
}

/* The documented size around strings and a sum of our own; of the SD-616F as it lies in a file, not
 * yet rearranged for sending. */
static GBytes *
make_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  const Model *model = entry->data;
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  gsize size = model->info.end;
  g_autofree guint8 *image = g_malloc (size);

  ofl_practice_fill_body (image, size, entry->id, revision);
  ofl_practice_put_id (image + ID_AT, model->info.vendor,
                       wrong ? model->other : model->info.made_as, revision);
  ofl_put_be (image + size - 2, 2, ofl_practice_sum (image, size - 2, 0));
  return ofl_practice_finish_image (image, size, size / 2, "bad-sum", variant);
}

const OflPracticeEntry ofl_practice_tsst_drives[] = {
  { "shd163", N_ ("Practice TSSTcorp DVD-ROM SH-D163B"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_tsst_get_type, make_image, &shd163, OFL_PRACTICE_DVD_ROM },
  { "sd616", N_ ("Practice SAMSUNG DVD-ROM SD-616F"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_tsst_get_type, make_image, &sd616, OFL_PRACTICE_DVD_ROM },
  { NULL },
};
