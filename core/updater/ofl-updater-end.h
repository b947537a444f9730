/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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
gboolean ofl_updater_end_is_clean (const OflUpdaterEnd *self);
char *ofl_updater_end_say (const OflUpdaterEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflUpdaterEnd, ofl_updater_end_free)

G_END_DECLS
