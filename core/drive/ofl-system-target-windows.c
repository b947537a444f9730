/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-system-target.h"

#include <windows.h>
#include <winioctl.h>

#include "scsi/ofl-transport-spti.h"

static OflBus
bus_of (STORAGE_BUS_TYPE type)
{
  switch (type)
    {
    case BusTypeSata:
      return OFL_BUS_SATA;
    case BusTypeAta:
    case BusTypeAtapi:
      return OFL_BUS_IDE;
    case BusTypeUsb:
      return OFL_BUS_USB;
    case BusTypeScsi:
    case BusTypeSas:
      return OFL_BUS_SCSI;
    default:
      return OFL_BUS_UNKNOWN;
    }
}

/* Asked without any right to the drive; Windows knows, no command is sent. */
static OflBus
find_bus (const char *letter)
{
  STORAGE_PROPERTY_QUERY query
      = { .PropertyId = StorageDeviceProperty, .QueryType = PropertyStandardQuery };
  STORAGE_DEVICE_DESCRIPTOR device = { 0 };
  g_autofree char *node = g_strconcat ("\\\\.\\", letter, NULL);
  HANDLE drive
      = CreateFileA (node, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  OflBus bus = OFL_BUS_UNKNOWN;
  DWORD n = 0;

  if (drive == INVALID_HANDLE_VALUE)
    return bus;
  if (DeviceIoControl (drive, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof query, &device,
                       sizeof device, &n, NULL))
    bus = bus_of (device.BusType);
  CloseHandle (drive);
  return bus;
}

static OflTransport *
open_system (const OflTarget *target, OflOpenFlags flags, gpointer data, GError **error)
{
  return ofl_transport_spti_new (ofl_target_get_sr_node (target), flags, error);
}

/**
 * ofl_system_target_new:
 * @sysfs_root: not used
 * @sr_node: the drive's letter, "D:"; also its id
 * @use_cdio_transport: not used: there is one way
 *
 * Looks up how a drive of the system is plugged in. Sends no command.
 *
 * Returns: (transfer full): a target
 */
OflTarget *
ofl_system_target_new (const char *sysfs_root, const char *sr_node, gboolean use_cdio_transport)
{
  OflTopology topology = { 0 };

  topology.bus = find_bus (sr_node);
  return ofl_target_new (sr_node, sr_node, NULL, &topology, open_system, NULL, NULL);
}
