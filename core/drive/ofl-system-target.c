/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-system-target.h"

#include <stdlib.h>
#include <string.h>

#include "drive/ofl-holders.h"
#include "scsi/ofl-transport-cdio.h"
#ifdef __linux__
#include <unistd.h>

#include "scsi/ofl-transport-sg.h"
#include "scsi/ofl-transport-sgio.h"
#endif

/* The SCSI device that carries the block device @sr_name; %NULL when sysfs knows none. */
static char *
find_scsi_device (const char *sysfs_root, const char *sr_name)
{
  g_autofree char *link = g_build_filename (sysfs_root, "class", "block", sr_name, NULL);
  char *path = realpath (link, NULL);
  char *block = path != NULL ? g_strrstr (path, "/block/") : NULL;
  char *device = block != NULL ? g_strndup (path, (gsize) (block - path)) : NULL;

  free (path);
  return device;
}

/* The sg class puts a folder with one entry below the SCSI device while its module is loaded. */
static char *
find_sg_node (const char *scsi_device)
{
  g_autofree char *folder = g_build_filename (scsi_device, "scsi_generic", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "sg"))
      return g_build_filename ("/dev", name, NULL);
  return NULL;
}

#ifdef __linux__
/* sg carries everything; the block device is the fallback where there is no sg node or only the
 * block device is open to this user. That the fallback cannot flash it says itself. */
static OflTransport *
open_linux (const OflTarget *target, OflOpenFlags flags, GError **error)
{
  const char *sr_node = ofl_target_get_sr_node (target);
  const char *sg_node = ofl_target_get_sg_node (target);
  gboolean has_sg = sg_node != NULL && access (sg_node, F_OK) == 0;

  OflTransport *transport;

  if (has_sg && (access (sg_node, R_OK) == 0 || access (sr_node, R_OK) != 0))
    transport = ofl_transport_sg_new (sg_node, sr_node,
                                      ofl_target_get_topology (target)->device_path, flags, error);
  else
    transport = ofl_transport_sgio_new (sr_node, flags, error);
  if (transport == NULL)
    ofl_holders_name_busy (target, NULL, error);
  return transport;
}
#endif

static OflTransport *
open_system (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  gboolean use_cdio = GPOINTER_TO_INT (data);

#ifdef __linux__
  if (!use_cdio)
    return open_linux (target, flags, error);
#endif
  return ofl_transport_cdio_new (ofl_target_get_sr_node (target), error);
}

/**
 * ofl_system_target_new:
 * @sysfs_root: "/sys", or a copy of it in a test; where there is none, port and sg node stay
 *   unknown
 * @sr_node: the drive's device, "/dev/sr0"; also its id
 * @use_cdio_transport: talk through libcdio, which only reads
 *
 * Looks up where a drive of the system is plugged in and which sg node belongs to it. Reads a
 * handful of sysfs entries and sends no command.
 *
 * Returns: (transfer full): a target
 */
OflTarget *
ofl_system_target_new (const char *sysfs_root, const char *sr_node, gboolean use_cdio_transport)
{
  g_autofree char *name = g_path_get_basename (sr_node);
  g_autofree char *scsi_device = find_scsi_device (sysfs_root, name);
  g_autofree char *sg_node = scsi_device != NULL ? find_sg_node (scsi_device) : NULL;
  OflTopology topology;

  ofl_topology_from_sysfs (&topology, scsi_device);
  return ofl_target_new (sr_node, sr_node, sg_node, &topology, open_system,
                         GINT_TO_POINTER (use_cdio_transport), NULL);
}
