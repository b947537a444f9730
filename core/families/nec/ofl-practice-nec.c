/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of NEC and Optiarc drives: firmware and settings that can be read, and a safe
 * mode in which the boot code takes new firmware. Source: nec 1 to 3. */
#include "families/nec/ofl-practice-nec.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OP_FLASH 0xcb
#define OP_ACCESS 0xcc
#define OP_BOOT_CODE 0xcd

/* Low half of byte 1; the high half is the bank */
#define FLASH_WRITE 0x01
#define FLASH_PROGRAM 0x02
#define FLASH_ERASE 0x04
#define FLASH_ERASE_BANK 0x08
#define ACCESS_READ 0x00
#define ACCESS_SAFE 0x01
#define ACCESS_SUM 0x04
#define ACCESS_SUM_AREA 0x06

#define MAX_READ 0x1000u
#define PEEK 4u /* bytes of the firmware that any drive shows, for its id (nec 2.14) */

/* The RID area (nec 1.2) */
#define RID_SIZE 0x80u
#define RID_TEXT 0x10u
#define RID_MAKER 0x20u
#define RID_MODEL 0x40u
#define ID_AREA_SIZE 0x20u

#define START_US 1000000

#define OFL_TYPE_PRACTICE_NEC (ofl_practice_nec_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeNec, ofl_practice_nec, OFL, PRACTICE_NEC, OflPracticeDrive)

struct _OflPracticeNec {
  OflPracticeDrive parent_instance;

  const NecModel *model;
  gboolean safe;       /* the boot code runs */
  NecSession *session; /* since safe mode was asked for */
  gint64 ready_us;     /* when the firmware is up */
  gboolean starting;
};

G_DEFINE_FINAL_TYPE (OflPracticeNec, ofl_practice_nec, OFL_TYPE_PRACTICE_DRIVE)

static const char *const assumptions = N_ (
    "Which sense codes such a drive gives is not public: here wrong bytes are answered with "
    "05/24/00, wrong sums with 05/26/00 and commands out of order with 05/2C/00. The drive is "
    "assumed to want the data without gaps from the first byte on, to compare each sum it is "
    "sent with the sum of what it covers before it erases anything, to erase each block once "
    "and all before it programs the first, and to touch no block outside the firmware. A disc "
    "in the tray is assumed to forbid all that, but not safe mode. What the sums inside an "
    "image cover is assumed to be all firmware before them, for the second of two all behind "
    "the first. Where the boot code looks whether the firmware is whole is not public: here "
    "it looks at those sums, or at one of our own in the firmware's last word, and stays in "
    "safe mode when they are wrong. The strings of INQUIRY are found as section 3.4 of "
    "core/families/nec/README.md says; that they start at 1000 hex is our own. The word at 0E "
    "of a 2MOpti4 image is assumed to be that at the end of the boot code, and the last page "
    "of the firmware to be written when its last sum is right. A Blu-ray drive is assumed to "
    "keep what follows the first 200 hex bytes of its image, from 030000 on, to look at id "
    "and sum of our own when it is sent the first sum of 0, and to let nobody read its "
    "firmware. Drives whose firmware is read with RD are assumed to show four bytes of it "
    "without. What follows the id is assumed to be zeros. The RID text is blank, and the byte "
    "of the firmware that tells models apart is our own, where the table has none. After safe "
    "mode the drive is taken to need a second until it is ready, in which it answers its own "
    "commands. The kind of flash chip is not public.");

static const guint8 *
cells (OflPracticeNec *self)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
}

static const guint8 *
firmware (OflPracticeNec *self, guint bank)
{
  return cells (self) + self->model->banks[bank].cells;
}

static void
enter_safe_mode (OflPracticeNec *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));

  self->safe = TRUE;
  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), self->model->vendor, self->model->product,
                             self->model->boot_revision);
  memset (common->extra, ' ', sizeof common->extra);
}

/* The strings of the firmware; NULL when it is not whole. */
static const guint8 *
find_whole (OflPracticeNec *self)
{
  for (guint i = 0; i < self->model->n_banks; i++)
    if (!ofl_practice_nec_is_whole (&self->model->banks[i], firmware (self, i)))
      return NULL;
  return ofl_practice_nec_identity (firmware (self, 0));
}

/* Starts what the flash holds: the firmware with its own strings, or the boot code. */
static void
start_firmware (OflPracticeNec *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  guint8 made[NEC_IDENTITY_SIZE];
  const guint8 *identity;

  g_clear_pointer (&self->session, ofl_practice_nec_session_free);
  if (ofl_practice_is_new (OFL_PRACTICE_DRIVE (self)))
    {
      ofl_practice_nec_put_identity (made, self->model, common->entry->revision);
      identity = made;
    }
  else
    identity = find_whole (self);
  if (identity == NULL)
    {
      enter_safe_mode (self);
      return;
    }
  self->safe = FALSE;
  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), identity + NEC_IDENTITY_VENDOR,
                             identity + NEC_IDENTITY_PRODUCT, identity + NEC_IDENTITY_REVISION);
  memcpy (common->extra, identity + NEC_IDENTITY_EXTRA, sizeof common->extra);
}

static void
ofl_practice_nec_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeNec *self = OFL_PRACTICE_NEC (drive);

  self->starting = FALSE;
  start_firmware (self);
  if (self->safe)
    ofl_practice_note (drive, now_us, "safe mode");
}

/* What was sent is forgotten; safe mode stays. */
static void
ofl_practice_nec_reset (OflPracticeDrive *drive, gint64 now_us)
{
  g_clear_pointer (&OFL_PRACTICE_NEC (drive)->session, ofl_practice_nec_session_free);
}

static void
ofl_practice_nec_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeNec *self = OFL_PRACTICE_NEC (drive);

  if (now_us >= self->ready_us)
    self->starting = FALSE;
}

static guint8
ofl_practice_nec_not_ready (OflPracticeDrive *drive)
{
  if (ofl_practice_chip_is_busy (ofl_practice_common (drive)->chip))
    return IN_PROGRESS;
  return OFL_PRACTICE_NEC (drive)->starting ? BECOMING_READY : 0;
}

static void
bad_order (OflPracticeAnswer *answer)
{
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_SEQUENCE, 0);
}

/* CC x1: SAFE (nec 2.1). Asking again begins anew. */
static void
change_mode (OflPracticeNec *self, gint64 now_us, const guint8 *cdb, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  guint bank = cdb[1] >> 4;
  gboolean other_bank = self->session != NULL
                        && ofl_practice_nec_session_get_bank (self->session) != bank;

  if (bank >= self->model->n_banks || cdb[2] > 1 || cdb[3] != 0 || cdb[8] != 1
      || memcmp (cdb + 4, self->model->id4, NEC_ID_SIZE) != 0 || !ofl_practice_is_zero (cdb + 9, 3))
    ofl_practice_refuse_field (answer);
  else if (other_bank || (cdb[2] == 0 && !self->safe))
    bad_order (answer);
  else if (cdb[2] == 1)
    {
      g_clear_pointer (&self->session, ofl_practice_nec_session_free);
      self->session = ofl_practice_nec_session_new (self->model, bank, common->chip);
      enter_safe_mode (self);
    }
  else
    {
      start_firmware (self);
      self->starting = TRUE;
      self->ready_us = now_us + START_US;
    }
}

/* The range of addresses of a bank that can be read, as cells; FALSE when there is no such bank. */
static gboolean
get_range (OflPracticeNec *self, guint bank, guint32 *from, guint32 *to)
{
  const NecModel *model = self->model;

  if (bank >= model->n_banks)
    return FALSE;
  *from = bank == 0 ? 0 : model->banks[bank].base;
  *to = bank == 0 && model->n_banks > 1 ? model->banks[1].cells : model->chip->size;
  if (bank > 0)
    *to = model->banks[bank].base + model->banks[bank].size;
  return TRUE;
}

/* Whether the drive shows a range: the firmware of some only in safe mode, with RD and its id. */
static gboolean
is_shown (OflPracticeNec *self, const guint8 *cdb, guint32 start, guint32 length)
{
  const NecBank *bank = &self->model->banks[cdb[1] >> 4];
  gboolean plain = ofl_practice_is_zero (cdb + 9, 3);
  gboolean is_firmware = start + length > bank->base;

  if (!plain)
    return self->model->guarded && self->safe && cdb[9] == 'R' && cdb[10] == 'D'
           && cdb[11] == firmware (self, 0)[self->model->dump_id_at];
  if (!is_firmware)
    return TRUE;
  return !self->model->closed && (!self->model->guarded || length <= PEEK);
}

/* CC x0: READ (nec 2.1): as many bytes as asked for, rounded up to whole fours. */
static void
read_cells (OflPracticeNec *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;
  guint32 start = ofl_get_be (cdb + 2, 4);
  guint32 length = (ofl_get_be (cdb + 7, 2) + 3) / 4 * 4;
  guint32 from, to, cell;

  if (!get_range (self, cdb[1] >> 4, &from, &to) || cdb[6] != 0 || length == 0 || length > MAX_READ
      || start < from || start >= to || length > to - start || !is_shown (self, cdb, start, length))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  cell = cdb[1] >> 4 == 0 ? start : start - from + self->model->banks[1].cells;
  ofl_practice_send (request, answer,
                     ofl_practice_chip_read (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip,
                                             cell, length),
                     length, length);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

/* CD x0 "RDBOOT" (nec 2.15) */
static void
read_boot_code (OflPracticeNec *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;

  if (self->model->boot_size == 0 || cdb[1] != 0 || memcmp (cdb + 2, "RDBOOT", 6) != 0
      || !ofl_practice_is_zero (cdb + 8, 4))
    ofl_practice_refuse_field (answer);
  else if (!self->safe)
    bad_order (answer);
  else
    ofl_practice_send (request, answer, cells (self), self->model->boot_size,
                       self->model->boot_size);
}

static void
report (OflPracticeNec *self, gint64 now_us, NecResult result, OflPracticeAnswer *answer)
{
  switch (result)
    {
    case NEC_DONE:
      break;
    case NEC_BURN:
      answer->delay_us += ofl_practice_burn (OFL_PRACTICE_DRIVE (self), now_us) - now_us;
      break;
    case NEC_BAD_DATA:
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_DATA, 0);
      break;
    case NEC_BAD_ORDER:
      bad_order (answer);
      break;
    case NEC_BAD_FIELD:
    default:
      ofl_practice_refuse_field (answer);
      break;
    }
}

/* The commands of a session, by opcode and the low half of byte 1. */
static NecResult
run_session (OflPracticeNec *self, const OflPracticeRequest *request)
{
  const guint8 *cdb = request->cdb;
  guint command = (guint) cdb[0] << 8 | (cdb[1] & 0x0f);

  switch (command)
    {
    case OP_FLASH << 8 | FLASH_WRITE:
      return ofl_practice_nec_session_write (self->session, request);
    case OP_FLASH << 8 | FLASH_PROGRAM:
      return ofl_practice_nec_session_program (self->session, cdb);
    case OP_FLASH << 8 | FLASH_ERASE:
      return ofl_practice_nec_session_erase (self->session, cdb);
    case OP_FLASH << 8 | FLASH_ERASE_BANK:
      return ofl_practice_nec_session_erase_bank (self->session, cdb);
    case OP_ACCESS << 8 | ACCESS_SUM:
      return ofl_practice_nec_session_sum (self->session, cdb);
    case OP_ACCESS << 8 | ACCESS_SUM_AREA:
      return ofl_practice_nec_session_sum_area (self->session, cdb);
    default:
      return NEC_BAD_FIELD;
    }
}

static void
update (OflPracticeNec *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  gboolean sends = request->cdb[0] == OP_FLASH && (request->cdb[1] & 0x0f) == FLASH_WRITE;

  if (self->session == NULL || ofl_practice_common (OFL_PRACTICE_DRIVE (self))->disc)
    bad_order (answer);
  else if (!sends && request->out_len != 0)
    ofl_practice_refuse_field (answer);
  else
    report (self, now_us, run_session (self, request), answer);
}

static void
access_drive (OflPracticeNec *self, gint64 now_us, const OflPracticeRequest *request,
              OflPracticeAnswer *answer)
{
  switch (request->cdb[1] & 0x0f)
    {
    case ACCESS_READ:
      read_cells (self, request, answer);
      break;
    case ACCESS_SAFE:
      change_mode (self, now_us, request->cdb, answer);
      break;
    case ACCESS_SUM:
    case ACCESS_SUM_AREA:
      update (self, now_us, request, answer);
      break;
    default:
      ofl_practice_refuse_field (answer);
      break;
    }
}

static gboolean
ofl_practice_nec_command (OflPracticeDrive *drive, gint64 now_us, const OflPracticeRequest *request,
                          OflPracticeAnswer *answer)
{
  OflPracticeNec *self = OFL_PRACTICE_NEC (drive);
  guint8 opcode = request->cdb[0];

  if (opcode != OP_FLASH && opcode != OP_ACCESS && opcode != OP_BOOT_CODE)
    return FALSE;
  if (ofl_practice_chip_is_busy (ofl_practice_common (drive)->chip))
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, IN_PROGRESS);
  else if (opcode == OP_FLASH)
    update (self, now_us, request, answer);
  else if (opcode == OP_ACCESS)
    access_drive (self, now_us, request, answer);
  else
    read_boot_code (self, request, answer);
  return TRUE;
}

/* Safe mode and reading leave no trace. */
static gboolean
ofl_practice_nec_can_write (const OflPracticeRequest *request)
{
  guint8 what = request->cdb[1] & 0x0f;

  return request->cdb[0] == OP_FLASH
         || (request->cdb[0] == OP_ACCESS && (what == ACCESS_SUM || what == ACCESS_SUM_AREA));
}

/* An image may come without the boot code's version. */
static gboolean
ofl_practice_nec_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  OflPracticeNec *self = OFL_PRACTICE_NEC (drive);
  const NecModel *model = self->model;

  if (size != model->image_size && !(model->bootcode && size == model->image_size - 2))
    return FALSE;
  for (guint i = 0; i < model->n_banks; i++)
    if (memcmp (firmware (self, i), image + model->banks[i].source, model->banks[i].size) != 0)
      return FALSE;
  return TRUE;
}

static void
put_id (guint8 *below, const NecModel *model, guint32 address)
{
  memset (below + address, 0, ID_AREA_SIZE);
  memcpy (below + address, model->shown, NEC_ID_SIZE);
}

static void
put_rid (guint8 *below, const NecModel *model)
{
  guint8 *rid = below + model->rid_at;

  memset (rid, 0, RID_SIZE);
  memcpy (rid + RID_TEXT, model->rid, 4);
  memcpy (rid + RID_MAKER, model->maker, strlen (model->maker));
  memcpy (rid + RID_MODEL, model->model, strlen (model->model));
}

/* Below the firmware: boot code, the same in all units, and what belongs to this one. */
static guint8 *
make_settings (OflPracticeCommon *common, const NecModel *model)
{
  guint32 size = model->banks[0].base;
  guint8 *below = g_malloc (size);
  guint32 random = ofl_practice_nec_boot_word (model);

  ofl_practice_random_fill (&random, below, MIN (size, 0x8000));
  ofl_put_be (below + MIN (size - 2, NEC_BOOT_WORD), 2, ofl_practice_nec_boot_word (model));
  random = common->seed * 2654435761u + 1640;
  ofl_practice_random_fill (&random, below + 0x4000, 0x400);
  if (size > 0x8000)
    ofl_practice_random_fill (&random, below + 0x8000, size - 0x8000);
  put_id (below, model, model->id_at);
  if (model->id_also_at != 0)
    put_id (below, model, model->id_also_at);
  put_rid (below, model);
  return below;
}

/* Where a host looks for the type: below the firmware, and at the byte in it that tells models
 * apart. */
static void
put_marks (OflPracticeCommon *common, const NecModel *model)
{
  g_autofree guint8 *below = make_settings (common, model);
  guint8 peek[PEEK];

  ofl_practice_chip_put_mark (common->chip, 0, below, model->banks[0].base);
  ofl_practice_nec_peek (common->entry, peek, sizeof peek);
  ofl_practice_chip_put_mark (common->chip, model->banks[0].cells + model->dump_id_at, peek,
                              sizeof peek);
}

/* What the factory writes. Behind the firmware, where a burn only erases, there is something. */
static void
ofl_practice_nec_fill (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  const NecModel *model = OFL_PRACTICE_NEC (drive)->model;
  g_autoptr (GBytes) image = ofl_practice_shared_image (common->entry, NULL);
  const guint8 *data = g_bytes_get_data (image, NULL);
  const NecBank *last = &model->banks[model->n_banks - 1];
  guint32 end = last->cells + last->size;
  g_autofree guint8 *below = make_settings (common, model);
  guint8 used[NEC_PAGE];
  guint32 random = common->seed + 1;

  ofl_practice_chip_put (common->chip, 0, below, model->banks[0].base);
  for (guint i = 0; i < model->n_banks; i++)
    ofl_practice_chip_put (common->chip, model->banks[i].cells, data + model->banks[i].source,
                           model->banks[i].size);
  if (end < model->chip->size)
    {
      ofl_practice_random_fill (&random, used, sizeof used);
      ofl_practice_chip_put (common->chip, end, used, sizeof used);
    }
}

static void
ofl_practice_nec_setup (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  const NecModel *model = ofl_practice_nec_model (common->entry->id);

  OFL_PRACTICE_NEC (drive)->model = model;
  common->inquiry_format = model->serial ? 2 : 1;
  if (model->serial)
    common->interface = INTERFACE_SERIAL_ATAPI;
  ofl_practice_put_chip (drive, model->chip);
  put_marks (common, model);
}

static void
ofl_practice_nec_finalize (GObject *object)
{
  g_clear_pointer (&OFL_PRACTICE_NEC (object)->session, ofl_practice_nec_session_free);
  G_OBJECT_CLASS (ofl_practice_nec_parent_class)->finalize (object);
}

static void
ofl_practice_nec_class_init (OflPracticeNecClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_nec_finalize;
  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_nec_setup;
  drive_class->fill = ofl_practice_nec_fill;
  drive_class->boot = ofl_practice_nec_boot;
  drive_class->reset = ofl_practice_nec_reset;
  drive_class->tick = ofl_practice_nec_tick;
  drive_class->not_ready = ofl_practice_nec_not_ready;
  drive_class->command = ofl_practice_nec_command;
  drive_class->can_write = ofl_practice_nec_can_write;
  drive_class->holds = ofl_practice_nec_holds;
}

static void
ofl_practice_nec_init (OflPracticeNec *self)
{
}

/* The rest of an entry; those whose images name a version of the boot code have two more kinds. */
#define OF_NEC OFL_PRACTICE_FIRST, ofl_practice_nec_get_type, ofl_practice_nec_image
#define WITH_BOOT_CODE OFL_PRACTICE_SUMMED " no-bootcode wrong-bootcode"

const OflPracticeEntry ofl_practice_nec_drives[] = {
  { "nd1100", N_ ("Practice NEC ND-1100A"), OFL_PRACTICE_SUMMED, OF_NEC,
    .kind = OFL_PRACTICE_DVD_PLUS_WRITER },
  { "nd6500", N_ ("Practice NEC ND-6500A"), OFL_PRACTICE_SUMMED, OF_NEC,
    .kind = OFL_PRACTICE_DVD_DL_WRITER },
  { "nd2500", N_ ("Practice NEC ND-2500A"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_WRITER },
  { "nd3500", N_ ("Practice NEC ND-3500A"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_DL_WRITER },
  { "nd3550", N_ ("Practice NEC ND-3550A"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_DUAL_WRITER },
  { "nd3570", N_ ("Practice NEC ND-3570A"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_DUAL_WRITER },
  { "ad7170", N_ ("Practice Optiarc AD-7170A"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { "ad7200", N_ ("Practice Optiarc AD-7200S"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { "ad7240", N_ ("Practice Optiarc AD-7240S"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { "ad7280", N_ ("Practice Optiarc AD-7280S"), WITH_BOOT_CODE, OF_NEC,
    .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { "bc5500", N_ ("Practice Optiarc BC-5500S"), OFL_PRACTICE_SUMMED, OF_NEC,
    .kind = OFL_PRACTICE_BD_COMBO },
  { NULL },
};
