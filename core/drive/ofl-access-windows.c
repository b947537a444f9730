/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <windows.h>
#include <shlobj.h>

#include "drive/ofl-access.h"

/**
 * ofl_access_check:
 * @sr_node: (nullable): the drive's letter, "D:"
 * @sg_node: not used
 *
 * Whether Windows lets this user send commands to the drive. Opens it for a moment, and sends nothing.
 *
 * Returns: %OFL_ACCESS_NO_ADMINISTRATOR where it does not
 */
OflAccess
ofl_access_check (const char *sr_node, const char *sg_node)
{
  g_autofree char *node = g_strconcat ("\\\\.\\", sr_node != NULL ? sr_node : "", NULL);
  HANDLE drive = CreateFileA (node, GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);

  if (drive != INVALID_HANDLE_VALUE)
    {
      CloseHandle (drive);
      return OFL_ACCESS_USABLE;
    }
  /* an administrator is refused while a program has locked the drive: who opens it is told so */
  return GetLastError () == ERROR_ACCESS_DENIED && !IsUserAnAdmin () ? OFL_ACCESS_NO_ADMINISTRATOR
                                                                     : OFL_ACCESS_USABLE;
}
