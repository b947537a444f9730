/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of Pioneer's DVD writers: a Kernel that boots and takes updates, and a
 * Normal that it starts. Sources: pioneer 1 and 6, pioneer 2. The BD writers are in ofl-practice-pioneer-bd.c. */
#include "families/pioneer/ofl-practice-pioneer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "families/pioneer/ofl-practice-pioneer-arm.h"
#include "families/pioneer/ofl-practice-pioneer-bd.h"

#define CDB_SIZE 10
#define ID_KERNEL 0xfe
#define ID_NORMAL 0xf0
#define IDENTITY_SIZE 0x30u

static const guint8 read_identity[CDB_SIZE] = { 0x3c, 0x02, 0xf1, 0, 0, 0, 0, 0, 0x30 };
static const guint8 enter_kernel[CDB_SIZE] = { 0x3b, 0x04, 0xff, 0, 0, 0, 0, 0x01, 0 };
static const guint8 commit_normal[CDB_SIZE] = { 0x3b, 0x05, 0xff, 0, 0, 0, 0, 0x01, 0 };

/* A 16 Mbit part of the class; the times are those of the MX29LV800 data sheet: 0.7 s a sector of
 * 64 KiB, 9 us a byte (pioneer 4). The source gives no limits. */
static const OflPracticeChipType chip_type = {
  .name = "parallel NOR 16 Mbit, times of MX29LV800",
  .size = 0x200000,
  .big_sector = FLASH_SECTOR,
  .page = FLASH_PAGE,
  .big_us = 700000,
  .page_us = 2304,
};

static const char *const assumptions = N_ (
    "Where Kernel and Normal lie in the flash is our own. "
    "The sizes of all files are fixed; of the DVR-109's Normal only the least "
    "size is public. Revision and date of INQUIRY are taken from the file's header, the "
    "normal type from its destination, the kernel revision from the Kernel's; the kernel type "
    "before the DVR-109 is our choice. Only the DVR-107's files are scrambled and carry the "
    "public sum, because the DVR-104's key is not in its files and nothing is public about "
    "the others; all files carry a check of our own at 1C0, where real ones have something "
    "opaque. The drive is assumed to compare the header in the first chunk with itself, to "
    "look at the checks before it burns, to refuse kernel mode with a disc in, and to answer "
    "05/24/00 to all that it refuses. The Kernel is assumed to be burnt when its last chunk "
    "has come, in the background; the Normal is given up with its first chunk and burnt at "
    "the commit, which answers when it is done. A drive "
    "without a Normal starts in kernel mode; one without a Kernel does not start at all. "
    "Power off and on leaves kernel mode when there is a Normal.");

/* What happens when the chip is done */
typedef enum {
  AFTER_NOTHING,
  AFTER_KERNEL,
  AFTER_NORMAL,
} After;

/* One of the two files while it is being received */
typedef struct {
  guint8 *staging;
  guint32 size;
  guint32 next; /* offset of the chunk that must come; 0: nothing has come */
} Part;

#define OFL_TYPE_PRACTICE_PIONEER (ofl_practice_pioneer_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticePioneer, ofl_practice_pioneer, OFL, PRACTICE_PIONEER,
                      OflPracticeDrive)

struct _OflPracticePioneer {
  OflPracticeDrive parent_instance;

  const PioneerModel *model;
  gboolean kernel_mode;
  PioneerArm arm;
  Part kernel, normal;
  After after;
};

G_DEFINE_FINAL_TYPE (OflPracticePioneer, ofl_practice_pioneer, OFL_TYPE_PRACTICE_DRIVE)

static guint32
part_offset (OflPracticePioneer *self, gboolean kernel)
{
  return kernel ? 0 : self->model->kernel_size;
}

/* All of a part is needed; of its header alone, which says what it is, see header_in_flash(). */
static const guint8 *
part_in_flash (OflPracticePioneer *self, gboolean kernel)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip)
         + part_offset (self, kernel);
}

static const guint8 *
header_in_flash (OflPracticePioneer *self, gboolean kernel)
{
  return ofl_practice_chip_read (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip,
                                 part_offset (self, kernel), PIONEER_HEADER_SIZE);
}

/* Whether a part can be started. Only its header is looked at: a page that went wrong is not
 * noticed by the drive. */
static gboolean
is_startable (OflPracticePioneer *self, gboolean kernel)
{
  return ofl_practice_pioneer_check_header (self->model, header_in_flash (self, kernel), kernel);
}

static void
forget_received (OflPracticePioneer *self)
{
  self->kernel.next = 0;
  self->normal.next = 0;
}

/* Bytes 37-44 are the date, 47-55 the maker (pioneer 1.1). */
static void
set_identity (OflPracticePioneer *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  const guint8 *header = header_in_flash (self, self->kernel_mode);

  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), header + PIONEER_DESCRIPTION,
                             header + PIONEER_DESCRIPTION + 8,
                             self->kernel_mode ? (gconstpointer) self->model->kernel_revision
                                               : header + PIONEER_REVISION);
  memset (common->extra, ' ', sizeof common->extra);
  memcpy (common->extra + 1, header + PIONEER_DATE + 2, 8);
  memcpy (common->extra + 11, "PRACTICE ", 9);
}

static void
start_firmware (OflPracticePioneer *self)
{
  self->kernel_mode = !is_startable (self, FALSE);
  self->arm.state = PIONEER_ARM_NONE;
  self->after = AFTER_NOTHING;
  forget_received (self);
  set_identity (self);
}

static void
ofl_practice_pioneer_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);

  if (!is_startable (self, TRUE))
    {
      ofl_practice_common (drive)->powered = FALSE;
      ofl_practice_note (drive, now_us, "does not start");
      return;
    }
  start_firmware (self);
  if (self->kernel_mode)
    ofl_practice_note (drive, now_us, "kernel mode");
}

static void
ofl_practice_pioneer_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);

  self->arm.state = PIONEER_ARM_NONE;
  if (self->after != AFTER_NORMAL)
    forget_received (self);
}

static void
ofl_practice_pioneer_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);
  After after = self->after;

  if (after == AFTER_NOTHING || !ofl_practice_burn_has_ended (drive))
    return;
  self->after = AFTER_NOTHING;
  if (after != AFTER_NORMAL)
    return;
  start_firmware (self);
  ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
}

static guint8
ofl_practice_pioneer_not_ready (OflPracticeDrive *drive)
{
  return OFL_PRACTICE_PIONEER (drive)->after != AFTER_NOTHING ? IN_PROGRESS : 0;
}

/* The 16 characters, the key and zeros (pioneer 2.6). */
static gboolean
is_control (OflPracticePioneer *self, const OflPracticeRequest *request)
{
  guint8 control[PIONEER_CONTROL_SIZE] = { 0 };

  memcpy (control, self->model->descriptor, PIONEER_CONTROL_KEY);
  ofl_put_be (control + PIONEER_CONTROL_KEY, 4, self->model->key);
  return request->out_len == sizeof control && memcmp (request->out, control, sizeof control) == 0;
}

/* 3B 04 FF. In kernel mode it only begins anew. */
static void
enter (OflPracticePioneer *self, gint64 now_us, const OflPracticeRequest *request,
       OflPracticeAnswer *answer)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gboolean may = self->kernel_mode
                 || (!ofl_practice_common (drive)->disc
                     && (!self->model->arms || self->arm.state == PIONEER_ARM_DONE));

  if (!may || memcmp (request->cdb, enter_kernel, CDB_SIZE) != 0 || !is_control (self, request))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  self->kernel_mode = TRUE;
  self->arm.state = PIONEER_ARM_NONE;
  forget_received (self);
  set_identity (self);
  ofl_practice_note (drive, now_us, "kernel mode");
}

static gint64
burn (OflPracticePioneer *self, gint64 now_us, gboolean kernel)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  const Part *part = kernel ? &self->kernel : &self->normal;

  ofl_practice_queue_image (ofl_practice_common (drive)->chip, part_offset (self, kernel),
                            part->staging, part->size, FLASH_PAGE);
  self->after = kernel ? AFTER_KERNEL : AFTER_NORMAL;
  forget_received (self);
  return ofl_practice_burn (drive, now_us);
}

/* The Normal in the flash is given up: one page, in the time that its first chunk takes. */
static void
void_normal (OflPracticePioneer *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  static const guint8 voided[FLASH_PAGE] = { 0 };

  if (!ofl_practice_faults_is_silent (common->faults))
    ofl_practice_chip_put (common->chip, part_offset (self, FALSE), voided, FLASH_PAGE);
}

static gboolean
is_chunk (const OflPracticeRequest *request, const Part *part)
{
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  return request->cdb[9] == 0 && (offset == 0 || offset == part->next) && offset < part->size
         && length == MIN (PIONEER_CHUNK, part->size - offset) && request->out_len == length;
}

/* The first chunk of a file: it must be for this drive, and a Normal waits for a whole Kernel. */
static gboolean
begin_part (OflPracticePioneer *self, const OflPracticeRequest *request, gboolean kernel)
{
  gboolean half_kernel = !kernel && self->kernel.next != 0;

  if (half_kernel || !ofl_practice_pioneer_check_header (self->model, request->out, kernel))
    return FALSE;
  forget_received (self);
  if (!kernel)
    void_normal (self);
  return TRUE;
}

/* 3B 07 FE and 3B 07 F0: chunks in ascending order. A file may begin anew at any time. */
static void
receive (OflPracticePioneer *self, gint64 now_us, const OflPracticeRequest *request,
         OflPracticeAnswer *answer, gboolean kernel)
{
  Part *part = kernel ? &self->kernel : &self->normal;
  guint32 offset = ofl_get_be (request->cdb + 3, 3);

  if (!self->kernel_mode || !is_chunk (request, part)
      || (offset == 0 && !begin_part (self, request, kernel)))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  memcpy (part->staging + offset, request->out, request->out_len);
  part->next = offset + (guint32) request->out_len;
  if (!kernel || part->next < part->size)
    return;
  if (!ofl_practice_pioneer_check_file (self->model, part->staging, TRUE))
    {
      forget_received (self);
      ofl_practice_refuse_field (answer);
    }
  else
    burn (self, now_us, TRUE);
}

/* 3B 05 FF: burns the Normal that was received, then starts it. */
static void
commit (OflPracticePioneer *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  if (!self->kernel_mode || memcmp (request->cdb, commit_normal, CDB_SIZE) != 0
      || !is_control (self, request) || self->normal.next != self->normal.size
      || !ofl_practice_pioneer_check_file (self->model, self->normal.staging, FALSE))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  answer->delay_us += burn (self, now_us, FALSE) - now_us;
}

static void
ofl_practice_pioneer_write_buffer (OflPracticeDrive *drive, gint64 now_us,
                                   const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);
  guint16 what = (guint16) ofl_get_be (request->cdb + 1, 2);

  if (request->cdb[1] == OFL_BUFFER_VENDOR && self->model->arms && !self->kernel_mode)
    ofl_practice_pioneer_arm_write (&self->arm, request, answer);
  else if (request->cdb[1] == OFL_BUFFER_MICROCODE)
    enter (self, now_us, request, answer);
  else if (what == (OFL_BUFFER_MICROCODE_OFFSETS_SAVE << 8 | ID_KERNEL))
    receive (self, now_us, request, answer, TRUE);
  else if (what == (OFL_BUFFER_MICROCODE_OFFSETS_SAVE << 8 | ID_NORMAL))
    receive (self, now_us, request, answer, FALSE);
  else if (request->cdb[1] == OFL_BUFFER_MICROCODE_SAVE)
    commit (self, now_us, request, answer);
  else
    ofl_practice_refuse_field (answer);
}

/* 3C 02 F1. Serial and normal type are blank in kernel mode (pioneer 1.2). */
static void
identify (OflPracticePioneer *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  guint8 data[IDENTITY_SIZE];

  memset (data, ' ', sizeof data);
  memcpy (data + 0x10, self->model->hardware, PIONEER_HARDWARE_SIZE);
  memcpy (data + 0x18, header_in_flash (self, TRUE) + PIONEER_KERNEL_TYPE,
          PIONEER_KERNEL_TYPE_SIZE);
  memcpy (data + 0x28, header_in_flash (self, TRUE) + PIONEER_REVISION, 4);
  if (!self->kernel_mode)
    {
      memcpy (data, common->serial, MIN (strlen (common->serial), (gsize) 16));
      memcpy (data + 0x20, header_in_flash (self, FALSE) + PIONEER_DESTINATION,
              PIONEER_DESTINATION_SIZE);
    }
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}

static void
ofl_practice_pioneer_read_buffer (OflPracticeDrive *drive, const OflPracticeRequest *request,
                                  OflPracticeAnswer *answer)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);
  OflPracticeCommon *common = ofl_practice_common (drive);

  if (memcmp (request->cdb, read_identity, CDB_SIZE) == 0)
    identify (self, request, answer);
  else if (request->cdb[1] == OFL_BUFFER_VENDOR && self->model->arms && !self->kernel_mode)
    ofl_practice_pioneer_arm_read (&self->arm, &common->random, request, answer);
  else
    ofl_practice_refuse_field (answer);
}

static gboolean
holds_part (OflPracticePioneer *self, const guint8 *file, gboolean kernel)
{
  return memcmp (part_in_flash (self, kernel), file,
                 kernel ? self->model->kernel_size : self->model->normal_size)
         == 0;
}

/* A Kernel, a Normal, or both one behind the other; which it is follows from the size. */
static gboolean
ofl_practice_pioneer_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);
  gsize kernel_size = self->model->kernel_size;
  gsize normal_size = self->model->normal_size;

  if (size == kernel_size)
    return holds_part (self, image, TRUE);
  if (size == normal_size)
    return holds_part (self, image, FALSE);
  return size == kernel_size + normal_size && holds_part (self, image, TRUE)
         && holds_part (self, image + kernel_size, FALSE);
}

static void
init_part (Part *part, guint32 size)
{
  part->size = size;
  part->staging = g_malloc0 (size);
}

static void
ofl_practice_pioneer_setup (OflPracticeDrive *drive)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (drive);
  OflPracticeCommon *common = ofl_practice_common (drive);

  self->model = ofl_practice_pioneer_model (common->entry->id);
  init_part (&self->kernel, self->model->kernel_size);
  init_part (&self->normal, self->model->normal_size);
  common->inquiry_format = 0x21; /* MMC-1 drives on ATAPI */
  /* as long as the field of READ BUFFER F1 */
  g_snprintf (common->serial, sizeof common->serial, "PRACTICE%08X", common->seed);
  ofl_practice_put_chip (drive, &chip_type);
  for (guint kernel = 0; kernel < 2; kernel++)
    {
      guint8 header[PIONEER_HEADER_SIZE];

      ofl_practice_pioneer_header (common->entry, header, kernel != 0);
      ofl_practice_chip_put_mark (common->chip, part_offset (self, kernel != 0), header,
                                  sizeof header);
    }
}

/* What the factory writes: a Kernel and a Normal. */
static void
ofl_practice_pioneer_fill (OflPracticeDrive *drive)
{
  ofl_practice_put_factory (drive, "set");
}

static void
ofl_practice_pioneer_finalize (GObject *object)
{
  OflPracticePioneer *self = OFL_PRACTICE_PIONEER (object);

  g_free (self->kernel.staging);
  g_free (self->normal.staging);
  G_OBJECT_CLASS (ofl_practice_pioneer_parent_class)->finalize (object);
}

static void
ofl_practice_pioneer_class_init (OflPracticePioneerClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_pioneer_finalize;
  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_pioneer_setup;
  drive_class->fill = ofl_practice_pioneer_fill;
  drive_class->boot = ofl_practice_pioneer_boot;
  drive_class->reset = ofl_practice_pioneer_reset;
  drive_class->tick = ofl_practice_pioneer_tick;
  drive_class->not_ready = ofl_practice_pioneer_not_ready;
  drive_class->command = ofl_practice_buffer_command;
  drive_class->write_buffer = ofl_practice_pioneer_write_buffer;
  drive_class->read_buffer = ofl_practice_pioneer_read_buffer;
  drive_class->holds = ofl_practice_pioneer_holds;
}

static void
ofl_practice_pioneer_init (OflPracticePioneer *self)
{
}

/* Kinds of files, and the rest of an entry, of all DVD writers */
#define OF_PARTS \
  OFL_PRACTICE_SUMMED " kernel set twin-set kernel-bad-sum other-type", OFL_PRACTICE_FIRST, \
      ofl_practice_pioneer_get_type, ofl_practice_pioneer_image

const OflPracticeEntry ofl_practice_pioneer_drives[] = {
  { "dvr104", N_ ("Practice Pioneer DVR-104"), OF_PARTS, .kind = OFL_PRACTICE_DVD_MINUS_WRITER },
  { "dvr107", N_ ("Practice Pioneer DVR-107"), OF_PARTS, .kind = OFL_PRACTICE_DVD_WRITER },
  { "dvr109", N_ ("Practice Pioneer DVR-109"), OF_PARTS, .kind = OFL_PRACTICE_DVD_DUAL_WRITER },
  { "bdr", N_ ("Practice Pioneer BD writer"),
    OFL_PRACTICE_SUMMED " bad-signature other-sat other-type spliced", OFL_PRACTICE_FIRST,
    ofl_practice_pioneer_bd_get_type, ofl_practice_pioneer_bd_image, &ofl_practice_pioneer_bd_s09,
    .kind = OFL_PRACTICE_BD_WRITER_PIONEER },
  { NULL },
};
