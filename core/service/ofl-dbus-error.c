/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors keep their names on the bus, so that any client, in any language, sees which it is. */
#include "service/ofl-dbus-error.h"

#include <gio/gio.h>

#include "scsi/ofl-error.h"

#define NAME "org.optiflash.Optiflash1.Error."

static const GDBusErrorEntry entries[] = {
  { OFL_ERROR_FAILED, NAME "Failed" },
  { OFL_ERROR_NO_ACCESS, NAME "NoAccess" },
  { OFL_ERROR_BUSY, NAME "Busy" },
  { OFL_ERROR_TIMEOUT, NAME "Timeout" },
  { OFL_ERROR_LOST, NAME "Lost" },
  { OFL_ERROR_REJECTED, NAME "Rejected" },
  { OFL_ERROR_GARBLED, NAME "Garbled" },
  { OFL_ERROR_NOT_SUPPORTED, NAME "NotSupported" },
  { OFL_ERROR_BAD_FILE, NAME "BadFile" },
  { OFL_ERROR_WRONG_IMAGE, NAME "WrongImage" },
  { OFL_ERROR_NOT_READY, NAME "NotReady" },
  { OFL_ERROR_MISMATCH, NAME "Mismatch" },
  { OFL_ERROR_NO_BACKUP, NAME "NoBackup" },
  { OFL_ERROR_STORAGE, NAME "Storage" },
  { OFL_ERROR_STILL_BUSY, NAME "StillBusy" },
  { OFL_ERROR_EXISTS, NAME "Exists" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (entries) == OFL_N_ERRORS);

/**
 * ofl_dbus_errors_register:
 *
 * Gives #OflError its names on the bus, in this process. Both sides call it before they speak.
 */
void
ofl_dbus_errors_register (void)
{
  static gsize registered;

  if (!g_once_init_enter (&registered))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    g_dbus_error_register_error (OFL_ERROR, entries[i].error_code, entries[i].dbus_error_name);
  g_once_init_leave (&registered, 1);
}
