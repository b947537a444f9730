/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of an HL-DT-ST GMA-4082N: a Renesas controller whose memory can be read at
 * absolute addresses, and a cache that takes an update. Sources: renesas 1, 2. */
#include "families/renesas/ofl-practice-renesas.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What byte 1 of a command addresses (renesas 2.1) */
#define LOC_CACHE 0x02
#define LOC_MEMORY 0x05

#define CONTROL 0x44
#define CACHE_SIZE (RENESAS_FLASH_SIZE - RENESAS_MAIN)
#define BOOT_SIZE RENESAS_CORE
#define BOOT_SEED 0x4082b007u

/* 8 Mbit: MX29LV800, 0.7 s a sector of 64 KiB and 9 us a byte (renesas 4); its small boot
 * sectors are treated as one sector. The source gives no limits. */
static const OflPracticeChipType chip_type = {
  .name = "parallel NOR 8 Mbit, times of MX29LV800",
  .size = RENESAS_FLASH_SIZE,
  .big_sector = FLASH_SECTOR,
  .page = FLASH_PAGE,
  .big_us = 700000,
  .page_us = 2304,
};

static const char *const assumptions = N_ (
    "Where CORE and MAIN lie in memory is our own; the memory is assumed to be the flash chip "
    "from address 0 on, and reads beyond it, or of more than 8000 hex bytes, to be refused. "
    "The drive is assumed to check device text, load address, size, end and sum of an image "
    "when its last chunk has come, to want the chunks in order and no disc in, and to answer "
    "05/24/00 to all that it refuses. Reads of the cache show what has been received; the "
    "other two locations are refused, because nothing is public about what they hold. The "
    "last chunk is assumed to be answered when the burn is done, and the drive to start the "
    "new firmware then; INQUIRY's revision is MAIN's. What such a drive does after a broken "
    "burn is not public: here it does not start any more.");

#define OFL_TYPE_PRACTICE_RENESAS (ofl_practice_renesas_get_type ())
G_DECLARE_FINAL_TYPE (OflPracticeRenesas, ofl_practice_renesas, OFL, PRACTICE_RENESAS,
                      OflPracticeDrive)

struct _OflPracticeRenesas {
  OflPracticeDrive parent_instance;

  guint8 *cache; /* CACHE_SIZE bytes */
  guint32 next;  /* offset of the chunk that must come */
  gboolean burning;
};

G_DEFINE_FINAL_TYPE (OflPracticeRenesas, ofl_practice_renesas, OFL_TYPE_PRACTICE_DRIVE)

static const guint8 *
memory (OflPracticeRenesas *self)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
}

/* Only the headers are looked at: a page that went wrong is not noticed by the drive. */
static gboolean
is_startable (OflPracticeRenesas *self)
{
  if (ofl_practice_is_new (OFL_PRACTICE_DRIVE (self)))
    return TRUE;
  return ofl_practice_renesas_kind (memory (self) + RENESAS_CORE) == RENESAS_IMAGE_CORE
         && ofl_practice_renesas_kind (memory (self) + RENESAS_MAIN) == RENESAS_IMAGE_MAIN;
}

static void
start_firmware (OflPracticeRenesas *self)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gconstpointer revision = ofl_practice_common (drive)->entry->revision;

  self->next = 0;
  self->burning = FALSE;
  g_free (self->cache);
  self->cache = g_malloc0 (CACHE_SIZE);
  if (!ofl_practice_is_new (drive))
    revision = memory (self) + RENESAS_MAIN + RENESAS_REVISION;
  ofl_practice_set_identity (drive, GMA4082N_VENDOR, GMA4082N_PRODUCT, revision);
}

static void
ofl_practice_renesas_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeRenesas *self = OFL_PRACTICE_RENESAS (drive);

  self->burning = FALSE;
  if (is_startable (self))
    {
      start_firmware (self);
      return;
    }
  ofl_practice_common (drive)->powered = FALSE;
  ofl_practice_note (drive, now_us, "does not start");
}

static void
ofl_practice_renesas_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OFL_PRACTICE_RENESAS (drive)->next = 0;
}

static void
ofl_practice_renesas_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeRenesas *self = OFL_PRACTICE_RENESAS (drive);

  if (!self->burning || !ofl_practice_burn_has_ended (drive))
    return;
  start_firmware (self);
  ofl_practice_add_attention (drive, ASC_CHANGED, MICROCODE_CHANGED);
}

static guint8
ofl_practice_renesas_not_ready (OflPracticeDrive *drive)
{
  return OFL_PRACTICE_RENESAS (drive)->burning ? IN_PROGRESS : 0;
}

static gint64
burn (OflPracticeRenesas *self, gint64 now_us, guint32 size)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  gboolean core = ofl_practice_renesas_kind (self->cache) == RENESAS_IMAGE_CORE;

  ofl_practice_renesas_to_memory (self->cache);
  ofl_practice_queue_image (ofl_practice_common (drive)->chip, core ? RENESAS_CORE : RENESAS_MAIN,
                            self->cache, size, FLASH_PAGE);
  self->burning = TRUE;
  return ofl_practice_burn (drive, now_us);
}

/* 3B 02 with a whole chunk goes on, 3B 05 with what is left ends it and starts the burn. */
static gboolean
is_chunk (OflPracticeRenesas *self, const OflPracticeRequest *request)
{
  guint32 offset = ofl_get_be (request->cdb + 2, 4);
  guint32 length = ofl_get_be (request->cdb + 7, 2);
  gboolean last = request->cdb[1] == LOC_MEMORY;

  return (last || request->cdb[1] == LOC_CACHE) && request->cdb[6] == 0
         && request->cdb[9] == CONTROL && (offset == 0 || offset == self->next)
         && offset < CACHE_SIZE
         && (last ? length > 0 && length <= RENESAS_CHUNK : length == RENESAS_CHUNK)
         && length <= CACHE_SIZE - offset && request->out_len == length;
}

static void
ofl_practice_renesas_write_buffer (OflPracticeDrive *drive, gint64 now_us,
                                   const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeRenesas *self = OFL_PRACTICE_RENESAS (drive);
  guint32 offset = ofl_get_be (request->cdb + 2, 4);
  guint32 size;

  if (ofl_practice_common (drive)->disc || !is_chunk (self, request))
    {
      self->next = 0;
      ofl_practice_refuse_field (answer);
      return;
    }
  memcpy (self->cache + offset, request->out, request->out_len);
  size = offset + (guint32) request->out_len;
  self->next = request->cdb[1] == LOC_CACHE ? size : 0;
  if (request->cdb[1] == LOC_CACHE)
    return;
  if (ofl_practice_renesas_check (self->cache, size))
    answer->delay_us += burn (self, now_us, size) - now_us;
  else
    ofl_practice_refuse_field (answer);
}

static void
ofl_practice_renesas_read_buffer (OflPracticeDrive *drive, const OflPracticeRequest *request,
                                  OflPracticeAnswer *answer)
{
  OflPracticeRenesas *self = OFL_PRACTICE_RENESAS (drive);
  guint32 start = ofl_get_be (request->cdb + 2, 4);
  guint32 length = ofl_get_be (request->cdb + 7, 2);
  guint32 end = request->cdb[1] == LOC_CACHE ? CACHE_SIZE : RENESAS_FLASH_SIZE;

  if ((request->cdb[1] != LOC_MEMORY && request->cdb[1] != LOC_CACHE) || request->cdb[6] != 0
      || request->cdb[9] != CONTROL || length == 0 || length > RENESAS_CHUNK || start >= end
      || length > end - start)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  ofl_practice_send (request, answer,
                     (request->cdb[1] == LOC_CACHE ? self->cache : memory (self)) + start, length,
                     length);
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

/* How long the image is that begins at @image; 0 when none does, or not all of it is there. */
static gsize
image_length (const guint8 *image, gsize room)
{
  gsize length;

  if (room < RENESAS_HEADER_SIZE)
    return 0;
  length = RENESAS_HEADER_SIZE + (gsize) ofl_get_be (image + RENESAS_SIZE, 4);
  return length <= room && ofl_practice_renesas_check (image, length) ? length : 0;
}

static gboolean
holds_image (OflPracticeRenesas *self, const guint8 *image, gsize length)
{
  gboolean core = ofl_practice_renesas_kind (image) == RENESAS_IMAGE_CORE;
  const guint8 *there = memory (self) + (core ? RENESAS_CORE : RENESAS_MAIN);
  guint8 header[RENESAS_HEADER_USED];

  memcpy (header, image, sizeof header);
  ofl_practice_renesas_to_memory (header);
  return memcmp (there, header, sizeof header) == 0
         && memcmp (there + sizeof header, image + sizeof header, length - sizeof header) == 0;
}

/* A MAIN, a CORE, or several one behind the other: all must be there. */
static gboolean
ofl_practice_renesas_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  OflPracticeRenesas *self = OFL_PRACTICE_RENESAS (drive);
  gsize at = 0;

  while (at < size)
    {
      gsize length = image_length (image + at, size - at);

      if (length == 0 || !holds_image (self, image + at, length))
        return FALSE;
      at += length;
    }
  return size > 0;
}

/* What the factory writes: code that is never updated, CORE and MAIN. */
static void
ofl_practice_renesas_fill (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  g_autoptr (GBytes) set = ofl_practice_shared_image (common->entry, "set");
  gsize size = 0;
  const guint8 *images = g_bytes_get_data (set, &size);
  g_autofree guint8 *boot = g_malloc (BOOT_SIZE);
  guint32 random = BOOT_SEED;

  ofl_practice_random_fill (&random, boot, BOOT_SIZE);
  ofl_practice_chip_put (common->chip, 0, boot, BOOT_SIZE);
  for (gsize at = 0; at < size;)
    {
      gsize length = image_length (images + at, size - at);
      g_autofree guint8 *image = g_memdup2 (images + at, length);
      gboolean core = ofl_practice_renesas_kind (image) == RENESAS_IMAGE_CORE;

      ofl_practice_renesas_to_memory (image);
      ofl_practice_chip_put (common->chip, core ? RENESAS_CORE : RENESAS_MAIN, image,
                             (guint32) length);
      at += length;
    }
}

static void
ofl_practice_renesas_setup (OflPracticeDrive *drive)
{
  ofl_practice_common (drive)->inquiry_format = 0x21; /* MMC-1 drives on ATAPI */
  ofl_practice_put_chip (drive, &chip_type);
}

static void
ofl_practice_renesas_finalize (GObject *object)
{
  g_free (OFL_PRACTICE_RENESAS (object)->cache);
  G_OBJECT_CLASS (ofl_practice_renesas_parent_class)->finalize (object);
}

static void
ofl_practice_renesas_class_init (OflPracticeRenesasClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_renesas_finalize;
  drive_class->assumptions = assumptions;
  drive_class->setup = ofl_practice_renesas_setup;
  drive_class->fill = ofl_practice_renesas_fill;
  drive_class->boot = ofl_practice_renesas_boot;
  drive_class->reset = ofl_practice_renesas_reset;
  drive_class->tick = ofl_practice_renesas_tick;
  drive_class->not_ready = ofl_practice_renesas_not_ready;
  drive_class->command = ofl_practice_buffer_command;
  drive_class->write_buffer = ofl_practice_renesas_write_buffer;
  drive_class->read_buffer = ofl_practice_renesas_read_buffer;
  drive_class->holds = ofl_practice_renesas_holds;
}

static void
ofl_practice_renesas_init (OflPracticeRenesas *self)
{
  self->cache = g_malloc0 (CACHE_SIZE);
}

const OflPracticeEntry ofl_practice_renesas_drives[] = {
  { "gma4082n", N_ ("Practice HL-DT-ST GMA-4082N"), OFL_PRACTICE_SUMMED " core set",
    OFL_PRACTICE_FIRST, ofl_practice_renesas_get_type, ofl_practice_renesas_image,
    .kind = OFL_PRACTICE_DVD_RAM_WRITER },
  { NULL },
};
