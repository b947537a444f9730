/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which practice drives are flashed with what, and how the job must end. */
#pragma once

#include "workbench.h"

G_BEGIN_DECLS

/**
 * PracticeCase:
 * @id: of the catalogue
 * @revision: what is flashed
 * @variant: of the image; NULL for the plain one
 * @verdict: how a good job ends
 * @readable: the firmware can be read back
 * @recovers: a write that broke off anywhere can be made good by the same image: the family's boot
 *   mode is documented (family 4)
 * @schedules: how many schedules of faults it must stand: 1000 for each way of writing, fewer for
 *   further drives of the same way
 * @proved_end: where what is read back does not cover the whole image (MT1959: the ranges of its
 *   own integrity table), it covers @proved_start up to here; 0: the whole
 * @proved_start: its beginning
 * @not_back: what is read from the drive cannot be written to it again: it takes signed files only
 * @shown_later: the drive shows a new revision only after it was without power
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
  gboolean not_back;
  gboolean shown_later;
} PracticeCase;

/* What is known of each drive of the catalogue that can be written, in its order. A drive of which
 * nothing is known here ends the test, unless no firmware can be written to it. */
guint practice_n_cases (void);
const PracticeCase *practice_case (guint index);
/* NULL when no firmware can be written to it */
const PracticeCase *practice_find (const char *id);
/* How many rows the table has. */
guint practice_n_rows (void);

/* Chooses what is off until the user switches it on. */
void practice_switch_on (Workbench *bench);
/* A workbench on which nothing but the drive itself can refuse. */
Workbench *practice_bench (const PracticeCase *which);
/* Whether the chip holds what a success of this family proves. */
gboolean practice_proved (const PracticeCase *which, Workbench *bench, OflImage *image);
/* Whether a drive was mended: the chip says so, and the word for it claims no less than can be known.
 * A family that cannot be read back and whose boot mode a command enters as well leaves nothing to
 * tell by but the revision: "unknown" is the honest word there. */
gboolean practice_is_mended (const PracticeCase *which, Workbench *bench, OflImage *cure,
                             const OflResult *mended);

/* Nothing is public to write it: whatever is tried is refused, and nothing arrives. */
void practice_assert_not_writable (const char *id);
/* One test for each drive of the catalogue, /@name/ID: @func with its case, or the above. */
void practice_add_for_all (const char *name, GTestDataFunc func);

G_END_DECLS
