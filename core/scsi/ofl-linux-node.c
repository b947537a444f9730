/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a device node, and saying in words why it did not work. */
#include "scsi/ofl-linux-node.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

#define BUSY_SLICE_MS 100

/* Where @device is mounted; mountinfo's third field is major:minor, the fifth the folder. */
static char *
find_mount (dev_t device)
{
  g_autofree char *wanted = g_strdup_printf ("%u:%u", major (device), minor (device));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/mountinfo", &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], " ", 6);

      if (g_strv_length (fields) >= 5 && g_strcmp0 (fields[2], wanted) == 0)
        return g_strcompress (fields[4]);
    }
  return NULL;
}

static gboolean
process_holds (const char *pid, const struct stat *node)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat held;

      if (stat (path, &held) == 0 && (held.st_mode & S_IFMT) == (node->st_mode & S_IFMT)
          && held.st_rdev == node->st_rdev)
        return TRUE;
    }
  return FALSE;
}

/**
 * ofl_linux_node_find_user:
 * @node: a device node
 * @user: (out caller-allocates): who uses it
 *
 * Looks for who uses a device: a mount, or a process that has it open. Best effort: the open files
 * of other users' processes are hidden from ordinary users. Reads /proc and nothing else.
 *
 * Returns: whether somebody was found
 */
gboolean
ofl_linux_node_find_user (const char *node, OflNodeUser *user)
{
  g_autoptr (GDir) dir = NULL;
  struct stat status;
  const char *pid;

  memset (user, 0, sizeof *user);
  if (stat (node, &status) != 0 || (!S_ISBLK (status.st_mode) && !S_ISCHR (status.st_mode)))
    return FALSE;
  if (S_ISBLK (status.st_mode))
    user->mount = find_mount (status.st_rdev);
  if (user->mount != NULL)
    return TRUE;
  dir = g_dir_open ("/proc", 0, NULL);
  while (dir != NULL && (pid = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (pid[0]) && process_holds (pid, &status))
      {
        g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);

        user->pid = g_ascii_strtoull (pid, NULL, 10);
        if (g_file_get_contents (path, &user->program, NULL, NULL))
          g_strstrip (user->program);
        return TRUE;
      }
  return FALSE;
}

/**
 * ofl_node_user_clear:
 * @user: who uses a device
 *
 * Frees what was found.
 */
void
ofl_node_user_clear (OflNodeUser *user)
{
  g_clear_pointer (&user->mount, g_free);
  g_clear_pointer (&user->program, g_free);
}

static char *
say_busy (const char *node, const OflNodeUser *user)
{
  if (user->mount != NULL)
    return g_strdup_printf (_ ("The drive is in use mounted at %s (%s). Close the other program, or "
                               "unmount the disc, and try again."),
                            user->mount, node);
  if (user->pid == 0)
    return g_strdup_printf (
        _ ("The drive is in use by another program (%s). Close the other program, "
           "or unmount the disc, and try again."),
        node);
  if (user->pid == (guint64) getpid ())
    return g_strdup_printf (_ ("The drive is in use by this program itself (%s). Close the other "
                               "program, or unmount the disc, and try again."),
                            node);
  if (user->program == NULL)
    return g_strdup_printf (_ ("The drive is in use by process %" PRIu64 " (%s). Close the other "
                               "program, or unmount the disc, and try again."),
                            user->pid, node);
  return g_strdup_printf (_ ("The drive is in use by %s (process %" PRIu64
                             ") (%s). Close the other "
                             "program, or unmount the disc, and try again."),
                          user->program, user->pid, node);
}

static void
set_busy_error (const char *node, GError **error)
{
  g_auto (OflNodeUser) user = { 0 };

  ofl_linux_node_find_user (node, &user);
  ofl_error_take (error, OFL_ERROR_BUSY, OFL_SENTENCE (say_busy (node, &user)));
}

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
      set_busy_error (node, error);
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
