/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that stand on a tape, and when two commands are the same. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "updater/ofl-tape-private.h"

#define OP_TEST_UNIT_READY 0x00
#define OP_REQUEST_SENSE 0x03
#define OP_INQUIRY 0x12
#define OP_GET_EVENT_STATUS 0x4a

/* In the order of OflOutcome, OflDirection and OflTapeEnd */
static const char *const outcomes[]
    = { "ok", "sense", "status", "timeout", "lost", "host", "not-sent" };
static const char *const directions[] = { "none", "in", "out" };
static const char *const ends[] = { "broke-off", "ended", "killed", "crashed" };

static int
find_word (const char *const *words, guint n, const char *word)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return (int) i;
  return -1;
}

const char *
ofl_tape_outcome_id (OflOutcome outcome)
{
  return (guint) outcome < G_N_ELEMENTS (outcomes) ? outcomes[outcome] : "";
}

int
ofl_tape_outcome_of (const char *word)
{
  return find_word (outcomes, G_N_ELEMENTS (outcomes), word);
}

const char *
ofl_tape_direction_id (OflDirection dir)
{
  return (guint) dir < G_N_ELEMENTS (directions) ? directions[dir] : "";
}

int
ofl_tape_direction_of (const char *word)
{
  return find_word (directions, G_N_ELEMENTS (directions), word);
}

/* No tape says of itself that it broke off. */
int
ofl_tape_end_of (const char *word)
{
  int end = find_word (ends, G_N_ELEMENTS (ends), word);

  return end == OFL_TAPE_BROKE_OFF ? -1 : end;
}

/**
 * ofl_tape_end_id:
 * @end: how a conversation ended
 *
 * Returns: the word for it on a tape and in JSON; static
 */
const char *
ofl_tape_end_id (OflTapeEnd end)
{
  return (guint) end < G_N_ELEMENTS (ends) ? ends[end] : "";
}

/**
 * ofl_tape_end_title:
 * @end: how a conversation ended
 *
 * Returns: the same in a sentence for a person; static
 */
const char *
ofl_tape_end_title (OflTapeEnd end)
{
  switch (end)
    {
    case OFL_TAPE_ENDED:
      return _ ("The program ended by itself.");
    case OFL_TAPE_KILLED:
      return _ ("The program was ended.");
    case OFL_TAPE_CRASHED:
      return _ ("The program crashed.");
    case OFL_TAPE_BROKE_OFF:
    case OFL_N_TAPE_ENDS:
    default:
      return _ ("The tape broke off: what came after its last command is not known.");
    }
}

/**
 * ofl_tape_same_command:
 * @a: a command
 * @b: another one
 *
 * Returns: whether they are the same on the wire, but for their data; how long is waited for an answer
 *   the drive never learns
 */
gboolean
ofl_tape_same_command (const OflCommand *a, const OflCommand *b)
{
  return a->cdb_len == b->cdb_len && a->dir == b->dir && a->length == b->length
         && memcmp (a->cdb, b->cdb, a->cdb_len) == 0;
}

/**
 * ofl_tape_is_poll:
 * @command: a command
 *
 * The questions that a program asks as often as its clock has it: TEST UNIT READY, REQUEST SENSE,
 * INQUIRY and GET EVENT STATUS NOTIFICATION. How often is no part of a conversation.
 *
 * Returns: whether it is one of them
 */
gboolean
ofl_tape_is_poll (const OflCommand *command)
{
  if (command->dir == OFL_DIR_OUT)
    return FALSE;
  switch (command->cdb[0])
    {
    case OP_TEST_UNIT_READY:
    case OP_REQUEST_SENSE:
    case OP_INQUIRY:
    case OP_GET_EVENT_STATUS:
      return TRUE;
    default:
      return FALSE;
    }
}
