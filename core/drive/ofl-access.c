/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-access.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

static gboolean
exists (const char *node)
{
  return node != NULL && access (node, F_OK) == 0;
}

/* As the user this process runs as: root passes, a group that is not yet in effect does not. */
static gboolean
can_open (const char *node)
{
  return access (node, R_OK | W_OK) == 0;
}

/**
 * ofl_access_check:
 * @sr_node: (nullable): the drive's block device, "/dev/sr0"; %NULL when it has none
 * @sg_node: (nullable): its sg device, "/dev/sg0"; %NULL when the kernel knows none, which is so
 *   as long as the sg module is not loaded
 *
 * Whether this user can open both nodes for reading and writing, as a write needs it. Opens
 * nothing and sends nothing.
 *
 * Returns: the first thing that is missing
 */
OflAccess
ofl_access_check (const char *sr_node, const char *sg_node)
{
  if (!exists (sr_node))
    return OFL_ACCESS_NO_SR_NODE;
#ifdef __linux__
  if (sg_node == NULL)
    return OFL_ACCESS_NO_SG_MODULE;
  if (!exists (sg_node))
    return OFL_ACCESS_NO_SG_NODE;
  if (!can_open (sg_node))
    return OFL_ACCESS_NO_PERMISSION;
#endif
  if (!can_open (sr_node))
    return OFL_ACCESS_NO_SR_PERMISSION;
  return OFL_ACCESS_USABLE;
}

/**
 * ofl_access_id:
 * @access: what is missing
 *
 * Returns: its word for machines
 */
const char *
ofl_access_id (OflAccess access)
{
  static const char *const ids[] = {
    [OFL_ACCESS_USABLE] = "usable",
    [OFL_ACCESS_NO_SG_MODULE] = "no-sg-module",
    [OFL_ACCESS_NO_SG_NODE] = "no-sg-node",
    [OFL_ACCESS_NO_PERMISSION] = "no-permission",
    [OFL_ACCESS_NO_SR_PERMISSION] = "no-sr-permission",
    [OFL_ACCESS_NO_SR_NODE] = "no-sr-node",
  };

  return (gsize) access < G_N_ELEMENTS (ids) ? ids[access] : "unknown";
}

/**
 * ofl_access_sentence:
 * @access: what is missing
 *
 * Returns: the same in words: what it is, what it means and what to do beside the line of
 *   ofl_access_remedy()
 */
const char *
ofl_access_sentence (OflAccess access)
{
  static const char *const sentences[] = {
    [OFL_ACCESS_USABLE] = N_ ("The drive can be read and written by this user."),
    [OFL_ACCESS_NO_SG_MODULE] = N_ (
        "The drive has no /dev/sg node, because the kernel module sg is not loaded. Firmware goes "
        "through that node. Load the module once; no restart is needed."),
    [OFL_ACCESS_NO_SG_NODE] = N_ (
        "The kernel knows the drive's sg device, but its /dev/sg node is missing. This happens in "
        "a container or another closed-off environment: give it the node from outside, or make it."),
    [OFL_ACCESS_NO_PERMISSION]
    = N_ ("This user may not open the drive's /dev/sg node. Join the group cdrom, then log out and "
          "log in again."),
    [OFL_ACCESS_NO_SR_PERMISSION]
    = N_ ("This user may not open the drive's /dev/sr node. Join the group cdrom, then log out and "
          "log in again."),
    [OFL_ACCESS_NO_SR_NODE] = N_ ("The drive has no /dev/sr node. It was unplugged, or the kernel "
                                  "module sr_mod is not loaded."),
  };

  return (gsize) access < G_N_ELEMENTS (sentences) ? _ (sentences[access]) : "";
}

/**
 * ofl_access_remedy:
 * @access: what is missing
 * @user_name: (nullable): who is to get access; the user of this process when %NULL
 *
 * Returns: (transfer full) (nullable): one line for a terminal that mends it; %NULL when nothing
 *   is missing
 */
char *
ofl_access_remedy (OflAccess access, const char *user_name)
{
  switch (access)
    {
    case OFL_ACCESS_NO_SG_MODULE:
      return g_strdup ("sudo modprobe sg");
    case OFL_ACCESS_NO_SR_NODE:
      return g_strdup ("sudo modprobe sr_mod");
    case OFL_ACCESS_NO_SG_NODE:
      return g_strdup ("sudo sh -c 'for s in /sys/class/scsi_generic/sg*; do n=/dev/${s##*/}; "
                       "[ -e $n ] || { mknod -m 660 $n c $(tr : \" \" <$s/dev); "
                       "chgrp cdrom $n; }; done'");
    case OFL_ACCESS_NO_PERMISSION:
    case OFL_ACCESS_NO_SR_PERMISSION:
      return g_strdup_printf ("sudo usermod -aG cdrom %s",
                              user_name != NULL ? user_name : g_get_user_name ());
    case OFL_ACCESS_USABLE:
    default:
      return NULL;
    }
}
