/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that was looked at before a write, as data. */
#pragma once

#include "scsi/ofl-sentence.h"

G_BEGIN_DECLS

/**
 * OflCheckLevel:
 * @OFL_CHECK_OK: as it should be
 * @OFL_CHECK_NOTE: good to know, or it could not be asked
 * @OFL_CHECK_CAUTION: better mended before a write; nothing refuses it
 * @OFL_CHECK_BLOCKS: as it is now, a write is refused
 *
 * How serious it is.
 */
typedef enum {
  OFL_CHECK_OK,
  OFL_CHECK_NOTE,
  OFL_CHECK_CAUTION,
  OFL_CHECK_BLOCKS,
  OFL_N_CHECK_LEVELS,
} OflCheckLevel;

/**
 * OflCheck:
 * @id: a word for machines ("power", "disc"), the same in every version
 * @level: how serious it is
 * @sentence: what was found
 * @remedy: (nullable): what to do about it; what is done in the program by OFL_DO()
 * @technical: (nullable): what the sentence rests on, in English
 */
typedef struct {
  const char *id;
  OflCheckLevel level;
  OflSentence sentence;
  char *remedy;
  char *technical;
} OflCheck;

GPtrArray *ofl_checks_new (void);
OflCheck *ofl_checks_add (GPtrArray *checks, const char *id, OflCheckLevel level,
                          OflSentence sentence, const char *remedy);
void ofl_checks_sort (GPtrArray *checks);
OflCheckLevel ofl_checks_get_worst (const GPtrArray *checks);
const OflCheck *ofl_checks_find (const GPtrArray *checks, const char *id);
const char *ofl_check_level_id (OflCheckLevel level);

G_END_DECLS
