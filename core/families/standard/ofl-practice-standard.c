/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive that takes its firmware by the book: SPC's microcode download in every mode, a data
 * buffer and an echo buffer. Sources: SPC; scsi 1.1, scsi 1.2. Its image is the practice format
 * of ofl-practice-standard.h. */
#include "families/standard/ofl-practice-standard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MODE_HEADER 0x00
#define MODE_SELECT_DEFER 0x0d /* as 0E, with a choice of what activates; not told apart here */
#define ECHO_SIZE 4096
#define BUFFER_SIZE 0x10000u
#define HEADER_SIZE 4

#define BANK_ACTIVE 0x00000u
#define BANK_DEFERRED 0x40000u

/* What happens when the chip is done */
typedef enum {
  AFTER_NOTHING,
  AFTER_ACTIVATE,
  AFTER_DEFER,
} After;

#define OFL_TYPE_PRACTICE_STANDARD (ofl_practice_standard_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeStandard, ofl_practice_standard, OFL, PRACTICE_STANDARD,
                      OflPracticeDrive)

struct _OflPracticeStandard {
  OflPracticeDrive parent_instance;

  guint8 *incoming;     /* STANDARD_SIZE bytes */
  guint8 incoming_mode; /* 0: nothing is being received */
  guint32 next;         /* offset of the chunk that must come */
  After after;
  gboolean booting; /* the boot code is copying */
  guint8 *buffer;   /* BUFFER_SIZE bytes */
  guint8 echo[ECHO_SIZE];
  gsize echo_len; /* 0: nothing was written */
};

G_DEFINE_FINAL_TYPE (OflPracticeStandard, ofl_practice_standard, OFL_TYPE_PRACTICE_DRIVE)

static const guint8 *
bank (OflPracticeStandard *self, guint32 offset)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip)
         + offset;
}

static void
set_identity (OflPracticeStandard *self, const guint8 *image)
{
  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), image + STANDARD_VENDOR,
                             image + STANDARD_PRODUCT, image + STANDARD_REVISION);
}

/* Runs what the active bank holds. The boot code looks at the magic only: a page that went wrong
 * is not noticed by the drive. */
static void
start_firmware (OflPracticeStandard *self)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  const guint8 *image;

  if (ofl_practice_is_new (drive))
    {
      ofl_practice_set_identity (drive, STANDARD_VENDOR_NAME, STANDARD_PRODUCT_NAME,
                                 ofl_practice_common (drive)->entry->revision);
      return;
    }
  image = bank (self, BANK_ACTIVE);
  if (memcmp (image, STANDARD_MAGIC, STANDARD_MAGIC_SIZE) == 0)
    set_identity (self, image);
  else
    ofl_practice_set_identity (drive, STANDARD_VENDOR_NAME, STANDARD_PRODUCT_NAME, "BOOT");
}

static void
queue_bank (OflPracticeStandard *self, guint32 offset, const guint8 *image)
{
  ofl_practice_queue_image (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip, offset, image,
                            STANDARD_SIZE, STANDARD_MAGIC_SIZE);
}

static gboolean
has_deferred (OflPracticeStandard *self)
{
  return !ofl_practice_is_new (OFL_PRACTICE_DRIVE (self))
         && ofl_practice_standard_check (bank (self, BANK_DEFERRED), STANDARD_SIZE);
}

/* Copies the deferred firmware to where it runs, then gives it up. */
static gint64
activate_deferred (OflPracticeStandard *self, gint64 now_us)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);

  queue_bank (self, BANK_ACTIVE, bank (self, BANK_DEFERRED));
  ofl_practice_chip_queue_erase (ofl_practice_common (drive)->chip, BANK_DEFERRED, STANDARD_SIZE);
  self->after = AFTER_ACTIVATE;
  return ofl_practice_burn (drive, now_us);
}

static void
ofl_practice_standard_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (drive);

  self->incoming_mode = 0;
  self->after = AFTER_NOTHING;
  g_free (self->buffer);
  self->buffer = g_malloc0 (BUFFER_SIZE);
  self->echo_len = 0;
  start_firmware (self);
  self->booting = has_deferred (self);
  if (self->booting)
    activate_deferred (self, now_us);
}

static void
ofl_practice_standard_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OFL_PRACTICE_STANDARD (drive)->incoming_mode = 0;
}

static void
ofl_practice_standard_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (drive);

  if (self->after == AFTER_NOTHING || !ofl_practice_burn_has_ended (drive))
    return;
  if (self->after == AFTER_ACTIVATE)
    {
      start_firmware (self);
      ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
    }
  self->after = AFTER_NOTHING;
  self->booting = FALSE;
}

static guint8
ofl_practice_standard_not_ready (OflPracticeDrive *drive)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (drive);

  if (self->after == AFTER_NOTHING)
    return 0;
  return self->booting ? BECOMING_READY : IN_PROGRESS;
}

/* The whole image is here: check it, and do what the mode says. The drive answers when the flash
 * is written, so the host waits in this one command. */
static void
finish (OflPracticeStandard *self, gint64 now_us, guint8 mode, OflPracticeAnswer *answer)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gboolean volatile_only = mode == OFL_BUFFER_MICROCODE || mode == OFL_BUFFER_MICROCODE_OFFSETS;
  gboolean deferred = mode == OFL_BUFFER_MICROCODE_DEFER || mode == MODE_SELECT_DEFER;

  self->incoming_mode = 0;
  if (!ofl_practice_standard_check (self->incoming, STANDARD_SIZE))
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_DATA, 0);
      return;
    }
  if (volatile_only)
    {
      set_identity (self, self->incoming);
      ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
      return;
    }
  queue_bank (self, deferred ? BANK_DEFERRED : BANK_ACTIVE, self->incoming);
  self->after = deferred ? AFTER_DEFER : AFTER_ACTIVATE;
  answer->delay_us += ofl_practice_burn (drive, now_us) - now_us;
}

/* Modes 04 and 05: the image in one command; the offset has no meaning. */
static void
download_whole (OflPracticeStandard *self, gint64 now_us, const OflPracticeRequest *request,
                OflPracticeAnswer *answer)
{
  if (request->out_len != STANDARD_SIZE)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_DATA, 0);
      return;
    }
  memcpy (self->incoming, request->out, STANDARD_SIZE);
  finish (self, now_us, request->cdb[1] & 0x1f, answer);
}

/* Modes 06, 07, 0D and 0E: in pieces, from offset 0 on and without gaps. */
static void
download_piece (OflPracticeStandard *self, gint64 now_us, const OflPracticeRequest *request,
                OflPracticeAnswer *answer)
{
  guint8 mode = request->cdb[1] & 0x1f;
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  gboolean begins = offset == 0;

  if (!begins && (mode != self->incoming_mode || offset != self->next))
    {
      self->incoming_mode = 0;
      ofl_practice_refuse_field (answer);
      return;
    }
  if (request->out_len > STANDARD_SIZE - offset)
    {
      self->incoming_mode = 0;
      ofl_practice_refuse_field (answer);
      return;
    }
  memcpy (self->incoming + offset, request->out, request->out_len);
  self->incoming_mode = mode;
  self->next = offset + (guint32) request->out_len;
  if (begins && self->next >= STANDARD_MAGIC_SIZE
      && memcmp (self->incoming, STANDARD_MAGIC, STANDARD_MAGIC_SIZE) != 0)
    {
      self->incoming_mode = 0;
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_DATA, 0);
    }
  else if (self->next == STANDARD_SIZE)
    finish (self, now_us, mode, answer);
}

static void
activate (OflPracticeStandard *self, gint64 now_us, OflPracticeAnswer *answer)
{
  if (has_deferred (self))
    answer->delay_us += activate_deferred (self, now_us) - now_us;
  else
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_SEQUENCE, 0);
}

static void
write_data (OflPracticeStandard *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 mode = request->cdb[1] & 0x1f;
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  gsize head = mode == MODE_HEADER ? HEADER_SIZE : 0;

  if (mode == OFL_BUFFER_ECHO && request->out_len <= ECHO_SIZE)
    {
      memcpy (self->echo, request->out, request->out_len);
      self->echo_len = request->out_len;
    }
  else if (mode != OFL_BUFFER_ECHO && request->out_len >= head && offset <= BUFFER_SIZE
           && request->out_len - head <= BUFFER_SIZE - offset)
    memcpy (self->buffer + offset, request->out + head, request->out_len - head);
  else
    ofl_practice_refuse_field (answer);
}

static void
ofl_practice_standard_write_buffer (OflPracticeDrive *drive, gint64 now_us,
                                    const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (drive);
  gboolean empty = request->out_len == 0;

  if (request->cdb[2] != 0 || ofl_get_be (request->cdb + 6, 3) != request->out_len)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  switch (request->cdb[1] & 0x1f)
    {
    case OFL_BUFFER_MICROCODE_ACTIVATE:
      activate (self, now_us, answer);
      break;
    case MODE_HEADER:
    case OFL_BUFFER_DATA:
    case OFL_BUFFER_ECHO:
      if (!empty) /* a length of 0 is no error (SPC) */
        write_data (self, request, answer);
      break;
    case OFL_BUFFER_MICROCODE:
    case OFL_BUFFER_MICROCODE_SAVE:
      if (!empty)
        download_whole (self, now_us, request, answer);
      break;
    case OFL_BUFFER_MICROCODE_OFFSETS:
    case OFL_BUFFER_MICROCODE_OFFSETS_SAVE:
    case MODE_SELECT_DEFER:
    case OFL_BUFFER_MICROCODE_DEFER:
      if (!empty)
        download_piece (self, now_us, request, answer);
      break;
    default:
      ofl_practice_refuse_field (answer);
      break;
    }
}

static void
read_echo (OflPracticeStandard *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  if (self->echo_len == 0)
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_SEQUENCE, 0);
  else
    ofl_practice_send (request, answer, self->echo, self->echo_len,
                       ofl_get_be (request->cdb + 6, 3));
}

/* Modes 00 and 02: the data buffer, with or without its header. */
static void
read_data (OflPracticeStandard *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);
  g_autofree guint8 *with_head = NULL;

  if (offset > BUFFER_SIZE)
    ofl_practice_refuse_field (answer);
  else if ((request->cdb[1] & 0x1f) == OFL_BUFFER_DATA)
    ofl_practice_send (request, answer, self->buffer + offset, BUFFER_SIZE - offset, length);
  else
    {
      with_head = g_malloc0 (HEADER_SIZE + BUFFER_SIZE - offset);
      ofl_put_be (with_head + 1, 3, BUFFER_SIZE);
      memcpy (with_head + HEADER_SIZE, self->buffer + offset, BUFFER_SIZE - offset);
      ofl_practice_send (request, answer, with_head, HEADER_SIZE + BUFFER_SIZE - offset, length);
    }
}

static void
ofl_practice_standard_read_buffer (OflPracticeDrive *drive, const OflPracticeRequest *request,
                                   OflPracticeAnswer *answer)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (drive);
  guint32 length = ofl_get_be (request->cdb + 6, 3);
  guint8 descriptor[4] = { 0 };

  if (request->cdb[2] != 0)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  switch (request->cdb[1] & 0x1f)
    {
    case MODE_HEADER:
    case OFL_BUFFER_DATA:
      read_data (self, request, answer);
      break;
    case OFL_BUFFER_DESCRIPTOR:
      ofl_put_be (descriptor + 1, 3, BUFFER_SIZE);
      ofl_practice_send (request, answer, descriptor, sizeof descriptor, length);
      break;
    case OFL_BUFFER_ECHO:
      read_echo (self, request, answer);
      break;
    case 0x0b: /* echo buffer descriptor: capacity in the low 13 bits */
      ofl_put_be (descriptor + 2, 2, ECHO_SIZE);
      ofl_practice_send (request, answer, descriptor, sizeof descriptor, length);
      break;
    default:
      ofl_practice_refuse_field (answer);
      break;
    }
}

static gboolean
ofl_practice_standard_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  return size == STANDARD_SIZE
         && memcmp (bank (OFL_PRACTICE_STANDARD (drive), BANK_ACTIVE), image, size) == 0;
}

static void
ofl_practice_standard_setup (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);

  common->inquiry_version = 5; /* SPC-3 */
  common->inquiry_format = 2;
  common->interface = INTERFACE_SERIAL_ATAPI;
  g_snprintf (common->serial, sizeof common->serial, "STD%08X", common->seed);
  memcpy (common->extra, "PRACTICE DRIVE      ", sizeof common->extra);
  ofl_practice_put_chip (drive, &ofl_practice_chip_parallel_4m);
}

static void
ofl_practice_standard_finalize (GObject *object)
{
  OflPracticeStandard *self = OFL_PRACTICE_STANDARD (object);

  g_free (self->incoming);
  g_free (self->buffer);
  G_OBJECT_CLASS (ofl_practice_standard_parent_class)->finalize (object);
}

static void
ofl_practice_standard_class_init (OflPracticeStandardClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_standard_finalize;
  drive_class->setup = ofl_practice_standard_setup;
  drive_class->boot = ofl_practice_standard_boot;
  drive_class->reset = ofl_practice_standard_reset;
  drive_class->tick = ofl_practice_standard_tick;
  drive_class->not_ready = ofl_practice_standard_not_ready;
  drive_class->command = ofl_practice_buffer_command;
  drive_class->write_buffer = ofl_practice_standard_write_buffer;
  drive_class->read_buffer = ofl_practice_standard_read_buffer;
  drive_class->holds = ofl_practice_standard_holds;
  drive_class->assumptions = N_ ("There is no such drive: it does what the standard says, and its "
                                 "image format is our own.");
}

static void
ofl_practice_standard_init (OflPracticeStandard *self)
{
  self->incoming = g_malloc0 (STANDARD_SIZE);
  self->buffer = g_malloc0 (BUFFER_SIZE);
}

const OflPracticeEntry ofl_practice_standard_drives[] = {
  { "standard", N_ ("Practice drive for standard microcode download"), OFL_PRACTICE_SUMMED,
    OFL_PRACTICE_FIRST, ofl_practice_standard_get_type, ofl_practice_standard_image,
    .kind = OFL_PRACTICE_DVD_WRITER },
  { NULL },
};
