/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OflUpdaterOptions:
 * @files: (array zero-terminated=1): the maker's program, and what has to lie beside it
 * @arguments: (array zero-terminated=1): for the program
 * @shown: its windows are seen on the user's display, and can be clicked
 * @cache: where Wine's prefix is kept
 * @libdir: where what is loaded into Wine is
 * @tape: (nullable): a file to record the conversation in; nothing may be there
 * @tape_fd: that file, where somebody else has made it: open to append; -1: it is made; owned
 * @keeper: the end of a socket at whose other a process runs the program (ofl_updater_keeper_spawn()), as the
 *   service must not; @arguments, @shown, @cache and @libdir are its business then; -1: this one runs
 *   it; owned
 * @tape_whole: all data is kept on it
 * @unattended: nothing is asked: it may write, and whether a missing backup is accepted is an option of the
 *   job. Otherwise the job asks (ofl_job_dup_question()) before the first command that could change the
 *   drive; a missing backup has a question of its own
 * @quiet_ms: after so long without data for a drive that says that it is ready the program may be ended
 *
 * How the maker's program is run.
 */
typedef struct {
  char **files;
  char **arguments;
  gboolean shown;
  char *cache;
  char *libdir;
  char *tape;
  int tape_fd;
  int keeper;
  gboolean tape_whole;
  gboolean unattended;
  guint quiet_ms;
} OflUpdaterOptions;

/* Two minutes: longer than any pause that was seen between two pieces of a firmware. */
#define OFL_UPDATER_QUIET_MS (2 * 60 * 1000)

OflUpdaterOptions *ofl_updater_options_new (const char *const *files);
void ofl_updater_options_free (OflUpdaterOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OflUpdaterOptions, ofl_updater_options_free)

G_END_DECLS
