/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could stand in the command line next, for the completions of shells. */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * OflCtlVerbRow:
 * @name: the verb
 * @run: what it does
 * @least: fewest arguments
 * @most: most arguments
 * @takes: #OflCtlTakes, its options
 * @usage: its arguments, a word each; completion reads them, too
 * @summary: what it is for, to be translated
 * @is_job: its verdict counts, whether or not it can be printed
 */
typedef struct {
  const char *name;
  OflCtlVerb run;
  guint least, most;
  guint takes;
  const char *usage;
  const char *summary;
  gboolean is_job;
} OflCtlVerbRow;

int ofl_ctl_complete (const OflCtlVerbRow *verbs, guint n_verbs, char **words);

G_END_DECLS
