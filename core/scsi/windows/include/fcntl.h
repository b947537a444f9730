/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSIX has and mingw-w64 has not, as far as this program uses it: found before mingw-w64's own. */
#pragma once

#include_next <fcntl.h>

#define O_CLOEXEC O_NOINHERIT
#define O_NOFOLLOW 0x01000000
#define O_NONBLOCK 0 /* of files, and there is none that would block */
#define O_DIRECTORY 0x02000000

#define open(...) ofl_posix_open (__VA_ARGS__)
int ofl_posix_open (const char *path, int flags, ...);
