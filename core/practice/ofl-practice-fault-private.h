/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fault, for the two files that know its inside. */
#pragma once

#include "practice/ofl-practice-fault.h"

G_BEGIN_DECLS

#define OFL_PRACTICE_OPCODE_ANY (-1)

typedef enum {
  FAULT_FLIP,
  FAULT_SHORT,
  FAULT_REFUSE,
  FAULT_LIE,
  FAULT_HANG,
  FAULT_HANG_WRITE,
  FAULT_SLOW,
  FAULT_ATTENTION,
  FAULT_GARBLE,
  FAULT_VANISH,
  FAULT_VANISH_BYTE,
  FAULT_SILENT,
  FAULT_POWER_LOSS,
  FAULT_POWER_LOSS_BURN,
  FAULT_FLIP_ONCE,
  FAULT_DAMAGE_CDB,
  FAULT_FAIL,
  FAULT_REPLUG,
  FAULT_LIE_ONCE,
  FAULT_SILENT_ONCE,
  FAULT_REFUSE_OP,
  FAULT_FAIL_BURN,
  FAULT_UNREADABLE,
  FAULT_STUCK_BUFFER,
  FAULT_SCRATCHED,
  FAULT_EEPROM_UNSTABLE,
  FAULT_EEPROM_BLANK,
} OflPracticeFaultKind;

typedef struct {
  OflPracticeFaultKind kind;
  int opcode;
  guint64 number[2];
  guint64 seen; /* matching commands, or bytes, since it was added */
  guint32 random;
  gboolean spent;
  gboolean kept; /* it stands in the drive's cable, and lasts until it is mended there */
} OflPracticeFault;

gboolean ofl_practice_fault_parse (const char *text, OflPracticeFault *fault, GError **error);

G_END_DECLS
