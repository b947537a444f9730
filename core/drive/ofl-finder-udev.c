/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-finder-udev.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <libudev.h>
#include <string.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

/* A burst (a hub with many devices) is taken in parts, so that a dispatch stays short. */
#define EVENTS_PER_DISPATCH 32

struct _OflFinderUdev {
  const OflFinderEvents *events;
  gpointer owner;
  struct udev *udev;
  struct udev_monitor *monitor;
  guint source;
};

typedef struct udev_device UdevDevice;
typedef struct udev_enumerate UdevEnumerate;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UdevDevice, udev_device_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UdevEnumerate, udev_enumerate_unref)

/* ID_CDROM is udevd's word; the kernel's name serves where no udevd runs. */
static gboolean
is_optical (UdevDevice *device)
{
  const char *name = udev_device_get_sysname (device);
  const char *cdrom = udev_device_get_property_value (device, "ID_CDROM");

  if (udev_device_get_devnode (device) == NULL
      || g_strcmp0 (udev_device_get_subsystem (device), "block") != 0)
    return FALSE;
  return g_strcmp0 (cdrom, "1") == 0
         || (g_str_has_prefix (name, "sr") && g_ascii_isdigit (name[2]));
}

static void
tell_block (OflFinderUdev *self, UdevDevice *device, const char *action)
{
  const char *node = udev_device_get_devnode (device);

  if (g_strcmp0 (action, "add") == 0)
    self->events->appeared (node, self->owner);
  else if (g_strcmp0 (action, "remove") == 0)
    self->events->vanished (node, self->owner);
  else if (g_strcmp0 (action, "change") == 0)
    self->events->changed (node, self->owner);
}

/* The sg module came or went: the drive that shares the SCSI device has other nodes now. */
static void
tell_sibling (OflFinderUdev *self, UdevDevice *sg)
{
  const char *path = udev_device_get_syspath (sg);
  const char *end = strstr (path, "/scsi_generic/");
  g_autofree char *device = end != NULL ? g_strndup (path, (gsize) (end - path)) : NULL;
  g_autofree char *folder = device != NULL ? g_build_filename (device, "block", NULL) : NULL;
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *node = g_build_filename ("/dev", name, NULL);

      if (g_str_has_prefix (name, "sr"))
        self->events->changed (node, self->owner);
    }
}

static gboolean
on_uevents (gint fd, GIOCondition condition, gpointer data)
{
  OflFinderUdev *self = data;

  for (guint i = 0; i < EVENTS_PER_DISPATCH; i++)
    {
      g_autoptr (UdevDevice) device = udev_monitor_receive_device (self->monitor);

      if (device == NULL)
        break;
      if (g_strcmp0 (udev_device_get_subsystem (device), "scsi_generic") == 0)
        tell_sibling (self, device);
      else if (is_optical (device))
        tell_block (self, device, udev_device_get_action (device));
    }
  return G_SOURCE_CONTINUE;
}

/* libudev hears nothing under "udev" while no udevd runs; the kernel's own events do then. */
static const char *
monitor_name (void)
{
  return access ("/run/udev/control", F_OK) == 0 ? "udev" : "kernel";
}

/* Without a monitor the drives that are there are still listed, only later changes are missed. */
static void
start_monitor (OflFinderUdev *self)
{
  self->monitor = udev_monitor_new_from_netlink (self->udev, monitor_name ());
  if (self->monitor == NULL)
    return;
  udev_monitor_filter_add_match_subsystem_devtype (self->monitor, "block", NULL);
  udev_monitor_filter_add_match_subsystem_devtype (self->monitor, "scsi_generic", NULL);
  if (udev_monitor_enable_receiving (self->monitor) < 0)
    {
      g_clear_pointer (&self->monitor, udev_monitor_unref);
      return;
    }
  self->source = g_unix_fd_add (udev_monitor_get_fd (self->monitor), G_IO_IN, on_uevents, self);
}

static void
list_present (OflFinderUdev *self)
{
  g_autoptr (UdevEnumerate) enumerate = udev_enumerate_new (self->udev);
  struct udev_list_entry *entry;

  udev_enumerate_add_match_subsystem (enumerate, "block");
  udev_enumerate_scan_devices (enumerate);
  udev_list_entry_foreach (entry, udev_enumerate_get_list_entry (enumerate))
  {
    const char *path = udev_list_entry_get_name (entry);
    g_autoptr (UdevDevice) device = udev_device_new_from_syspath (self->udev, path);

    if (device != NULL && is_optical (device))
      self->events->appeared (udev_device_get_devnode (device), self->owner);
  }
}

/**
 * ofl_finder_udev_new:
 * @events: what to call; must outlive the finder
 * @owner: passed to @events
 * @error: return location
 *
 * Tells of every optical drive that is there, before it returns, and of later changes from the
 * default main context. Reads sysfs and udev's data base only, some milliseconds in all; opens no
 * device.
 *
 * Returns: (transfer full): a finder; %NULL with %OFL_ERROR_FAILED when libudev does not start
 */
OflFinderUdev *
ofl_finder_udev_new (const OflFinderEvents *events, gpointer owner, GError **error)
{
  OflFinderUdev *self;
  struct udev *udev = udev_new ();

  if (udev == NULL)
    {
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("libudev does not start, so drives cannot be found through it. Use the "
                        "finder of libcdio instead."));
      return NULL;
    }
  self = g_new0 (OflFinderUdev, 1);
  self->events = events;
  self->owner = owner;
  self->udev = udev;
  start_monitor (
      self); /* before the list: a drive that comes in between is told twice, not missed */
  list_present (self);
  events->looked (owner);
  return self;
}

/**
 * ofl_finder_udev_free:
 * @self: (transfer full): a finder
 */
void
ofl_finder_udev_free (OflFinderUdev *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->monitor, udev_monitor_unref);
  udev_unref (self->udev);
  g_free (self);
}
