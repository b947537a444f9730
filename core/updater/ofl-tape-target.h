/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "drive/ofl-target.h"
#include "updater/ofl-tape.h"

G_BEGIN_DECLS

/**
 * OflTapePlayed:
 * @begun: a job has had the drive
 * @commands: how many the tape has
 * @position: how many of them lie behind the last job
 * @complete: that job came to the tape's end, but for questions that it had no need of
 * @differences: how many commands that could change a drive it sent which are not the tape's
 * @difference: (nullable): the first of them, in a sentence
 *
 * How far a job came on a tape.
 */
typedef struct {
  gboolean begun;
  guint commands;
  guint position;
  gboolean complete;
  guint differences;
  char *difference;
} OflTapePlayed;

OflTarget *ofl_tape_target_new (const char *id, OflTape *tape, GError **error);
gboolean ofl_tape_target_is (const OflTarget *target);
gboolean ofl_tape_target_read (const OflTarget *target, OflTapePlayed *played);
void ofl_tape_played_clear (OflTapePlayed *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OflTapePlayed, ofl_tape_played_clear)

G_END_DECLS
