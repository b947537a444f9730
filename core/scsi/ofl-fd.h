/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GLib has from 2.76 on as g_clear_fd(). */
#pragma once

#include <unistd.h>

/* Closes it, once; -1 is none. */
static inline void
ofl_fd_clear (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}
