/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of a Pioneer BD writer: memory that is read after a knock, a Kernel that boots
 * and takes a Normal, and the Normal that it starts. Sources: pioneer 1.3, 2.7, 2.8. */
#include "families/pioneer/ofl-practice-pioneer-bd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CDB_SIZE 10
#define ID_NORMAL 0xf0
#define ID_MEMORY 0xb0
#define PIECE_MAX 0x8000u
#define CONTROL_SIZE 0x100u
#define IDENTITY_SIZE 0x30u
#define SERIAL_FIELD 16u
#define FILE_MAX (PIONEER_BD_BODY + PIONEER_BD_NORMAL_MAX)

/* 0B of the sources is taken for a sense key; they give no more. */
#define KEY_ABORTED 0x0b

static const guint8 read_identity[CDB_SIZE] = { 0x3c, 0x02, 0xf1, 0, 0, 0, 0, 0, 0x30 };
static const guint8 enter_update[CDB_SIZE] = { 0x3b, 0x04, 0xff, 0, 0, 0, 0, 0x01, 0 };
static const guint8 commit_normal[CDB_SIZE] = { 0x3b, 0x05, 0xff, 0, 0, 0, 0, 0x01, 0 };
static const guint8 knock[CDB_SIZE] = { 0x3b, 0x02, 0x41, 0xa5, 0xaa, 0xaa };

/* What every receiver that compares a key takes before its own */
static const guint8 universal_key[PIONEER_BD_WIRE_KEY_SIZE] = { 0x9a, 0x78, 0x23, 0x61 };

/* 0.7 s a sector of 64 KiB, 9 us a byte (pioneer 4) */
static const OflPracticeChipType chip_type = {
  .name = "parallel NOR 16 Mbit, times of MX29LV800",
  .size = PIONEER_BD_FLASH_SIZE,
  .big_sector = FLASH_SECTOR,
  .page = FLASH_PAGE,
  .big_us = 700000,
  .page_us = 2304,
};

static const char *const assumptions = N_ (
    "Files for this drive are signed with a practice key that is public and not Pioneer's: no "
    "real drive takes them, and this drive takes none of Pioneer's. That a drive knows its "
    "maker's public key and refuses a file with another one is assumed. The signature is assumed "
    "to cover all from 200 on, key and cipher; real files cover that or only what follows the "
    "key. The sum is taken over words of 32 bits, and the cipher's key begins anew when it is "
    "used up. A wrong signature is answered with sense 0B/00/00, because the sources say 0B and "
    "no more; all else that is refused with 05/24/00. Identity, INQUIRY and firmware date are those "
    "that a BDR-S09 with 1.34 gave, for a file of this revision; the descriptor is made after "
    "those of other models. Its receiver compares a key; bytes 14 to FF of the control buffer "
    "must be zero. In update mode INQUIRY says 0001, serial and normal type are blank, memory "
    "cannot be read, and entering once more begins anew; it is not entered with a disc in. "
    "Pieces may be of any size up to 8000; what was received is checked at the commit, in the "
    "order length, hardware, Kernel tag, type, signature, descriptor, sum. The old Normal is "
    "given up with the first piece, and the new one burnt at the commit, which answers at once. "
    "A drive without a Normal starts in update mode; power off and on leaves it when there is "
    "one. Only the first page is looked at then, so that a bad page behind it is not noticed. "
    "Its memory shows the flash, 2 MiB from 400000 on, and nothing else; each knock serves one "
    "read, refused or not. It takes no Kernel. Where its firmware keeps names and dates is our "
    "own.");

struct _OflPracticePioneerBd {
  OflPracticeDrive parent_instance;

  const PioneerBdModel *model;
  gboolean update_mode;
  gboolean knocked;
  gboolean burning;
  GByteArray *received; /* a file, as far as it has come */
};

G_DEFINE_FINAL_TYPE (OflPracticePioneerBd, ofl_practice_pioneer_bd, OFL_TYPE_PRACTICE_DRIVE)

static const guint8 *
kernel_in_flash (OflPracticePioneerBd *self)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
}

static const guint8 *
normal_in_flash (OflPracticePioneerBd *self)
{
  return kernel_in_flash (self) + PIONEER_BD_KERNEL_SIZE;
}

/* The begin of the Normal, where its firmware keeps what it says of itself. */
static const guint8 *
names_in_flash (OflPracticePioneerBd *self)
{
  return ofl_practice_chip_read (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip,
                                 PIONEER_BD_KERNEL_SIZE, PIONEER_BD_NAMED);
}

static gboolean
has_descriptor (OflPracticePioneerBd *self, const guint8 *data)
{
  return memcmp (data, self->model->descriptor, PIONEER_BD_DESCRIPTOR_SIZE) == 0;
}

static void
forget_received (OflPracticePioneerBd *self)
{
  g_byte_array_set_size (self->received, 0);
}

/* Bytes 37-44 are the date, 47-53 the maker; feature 010C ends with the time, 0000. */
static void
set_identity (OflPracticePioneerBd *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  const guint8 *names = self->update_mode ? kernel_in_flash (self) + PIONEER_BD_KERNEL_NAMES
                                          : names_in_flash (self) + PIONEER_BD_NAMES;
  const char *date = self->update_mode ? "20130625"
                                       : (const char *) names_in_flash (self) + PIONEER_BD_DATE;

  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), names, names + ID_PRODUCT,
                             names + ID_REVISION);
  g_snprintf (common->date, sizeof common->date, "%.8s0000", date);
  memset (common->extra, ' ', sizeof common->extra);
  memcpy (common->extra + 1, date + 2, 2);
  memcpy (common->extra + 4, date + 4, 2);
  memcpy (common->extra + 7, date + 6, 2);
  common->extra[3] = common->extra[6] = '/';
  memcpy (common->extra + 11, "PIONEER", 7);
}

static void
start_firmware (OflPracticePioneerBd *self)
{
  self->update_mode = !has_descriptor (self, names_in_flash (self));
  self->knocked = FALSE;
  self->burning = FALSE;
  forget_received (self);
  set_identity (self);
}

static void
ofl_practice_pioneer_bd_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);

  start_firmware (self);
  if (self->update_mode)
    ofl_practice_note (drive, now_us, "update mode");
}

static void
ofl_practice_pioneer_bd_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);

  self->knocked = FALSE;
  forget_received (self);
}

static void
ofl_practice_pioneer_bd_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);

  if (!self->burning || !ofl_practice_burn_has_ended (drive))
    return;
  start_firmware (self);
  ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
}

static guint8
ofl_practice_pioneer_bd_not_ready (OflPracticeDrive *drive)
{
  return OFL_PRACTICE_PIONEER_BD (drive)->burning ? IN_PROGRESS : 0;
}

/* The descriptor, where the receiver is of that kind the key, and zeros. */
static gboolean
is_control (OflPracticePioneerBd *self, const OflPracticeRequest *request)
{
  const guint8 *key = request->out + PIONEER_BD_DESCRIPTOR_SIZE;
  const guint8 *rest = key + PIONEER_BD_WIRE_KEY_SIZE;

  if (request->out_len != CONTROL_SIZE || !has_descriptor (self, request->out)
      || !ofl_practice_is_zero (rest, (gsize) (request->out + CONTROL_SIZE - rest)))
    return FALSE;
  return !self->model->compares_key || memcmp (key, universal_key, sizeof universal_key) == 0
         || memcmp (key, self->model->key, sizeof self->model->key) == 0;
}

/* 3B 04 FF. In update mode it only begins anew. */
static void
enter (OflPracticePioneerBd *self, gint64 now_us, const OflPracticeRequest *request,
       OflPracticeAnswer *answer)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gboolean may = self->update_mode || !ofl_practice_common (drive)->disc;

  if (!may || memcmp (request->cdb, enter_update, CDB_SIZE) != 0 || !is_control (self, request))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  self->update_mode = TRUE;
  self->knocked = FALSE;
  forget_received (self);
  set_identity (self);
  ofl_practice_note (drive, now_us, "update mode");
}

/* The Normal in the flash is given up: one page, in the time that its first piece takes. */
static void
void_normal (OflPracticePioneerBd *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  static const guint8 voided[FLASH_PAGE] = { 0 };

  if (!ofl_practice_faults_is_silent (common->faults))
    ofl_practice_chip_put (common->chip, PIONEER_BD_KERNEL_SIZE, voided, FLASH_PAGE);
}

/* 3B 07 F0: pieces in ascending order. A file may begin anew at any time. */
static void
receive (OflPracticePioneerBd *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (!self->update_mode || request->cdb[9] != 0 || length == 0 || length > PIECE_MAX
      || length != request->out_len || (offset != 0 && offset != self->received->len)
      || length > FILE_MAX - offset)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  if (offset == 0)
    {
      forget_received (self);
      void_normal (self);
    }
  g_byte_array_append (self->received, request->out, length);
}

static gboolean
has_field (const guint8 *file, guint32 offset, const char *text)
{
  return memcmp (file + offset, text, strlen (text)) == 0;
}

/* The Normal of what was received, when it is whole and for this drive; else the answer says what
 * is wrong. */
static GBytes *
open_file (OflPracticePioneerBd *self, OflPracticeAnswer *answer)
{
  const guint8 *file = self->received->data;
  gsize size = self->received->len;
  g_autoptr (GBytes) plain = ofl_practice_pioneer_bd_plain (file, size);
  const guint8 *normal;
  gsize length;

  if (plain == NULL || !has_field (file, PIONEER_BD_HARDWARE, self->model->hardware)
      || !has_field (file, PIONEER_BD_KERNEL_TAG, self->model->kernel_tag)
      || !has_field (file, PIONEER_BD_FILE_TYPE, "Normal"))
    {
      ofl_practice_refuse_field (answer);
      return NULL;
    }
  if (!ofl_practice_pioneer_bd_check_signature (file, size))
    {
      ofl_practice_refuse (answer, KEY_ABORTED, 0, 0);
      return NULL;
    }
  normal = g_bytes_get_data (plain, &length);
  if (!has_descriptor (self, normal) || ofl_get_be (normal + PIONEER_BD_LENGTH, 4) != length
      || ofl_practice_pioneer_bd_sum (normal, length) != 0)
    {
      ofl_practice_refuse_field (answer);
      return NULL;
    }
  return g_steal_pointer (&plain);
}

/* 3B 05 FF: checks what was received, answers, burns it and starts it. */
static void
commit (OflPracticePioneerBd *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  g_autoptr (GBytes) plain = NULL;

  if (!self->update_mode || memcmp (request->cdb, commit_normal, CDB_SIZE) != 0
      || !is_control (self, request))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  plain = open_file (self, answer);
  forget_received (self);
  if (plain == NULL)
    return;
  ofl_practice_queue_image (ofl_practice_common (drive)->chip, PIONEER_BD_KERNEL_SIZE,
                            g_bytes_get_data (plain, NULL), (guint32) g_bytes_get_size (plain),
                            FLASH_PAGE);
  self->burning = TRUE;
  ofl_practice_burn (drive, now_us);
}

/* 01 F3 and 01 F2, the handshake of the DVD writers, is refused like all that is not known. */
static void
ofl_practice_pioneer_bd_write_buffer (OflPracticeDrive *drive, gint64 now_us,
                                      const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);
  guint16 what = (guint16) ofl_get_be (request->cdb + 1, 2);

  if (request->cdb[1] == OFL_BUFFER_MICROCODE)
    enter (self, now_us, request, answer);
  else if (what == (OFL_BUFFER_MICROCODE_OFFSETS_SAVE << 8 | ID_NORMAL))
    receive (self, request, answer);
  else if (request->cdb[1] == OFL_BUFFER_MICROCODE_SAVE)
    commit (self, now_us, request, answer);
  else if (!self->update_mode && request->out_len == 0
           && memcmp (request->cdb, knock, CDB_SIZE) == 0)
    self->knocked = TRUE;
  else
    ofl_practice_refuse_field (answer);
}

/* 3C 02 F1. Serial and normal type are blank in update mode. */
static void
identify (OflPracticePioneerBd *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  guint8 data[IDENTITY_SIZE];

  memset (data, ' ', sizeof data);
  OFL_PRACTICE_PUT_TEXT (data + 0x10, self->model->hardware);
  OFL_PRACTICE_PUT_TEXT (data + 0x18, self->model->kernel_tag);
  OFL_PRACTICE_PUT_TEXT (data + 0x28, "0000");
  if (!self->update_mode)
    {
      memcpy (data, common->serial, MIN (strlen (common->serial), (gsize) SERIAL_FIELD));
      memcpy (data + 0x20, names_in_flash (self) + PIONEER_BD_NORMAL_TAG, PIONEER_BD_TAG_SIZE);
    }
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}

/* 3C 02 B0: what the flash holds, once for each knock. */
static void
read_memory (OflPracticePioneerBd *self, const OflPracticeRequest *request,
             OflPracticeAnswer *answer)
{
  guint32 start = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);
  guint32 end = PIONEER_BD_MEMORY + PIONEER_BD_FLASH_SIZE;
  gboolean knocked = self->knocked;

  self->knocked = FALSE;
  if (!knocked || request->cdb[9] != 0 || length == 0 || start < PIONEER_BD_MEMORY || start >= end
      || length > end - start)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  ofl_practice_send (request, answer,
                     ofl_practice_chip_read (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip,
                                             start - PIONEER_BD_MEMORY, length),
                     length, length);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

static void
ofl_practice_pioneer_bd_read_buffer (OflPracticeDrive *drive, const OflPracticeRequest *request,
                                     OflPracticeAnswer *answer)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);

  if (memcmp (request->cdb, read_identity, CDB_SIZE) == 0)
    identify (self, request, answer);
  else if (request->cdb[1] == OFL_BUFFER_DATA && request->cdb[2] == ID_MEMORY)
    read_memory (self, request, answer);
  else
    ofl_practice_refuse_field (answer);
}

/* A file, as the drive takes it: the flash holds what is in it, deciphered. */
static gboolean
ofl_practice_pioneer_bd_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  g_autoptr (GBytes) plain = ofl_practice_pioneer_bd_plain (image, size);
  const guint8 *normal;
  gsize length;

  if (plain == NULL)
    return FALSE;
  normal = g_bytes_get_data (plain, &length);
  return memcmp (normal_in_flash (OFL_PRACTICE_PIONEER_BD (drive)), normal, length) == 0;
}

/* What the factory writes: a Kernel and a Normal. */
static void
ofl_practice_pioneer_bd_fill (OflPracticeDrive *drive)
{
  OflPracticePioneerBd *self = OFL_PRACTICE_PIONEER_BD (drive);
  OflPracticeCommon *common = ofl_practice_common (drive);
  g_autoptr (GBytes) image = ofl_practice_shared_image (common->entry, NULL);
  g_autoptr (GBytes) normal
      = ofl_practice_pioneer_bd_plain (g_bytes_get_data (image, NULL), g_bytes_get_size (image));
  g_autofree guint8 *kernel = g_malloc (PIONEER_BD_KERNEL_SIZE);

  ofl_practice_pioneer_bd_kernel (self->model, kernel);
  ofl_practice_chip_put (common->chip, 0, kernel, PIONEER_BD_KERNEL_SIZE);
  ofl_practice_chip_put (common->chip, PIONEER_BD_KERNEL_SIZE, g_bytes_get_data (normal, NULL),
                         (guint32) g_bytes_get_size (normal));
}

static void
ofl_practice_pioneer_bd_setup (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  guint8 names[PIONEER_BD_NAMED];

  OFL_PRACTICE_PIONEER_BD (drive)->model = common->entry->data;
  common->interface = INTERFACE_SERIAL_ATAPI;
  /* twelve characters, as in feature 0108 of the real one */
  g_snprintf (common->serial, sizeof common->serial, "PRAC%08X", common->seed);
  ofl_practice_put_chip (drive, &chip_type);
  ofl_practice_pioneer_bd_names (common->entry, names);
  ofl_practice_chip_put_mark (common->chip, PIONEER_BD_KERNEL_SIZE, names, sizeof names);
}

static void
ofl_practice_pioneer_bd_finalize (GObject *object)
{
  g_byte_array_unref (OFL_PRACTICE_PIONEER_BD (object)->received);
  G_OBJECT_CLASS (ofl_practice_pioneer_bd_parent_class)->finalize (object);
}

static void
ofl_practice_pioneer_bd_class_init (OflPracticePioneerBdClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_pioneer_bd_finalize;
  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_pioneer_bd_setup;
  drive_class->fill = ofl_practice_pioneer_bd_fill;
  drive_class->boot = ofl_practice_pioneer_bd_boot;
  drive_class->reset = ofl_practice_pioneer_bd_reset;
  drive_class->tick = ofl_practice_pioneer_bd_tick;
  drive_class->not_ready = ofl_practice_pioneer_bd_not_ready;
  drive_class->command = ofl_practice_buffer_command;
  drive_class->write_buffer = ofl_practice_pioneer_bd_write_buffer;
  drive_class->read_buffer = ofl_practice_pioneer_bd_read_buffer;
  drive_class->holds = ofl_practice_pioneer_bd_holds;
}

static void
ofl_practice_pioneer_bd_init (OflPracticePioneerBd *self)
{
  self->received = g_byte_array_new ();
}
