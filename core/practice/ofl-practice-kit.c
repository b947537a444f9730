/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice/ofl-practice-kit.h"

#include <string.h>

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

/**
 * ofl_practice_sum_words: (skip)
 * @data: (array length=length): bytes
 * @length: how many; an odd one at the end does not count
 *
 * Returns: the sum of their big-endian words in 16 bits
 */
guint32
ofl_practice_sum_words (const guint8 *data, gsize length)
{
  guint32 sum = 0;

  for (gsize i = 0; i + 1 < length; i += 2)
    sum += ofl_get_be (data + i, 2);
  return sum & 0xffff;
}

/**
 * ofl_practice_mix: (skip)
 * @hash: %OFL_PRACTICE_MIX_START, or what came of the words before
 * @text: a word
 *
 * FNV-1a: another word gives another body of an image.
 *
 * Returns: the hash with @text
 */
guint32
ofl_practice_mix (guint32 hash, const char *text)
{
  for (; *text != '\0'; text++)
    hash = (hash ^ (guint8) *text) * 0x01000193u;
  return hash;
}

/**
 * ofl_practice_revision_number: (skip)
 * @revision: 4 characters
 *
 * For dates that grow with the revision, so that a newer one looks newer.
 *
 * Returns: the number that its digits are
 */
guint
ofl_practice_revision_number (const char *revision)
{
  guint number = 0;

  for (guint i = 0; i < 4; i++)
    if (g_ascii_isdigit (revision[i]))
      number = number * 10 + (guint) g_ascii_digit_value (revision[i]);
  return number;
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
  guint32 random = ofl_practice_mix (ofl_practice_mix (OFL_PRACTICE_MIX_START, id), revision);

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
 * @entry: a drive
 * @variant: (nullable): what the factory writes of its images; always the same for one drive
 *
 * The image with which a drive leaves the factory. Made once and shared: tests make thousands of
 * drives.
 *
 * Returns: (transfer full): the image
 */
GBytes *
ofl_practice_shared_image (const OflPracticeEntry *entry, const char *variant)
{
  static GMutex lock;
  static GHashTable *images = NULL;
  GBytes *image;

  g_mutex_lock (&lock);
  if (images == NULL)
    images = g_hash_table_new (g_direct_hash, g_direct_equal);
  image = g_hash_table_lookup (images, entry);
  if (image == NULL)
    {
      image = entry->make_image (entry, entry->revision, variant);
      g_hash_table_insert (images, (gpointer) entry, image);
    }
  g_bytes_ref (image);
  g_mutex_unlock (&lock);
  return image;
}

static void
fill_chip (gpointer data)
{
  OFL_PRACTICE_DRIVE_GET_CLASS (data)->fill (data);
}

/**
 * ofl_practice_put_chip: (skip)
 * @self: a drive just made
 * @type: its flash chip
 *
 * Gives a drive its chip. What its class fills it with is put there when it is needed.
 */
void
ofl_practice_put_chip (OflPracticeDrive *self, const OflPracticeChipType *type)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  common->chip = ofl_practice_chip_new (type, common->seed);
  ofl_practice_chip_set_factory (common->chip, fill_chip, self);
}

/**
 * ofl_practice_is_new: (skip)
 * @self: a drive
 *
 * For a drive that starts: one as the factory made it has firmware that is whole, and its name and
 * revision are known without a look at it.
 *
 * Returns: whether nobody has looked at a cell of its flash yet
 */
gboolean
ofl_practice_is_new (OflPracticeDrive *self)
{
  return ofl_practice_chip_is_new (ofl_practice_common (self)->chip);
}

/**
 * ofl_practice_put_factory: (skip)
 * @self: a drive whose chip is filled
 * @variant: (nullable): as of ofl_practice_shared_image()
 *
 * Puts the factory's image there, from the first cell on.
 */
void
ofl_practice_put_factory (OflPracticeDrive *self, const char *variant)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  g_autoptr (GBytes) image = ofl_practice_shared_image (common->entry, variant);

  ofl_practice_chip_put (common->chip, 0, g_bytes_get_data (image, NULL),
                         (guint32) g_bytes_get_size (image));
}

/**
 * ofl_practice_set_identity: (skip)
 * @self: a drive
 * @vendor: 8 characters
 * @product: 16 characters
 * @revision: 4 characters
 *
 * Sets what INQUIRY says from now on.
 */
void
ofl_practice_set_identity (OflPracticeDrive *self, gconstpointer vendor, gconstpointer product,
                           gconstpointer revision)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  memcpy (common->vendor, vendor, sizeof common->vendor);
  memcpy (common->product, product, sizeof common->product);
  memcpy (common->revision, revision, sizeof common->revision);
}

/**
 * ofl_practice_refuse_field: (skip)
 * @answer: the answer to fill
 *
 * Answers 05/24/00, what a drive says to a command whose bytes it does not like.
 */
void
ofl_practice_refuse_field (OflPracticeAnswer *answer)
{
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
}

/**
 * ofl_practice_send_eeprom: (skip)
 * @self: a drive
 * @request: the command
 * @answer: its answer
 * @data: (array length=length): a piece of the EEPROM
 * @length: its bytes, not 0
 *
 * Answers with what the drive reads there: what stands there, unless a fault is about the EEPROM.
 */
void
ofl_practice_send_eeprom (OflPracticeDrive *self, const OflPracticeRequest *request,
                          OflPracticeAnswer *answer, const guint8 *data, gsize length)
{
  g_autofree guint8 *piece = g_memdup2 (data, length);

  ofl_practice_faults_damage_eeprom (ofl_practice_common (self)->faults, piece, length);
  ofl_practice_send (request, answer, piece, length, length);
}

/**
 * ofl_practice_is_busy: (skip)
 * @self: a drive
 * @answer: the answer to fill
 *
 * Answers NOT READY while the drive burns, or when it cannot be used.
 *
 * Returns: FALSE when the drive has time for a command of its family
 */
gboolean
ofl_practice_is_busy (OflPracticeDrive *self, OflPracticeAnswer *answer)
{
  guint8 busy = OFL_PRACTICE_DRIVE_GET_CLASS (self)->not_ready (self);

  if (busy != 0)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, busy);
  return busy != 0;
}

/**
 * ofl_practice_burn_has_ended: (skip)
 * @self: a drive that burned when it was last looked at
 *
 * Looks whether the chip is done, and says so in the drive's log.
 *
 * Returns: FALSE while the burn goes on
 */
gboolean
ofl_practice_burn_has_ended (OflPracticeDrive *self)
{
  OflPracticeChip *chip = ofl_practice_common (self)->chip;

  if (ofl_practice_chip_is_busy (chip))
    return FALSE;
  ofl_practice_note (self, ofl_practice_chip_get_end_us (chip), "burn done");
  return TRUE;
}

/**
 * ofl_practice_queue_image: (skip)
 * @chip: a flash chip
 * @start: where the image begins, at the start of a sector
 * @image: (array length=size): the image
 * @size: its bytes
 * @key_size: bytes at its start by which the boot code knows it
 *
 * Queues a burn. The page with the key is voided first and written last, so that a broken burn
 * never looks whole.
 */
void
ofl_practice_queue_image (OflPracticeChip *chip, guint32 start, const guint8 *image, guint32 size,
                          guint32 key_size)
{
  guint32 sectors = (size + FLASH_SECTOR - 1) / FLASH_SECTOR;
  guint8 voided[FLASH_PAGE];

  memset (voided, 0xff, sizeof voided);
  memset (voided, 0, key_size);
  ofl_practice_chip_queue_program (chip, start, voided, FLASH_PAGE);
  ofl_practice_chip_queue_erase (chip, start, sectors * FLASH_SECTOR);
  ofl_practice_chip_queue_program (chip, start + FLASH_PAGE, image + FLASH_PAGE, size - FLASH_PAGE);
  ofl_practice_chip_queue_program (chip, start, image, FLASH_PAGE);
}

/**
 * ofl_practice_buffer_command: (skip)
 * @self: a drive whose own commands are WRITE BUFFER and READ BUFFER
 * @now_us: the time, microseconds
 * @request: the command
 * @answer: the answer to fill
 *
 * The @command of such models: their @write_buffer and @read_buffer, when the drive is not busy.
 *
 * Returns: FALSE for all other commands
 */
gboolean
ofl_practice_buffer_command (OflPracticeDrive *self, gint64 now_us,
                             const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeDriveClass *klass = OFL_PRACTICE_DRIVE_GET_CLASS (self);

  if (request->cdb[0] != OP_WRITE_BUFFER && request->cdb[0] != OP_READ_BUFFER)
    return FALSE;
  if (ofl_practice_is_busy (self, answer))
    return TRUE;
  if (request->cdb[0] == OP_WRITE_BUFFER)
    klass->write_buffer (self, now_us, request, answer);
  else
    klass->read_buffer (self, request, answer);
  return TRUE;
}
