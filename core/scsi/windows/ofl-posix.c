/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manners that POSIX' files have and Windows' have not, in one place: what core does with files it
 * says in POSIX' words, and here they are carried out. Names are UTF-8; a file that is open may be
 * replaced and removed, as elsewhere; a lock binds only those who ask for it. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <io.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <windows.h>

#define MOST_AT_ONCE 0x40000000

/* Where nobody keeps bytes: Windows' locks are on bytes, and keep others from reading them. */
#define LOCK_PLACE 0x7fffffffu

/* Windows counts 100 ns from 1601. */
#define UNIX_EPOCH G_GUINT64_CONSTANT (116444736000000000)

static int
errno_of (DWORD code)
{
  switch (code)
    {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_PATHNAME:
      return ENOENT;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
      return EEXIST;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_WRITE_PROTECT:
      return EACCES;
    case ERROR_LOCK_VIOLATION:
    case ERROR_IO_PENDING:
      return EWOULDBLOCK;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return ENOSPC;
    case ERROR_TOO_MANY_OPEN_FILES:
      return EMFILE;
    case ERROR_INVALID_HANDLE:
      return EBADF;
    case ERROR_DIRECTORY:
      return ENOTDIR;
    case ERROR_NOT_SUPPORTED:
    case ERROR_INVALID_FUNCTION:
      return ENOSYS;
    case ERROR_BUSY:
      return EBUSY;
    default:
      return EIO;
    }
}

static int
fail (void)
{
  errno = errno_of (GetLastError ());
  return -1;
}

static HANDLE
handle_of (int fd)
{
  return (HANDLE) _get_osfhandle (fd);
}

static DWORD
access_of (int flags)
{
  int way = flags & (O_RDONLY | O_WRONLY | O_RDWR);

  if (way == O_RDONLY)
    return GENERIC_READ;
  return way == O_RDWR ? GENERIC_READ | GENERIC_WRITE : GENERIC_WRITE;
}

static DWORD
disposition_of (int flags)
{
  if ((flags & O_CREAT) == 0)
    return (flags & O_TRUNC) != 0 ? TRUNCATE_EXISTING : OPEN_EXISTING;
  if ((flags & O_EXCL) != 0)
    return CREATE_NEW;
  return (flags & O_TRUNC) != 0 ? CREATE_ALWAYS : OPEN_ALWAYS;
}

static gboolean
is_link (HANDLE file)
{
  BY_HANDLE_FILE_INFORMATION info;

  return GetFileInformationByHandle (file, &info)
         && (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

/**
 * ofl_posix_open: (skip)
 * @path: a file, UTF-8
 * @flags: as of open()
 *
 * open() of a file: binary, never inherited, and others may read, write, rename and remove it
 * meanwhile. Its permissions are its folder's. A folder cannot be opened.
 *
 * Returns: a descriptor, or -1 with `errno`
 */
int
ofl_posix_open (const char *path, int flags, ...)
{
  g_autofree wchar_t *wide = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  DWORD extra = (flags & O_NOFOLLOW) != 0 ? FILE_FLAG_OPEN_REPARSE_POINT : 0;
  HANDLE file;
  int fd;

  if (wide == NULL || (flags & O_DIRECTORY) != 0)
    {
      errno = wide == NULL ? ENOENT : ENOSYS;
      return -1;
    }
  file = CreateFileW (wide, access_of (flags),
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                      disposition_of (flags), FILE_ATTRIBUTE_NORMAL | extra, NULL);
  if (file == INVALID_HANDLE_VALUE)
    return fail ();
  if ((flags & O_NOFOLLOW) != 0 && is_link (file))
    {
      CloseHandle (file);
      errno = ELOOP;
      return -1;
    }
  fd = _open_osfhandle ((intptr_t) file,
                        (flags & (O_APPEND | O_WRONLY | O_RDWR)) | O_BINARY | O_NOINHERIT);
  if (fd < 0)
    CloseHandle (file);
  return fd;
}

/**
 * ofl_posix_access: (skip)
 * @path: a file, UTF-8
 * @mode: as of access()
 *
 * Returns: as of access()
 */
int
ofl_posix_access (const char *path, int mode)
{
  return g_access (path, mode);
}

/**
 * ofl_posix_unlink: (skip)
 * @path: a file, UTF-8
 *
 * Returns: as of unlink()
 */
int
ofl_posix_unlink (const char *path)
{
  return g_unlink (path);
}

static OVERLAPPED
at_offset (int64_t offset)
{
  return (OVERLAPPED){ .Offset = (DWORD) ((guint64) offset & 0xffffffffu),
                       .OffsetHigh = (DWORD) ((guint64) offset >> 32) };
}

/* With an offset Windows moves the place from which read() goes on; POSIX does not. */
static LARGE_INTEGER
get_place (HANDLE file)
{
  LARGE_INTEGER none = { 0 }, place = { 0 };

  SetFilePointerEx (file, none, &place, FILE_CURRENT);
  return place;
}

/**
 * ofl_posix_pread: (skip)
 * @fd: a descriptor
 * @data: where to
 * @length: number of bytes
 * @offset: where from
 *
 * Returns: as of pread()
 */
intptr_t
ofl_posix_pread (int fd, void *data, size_t length, int64_t offset)
{
  HANDLE file = handle_of (fd);
  LARGE_INTEGER place = get_place (file);
  OVERLAPPED at = at_offset (offset);
  DWORD n = 0;
  BOOL done = ReadFile (file, data, (DWORD) MIN (length, MOST_AT_ONCE), &n, &at);
  DWORD code = GetLastError ();

  SetFilePointerEx (file, place, NULL, FILE_BEGIN);
  if (done || code == ERROR_HANDLE_EOF)
    return (intptr_t) n;
  errno = errno_of (code);
  return -1;
}

/**
 * ofl_posix_pwrite: (skip)
 * @fd: a descriptor
 * @data: what
 * @length: number of bytes
 * @offset: where to
 *
 * Returns: as of pwrite()
 */
intptr_t
ofl_posix_pwrite (int fd, const void *data, size_t length, int64_t offset)
{
  HANDLE file = handle_of (fd);
  LARGE_INTEGER place = get_place (file);
  OVERLAPPED at = at_offset (offset);
  DWORD n = 0;
  BOOL done = WriteFile (file, data, (DWORD) MIN (length, MOST_AT_ONCE), &n, &at);
  DWORD code = GetLastError ();

  SetFilePointerEx (file, place, NULL, FILE_BEGIN);
  if (done)
    return (intptr_t) n;
  errno = errno_of (code);
  return -1;
}

/**
 * ofl_posix_fsync: (skip)
 * @fd: a descriptor that may be written to
 *
 * Returns: as of fsync()
 */
int
ofl_posix_fsync (int fd)
{
  return FlushFileBuffers (handle_of (fd)) ? 0 : fail ();
}

/**
 * ofl_posix_fchmod: (skip)
 * @fd: a descriptor
 * @mode: its permissions
 *
 * Does nothing: who may read a file is up to its folder, and a user's own are closed to others.
 *
 * Returns: 0
 */
int
ofl_posix_fchmod (int fd, unsigned mode)
{
  return 0;
}

/**
 * ofl_posix_flock: (skip)
 * @fd: a descriptor
 * @how: as of flock()
 *
 * Returns: as of flock()
 */
int
ofl_posix_flock (int fd, int how)
{
  OVERLAPPED at = { .Offset = 0, .OffsetHigh = LOCK_PLACE };
  DWORD flags = ((how & LOCK_EX) != 0 ? LOCKFILE_EXCLUSIVE_LOCK : 0)
                | ((how & LOCK_NB) != 0 ? LOCKFILE_FAIL_IMMEDIATELY : 0);

  if ((how & LOCK_UN) != 0)
    return UnlockFileEx (handle_of (fd), 0, 1, 0, &at) ? 0 : fail ();
  return LockFileEx (handle_of (fd), flags, 0, 1, 0, &at) ? 0 : fail ();
}

static int
stat_handle (HANDLE file, struct ofl_posix_stat *st)
{
  BY_HANDLE_FILE_INFORMATION info;
  guint64 time;

  memset (st, 0, sizeof *st);
  if (!GetFileInformationByHandle (file, &info))
    return fail ();
  time = ((guint64) info.ftLastWriteTime.dwHighDateTime << 32 | info.ftLastWriteTime.dwLowDateTime)
         - UNIX_EPOCH;
  st->st_dev = info.dwVolumeSerialNumber;
  st->st_ino = (guint64) info.nFileIndexHigh << 32 | info.nFileIndexLow;
  st->st_size = (int64_t) ((guint64) info.nFileSizeHigh << 32 | info.nFileSizeLow);
  st->st_mtim.tv_sec = (time_t) (time / 10000000);
  st->st_mtim.tv_nsec = (long) (time % 10000000 * 100);
  st->st_mtime = st->st_mtim.tv_sec;
  if ((info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
    st->st_mode = S_IFLNK | 0777;
  else if ((info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
    st->st_mode = S_IFDIR | 0700;
  else
    st->st_mode = S_IFREG | 0600;
  return 0;
}

static int
stat_path (const char *path, DWORD extra, struct ofl_posix_stat *st)
{
  g_autofree wchar_t *wide = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  HANDLE file;
  int rc;

  if (wide == NULL)
    {
      errno = ENOENT;
      return -1;
    }
  file = CreateFileW (wide, FILE_READ_ATTRIBUTES,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                      FILE_FLAG_BACKUP_SEMANTICS | extra, NULL);
  if (file == INVALID_HANDLE_VALUE)
    return fail ();
  rc = stat_handle (file, st);
  CloseHandle (file);
  return rc;
}

/**
 * ofl_posix_stat: (skip)
 * @path: a file, UTF-8
 * @st: (out): what it is
 *
 * Returns: as of stat()
 */
int
ofl_posix_stat (const char *path, struct ofl_posix_stat *st)
{
  return stat_path (path, 0, st);
}

/**
 * ofl_posix_lstat: (skip)
 * @path: a file, UTF-8
 * @st: (out): what it is
 *
 * Returns: as of lstat()
 */
int
ofl_posix_lstat (const char *path, struct ofl_posix_stat *st)
{
  return stat_path (path, FILE_FLAG_OPEN_REPARSE_POINT, st);
}

/**
 * ofl_posix_fstat: (skip)
 * @fd: a descriptor
 * @st: (out): what it is
 *
 * Returns: as of fstat()
 */
int
ofl_posix_fstat (int fd, struct ofl_posix_stat *st)
{
  HANDLE file = handle_of (fd);

  if (GetFileType (file) == FILE_TYPE_DISK)
    return stat_handle (file, st);
  memset (st, 0, sizeof *st);
  st->st_mode = GetFileType (file) == FILE_TYPE_CHAR ? S_IFCHR : S_IFIFO;
  return 0;
}

/**
 * ofl_posix_statvfs: (skip)
 * @path: a file or folder, UTF-8
 * @fs: (out): how much room there is for this user
 *
 * Returns: as of statvfs()
 */
int
ofl_posix_statvfs (const char *path, struct ofl_posix_statvfs *fs)
{
  g_autofree wchar_t *wide = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  ULARGE_INTEGER room;

  if (wide == NULL || !GetDiskFreeSpaceExW (wide, &room, NULL, NULL))
    return fail ();
  fs->f_frsize = 1;
  fs->f_bavail = room.QuadPart;
  return 0;
}

/**
 * ofl_posix_memmem: (skip)
 * @data: where to look
 * @length: its number of bytes
 * @needle: what for
 * @n: its number of bytes
 *
 * Returns: as of memmem()
 */
void *
ofl_posix_memmem (const void *data, size_t length, const void *needle, size_t n)
{
  const guint8 *at = data, *first = needle;
  const guint8 *end = at + length;

  if (n == 0)
    return (void *) data;
  while ((size_t) (end - at) >= n)
    {
      at = memchr (at, first[0], (size_t) (end - at) - n + 1);
      if (at == NULL || memcmp (at, needle, n) == 0)
        return (void *) at;
      at++;
    }
  return NULL;
}

/**
 * ofl_posix_strverscmp: (skip)
 * @a: a name
 * @b: another
 *
 * Numbers in names are compared as numbers; without the special case of leading zeros that GNU has.
 *
 * Returns: less than 0, 0, or more: which goes first
 */
int
ofl_posix_strverscmp (const char *a, const char *b)
{
  while (*a != '\0' || *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          char *a_end, *b_end;
          guint64 x = g_ascii_strtoull (a, &a_end, 10), y = g_ascii_strtoull (b, &b_end, 10);

          if (x != y)
            return x < y ? -1 : 1;
          a = a_end;
          b = b_end;
          continue;
        }
      if (*a != *b)
        return (int) (guint8) *a - (int) (guint8) *b;
      a++;
      b++;
    }
  return 0;
}

/**
 * ofl_posix_realpath: (skip)
 * @path: a file or folder that exists, UTF-8
 * @room: (nullable): not used
 *
 * Returns: (transfer full): its whole path without links, to be freed with free(); %NULL with `errno`,
 *   also for a letter alone, "D:", which is a drive here and no folder
 */
char *
ofl_posix_realpath (const char *path, char *room)
{
  g_autofree wchar_t *wide = g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  wchar_t name[32768];
  g_autofree char *text = NULL;
  HANDLE file;
  DWORD n;

  errno = ENOENT;
  if (wide == NULL || (path[0] != '\0' && g_str_equal (path + 1, ":")))
    return NULL;
  file = CreateFileW (wide, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
  if (file == INVALID_HANDLE_VALUE)
    {
      fail ();
      return NULL;
    }
  n = GetFinalPathNameByHandleW (file, name, G_N_ELEMENTS (name), FILE_NAME_NORMALIZED);
  CloseHandle (file);
  if (n == 0 || n >= G_N_ELEMENTS (name))
    return NULL;
  text = g_utf16_to_utf8 (name, -1, NULL, NULL, NULL);
  if (text == NULL)
    return NULL;
  /* without the prefix of long names, as everybody writes it */
  return strdup (g_str_has_prefix (text, "\\\\?\\") && text[5] == ':' ? text + 4 : text);
}
