/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of ours that several of our programs use: who may, while the others wait. */
#include "scsi/ofl-file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_MS 20

/* FALSE when the file that was locked has been replaced or removed meanwhile. */
static gboolean
is_still_there (int fd, const char *path)
{
  struct stat mine, theirs;

  return fstat (fd, &mine) == 0 && stat (path, &theirs) == 0 && mine.st_ino == theirs.st_ino
         && mine.st_dev == theirs.st_dev;
}

/* Returns: the descriptor, or -1 with errno; EWOULDBLOCK for a file that was replaced just now, too */
static int
lock_once (const char *path, gboolean exclusive, gboolean create)
{
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
  int reason = EWOULDBLOCK;

  if (fd < 0)
    return -1;
  if (flock (fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0)
    reason = errno;
  else if (is_still_there (fd, path))
    return fd;
  close (fd);
  errno = reason;
  return -1;
}

/**
 * ofl_file_lock:
 * @path: a file; no link
 * @exclusive: whether nobody else may hold it, not even shared
 * @create: whether it is made where it is not
 * @wait_ms: how long to wait for whoever holds it, ms
 * @cancellable: (nullable): ends the wait
 *
 * Blocks; for a worker thread where @wait_ms is more than a moment. Between the threads of a program as
 * between programs.
 *
 * Returns: a descriptor that holds the lock until it is closed; -1 with `errno`: EWOULDBLOCK when
 *   somebody else holds it, ECANCELED, or the reason why there is none (no such file, no locks on this
 *   file system)
 */
int
ofl_file_lock (const char *path, gboolean exclusive, gboolean create, guint wait_ms,
               GCancellable *cancellable)
{
  for (guint waited_ms = 0;; waited_ms += STEP_MS)
    {
      int fd = lock_once (path, exclusive, create);

      if (fd >= 0 || errno != EWOULDBLOCK || waited_ms >= wait_ms)
        return fd;
      if (g_cancellable_is_cancelled (cancellable))
        {
          errno = ECANCELED;
          return -1;
        }
      g_usleep (STEP_MS * 1000);
    }
}
