/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-updater-cage.h"

G_BEGIN_DECLS

/**
 * OflUpdaterRunner:
 *
 * Runs the maker's program in a cage for a job: this process does (#OflUpdaterHere), or another one for it
 * (#OflUpdaterKept). Used by the job's thread.
 */
#define OFL_TYPE_UPDATER_RUNNER (ofl_updater_runner_get_type ())
G_DECLARE_INTERFACE (OflUpdaterRunner, ofl_updater_runner, OFL, UPDATER_RUNNER, GObject)

struct _OflUpdaterRunnerInterface {
  GTypeInterface parent_iface;

  GSocket *(*open) (OflUpdaterRunner *self, GError **error);
  void (*run_async) (OflUpdaterRunner *self, GAsyncReadyCallback callback, gpointer data);
  OflUpdaterEnd *(*run_finish) (OflUpdaterRunner *self, GAsyncResult *result, GError **error);
  gboolean (*is_running) (OflUpdaterRunner *self);
  void (*end) (OflUpdaterRunner *self);
};

GSocket *ofl_updater_runner_open (OflUpdaterRunner *self, GError **error);
void ofl_updater_runner_run_async (OflUpdaterRunner *self, GAsyncReadyCallback callback,
                                   gpointer data);
OflUpdaterEnd *ofl_updater_runner_run_finish (OflUpdaterRunner *self, GAsyncResult *result,
                                              GError **error);
gboolean ofl_updater_runner_is_running (OflUpdaterRunner *self);
void ofl_updater_runner_end (OflUpdaterRunner *self);

G_END_DECLS
