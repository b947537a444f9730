/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who uses a device node, as /proc tells it: mounts, and processes that have it open. Nothing is
 * opened but files of /proc, and nothing is asked of a file that lies in a network. */
#include "scsi/ofl-linux-users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/**
 * ofl_node_user_free:
 * @user: (transfer full): who uses a device
 */
void
ofl_node_user_free (OflNodeUser *user)
{
  g_free (user->mount);
  g_free (user->program);
  g_free (user);
}

/* What a path leads to, without a question to a server that may not answer. */
static gboolean
look_at (const char *path, struct statx *found)
{
  return statx (AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO | STATX_UID, found) == 0;
}

/* The same device, under whatever name; of anything else, the same file. */
static gboolean
is_same (const struct statx *a, const struct statx *b)
{
  if ((a->stx_mode & S_IFMT) != (b->stx_mode & S_IFMT))
    return FALSE;
  if (S_ISBLK (a->stx_mode) || S_ISCHR (a->stx_mode))
    return a->stx_rdev_major == b->stx_rdev_major && a->stx_rdev_minor == b->stx_rdev_minor;
  return a->stx_dev_major == b->stx_dev_major && a->stx_dev_minor == b->stx_dev_minor
         && a->stx_ino == b->stx_ino;
}

/* mountinfo's third field is major:minor, the fifth the folder. */
static void
list_mounts (const char *proc_root, const struct statx *node, GPtrArray *users)
{
  g_autofree char *path = g_build_filename (proc_root, "self", "mountinfo", NULL);
  g_autofree char *wanted = g_strdup_printf ("%u:%u", node->stx_rdev_major, node->stx_rdev_minor);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (S_ISCHR (node->stx_mode) || !g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], " ", 6);
      OflNodeUser *user;

      if (g_strv_length (fields) < 5 || g_strcmp0 (fields[2], wanted) != 0)
        continue;
      user = g_new0 (OflNodeUser, 1);
      user->mount = g_strcompress (fields[4]);
      g_ptr_array_add (users, user);
    }
}

/* How a descriptor was opened; what cannot be read counts as reading only. */
static int
read_access_mode (const char *process, const char *fd)
{
  g_autofree char *path = g_build_filename (process, "fdinfo", fd, NULL);
  g_autofree char *text = NULL;
  const char *flags;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return O_RDONLY;
  flags = strstr (text, "flags:");
  return flags != NULL ? (int) strtoul (flags + strlen ("flags:"), NULL, 8) & O_ACCMODE : O_RDONLY;
}

static char *
read_name (const char *process)
{
  g_autofree char *path = g_build_filename (process, "comm", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  return g_utf8_make_valid (g_strstrip (text), -1);
}

static gboolean
is_foreign (const char *process)
{
  struct statx found;

  return geteuid () != 0 && look_at (process, &found) && found.stx_uid != geteuid ();
}

/* A process that has the node open several times is one user. */
static OflNodeUser *
read_process (const char *process, const struct statx *node)
{
  g_autofree char *folder = g_build_filename (process, "fd", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  OflNodeUser *user = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct statx held;
      int mode;

      if (!look_at (path, &held) || !is_same (&held, node))
        continue;
      if (user == NULL)
        user = g_new0 (OflNodeUser, 1);
      mode = read_access_mode (process, name);
      user->reads |= mode != O_WRONLY;
      user->writes |= mode != O_RDONLY;
    }
  if (user == NULL)
    return NULL;
  user->program = read_name (process);
  user->foreign = is_foreign (process);
  return user;
}

static int
compare_pids (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *) a, other = *(const guint64 *) b;

  return one < other ? -1 : one > other;
}

static GArray *
list_pids (const char *proc_root)
{
  g_autoptr (GDir) dir = g_dir_open (proc_root, 0, NULL);
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (guint64));
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      guint64 pid;

      if (g_ascii_string_to_unsigned (name, 10, 1, G_MAXUINT64, &pid, NULL))
        g_array_append_val (pids, pid);
    }
  g_array_sort (pids, compare_pids);
  return pids;
}

static char *
process_folder (const char *proc_root, const GArray *pids, guint i)
{
  return g_strdup_printf ("%s/%" G_GUINT64_FORMAT, proc_root, g_array_index (pids, guint64, i));
}

/**
 * ofl_linux_node_list_users:
 * @proc_root: "/proc", or a tree of the same shape
 * @node: a device node; it is not opened
 *
 * Looks for who uses a device: mounts that this process sees, and processes that have it open under
 * whatever name. The open files of other users' processes are hidden from ordinary users; see
 * ofl_linux_count_hidden(). Takes some milliseconds: worker threads only.
 *
 * Returns: (transfer full) (element-type OflNodeUser): mounts first, then by number of process
 */
GPtrArray *
ofl_linux_node_list_users (const char *proc_root, const char *node)
{
  GPtrArray *users = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_node_user_free);
  g_autoptr (GArray) pids = NULL;
  struct statx found;

  if (!look_at (node, &found))
    return users;
  list_mounts (proc_root, &found, users);
  pids = list_pids (proc_root);
  for (guint i = 0; i < pids->len; i++)
    {
      g_autofree char *process = process_folder (proc_root, pids, i);
      OflNodeUser *user = read_process (process, &found);

      if (user == NULL)
        continue;
      user->pid = g_array_index (pids, guint64, i);
      g_ptr_array_add (users, user);
    }
  return users;
}

/* The kernel's own threads have no command line, and open no node; nor has a process that ended. */
static gboolean
has_command_line (const char *process)
{
  g_autofree char *path = g_build_filename (process, "cmdline", NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &text, &length, NULL) && length > 0;
}

/**
 * ofl_linux_count_hidden:
 * @proc_root: "/proc", or a tree of the same shape
 *
 * Worker threads only.
 *
 * Returns: how many processes there are whose open files this user may not see
 */
guint
ofl_linux_count_hidden (const char *proc_root)
{
  g_autoptr (GArray) pids = list_pids (proc_root);
  guint hidden = 0;

  for (guint i = 0; i < pids->len; i++)
    {
      g_autofree char *process = process_folder (proc_root, pids, i);
      g_autofree char *folder = g_build_filename (process, "fd", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);

      if (dir == NULL && g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES)
          && has_command_line (process))
        hidden++;
    }
  return hidden;
}
