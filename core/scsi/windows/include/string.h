/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GNU has and mingw-w64 has not, as far as this program uses it: found before mingw-w64's own. */
#pragma once

#include_next <string.h>

#define memmem(...) ofl_posix_memmem (__VA_ARGS__)
#define strverscmp(...) ofl_posix_strverscmp (__VA_ARGS__)
void *ofl_posix_memmem (const void *data, size_t length, const void *needle, size_t n);
int ofl_posix_strverscmp (const char *a, const char *b);
