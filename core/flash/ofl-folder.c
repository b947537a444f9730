/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "flash/ofl-stored-backup.h"
#include "scsi/ofl-error.h"

/* What a file system needs for itself: names, a manifest, a block here and there. */
#define SPARE_BYTES (256 * 1024)

/* What is tried: with less, a file system may keep the bytes beside the name and need no room. */
#define BLOCK_BYTES 4096

/**
 * ofl_folder_sync:
 * @path: a folder
 *
 * Puts the names in it on the disk, as far as the file system can.
 */
void
ofl_folder_sync (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

static gboolean
fail_to_make (const char *path, int code, GError **error)
{
  ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The folder %s cannot be made: %s."), path,
                 ofl_errno_words (code));
  return FALSE;
}

/**
 * ofl_folder_make:
 * @path: a folder
 * @error: return location
 *
 * Makes it and every parent that is missing, each for this user alone, and syncs the folder that
 * each was made in: a name that is not on the disk is lost with all that is below it.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE and the reason that the system gave
 */
gboolean
ofl_folder_make (const char *path, GError **error)
{
  g_autofree char *parent = NULL;

  if (g_mkdir (path, 0700) == 0)
    {
      parent = g_path_get_dirname (path);
      ofl_folder_sync (parent);
      return TRUE;
    }
  if (errno == EEXIST)
    return g_file_test (path, G_FILE_TEST_IS_DIR) || fail_to_make (path, ENOTDIR, error);
  if (errno != ENOENT)
    return fail_to_make (path, errno, error);
  parent = g_path_get_dirname (path);
  if (g_str_equal (parent, path))
    return fail_to_make (path, ENOENT, error);
  if (!ofl_folder_make (parent, error))
    return FALSE;
  if (g_mkdir (path, 0700) != 0 && errno != EEXIST)
    return fail_to_make (path, errno, error);
  ofl_folder_sync (parent);
  return TRUE;
}

static char *
say_no_room (const char *path, guint64 room, guint64 need)
{
  g_autofree char *free_text = g_format_size (room);
  g_autofree char *need_text = g_format_size (need);

  return g_strdup_printf (_ ("The folder %s has room for %s only; %s are needed."), path, free_text,
                          need_text);
}

static gboolean
has_room (const char *path, guint64 bytes, GError **error)
{
  struct statvfs fs;
  guint64 room;

  if (statvfs (path, &fs) != 0)
    return TRUE; /* who cannot be asked is found out when it is full */
  room = (guint64) fs.f_bavail * fs.f_frsize;
  if (room >= bytes + SPARE_BYTES)
    return TRUE;
  ofl_error_take (error, OFL_ERROR_STORAGE,
                  OFL_SENTENCE (say_no_room (path, room, bytes + SPARE_BYTES)));
  return FALSE;
}

static gboolean
write_new (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        errno = ENOSPC;
      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return fsync (fd) == 0;
}

/**
 * ofl_folder_try:
 * @path: a folder that exists
 * @error: return location
 *
 * Tries whether a file can be made there and takes a block, by making one without a lasting name: a
 * disk that is full, or a quota that is used up, still takes names. How much more there is room for is
 * not looked at.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE and the reason
 */
gboolean
ofl_folder_try (const char *path, GError **error)
{
  static const char block[BLOCK_BYTES] = { 1 };
  g_autofree char *name = g_build_filename (path, ".optiflash-XXXXXX", NULL);
  int fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  int code = fd < 0 ? errno : 0;

  if (fd >= 0)
    {
      gboolean nameless = g_unlink (name) == 0;

      if (!write_new (fd, block, sizeof block))
        code = errno;
      close (fd);
      if (!nameless) /* Windows keeps the name of a file that is open */
        g_unlink (name);
    }
  if (code == 0)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The folder %s cannot be written to: %s."), path,
                 ofl_errno_words (code));
  return FALSE;
}

/**
 * ofl_folder_probe:
 * @path: a folder that exists
 * @bytes: how much is to be stored in it
 * @error: return location
 *
 * Whether that much can be stored there, by ofl_folder_try() and its room.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE and the reason
 */
gboolean
ofl_folder_probe (const char *path, guint64 bytes, GError **error)
{
  return ofl_folder_try (path, error) && has_room (path, bytes, error);
}

/**
 * ofl_folder_nearest:
 * @path: a folder that need not exist, as an absolute path
 *
 * Returns: (transfer full): @path, or what there is nearest above it, in which it would be made
 */
char *
ofl_folder_nearest (const char *path)
{
  char *at = g_strdup (path);

  while (!ofl_file_in_the_way (at))
    {
      char *parent = g_path_get_dirname (at);

      g_free (at);
      at = parent;
    }
  return at;
}

/**
 * ofl_file_in_the_way:
 * @path: a file that is to be made
 *
 * Returns: whether there is something of that name, a link that leads nowhere included
 */
gboolean
ofl_file_in_the_way (const char *path)
{
  GStatBuf unused;

  return g_lstat (path, &unused) == 0;
}

/* Whether a stored backup that has a folder of its own is in the same folder. */
static gboolean
is_beside_manifest (const char *path)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autofree char *manifest = g_build_filename (dir, OFL_BACKUP_MANIFEST, NULL);
  g_autoptr (OflStoredBackup) backup = ofl_stored_backup_load (manifest);

  return backup->unreadable == NULL;
}

/**
 * ofl_file_may_be_made:
 * @path: a file that is to be made
 * @overwrite: a file, or a link, that is there may be replaced; a device or a folder never, and
 *   nothing of a backup that is stored in a folder of its own
 * @error: return location
 *
 * Returns: %FALSE with %OFL_ERROR_EXISTS, or %OFL_ERROR_STORAGE where @overwrite does not help
 */
gboolean
ofl_file_may_be_made (const char *path, gboolean overwrite, GError **error)
{
  GStatBuf st;

  if (g_lstat (path, &st) != 0)
    return TRUE;
  if (overwrite && is_beside_manifest (path))
    {
      ofl_set_error (error, OFL_ERROR_STORAGE,
                     _ ("%s belongs to a stored backup and is not replaced."), path);
      return FALSE;
    }
  if (overwrite && (S_ISREG (st.st_mode) || S_ISLNK (st.st_mode)))
    return TRUE;
  if (overwrite)
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("%s is no ordinary file and is not replaced."),
                   path);
  else
    ofl_set_error (error, OFL_ERROR_EXISTS, _ ("%s exists already."), path);
  return FALSE;
}

static gboolean
fail_file (const char *path, int code, GError **error)
{
  if (code == EEXIST)
    ofl_set_error (error, OFL_ERROR_EXISTS, _ ("%s exists already."), path);
  else
    ofl_set_error (error, OFL_ERROR_STORAGE, _ ("%s cannot be written: %s."), path,
                   ofl_errno_words (code));
  return FALSE;
}

/* What GLib says of a failure is kept as the reason, in English. */
static gboolean
replace (const char *path, const char *data, gsize length, int mode, GError **error)
{
  GFileSetContentsFlags flags = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
  gpointer before = ofl_english_begin ();
  gboolean done = g_file_set_contents_full (path, data, (gssize) length, flags, mode, error);

  ofl_english_end (before);
  return done;
}

/**
 * ofl_file_write:
 * @path: a file
 * @data: (array length=length): what
 * @length: number of bytes
 * @mode: its permissions
 * @overwrite: replace a file, or a link to one, that is there
 * @error: return location
 *
 * Writes a file as a whole and puts it on the disk. What is there is never written through.
 *
 * Returns: %FALSE with %OFL_ERROR_EXISTS or %OFL_ERROR_STORAGE
 */
gboolean
ofl_file_write (const char *path, const void *data, gsize length, int mode, gboolean overwrite,
                GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *dir = NULL;
  int code = 0, fd;

  if (!ofl_file_may_be_made (path, overwrite, error))
    return FALSE;
  if (overwrite)
    {
      if (replace (path, data, length, mode, &local))
        return TRUE;
      ofl_set_error (error, OFL_ERROR_STORAGE, "%s.", local->message);
      return FALSE;
    }
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0)
    return fail_file (path, errno, error);
  if (!write_new (fd, data, length))
    code = errno != 0 ? errno : EIO;
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code != 0)
    {
      g_unlink (path);
      return fail_file (path, code, error);
    }
  dir = g_path_get_dirname (path);
  ofl_folder_sync (dir);
  return TRUE;
}
