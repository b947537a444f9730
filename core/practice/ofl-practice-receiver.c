/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that take a whole image into memory and then burn it. The families differ in their
 * commands, their images and in what their boot code does; how an update is kept, burned and
 * started is the same and none of it is public for any of them. */
#include "practice/ofl-practice-receiver.h"

#include <string.h>

#include "practice/ofl-practice-random.h"

#define FLASH_PAGE 0x100u
#define MANUAL_INTERVENTION 0x03
#define IN_PROGRESS 0x07

typedef OflPracticeUpdate OflPracticeReceiverPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OflPracticeReceiver, ofl_practice_receiver,
                                     OFL_TYPE_PRACTICE_DRIVE)

/**
 * ofl_practice_receiver_update: (skip)
 * @self: a drive
 *
 * Returns: (transfer none): where its update stands
 */
OflPracticeUpdate *
ofl_practice_receiver_update (OflPracticeReceiver *self)
{
  return ofl_practice_receiver_get_instance_private (self);
}

/**
 * ofl_practice_receiver_flash: (skip)
 * @self: a drive
 *
 * Returns: (transfer none): all cells of its flash
 */
const guint8 *
ofl_practice_receiver_flash (OflPracticeReceiver *self)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
}

static void
stop_receiving (OflPracticeUpdate *update)
{
  update->receiving = FALSE;
  update->next = 0;
  update->chunk = 0;
}

/**
 * ofl_practice_receiver_start: (skip)
 * @self: a drive
 *
 * Starts what the flash holds. An update that was being received is forgotten.
 */
void
ofl_practice_receiver_start (OflPracticeReceiver *self)
{
  OflPracticeReceiverClass *klass = OFL_PRACTICE_RECEIVER_GET_CLASS (self);
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  const guint8 *id = klass->find_identity (self, ofl_practice_receiver_flash (self));
  guint8 fallback[ID_SIZE];

  stop_receiving (update);
  update->burning = FALSE;
  update->down = id == NULL;
  ofl_practice_put_id (fallback, update->info->vendor, update->info->product,
                       update->info->revision);
  if (id == NULL)
    id = fallback;
  memcpy (common->vendor, id, sizeof common->vendor);
  memcpy (common->product, id + ID_PRODUCT, sizeof common->product);
  memcpy (common->revision, id + ID_REVISION, sizeof common->revision);
  if (klass->started != NULL)
    klass->started (self);
}

static void
ofl_practice_receiver_boot (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeReceiver *self = OFL_PRACTICE_RECEIVER (drive);

  ofl_practice_receiver_start (self);
  if (ofl_practice_receiver_update (self)->down)
    ofl_practice_note (drive, now_us, "nothing to start in the flash");
}

static void
ofl_practice_receiver_reset (OflPracticeDrive *drive, gint64 now_us)
{
  stop_receiving (ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (drive)));
}

static void
ofl_practice_receiver_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeReceiver *self = OFL_PRACTICE_RECEIVER (drive);
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);
  OflPracticeChip *chip = ofl_practice_common (drive)->chip;

  if (!update->burning || ofl_practice_chip_is_busy (chip))
    return;
  ofl_practice_note (drive, ofl_practice_chip_get_end_us (chip), "burn done");
  update->burning = FALSE;
  if (!update->complete)
    return;
  ofl_practice_receiver_start (self);
  if (update->info->attention[0] != 0)
    ofl_practice_add_attention (drive, update->info->attention[0], update->info->attention[1]);
}

static guint8
ofl_practice_receiver_not_ready (OflPracticeDrive *drive)
{
  OflPracticeUpdate *update = ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (drive));

  if (update->burning)
    return IN_PROGRESS;
  return update->down && !update->info->recovers ? MANUAL_INTERVENTION : 0;
}

static gboolean
ofl_practice_receiver_holds (OflPracticeDrive *drive, const guint8 *image, gsize size)
{
  OflPracticeReceiver *self = OFL_PRACTICE_RECEIVER (drive);
  const OflPracticeReceiverInfo *info = ofl_practice_receiver_update (self)->info;

  return size == info->end
         && memcmp (ofl_practice_receiver_flash (self) + info->first, image + info->first,
                    info->end - info->first)
              == 0;
}

static void
ofl_practice_receiver_finalize (GObject *object)
{
  g_free (ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (object))->staging);
  G_OBJECT_CLASS (ofl_practice_receiver_parent_class)->finalize (object);
}

static void
ofl_practice_receiver_class_init (OflPracticeReceiverClass *klass)
{
  OflPracticeDriveClass *drive_class = OFL_PRACTICE_DRIVE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ofl_practice_receiver_finalize;
  drive_class->boot = ofl_practice_receiver_boot;
  drive_class->reset = ofl_practice_receiver_reset;
  drive_class->tick = ofl_practice_receiver_tick;
  drive_class->not_ready = ofl_practice_receiver_not_ready;
  drive_class->holds = ofl_practice_receiver_holds;
}

static void
ofl_practice_receiver_init (OflPracticeReceiver *self)
{
}

/**
 * ofl_practice_receiver_setup: (skip)
 * @self: a drive just made
 * @info: its model; kept, not copied
 * @id: name in the catalogue
 * @title: name for persons
 * @seed: tells units apart
 *
 * Gives a drive its names, its memory and its erased chip. The model fills the chip and calls
 * ofl_practice_start().
 */
void
ofl_practice_receiver_setup (OflPracticeReceiver *self, const OflPracticeReceiverInfo *info,
                             const char *id, const char *title, guint32 seed)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (self));
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);

  update->info = info;
  update->staging = g_malloc0 (info->staging);
  common->id = g_strdup (id);
  common->title = g_strdup (title);
  common->seed = seed;
  common->random = seed;
  common->chip = ofl_practice_chip_new (info->chip, seed);
  /* as an ATAPI drive of that time: no version claimed, 96 bytes of INQUIRY */
  common->inquiry_version = 0;
  common->inquiry_format = 0x32;
  common->interface = info->interface;
  g_snprintf (common->serial, sizeof common->serial, "OFLPRACTICE-%08X", seed);
  memset (common->extra, ' ', sizeof common->extra);
}

/**
 * ofl_practice_receiver_is_busy: (skip)
 * @self: a drive
 * @answer: the answer to fill
 *
 * Answers NOT READY while the drive burns, or when it cannot be used.
 *
 * Returns: FALSE when the drive has time for a command of its family
 */
gboolean
ofl_practice_receiver_is_busy (OflPracticeReceiver *self, OflPracticeAnswer *answer)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  guint8 busy = OFL_PRACTICE_DRIVE_GET_CLASS (drive)->not_ready (drive);

  if (busy != 0)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, busy);
  return busy != 0;
}

/**
 * ofl_practice_receiver_can_take: (skip)
 * @self: a drive
 * @answer: the answer to fill when not
 *
 * Returns: whether it takes a piece of an update now: it is not busy and no disc is in
 */
gboolean
ofl_practice_receiver_can_take (OflPracticeReceiver *self, OflPracticeAnswer *answer)
{
  if (ofl_practice_receiver_is_busy (self, answer))
    return FALSE;
  if (!ofl_practice_common (OFL_PRACTICE_DRIVE (self))->disc)
    return TRUE;
  ofl_practice_receiver_reject (self, answer, ASC_INVALID_FIELD_IN_CDB);
  return FALSE;
}

/**
 * ofl_practice_receiver_begin: (skip)
 * @self: a drive
 *
 * Begins an update; what has arrived of another is forgotten.
 */
void
ofl_practice_receiver_begin (OflPracticeReceiver *self)
{
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);

  stop_receiving (update);
  update->receiving = TRUE;
  update->complete = FALSE;
}

/**
 * ofl_practice_receiver_take: (skip)
 * @self: a drive that receives
 * @request: a command whose data fit behind what has arrived
 *
 * Keeps a piece of an update.
 */
void
ofl_practice_receiver_take (OflPracticeReceiver *self, const OflPracticeRequest *request)
{
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);

  g_return_if_fail (request->out_len <= update->info->staging - update->next);

  memcpy (update->staging + update->next, request->out, request->out_len);
  if (update->next == 0)
    update->chunk = (guint32) request->out_len;
  update->next += (guint32) request->out_len;
}

/**
 * ofl_practice_receiver_reject: (skip)
 * @self: a drive
 * @answer: the answer to fill
 * @asc: why
 *
 * Answers ILLEGAL REQUEST and forgets the update.
 */
void
ofl_practice_receiver_reject (OflPracticeReceiver *self, OflPracticeAnswer *answer, guint8 asc)
{
  stop_receiving (ofl_practice_receiver_update (self));
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, asc, 0);
}

/* One byte in the middle keeps its value: it is the one that a chip that lies would keep, and
 * its one lie is not to be lost here. */
static void
queue_void (OflPracticeReceiver *self)
{
  guint8 voided[FLASH_PAGE] = { 0 };

  voided[FLASH_PAGE / 2] = 0xff;
  ofl_practice_chip_queue_program (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip,
                                   ofl_practice_receiver_update (self)->info->key_page, voided,
                                   FLASH_PAGE);
}

/**
 * ofl_practice_receiver_burn: (skip)
 * @self: a drive
 * @now_us: the time, microseconds
 * @start: first byte to burn, at the start of a sector
 * @end: byte after the last one; @complete of the update when it is the end of all
 *
 * Begins to burn a part of what has arrived. The page by which the boot code knows a whole image
 * is voided first and written last, so that a broken burn never looks whole.
 *
 * Returns: when the chip will be done, microseconds
 */
gint64
ofl_practice_receiver_burn (OflPracticeReceiver *self, gint64 now_us, guint32 start, guint32 end)
{
  OflPracticeUpdate *update = ofl_practice_receiver_update (self);
  OflPracticeChip *chip = ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip;
  guint32 key = update->info->key_page;
  gboolean whole = key >= start && key < end;

  queue_void (self);
  for (guint32 at = start; at < end; at = (at / 0x10000 + 1) * 0x10000)
    ofl_practice_chip_queue_erase (chip, at, MIN (0x10000 - at % 0x10000, end - at));
  ofl_practice_chip_queue_program (chip, start, update->staging + start,
                                   (whole ? key : end) - start);
  if (whole)
    {
      ofl_practice_chip_queue_program (chip, key + FLASH_PAGE, update->staging + key + FLASH_PAGE,
                                       end - key - FLASH_PAGE);
      ofl_practice_chip_queue_program (chip, key, update->staging + key, FLASH_PAGE);
    }
  update->burning = TRUE;
  update->complete = end == update->info->end;
  if (update->complete)
    stop_receiving (update);
  return ofl_practice_burn (OFL_PRACTICE_DRIVE (self), now_us);
}

/**
 * ofl_practice_is_zero: (skip)
 * @data: (array length=length): bytes
 * @length: how many
 *
 * Returns: whether all are 0
 */
gboolean
ofl_practice_is_zero (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (data[i] != 0)
      return FALSE;
  return TRUE;
}

/**
 * ofl_practice_sum: (skip)
 * @data: (array length=length): bytes
 * @length: how many
 * @start: value to begin with
 *
 * Returns: their sum in 16 bits
 */
guint32
ofl_practice_sum (const guint8 *data, gsize length, guint32 start)
{
  for (gsize i = 0; i < length; i++)
    start += data[i];
  return start & 0xffff;
}

/* The text, filled up with blanks. */
static void
put_field (guint8 *field, gsize size, const char *text)
{
  memset (field, ' ', size);
  memcpy (field, text, MIN (strlen (text), size));
}

/**
 * ofl_practice_put_id: (skip)
 * @field: (array fixed-size=28): where to put them
 * @vendor: up to 8 characters
 * @product: up to 16
 * @revision: up to 4
 *
 * Writes the three strings of an identity one after the other, filled up with blanks.
 */
void
ofl_practice_put_id (guint8 *field, const char *vendor, const char *product, const char *revision)
{
  put_field (field, ID_PRODUCT, vendor);
  put_field (field + ID_PRODUCT, ID_REVISION - ID_PRODUCT, product);
  put_field (field + ID_REVISION, ID_SIZE - ID_REVISION, revision);
}

/* FNV-1a */
static guint32
mix (guint32 hash, const char *text)
{
  for (; *text != '\0'; text++)
    hash = (hash ^ (guint8) *text) * 0x01000193u;
  return hash;
}

/**
 * ofl_practice_fill_body: (skip)
 * @data: (array length=length): where
 * @length: bytes
 * @id: name of the drive
 * @revision: of the firmware
 *
 * Fills an image with bytes that mean nothing and differ between drives and revisions.
 */
void
ofl_practice_fill_body (guint8 *data, gsize length, const char *id, const char *revision)
{
  guint32 random = mix (mix (0x811c9dc5, id), revision);

  ofl_practice_random_fill (&random, data, length);
}

/**
 * ofl_practice_finish_image: (skip)
 * @image: (array length=size): a good image, perhaps of another family
 * @size: its bytes
 * @bad_at: the byte that the variant @bad_name has changed
 * @bad_name: name of that variant
 * @variant: (nullable): the variant that is wanted
 *
 * Makes the variants that all images have: "truncated" to one half, "wrong-family" (that is
 * @image as it is) and one that the format's own check finds.
 *
 * Returns: (transfer full) (nullable): the image; NULL for an unknown variant
 */
GBytes *
ofl_practice_finish_image (guint8 *image, gsize size, gsize bad_at, const char *bad_name,
                           const char *variant)
{
  if (g_strcmp0 (variant, "truncated") == 0)
    size /= 2;
  else if (g_strcmp0 (variant, bad_name) == 0)
    image[bad_at] ^= 0x01;
  else if (variant != NULL && *variant != '\0' && !g_str_equal (variant, "wrong-family"))
    return NULL;
  return g_bytes_new (image, size);
}

/**
 * ofl_practice_shared_image: (skip)
 * @id: name of the drive
 * @revision: its factory revision
 * @make: makes its images
 *
 * The image with which a drive leaves the factory. Made once and shared: tests make thousands of
 * drives.
 *
 * Returns: (transfer full): the image
 */
GBytes *
ofl_practice_shared_image (const char *id, const char *revision,
                           GBytes *(*make) (const char *revision, const char *variant))
{
  static GMutex lock;
  static GHashTable *images = NULL;
  GBytes *image;

  g_mutex_lock (&lock);
  if (images == NULL)
    images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                    (GDestroyNotify) g_bytes_unref);
  image = g_hash_table_lookup (images, id);
  if (image == NULL)
    {
      image = make (revision, NULL);
      g_hash_table_insert (images, g_strdup (id), image);
    }
  g_bytes_ref (image);
  g_mutex_unlock (&lock);
  return image;
}
