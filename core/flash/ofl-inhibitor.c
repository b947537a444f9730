/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logind's Inhibit() gives a descriptor; the block lasts until it is closed, also by a crash. */
#include "flash/ofl-inhibitor.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

/* logind answers at once or is not there; a write must not wait for it. */
#define TIMEOUT_MS 2000

struct _OflInhibitor {
  GMutex lock;
  int fd;
  OflSystemBus *way;
};

/**
 * ofl_inhibitor_new_on:
 * @way: the way to the bus
 *
 * Returns: (transfer full): an inhibitor that holds nothing yet
 */
OflInhibitor *
ofl_inhibitor_new_on (OflSystemBus *way)
{
  OflInhibitor *self = g_new0 (OflInhibitor, 1);

  g_mutex_init (&self->lock);
  self->fd = -1;
  self->way = ofl_system_bus_ref (way);
  return self;
}

/**
 * ofl_inhibitor_new:
 *
 * Returns: (transfer full): an inhibitor that holds nothing yet; it begins to look for the bus
 */
OflInhibitor *
ofl_inhibitor_new (void)
{
  g_autoptr (OflSystemBus) way = ofl_system_bus_new ();

  return ofl_inhibitor_new_on (way);
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
  ofl_system_bus_unref (self->way);
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
  g_autoptr (GDBusConnection) bus = ofl_system_bus_wait (self->way, TIMEOUT_MS, error);
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
