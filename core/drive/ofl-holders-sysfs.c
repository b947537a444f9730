/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel was told to do with a drive: drivers, usb-storage's quirks, authorization, polling.
 * Short files of sysfs; nothing is sent. */
#include "drive/ofl-holders-private.h"

#include <stdlib.h>
#include <string.h>

#include "scsi/ofl-linux-sysfs.h"

#define QUIRKS "module/usb_storage/parameters/quirks"
#define IGNORE_DEVICE 'i'
#define MASS_STORAGE "08"

static char *
read_text (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strstrip (text) : NULL;
}

static gboolean
is_text (const char *folder, const char *name, const char *wanted)
{
  g_autofree char *text = read_text (folder, name);

  return g_strcmp0 (text, wanted) == 0;
}

static guint16
read_number (const char *folder, const char *name)
{
  g_autofree char *text = read_text (folder, name);

  return text != NULL ? (guint16) g_ascii_strtoull (text, NULL, 16) : 0;
}

/* A driver's name; NULL when the device has none. */
static char *
read_driver (const char *device)
{
  g_autofree char *link = g_build_filename (device, "driver", NULL);
  char *real = realpath (link, NULL);
  char *name = real != NULL ? g_path_get_basename (real) : NULL;

  free (real);
  return name;
}

static char *
remedy_for_driver (const char *sys, const char *address, const char *driver)
{
  g_autofree char *sr = g_build_filename (sys, "bus/scsi/drivers/sr", NULL);

  if (!g_file_test (sr, G_FILE_TEST_IS_DIR))
    return g_strdup ("sudo modprobe sr_mod");
  if (driver == NULL)
    return g_strdup_printf ("echo %s | sudo tee /sys/bus/scsi/drivers/sr/bind", address);
  return g_strdup_printf ("for f in %s/unbind sr/bind; do "
                          "echo %s | sudo tee /sys/bus/scsi/drivers/$f; done",
                          driver, address);
}

/* @device: the folder of a SCSI device, which is named by its address */
static void
add_driver (GPtrArray *holders, const char *sys, const char *device)
{
  g_autofree char *driver = read_driver (device);
  g_autofree char *address = g_path_get_basename (device);
  OflHolder *self;

  if (g_strcmp0 (driver, "sr") == 0)
    return;
  self = ofl_holders_add (holders, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS, address, driver);
  self->remedy = remedy_for_driver (sys, address, driver);
}

/* "vid:pid:flags", with a comma between two. Of several the first counts, as in the kernel. @rest:
 * (out): all others */
static char *
find_quirk (const char *sys, guint16 vid, guint16 pid, char **rest)
{
  g_autofree char *text = read_text (sys, QUIRKS);
  g_auto (GStrv) entries = text != NULL ? g_strsplit (text, ",", -1) : NULL;
  g_autoptr (GString) others = g_string_new (NULL);
  char *flags = NULL;

  for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
    {
      char *end;
      guint64 v = g_ascii_strtoull (entries[i], &end, 16);
      guint64 p = *end == ':' ? g_ascii_strtoull (end + 1, &end, 16) : 0;
      gboolean ours = *end == ':' && v == vid && p == pid;

      if (ours && flags == NULL)
        flags = g_strdup (end + 1);
      else if (!ours)
        g_string_append_printf (others, "%s%s", others->len > 0 ? "," : "", entries[i]);
    }
  *rest = g_string_free (g_steal_pointer (&others), FALSE);
  return flags;
}

/* @hidden: it is no drive as yet, so only the quirk that hides it counts. Quirks are looked at when a
 * device is plugged in: one that is a drive was not hidden. */
static gboolean
add_quirk (GPtrArray *holders, const char *sys, guint16 vid, guint16 pid, gboolean hidden)
{
  g_autofree char *rest = NULL;
  g_autofree char *flags = find_quirk (sys, vid, pid, &rest);
  g_autofree char *name = g_strdup_printf ("%04x:%04x", vid, pid);
  g_autofree char *quoted = g_shell_quote (rest);
  OflHolder *self;

  if (flags == NULL || (hidden && strchr (flags, IGNORE_DEVICE) == NULL))
    return FALSE;
  self = ofl_holders_add (holders, OFL_HOLDER_USB_QUIRK,
                          hidden ? OFL_HOLDER_BLOCKS : OFL_HOLDER_WARNING, name, flags);
  self->remedy = g_strdup_printf ("echo %s | sudo tee /sys/" QUIRKS, quoted); /* technical */
  return TRUE;
}

/* @device: the folder of a USB device, which is named by its port */
static gboolean
add_unauthorized (GPtrArray *holders, const char *device)
{
  g_autofree char *port = NULL;
  OflHolder *self;

  if (!is_text (device, "authorized", "0"))
    return FALSE;
  port = g_path_get_basename (device);
  self = ofl_holders_add (holders, OFL_HOLDER_USB_UNAUTHORIZED, OFL_HOLDER_BLOCKS, port, NULL);
  self->remedy /* technical: a line for a terminal */
      = g_strdup_printf ("echo 1 | sudo tee /sys/bus/usb/devices/%s/authorized", port);
  return TRUE;
}

/* The block device's own value, or, where that is -1, the one for all. */
static void
add_polling (GPtrArray *holders, const char *sys, const char *sr_node)
{
  g_autofree char *name = g_path_get_basename (sr_node);
  g_autofree char *folder = g_build_filename (sys, "class", "block", name, NULL);
  g_autofree char *own = read_text (folder, "events_poll_msecs");
  g_autofree char *all = read_text (sys, "module/block/parameters/events_dfl_poll_msecs");
  gint64 ms = own != NULL ? g_ascii_strtoll (own, NULL, 10) : 0;

  if (ms < 0)
    ms = all != NULL ? g_ascii_strtoll (all, NULL, 10) : 0;
  if (ms > 0)
    ofl_holders_add (holders, OFL_HOLDER_POLLING, OFL_HOLDER_REMARK, sr_node, NULL)->number
        = (guint) MIN (ms, G_MAXUINT);
}

/* Of a drive that is in the list. */
void
ofl_holders_add_sysfs (GPtrArray *holders, const OflTarget *target, const char *sys)
{
  const OflTopology *topology = ofl_target_get_topology (target);
  const char *sr_node = ofl_target_get_sr_node (target);
  const char *sg_node = ofl_target_get_sg_node (target);
  g_autofree char *device = NULL;

  if (sg_node != NULL)
    device = ofl_linux_sysfs_device (sys, sg_node);
  if (device == NULL && sr_node != NULL)
    device = ofl_linux_sysfs_device (sys, sr_node);
  if (device != NULL)
    add_driver (holders, sys, device);
  if (topology->bus == OFL_BUS_USB)
    {
      add_quirk (holders, sys, topology->bridge_vid, topology->bridge_pid, FALSE);
      if (topology->device_path[0] != '\0')
        add_unauthorized (holders, topology->device_path);
    }
  if (sr_node != NULL)
    add_polling (holders, sys, sr_node);
}

static void
add_hidden_scsi (GPtrArray *holders, const char *sys, const char *device)
{
  if (is_text (device, "type", "5") || is_text (device, "type", "4"))
    add_driver (holders, sys, device);
}

/* The device that an interface, "1-2:1.0", is of is hidden by a quirk. */
static gboolean
is_of_hidden (const char *sys, const char *interface)
{
  g_autofree char *device = g_strndup (interface, strcspn (interface, ":"));
  g_autofree char *path = g_build_filename (sys, "bus", "usb", "devices", device, NULL);
  g_autoptr (GPtrArray) found = ofl_holders_new ();

  return add_quirk (found, sys, read_number (path, "idVendor"), read_number (path, "idProduct"),
                    TRUE);
}

static char *
remedy_for_interface (const char *sys, const char *interface)
{
  g_autofree char *folder = g_build_filename (sys, "bus", "usb", "drivers", "usb-storage", NULL);

  return g_file_test (folder, G_FILE_TEST_IS_DIR)
             ? g_strdup_printf ("echo %s | sudo tee /sys/bus/usb/drivers/usb-storage/bind",
                                interface)
             : g_strdup ("sudo modprobe usb-storage");
}

/* An interface for mass storage that another driver than the kernel's own for that has, usbfs for
 * one, through which a virtual machine takes a device. */
static void
add_hidden_interface (GPtrArray *holders, const char *sys, const char *interface)
{
  g_autofree char *driver = read_driver (interface);
  g_autofree char *name = g_path_get_basename (interface);
  OflHolder *self;

  if (!is_text (interface, "bInterfaceClass", MASS_STORAGE)
      || g_strcmp0 (driver, "usb-storage") == 0 || g_strcmp0 (driver, "uas") == 0
      || is_of_hidden (sys, name))
    return;
  self = ofl_holders_add (holders, OFL_HOLDER_DRIVER, OFL_HOLDER_BLOCKS, name, driver);
  if (driver == NULL)
    self->remedy = remedy_for_interface (sys, name);
}

static void
add_hidden_usb (GPtrArray *holders, const char *sys, const char *device)
{
  g_autofree char *vid = read_text (device, "idVendor");
  g_autofree char *pid = read_text (device, "idProduct");

  if (vid == NULL || pid == NULL)
    add_hidden_interface (holders, sys, device);
  else if (!add_unauthorized (holders, device))
    add_quirk (holders, sys, read_number (device, "idVendor"), read_number (device, "idProduct"),
               TRUE);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_devices (const char *sys, const char *bus)
{
  g_autofree char *folder = g_build_filename (sys, "bus", bus, "devices", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/* Of devices that are no drive in the list. */
void
ofl_holders_add_hidden (GPtrArray *holders, const char *sys)
{
  g_autoptr (GPtrArray) scsi = list_devices (sys, "scsi");
  g_autoptr (GPtrArray) usb = list_devices (sys, "usb");

  for (guint i = 0; i < scsi->len; i++)
    add_hidden_scsi (holders, sys, g_ptr_array_index (scsi, i));
  for (guint i = 0; i < usb->len; i++)
    add_hidden_usb (holders, sys, g_ptr_array_index (usb, i));
}
