/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of two Plextor drives, a DVD writer PX-716A and a CD writer PREMIUM. Sources:
 * plextor 1, plextor 2, plextor 3. */
#include "practice/ofl-practice-receiver.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OP_EEPROM 0xf1
#define OP_RESTART 0xee

#define MODE_PIECE 0x04
#define MODE_LAST 0x05

#define VENDOR "PLEXTOR "
#define EEPROM_BLOCK 0x100u
#define EEPROM_MAX 0x400u
#define TLA 0x29u /* four characters */
#define N_TIMES 4
#define HOUR 3600u
#define RESTART_US 1500000

typedef struct {
  OflPracticeReceiverInfo info;
  const char *other;
  guint32 sum_at, sum_start;
  guint32 chunks[2];     /* the sizes that the sources name */
  guint8 eeprom_command; /* byte 1 of the command that reads it */
  guint32 eeprom_size;
  const char *tla;
  guint discs_at;          /* plextor 2.10 */
  guint times_at[N_TIMES]; /* CDs read, written, DVDs read, written; 0: not kept */
} Model;

static const Model px716 = {
  .info = { .chip = &ofl_practice_chip_parallel_8m,
            .staging = 0xf0000,
            .end = 0xf0000,
            .vendor = VENDOR,
            .product = "",
            .revision = "",
            .made_as = "DVDR   PX-716A",
            .attention = { ASC_RESET, 0 },
            .interface = INTERFACE_ATAPI },
  .other = "DVDR   PX-708A", /* whose files have the same size */
  .sum_at = 0xefffe,
  .chunks = { 0x1000, 0x4000 },
  .eeprom_command = 0x01,
  .eeprom_size = 0x400,
  .tla = "0304",
  .discs_at = 0x120,
  .times_at = { 0x122, 0x126, 0x12a, 0x12e },
};

static const Model premium = {
  .info = { .chip = &ofl_practice_chip_parallel_4m,
            .staging = 0x80000,
            .end = 0x80000,
            .vendor = VENDOR,
            .product = "",
            .revision = "",
            .made_as = "CD-R   PREMIUM",
            .attention = { ASC_RESET, 0 },
            .interface = INTERFACE_ATAPI },
  .other = "CD-R   PX-W5224A",
  .sum_at = 0x7c7fe,
  .sum_start = 0x8000,
  .chunks = { 0x1000, 0x1000 },
  .eeprom_command = 0x00,
  .eeprom_size = 0x100,
  .tla = "0102",
  .discs_at = 0x78,
  .times_at = { 0x6c, 0x7a },
};

#define OFL_TYPE_PRACTICE_PLEXTOR (ofl_practice_plextor_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticePlextor, ofl_practice_plextor, OFL, PRACTICE_PLEXTOR,
                      OflPracticeReceiver)

struct _OflPracticePlextor {
  OflPracticeReceiver parent_instance;

  const Model *model;
  gboolean abrupt;
  guint8 eeprom[EEPROM_MAX];
};

G_DEFINE_FINAL_TYPE (OflPracticePlextor, ofl_practice_plextor, OFL_TYPE_PRACTICE_RECEIVER)

enum {
  PROP_0,
  PROP_ABRUPT,
};

static const char *const assumptions = N_ (
    "The place of the revision in the file, after vendor and product, is our own. The drive is "
    "assumed to check vendor, product and sum itself, to want all pieces in ascending order "
    "and of one of the sizes that the two sources use, to refuse an update while a disc is "
    "in, and to burn nothing before the last piece has come. It is assumed to answer the last "
    "piece when it has burned and restarted. What a drive does whose burn was broken is not "
    "public: this one shows its maker and no product, is not ready (02/04/03) and takes no "
    "update. Only a reset of the practice drive helps. What lies in the EEPROM besides the "
    "TLA number and the counters of discs and hours is our own. Times are those of another flash chip of the same kind.");

static const guint8 *
ofl_practice_plextor_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  const Model *model = OFL_PRACTICE_PLEXTOR (receiver)->model;
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, VENDOR, model->info.made_as, "");
  if (memcmp (image, id, ID_REVISION) != 0
      || ofl_get_be (image + model->sum_at, 2)
             != ofl_practice_sum (image, model->sum_at, model->sum_start))
    return NULL;
  return image;
}

/* Whether a piece of this length may come: the first decides. */
static gboolean
is_chunk (OflPracticePlextor *self, guint32 length)
{
  guint32 first = ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (self))->chunk;

  if (first != 0)
    return length == first;
  return length == self->model->chunks[0] || length == self->model->chunks[1];
}

/* The last piece has come. The host waits in this command until the drive has restarted. */
static void
finish (OflPracticePlextor *self, gint64 now_us, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  const guint8 *image = ofl_practice_receiver_update (receiver)->staging;

  if (ofl_practice_plextor_find_identity (receiver, image) == NULL)
    {
      ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_DATA);
      return;
    }
  answer->delay_us += ofl_practice_receiver_burn (receiver, now_us, 0, self->model->info.end)
                      - now_us;
  if (self->abrupt)
    ofl_practice_refuse (answer, OFL_KEY_UNIT_ATTENTION, ASC_RESET, 0);
}

/* 3B 04 for all pieces but the last, which comes with 3B 05. */
static void
write_buffer (OflPracticePlextor *self, gint64 now_us, const OflPracticeRequest *request,
              OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (receiver);
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);
  gboolean last;

  if (!ofl_practice_receiver_can_take (receiver, answer))
    return;
  if (offset == 0)
    ofl_practice_receiver_begin (receiver);
  last = update->next + length == self->model->info.end;
  if (!update->receiving || request->cdb[1] != (last ? MODE_LAST : MODE_PIECE)
      || request->cdb[2] != 0 || !ofl_practice_is_zero (request->cdb + 9, 7)
      || offset != update->next || length != request->out_len || !is_chunk (self, length))
    {
      ofl_practice_receiver_reject (receiver, answer, ASC_INVALID_FIELD_IN_CDB);
      return;
    }
  ofl_practice_receiver_take (receiver, request);
  if (last)
    finish (self, now_us, answer);
}

/* F1: blocks of 100 bytes hex, with a block number on the later drives. */
static void
read_eeprom (OflPracticePlextor *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;
  guint32 block = cdb[7];
  guint32 length = ofl_get_be (cdb + 8, 2);

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (cdb[1] != self->model->eeprom_command || !ofl_practice_is_zero (cdb + 2, 5)
      || !ofl_practice_is_zero (cdb + 10, 6) || length != EEPROM_BLOCK
      || (block + 1) * EEPROM_BLOCK > self->model->eeprom_size)
    ofl_practice_refuse_field (answer);
  else
    ofl_practice_send_eeprom (OFL_PRACTICE_DRIVE (self), request, answer,
                              self->eeprom + block * EEPROM_BLOCK, EEPROM_BLOCK);
}

/* EE: as after power on, but without losing it. */
static void
restart (OflPracticePlextor *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);

  if (!ofl_practice_is_zero (request->cdb + 1, 15))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  ofl_practice_receiver_start (receiver);
  ofl_practice_common (OFL_PRACTICE_DRIVE (self))->locked = FALSE;
  ofl_practice_add_attention (OFL_PRACTICE_DRIVE (self), ASC_RESET, 0);
  answer->delay_us += RESTART_US;
}

static gboolean
ofl_practice_plextor_command (OflPracticeDrive *drive, gint64 now_us,
                              const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticePlextor *self = OFL_PRACTICE_PLEXTOR (drive);

  switch (request->cdb[0])
    {
    case OP_WRITE_BUFFER:
      write_buffer (self, now_us, request, answer);
      return TRUE;
    case OP_EEPROM:
      read_eeprom (self, request, answer);
      return TRUE;
    case OP_RESTART:
      restart (self, request, answer);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
ofl_practice_plextor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_ABRUPT)
    OFL_PRACTICE_PLEXTOR (object)->abrupt = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

/* What lies behind the sum is unused: no check of the drive covers it, and nobody can read it. */
static gboolean
ofl_practice_plextor_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  const Model *model = OFL_PRACTICE_PLEXTOR (drive)->model;
  const guint8 *flash = ofl_practice_receiver_flash (OFL_PRACTICE_RECEIVER (drive));

  return size == model->info.end && memcmp (flash, image, model->sum_at + 2) == 0;
}

/* A drive that was in use for some years: some hundred discs, and up to an hour for each of them. */
static void
fill_counters (OflPracticePlextor *self, guint32 *random)
{
  const Model *model = self->model;
  guint32 discs = 200 + ofl_practice_random (random) % 800;

  ofl_put_be (self->eeprom + model->discs_at, 2, discs);
  for (guint i = 0; i < N_TIMES && model->times_at[i] != 0; i++)
    ofl_put_be (self->eeprom + model->times_at[i], 4,
                ofl_practice_random (random) % (discs * HOUR / N_TIMES));
}

static void
fill_eeprom (OflPracticePlextor *self, const char *serial, guint32 seed)
{
  guint32 random = seed * 2654435761u + 716;

  ofl_practice_random_fill (&random, self->eeprom, EEPROM_MAX);
  fill_counters (self, &random);
  OFL_PRACTICE_PUT_TEXT (self->eeprom + TLA, self->model->tla);
  OFL_PRACTICE_PUT_TEXT (self->eeprom + 0x40, serial);
}

static void
ofl_practice_plextor_setup (OflPracticeDrive *drive)
{
  OflPracticePlextor *self = OFL_PRACTICE_PLEXTOR (drive);
  OflPracticeCommon *common = ofl_practice_common (drive);

  OFL_PRACTICE_DRIVE_CLASS (ofl_practice_plextor_parent_class)->setup (drive);
  self->model = common->entry->data;
  fill_eeprom (self, common->serial, common->seed);
}

static void
ofl_practice_plextor_class_init (OflPracticePlextorClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = ofl_practice_plextor_set_property;
  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_plextor_setup;
  drive_class->command = ofl_practice_plextor_command;
  drive_class->holds = ofl_practice_plextor_holds;
  OFL_PRACTICE_RECEIVER_CLASS (klass)->find_identity = ofl_practice_plextor_find_identity;

  /* abrupt: the restart swallows the answer to the last piece (plextor 2.5) */
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_ABRUPT,
                                   g_param_spec_boolean ("abrupt", NULL, NULL, FALSE,
                                                         G_PARAM_WRITABLE
                                                             | G_PARAM_STATIC_STRINGS));
}

static void
ofl_practice_plextor_init (OflPracticePlextor *self)
{
}

/* Source of the format: plextor 3.1; the place of the revision is our own. What lies
 * behind the sum is not covered by it: unused space. */
static GBytes *
make_image (const OflPracticeEntry *entry, const char *revision, const char *variant)
{
  const Model *model = entry->data;
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  gsize size = model->info.end;
  g_autofree guint8 *image = g_malloc (size);

  memset (image, 0xff, size);
  ofl_practice_put_id (image, VENDOR, wrong ? model->other : model->info.made_as, revision);
  ofl_practice_fill_body (image + FLASH_PAGE, model->sum_at - FLASH_PAGE, entry->id, revision);
  ofl_put_be (image + model->sum_at, 2, ofl_practice_sum (image, model->sum_at, model->sum_start));
  return ofl_practice_finish_image (image, size, size / 2, "bad-sum", variant);
}

const OflPracticeEntry ofl_practice_plextor_drives[] = {
  { "px716", N_ ("Practice PLEXTOR DVDR PX-716A"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_plextor_get_type, make_image, &px716, OFL_PRACTICE_DVD_DL_WRITER },
  { "premium", N_ ("Practice PLEXTOR CD-R PREMIUM"), OFL_PRACTICE_SUMMED, OFL_PRACTICE_FIRST,
    ofl_practice_plextor_get_type, make_image, &premium, OFL_PRACTICE_CD_WRITER },
  { NULL },
};
