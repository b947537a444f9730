/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linux counts, for each SCSI device, commands that ended, failed and were not answered in time:
 * iodone_cnt, ioerr_cnt and iotmo_cnt in the folder of the device, readable to everybody. */
#include "link/ofl-link-private.h"

/* Hexadecimal, as "0x1f"; an older kernel has not all of them. */
static gboolean
read_count (const char *device, const char *name, guint64 *count)
{
  g_autofree char *path = g_build_filename (device, name, NULL);
  g_autofree char *text = NULL;
  char *end = NULL;

  *count = 0;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  *count = g_ascii_strtoull (text, &end, 0);
  return end != text;
}

/**
 * ofl_link_kernel_read:
 * @self: (out caller-allocates): what the kernel has counted up to now
 * @sysfs_root: "/sys", or a tree of the same shape
 * @sr_node: (nullable): "/dev/sr0"; %NULL: nothing is known
 *
 * Reads three short files; no command goes to the drive. A count that this kernel has not is 0.
 */
void
ofl_link_kernel_read (OflLinkKernel *self, const char *sysfs_root, const char *sr_node)
{
  g_autofree char *name = NULL;
  g_autofree char *device = NULL;

  *self = (OflLinkKernel){ 0 };
  if (sr_node == NULL)
    return;
  name = g_path_get_basename (sr_node);
  device = g_build_filename (sysfs_root, "block", name, "device", NULL);
  self->known = read_count (device, "iodone_cnt", &self->done)
                && read_count (device, "ioerr_cnt", &self->failed);
  read_count (device, "iotmo_cnt", &self->timed_out);
}

/* A drive that came back begins to count anew. */
static guint64
difference (guint64 now, guint64 before)
{
  return now >= before ? now - before : now;
}

/**
 * ofl_link_kernel_since:
 * @self: what was counted up to now; becomes what was counted since @before
 * @before: what had been counted then
 */
void
ofl_link_kernel_since (OflLinkKernel *self, const OflLinkKernel *before)
{
  self->known = self->known && before->known;
  self->done = difference (self->done, before->done);
  self->failed = difference (self->failed, before->failed);
  self->timed_out = difference (self->timed_out, before->timed_out);
}
