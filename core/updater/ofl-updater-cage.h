/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * OflUpdaterEnd:
 * @ended_by_us: ofl_updater_cage_end() or the cancellable did it
 * @crashed: a line was printed with which Wine says that the EXE crashed; the EXE could print it itself, and a
 *   crash that it catches prints none
 * @status: the low 8 bits of what the EXE ended with; 128 and the signal's number when it was killed, or Wine's
 *   server under it; -1 when there is none
 * @output: the last 16 KiB of what the EXE and Wine printed, for the log, made
 *   UTF-8, with a question mark for a NUL
 *
 * How the maker's program ended. None of it says what the drive is now.
 */
typedef struct {
  gboolean ended_by_us;
  gboolean crashed;
  int status;
  char *output;
} OflUpdaterEnd;

void ofl_updater_end_free (OflUpdaterEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflUpdaterEnd, ofl_updater_end_free)

/**
 * OflUpdaterCage:
 *
 * A place in which one Windows program runs: no network, no home, no device, no process but its own;
 * one drive, behind the broker's socket. Used by the thread that made it.
 */
#define OFL_TYPE_UPDATER_CAGE (ofl_updater_cage_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterCage, ofl_updater_cage, OFL, UPDATER_CAGE, GObject)

OflUpdaterCage *ofl_updater_cage_new (const char *cache, const char *libdir);
gboolean ofl_updater_cage_check (gboolean shown, GError **error);
void ofl_updater_cage_run_async (OflUpdaterCage *self, const char *const *files,
                                 const char *const *arguments, const char *socket, gboolean shown,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer data);
OflUpdaterEnd *ofl_updater_cage_run_finish (OflUpdaterCage *self, GAsyncResult *result,
                                            GError **error);
gboolean ofl_updater_cage_is_running (OflUpdaterCage *self);
void ofl_updater_cage_end (OflUpdaterCage *self);

G_END_DECLS
