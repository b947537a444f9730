/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process that runs the maker's program for the service, which limits itself so much that it can make no
 * cage (app 4). Whoever asks the service for the job starts the keeper, and hands the service its end of the
 * socket between the two: from then on the keeper is the service's, and ends with it. */
#pragma once

#include <gio/gio.h>

#include "updater/ofl-updater-options.h"
#include "updater/ofl-updater-runner.h"

G_BEGIN_DECLS

/* Most of it a program's last words: 32 KiB at most, each byte of which takes three where it is no UTF-8. */
#define OFL_UPDATER_KEEPER_MESSAGE (128 * 1024)

/* The words on the socket, a message each: keeper to job … */
#define OFL_UPDATER_KEEPER_OPEN "open" /* with the broker's socket */
#define OFL_UPDATER_KEEPER_RUNNING "running"
#define OFL_UPDATER_KEEPER_ENDED "ended"
#define OFL_UPDATER_KEEPER_FAILED "failed"
/* … and job to keeper. A socket that is closed says "end", too. */
#define OFL_UPDATER_KEEPER_GO "go"
#define OFL_UPDATER_KEEPER_END "end"

/**
 * OflKeeperWord:
 * @word: one of the above; "" for what is no message
 * @by_us: of "ended": the program was ended by us
 * @crashed: of "ended"
 * @status: of "ended"; of "failed" the error's code, -1 for a cancelled one
 * @text: of "ended" the output, of "failed" the message
 * @english: of "failed": the message in English
 *
 * A message of the keeper's socket.
 */
typedef struct {
  char *word;
  gboolean by_us;
  gboolean crashed;
  int status;
  char *text;
  char *english;
} OflKeeperWord;

void ofl_keeper_word_clear (OflKeeperWord *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflKeeperWord, ofl_keeper_word_clear)
gboolean ofl_keeper_say (GSocket *socket, const OflKeeperWord *word, GSocket *with);
gssize ofl_keeper_hear (GSocket *socket, OflKeeperWord *word, GSocket **with);

int ofl_updater_keeper_spawn (const char *program, const OflUpdaterOptions *options,
                              GError **error);
int ofl_updater_keeper_main (const OflUpdaterOptions *options, int fd);

#define OFL_TYPE_UPDATER_KEPT (ofl_updater_kept_get_type ())
G_DECLARE_FINAL_TYPE (OflUpdaterKept, ofl_updater_kept, OFL, UPDATER_KEPT, GObject)

OflUpdaterRunner *ofl_updater_kept_new (int fd);

G_END_DECLS
