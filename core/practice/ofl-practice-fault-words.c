/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of faults, as ofl-practice-fault.h has them. */
#include "practice/ofl-practice-fault-private.h"

#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

/* The words after a fault's name: O an opcode, N a number, n a number that may be left out. */
static const struct {
  const char *name;
  OflPracticeFaultKind kind;
  const char *words;
  guint64 defaults[2]; /* of the numbers */
} kinds[] = {
  { "flip", FAULT_FLIP, "Nn", { 0, 16 } },
  { "short", FAULT_SHORT, "On", { 1, 0 } },
  { "refuse", FAULT_REFUSE, "N", { 0, 0 } },
  { "lie", FAULT_LIE, "", { 0, 0 } },
  { "hang", FAULT_HANG, "Onn", { 1, 1 } },
  { "hang-write", FAULT_HANG_WRITE, "Nn", { 0, 1 } },
  { "slow", FAULT_SLOW, "N", { 0, 0 } },
  { "attention", FAULT_ATTENTION, "N", { 0, 0 } },
  { "garble", FAULT_GARBLE, "", { 0, 0 } },
  { "vanish", FAULT_VANISH, "Onn", { 1, 0 } },
  { "vanish-byte", FAULT_VANISH_BYTE, "Nn", { 0, 0 } },
  { "silent", FAULT_SILENT, "", { 0, 0 } },
  { "power-loss", FAULT_POWER_LOSS, "N", { 0, 0 } },
  { "power-loss-burn", FAULT_POWER_LOSS_BURN, "N", { 0, 0 } },
  { "flip-once", FAULT_FLIP_ONCE, "ONn", { 1, 1 } },
  { "damage-cdb", FAULT_DAMAGE_CDB, "ONn", { 1, 1 } },
  { "fail", FAULT_FAIL, "Onn", { 1, 1 } },
  { "replug", FAULT_REPLUG, "Onn", { 1, 1000 } },
  { "lie-once", FAULT_LIE_ONCE, "n", { 1, 0 } },
  { "silent-once", FAULT_SILENT_ONCE, "n", { 1, 0 } },
  { "refuse-op", FAULT_REFUSE_OP, "Onn", { 1, 1 } },
  { "fail-burn", FAULT_FAIL_BURN, "n", { 1, 0 } },
  { "unreadable", FAULT_UNREADABLE, "Nn", { 0, 1 } },
  { "scratched", FAULT_SCRATCHED, "NN", { 0, 0 } },
  { "stuck-buffer", FAULT_STUCK_BUFFER, "", { 0, 0 } },
  { "eeprom-unstable", FAULT_EEPROM_UNSTABLE, "n", { 5, 0 } },
  { "eeprom-blank", FAULT_EEPROM_BLANK, "", { 0, 0 } },
};

static gboolean
parse_opcode (const char *word, int *opcode)
{
  guint64 value = 0;

  *opcode = OFL_PRACTICE_OPCODE_ANY;
  if (g_str_equal (word, "any"))
    return TRUE;
  if (!g_ascii_string_to_unsigned (word, 16, 0, 0xff, &value, NULL))
    return FALSE;
  *opcode = (int) value;
  return TRUE;
}

/* @words: the expected words as in kinds[], @given: what was said after the fault's name */
static gboolean
parse_words (const char *words, char **given, OflPracticeFault *fault)
{
  guint n_numbers = 0;

  for (; *words != '\0'; words++)
    {
      if (*given == NULL)
        {
          if (g_ascii_isupper (*words))
            return FALSE;
        }
      else if (*words == 'O')
        {
          if (!parse_opcode (*given++, &fault->opcode))
            return FALSE;
        }
      else if (!g_ascii_string_to_unsigned (*given++, 10, 0, G_MAXUINT32,
                                            &fault->number[n_numbers++], NULL))
        return FALSE;
    }
  return *given == NULL;
}

/* A count is from 1, a share of a burn at most the whole, and nothing is faster than no time. */
static gboolean
is_sensible (const OflPracticeFault *fault)
{
  switch (fault->kind)
    {
    case FAULT_FLIP:
    case FAULT_UNREADABLE:
    case FAULT_SCRATCHED:
      return fault->number[1] > 0;
    case FAULT_HANG:
    case FAULT_HANG_WRITE:
    case FAULT_FAIL:
    case FAULT_REFUSE_OP:
    case FAULT_REPLUG: /* a drive that never comes back is "power-loss" */
      return fault->number[0] > 0 && fault->number[1] > 0;
    case FAULT_POWER_LOSS_BURN:
      return fault->number[0] <= 1000;
    case FAULT_LIE:
    case FAULT_GARBLE:
    case FAULT_SILENT:
    case FAULT_STUCK_BUFFER:
    case FAULT_EEPROM_BLANK:
      return TRUE;
    default:
      return fault->number[0] > 0;
    }
}

/* What strikes once draws from its own seed, so that the same command can be hit in many places. */
static guint32
draw_seed (const OflPracticeFault *fault)
{
  gboolean own = fault->kind == FAULT_FLIP_ONCE || fault->kind == FAULT_DAMAGE_CDB;

  return (guint32) fault->number[own ? 1 : 0] * 2654435761u + 1;
}

/**
 * ofl_practice_fault_parse: (skip)
 * @text: a fault, in the words of ofl-practice-fault.h
 * @fault: (out caller-allocates): the fault, which has seen nothing yet
 * @error: return location
 *
 * Returns: FALSE with %OFL_ERROR_FAILED when the words are not understood
 */
gboolean
ofl_practice_fault_parse (const char *text, OflPracticeFault *fault, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[0] != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      if (!g_str_equal (words[0], kinds[i].name))
        continue;
      *fault = (OflPracticeFault){ .kind = kinds[i].kind, .opcode = OFL_PRACTICE_OPCODE_ANY };
      fault->number[0] = kinds[i].defaults[0];
      fault->number[1] = kinds[i].defaults[1];
      if (!parse_words (kinds[i].words, words + 1, fault) || !is_sensible (fault))
        break;
      fault->random = draw_seed (fault);
      return TRUE;
    }
  ofl_set_error (error, OFL_ERROR_FAILED,
                 _ ("“%s” is not a fault that a practice drive knows. Examples are “hang 3b 5”, "
                    "“power-loss-burn 500” and “silent”."),
                 text);
  return FALSE;
}
