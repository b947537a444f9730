/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-access.h"

#include <glib/gi18n-lib.h>

#define GROUP "cdrom"

/* Opens the nodes of optical drives, which are of type 5, to the group; disks stay as they are. */
#define OPEN_NODES \
  "set -- /dev/sr*; for s in /sys/class/scsi_generic/sg*; do " \
  "[ $(cat $s/device/type) != 5 ] || set -- \"$@\" /dev/${s##*/}; done; " \
  "chgrp " GROUP " \"$@\"; chmod 660 \"$@\""

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
    [OFL_ACCESS_NOT_YET] = "not-yet",
    [OFL_ACCESS_CLOSED_NODE] = "closed-node",
    [OFL_ACCESS_CLOSED_BOTH] = "closed-node-and-group",
    [OFL_ACCESS_NO_ADMINISTRATOR] = "no-administrator",
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
    [OFL_ACCESS_NOT_YET] = N_ ("This user is in the group cdrom, but was not yet when this session "
                               "began. Log out and log in again."),
    [OFL_ACCESS_CLOSED_NODE] = N_ (
        "The drive’s nodes are closed to this user, and to join the group cdrom would not help: a "
        "node is not open to that group. A udev rule of this machine has set it so, or somebody by "
        "hand. The line opens the nodes of optical drives until they are plugged in again."),
    [OFL_ACCESS_CLOSED_BOTH] = N_ (
        "The drive’s nodes are closed to this user: a node is not open to the group cdrom, and this "
        "session is not in that group. A udev rule of this machine has set the node so, or somebody "
        "by hand. The line opens the nodes of optical drives to the group until they are plugged in "
        "again, and puts this user into it. Then log out and log in again, without restarting the "
        "computer."),
    [OFL_ACCESS_NO_ADMINISTRATOR]
    = N_ ("Windows does not let this user send commands to the drive. Start the program as an "
          "administrator."),
  };

  return (gsize) access < G_N_ELEMENTS (sentences) ? _ (sentences[access]) : "";
}

/**
 * ofl_access_remedy:
 * @access: what is missing
 * @user_name: (nullable): who is to get access; the user of this process when %NULL
 *
 * Returns: (transfer full) (nullable): one line for a terminal that mends it; %NULL when nothing
 *   is missing, or no line mends it
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
    case OFL_ACCESS_CLOSED_NODE:
      return g_strdup ("sudo sh -c '" OPEN_NODES "'");
    case OFL_ACCESS_CLOSED_BOTH:
      return g_strdup_printf ("sudo sh -c '" OPEN_NODES "; usermod -aG " GROUP " %s'",
                              user_name != NULL ? user_name : g_get_user_name ());
    case OFL_ACCESS_NOT_YET:
    case OFL_ACCESS_NO_ADMINISTRATOR:
    case OFL_ACCESS_USABLE:
    default:
      return NULL;
    }
}
