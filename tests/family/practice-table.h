/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which practice drives are flashed with what, and how the job must end. */
#pragma once

#include "workbench.h"

/**
 * PracticeCase:
 * @id: of the catalogue
 * @revision: what is flashed
 * @variant: of the image; NULL for the plain one
 * @verdict: how a good job ends
 * @readable: the firmware can be read back
 */
typedef struct {
  const char *id;
  const char *revision;
  const char *variant;
  OflVerdict verdict;
  gboolean readable;
} PracticeCase;

static const PracticeCase practice_cases[] = {
  { "bu40n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE },
  { "standard", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "px716", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "premium", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "shd163", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "sd616", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "se506", "TS02", NULL, OFL_VERDICT_VERIFIED, TRUE },
  { "drw1008", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "dvr104", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE },
  { "dvr107", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE },
  { "dvr109", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE },
  { "gma4082n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE },
};

/* A workbench on which nothing but the drive itself can refuse. */
static inline Workbench *
practice_bench (const PracticeCase *which)
{
  Workbench *bench = workbench_new (which->id);

  bench->options->accept_no_backup = TRUE;
  bench->options->accept_warnings = TRUE;
  return bench;
}

static inline const PracticeCase *
practice_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (practice_cases); i++)
    if (g_str_equal (practice_cases[i].id, id))
      return &practice_cases[i];
  return NULL;
}
