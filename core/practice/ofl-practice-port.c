/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a practice drive is plugged in: its clock, one command at a time, and coming and going. */
#include "practice/ofl-practice-port.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "practice/ofl-practice-cable.h"
#include "practice/ofl-practice-private.h"
#include "practice/ofl-practice-store.h"
#include "scsi/ofl-error.h"

#define HOST_NO_CONNECT 0x01 /* host bytes of Linux */
#define HOST_TIME_OUT 0x03

struct _OflPracticePort {
  GObject parent_instance;

  OflPracticeDrive *drive;
  OflPracticeTime time;
  double speed;
  gint64 base_us;          /* the real time of the drive's 0 */
  OflPracticeStore *store; /* NULL: the drive is gone with this program */
  OflPracticeCable *cable; /* NULL: nobody else can break it */

  GMutex lock; /* guards all below, and the drive */
  GCond changed;
  gint64 virtual_us;
  gboolean present;
  gint64 return_us; /* when a drive that vanished comes back by itself */
  guint visit;      /* counts the drive's stays: an open way to an earlier one stays dead */
  gboolean in_flight;
  guint n_open;
  gboolean exclusive;
  void (*watch) (const OflCommand *command, gpointer data);
  gpointer watch_data;
  void (*tamper) (OflCommand *command, gpointer data);
  gpointer tamper_data;
};

G_DEFINE_FINAL_TYPE (OflPracticePort, ofl_practice_port, G_TYPE_OBJECT)

static void
ofl_practice_port_finalize (GObject *object)
{
  OflPracticePort *self = OFL_PRACTICE_PORT (object);

  g_clear_pointer (&self->cable, ofl_practice_cable_free);
  g_clear_pointer (&self->store, ofl_practice_store_free);
  g_clear_object (&self->drive);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (ofl_practice_port_parent_class)->finalize (object);
}

static void
ofl_practice_port_class_init (OflPracticePortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ofl_practice_port_finalize;
}

static void
ofl_practice_port_init (OflPracticePort *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->present = TRUE;
  self->return_us = OFL_PRACTICE_NEVER;
  self->base_us = g_get_monotonic_time ();
}

/**
 * ofl_practice_port_new:
 * @drive: (transfer none): the drive; the port alone talks to it from now on
 * @time: which clock
 * @speed_factor: with real time, how many seconds of the drive pass in one; 1 when not positive
 *
 * Plugs a drive in.
 *
 * Returns: (transfer full): the port
 */
OflPracticePort *
ofl_practice_port_new (OflPracticeDrive *drive, OflPracticeTime time, double speed_factor)
{
  OflPracticePort *self;

  g_return_val_if_fail (OFL_IS_PRACTICE_DRIVE (drive), NULL);

  self = g_object_new (OFL_TYPE_PRACTICE_PORT, NULL);
  self->drive = g_object_ref (drive);
  self->time = time;
  self->speed = speed_factor > 0.0 ? speed_factor : 1.0;
  return self;
}

/**
 * ofl_practice_port_get_drive:
 * @self: a port
 *
 * Returns: (transfer none): the drive; not to be used while another thread uses the port
 */
OflPracticeDrive *
ofl_practice_port_get_drive (OflPracticePort *self)
{
  return self->drive;
}

/**
 * ofl_practice_port_keep_in:
 * @self: a port that nobody has opened yet
 * @path: a file; it need not exist
 *
 * Lets the drive live in a file: each opening finds what any program has written to it, and what
 * its flash chip does is in the file at once.
 */
void
ofl_practice_port_keep_in (OflPracticePort *self, const char *path)
{
  g_return_if_fail (self->store == NULL && self->n_open == 0);

  self->store = ofl_practice_store_new (self->drive, path);
}

/* Locked from here on, unless said otherwise. */

static gint64
now_us (OflPracticePort *self)
{
  if (self->time == OFL_PRACTICE_VIRTUAL)
    return self->virtual_us;
  return (gint64) ((double) (g_get_monotonic_time () - self->base_us) * self->speed);
}

static void mind_cable (OflPracticePort *self);

/* Waits until the drive's clock shows @end_us or somebody calls; virtual time jumps there. */
static void
wait_change (OflPracticePort *self, gint64 end_us)
{
  gint64 until_us = self->base_us + (gint64) ((double) end_us / self->speed) + 1;

  if (self->time == OFL_PRACTICE_VIRTUAL)
    self->virtual_us = MAX (self->virtual_us, end_us);
  else
    {
      if (self->store != NULL)
        until_us = MIN (until_us, g_get_monotonic_time () + OFL_PRACTICE_STORE_MS * 1000);
      g_cond_wait_until (&self->changed, &self->lock, until_us);
    }
  mind_cable (self);
  /* for the file, that a kill finds as far as the chip is */
  if (self->store != NULL)
    ofl_practice_work (self->drive, now_us (self));
}

static gboolean
is_present (OflPracticePort *self)
{
  if (!self->present && self->return_us <= now_us (self))
    {
      self->present = TRUE;
      self->return_us = OFL_PRACTICE_NEVER;
    }
  return self->present;
}

static void
leave (OflPracticePort *self, gint64 return_us)
{
  self->present = FALSE;
  self->return_us = return_us;
  self->visit++;
  g_cond_broadcast (&self->changed);
}

static void
pull_out (OflPracticePort *self)
{
  ofl_practice_drive_power_off (self->drive, now_us (self));
  leave (self, OFL_PRACTICE_NEVER);
  if (self->store != NULL)
    ofl_practice_store_flush (self->store);
}

static void
plug_in (OflPracticePort *self)
{
  ofl_practice_drive_power_cycle (self->drive, now_us (self));
  self->present = TRUE;
  self->return_us = OFL_PRACTICE_NEVER;
  if (self->store != NULL)
    ofl_practice_store_flush (self->store);
  g_cond_broadcast (&self->changed);
}

/* Does what somebody has done to the drive's cable since the last look. */
static void
mind_cable (OflPracticePort *self)
{
  OflPracticeCableNews news = self->cable != NULL ? ofl_practice_cable_look (self->cable) : 0;

  if ((news & OFL_PRACTICE_CABLE_OTHER_FAULTS) != 0)
    ofl_practice_drive_set_kept_faults (self->drive, (const char *const *) self->cable->faults);
  if ((news & OFL_PRACTICE_CABLE_PULLED) != 0
      && (is_present (self) || self->return_us != OFL_PRACTICE_NEVER))
    pull_out (self);
  if ((news & OFL_PRACTICE_CABLE_PLUGGED) != 0
      && (!is_present (self) || !ofl_practice_common (self->drive)->powered))
    plug_in (self);
}

/* Who opens a drive that nobody had open meets its faults anew, as the next program would. */
static void
arm_cable (OflPracticePort *self)
{
  mind_cable (self);
  if (self->cable != NULL && self->n_open == 0 && self->cable->faults[0] != NULL)
    ofl_practice_drive_set_kept_faults (self->drive, (const char *const *) self->cable->faults);
}

/* FALSE when the drive of @visit left while waiting. */
static gboolean
wait_for_drive (OflPracticePort *self, guint visit, gint64 end_us)
{
  while (self->visit == visit && now_us (self) < end_us)
    wait_change (self, end_us);
  return self->visit == visit;
}

static void
set_lost (OflReply *reply)
{
  reply->host_status = HOST_NO_CONNECT;
}

/* An answer that never comes: Linux gives up after the limit and resets the device. */
static void
give_up (OflPracticePort *self, guint visit, gint64 end_us, OflReply *reply)
{
  if (!wait_for_drive (self, visit, end_us))
    {
      set_lost (reply);
      return;
    }
  reply->host_status = HOST_TIME_OUT;
  ofl_practice_drive_bus_reset (self->drive, now_us (self));
}

static void
run_command (OflPracticePort *self, guint visit, const OflCommand *command, guint8 *data,
             OflReply *reply)
{
  const gint64 limit_us
      = (gint64) (command->timeout_ms != 0 ? command->timeout_ms : OFL_TIMEOUT_TRANSFER) * 1000;
  const gint64 sent_us = now_us (self);
  OflPracticeRequest request = { command->cdb, command->cdb_len, command->dir };
  OflPracticeAnswer answer;

  if (command->dir == OFL_DIR_OUT)
    {
      request.out = data;
      request.out_len = command->length;
    }
  else if (command->dir == OFL_DIR_IN)
    {
      memset (data, 0, command->length);
      request.in = data;
      request.in_max = command->length;
    }
  ofl_practice_drive_execute (self->drive, sent_us, &request, &answer);
  if (answer.hang || answer.delay_us > limit_us)
    give_up (self, visit, sent_us + limit_us, reply);
  else if (!wait_for_drive (self, visit, sent_us + answer.delay_us))
    set_lost (reply);
  else if (answer.vanish)
    {
      set_lost (reply);
      leave (self, answer.return_us > 0 ? now_us (self) + answer.return_us : OFL_PRACTICE_NEVER);
    }
  else
    {
      ofl_practice_port_put_reply (self->drive, command, &answer, reply);
      if (answer.leaves)
        leave (self, answer.return_us > 0 ? now_us (self) + answer.return_us : OFL_PRACTICE_NEVER);
    }
}

/**
 * ofl_practice_port_execute: (skip)
 * @self: a port
 * @visit: to which stay of the drive
 * @command: what to send
 * @data: (nullable): room or data of @command's length
 * @reply: what became of it
 *
 * Sends a command and waits, on the drive's clock, for the answer or the command's limit. The
 * waiting ends at once when the drive is unplugged.
 */
void
ofl_practice_port_execute (OflPracticePort *self, guint visit, const OflCommand *command,
                           guint8 *data, OflReply *reply)
{
  void (*watch) (const OflCommand *, gpointer);
  void (*tamper) (OflCommand *, gpointer);
  gpointer watch_data, tamper_data;
  OflCommand arrives = *command;
  gint64 sent_us;

  g_mutex_lock (&self->lock);
  watch = self->watch;
  watch_data = self->watch_data;
  tamper = self->tamper;
  tamper_data = self->tamper_data;
  g_mutex_unlock (&self->lock);
  if (watch != NULL)
    watch (command, watch_data); /* unlocked: it may pull the plug */
  if (tamper != NULL)
    tamper (&arrives, tamper_data);

  g_mutex_lock (&self->lock);
  while (self->in_flight)
    g_cond_wait (&self->changed, &self->lock);
  mind_cable (self);
  sent_us = now_us (self);
  if (!is_present (self) || self->visit != visit)
    set_lost (reply);
  else
    {
      self->in_flight = TRUE;
      run_command (self, visit, &arrives, data, reply);
      self->in_flight = FALSE;
      g_cond_broadcast (&self->changed);
    }
  reply->residual = command->length - reply->transferred;
  reply->duration_us = now_us (self) - sent_us;
  g_mutex_unlock (&self->lock);
  ofl_reply_judge_linux (reply);
}

/**
 * ofl_practice_port_lock: (skip)
 * @self: a port
 * @exclusive: whether no other program may be at the drive
 * @error: return location
 *
 * Asks the other programs; ofl_practice_port_attach() asks those of this one.
 *
 * Returns: what to close when the drive is let go, or -1, as ofl_practice_store_lock()
 */
int
ofl_practice_port_lock (OflPracticePort *self, gboolean exclusive, GError **error)
{
  if (self->store == NULL)
    return -1;
  return ofl_practice_store_lock (ofl_practice_store_get_path (self->store), exclusive, error);
}

/**
 * ofl_practice_port_attach: (skip)
 * @self: a port
 * @exclusive: whether nobody else may be at it
 * @visit: (out): to which stay of the drive the way leads
 * @error: return location
 *
 * Opens the port as an sg node is opened: exclusively only when nobody has it open, and not at
 * all while somebody has it exclusively.
 *
 * Returns: FALSE with %OFL_ERROR_BUSY, or %OFL_ERROR_LOST when no drive is plugged in
 */
gboolean
ofl_practice_port_attach (OflPracticePort *self, gboolean exclusive, guint *visit, GError **error)
{
  gboolean present, free_for_us;

  g_mutex_lock (&self->lock);
  arm_cable (self);
  present = is_present (self);
  free_for_us = !self->exclusive && (!exclusive || self->n_open == 0);
  if (present && free_for_us)
    {
      self->n_open++;
      self->exclusive = exclusive;
      *visit = self->visit;
      if (self->store != NULL)
        ofl_practice_store_open (self->store, exclusive, now_us (self));
    }
  g_mutex_unlock (&self->lock);

  if (!present)
    ofl_set_error (error, OFL_ERROR_LOST, _ ("The practice drive is unplugged. Plug it in again."));
  else if (!free_for_us)
    ofl_set_error (error, OFL_ERROR_BUSY,
                   _ ("Another program or window is using the practice drive. Wait until it has "
                      "finished."));
  return present && free_for_us;
}

/**
 * ofl_practice_port_detach: (skip)
 * @self: a port
 * @exclusive: as it was attached
 *
 * Undoes ofl_practice_port_attach().
 */
void
ofl_practice_port_detach (OflPracticePort *self, gboolean exclusive)
{
  g_mutex_lock (&self->lock);
  self->n_open--;
  if (exclusive)
    self->exclusive = FALSE;
  if (self->store != NULL && self->n_open == 0)
    {
      ofl_practice_work (self->drive, now_us (self));
      ofl_practice_store_close (self->store);
    }
  g_mutex_unlock (&self->lock);
}

/* Unlocked: called by the thread that cancels. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  OflPracticePort *self = data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Unlocked. Waits to @end_us, until cancelled, or, when @for_drive, until a drive is there. */
static void
wait_cancellable (OflPracticePort *self, gint64 end_us, gboolean for_drive,
                  GCancellable *cancellable)
{
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL);
  g_mutex_lock (&self->lock);
  mind_cable (self);
  while (now_us (self) < end_us && !g_cancellable_is_cancelled (cancellable)
         && !(for_drive && is_present (self)))
    wait_change (self, for_drive ? MIN (end_us, self->return_us) : end_us);
  g_mutex_unlock (&self->lock);
  g_cancellable_disconnect (cancellable, handler);
}

/**
 * ofl_practice_port_wait_drive: (skip)
 * @self: a port
 * @limit_ms: how long to wait, on the drive's clock
 * @cancellable: (nullable): ends the wait
 * @visit: (out): the stay of the drive that is there now
 * @error: return location
 *
 * Waits until a drive is plugged in.
 *
 * Returns: FALSE with %OFL_ERROR_LOST when the limit has passed, or %G_IO_ERROR_CANCELLED
 */
gboolean
ofl_practice_port_wait_drive (OflPracticePort *self, guint limit_ms, GCancellable *cancellable,
                              guint *visit, GError **error)
{
  gboolean present;

  wait_cancellable (self, ofl_practice_port_now_us (self) + (gint64) limit_ms * 1000, TRUE,
                    cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  present = is_present (self);
  *visit = self->visit;
  g_mutex_unlock (&self->lock);
  if (!present)
    ofl_set_error (error, OFL_ERROR_LOST,
                   _ ("The practice drive did not come back. Plug it in again."));
  return present;
}

/**
 * ofl_practice_port_now_us: (skip)
 * @self: a port
 *
 * Returns: the drive's clock, microseconds since it was plugged in first
 */
gint64
ofl_practice_port_now_us (OflPracticePort *self)
{
  gint64 now;

  g_mutex_lock (&self->lock);
  now = now_us (self);
  g_mutex_unlock (&self->lock);
  return now;
}

/**
 * ofl_practice_port_sleep_ms: (skip)
 * @self: a port
 * @ms: how long, on the drive's clock
 * @cancellable: (nullable): ends the wait early
 *
 * Waits.
 */
void
ofl_practice_port_sleep_ms (OflPracticePort *self, guint ms, GCancellable *cancellable)
{
  wait_cancellable (self, ofl_practice_port_now_us (self) + (gint64) ms * 1000, FALSE, cancellable);
}

/**
 * ofl_practice_port_unplug:
 * @self: a port
 *
 * Pulls the drive out, in the middle of whatever it does. May be called from any thread.
 */
void
ofl_practice_port_unplug (OflPracticePort *self)
{
  g_mutex_lock (&self->lock);
  pull_out (self);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_practice_port_plug:
 * @self: a port
 *
 * Plugs the drive in again; it starts with what its flash holds. A drive that is plugged in is
 * left alone. May be called from any thread.
 */
void
ofl_practice_port_plug (OflPracticePort *self)
{
  g_mutex_lock (&self->lock);
  if (!is_present (self))
    plug_in (self);
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_practice_port_set_cable:
 * @self: a port that nobody has opened yet
 * @path: a file; it need not exist
 *
 * Lets every program that knows the file break the drive, pull it out and mend it.
 */
void
ofl_practice_port_set_cable (OflPracticePort *self, const char *path)
{
  g_return_if_fail (self->cable == NULL && self->n_open == 0);

  self->cable = ofl_practice_cable_new (path);
  if (self->cable->unplugged)
    ofl_practice_port_unplug (self);
}

/**
 * ofl_practice_port_set_watch:
 * @self: a port
 * @watch: (nullable) (scope forever): called with every command before the drive sees it, in the
 *   thread that sends it
 * @data: handed to @watch
 *
 * Lets a test watch or interfere: @watch may unplug the drive.
 */
void
ofl_practice_port_set_watch (OflPracticePort *self,
                             void (*watch) (const OflCommand *command, gpointer data),
                             gpointer data)
{
  g_mutex_lock (&self->lock);
  self->watch = watch;
  self->watch_data = data;
  g_mutex_unlock (&self->lock);
}

/**
 * ofl_practice_port_set_tamper:
 * @self: a port
 * @tamper: (nullable) (scope forever): may change the CDB that arrives at the drive, never the
 *   length or the direction of its data; called in the thread that sends the command
 * @data: handed to @tamper
 *
 * Lets a test damage commands on their way.
 */
void
ofl_practice_port_set_tamper (OflPracticePort *self,
                              void (*tamper) (OflCommand *command, gpointer data), gpointer data)
{
  g_mutex_lock (&self->lock);
  self->tamper = tamper;
  self->tamper_data = data;
  g_mutex_unlock (&self->lock);
}
