/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive in sysfs. Its SCSI device is a folder such as
 *   /sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host4/target4:0:0/4:0:0:0
 * of which everything up to the port outlives a replug, while host and node numbers change. */
#include "scsi/ofl-linux-sysfs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* SCSI device types that carry optical drives: write-once (4) and CD/DVD/BD (5) */
#define TYPE_WORM "4"
#define TYPE_CD "5"

/**
 * ofl_linux_nodes_clear:
 * @self: names to free
 */
void
ofl_linux_nodes_clear (OflLinuxNodes *self)
{
  g_clear_pointer (&self->sg_node, g_free);
  g_clear_pointer (&self->sr_node, g_free);
  g_clear_pointer (&self->device, g_free);
}

static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = g_strdup (real);

  free (real);
  return copy;
}

static char *
read_attribute (const char *device, const char *name)
{
  g_autofree char *path = g_build_filename (device, name, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  return g_strstrip (text);
}

/**
 * ofl_linux_sysfs_device:
 * @sysfs_root: "/sys", or a tree of the same shape
 * @node: "/dev/sgN", "/dev/srN", or a link to one of them
 *
 * Returns: (transfer full) (nullable): the folder of its SCSI device, links resolved
 */
char *
ofl_linux_sysfs_device (const char *sysfs_root, const char *node)
{
  g_autofree char *real_node = resolve (node);
  g_autofree char *name = g_path_get_basename (real_node != NULL ? real_node : node);
  const char *class_name = g_str_has_prefix (name, "sg") ? "scsi_generic" : "block";
  g_autofree char *link = g_build_filename (sysfs_root, "class", class_name, name, "device", NULL);

  return resolve (link);
}

/**
 * ofl_linux_sysfs_port:
 * @device: folder of a SCSI device
 *
 * Returns: (transfer full): the part above its host: what the port is called
 */
char *
ofl_linux_sysfs_port (const char *device)
{
  const char *host = g_strrstr (device, "/host");

  return host != NULL ? g_strndup (device, (gsize) (host - device)) : g_strdup (device);
}

/* "4:0:0:1" and "7:0:0:1" are the same place on the same port: only the host's number is new. */
static gboolean
same_place (const char *device, const char *like_device)
{
  g_autofree char *name = g_path_get_basename (device);
  g_autofree char *like_name = g_path_get_basename (like_device);

  return g_strcmp0 (strchr (name, ':'), strchr (like_name, ':')) == 0;
}

static gboolean
is_below (const char *device, const char *port)
{
  gsize length = strlen (port);

  return length > 0 && strncmp (device, port, length) == 0
         && (device[length] == '/' || device[length] == 0);
}

/* Something else may be plugged into the port by now; and a drive that the kernel has given up
 * ("offline") answers no command. */
static gboolean
is_live_optical_drive (const char *device)
{
  g_autofree char *type = read_attribute (device, "type");
  g_autofree char *state = read_attribute (device, "state");

  if (g_strcmp0 (type, TYPE_CD) != 0 && g_strcmp0 (type, TYPE_WORM) != 0)
    return FALSE;
  return state == NULL || strcmp (state, "running") == 0;
}

static char *
first_entry (const char *device, const char *folder_name)
{
  g_autofree char *folder = g_build_filename (device, folder_name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return dir != NULL ? g_strdup (g_dir_read_name (dir)) : NULL;
}

/**
 * ofl_linux_sysfs_find:
 * @sysfs_root: "/sys", or a tree of the same shape
 * @port: folder that names the port
 * @like_device: SCSI device that was there before; channel, target and unit must be the same,
 *   since a bridge or a cable may carry two drives
 * @nodes: (out caller-allocates): what it is called now
 *
 * Looks for a live optical drive at a port. Sends no command.
 *
 * Returns: whether there is one with an sg node
 */
gboolean
ofl_linux_sysfs_find (const char *sysfs_root, const char *port, const char *like_device,
                      OflLinuxNodes *nodes)
{
  g_autofree char *folder = g_build_filename (sysfs_root, "class", "scsi_generic", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  memset (nodes, 0, sizeof *nodes);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, name, "device", NULL);
      g_autofree char *device = resolve (link);
      g_autofree char *sr_name = NULL;

      if (device == NULL || !is_below (device, port) || !same_place (device, like_device)
          || !is_live_optical_drive (device))
        continue;
      sr_name = first_entry (device, "block");
      nodes->sg_node = g_build_filename ("/dev", name, NULL);
      nodes->sr_node = sr_name != NULL ? g_build_filename ("/dev", sr_name, NULL) : NULL;
      nodes->device = g_steal_pointer (&device);
      return TRUE;
    }
  return FALSE;
}

/**
 * ofl_linux_sysfs_max_transfer:
 * @device: folder of a SCSI device
 *
 * Returns: bytes that the kernel takes in one command, by the block queue; 0 when it does not say
 */
guint32
ofl_linux_sysfs_max_transfer (const char *device)
{
  g_autofree char *sr_name = first_entry (device, "block");
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (sr_name == NULL)
    return 0;
  name = g_build_filename ("block", sr_name, "queue", "max_sectors_kb", NULL);
  text = read_attribute (device, name);
  if (text == NULL)
    return 0;
  return (guint32) MIN (g_ascii_strtoull (text, NULL, 10), G_MAXUINT32 / 1024) * 1024;
}
