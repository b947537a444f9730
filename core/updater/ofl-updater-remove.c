/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removes a folder in which a stranger's program has written: as deep, as wide, as closed and as full of
 * links as it liked. Everything is reached by the descriptor of the folder that it is in, so no link is ever
 * followed, and folders in folders are first moved up into the one that goes, so that two descriptors do for
 * any depth. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scsi/ofl-error.h"
#include "updater/ofl-updater-cage-private.h"

/* @n_moved: for names that nobody has given; @n_gone: of the entries, since the last look */
typedef struct {
  int fd;
  char *prefix;
  guint n_moved;
  guint n_gone;
  int code; /* the errno of what could not be removed last; 0 */
} Removal;

static gboolean
is_dots (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

/* A folder that was closed to its owner is opened first; never that which a link points at. */
static DIR *
open_folder (int at, const char *name)
{
  int fd;
  DIR *dir;

  if (fchmodat (at, name, 0700, AT_SYMLINK_NOFOLLOW) != 0)
    return NULL;
  fd = openat (at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  dir = fdopendir (fd);
  if (dir == NULL)
    close (fd);
  return dir;
}

static void
count (Removal *self, gboolean gone)
{
  if (gone)
    self->n_gone++;
  else if (errno != ENOENT)
    self->code = errno;
}

/* Out of a folder in the one that goes: what is a folder with something in it is moved up. */
static void
empty_entry (Removal *self, int at, const char *name)
{
  g_autofree char *up = NULL;

  if (unlinkat (at, name, 0) == 0 || unlinkat (at, name, AT_REMOVEDIR) == 0)
    {
      count (self, TRUE);
      return;
    }
  up = g_strdup_printf ("%s-%u", self->prefix, self->n_moved++);
  /* to move a folder changes it */
  count (self, fchmodat (at, name, 0700, AT_SYMLINK_NOFOLLOW) == 0
                   && renameat (at, name, self->fd, up) == 0);
}

static void
remove_entry (Removal *self, const char *name)
{
  const struct dirent *entry;
  DIR *dir;

  if (unlinkat (self->fd, name, 0) == 0)
    {
      count (self, TRUE);
      return;
    }
  dir = open_folder (self->fd, name);
  if (dir == NULL)
    {
      count (self, FALSE);
      return;
    }
  while ((entry = readdir (dir)) != NULL)
    if (!is_dots (entry->d_name))
      empty_entry (self, dirfd (dir), entry->d_name);
  closedir (dir);
  count (self, unlinkat (self->fd, name, AT_REMOVEDIR) == 0);
}

/* Again and again, for what was moved up is looked at the next time, until nothing is left or nothing
 * goes. */
static void
remove_entries (Removal *self, DIR *dir)
{
  const struct dirent *entry;

  do
    {
      self->n_gone = 0;
      self->code = 0;
      rewinddir (dir);
      while ((entry = readdir (dir)) != NULL)
        if (!is_dots (entry->d_name))
          remove_entry (self, entry->d_name);
    }
  while (self->n_gone > 0);
}

/**
 * ofl_cage_remove:
 * @folder: a folder of ours; links in it are removed, what they point at is not
 *
 * Blocks; for a worker thread. What is left is told in the log.
 *
 * Returns: whether it is gone; if not, `errno` says why
 */
gboolean
ofl_cage_remove (const char *folder)
{
  g_autofree char *uuid = g_uuid_string_random ();
  Removal self = { .prefix = uuid };
  DIR *dir;
  int code;

  if (unlink (folder) == 0 || errno == ENOENT)
    return TRUE;
  dir = open_folder (AT_FDCWD, folder);
  if (dir != NULL)
    {
      self.fd = dirfd (dir);
      remove_entries (&self, dir);
      closedir (dir);
    }
  if (rmdir (folder) == 0)
    return TRUE;
  code = self.code != 0 ? self.code : errno;
  g_message ("%s could not be removed: %s", folder, ofl_errno_text (code));
  errno = code;
  return FALSE;
}
