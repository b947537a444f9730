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
 * @proved_end: where what is read back does not cover the whole image (MT1959: the ranges of its
 *   own integrity table), it covers @proved_start up to here; 0: the whole
 * @proved_start: its beginning
 */
typedef struct {
  const char *id;
  const char *revision;
  const char *variant;
  OflVerdict verdict;
  gboolean readable;
  gboolean recovers;
  guint schedules;
  gsize proved_start, proved_end;
} PracticeCase;

static const PracticeCase practice_cases[] = {
  { "bu40n", "1.03", NULL, OFL_VERDICT_VERIFIED, TRUE, TRUE, 1000, 0x11000, 0x180000 },
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

/* Whether the chip holds what a success of this family proves. */
static inline gboolean
practice_proved (const PracticeCase *which, Workbench *bench, OflImage *image)
{
  if (which->proved_end > 0)
    return workbench_holds (bench, image, which->proved_start, which->proved_end);
  return ofl_practice_drive_holds (bench->device, ofl_image_get_bytes (image));
}

static inline const PracticeCase *
practice_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (practice_cases); i++)
    if (g_str_equal (practice_cases[i].id, id))
      return &practice_cases[i];
  return NULL;
}
