/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of two Plextor drives, a DVD writer PX-716A and a CD writer PREMIUM. Sources:
 * annex-sequences.md 4, annex-containers.md 8, protocols.md 6, tables/plextor.csv. */
#include "practice/ofl-practice-random.h"
#include "practice/ofl-practice-receiver.h"

#include <string.h>

#define OP_EEPROM 0xf1
#define OP_RESTART 0xee

#define MODE_PIECE 0x04
#define MODE_LAST 0x05

#define VENDOR "PLEXTOR "
#define FLASH_PAGE 0x100u
#define EEPROM_BLOCK 0x100u
#define EEPROM_MAX 0x400u
#define TLA 0x29u /* four characters */
#define RESTART_US 1500000
#define INTERFACE_ATAPI 2

typedef struct {
  OflPracticeReceiverInfo info;
  const char *id;
  const char *product;
  guint32 sum_at, sum_start;
  guint32 chunks[2];     /* the sizes that the sources name */
  guint8 eeprom_command; /* byte 1 of the command that reads it */
  guint32 eeprom_size;
  const char *tla;
} Model;

static const Model px716 = {
  .info = { .chip = &ofl_practice_chip_parallel_8m,
            .staging = 0xf0000,
            .end = 0xf0000,
            .vendor = VENDOR,
            .product = "",
            .revision = "",
            .attention = { ASC_RESET, 0 },
            .interface = INTERFACE_ATAPI },
  .id = "px716",
  .product = "DVDR   PX-716A",
  .sum_at = 0xefffe,
  .chunks = { 0x1000, 0x4000 },
  .eeprom_command = 0x01,
  .eeprom_size = 0x400,
  .tla = "0304",
};

static const Model premium = {
  .info = { .chip = &ofl_practice_chip_parallel_4m,
            .staging = 0x80000,
            .end = 0x80000,
            .vendor = VENDOR,
            .product = "",
            .revision = "",
            .attention = { ASC_RESET, 0 },
            .interface = INTERFACE_ATAPI },
  .id = "premium",
  .product = "CD-R   PREMIUM",
  .sum_at = 0x7c7fe,
  .sum_start = 0x8000,
  .chunks = { 0x1000, 0x1000 },
  .eeprom_command = 0x00,
  .eeprom_size = 0x100,
  .tla = "0102",
};

#define OFL_TYPE_PRACTICE_PLEXTOR (ofl_practice_plextor_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticePlextor, ofl_practice_plextor, OFL, PRACTICE_PLEXTOR,
                      OflPracticeReceiver)

struct _OflPracticePlextor
{
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

static const char assumptions[] =
  "The place of the revision in the file, after vendor and product, is our own. "
  "The drive is assumed to check vendor, product and sum itself, to want all pieces in ascending "
  "order and of one of the sizes that the two sources use, to refuse an update while a disc is "
  "in, and to burn nothing before the last piece has come. "
  "It is assumed to answer the last piece when it has burned and restarted. "
  "What a drive does whose burn was broken is not public: this one shows its maker and no "
  "product, is not ready (02/04/03) and takes no update. Only a reset of the practice drive "
  "helps. "
  "What lies in the EEPROM besides the TLA number is our own. "
  "Times are those of another flash chip of the same kind.";

static const guint8 *
ofl_practice_plextor_find_identity (OflPracticeReceiver *receiver, const guint8 *image)
{
  const Model *model = OFL_PRACTICE_PLEXTOR (receiver)->model;
  guint8 id[ID_SIZE];

  ofl_practice_put_id (id, VENDOR, model->product, "");
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
  answer->delay_us +=
    ofl_practice_receiver_burn (receiver, now_us, 0, self->model->info.end) - now_us;
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
read_eeprom (OflPracticePlextor *self, const OflPracticeRequest *request,
             OflPracticeAnswer *answer)
{
  const guint8 *cdb = request->cdb;
  guint32 block = cdb[7];
  guint32 length = ofl_get_be (cdb + 8, 2);

  if (ofl_practice_receiver_is_busy (OFL_PRACTICE_RECEIVER (self), answer))
    return;
  if (cdb[1] != self->model->eeprom_command || !ofl_practice_is_zero (cdb + 2, 5)
      || !ofl_practice_is_zero (cdb + 10, 6) || length != EEPROM_BLOCK
      || (block + 1) * EEPROM_BLOCK > self->model->eeprom_size)
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
  else
    ofl_practice_send (request, answer, self->eeprom + block * EEPROM_BLOCK, EEPROM_BLOCK, length);
}

/* EE: as after power on, but without losing it. */
static void
restart (OflPracticePlextor *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeReceiver *receiver = OFL_PRACTICE_RECEIVER (self);

  if (!ofl_practice_is_zero (request->cdb + 1, 15))
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  if (ofl_practice_receiver_is_busy (receiver, answer))
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
ofl_practice_plextor_set_property (GObject *object, guint id, const GValue *value,
                                   GParamSpec *spec)
{
  if (id == PROP_ABRUPT)
    OFL_PRACTICE_PLEXTOR (object)->abrupt = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
ofl_practice_plextor_class_init (OflPracticePlextorClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = ofl_practice_plextor_set_property;
  drive_class->assumptions = assumptions;
  drive_class->command = ofl_practice_plextor_command;
  OFL_PRACTICE_RECEIVER_CLASS (klass)->find_identity = ofl_practice_plextor_find_identity;

  /* abrupt: the restart swallows the answer to the last piece (annex-sequences.md 4.2, row 5) */
  g_object_class_install_property (
    G_OBJECT_CLASS (klass), PROP_ABRUPT,
    g_param_spec_boolean ("abrupt", NULL, NULL, FALSE,
                          G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
ofl_practice_plextor_init (OflPracticePlextor *self)
{
}

static void
fill_eeprom (OflPracticePlextor *self, const char *serial, guint32 seed)
{
  guint32 random = seed * 2654435761u + 716;

  ofl_practice_random_fill (&random, self->eeprom, EEPROM_MAX);
  OFL_PRACTICE_PUT_TEXT (self->eeprom + TLA, self->model->tla);
  OFL_PRACTICE_PUT_TEXT (self->eeprom + 0x40, serial);
}

/**
 * ofl_practice_plextor_new: (skip)
 * @id: name in the catalogue, "px716" or "premium"
 * @title: name for persons
 * @seed: tells units apart
 *
 * Makes a Plextor drive with its factory firmware. Writable property: "abrupt" (boolean, the
 * answer to the last piece of an update is UNIT ATTENTION 06/29/00 because the drive has
 * restarted; default FALSE).
 *
 * Returns: (transfer full): the drive, switched on
 */
OflPracticeDrive *
ofl_practice_plextor_new (const char *id, const char *title, guint32 seed)
{
  OflPracticePlextor *self = g_object_new (OFL_TYPE_PRACTICE_PLEXTOR, NULL);
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gboolean is_premium = g_str_equal (id, premium.id);
  g_autoptr (GBytes) image = ofl_practice_shared_image (
    id, FACTORY_REVISION, is_premium ? ofl_practice_premium_image : ofl_practice_px716_image);

  self->model = is_premium ? &premium : &px716;
  ofl_practice_receiver_setup (OFL_PRACTICE_RECEIVER (self), &self->model->info, id, title, seed);
  ofl_practice_chip_put (ofl_practice_common (drive)->chip, 0, g_bytes_get_data (image, NULL),
                         (guint32) g_bytes_get_size (image));
  fill_eeprom (self, ofl_practice_common (drive)->serial, seed);
  ofl_practice_start (drive);
  return drive;
}

/* What lies behind the sum is not covered by it: unused space. */
static GBytes *
make_image (const Model *model, const char *other, const char *revision, const char *variant)
{
  gboolean wrong = g_strcmp0 (variant, "wrong-family") == 0;
  gsize size = model->info.end;
  g_autofree guint8 *image = g_malloc (size);

  memset (image, 0xff, size);
  ofl_practice_put_id (image, VENDOR, wrong ? other : model->product, revision);
  ofl_practice_fill_body (image + FLASH_PAGE, model->sum_at - FLASH_PAGE, model->id, revision);
  ofl_put_be (image + model->sum_at, 2,
              ofl_practice_sum (image, model->sum_at, model->sum_start));
  return ofl_practice_finish_image (image, size, size / 2, "bad-sum", variant);
}

/**
 * ofl_practice_px716_image: (skip)
 * @revision: 4 characters
 * @variant: (nullable): NULL or "" for a good image; "bad-sum"; "truncated"; "wrong-family", for
 *   a PX-708A, whose files have the same size
 *
 * Makes an image for the practice PX-716A. Source of the format: annex-containers.md 8; the place
 * of the revision is our own.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_px716_image (const char *revision, const char *variant)
{
  return make_image (&px716, "DVDR   PX-708A", revision, variant);
}

/**
 * ofl_practice_premium_image: (skip)
 * @revision: 4 characters
 * @variant: (nullable): as of ofl_practice_px716_image(); "wrong-family" is for a PX-W5224A
 *
 * Makes an image for the practice PREMIUM.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_premium_image (const char *revision, const char *variant)
{
  return make_image (&premium, "CD-R   PX-W5224A", revision, variant);
}
