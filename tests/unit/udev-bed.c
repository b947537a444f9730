/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "udev-bed.h"

#include <glib/gstdio.h>

void
udev_bed_add (UMockdevTestbed *bed, const char *description)
{
  g_autoptr (GError) error = NULL;

  umockdev_testbed_add_from_string (bed, description, &error);
  g_assert_no_error (error);
}

void
udev_bed_add_block (UMockdevTestbed *bed, const char *device, const char *name, guint minor,
                    gboolean from_udevd)
{
  g_autofree char *description
      = g_strdup_printf ("P: %s/block/%s\nN: %s\nE: SUBSYSTEM=block\nE: DEVTYPE=disk\nE: "
                         "DEVNAME=/dev/%s\nE: MAJOR=11\n"
                         "E: MINOR=%u\n%sA: dev=11:%u\\n\n",
                         device, name, name, name, minor, from_udevd ? "E: ID_CDROM=1\n" : "",
                         minor);

  udev_bed_add (bed, description);
}

/* Given contents, the node is a file; a character device would be a terminal, and umockdev's own
 * realpath() does not survive one. */
void
udev_bed_add_sg (UMockdevTestbed *bed, const char *device, const char *name, guint minor)
{
  g_autofree char *description
      = g_strdup_printf ("P: %s/scsi_generic/%s\nN: %s=00\nE: SUBSYSTEM=scsi_generic\nE: "
                         "DEVNAME=/dev/%s\nE: MAJOR=21\n"
                         "E: MINOR=%u\nA: dev=21:%u\\n\n",
                         device, name, name, name, minor, minor);

  udev_bed_add (bed, description);
}

void
udev_bed_tell (UMockdevTestbed *bed, const char *device, const char *child, const char *action)
{
  g_autofree char *path = g_strconcat ("/sys", device, child, NULL);

  umockdev_testbed_uevent (bed, path, action);
}

void
udev_bed_remove (UMockdevTestbed *bed, const char *device, const char *child)
{
  g_autofree char *path = g_strconcat ("/sys", device, child, NULL);

  g_autofree char *root = umockdev_testbed_get_root_dir (bed);
  g_autofree char *link = g_build_filename (root, "sys", child, NULL);

  udev_bed_tell (bed, device, child, "remove");
  umockdev_testbed_remove_device (bed, path);
  g_unlink (link); /* it leaves /sys/block/sr0 behind, and then no other drive may be called so */
}
