/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all schedules of a drive share: its image, and what a good job on it does. */
#include "practice/ofl-practice-port.h"
#include "trial.h"

/**
 * campaign_learn:
 * @campaign: a campaign with its drive and its case
 *
 * A job without faults tells which commands faults may strike, and what the family can do.
 */
void
campaign_learn (Campaign *campaign)
{
  g_autoptr (Workbench) bench = practice_bench (campaign->which);
  g_autoptr (OflResult) result = NULL;

  campaign->image = trial_image (campaign, campaign->which->revision, FALSE);
  campaign->lesson.sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  ofl_practice_port_set_watch (bench->port, lesson_learn, &campaign->lesson);
  result = workbench_run (bench, OFL_JOB_FLASH, campaign->image);
  ofl_practice_port_set_watch (bench->port, NULL, NULL);
  campaign->lesson.n_writes = ofl_practice_drive_get_n_writes (bench->device);
  campaign->readable = result->verdict == OFL_VERDICT_VERIFIED;
  g_assert_cmpstr (ofl_verdict_id (result->verdict), ==, ofl_verdict_id (campaign->which->verdict));
}

/**
 * campaign_clear:
 * @campaign: a campaign that is over
 */
void
campaign_clear (Campaign *campaign)
{
  g_clear_pointer (&campaign->image, ofl_image_unref);
  g_clear_pointer (&campaign->backup, g_free);
  g_clear_pointer (&campaign->lesson.sent, g_array_unref);
}
