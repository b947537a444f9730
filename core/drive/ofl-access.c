/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive/ofl-access.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP "cdrom"
#define GROUP_FILE "/etc/group"

/* A line of that file, in bytes: beyond this it is no list of users that anybody has written. */
#define MOST_OF_A_GROUP (1024 * 1024)

/* Opens the nodes of optical drives, which are of type 5, to the group; disks stay as they are. */
#define OPEN_NODES \
  "set -- /dev/sr*; for s in /sys/class/scsi_generic/sg*; do " \
  "[ $(cat $s/device/type) != 5 ] || set -- \"$@\" /dev/${s##*/}; done; " \
  "chgrp " GROUP " \"$@\"; chmod 660 \"$@\""

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

/* Line by line into memory of the caller's own: fgetgrent() has one for all threads. Whether the file
 * was read to its end; 0 means that it was. */
static int
read_groups (FILE *file, GByteArray *room, guint gid, const char *user_name, gboolean *is_ours,
             gboolean *is_member)
{
  struct group group, *found;
  int code;

  *is_ours = *is_member = FALSE;
  while ((code = fgetgrent_r (file, &group, (char *) room->data, room->len, &found)) == 0)
    if (g_str_equal (group.gr_name, GROUP))
      {
        *is_ours |= group.gr_gid == gid;
        *is_member |= g_strv_contains ((const char *const *) group.gr_mem, user_name);
      }
  return code == ENOENT ? 0 : code;
}

/* Whether @gid is the group's, and the user is in that group; of a file that cannot be read neither. */
static void
look_up_group (const char *group_file, guint gid, const char *user_name, gboolean *is_ours,
               gboolean *is_member)
{
  g_autoptr (GByteArray) room = g_byte_array_new ();
  FILE *file = fopen (group_file, "re");
  guint size = 1024;

  *is_ours = *is_member = FALSE;
  if (file == NULL)
    return;
  do
    {
      rewind (file);
      g_byte_array_set_size (room, size);
      size *= 2;
    }
  while (read_groups (file, room, gid, user_name, is_ours, is_member) == ERANGE
         && size <= MOST_OF_A_GROUP);
  fclose (file);
}

/**
 * ofl_access_explain:
 * @mode: of a node that this user may not open
 * @gid: the group that it belongs to
 * @user_name: this user
 * @in_effect: this process has the group cdrom
 * @group_file: the machine's groups, in the format of group(5)
 * @not_a_member: what to return where the group would open it, and the user is not in it
 *
 * Why it is closed, and so what opens it: to join a group helps nobody who is in it already, nor
 * where the node is closed to the group; and a node that is opened to the group stays closed to who
 * is not in it.
 *
 * Returns: @not_a_member, %OFL_ACCESS_NOT_YET, %OFL_ACCESS_CLOSED_NODE or %OFL_ACCESS_CLOSED_BOTH
 */
OflAccess
ofl_access_explain (guint mode, guint gid, const char *user_name, gboolean in_effect,
                    const char *group_file, OflAccess not_a_member)
{
  gboolean is_open = (mode & (S_IRGRP | S_IWGRP)) == (S_IRGRP | S_IWGRP);
  gboolean is_ours, is_member;

  look_up_group (group_file, gid, user_name, &is_ours, &is_member);
  if (!is_open || !is_ours)
    return in_effect ? OFL_ACCESS_CLOSED_NODE : OFL_ACCESS_CLOSED_BOTH;
  return is_member ? OFL_ACCESS_NOT_YET : not_a_member;
}

/* Whether this process has the group, whatever the machine's list of members says by now. */
static gboolean
is_in_effect (void)
{
  g_autofree gid_t *groups = NULL;
  gboolean found = FALSE;
  int n = getgroups (0, NULL);

  if (n < 0)
    return FALSE;
  groups = g_new0 (gid_t, (gsize) n + 1);
  n = getgroups (n, groups);
  if (n < 0)
    return FALSE;
  groups[n++] = getgid (); /* as access() asks */
  for (int i = 0; i < n && !found; i++)
    {
      gboolean is_member;

      look_up_group (GROUP_FILE, groups[i], "", &found, &is_member);
    }
  return found;
}

static OflAccess
explain (const char *node, OflAccess not_a_member)
{
  struct stat status;

  if (stat (node, &status) != 0)
    return not_a_member;
  return ofl_access_explain (status.st_mode, status.st_gid, g_get_user_name (), is_in_effect (),
                             GROUP_FILE, not_a_member);
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
    return explain (sg_node, OFL_ACCESS_NO_PERMISSION);
#endif
  if (!can_open (sr_node))
    return explain (sr_node, OFL_ACCESS_NO_SR_PERMISSION);
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
    [OFL_ACCESS_NOT_YET] = "not-yet",
    [OFL_ACCESS_CLOSED_NODE] = "closed-node",
    [OFL_ACCESS_CLOSED_BOTH] = "closed-node-and-group",
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
    case OFL_ACCESS_USABLE:
    default:
      return NULL;
    }
}
