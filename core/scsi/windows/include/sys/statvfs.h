/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSIX has and mingw-w64 has not, as far as this program uses it. */
#pragma once

#include <stdint.h>

#define statvfs ofl_posix_statvfs
struct ofl_posix_statvfs {
  uint64_t f_bavail;
  uint64_t f_frsize;
};
int ofl_posix_statvfs (const char *path, struct ofl_posix_statvfs *fs);
