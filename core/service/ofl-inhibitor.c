/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logind's Inhibit() gives a descriptor; the block lasts until it is closed, also by a crash. */
#include "service/ofl-inhibitor.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

/* logind answers at once or is not there; a write must not wait for it. */
#define TIMEOUT_MS 2000

/* The way to the system bus, sought on a thread of its own: connecting knows no time limit, and a
 * bus that is stuck must not hold up a job. The thread keeps what it needs alive. */
typedef struct {
  gatomicrefcount refs;
  GMutex lock;
  GCond known;
  gboolean done;
  GDBusConnection *bus;
  GError *error;
} Way;

struct _OflInhibitor {
  GMutex lock;
  int fd;
  Way *way;
};

static void
way_unref (Way *way)
{
  if (!g_atomic_ref_count_dec (&way->refs))
    return;
  g_clear_object (&way->bus);
  g_clear_error (&way->error);
  g_mutex_clear (&way->lock);
  g_cond_clear (&way->known);
  g_free (way);
}

static gpointer
seek_bus (gpointer data)
{
  Way *way = data;
  GError *error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  g_mutex_lock (&way->lock);
  way->bus = bus;
  way->error = error;
  way->done = TRUE;
  g_cond_broadcast (&way->known);
  g_mutex_unlock (&way->lock);
  way_unref (way);
  return NULL;
}

/* (transfer full) */
static GDBusConnection *
wait_for_bus (Way *way, GError **error)
{
  GDBusConnection *bus = NULL;
  gint64 end = g_get_monotonic_time () + TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&way->lock);
  while (!way->done && g_cond_wait_until (&way->known, &way->lock, end))
    ;
  if (way->bus != NULL)
    bus = g_object_ref (way->bus);
  else if (way->error != NULL)
    g_propagate_error (error, g_error_copy (way->error));
  else
    ofl_set_error (error, OFL_ERROR_TIMEOUT, "the system bus does not answer" /* log */);
  g_mutex_unlock (&way->lock);
  return bus;
}

/**
 * ofl_inhibitor_new:
 *
 * Returns: (transfer full): an inhibitor that holds nothing yet; it begins to look for the bus
 */
OflInhibitor *
ofl_inhibitor_new (void)
{
  OflInhibitor *self = g_new0 (OflInhibitor, 1);

  g_mutex_init (&self->lock);
  self->fd = -1;
  self->way = g_new0 (Way, 1);
  g_atomic_ref_count_init (&self->way->refs);
  g_mutex_init (&self->way->lock);
  g_cond_init (&self->way->known);
  g_atomic_ref_count_inc (&self->way->refs); /* the thread's */
  g_thread_unref (g_thread_new ("ofl-inhibitor", seek_bus, self->way));
  return self;
}

static void
replace (OflInhibitor *self, int fd)
{
  int old;

  g_mutex_lock (&self->lock);
  old = self->fd;
  self->fd = fd;
  g_mutex_unlock (&self->lock);
  if (old >= 0)
    close (old);
}

/**
 * ofl_inhibitor_free:
 * @self: (transfer full): an inhibitor; what it holds is released
 */
void
ofl_inhibitor_free (OflInhibitor *self)
{
  replace (self, -1);
  g_mutex_clear (&self->lock);
  way_unref (self->way);
  g_free (self);
}

/**
 * ofl_inhibitor_take:
 * @self: an inhibitor
 * @reason: why, in words a person understands
 * @error: return location
 *
 * Takes the block, or renews it with another reason; at no moment in between is it let go. Blocks
 * for at most four seconds, so call it on a worker thread.
 *
 * Returns: %FALSE when there is no logind: a reason for a note, not for a failure
 */
gboolean
ofl_inhibitor_take (OflInhibitor *self, const char *reason, GError **error)
{
  g_autoptr (GDBusConnection) bus = wait_for_bus (self->way, error);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  int handle, fd;

  if (bus == NULL)
    return FALSE;
  reply = g_dbus_connection_call_with_unix_fd_list_sync (
      bus, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
      "Inhibit",
      g_variant_new ("(ssss)", "shutdown:sleep:idle:handle-lid-switch", "Optiflash", reason,
                     "block"),
      G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL, &fds, NULL, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(h)", &handle);
  fd = fds != NULL ? g_unix_fd_list_get (fds, handle, error) : -1;
  if (fd < 0)
    {
      if (fds == NULL)
        ofl_set_error (error, OFL_ERROR_FAILED, "logind sent no descriptor" /* log */);
      return FALSE;
    }
  replace (self, fd);
  return TRUE;
}

/**
 * ofl_inhibitor_release:
 * @self: an inhibitor
 */
void
ofl_inhibitor_release (OflInhibitor *self)
{
  replace (self, -1);
}

/**
 * ofl_inhibitor_is_held:
 * @self: an inhibitor
 *
 * Returns: whether the block is held
 */
gboolean
ofl_inhibitor_is_held (OflInhibitor *self)
{
  gboolean held;

  g_mutex_lock (&self->lock);
  held = self->fd >= 0;
  g_mutex_unlock (&self->lock);
  return held;
}
