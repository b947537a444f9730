/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stretch of its flash a drive gives away by reads alone: its family's own read plan says so,
 * when that plan does nothing but read. */
#include "link/ofl-link-private.h"

#include <glib/gi18n-lib.h>

#include "families/ofl-families.h"

#define STRETCH_MOST 0x40000u /* bytes: enough to see a rate of errors, and over in seconds */
#define READ_BUFFER 0x3c
#define CAPTURE_FLASH 0 /* a read plan's first capture is the firmware */

/* A step after which the drive is as it was. A poll, a wait, an exchange or one that cleans up means
 * that the plan puts the drive into some other mode. */
static gboolean
only_reads (const OflStep *step)
{
  if (step->cleanup)
    return FALSE;
  if (step->kind == OFL_STEP_CHECK)
    return TRUE;
  return step->kind == OFL_STEP_COMMAND && step->command.dir != OFL_DIR_OUT
         && ofl_command_is_read_only (&step->command)
         && (step->ahead.cdb_len == 0 || ofl_command_is_read_only (&step->ahead));
}

static gboolean
plan_only_reads (const OflPlan *plan)
{
  for (guint i = 0; i < ofl_plan_get_n_steps (plan); i++)
    if (!only_reads (ofl_plan_get_step (plan, i)))
      return FALSE;
  return TRUE;
}

static GArray *
take_commands (const OflPlan *plan)
{
  GArray *commands = g_array_new (FALSE, FALSE, sizeof (OflCommand));
  guint32 bytes = 0;

  for (guint i = 0; i < ofl_plan_get_n_steps (plan) && bytes < STRETCH_MOST; i++)
    {
      const OflStep *step = ofl_plan_get_step (plan, i);

      if (step->kind != OFL_STEP_COMMAND || step->capture != CAPTURE_FLASH
          || step->command.cdb[0] != READ_BUFFER)
        continue;
      g_array_append_val (commands, step->command);
      bytes += step->command.length;
    }
  return commands;
}

/**
 * ofl_link_stretch:
 * @drive: a drive
 * @why_not: (out) (not nullable): why there is none, English, for _(); static
 *
 * Pure: plans, and sends nothing.
 *
 * Returns: (transfer full) (nullable) (element-type OflCommand): commands that read the beginning of
 *   the firmware, in order; %NULL where reading it needs more than reads
 */
GArray *
ofl_link_stretch (const OflSnapshot *drive, const char **why_not)
{
  const char *id = ofl_snapshot_get_family (drive);
  const OflFamily *family = id != NULL ? ofl_families_find (id) : NULL;
  OflCaps caps = ofl_snapshot_get_caps (drive);
  g_autoptr (OflPlan) plan = NULL;

  *why_not = N_ ("No flash was read: how to read this drive's is not known, or is experimental.");
  if (family == NULL || (caps & OFL_CAP_READ) == 0 || (caps & OFL_CAP_EXPERIMENTAL) != 0)
    return NULL;
  plan = ofl_family_plan_read (family, drive, NULL, NULL);
  if (plan == NULL)
    return NULL;
  *why_not = N_ ("No flash was read: this drive gives it away only in another mode, or by commands "
                 "of its maker's own, which are not for a test.");
  if (!plan_only_reads (plan))
    return NULL;
  *why_not = NULL;
  return take_commands (plan);
}
