/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device side of drives with an MT1959 and 2 MiB of serial flash: what they start, and what
 * they say and show. Their receiver is in ofl-practice-mt1959-receiver.c. Sources: mt1959 1, 2, 3. */
#include "families/mt1959/ofl-practice-mt1959.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Feature 010C: century, yymmddhhmm, two blanks (mt1959 1.3) */
#define CENTURY "21"
#define BOOT_DATE "1506010000"

/* INQUIRY from byte 36 on: the SKU without its last blank, the serial number, blanks (mt1959 8) */
#define EXTRA_SKU_SIZE 7u

#define NB12_BOARD "MT1959 Boot BP52"
#define BU40N_BOARD "MT1959 Boot BU5 "

/* How the drive treats a read at the banner that asks for more than its 20h bytes */
enum {
  BANNER_OPEN = 0,   /* answers */
  BANNER_START = 1,  /* refuses when the read starts in the banner */
  BANNER_STRICT = 2, /* refuses when it touches the banner at all */
};

G_DEFINE_FINAL_TYPE (OflPracticeMt1959, ofl_practice_mt1959, OFL_TYPE_PRACTICE_DRIVE)

enum {
  PROP_0,
  PROP_BOOT_ENC,
  PROP_BANNER,
  N_PROPS,
};

static const char *const assumptions = N_ (
    "The strings of the descriptor stand where one public source has them; the firmware of this "
    "practice drive keeps the board string that it shows at 003000 in a place of its own. The "
    "receiver is assumed to check board string, chip tag, key and integrity table when the last "
    "byte has arrived, and that an image of another model or an older one has the mark DE. "
    "Firmware dated 2020 or later is assumed to want the encrypted form, unless it is MakeMKV's, "
    "and to refuse what it does not take with 05/24/00 at the last piece; older firmware and the "
    "boot code are assumed to be ready at once and to change nothing. A slim board is assumed to "
    "want the board string that it shows, a half-height one any of its group. An NB12 with the "
    "firmware of a BU40N, and a drive with that of another group, are assumed to throw each disc "
    "out. After an update the drive is assumed to answer TEST UNIT READY with good until it is "
    "read or asked who it is, and to run the new firmware without a power cycle. The boot area "
    "below 010000 and the drive's own regions are assumed to stay as they are. A burn is assumed "
    "to void the key at 010FF0 first and to write it last; the boot code runs the firmware when "
    "that key equals its copy at 1FF000, and shows revision BOOT otherwise. The boot code is "
    "assumed to answer reads and feature 010C and to want the plain form. Times are those of "
    "another serial flash of the same maker.");

static const guint8 *
read_flash (OflPracticeMt1959 *self, guint32 at, guint32 length)
{
  return ofl_practice_chip_read (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip, at, length);
}

static const guint8 *
read_descriptor (OflPracticeMt1959 *self)
{
  return read_flash (self, MT1959_DESCRIPTOR, MT1959_DESCRIPTOR_SIZE);
}

static const guint8 *
read_banner (OflPracticeMt1959 *self)
{
  return read_flash (self, MT1959_BANNER, MT1959_BANNER_SIZE);
}

/* Whether the firmware in the flash can be started. */
static gboolean
is_startable (OflPracticeMt1959 *self)
{
  return memcmp (read_flash (self, MT1959_KEY, MT1959_KEY_SIZE),
                 read_flash (self, MT1959_KEY_COPY, MT1959_KEY_SIZE), MT1959_KEY_SIZE)
             == 0
         && memcmp (read_descriptor (self) + MT1959_TAG, MT1959_TAG_TEXT, strlen (MT1959_TAG_TEXT))
                == 0;
}

/**
 * ofl_practice_mt1959_flash: (skip)
 * @self: a drive
 *
 * Returns: (transfer none): all cells of its flash
 */
const guint8 *
ofl_practice_mt1959_flash (OflPracticeMt1959 *self)
{
  return ofl_practice_chip_get_data (ofl_practice_common (OFL_PRACTICE_DRIVE (self))->chip);
}

/**
 * ofl_practice_mt1959_shown: (skip)
 * @self: a drive
 *
 * The board string that it shows at 3000: that of the firmware in it, and the board's own in the
 * boot code (mt1959 1.4).
 *
 * Returns: (transfer none) (array fixed-size=16): the string
 */
const guint8 *
ofl_practice_mt1959_shown (OflPracticeMt1959 *self)
{
  const guint8 *shown = read_flash (self, MT1959_SHOWN, MT1959_BANNER_ID_SIZE);

  if (self->boot_mode || ofl_practice_mt1959_group (shown) == GROUP_NONE)
    return read_banner (self);
  return shown;
}

static gboolean
is_board (const guint8 *board, const char *text)
{
  return memcmp (board, text, MT1959_BANNER_ID_SIZE) == 0;
}

/* Reports of drives that took a firmware and read no disc with it (mt1959 5) */
static gboolean
is_unfit (OflPracticeMt1959 *self)
{
  const guint8 *own = read_banner (self);
  const guint8 *shown = ofl_practice_mt1959_shown (self);

  return ofl_practice_mt1959_group (own) != ofl_practice_mt1959_group (shown)
         || (is_board (own, NB12_BOARD) && is_board (shown, BU40N_BOARD));
}

static void
set_date (OflPracticeCommon *common, const void *digits)
{
  memset (common->date, ' ', sizeof common->date - 1);
  common->date[sizeof common->date - 1] = '\0';
  OFL_PRACTICE_PUT_TEXT (common->date, CENTURY);
  memcpy (common->date + strlen (CENTURY), digits, MT1959_DATE_SIZE);
}

/* Starts what the flash holds: the firmware with its own strings, or the boot code. */
static void
start_firmware (OflPracticeMt1959 *self)
{
  OflPracticeDrive *drive = OFL_PRACTICE_DRIVE (self);
  OflPracticeCommon *common = ofl_practice_common (drive);
  const Mt1959Model *model = common->entry->data;
  const guint8 *descriptor = read_descriptor (self);

  ofl_practice_mt1959_forget (self);
  self->boot_mode = !is_startable (self);
  self->unfit = is_unfit (self);
  if (self->boot_mode)
    {
      ofl_practice_set_identity (drive, model->vendor, model->product, "BOOT");
      memset (common->extra, ' ', EXTRA_SKU_SIZE);
      set_date (common, BOOT_DATE);
      return;
    }
  ofl_practice_set_identity (drive, descriptor + MT1959_VENDOR, descriptor + MT1959_PRODUCT,
                             descriptor + MT1959_REVISION);
  memcpy (common->extra, descriptor + MT1959_SKU, EXTRA_SKU_SIZE);
  set_date (common, descriptor + MT1959_DATE);
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
ofl_practice_mt1959_reset (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  if (self->receiver != RECEIVER_BURNING)
    ofl_practice_mt1959_forget (self);
}

static void
ofl_practice_mt1959_tick (OflPracticeDrive *drive, gint64 now_us)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  self->now_us = now_us;
  if (self->receiver != RECEIVER_BURNING || !ofl_practice_burn_has_ended (drive))
    return;
  start_firmware (self);
  self->receiver = RECEIVER_DONE;
}

static guint8
ofl_practice_mt1959_not_ready (OflPracticeDrive *drive)
{
  return OFL_PRACTICE_MT1959 (drive)->receiver == RECEIVER_BURNING ? IN_PROGRESS_LONG_WRITE : 0;
}

/* The second byte, of 32 (mt1959 2.7) */
static guint32
ofl_practice_mt1959_progress (OflPracticeDrive *drive)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);
  gint64 whole = MAX (self->burn_ends_us - self->burn_began_us, 1);
  gint64 done = CLAMP (self->now_us - self->burn_began_us, 0, whole);

  return (guint32) (done * 32 / whole) << 16;
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

/* Puts what is shown at [@at, @at + @size) into what was read from @start on. */
static void
show (guint8 *data, guint32 start, gsize length, guint32 at, guint32 size, const guint8 *shown)
{
  guint32 from = MAX (start, at);
  guint32 to = MIN (start + (guint32) length, at + size);

  if (from < to)
    memcpy (data + (from - start), shown + (from - at), to - from);
}

/* 3C 06: the flash at file offsets. */
static void
read_buffer (OflPracticeMt1959 *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint32 start = ofl_get_be (request->cdb + 3, 3);
  guint32 length = ofl_get_be (request->cdb + 6, 3);

  if (ofl_practice_is_busy (OFL_PRACTICE_DRIVE (self), answer))
    return;
  if (request->cdb[1] != OFL_BUFFER_MICROCODE_OFFSETS || request->cdb[2] != 0 || start > MT1959_SIZE
      || length > MT1959_SIZE - start || is_banner_refused (self, start, start + length))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  ofl_practice_send (request, answer, read_flash (self, start, length), length, length);
  /* the boot page is shown as a copy of the first page of the firmware (mt1959 3.1) */
  show (request->in, start, answer->in_len, 0, MT1959_BOOT_PAGE_SIZE,
        read_flash (self, MT1959_MAIN, MT1959_BOOT_PAGE_SIZE));
  show (request->in, start, answer->in_len, MT1959_BANNER, MT1959_BANNER_ID_SIZE,
        ofl_practice_mt1959_shown (self));
  answer->delay_us += (gint64) answer->in_len / READ_BYTES_PER_US;
}

/* The firmware finds nothing on the disc that it could read. */
static void
throw_disc_out (OflPracticeDrive *drive)
{
  ofl_practice_drive_set_disc (drive, FALSE);
  ofl_practice_common (drive)->tray_open = TRUE;
}

static void
leave_receiver (OflPracticeMt1959 *self)
{
  if (self->receiver == RECEIVER_DONE)
    ofl_practice_mt1959_forget (self);
}

static gboolean
ofl_practice_mt1959_command (OflPracticeDrive *drive, gint64 now_us,
                             const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (drive);

  if (self->unfit && ofl_practice_common (drive)->disc)
    throw_disc_out (drive);
  switch (request->cdb[0])
    {
    case OP_WRITE_BUFFER:
      ofl_practice_mt1959_write (self, now_us, request, answer);
      return TRUE;
    case OP_READ_BUFFER:
      leave_receiver (self);
      read_buffer (self, request, answer);
      return TRUE;
    case OP_INQUIRY:
      leave_receiver (self);
      return FALSE;
    case OP_TEST_UNIT_READY:
      return self->receiver == RECEIVER_DONE;
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
                    MT1959_CALIBRATION - MT1959_UNIT_END)
                == 0;
}

/* What the factory writes: an image, and what belongs to this one unit. */
static void
ofl_practice_mt1959_fill (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);
  const guint32 unit_size = MT1959_UNIT_END - MT1959_UNIT;
  const guint32 calibration_size = MT1959_KEY_COPY - MT1959_CALIBRATION;
  g_autofree guint8 *own = g_malloc (MAX (unit_size, calibration_size));
  guint32 random = common->seed * 2654435761u + 1959;

  ofl_practice_put_factory (drive, NULL);
  ofl_practice_random_fill (&random, own, unit_size);
  ofl_practice_chip_put (common->chip, MT1959_UNIT, own, unit_size);
  ofl_practice_random_fill (&random, own, calibration_size);
  ofl_practice_chip_put (common->chip, MT1959_CALIBRATION, own, calibration_size);
}

static void
ofl_practice_mt1959_setup (OflPracticeDrive *drive)
{
  OflPracticeCommon *common = ofl_practice_common (drive);

  common->interface = ((const Mt1959Model *) common->entry->data)->interface;
  g_snprintf (common->serial, sizeof common->serial, "OFL%08X", common->seed);
  OFL_PRACTICE_PUT_TEXT (common->extra + EXTRA_SKU_SIZE, common->serial);
  ofl_practice_put_chip (drive, &ofl_practice_chip_spi_16m);
  ofl_practice_mt1959_put_marks (common->entry, common->chip);
}

static void
ofl_practice_mt1959_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  OflPracticeMt1959 *self = OFL_PRACTICE_MT1959 (object);

  switch (id)
    {
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
  drive_class->setup = ofl_practice_mt1959_setup;
  drive_class->fill = ofl_practice_mt1959_fill;
  drive_class->boot = ofl_practice_mt1959_boot;
  drive_class->reset = ofl_practice_mt1959_reset;
  drive_class->tick = ofl_practice_mt1959_tick;
  drive_class->not_ready = ofl_practice_mt1959_not_ready;
  drive_class->progress = ofl_practice_mt1959_progress;
  drive_class->command = ofl_practice_mt1959_command;
  drive_class->holds = ofl_practice_mt1959_holds;

  /* boot-enc: the boot code's receiver expects an encrypted image */
  g_object_class_install_property (object_class, PROP_BOOT_ENC,
                                   g_param_spec_boolean ("boot-enc", NULL, NULL, FALSE, flags));
  /* banner: 0 reads at 3000 are free, 1 those that start there end there, 2 as do all others */
  g_object_class_install_property (object_class, PROP_BANNER,
                                   g_param_spec_uint ("banner", NULL, NULL, BANNER_OPEN,
                                                      BANNER_STRICT, BANNER_START, flags));
}

static void
ofl_practice_mt1959_init (OflPracticeMt1959 *self)
{
  self->banner = BANNER_START;
}

#define COMMON_VARIANTS \
  OFL_PRACTICE_DAMAGED " bad-cmac raw-dump no-de other-board other-board-no-de modified late " \
                       "late-modified"

const OflPracticeEntry ofl_practice_mt1959_drives[] = {
  { "bu40n", N_ ("Practice HL-DT-ST BD-RE BU40N"), COMMON_VARIANTS " other-model",
    OFL_PRACTICE_FIRST, ofl_practice_mt1959_get_type, ofl_practice_mt1959_image,
    &ofl_practice_mt1959_bu40n, .kind = OFL_PRACTICE_BD_WRITER },
  { "wh16ns60", N_ ("Practice HL-DT-ST BD-RE WH16NS60"), COMMON_VARIANTS, OFL_PRACTICE_FIRST,
    ofl_practice_mt1959_get_type, ofl_practice_mt1959_image, &ofl_practice_mt1959_wh16ns60,
    .kind = OFL_PRACTICE_BD_WRITER },
  { "bp60nb10", N_ ("Practice HL-DT-ST BD-RE BP60NB10 (NB10)"), COMMON_VARIANTS, OFL_PRACTICE_FIRST,
    ofl_practice_mt1959_get_type, ofl_practice_mt1959_image, &ofl_practice_mt1959_bp60nb10,
    .kind = OFL_PRACTICE_BD_WRITER },
  { "bp60nb12", N_ ("Practice HL-DT-ST BD-RE BP60NB10 (NB12)"), COMMON_VARIANTS, OFL_PRACTICE_FIRST,
    ofl_practice_mt1959_get_type, ofl_practice_mt1959_image, &ofl_practice_mt1959_bp60nb12,
    .kind = OFL_PRACTICE_BD_WRITER },
  { NULL },
};
