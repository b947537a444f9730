/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether this user may open a drive's nodes, and why not. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive/ofl-access.h"

#define GROUP "cdrom"
#define GROUP_FILE "/etc/group"

/* A line of that file, in bytes: beyond this it is no list of users that anybody has written. */
#define MOST_OF_A_GROUP (1024 * 1024)

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
