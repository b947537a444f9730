/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of a Panasonic (Matshita) UJ-870BJ, a slim drive. Written from the facts, not
 * from the plan. Sources: matshita 1, matshita 2, matshita 3. */
#include "practice/ofl-practice-receiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OP_MEMORY 0x2d
#define OP_READ 0xe8
#define OP_SEND 0xea
#define OP_UNLOCK 0xed
#define OP_COMMIT 0xf5
#define OP_ERASE 0xfa /* so named by one source; not known here */

#define VENDOR "MATSHITA"
#define PRODUCT "DVD-RAM UJ870BJ"
#define OTHER_PRODUCT "DVD-RAM UJ880AS"

/* The file: a header, which also goes before every piece, and the payload */
#define HEADER 0x30u
#define HEADER_MARK 0x1fu
#define HEADER_LENGTH 0x24u
#define HEADER_UNKNOWN 0x28u
#define PAYLOAD 0xca1f8u /* of the one firmware whose update was recorded */

/* Our own, below the scrambling: who it is for at the beginning, the check at the end */
#define CHECK_AT (PAYLOAD - 4)
#define SCRAMBLE_SEED 0x554a3837u

/* Whole sectors of the flash; what is behind the payload stays erased. */
#define BURNED 0xd0000u

/* What can be read as memory: the flash, and behind it the buffer of an update */
#define MEMORY 0x200000u
#define BUFFER_AT 0x100000u
#define PRIME 0x430u

#define UNLOCK_ANSWER 0x1000u
#define UNLOCK_USED 0x1ecu
#define COMMIT_ANSWER 0x400u
#define COMMIT_LAST_MAKER 0x80

/* No data follows. */
static const guint8 enter_update[16] = { OP_UNLOCK, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x3c };

/* Bytes 2 and 3 of the commands 2D that open the memory, in their order */
static const guint8 bridge_steps[3][2] = { { 0x81, 0x7d }, { 0x82, 0x00 }, { 0x82, 0x10 } };

#define OFL_TYPE_PRACTICE_MATSHITA (ofl_practice_matshita_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeMatshita, ofl_practice_matshita, OFL, PRACTICE_MATSHITA,
                      OflPracticeReceiver)

struct _OflPracticeMatshita {
  OflPracticeReceiver parent_instance;

  guint8 header[HEADER]; /* of the update that is being received */
  gboolean unlocked;
  gboolean entered;   /* ED 01 has come: the drive says that it is ready, though no disc is in */
  guint bridge;       /* how many of bridge_steps have come */
  gboolean primed;    /* E8 reads memory, not what has arrived */
  gboolean committed; /* nothing more is taken before the power has gone */
};

G_DEFINE_FINAL_TYPE (OflPracticeMatshita, ofl_practice_matshita, OFL_TYPE_PRACTICE_RECEIVER)

/* The source's burn took longer than the 30 s of its host. The typical times of practice 3 would
 * make it 20 s, the limits of the serial part's data sheet make it 43 s. */
static const OflPracticeChipType chip = {
  .name = "NOR 8 Mbit, as slow as MX25L8005 may be",
  .size = 0x100000,
  .big_sector = 0x10000,
  .small_sector = 0x1000,
  .page = 0x100,
  .big_us = 2000000,
  .small_us = 120000,
  .page_us = 5000,
};

static const OflPracticeReceiverInfo model = {
  .chip = &chip,
  .staging = BURNED,
  .end = BURNED,
  .vendor = VENDOR,
  .product = "",
  .revision = "",
  .made_as = PRODUCT,
  .interface = INTERFACE_SERIAL_ATAPI,
};

static const char *const assumptions = N_ (
    "How a real payload is scrambled is not public: that of this drive is scrambled in a way of "
    "our own, and holds vendor, product, revision and a check of our own. The drive is assumed to "
    "want exactly CA1F8 bytes of it, the same header before every piece, all pieces in ascending "
    "order, and to refuse an update while a disc is in; the two words of the header that nobody "
    "has explained are not looked at. It is assumed to take an update without the unlock, as one "
    "source sends it, but to show its memory only after it, and to accept the unlock for every "
    "second and minute whose bytes fit together; its answer means nothing here. What the maker's "
    "program sends after it (ED 01) is assumed to change only that the drive, as recorded, says it is "
    "ready with no disc in, until its power goes or the bus is reset. F5 is assumed to "
    "look at the header and the check, to refuse a wrong file (05/26/00) or one that is not "
    "complete (05/2C/00) without burning, and to answer when the burn has ended, in its form with "
    "data with zeros. While it burns the drive is assumed to be not ready (02/04/07). After a "
    "burn it is assumed to run its old firmware and to refuse EA and F5 (05/2C/00) until its "
    "power has gone; the recorded one was refused without a reason. Of the memory of 2 MiB the "
    "first half is assumed to be the flash and the second to hold what has arrived, each piece "
    "with a header of zeros. Any reset of the bus is assumed to end an update that has not been "
    "burned, and the unlock. What a drive does whose burn was broken is not public: this one "
    "shows its maker and no product, is not ready (02/04/03) and takes no update. Only a reset of "
    "the practice drive helps. Times are those of another flash chip, at the limits of its data "
    "sheet.");

/* Both ways: a stream of bytes that depends on nothing. */
static void
scramble (guint8 *payload)
{
  guint32 random = SCRAMBLE_SEED;

  for (guint32 i = 0; i < PAYLOAD; i++)
    payload[i] ^= (guint8) (ofl_practice_random (&random) >> 11);
}

static guint32
check_of (const guint8 *plain)
{
  guint32 check = OFL_PRACTICE_MIX_START;

  for (guint32 i = 0; i < CHECK_AT; i++)
    check = (check ^ plain[i]) * 0x01000193u;
  return check;
}

/* What a burn leaves of a payload. */
static guint8 *
unpack (const guint8 *payload)
{
  guint8 *cells = g_malloc (BURNED);

  memcpy (cells, payload, PAYLOAD);
  scramble (cells);
  memset (cells + PAYLOAD, 0xff, BURNED - PAYLOAD);
  return cells;
}

static const guint8 *
ofl_practice_matshita_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, VENDOR, PRODUCT, "");
  if (memcmp (image, id, ID_REVISION) != 0 || ofl_get_be (image + CHECK_AT, 4) != check_of (image))
    return NULL;
  return image;
}

/* The header of a file, but for the strings. */
static void
put_header (guint8 *header)
{
  memset (header + ID_SIZE, ' ', HEADER_MARK - ID_SIZE);
  header[HEADER_MARK] = 0x1a;
  memset (header + HEADER_MARK + 1, 0, HEADER_LENGTH - HEADER_MARK - 1);
  ofl_put_be (header + HEADER_LENGTH, 4, PAYLOAD);
}

static gboolean
is_header (const guint8 *header, const guint8 *id)
{
  guint8 wanted[HEADER];

  memcpy (wanted, id, ID_SIZE);
  put_header (wanted);
  return memcmp (header, wanted, HEADER_UNKNOWN) == 0;
}

/* XX 00 00 off3 len3 00 00 00; how much behind the header, or 0. */
static guint32
piece_of (const guint8 *cdb)
{
  guint32 length = ofl_get_be (cdb + 6, 3);

  if (cdb[1] != 0 || cdb[2] != 0 || !ofl_practice_is_zero (cdb + 9, 7) || length < HEADER)
    return 0;
  return length - HEADER;
}

/* Zeros in place of a header begin no update. */
static gboolean
has_header (const OflPracticeRequest *request)
{
  return request->out_len < HEADER || !ofl_practice_is_zero (request->out, HEADER);
}

/* EA 00 00 000000 000430 with nothing but zeros, after the three 2D, opens the memory. */
static gboolean
is_prime (OflPracticeMatshita *self, const OflPracticeRequest *request)
{
  return self->bridge == G_N_ELEMENTS (bridge_steps) && ofl_get_be (request->cdb + 3, 3) == 0
         && request->out_len == PRIME && ofl_practice_is_zero (request->out, PRIME);
}

static void
prime (OflPracticeMatshita *self)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);

  ofl_practice_receiver_begin (receiver);
  update->receiving = FALSE;
  memset (update->staging, 0, PRIME - HEADER);
  self->primed = TRUE;
}

static void
take_piece (OflPracticeMatshita *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  OflPracticeRequest piece = *request;

  self->bridge = 0;
  self->primed = FALSE;
  piece.out += HEADER;
  piece.out_len -= HEADER;
  if (offset == 0)
    {
      ofl_practice_receiver_begin (receiver);
      memcpy (self->header, request->out, HEADER);
    }
  if (!update->receiving)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else if (offset != update->next || piece.out_len > PAYLOAD - update->next)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (memcmp (self->header, request->out, HEADER) != 0)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
  else
    ofl_practice_receiver_take (receiver, &piece);
}

static void
receive (OflPracticeMatshita *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  guint32 length = piece_of (request->cdb);

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (self->committed)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else if (length == 0 || request->out_len != HEADER + length)
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (has_header (request))
    take_piece (self, request, answer);
  else if (is_prime (self, request))
    prime (self);
  else
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
}

/* Of the memory that can be read: the flash, then what has arrived. */
static void
copy_memory (OflPracticeReceiver *receiver, guint32 at, guint8 *data, guint32 length)
{
  const guint8 *flash = ofl_practice_receiver_flash (receiver);
  const guint8 *buffer = ofl_practice_receiver_update (receiver)->staging;

  for (guint32 i = at; i < at + length; i++)
    if (i < BUFFER_AT)
      *data++ = flash[i];
    else
      *data++ = i - BUFFER_AT < BURNED ? buffer[i - BUFFER_AT] : 0;
}

/* E8: 30 zeros, then what has arrived, or memory. */
static void
read_back (OflPracticeMatshita *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint32 at = ofl_get_be (request->cdb + 3, 3);
  guint32 length = piece_of (request->cdb);
  guint32 end = self->primed ? MEMORY : update->next;
  g_autofree guint8 *data = NULL;

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (!self->primed && !update->receiving)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_SEQUENCE, 0);
      return;
    }
  if (length == 0 || at > end || length > end - at)
    {
      self->primed = FALSE;
      ofl_practice_refuse_field (answer);
      return;
    }
  data = g_malloc0 (HEADER + length);
  if (self->primed)
    copy_memory (receiver, at, data + HEADER, length);
  else
    memcpy (data + HEADER, update->staging + at, length);
  ofl_practice_send (request, answer, data, HEADER + length, HEADER + length);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

/* Begins the burn when what has arrived is a firmware for this drive. */
static gboolean
burn (OflPracticeMatshita *self, gint64 now_us, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  guint8 *staging = ofl_practice_receiver_update (receiver)->staging;
  g_autofree guint8 *cells = unpack (staging);
  const guint8 *id = ofl_practice_matshita_find_identity (receiver, cells);

  if (id == NULL || !is_header (self->header, id))
    {
      ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
      return FALSE;
    }
  memcpy (staging, cells, BURNED);
  answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, 0, BURNED) - now_us;
  self->committed = TRUE;
  return TRUE;
}

/* F5 and ten zeros, then 80 and no data (the maker) or 00 and data. */
static void
commit (OflPracticeMatshita *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint8 last = request->cdb[11];
  guint8 zeros[COMMIT_ANSWER] = { 0 };

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (!ofl_practice_is_zero (request->cdb + 1, 10) || (last != 0 && last != COMMIT_LAST_MAKER))
    ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
  else if (!update->receiving || update->next != PAYLOAD)
    ofl_practice_receiver_reject (receiver, answer, ASC_SEQUENCE);
  else if (burn (self, now_us, answer) && last == 0)
    ofl_practice_send (request, answer, zeros, sizeof zeros, sizeof zeros);
}

/* ED 01, which the log has once, answered well. */
static void
enter (OflPracticeMatshita *self, OflPracticeAnswer *answer)
{
  self->entered = !ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer);
}

/* ED 00 ~s ~m (89-s) (-m-92) 10 (118-s) (101-m) 10 00 3C: of a second and a minute, any. */
static void
unlock (OflPracticeMatshita *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 s = (guint8) ~request->cdb[2];
  guint8 m = (guint8) ~request->cdb[3];
  guint8 wanted[16] = { OP_UNLOCK, 0, request->cdb[2], request->cdb[3] };
  g_autofree guint8 *data = g_malloc0 (UNLOCK_ANSWER);
  guint32 random = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->seed;

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  wanted[4] = (guint8) (89 - s);
  wanted[5] = (guint8) (-m - 92);
  wanted[6] = 0x10;
  wanted[7] = (guint8) (118 - s);
  wanted[8] = (guint8) (101 - m);
  wanted[9] = 0x10;
  wanted[11] = 0x3c;
  if (wanted[4] == 0xff && wanted[5] == 0xff)
    wanted[4] = wanted[5] = 0;
  self->unlocked = memcmp (request->cdb, wanted, sizeof wanted) == 0;
  if (!self->unlocked)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  ofl_practice_random_fill (&random, data, UNLOCK_USED);
  ofl_practice_send (request, answer, data, UNLOCK_ANSWER, UNLOCK_ANSWER);
}

/* 2D 00 xx xx and zeros: three of them in this order, after the unlock. */
static void
open_memory (OflPracticeMatshita *self, const OflPracticeRequest *request,
             OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  self->primed = FALSE;
  if (memcmp (cdb + 2, bridge_steps[0], 2) == 0)
    self->bridge = 0;
  if (self->unlocked && self->bridge < G_N_ELEMENTS (bridge_steps) && cdb[1] == 0
      && ofl_practice_is_zero (cdb + 4, 12) && memcmp (cdb + 2, bridge_steps[self->bridge], 2) == 0)
    {
      self->bridge++;
      return;
    }
  self->bridge = 0;
  ofl_practice_refuse_field (answer);
}

static gboolean
ofl_practice_matshita_command (OflPracticeDrive *drive, gint64 now_us,
                               const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeMatshita *self = OFL_PRACTICE_MATSHITA (drive);

  switch (request->cdb[0])
    {
    case OP_TEST_UNIT_READY:
      return self->entered && !ofl_practice_is_busy (drive, answer);
    case OP_MEMORY:
      open_memory (self, request, answer);
      return TRUE;
    case OP_READ:
      read_back (self, request, answer);
      return TRUE;
    case OP_SEND:
      receive (self, request, answer);
      return TRUE;
    case OP_UNLOCK:
      if (memcmp (request->cdb, enter_update, sizeof enter_update) == 0)
        enter (self, answer);
      else
        unlock (self, request, answer);
      return TRUE;
    case OP_COMMIT:
      commit (self, now_us, request, answer);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
ofl_practice_matshita_can_write (const OflPracticeRequest *request)
{
  switch (request->cdb[0])
    {
    case OP_SEND:
      return has_header (request);
    case OP_COMMIT:
    case OP_ERASE:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
forget (OflPracticeMatshita *self)
{
  self->unlocked = FALSE;
  self->entered = FALSE;
  self->bridge = 0;
  self->primed = FALSE;
}

static void
ofl_practice_matshita_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMatshita *self = OFL_PRACTICE_MATSHITA (drive);
  OflPracticeUpdate *update = ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (drive));

  forget (self);
  self->committed = FALSE;
  g_free (update->staging);
  update->staging = g_malloc0 (model.staging);
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_matshita_parent_class)->boot (drive, now_us);
}

static void
ofl_practice_matshita_reset (OflPracticeDrive *drive, gint64 now_us)
{
  forget (OFL_PRACTICE_MATSHITA (drive));
  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_matshita_parent_class)->reset (drive, now_us);
}

/* The new firmware is not started: the old one runs until the power has gone. */
static void
ofl_practice_matshita_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeUpdate *update = ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (drive));

  if (update->burning && ofl_practice_burn_has_ended (drive))
    update->burning = FALSE;
}

static void
ofl_practice_matshita_fill (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  g_autoptr (GBytes) image = ofl_practice_shared_image (common->entry, NULL);
  const guint8 *file = g_bytes_get_data (image, NULL);
  g_autofree guint8 *cells = unpack (file + HEADER);

  ofl_practice_chip_put (common->chip, 0, cells, BURNED);
}

static gboolean
ofl_practice_matshita_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  g_autofree guint8 *cells = NULL;

  if (size != HEADER + PAYLOAD)
    return FALSE;
  cells = unpack (image + HEADER);
  return memcmp (ofl_practice_receiver_flash (OFL_PRACTICE_RECEIVER (drive)), cells, BURNED) == 0;
}

static void
ofl_practice_matshita_class_init (OflPracticeMatshitaClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  drive_class->assumptions = assumptions;
  drive_class->fill = ofl_practice_matshita_fill;
  drive_class->boot = ofl_practice_matshita_boot;
  drive_class->reset = ofl_practice_matshita_reset;
  drive_class->tick = ofl_practice_matshita_tick;
  drive_class->command = ofl_practice_matshita_command;
  drive_class->can_write = ofl_practice_matshita_can_write;
  drive_class->holds = ofl_practice_matshita_holds;
  OFL_PRACTICE_RECEIVER_CLASS (klass)->find_identity = ofl_practice_matshita_find_identity;
}

static void
ofl_practice_matshita_init (OflPracticeMatshita *self)
{
}

/* The documented header, with its two unknown words as in the recorded file, and a payload of our
 * own; "bad-sum" changes a byte of it. */
static GBytes *
make_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  static const guint8 unknown[] = { 0x00, 0x01, 0xf6, 0xb2, 0x00, 0x00, 0x00, 0x27 };
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  gsize size = HEADER + PAYLOAD;
  g_autofree guint8 *image = g_malloc (size);
  guint8 *payload = image + HEADER;

  ofl_practice_put_id (image, VENDOR, wrong ? OTHER_PRODUCT : PRODUCT, revision);
  put_header (image);
  memcpy (image + HEADER_UNKNOWN, unknown, sizeof unknown);
  ofl_practice_fill_body (payload, PAYLOAD, entry->id, revision);
  memcpy (payload, image, ID_SIZE);
  ofl_put_be (payload + CHECK_AT, 4, check_of (payload));
  scramble (payload);
  return ofl_practice_finish_image (image, size, size / 2, "bad-sum", variant);
}

const OflPracticeEntry ofl_practice_matshita_drives[] = {
  { "uj870", N_ ("Practice MATSHITA DVD-RAM UJ870BJ"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_matshita_get_type, make_image, &model, .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { NULL },
};
