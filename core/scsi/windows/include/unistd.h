/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSIX has and mingw-w64 has not, as far as this program uses it: found before mingw-w64's own. */
#pragma once

#include_next <unistd.h>

#include <stddef.h>
#include <stdint.h>

#define access(...) ofl_posix_access (__VA_ARGS__)
#define unlink(...) ofl_posix_unlink (__VA_ARGS__)
#define pread(...) ofl_posix_pread (__VA_ARGS__)
#define pwrite(...) ofl_posix_pwrite (__VA_ARGS__)
#define fsync(...) ofl_posix_fsync (__VA_ARGS__)
#define fchmod(...) ofl_posix_fchmod (__VA_ARGS__)
int ofl_posix_access (const char *path, int mode);
int ofl_posix_unlink (const char *path);
intptr_t ofl_posix_pread (int fd, void *data, size_t length, int64_t offset);
intptr_t ofl_posix_pwrite (int fd, const void *data, size_t length, int64_t offset);
int ofl_posix_fsync (int fd);
int ofl_posix_fchmod (int fd, unsigned mode);
