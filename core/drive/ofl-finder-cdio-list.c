/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cdio/cdio.h>

#include "drive/ofl-finder-cdio.h"

/**
 * ofl_finder_cdio_list:
 *
 * Opens the devices that it tries: worker threads only.
 *
 * Returns: (transfer full) (nullable): the nodes of optical drives, as libcdio names them
 */
char **
ofl_finder_cdio_list (void)
{
  char **devices = cdio_get_devices (DRIVER_DEVICE);
  char **copy = g_strdupv (devices);

  cdio_free_device_list (devices);
  return copy;
}
