/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A 32-bit program whose time has 64 bits, as Debian's Wine, calls __ioctl_time64() and
 * __fstat64_time64(): the C library's headers put these names where ioctl() and fstat() stand. On
 * other machines there is nothing here. */
#if defined(__i386__)
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "updater/ofl-updater-preload.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define EXPORTED __attribute__ ((visibility ("default")))

EXPORTED int
ioctl (int fd, unsigned long request, ...)
{
  static int (*real) (int fd, unsigned long request, ...);
  va_list list;
  void *argument;
  int status;

  va_start (list, request);
  argument = va_arg (list, void *);
  va_end (list);
  if (updater_take (fd, request, argument, &status))
    return status;
  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "__ioctl_time64");
  return real (fd, request, argument);
}

EXPORTED int
fstat (int fd, struct stat *st)
{
  static int (*real) (int fd, struct stat *st);
  int status;

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "__fstat64_time64");
  status = real (fd, st);
  if (status == 0 && updater_is_drive (fd))
    {
      st->st_mode = S_IFBLK | (st->st_mode & 07777);
      st->st_rdev = makedev (UPDATER_DRIVE_MAJOR, 0);
    }
  return status;
}
#else
typedef int OflUpdaterNothing; /* a file of C has to hold something */
#endif
