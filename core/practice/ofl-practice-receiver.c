/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives that take a whole image into memory and then burn it. The families differ in their
 * commands, their images and in what their boot code does; how an update is kept, burned and
 * started is the same and none of it is public for any of them. */
#include "practice/ofl-practice-receiver.h"

#include <string.h>

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

/* What the flash says of itself; FALSE when nothing in it can be started. */
static gboolean
read_identity (OflPracticeReceiver *self, guint8 id[ID_SIZE])
{
  const OflPracticeReceiverInfo *info = ofl_practice_receiver_update (self)->info;
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  const guint8 *found;

  if (ofl_practice_is_new (drive))
    {
      ofl_practice_put_id (id, info->vendor, info->made_as,
                           ofl_practice_common (drive)->entry->revision);
      return TRUE;
    }
  found = OFL_PRACTICE_RECEIVER_GET_CLASS (self)->find_identity (self, ofl_practice_receiver_flash (
                                                                           self));
  if (found != NULL)
    memcpy (id, found, ID_SIZE);
  else
    ofl_practice_put_id (id, info->vendor, info->product, info->revision);
  return found != NULL;
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
  guint8 id[ID_SIZE];

  stop_receiving (update);
  update->burning = FALSE;
  update->down = !read_identity (self, id);
  ofl_practice_set_identity (OFL_PRACTICE_DRIVE (self), id, id + ID_PRODUCT, id + ID_REVISION);
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

  if (!update->burning || !ofl_practice_burn_has_ended (drive))
    return;
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
ofl_practice_receiver_setup (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  const OflPracticeReceiverInfo *info = common->entry->data;
  OflPracticeUpdate *update = ofl_practice_receiver_update (OFL_PRACTICE_RECEIVER (drive));

  update->info = info;
  update->staging = g_malloc0 (info->staging);
  common->interface = info->interface;
  ofl_practice_put_chip (drive, info->chip);
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
  drive_class->setup = ofl_practice_receiver_setup;
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
 * ofl_practice_receiver_can_take: (skip)
 * @self: a drive
 * @answer: the answer to fill when not
 *
 * Returns: whether it takes a piece of an update now: it is not busy and no disc is in
 */
gboolean
ofl_practice_receiver_can_take (OflPracticeReceiver *self, OflPracticeAnswer *answer)
{
  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
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
  for (guint32 at = start; at < end; at = (at / FLASH_SECTOR + 1) * FLASH_SECTOR)
    ofl_practice_chip_queue_erase (chip, at, MIN (FLASH_SECTOR - at % FLASH_SECTOR, end - at));
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
