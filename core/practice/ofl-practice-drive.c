/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every practice drive has: power, time, faults, unit attentions, sense and its own log. How
 * a command is answered is in ofl-practice-execute.c. */
#include "practice/ofl-practice-kit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef OflPracticeCommon OflPracticeDrivePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OflPracticeDrive, ofl_practice_drive, G_TYPE_OBJECT)

static void
ofl_practice_drive_finalize (GObject *object)
{
  OflPracticeCommon *common = ofl_practice_common (OFL_PRACTICE_DRIVE (object));

  g_clear_pointer (&common->chip, ofl_practice_chip_free);
  ofl_practice_faults_free (common->faults);
  G_OBJECT_CLASS (ofl_practice_drive_parent_class)->finalize (object);
}

static void
ofl_practice_drive_fill (OflPracticeDrive *self)
{
  ofl_practice_put_factory (self, NULL);
}

static void
ofl_practice_drive_class_init (OflPracticeDriveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_practice_drive_finalize;
  klass->assumptions = "";
  klass->fill = ofl_practice_drive_fill;
}

static void
ofl_practice_drive_init (OflPracticeDrive *self)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  common->inquiry_additional = OFL_PRACTICE_INQUIRY_SIZE - 5;
  common->faults = ofl_practice_faults_new ();
  common->power_loss_us = OFL_PRACTICE_NEVER;
  common->burn_stop_us = OFL_PRACTICE_NEVER;
}

/**
 * ofl_practice_common: (skip)
 * @self: a practice drive
 *
 * Returns: (transfer none): what every model has, for the models
 */
OflPracticeCommon *
ofl_practice_common (OflPracticeDrive *self)
{
  return ofl_practice_drive_get_instance_private (self);
}

/**
 * ofl_practice_make: (skip)
 * @entry: a drive of the catalogue
 * @seed: tells units apart
 *
 * Makes a drive as it leaves the factory and switches it on, at time 0. What its model does not say
 * is as of an ATAPI drive of old: no version claimed, 96 bytes of INQUIRY.
 *
 * Returns: (transfer full): the drive
 */
OflPracticeDrive *
ofl_practice_make (const OflPracticeEntry *entry, guint32 seed)
{
  OflPracticeDrive *self = g_object_new (entry->get_type (), NULL);
  OflPracticeCommon *common = ofl_practice_common (self);

  common->entry = entry;
  common->seed = seed;
  common->random = seed;
  common->inquiry_format = 0x32;
  common->interface = INTERFACE_ATAPI;
  g_snprintf (common->serial, sizeof common->serial, "OFLPRACTICE-%08X", seed);
  memset (common->extra, ' ', sizeof common->extra);
  OFL_PRACTICE_DRIVE_GET_CLASS (self)->setup (self);
  ofl_practice_drive_power_cycle (self, 0);
  return self;
}

/**
 * ofl_practice_add_attention: (skip)
 * @self: a practice drive
 * @asc: additional sense code
 * @ascq: its qualifier
 *
 * Queues a UNIT ATTENTION; one that already waits is not queued twice.
 */
void
ofl_practice_add_attention (OflPracticeDrive *self, guint8 asc, guint8 ascq)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  for (guint i = 0; i < common->n_attentions; i++)
    if (common->attentions[i][0] == asc && common->attentions[i][1] == ascq)
      return;
  if (common->n_attentions == OFL_PRACTICE_MAX_ATTENTIONS)
    return;
  common->attentions[common->n_attentions][0] = asc;
  common->attentions[common->n_attentions][1] = ascq;
  common->n_attentions++;
}

/**
 * ofl_practice_take_attention: (skip)
 * @self: a practice drive
 * @answer: the answer to fill
 *
 * Answers with the first UNIT ATTENTION that waits and forgets it.
 *
 * Returns: FALSE when none waits
 */
gboolean
ofl_practice_take_attention (OflPracticeDrive *self, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (common->n_attentions == 0)
    return FALSE;
  ofl_practice_refuse (answer, OFL_KEY_UNIT_ATTENTION, common->attentions[0][0],
                       common->attentions[0][1]);
  common->n_attentions--;
  memmove (common->attentions[0], common->attentions[1], 2 * (gsize) common->n_attentions);
  return TRUE;
}

/**
 * ofl_practice_take_sense: (skip)
 * @self: a practice drive
 * @sense: (out caller-allocates): key, additional sense code, qualifier
 *
 * Fetches the sense of the last command, as REQUEST SENSE does; then it is gone. A bus that
 * delivers sense together with the status calls this.
 */
void
ofl_practice_take_sense (OflPracticeDrive *self, guint8 sense[3])
{
  OflPracticeCommon *common = ofl_practice_common (self);

  memcpy (sense, common->sense, 3);
  memset (common->sense, 0, 3);
}

/**
 * ofl_practice_note: (skip)
 * @self: a practice drive
 * @now_us: when, microseconds
 * @what: a few words
 *
 * Writes a line about the drive's state, not about a command, to its log.
 */
void
ofl_practice_note (OflPracticeDrive *self, gint64 now_us, const char *what)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  g_autofree char *line = NULL;

  if (common->log == NULL)
    return;
  line = g_strdup_printf ("%" G_GINT64_FORMAT " -- %s", now_us / 1000, what);
  common->log (line, common->log_data);
}

/**
 * ofl_practice_burn: (skip)
 * @self: a practice drive with work queued at its chip
 * @now_us: the time, microseconds
 *
 * Lets the chip begin, with the faults that concern it.
 *
 * Returns: when the chip will be done, microseconds
 */
gint64
ofl_practice_burn (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  gint loss = ofl_practice_faults_take_burn_loss (common->faults);
  gint64 end_us;

  ofl_practice_chip_set_silent (common->chip, ofl_practice_faults_take_silent (common->faults));
  ofl_practice_chip_set_lie (common->chip, ofl_practice_faults_take_lie (common->faults));
  end_us = ofl_practice_chip_start (common->chip, now_us);
  if (loss >= 0)
    common->power_loss_us = now_us + (end_us - now_us) * loss / 1000;
  common->burn_failed = FALSE;
  if (ofl_practice_faults_take_failure (common->faults))
    common->burn_stop_us = now_us + (end_us - now_us) / 2;
  ofl_practice_note (self, now_us, "burn begins");
  return end_us;
}

/* Brings the chip up to @now_us, or to where its burn fails. */
static void
advance (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (common->burn_stop_us <= now_us)
    {
      ofl_practice_chip_advance (common->chip, common->burn_stop_us);
      ofl_practice_chip_cut_power (common->chip, common->burn_stop_us);
      ofl_practice_note (self, common->burn_stop_us, "burn failed");
      common->burn_stop_us = OFL_PRACTICE_NEVER;
      common->burn_failed = TRUE;
    }
  ofl_practice_chip_advance (common->chip, now_us);
}

/**
 * ofl_practice_settle: (skip)
 * @self: a practice drive
 * @now_us: the time, microseconds
 *
 * Brings the chip and the model up to @now_us, and the power down when it goes before.
 */
void
ofl_practice_settle (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  OflPracticeDriveClass *klass = OFL_PRACTICE_DRIVE_GET_CLASS (self);

  if (!common->powered)
    return;
  if (common->power_loss_us <= now_us)
    {
      ofl_practice_drive_power_off (self, common->power_loss_us);
      return;
    }
  advance (self, now_us);
  klass->tick (self, now_us);
}

/**
 * ofl_practice_work: (skip)
 * @self: a practice drive
 * @now_us: the time, microseconds
 *
 * Lets the flash chip alone come up to @now_us, while the drive answers a command or nobody asks.
 */
void
ofl_practice_work (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (common->powered)
    ofl_practice_chip_advance (common->chip,
                               MIN (now_us, MIN (common->power_loss_us, common->burn_stop_us)));
}

/**
 * ofl_practice_drive_power_off:
 * @self: a practice drive
 * @now_us: when, microseconds
 *
 * Takes the power away: what the chip was working on stays half done.
 */
void
ofl_practice_drive_power_off (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (!common->powered)
    return;
  advance (self, now_us);
  OFL_PRACTICE_DRIVE_GET_CLASS (self)->tick (self, now_us);
  if (ofl_practice_chip_is_busy (common->chip))
    ofl_practice_note (self, now_us, "burn broken");
  ofl_practice_chip_cut_power (common->chip, now_us);
  common->power_loss_us = OFL_PRACTICE_NEVER;
  common->burn_stop_us = OFL_PRACTICE_NEVER;
  common->burn_failed = FALSE;
  common->powered = FALSE;
  ofl_practice_note (self, now_us, "power off");
}

/**
 * ofl_practice_drive_power_cycle:
 * @self: a practice drive
 * @now_us: when, microseconds
 *
 * Switches the drive off, if it is on, and on again.
 */
void
ofl_practice_drive_power_cycle (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  ofl_practice_settle (self, now_us);
  ofl_practice_drive_power_off (self, now_us);
  common->powered = TRUE;
  common->tray_open = FALSE;
  common->locked = FALSE;
  common->media_event = 0;
  common->n_attentions = 0;
  memset (common->sense, 0, sizeof common->sense);
  ofl_practice_note (self, now_us, "power on");
  OFL_PRACTICE_DRIVE_GET_CLASS (self)->boot (self, now_us);
  ofl_practice_add_attention (self, ASC_RESET, 0);
}

/**
 * ofl_practice_drive_bus_reset:
 * @self: a practice drive
 * @now_us: when, microseconds
 *
 * A reset of the bus, as the kernel does after a command that was not answered. An update that is
 * being received is forgotten, a burn goes on.
 */
void
ofl_practice_drive_bus_reset (OflPracticeDrive *self, gint64 now_us)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  ofl_practice_settle (self, now_us);
  if (!common->powered)
    return;
  ofl_practice_note (self, now_us, "reset");
  common->locked = FALSE;
  memset (common->sense, 0, sizeof common->sense);
  OFL_PRACTICE_DRIVE_GET_CLASS (self)->reset (self, now_us);
  ofl_practice_add_attention (self, ASC_RESET, 0);
}

/**
 * ofl_practice_drive_get_id:
 * @self: a practice drive
 *
 * Returns: its name in the catalogue
 */
const char *
ofl_practice_drive_get_id (OflPracticeDrive *self)
{
  return ofl_practice_common (self)->entry->id;
}

/**
 * ofl_practice_drive_get_assumptions:
 * @self: a practice drive
 *
 * Returns: sentences on what the model assumes where no public source tells; "" when nothing is
 */
const char *
ofl_practice_drive_get_assumptions (OflPracticeDrive *self)
{
  const char *text = OFL_PRACTICE_DRIVE_GET_CLASS (self)->assumptions;

  return *text != '\0' ? _ (text) : text;
}

/**
 * ofl_practice_drive_get_flash:
 * @self: a practice drive
 *
 * Returns: (transfer full): a copy of all cells of the flash chip, as of the last command
 */
GBytes *
ofl_practice_drive_get_flash (OflPracticeDrive *self)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  return g_bytes_new (ofl_practice_chip_get_data (common->chip),
                      ofl_practice_chip_get_size (common->chip));
}

/**
 * ofl_practice_drive_holds:
 * @self: a practice drive
 * @image: a firmware image for it, as it lies in its file
 *
 * Compares the chip with an image. Parts that a burn must not touch (the boot area, what belongs
 * to the unit) are left out.
 *
 * Returns: whether the chip holds what a complete burn of @image leaves
 */
gboolean
ofl_practice_drive_holds (OflPracticeDrive *self, GBytes *image)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  return OFL_PRACTICE_DRIVE_GET_CLASS (self)->holds (self, data, size);
}

/**
 * ofl_practice_drive_get_n_writes:
 * @self: a practice drive
 *
 * Returns: how many commands that can change what the drive keeps have arrived
 */
guint
ofl_practice_drive_get_n_writes (OflPracticeDrive *self)
{
  return ofl_practice_common (self)->n_writes;
}

/**
 * ofl_practice_drive_set_disc:
 * @self: a practice drive
 * @disc: whether a disc is in the tray
 *
 * Puts a pressed disc in or takes it out, and closes the tray.
 */
void
ofl_practice_drive_set_disc (OflPracticeDrive *self, gboolean disc)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  common->tray_open = FALSE;
  common->disc_kind = OFL_PRACTICE_PRESSED;
  common->disc_from_outside = FALSE;
  common->n_discs++;
  if (common->disc == disc)
    return;
  common->disc = disc;
  /* 2 new media, 3 media removal (MMC, media event codes) */
  common->media_event = disc ? 2 : 3;
  if (disc)
    ofl_practice_add_attention (self, ASC_MEDIUM_CHANGED, 0);
}

/**
 * ofl_practice_drive_put_disc:
 * @self: a practice drive
 * @disc: "pressed", "cd-rom" or "blank-cd-r"
 * @error: return location
 *
 * Puts a disc in and closes the tray. It is not kept in the drive's file: whoever put it in does it
 * again.
 *
 * Returns: FALSE with %OFL_ERROR_FAILED when there is no such disc, or the drive cannot handle it
 */
gboolean
ofl_practice_drive_put_disc (OflPracticeDrive *self, const char *disc, GError **error)
{
  static const struct {
    const char *name;
    OflPracticeDisc kind;
    guint16 profile; /* that the drive must have; 0: any drive has one for it */
  } discs[] = {
    { "pressed", OFL_PRACTICE_PRESSED, 0 },
    { "cd-rom", OFL_PRACTICE_CD_ROM, 0x0008 },
    { "blank-cd-r", OFL_PRACTICE_BLANK_CD_R, 0x0009 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (discs); i++)
    if (g_str_equal (discs[i].name, disc)
        && (discs[i].profile == 0 || ofl_practice_has_profile (self, discs[i].profile)))
      {
        ofl_practice_drive_set_disc (self, TRUE);
        ofl_practice_common (self)->disc_kind = discs[i].kind;
        ofl_practice_common (self)->disc_from_outside = TRUE;
        return TRUE;
      }
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("“%s” is not a disc that this practice drive takes. There are pressed, cd-rom "
                    "and, for drives that write CDs, blank-cd-r."),
                 disc);
  return FALSE;
}

/**
 * ofl_practice_drive_set_log:
 * @self: a practice drive
 * @log: (nullable) (scope forever): called with each line, without a line end
 * @data: handed to @log
 *
 * Sets where the drive's own log goes. A line is the time in ms, then the CDB in hex as long as
 * the transport carried it, "out" and "in" with the bytes moved, and the answer: "ok",
 * key/asc/ascq, "HANG" or "VANISH". Lines about the state have "--" after the time. @log is
 * called while the drive works and must not call it.
 */
void
ofl_practice_drive_set_log (OflPracticeDrive *self, void (*log) (const char *line, gpointer data),
                            gpointer data)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  common->log = log;
  common->log_data = data;
}

/**
 * ofl_practice_drive_add_fault:
 * @self: a practice drive
 * @fault: a fault, in the words of ofl-practice-fault.h
 * @error: return location
 *
 * Adds a fault.
 *
 * Returns: FALSE with %OFL_ERROR_FAILED when the words are not understood
 */
gboolean
ofl_practice_drive_add_fault (OflPracticeDrive *self, const char *fault, GError **error)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (!ofl_practice_faults_add (common->faults, fault, error))
    return FALSE;
  ofl_practice_chip_set_slow (common->chip, ofl_practice_faults_get_slow (common->faults));
  return TRUE;
}

/**
 * ofl_practice_drive_set_kept_faults:
 * @self: a practice drive
 * @faults: faults, in the words of ofl-practice-fault.h
 *
 * Lets it have these faults, as if none of them had struck yet, in place of those that were set so
 * before. Those that were added otherwise stay, and what was done stays done.
 */
void
ofl_practice_drive_set_kept_faults (OflPracticeDrive *self, const char *const *faults)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  ofl_practice_faults_set_kept (common->faults, faults);
  if (faults[0] == NULL)
    {
      common->power_loss_us = OFL_PRACTICE_NEVER;
      common->burn_stop_us = OFL_PRACTICE_NEVER;
    }
  ofl_practice_chip_set_slow (common->chip, ofl_practice_faults_get_slow (common->faults));
}

/**
 * ofl_practice_drive_clear_faults:
 * @self: a practice drive
 *
 * Takes all faults away; what they did stays done.
 */
void
ofl_practice_drive_clear_faults (OflPracticeDrive *self)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  ofl_practice_faults_clear (common->faults);
  common->power_loss_us = OFL_PRACTICE_NEVER;
  common->burn_stop_us = OFL_PRACTICE_NEVER;
  ofl_practice_chip_set_slow (common->chip, 1.0);
}
