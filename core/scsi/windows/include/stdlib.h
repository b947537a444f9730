/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSIX has and mingw-w64 has not, as far as this program uses it: found before mingw-w64's own. */
#pragma once

#include_next <stdlib.h>

#define realpath(...) ofl_posix_realpath (__VA_ARGS__)
char *ofl_posix_realpath (const char *path, char *room);
