/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the system bus, sought on a thread of its own: connecting knows no time limit, and a
 * bus that is stuck must not hold up a job. The thread keeps what it needs alive. */
#include "flash/ofl-system-bus.h"

#include "scsi/ofl-error.h"

struct _OflSystemBus {
  gatomicrefcount refs;
  GMutex lock;
  GCond known;
  gboolean done;
  GDBusConnection *bus;
  GError *error;
};

/**
 * ofl_system_bus_unref:
 * @self: (transfer full): a way to the bus
 */
void
ofl_system_bus_unref (OflSystemBus *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_object (&self->bus);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->known);
  g_free (self);
}

/* Connecting knows no time limit: while it is being sought everybody waits for the one thread that
 * seeks, or a bus that is stuck would get one more of each who asks. */
static GMutex seeking_lock;
static OflSystemBus *seeking; /* of the thread, as long as it seeks */

static gpointer
seek_bus (gpointer data)
{
  OflSystemBus *self = data;
  GError *error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  g_mutex_lock (&seeking_lock);
  seeking = NULL;
  g_mutex_unlock (&seeking_lock);
  g_mutex_lock (&self->lock);
  self->bus = bus;
  self->error = error;
  self->done = TRUE;
  g_cond_broadcast (&self->known);
  g_mutex_unlock (&self->lock);
  ofl_system_bus_unref (self);
  return NULL;
}

/* @seeking_lock is held. */
static OflSystemBus *
begin_to_seek (void)
{
  OflSystemBus *self = g_new0 (OflSystemBus, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_atomic_ref_count_inc (&self->refs); /* the thread's */
  seeking = self;
  g_thread_unref (g_thread_new ("ofl-system-bus", seek_bus, self));
  return self;
}

/**
 * ofl_system_bus_new:
 *
 * Begins to look for the bus, or joins who is looking for it already; does not wait for it.
 *
 * Returns: (transfer full): the way to it
 */
OflSystemBus *
ofl_system_bus_new (void)
{
  OflSystemBus *self;

  g_mutex_lock (&seeking_lock);
  self = seeking != NULL ? ofl_system_bus_ref (seeking) : begin_to_seek ();
  g_mutex_unlock (&seeking_lock);
  return self;
}

/**
 * ofl_system_bus_new_for:
 * @bus: a bus that is known already; a test has one of its own
 *
 * Returns: (transfer full): the way to it
 */
OflSystemBus *
ofl_system_bus_new_for (GDBusConnection *bus)
{
  OflSystemBus *self = g_new0 (OflSystemBus, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->bus = g_object_ref (bus);
  self->done = TRUE;
  return self;
}

/**
 * ofl_system_bus_ref:
 * @self: a way to the bus
 *
 * Returns: (transfer full): @self
 */
OflSystemBus *
ofl_system_bus_ref (OflSystemBus *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ofl_system_bus_wait:
 * @self: a way to the bus
 * @timeout_ms: for how long at most, milliseconds
 * @error: return location
 *
 * Blocks until the bus is known, so call it on a worker thread.
 *
 * Returns: (transfer full): the bus, or %NULL with %OFL_ERROR_TIMEOUT or why there is none
 */
GDBusConnection *
ofl_system_bus_wait (OflSystemBus *self, guint timeout_ms, GError **error)
{
  GDBusConnection *bus = NULL;
  gint64 end = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&self->lock);
  while (!self->done && g_cond_wait_until (&self->known, &self->lock, end))
    ;
  if (self->bus != NULL)
    bus = g_object_ref (self->bus);
  else if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    ofl_set_error (error, OFL_ERROR_TIMEOUT, "the system bus does not answer" /* log */);
  g_mutex_unlock (&self->lock);
  return bus;
}
