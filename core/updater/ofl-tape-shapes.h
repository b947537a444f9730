/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "updater/ofl-tape.h"

G_BEGIN_DECLS

/**
 * OflTapeGroup:
 * @first: the first of its commands, from 0
 * @last: the last of them
 * @commands: how many there are
 * @polls: how many polls stand between them
 * @bytes: how many bytes moved, in the direction of the first
 * @failed: how many of them did not end well
 *
 * Commands in a row that are alike: opcode, second byte and direction.
 */
typedef struct {
  guint first, last;
  guint commands, polls;
  guint64 bytes;
  guint failed;
} OflTapeGroup;

/**
 * OflTapeShape:
 * @first: one of the commands
 * @varies: bit i: byte i of the CDB is not always the same
 * @least: shortest data phase, bytes
 * @most: longest one
 * @count: how often it was sent
 * @failed: how often that did not end well
 *
 * Commands of one opcode, length and direction.
 */
typedef struct {
  OflCommand first;
  guint varies;
  guint32 least, most;
  guint count;
  guint failed;
} OflTapeShape;

GArray *ofl_tape_list_groups (const OflTape *self);
GArray *ofl_tape_list_unknown (const OflTape *self);
gboolean ofl_tape_is_named (const OflCommand *command);
char *ofl_tape_describe_command (const OflCommand *command);
char *ofl_tape_shape_format (const OflTapeShape *shape);

G_END_DECLS
