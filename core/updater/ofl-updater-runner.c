/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "updater/ofl-updater-runner.h"

G_DEFINE_INTERFACE (OflUpdaterRunner, ofl_updater_runner, G_TYPE_OBJECT)

static void
ofl_updater_runner_default_init (OflUpdaterRunnerInterface *iface)
{
}

/**
 * ofl_updater_runner_open:
 * @self: a runner
 * @error: return location: what a cage may lack, as %OFL_ERROR_NOT_SUPPORTED or %OFL_ERROR_STORAGE
 *
 * Makes ready what can be made ready at once. It may block for a moment.
 *
 * Returns: (transfer full): a socket on which the cage's commands come, as connections to accept
 */
GSocket *
ofl_updater_runner_open (OflUpdaterRunner *self, GError **error)
{
  return OFL_UPDATER_RUNNER_GET_IFACE (self)->open (self, error);
}

/**
 * ofl_updater_runner_run_async:
 * @self: a runner that is open
 * @callback: called when the program and all that it has started have ended
 * @data: for it
 *
 * Makes Wine's prefix when it is not there (half a minute or more), then runs the program.
 */
void
ofl_updater_runner_run_async (OflUpdaterRunner *self, GAsyncReadyCallback callback, gpointer data)
{
  OFL_UPDATER_RUNNER_GET_IFACE (self)->run_async (self, callback, data);
}

/**
 * ofl_updater_runner_run_finish:
 * @self: the runner
 * @result: what the callback was given
 * @error: return location: as ofl_updater_cage_run_finish()
 *
 * Returns: (transfer full) (nullable): how it ended
 */
OflUpdaterEnd *
ofl_updater_runner_run_finish (OflUpdaterRunner *self, GAsyncResult *result, GError **error)
{
  return OFL_UPDATER_RUNNER_GET_IFACE (self)->run_finish (self, result, error);
}

/**
 * ofl_updater_runner_is_running:
 * @self: a runner
 *
 * Returns: whether the program has been started, and not ended; before, Wine's prefix is made
 */
gboolean
ofl_updater_runner_is_running (OflUpdaterRunner *self)
{
  return OFL_UPDATER_RUNNER_GET_IFACE (self)->is_running (self);
}

/**
 * ofl_updater_runner_end:
 * @self: a runner
 *
 * Ends the program at once, or the making of Wine's prefix. Whether that can hurt the drive is for the caller
 * to know.
 */
void
ofl_updater_runner_end (OflUpdaterRunner *self)
{
  OFL_UPDATER_RUNNER_GET_IFACE (self)->end (self);
}
