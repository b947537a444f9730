/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a drive is plugged in, told from the path of its SCSI device in sysfs, for example
 *   /sys/devices/pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0
 *   /sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.4/1-2.4:1.0/host6/target6:0:0/6:0:0:0
 * with plain files, so that it works without udev and on a tree made for a test. */
#include "drive/ofl-topology.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One folder of the path: its name, and where it ends in the whole path. */
typedef struct {
  char *name;
  gsize end;
} Folder;

static void
folder_clear (gpointer data)
{
  Folder *folder = data;

  g_free (folder->name);
}

static GArray *
split_path (const char *path)
{
  GArray *folders = g_array_new (FALSE, FALSE, sizeof (Folder));
  gsize start = 0;

  g_array_set_clear_func (folders, folder_clear);
  for (gsize i = 0;; i++)
    {
      if (path[i] != '/' && path[i] != 0)
        continue;
      if (i > start)
        {
          Folder folder = { g_strndup (path + start, i - start), i };

          g_array_append_val (folders, folder);
        }
      start = i + 1;
      if (path[i] == 0)
        return folders;
    }
}

/* The last folder whose whole name matches: what stands nearest to the drive decides. */
static const Folder *
find_folder (GArray *folders, const char *pattern)
{
  for (guint i = folders->len; i > 0; i--)
    {
      const Folder *folder = &g_array_index (folders, Folder, i - 1);

      if (g_regex_match_simple (pattern, folder->name, 0, 0))
        return folder;
    }
  return NULL;
}

static char *read_attribute (const char *path, gsize path_len, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* A short sysfs attribute below the first @path_len bytes of @path; "" when there is none. */
static char *
read_attribute (const char *path, gsize path_len, const char *format, ...)
{
  g_autofree char *base = g_strndup (path, path_len);
  g_autofree char *relative = NULL;
  g_autofree char *file = NULL;
  char *text = NULL;
  va_list args;

  va_start (args, format);
  relative = g_strdup_vprintf (format, args);
  va_end (args);
  file = g_build_filename (base, relative, NULL);
  if (!g_file_get_contents (file, &text, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (text);
}

static guint64
read_number (const char *path, gsize path_len, const char *name, guint base)
{
  g_autofree char *text = read_attribute (path, path_len, "%s", name);

  return g_ascii_strtoull (text, NULL, base);
}

static void
set_device_path (OflTopology *self, const char *path, gsize length)
{
  /* a path that does not fit would name another device: better none than a wrong one */
  if (length < sizeof self->device_path)
    {
      memcpy (self->device_path, path, length);
      self->device_path[length] = 0;
    }
}

/* The interface is "1-2.4:1.0"; the device that owns the port is the folder before it. */
static void
set_usb (OflTopology *self, const char *path, const Folder *interface)
{
  g_autofree char *port = g_strndup (interface->name, strcspn (interface->name, ":"));
  gsize device_end = interface->end - strlen (interface->name) - 1;

  self->bus = OFL_BUS_USB;
  g_snprintf (self->channel, sizeof self->channel, "usb %s", port);
  self->usb_mbps = (guint) read_number (path, device_end, "speed", 10);
  self->bridge_vid = (guint16) read_number (path, device_end, "idVendor", 16);
  self->bridge_pid = (guint16) read_number (path, device_end, "idProduct", 16);
  set_device_path (self, path, device_end);
}

/* libata carries both kinds. Its SATA-only and PATA-only drivers are named so; some (ata_piix,
 * ata_generic) drive either kind, and then only a negotiated SATA speed tells. */
static gboolean
ata_is_parallel (const char *path, const Folder *port, const Folder *host, const char *number)
{
  g_autofree char *driver = read_attribute (path, host->end, "scsi_host/%s/proc_name", host->name);
  g_autofree char *speed
      = read_attribute (path, port->end, "link%s/ata_link/link%s/sata_spd", number, number);

  if (g_str_has_prefix (driver, "pata_"))
    return TRUE;
  if (g_str_has_prefix (driver, "sata_") || strstr (driver, "ahci") != NULL)
    return FALSE;
  return !g_str_has_suffix (speed, "Gbps");
}

/* IDENTIFY PACKET DEVICE, word 93, as the kernel got it when it found the drive: how a drive came to
 * its number after the last reset, in bits 2 and 1 for device 0, 10 and 9 for device 1 (ATA/ATAPI-6,
 * "hardware reset result"). Valid when bits 15 and 14 say so. Eight words stand in a line. */
static OflNumberBy
read_number_by (const char *path, const Folder *port, gboolean slave)
{
  enum { WORD = 93, DIGITS = 5 };
  const char *number = port->name + strlen ("ata");
  g_autofree char *words = read_attribute (path, port->end,
                                           "link%s/dev%s.%d/ata_device/dev%s.%d/id", number, number,
                                           slave ? 1 : 0, number, slave ? 1 : 0);
  guint word;

  if (strlen (words) < (WORD + 1) * DIGITS - 1)
    return OFL_NUMBER_UNKNOWN;
  word = (guint) g_ascii_strtoull (words + WORD * DIGITS, NULL, 16);
  if ((word & 0xC000) != 0x4000)
    return OFL_NUMBER_UNKNOWN;
  switch (slave ? word >> 9 & 3 : word >> 1 & 3)
    {
    case 1:
      return OFL_NUMBER_JUMPER;
    case 2:
      return OFL_NUMBER_CABLE_SELECT;
    default:
      return OFL_NUMBER_UNKNOWN;
    }
}

/* Path up to the target: a SATA drive that comes back on its port gets the same numbers, and the
 * two drives of an IDE cable differ only there. */
static void
set_ata (OflTopology *self, const char *path, const Folder *port, const Folder *host,
         const Folder *target)
{
  const char *id = strrchr (target->name, ':');

  g_strlcpy (self->channel, port->name, sizeof self->channel);
  self->bus = OFL_BUS_SATA;
  if (ata_is_parallel (path, port, host, port->name + strlen ("ata")))
    {
      self->bus = OFL_BUS_IDE;
      self->slave = strcmp (id, ":1") == 0;
      self->number_by = read_number_by (path, port, self->slave);
    }
  set_device_path (self, path, target->end);
}

/**
 * ofl_topology_from_sysfs:
 * @self: (out caller-allocates): how the drive is plugged in
 * @sysfs_device_path: (nullable): absolute path of the drive's SCSI device, or of its block device,
 *   in sysfs, links resolved; a copy of such a tree elsewhere does as well
 *
 * Reads a few short attributes; no command goes to the drive. What cannot be told stays unknown
 * or empty.
 */
void
ofl_topology_from_sysfs (OflTopology *self, const char *sysfs_device_path)
{
  g_autoptr (GArray) folders = NULL;
  const Folder *interface, *port, *host, *target, *device;

  memset (self, 0, sizeof *self);
  if (sysfs_device_path == NULL)
    return;
  folders = split_path (sysfs_device_path);
  interface = find_folder (folders, "^[0-9]+-[0-9]+(\\.[0-9]+)*:[0-9]+\\.[0-9]+$");
  port = find_folder (folders, "^ata[0-9]+$");
  host = find_folder (folders, "^host[0-9]+$");
  target = find_folder (folders, "^target[0-9]+:[0-9]+:[0-9]+$");
  device = find_folder (folders, "^[0-9]+:[0-9]+:[0-9]+:[0-9]+$");

  if (interface != NULL)
    set_usb (self, sysfs_device_path, interface);
  else if (port != NULL && host != NULL && target != NULL && port->end < host->end)
    set_ata (self, sysfs_device_path, port, host, target);
  else if (device != NULL)
    {
      self->bus = OFL_BUS_SCSI;
      g_snprintf (self->channel, sizeof self->channel, "scsi %s", device->name);
      set_device_path (self, sysfs_device_path, device->end);
    }
}

/**
 * ofl_bus_id:
 * @bus: a bus
 *
 * Returns: its word for machines
 */
const char *
ofl_bus_id (OflBus bus)
{
  static const char *const ids[] = {
    [OFL_BUS_UNKNOWN] = "unknown", [OFL_BUS_SATA] = "sata", [OFL_BUS_IDE] = "ide",
    [OFL_BUS_USB] = "usb",         [OFL_BUS_SCSI] = "scsi", [OFL_BUS_PRACTICE] = "practice",
  };

  return (gsize) bus < G_N_ELEMENTS (ids) ? ids[bus] : "unknown";
}

static char *
describe_usb (const OflTopology *self)
{
  const char *port = g_str_has_prefix (self->channel, "usb ") ? self->channel + 4 : self->channel;
  GString *text = g_string_new (NULL);

  /* a list: what is known, with commas between */
  if (port[0] != 0)
    g_string_append_printf (text, _ ("USB port %s"), port);
  else
    g_string_append (text, "USB");
  if (self->usb_mbps > 0)
    /* Translators: one item of a list, with the comma that parts it from the one before: the speed
     * of a USB port. */
    g_string_append_printf (text, _ (", %u Mbit/s"), self->usb_mbps);
  if (self->bridge_vid != 0 || self->bridge_pid != 0)
    /* Translators: one item of a list, with the comma that parts it from the one before: the chip
     * between USB and drive, by the numbers of its maker and product. */
    g_string_append_printf (text, _ (", bridge %04x:%04x"), self->bridge_vid, self->bridge_pid);
  return g_string_free (text, FALSE);
}

static char *
describe_ide (const OflTopology *self)
{
  if (self->channel[0] == 0)
    return g_strdup (self->slave ? _ ("IDE, slave") : _ ("IDE, master"));
  switch (self->number_by)
    {
    case OFL_NUMBER_JUMPER:
      return g_strdup_printf (self->slave ? _ ("IDE channel %s, slave by its jumper")
                                          : _ ("IDE channel %s, master by its jumper"),
                              self->channel);
    case OFL_NUMBER_CABLE_SELECT:
      return g_strdup_printf (self->slave ? _ ("IDE channel %s, slave by cable select")
                                          : _ ("IDE channel %s, master by cable select"),
                              self->channel);
    case OFL_NUMBER_UNKNOWN:
    default:
      return g_strdup_printf (
          self->slave ? _ ("IDE channel %s, slave") : _ ("IDE channel %s, master"), self->channel);
    }
}

/**
 * ofl_topology_describe:
 * @self: how a drive is plugged in
 *
 * Returns: (transfer full): the same in words, for people; "" when nothing is known
 */
char *
ofl_topology_describe (const OflTopology *self)
{
  const char *channel = self->channel;

  switch (self->bus)
    {
    case OFL_BUS_SATA:
      return channel[0] != 0 ? g_strdup_printf (_ ("SATA port %s"), channel) : g_strdup ("SATA");
    case OFL_BUS_IDE:
      return describe_ide (self);
    case OFL_BUS_USB:
      return describe_usb (self);
    case OFL_BUS_SCSI:
      return g_strdup_printf ("SCSI %s",
                              g_str_has_prefix (channel, "scsi ") ? channel + 5 : channel);
    case OFL_BUS_PRACTICE:
      return g_strdup (_ ("Practice drive"));
    case OFL_BUS_UNKNOWN:
    default:
      return g_strdup (channel);
    }
}
