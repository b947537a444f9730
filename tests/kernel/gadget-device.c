/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drive of the gadget: a practice drive has neither clock nor thread; here it gets both. */
#include "gadget-device.h"

#include <stdio.h>

#include "families/ofl-practice-catalog.h"
#include "scsi/ofl-error.h"

struct _OflGadgetDevice {
  GMutex lock;
  GCond woken;
  OflPracticeDrive *drive;
  guint32 seed;
  double speed; /* the drive's time to real time */
  gint64 start_us;
  guint interrupted; /* resets and unplugs so far: a command that sees it change is given up */
  guint released;    /* how often a command that hangs was let go */
  FILE *log;
};

static gint64
now_us (const OflGadgetDevice *self)
{
  return (gint64) ((double) (g_get_monotonic_time () - self->start_us) * self->speed);
}

/* A line at a time, so that whoever waits for one sees it whole and at once. */
static void
write_line (const char *line, gpointer data)
{
  OflGadgetDevice *self = data;

  fprintf (self->log, "%s\n", line);
  fflush (self->log);
}

/**
 * ofl_gadget_device_note:
 * @self: the device
 * @format: what to write, as for printf
 * @...: its arguments
 *
 * Adds a line to the drive's log that is not the drive's own; it begins with "==".
 */
void
ofl_gadget_device_note (OflGadgetDevice *self, const char *format, ...)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line = g_strdup_printf ("== %s", text);
  write_line (line, self);
}

static void
interrupt (OflGadgetDevice *self)
{
  self->interrupted++;
  g_cond_broadcast (&self->woken);
}

/**
 * ofl_gadget_device_new:
 * @id: which practice drive, as in the catalogue
 * @seed: for what is random in it
 * @speed: how many times faster than real time it works; greater than 0
 * @log_path: the file that gets the drive's log
 * @error: return location
 *
 * Makes a drive as it left the factory, switched on. It lives as long as the process.
 *
 * Returns: (transfer full): the device, or %NULL when there is no such drive or no such file
 */
OflGadgetDevice *
ofl_gadget_device_new (const char *id, guint32 seed, double speed, const char *log_path,
                       GError **error)
{
  OflGadgetDevice *self = g_new0 (OflGadgetDevice, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->woken);
  self->seed = seed;
  self->speed = speed;
  self->start_us = g_get_monotonic_time ();
  self->log = fopen (log_path, "we");
  if (self->log == NULL)
    g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED, "The log %s cannot be written.", log_path);
  else if (ofl_gadget_device_make_new (self, id, error))
    return self;
  else
    fclose (self->log);
  g_free (self);
  return NULL;
}

/**
 * ofl_gadget_device_make_new:
 * @self: the device, unplugged
 * @id: (nullable): which practice drive; %NULL: one of the same model
 * @error: return location
 *
 * Exchanges the drive for one as it left the factory.
 *
 * Returns: FALSE when the catalogue does not know the drive
 */
gboolean
ofl_gadget_device_make_new (OflGadgetDevice *self, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  OflPracticeDrive *drive = ofl_practice_new (
      id != NULL ? id : ofl_practice_drive_get_id (self->drive), self->seed, error);

  if (drive == NULL)
    return FALSE;
  g_clear_object (&self->drive);
  self->drive = drive;
  ofl_practice_drive_set_log (drive, write_line, self);
  ofl_practice_drive_power_cycle (drive, now_us (self));
  return TRUE;
}

/* A command hangs. Returns whether it may be done after all; FALSE when the host gave it up. */
static gboolean
wait_release (OflGadgetDevice *self)
{
  guint interrupted = self->interrupted;
  guint released = self->released;

  while (interrupted == self->interrupted && released == self->released)
    g_cond_wait (&self->woken, &self->lock);
  return interrupted == self->interrupted;
}

/**
 * ofl_gadget_device_execute:
 * @self: the device
 * @request: a command as it came over the wire
 * @answer: (out caller-allocates): the drive's answer
 *
 * Lets the drive do a command and takes the time that the drive takes for it; a command that
 * hangs takes until it is let go, or as long as it takes the host to lose patience.
 *
 * Returns: FALSE when the host reset or lost the drive meanwhile, so that nobody wants the answer
 */
gboolean
ofl_gadget_device_execute (OflGadgetDevice *self, const OflPracticeRequest *request,
                           OflPracticeAnswer *answer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint interrupted = self->interrupted;
  gint64 end_us;

  *answer = (OflPracticeAnswer){ 0 };
  ofl_practice_drive_execute (self->drive, now_us (self), request, answer);
  while (answer->hang && wait_release (self))
    ofl_practice_drive_execute (self->drive, now_us (self), request, answer);
  if (answer->hang)
    return FALSE;
  if (answer->vanish)
    return TRUE;
  end_us = g_get_monotonic_time () + ofl_gadget_device_to_real_us (self, answer->delay_us);
  while (interrupted == self->interrupted && g_get_monotonic_time () < end_us)
    g_cond_wait_until (&self->woken, &self->lock, end_us);
  return interrupted == self->interrupted;
}

/**
 * ofl_gadget_device_reset:
 * @self: the device
 *
 * The host resets the bus: the command that runs is given up.
 */
void
ofl_gadget_device_reset (OflGadgetDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_practice_drive_bus_reset (self->drive, now_us (self));
  interrupt (self);
}

/**
 * ofl_gadget_device_power_on:
 * @self: the device, without power
 *
 * Gives the drive power: it starts with what its flash holds.
 */
void
ofl_gadget_device_power_on (OflGadgetDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_practice_drive_power_cycle (self->drive, now_us (self));
}

/**
 * ofl_gadget_device_power_off:
 * @self: the device
 *
 * Takes the power away, as pulling out the cable of a drive that lives on USB power does.
 */
void
ofl_gadget_device_power_off (OflGadgetDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_practice_drive_power_off (self->drive, now_us (self));
  interrupt (self);
}

/**
 * ofl_gadget_device_add_fault:
 * @self: the device
 * @fault: a fault, in the words of ofl-practice-fault.h
 * @error: return location
 *
 * Adds a fault.
 *
 * Returns: FALSE when the words are not understood
 */
gboolean
ofl_gadget_device_add_fault (OflGadgetDevice *self, const char *fault, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return ofl_practice_drive_add_fault (self->drive, fault, error);
}

/**
 * ofl_gadget_device_clear_faults:
 * @self: the device
 *
 * Takes all faults away.
 */
void
ofl_gadget_device_clear_faults (OflGadgetDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_practice_drive_clear_faults (self->drive);
}

/**
 * ofl_gadget_device_release:
 * @self: the device
 *
 * Lets a command go that hangs: it comes to the drive once more, which does and answers it, unless
 * a fault strikes it again.
 */
void
ofl_gadget_device_release (OflGadgetDevice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->released++;
  g_cond_broadcast (&self->woken);
}

/**
 * ofl_gadget_device_set_disc:
 * @self: the device
 * @disc: whether a disc is to be in the tray
 *
 * Puts a disc in or takes it out.
 */
void
ofl_gadget_device_set_disc (OflGadgetDevice *self, gboolean disc)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ofl_practice_drive_set_disc (self->drive, disc);
}

/**
 * ofl_gadget_device_check_holds:
 * @self: the device
 * @path: a firmware image in a file
 * @error: return location
 *
 * Looks into the flash chip, past every command: does it hold what a complete burn of the image
 * leaves?
 *
 * Returns: FALSE with an error when it does not, or when the file cannot be read
 */
gboolean
ofl_gadget_device_check_holds (OflGadgetDevice *self, const char *path, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GBytes) image = NULL;
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;
  image = g_bytes_new_take (data, length);
  if (ofl_practice_drive_holds (self->drive, image))
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_MISMATCH, "The flash does not hold %s.", path);
  return FALSE;
}

/**
 * ofl_gadget_device_to_real_us:
 * @self: the device
 * @drive_us: a time on the drive's clock, microseconds
 *
 * Returns: the same in real time, microseconds
 */
gint64
ofl_gadget_device_to_real_us (OflGadgetDevice *self, gint64 drive_us)
{
  return (gint64) ((double) drive_us / self->speed);
}
