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
 * @recovers: a write that broke off anywhere can be made good by the same image: the family's boot
 *   mode is documented (protocols.md 12)
 * @schedules: how many schedules of faults it must stand: 1000 for each way of writing, fewer for
 *   further drives of the same way
 */
typedef struct {
  const char *id;
  const char *revision;
  const char *variant;
  OflVerdict verdict;
  gboolean readable;
  gboolean recovers;
  guint schedules;
} PracticeCase;

static const PracticeCase practice_cases[] = {
  { "bu40n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000 },
  { "standard", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 1000 },
  { "px716", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "premium", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "shd163", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "sd616", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "se506", "TS02", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000 },
  { "drw1008", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "dvr104", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE, FALSE, 1000 },
  { "dvr107", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 200 },
  { "dvr109", "1.03", "set", OFL_VERDICT_CONFIRMED, FALSE, FALSE, 200 },
  { "gma4082n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, FALSE, 1000 },
  { "nd1100", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd6500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd2500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd3500", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000 },
  { "nd3550", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "nd3570", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7170", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7200", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7240", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "ad7280", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 200 },
  { "bc5500", "1.03", NULL, OFL_VERDICT_CONFIRMED, FALSE, TRUE, 200 },
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
