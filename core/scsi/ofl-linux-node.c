/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a device node, and saying in words why it did not work. Who uses it is seen by
 * core/drive (ofl-holders.h). */
#include "scsi/ofl-linux-node.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

#define BUSY_SLICE_MS 100

/**
 * ofl_linux_node_set_error:
 * @node: a device node
 * @code: errno of opening it
 * @error: return location: %OFL_ERROR_BUSY, %OFL_ERROR_NO_ACCESS, %OFL_ERROR_LOST or
 *   %OFL_ERROR_FAILED
 *
 * Puts a failed open into words.
 */
void
ofl_linux_node_set_error (const char *node, int code, GError **error)
{
  switch (code)
    {
    case EBUSY:
      ofl_set_error (error, OFL_ERROR_BUSY,
                     _ ("The drive is in use (%s). Close the program that uses it, or unmount the "
                        "disc, and try again."),
                     node);
      break;
    case EACCES:
    case EPERM:
      ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                     _ ("This user may not open %s. Become a member of the group that owns it "
                        "(usually “cdrom”: sudo usermod -aG cdrom $USER) and log in again."),
                     node);
      break;
    case ENOENT:
      ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                     _ ("%s does not exist. Check that the drive is plugged in; if only the sg node "
                        "is missing, load its module: sudo modprobe sg"),
                     node);
      break;
    case ENXIO:
    case ENODEV:
      ofl_set_error (error, OFL_ERROR_LOST,
                     _ ("There is no drive behind %s any more. Check its cable and power supply."),
                     node);
      break;
    default:
      ofl_set_error (error, OFL_ERROR_FAILED, _ ("%s could not be opened: %s."), node,
                     ofl_errno_words (code));
      break;
    }
}

/**
 * ofl_linux_node_open:
 * @node: a device node
 * @open_flags: O_RDONLY or O_RDWR, with O_EXCL or without; O_NONBLOCK and O_CLOEXEC are added
 * @busy_wait_ms: how long to put up with EBUSY: udev looks at a new drive for a moment, with
 *   O_EXCL
 * @error: return location, as of ofl_linux_node_set_error()
 *
 * Returns: a file descriptor, or -1
 */
int
ofl_linux_node_open (const char *node, int open_flags, guint busy_wait_ms, GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64) busy_wait_ms * 1000;

  for (;;)
    {
      int fd = open (node, open_flags | O_NONBLOCK | O_CLOEXEC);
      int code = errno;

      if (fd >= 0)
        return fd;
      if (code == EINTR)
        continue;
      if (code != EBUSY || g_get_monotonic_time () >= end)
        {
          ofl_linux_node_set_error (node, code, error);
          return -1;
        }
      g_usleep (BUSY_SLICE_MS * 1000);
    }
}
