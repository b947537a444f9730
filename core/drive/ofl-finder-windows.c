/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <windows.h>

#include "drive/ofl-finder-cdio.h"

/**
 * ofl_finder_cdio_list:
 *
 * Nothing is opened. A drive without a letter is not found.
 *
 * Returns: (transfer full): the letters of optical drives, "D:"
 */
char **
ofl_finder_cdio_list (void)
{
  g_autoptr (GStrvBuilder) letters = g_strv_builder_new ();
  DWORD there = GetLogicalDrives ();

  for (char letter = 'A'; letter <= 'Z'; letter++)
    {
      const char root[] = { letter, ':', '\\', '\0' };
      const char name[] = { letter, ':', '\0' };

      if ((there & (1u << (letter - 'A'))) != 0 && GetDriveTypeA (root) == DRIVE_CDROM)
        g_strv_builder_add (letters, name);
    }
  return g_strv_builder_end (letters);
}
