/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-drive-watch.h"

#define BUSY_DELAY_MS 5000 /* nobody tells when a busy drive is let go */

/* A look may end after its watch has gone: the cancellable tells, and is kept for that. */
typedef struct {
  OflDriveWatch *watch;
  GCancellable *cancellable;
} Pending;

static void
on_job_running (OflDrive *drive, GParamSpec *pspec, gpointer data)
{
  OflDriveWatch *self = data;

  if (!ofl_drive_get_job_running (drive))
    self->events->job_ended (self, self->owner);
}

/**
 * ofl_drive_watch_new:
 * @drive: (transfer none): the drive
 * @probe: (nullable): asks the families
 * @data: for @probe
 * @events: what to call; must outlive the watch
 * @owner: passed to @events
 *
 * Returns: (transfer full): a watch that has not looked yet
 */
OflDriveWatch *
ofl_drive_watch_new (OflDrive *drive, OflProbeFunc probe, gpointer data,
                     const OflDriveWatchEvents *events, gpointer owner)
{
  OflDriveWatch *self = g_new0 (OflDriveWatch, 1);

  self->drive = g_object_ref (drive);
  self->cancellable = g_cancellable_new ();
  self->probe = probe;
  self->data = data;
  self->events = events;
  self->owner = owner;
  g_signal_connect (drive, "notify::job-running", G_CALLBACK (on_job_running), self);
  return self;
}

/**
 * ofl_drive_watch_free:
 * @self: (transfer full): a watch
 *
 * A look that is under way is abandoned: its worker ends by itself and nobody is told.
 */
void
ofl_drive_watch_free (OflDriveWatch *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->drive, self);
  g_object_unref (self->drive);
  g_free (self);
}

static void
on_identified (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Pending *pending = data;
  g_autoptr (GCancellable) cancellable = pending->cancellable;
  OflDriveWatch *self = pending->watch;

  ofl_drive_identify_finish (OFL_DRIVE (source), result, NULL); /* the drive keeps what was wrong */
  if (g_cancellable_is_cancelled (cancellable))
    return;
  self->looking = FALSE;
  self->looked = TRUE;
  if (self->again)
    {
      self->again = FALSE;
      ofl_drive_watch_look (self);
      return;
    }
  if (ofl_drive_get_state (self->drive) == OFL_DRIVE_STATE_BUSY)
    ofl_drive_watch_look_later (self, BUSY_DELAY_MS);
  self->events->looked (self, self->owner);
}

/**
 * ofl_drive_watch_look:
 * @self: a watch
 *
 * Looks at the drive now, or once more after the look that is under way. A drive under a job is
 * left alone: the job knows it better.
 */
void
ofl_drive_watch_look (OflDriveWatch *self)
{
  Pending *pending;

  if (self->looking)
    {
      self->again = TRUE;
      return;
    }
  if (self->absent || ofl_drive_get_job_running (self->drive))
    {
      self->looked = TRUE;
      self->events->looked (self, self->owner);
      return;
    }
  self->looking = TRUE;
  pending = g_new0 (Pending, 1);
  pending->watch = self;
  pending->cancellable = g_object_ref (self->cancellable);
  ofl_drive_identify_async (self->drive, self->probe, self->data, self->cancellable, on_identified,
                            pending);
}

static gboolean
on_timer (gpointer data)
{
  OflDriveWatch *self = data;

  self->timer = 0;
  ofl_drive_watch_look (self);
  return G_SOURCE_REMOVE;
}

/**
 * ofl_drive_watch_look_later:
 * @self: a watch
 * @delay_ms: time until then; a look that is planned already stays where it is
 *
 * Several calls make one look.
 */
void
ofl_drive_watch_look_later (OflDriveWatch *self, guint delay_ms)
{
  if (self->timer == 0)
    self->timer = g_timeout_add (delay_ms, on_timer, self);
}
