/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ofl-service-launch.h"

#include <glib/gstdio.h>

#include "flash/ofl-guard.h"
#include "ofl-config.h"

/**
 * ofl_service_find_program:
 * @name: a program of ours that is not in the PATH
 *
 * Returns: (transfer full) (nullable): beside the program that runs, as in a build folder, or where it is
 *   installed
 */
char *
ofl_service_find_program (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *const folders[] = { folder != NULL ? folder : OFL_LIBEXECDIR, OFL_LIBEXECDIR };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/**
 * ofl_service_own_bus_folder:
 *
 * Returns: (transfer full): the folder of the bus that the service makes where there is none; the
 *   same for every program of this user
 */
char *
ofl_service_own_bus_folder (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "optiflash", NULL);
}

/**
 * ofl_service_own_bus_address:
 *
 * Returns: (transfer full): the address of that bus
 */
char *
ofl_service_own_bus_address (void)
{
  g_autofree char *folder = ofl_service_own_bus_folder ();
  g_autofree char *path = g_build_filename (folder, "bus", NULL);
  g_autofree char *escaped = g_dbus_address_escape_value (path);

  return g_strconcat ("unix:path=", escaped, NULL);
}

/**
 * ofl_service_can_own_bus:
 *
 * Returns: whether what it takes to make a bus with the service on it is here
 */
gboolean
ofl_service_can_own_bus (void)
{
  g_autofree char *program = ofl_service_find_program ("optiflashd");
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");

  return program != NULL && daemon != NULL;
}

/**
 * ofl_service_spawn:
 * @connection: (nullable): a bus that is there; %NULL: the service makes one
 * @address: its address
 * @error: return location
 *
 * Starts the service as a process that outlives this one and its terminal.
 *
 * Returns: whether it was started; it takes a moment until it is on the bus
 */
gboolean
ofl_service_spawn (GDBusConnection *connection, const char *address, GError **error)
{
  g_autofree char *program = ofl_service_find_program ("optiflashd");
  char *argv[] = { program, (char *) "--stay", NULL, NULL };
  g_auto (GStrv) environment
      = g_environ_setenv (g_get_environ (), "DBUS_SESSION_BUS_ADDRESS", address, TRUE);

  if (program == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "optiflashd is not here" /* technical: jobs then run here */);
      return FALSE;
    }
  if (connection == NULL)
    argv[2] = (char *) "--own-bus";
  return g_spawn_async ("/", argv, environment,
                        G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                        ofl_guard_leave_terminal, NULL, NULL, error);
}
