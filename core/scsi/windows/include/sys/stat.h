/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSIX has and mingw-w64 has not, as far as this program uses it: found before mingw-w64's own,
 * whose files have no number and whose times have whole seconds. */
#pragma once

#include_next <sys/stat.h>

#include <stdint.h>
#include <time.h>

#define S_IFLNK 0xa000
#define S_ISLNK(mode) (((mode) &S_IFMT) == S_IFLNK)
#ifndef S_IRGRP
#define S_IRGRP 0040
#define S_IWGRP 0020
#endif

struct ofl_posix_stat {
  uint64_t st_dev;
  uint64_t st_ino;
  unsigned st_mode;
  int64_t st_size;
  time_t st_mtime;
  struct timespec st_mtim;
};

#undef stat
#undef fstat
#undef lstat
#define stat ofl_posix_stat
#define fstat ofl_posix_fstat
#define lstat ofl_posix_lstat
int ofl_posix_stat (const char *path, struct ofl_posix_stat *st);
int ofl_posix_lstat (const char *path, struct ofl_posix_stat *st);
int ofl_posix_fstat (int fd, struct ofl_posix_stat *st);
