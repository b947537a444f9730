/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive is as half written as a real one when its program is killed: whatever its flash
 * chip does is written to the file at once, in the order in which the chip does it, so that the
 * file always is what the chip would hold if power had gone then. Only the cells change; a head is
 * written when they are all there. A system call is not undone by a kill; nothing is synced, as
 * the loss of the computer's own power is not what is practised here. */
#include "practice/ofl-practice-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice/ofl-practice-private.h"
#include "scsi/ofl-file-lock.h"

#define BUSY_WAIT_MS 2000 /* as for a real drive */

struct _OflPracticeStore {
  OflPracticeDrive *drive; /* not owned: its port owns both */
  char *path;
  int fd;          /* -1 while nobody has the drive open */
  gsize head;      /* bytes before the cells */
  gboolean whole;  /* the file holds the drive, but for what the chip does next */
  gboolean told;   /* that it cannot be kept */
  gboolean behind; /* the chip has worked while the file was closed */
};

static OflPracticeChip *
get_chip (OflPracticeStore *self)
{
  return ofl_practice_common (self->drive)->chip;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length, gsize offset)
{
  while (length > 0)
    {
      gssize n = pwrite (fd, data, length, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      offset += (gsize) n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Without a place to live the drive goes on; it is then new again in the next program. */
static void
give_up (OflPracticeStore *self)
{
  if (!self->told)
    g_message ("The practice drive “%s” cannot be kept in %s: %s.",
               ofl_practice_drive_get_id (self->drive), self->path, g_strerror (errno));
  self->told = TRUE;
  ofl_practice_store_close (self);
  self->whole = FALSE;
}

/* Cells first: a file that this did not finish has no head, and counts as none. */
static void
write_whole (OflPracticeStore *self)
{
  g_autofree char *head = ofl_practice_state_head (self->drive);

  self->head = strlen (head);
  self->whole = ftruncate (self->fd, 0) == 0
                && write_all (self->fd, ofl_practice_chip_get_data (get_chip (self)),
                              ofl_practice_chip_get_size (get_chip (self)), self->head)
                && write_all (self->fd, (const guint8 *) head, self->head, 0);
  self->behind = FALSE;
  if (!self->whole)
    give_up (self);
}

/* The chip has changed some cells. */
static void
on_cells (guint32 offset, guint32 length, gpointer data)
{
  OflPracticeStore *self = data;

  if (self->fd < 0)
    self->behind = TRUE;
  else if (!self->whole)
    write_whole (self);
  else if (!write_all (self->fd, ofl_practice_chip_get_data (get_chip (self)) + offset, length,
                       self->head + offset))
    give_up (self);
}

/**
 * ofl_practice_store_new: (skip)
 * @drive: (transfer none): a drive that outlives the store
 * @path: its file; it need not exist
 *
 * Finds a place for a drive. Nothing is read or written before it is opened.
 *
 * Returns: (transfer full): the store
 */
OflPracticeStore *
ofl_practice_store_new (OflPracticeDrive *drive, const char *path)
{
  OflPracticeStore *self = g_new0 (OflPracticeStore, 1);

  self->drive = drive;
  self->path = g_strdup (path);
  self->fd = -1;
  ofl_practice_chip_set_changed (get_chip (self), on_cells, self);
  return self;
}

/**
 * ofl_practice_store_free: (skip)
 * @self: (transfer full): a store
 */
void
ofl_practice_store_free (OflPracticeStore *self)
{
  ofl_practice_chip_set_changed (get_chip (self), NULL, NULL);
  ofl_practice_store_close (self);
  g_free (self->path);
  g_free (self);
}

/**
 * ofl_practice_store_get_path: (skip)
 * @self: a store
 *
 * Returns: (transfer none): its file
 */
const char *
ofl_practice_store_get_path (OflPracticeStore *self)
{
  return self->path;
}

/* Another program may have written to the drive since: then this is that drive, just switched on. */
static void
take_contents (OflPracticeStore *self, gint64 now_us)
{
  g_autofree char *contents = NULL;
  gsize length = 0;
  gboolean disc = FALSE;
  const guint8 *cells;

  if (!g_file_get_contents (self->path, &contents, &length, NULL) || length == 0)
    return;
  cells = ofl_practice_state_find_cells (self->drive, contents, length, &disc);
  self->whole = cells != NULL;
  if (!self->whole)
    {
      g_message ("%s is not the state of the practice drive “%s”: the drive is as new.", self->path,
                 ofl_practice_drive_get_id (self->drive));
      return;
    }
  self->head = (gsize) (cells - (const guint8 *) contents);
  if (memcmp (cells, ofl_practice_chip_get_data (get_chip (self)),
              ofl_practice_chip_get_size (get_chip (self)))
      != 0)
    ofl_practice_state_put (self->drive, cells, disc, now_us);
}

/**
 * ofl_practice_store_open: (skip)
 * @self: a store
 * @exclusive: whether the drive will be written to: then the file is made
 * @now_us: the drive's time
 *
 * Brings the drive to what its file holds, and from now on the file to what the drive's chip does.
 */
void
ofl_practice_store_open (OflPracticeStore *self, gboolean exclusive, gint64 now_us)
{
  if (self->fd < 0)
    {
      self->fd
          = open (self->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (exclusive ? O_CREAT : 0), 0600);
      if (self->fd < 0 && exclusive)
        give_up (self);
      if (self->fd < 0)
        return;
      (void) fchmod (self->fd, 0600); /* one of an older version is readable for others */
      self->whole = FALSE;
      if (!self->behind)
        take_contents (self, now_us);
    }
  if (self->behind || (exclusive && !self->whole))
    write_whole (self);
}

/**
 * ofl_practice_store_close: (skip)
 * @self: a store
 *
 * Lets the file go. It holds the drive.
 */
void
ofl_practice_store_close (OflPracticeStore *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/**
 * ofl_practice_store_flush: (skip)
 * @self: a store
 *
 * Writes what the chip has done while the drive was not open, as when its plug was pulled.
 */
void
ofl_practice_store_flush (OflPracticeStore *self)
{
  if (self->fd >= 0 || !self->behind)
    return;
  ofl_practice_store_open (self, TRUE, 0);
  ofl_practice_store_close (self);
}

/**
 * ofl_practice_store_lock: (skip)
 * @path: a practice drive's file
 * @exclusive: whether no other program may have the drive open, as with O_EXCL on a real one
 * @error: return location
 *
 * Programs share a practice drive as they share a real one. Waits a moment for one that only looks.
 *
 * Returns: a descriptor that holds the lock until it is closed; -1 without an error when there is
 *   nothing to lock; -1 with %OFL_ERROR_BUSY
 */
int
ofl_practice_store_lock (const char *path, gboolean exclusive, GError **error)
{
  int fd = ofl_file_lock (path, exclusive, exclusive, BUSY_WAIT_MS, NULL);

  if (fd < 0 && errno == EWOULDBLOCK)
    ofl_set_error (error, OFL_ERROR_BUSY,
                   _ ("Another program is using the practice drive. Wait until it has finished."));
  return fd;
}

/**
 * ofl_practice_store_remove: (skip)
 * @path: a practice drive's file; it need not exist
 * @error: return location
 *
 * Lets the drive be new again.
 *
 * Returns: FALSE with %OFL_ERROR_BUSY while a program uses it, or a %G_FILE_ERROR
 */
gboolean
ofl_practice_store_remove (const char *path, GError **error)
{
  GError *busy = NULL;
  int lock = ofl_practice_store_lock (path, TRUE, &busy);
  int reason;

  if (busy != NULL)
    {
      g_propagate_error (error, busy);
      return FALSE;
    }
  reason = unlink (path) == 0 ? 0 : errno;
  if (lock >= 0)
    close (lock);
  if (reason == 0 || reason == ENOENT)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (reason), "%s: %s", path,
               g_strerror (reason));
  return FALSE;
}
