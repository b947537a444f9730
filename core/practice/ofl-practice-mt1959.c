/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of an HL-DT-ST BD-RE BU40N: an MT1959 with 2 MiB of serial flash, its receiver
 * for updates and its boot mode. Sources: protocols.md 3, annex-sequences.md 7. */
#include "practice/ofl-practice-mt1959.h"

#include <string.h>

#include "practice/ofl-practice-cmac.h"
#include "practice/ofl-practice-images.h"
#include "practice/ofl-practice-private.h"
#include "practice/ofl-practice-random.h"

#define NOT_READY_LONG_WRITE 0x08
#define MICROCODE_CHANGED 0x01

#define FLASH_PAGE 0x100u
#define FLASH_SECTOR 0x10000u
#define KEY_PAGE (MT1959_KEY & ~(FLASH_PAGE - 1))

/* Serial flash is read at about 3 MB/s (peers.md section E: 2 MB in 0.5 to 0.8 s). */
#define READ_BYTES_PER_US 3

#define BOOT_DATE "20150601000000"
#define INTERFACE_USB 8

/* How the drive treats a read at the banner that asks for more than its 20h bytes */
enum {
  BANNER_OPEN = 0,   /* answers */
  BANNER_START = 1,  /* refuses when the read starts in the banner */
  BANNER_STRICT = 2, /* refuses when it touches the banner at all */
};

typedef enum {
  RECEIVER_IDLE,
  RECEIVER_RECEIVING,
  RECEIVER_BURNING,
} Receiver;

#define OFL_TYPE_PRACTICE_MT1959 (ofl_practice_mt1959_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeMt1959, ofl_practice_mt1959, OFL, PRACTICE_MT1959,
                      OflPracticeDrive)

struct _OflPracticeMt1959
{
  OflPracticeDrive parent_instance;

  gboolean enc, boot_enc;
  guint banner;
  gboolean boot_mode;
  Receiver receiver;
  guint32 next;        /* offset of the chunk that must come */
  guint8 *staging;     /* what has arrived */
  gboolean commit_due; /* a burn began and its trailer has not come */
};

G_DEFINE_FINAL_TYPE (OflPracticeMt1959, ofl_practice_mt1959, OFL_TYPE_PRACTICE_DRIVE)

enum {
  PROP_0,
  PROP_ENC,
  PROP_BOOT_ENC,
  PROP_BANNER,
  N_PROPS,
};

static const char assumptions[] =
  "The strings at the start of the identity descriptor are our own; only the chip's tag in it is "
  "public. "
  "The receiver is assumed to check banner, tag, key and integrity table when the last byte has "
  "arrived, and to answer 05/24/00 to all that it refuses. "
  "The boot area below 010000 and the drive's own regions are assumed to stay as they are. "
  "A burn is assumed to void the key at 010FF0 first and to write it last; the boot code runs the "
  "firmware when that key equals its copy at 1FF000, and shows revision BOOT otherwise. "
  "The boot code is assumed to answer reads and feature 010C. "
  "Times are those of another serial flash of the same maker.";

/* Whether the firmware in the flash can be started. */
static gboolean
is_startable (const guint8 *flash)
{
  return memcmp (flash + MT1959_KEY, flash + MT1959_KEY_COPY, MT1959_KEY_SIZE) == 0
         && memcmp (flash + MT1959_DESCRIPTOR + MT1959_TAG, MT1959_TAG_TEXT,
                    strlen (MT1959_TAG_TEXT)) == 0;
}

/* Starts what the flash holds: the firmware with its own strings, or the boot code. */
static void
start_firmware (OflPracticeMt1959 *self)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  const guint8 *flash = ofl_practice_chip_get_data (common->chip);
  const guint8 *descriptor = flash + MT1959_DESCRIPTOR;

  self->receiver = RECEIVER_IDLE;
  g_clear_pointer (&self->staging, g_free);
  self->boot_mode = !is_startable (flash);
  if (self->boot_mode)
    {
      memcpy (common->vendor, BU40N_VENDOR, 8);
      memcpy (common->product, BU40N_PRODUCT, 16);
      memcpy (common->revision, "BOOT", 4);
      memcpy (common->date, BOOT_DATE, MT1959_PRACTICE_DATE_SIZE);
      return;
    }
  memcpy (common->vendor, descriptor + MT1959_PRACTICE_VENDOR, 8);
  memcpy (common->product, descriptor + MT1959_PRACTICE_PRODUCT, 16);
  memcpy (common->revision, descriptor + MT1959_PRACTICE_REVISION, 4);
  memcpy (common->date, descriptor + MT1959_PRACTICE_DATE, MT1959_PRACTICE_DATE_SIZE);
}

static void
ofl_practice_mt1959_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  self->commit_due = FALSE;
  start_firmware (self);
  if (self->boot_mode)
    ofl_practice_note (drive, now_us, "boot mode");
}

static void
stop_receiving (OflPracticeMt1959 *self)
{
  self->receiver = RECEIVER_IDLE;
  g_clear_pointer (&self->staging, g_free);
}

static void
ofl_practice_mt1959_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  if (self->receiver == RECEIVER_RECEIVING)
    stop_receiving (self);
}

static void
ofl_practice_mt1959_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);
  OflPracticeCommon *common = ofl_practice_common (drive);

  if (self->receiver != RECEIVER_BURNING || ofl_practice_chip_is_busy (common->chip))
    return;
  ofl_practice_note (drive, ofl_practice_chip_get_end_us (common->chip), "burn done");
  start_firmware (self);
  ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
}

static guint8
ofl_practice_mt1959_not_ready (OflPracticeDrive *drive)
{
  return OFL_PRACTICE_MT1959 (drive)->receiver == RECEIVER_BURNING ? NOT_READY_LONG_WRITE : 0;
}

/* Everything the receiver does not like ends in the one answer that is known of it: 05/24/00,
 * which OEM tools show as "Write DRAM NG" (protocols.md 3.4). */
static void
refuse (OflPracticeMt1959 *self, OflPracticeAnswer *answer)
{
  if (self->receiver == RECEIVER_RECEIVING)
    stop_receiving (self);
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
}

static gboolean
is_zero (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

/* 3B 01: byte 9 is 0B in the OEM's dialect and 00 in the other public one. */
static void
prepare (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  gboolean well_formed = request->cdb[1] == OFL_BUFFER_VENDOR && is_zero (request->cdb + 2, 7)
                         && (request->cdb[9] == 0x00 || request->cdb[9] == 0x0b)
                         && is_zero (request->cdb + 10, 2) && request->out_len == 0;

  if (!well_formed || ofl_practice_common (OFL_PRACTICE_DRIVE (self))->disc)
    {
      refuse (self, answer);
      return;
    }
  g_free (self->staging);
  self->staging = g_malloc0 (MT1959_SIZE);
  self->next = 0;
  self->commit_due = FALSE;
  self->receiver = RECEIVER_RECEIVING;
}

/* Whether the receiver takes what has arrived; removes the encryption when it expects one. */
static gboolean
accept_image (OflPracticeMt1959 *self)
{
  const guint8 *flash =
    ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
  guint8 *image = self->staging;

  if (self->boot_mode ? self->boot_enc : self->enc)
    ofl_practice_decrypt (image, MT1959_SIZE);
  return memcmp (image + MT1959_BANNER, flash + MT1959_BANNER, MT1959_BANNER_ID_SIZE) == 0
         && memcmp (image + MT1959_DESCRIPTOR + MT1959_TAG, MT1959_TAG_TEXT,
                    strlen (MT1959_TAG_TEXT)) == 0
         && memcmp (image + MT1959_KEY, image + MT1959_KEY_COPY, MT1959_KEY_SIZE) == 0
         && ofl_practice_cmac_check (image, MT1959_SIZE);
}

static void
queue_range (OflPracticeMt1959 *self, guint32 start, guint32 end)
{
  OflPracticeChip *chip = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip;

  while (start < end)
    {
      guint32 length = MIN (FLASH_SECTOR - start % FLASH_SECTOR, end - start);

      ofl_practice_chip_queue_erase (chip, start, length);
      ofl_practice_chip_queue_program (chip, start, self->staging + start, length);
      start += length;
    }
}

/* The key is voided first and written last, so that a broken burn never looks whole. */
static void
burn (OflPracticeMt1959 *self, gint64 now_us)
{
  OflPracticeChip *chip = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip;
  guint8 voided[FLASH_PAGE];
  guint32 after_key = KEY_PAGE + FLASH_PAGE;

  memset (voided, 0xff, sizeof voided);
  memset (voided + MT1959_KEY - KEY_PAGE, 0, MT1959_KEY_SIZE);
  ofl_practice_chip_queue_program (chip, KEY_PAGE, voided, FLASH_PAGE);
  ofl_practice_chip_queue_erase (chip, MT1959_MAIN, FLASH_SECTOR);
  queue_range (self, MT1959_MAIN + FLASH_SECTOR, MT1959_UNIT);
  queue_range (self, MT1959_UNIT_END, MT1959_CALIBRATION);
  ofl_practice_chip_queue_program (chip, MT1959_MAIN, self->staging + MT1959_MAIN,
                                   KEY_PAGE - MT1959_MAIN);
  ofl_practice_chip_queue_program (chip, after_key, self->staging + after_key,
                                   MT1959_MAIN + FLASH_SECTOR - after_key);
  ofl_practice_chip_queue_program (chip, KEY_PAGE, self->staging + KEY_PAGE, FLASH_PAGE);
  g_clear_pointer (&self->staging, g_free);
  self->receiver = RECEIVER_BURNING;
  self->commit_due = TRUE;
  ofl_practice_burn (OFL_PRACTICE_DRIVE (self), now_us);
}

/* 3B 06: chunks of 4000h in ascending order; the burn begins when the last one has landed. */
static void
stream (OflPracticeMt1959 *self, gint64 now_us, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  guint32 offset = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (self->receiver != RECEIVER_RECEIVING || request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS
      || request->cdb[2] != 0 || !is_zero (request->cdb + 9, 3) || offset != self->next
      || length != MT1959_CHUNK || request->out_len != length
      || ofl_practice_common (OFL_PRACTICE_DRIVE (self))->disc)
    {
      refuse (self, answer);
      return;
    }
  memcpy (self->staging + offset, request->out, length);
  self->next += length;
  if (self->next < MT1959_SIZE)
    return;
  if (accept_image (self))
    burn (self, now_us);
  else
    refuse (self, answer);
}

/* 3B 07 with 1B 12 at its end: a trailer after the data; accepted while the burn runs. */
static void
commit (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  if (!self->commit_due || request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS_SAVE
      || !is_zero (request->cdb + 2, 8) || request->cdb[10] != 0x1b || request->cdb[11] != 0x12
      || request->out_len != 0)
    refuse (self, answer);
  else
    self->commit_due = FALSE;
}

static void
write_buffer (OflPracticeMt1959 *self, gint64 now_us, const OflPracticeRequest *request,
              OflPracticeAnswer *answer)
{
  guint8 mode = request->cdb[1] & 0x1f;

  if (mode == OFL_BUFFER_MICROCODE_OFFSETS_SAVE)
    commit (self, request, answer);
  else if (self->receiver == RECEIVER_BURNING)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, NOT_READY_LONG_WRITE);
  else if (mode == OFL_BUFFER_VENDOR)
    prepare (self, request, answer);
  else
    stream (self, now_us, request, answer);
}

/* Whether the drive refuses to read a range because of the banner in it. */
static gboolean
is_banner_refused (OflPracticeMt1959 *self, guint32 start, guint32 end)
{
  const guint32 banner_end = MT1959_BANNER + MT1959_BANNER_SIZE;
  gboolean starts = start >= MT1959_BANNER && start < banner_end;
  gboolean touches = start < banner_end && end > MT1959_BANNER;
  gboolean inside = starts && end <= banner_end;

  if (self->banner == BANNER_OPEN || inside)
    return FALSE;
  return self->banner == BANNER_STRICT ? touches : starts;
}

/* The boot page is shown as a copy of the first page of the firmware (protocols.md 3.3). */
static void
show_boot_page (guint8 *data, guint32 start, gsize length, const guint8 *flash)
{
  if (length > 0 && start < MT1959_BOOT_PAGE_SIZE)
    memcpy (data, flash + MT1959_MAIN + start, MIN (length, MT1959_BOOT_PAGE_SIZE - start));
}

/* 3C 06: the flash at file offsets. */
static void
read_buffer (OflPracticeMt1959 *self, const OflPracticeRequest *request,
             OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  const guint8 *flash = ofl_practice_chip_get_data (common->chip);
  guint32 start = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (self->receiver == RECEIVER_BURNING)
    {
      ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, NOT_READY_LONG_WRITE);
      return;
    }
  if (request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS || request->cdb[2] != 0
      || start > MT1959_SIZE || length > MT1959_SIZE - start
      || is_banner_refused (self, start, start + length))
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  ofl_practice_send (request, answer, flash + start, length, length);
  show_boot_page (request->in, start, answer->in_len, flash);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

static gboolean
ofl_practice_mt1959_command (OflPracticeDrive *drive, gint64 now_us,
                             const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  switch (request->cdb[0])
    {
    case OP_WRITE_BUFFER:
      write_buffer (self, now_us, request, answer);
      return TRUE;
    case OP_READ_BUFFER:
      read_buffer (self, request, answer);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
ofl_practice_mt1959_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  const guint8 *flash = ofl_practice_chip_get_data (ofl_practice_common (drive)->chip);

  return size == MT1959_SIZE
         && memcmp (flash + MT1959_MAIN, image + MT1959_MAIN, MT1959_UNIT - MT1959_MAIN) == 0
         && memcmp (flash + MT1959_UNIT_END, image + MT1959_UNIT_END,
                    MT1959_CALIBRATION - MT1959_UNIT_END) == 0;
}

static void
ofl_practice_mt1959_set_property (GObject *object, guint id, const GValue *value,
                                  GParamSpec *spec)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (object);

  switch (id)
    {
    case PROP_ENC:
      self->enc = g_value_get_boolean (value);
      break;
    case PROP_BOOT_ENC:
      self->boot_enc = g_value_get_boolean (value);
      break;
    case PROP_BANNER:
      self->banner = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
      break;
    }
}

static void
ofl_practice_mt1959_finalize (GObject *object)
{
  g_free (OFL_PRACTICE_MT1959 (object)->staging);
  G_OBJECT_CLASS (ofl_practice_mt1959_parent_class)->finalize (object);
}

static void
ofl_practice_mt1959_class_init (OflPracticeMt1959Class *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = ofl_practice_mt1959_set_property;
  object_class->finalize = ofl_practice_mt1959_finalize;
  drive_class->assumptions = assumptions;
  drive_class->boot = ofl_practice_mt1959_boot;
  drive_class->reset = ofl_practice_mt1959_reset;
  drive_class->tick = ofl_practice_mt1959_tick;
  drive_class->not_ready = ofl_practice_mt1959_not_ready;
  drive_class->command = ofl_practice_mt1959_command;
  drive_class->holds = ofl_practice_mt1959_holds;

  /* enc: the firmware's receiver expects an encrypted image */
  g_object_class_install_property (object_class, PROP_ENC,
                                   g_param_spec_boolean ("enc", NULL, NULL, FALSE, flags));
  /* boot-enc: the boot code's receiver does */
  g_object_class_install_property (object_class, PROP_BOOT_ENC,
                                   g_param_spec_boolean ("boot-enc", NULL, NULL, FALSE, flags));
  /* banner: 0 reads at 3000 are free, 1 those that start there end there, 2 as do all others */
  g_object_class_install_property (
    object_class, PROP_BANNER,
    g_param_spec_uint ("banner", NULL, NULL, BANNER_OPEN, BANNER_STRICT, BANNER_START, flags));
}

static void
ofl_practice_mt1959_init (OflPracticeMt1959 *self)
{
  self->banner = BANNER_START;
}

/* What the factory writes: an image and what belongs to this one unit. */
static void
fill_flash (OflPracticeCommon *common)
{
  g_autoptr (GBytes) image = ofl_practice_factory_image ("bu40n");
  const guint8 *data = g_bytes_get_data (image, NULL);
  const guint32 unit_size = MT1959_UNIT_END - MT1959_UNIT;
  const guint32 calibration_size = MT1959_KEY_COPY - MT1959_CALIBRATION;
  g_autofree guint8 *own = g_malloc (MAX (unit_size, calibration_size));
  guint32 random = common->seed * 2654435761u + 1959;

  ofl_practice_chip_put (common->chip, 0, data, MT1959_SIZE);
  ofl_practice_random_fill (&random, own, unit_size);
  ofl_practice_chip_put (common->chip, MT1959_UNIT, own, unit_size);
  ofl_practice_random_fill (&random, own, calibration_size);
  ofl_practice_chip_put (common->chip, MT1959_CALIBRATION, own, calibration_size);
}

/**
 * ofl_practice_mt1959_new: (skip)
 * @id: name in the catalogue
 * @title: name for persons
 * @seed: tells units apart
 *
 * Makes a BU40N with its factory firmware. Writable properties: "enc" and "boot-enc" (boolean, the
 * firmware's or the boot code's receiver expects an encrypted image; default FALSE), "banner" (0
 * to 2, how strictly more than 20h bytes at 3000 are refused; default 1: only when a read starts
 * there).
 *
 * Returns: (transfer full): the drive, switched on
 */
OflPracticeDrive *
ofl_practice_mt1959_new (const char *id, const char *title, guint32 seed)
{
  OflPracticeDrive *self = g_object_new (OFL_TYPE_PRACTICE_MT1959, NULL);
  OflPracticeCommon *common = ofl_practice_common (self);

  common->id = g_strdup (id);
  common->title = g_strdup (title);
  common->seed = seed;
  common->random = seed;
  common->chip = ofl_practice_chip_new (&ofl_practice_chip_spi_16m, seed);
  /* as an optical drive on a bridge: no version claimed, 96 bytes of INQUIRY */
  common->inquiry_version = 0;
  common->inquiry_format = 0x32;
  common->interface = INTERFACE_USB;
  g_snprintf (common->serial, sizeof common->serial, "OFLPRACTICE-%08X", seed);
  memset (common->extra, ' ', sizeof common->extra);
  memcpy (common->extra, common->serial, strlen (common->serial));
  fill_flash (common);
  ofl_practice_start (self);
  return self;
}
