/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drive itself: a disc in it, who holds it, an earlier job of it that never ended. */
#include "flash/ofl-preflight-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "flash/ofl-journal.h"

/* Of which drives nothing is asked about discs. The standard's way knows no gate against discs (scsi
 * 1.1), and a device that is no optical drive always has its medium: who accepts that family's
 * warnings accepts this one. A boot code need not know what a disc is; what may be asked of it is the
 * family's to plan. */
static gboolean
asks_no_readiness (const OflSnapshot *drive, gboolean accept_warnings)
{
  return ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT
         || ((ofl_snapshot_get_caps (drive) & OFL_CAP_EXPERT) != 0 && accept_warnings);
}

/**
 * ofl_preflight_disc:
 * @drive: a drive
 * @accept_warnings: the user has overridden soft refusals
 * @sentence: (out) (transfer full): what is known of a disc
 * @remedy: (out) (nullable): what to do about it
 *
 * Whether a disc in the drive, or that the drive is still getting ready so that nobody knows, keeps it
 * from being written. One source for the job's refusal and for what is said before.
 *
 * Returns: %OFL_CHECK_BLOCKS when the write will be refused because of it
 */
OflCheckLevel
ofl_preflight_disc (const OflSnapshot *drive, gboolean accept_warnings, OflSentence *sentence,
                    const char **remedy)
{
  const OflIdentity *id = ofl_snapshot_identity (drive);

  *remedy = NULL;
  if (asks_no_readiness (drive, accept_warnings))
    {
      *sentence = OFL_SENTENCE (g_strdup (
          ofl_snapshot_get_state (drive) == OFL_DRIVE_STATE_BOOT
              ? _ ("Only the drive's boot code runs: nothing depends on whether a disc is in it.")
              : _ ("Nothing depends on whether a disc is in the drive: the standard's way knows no "
                   "such check.")));
      return OFL_CHECK_NOTE;
    }
  if (id->getting_ready)
    {
      *sentence = OFL_SAY (_ ("The drive is getting ready (it says so by 02/04) and was "
                              "not in the seconds that it was given."));
      *remedy = _ ("Wait until it is quiet, and try again. If a disc is in it, take that "
                   "out.");
      return OFL_CHECK_BLOCKS;
    }
  if (id->medium)
    {
      *sentence = OFL_SAY (_ ("The drive says that a disc is in it."));
      *remedy = _ ("Take it out and try again. If there is none, switch the drive's "
                   "power off and on first.");
      return OFL_CHECK_BLOCKS;
    }
  if (id->tray_open)
    {
      *sentence = OFL_SAY (_ ("No disc is in the drive; its tray is open."));
      *remedy = _ ("Close it before you begin.");
      return OFL_CHECK_NOTE;
    }
  *sentence = OFL_SAY (_ ("No disc is in the drive."));
  return OFL_CHECK_OK;
}

void
ofl_preflight_add_disc (GPtrArray *checks, const OflSnapshot *drive, gboolean accept_warnings)
{
  OflSentence sentence;
  const char *remedy;
  OflCheckLevel level = ofl_preflight_disc (drive, accept_warnings, &sentence, &remedy);

  ofl_checks_add (checks, "disc", level, sentence, remedy);
}

static OflCheckLevel
level_of_weight (OflHolderWeight weight)
{
  switch (weight)
    {
    case OFL_HOLDER_BLOCKS:
      return OFL_CHECK_BLOCKS;
    case OFL_HOLDER_WARNING:
      return OFL_CHECK_CAUTION;
    case OFL_HOLDER_REMARK:
    default:
      return OFL_CHECK_NOTE;
    }
}

static void
add_holder (GPtrArray *checks, const OflHolder *holder)
{
  g_autofree char *remedy = NULL;
  OflCheck *check;

  if (holder->remedy != NULL)
    /* Translators: a line to be typed */
    remedy = g_strdup_printf (_ ("In a terminal: %s"), holder->remedy);
  check = ofl_checks_add (checks, "holder", level_of_weight (holder->weight),
                          OFL_SENTENCE (ofl_holder_describe (holder)), remedy);
  check->technical
      = g_strdup_printf ("%s %s", ofl_holder_kind_id (holder->kind), holder->where); /* technical */
}

/* A practice drive has no nodes. What this process holds it does not wait for; and a job has the drive
 * for itself by now, with a process of its own that keeps it: the Optiflash that is seen is the job. */
void
ofl_preflight_add_holders (GPtrArray *checks, const OflTarget *target, const OflHolderRoots *roots,
                           OflPreflightScope scope)
{
  g_autoptr (GPtrArray) holders = NULL;
  gboolean held = FALSE;

  if (ofl_target_is_practice (target))
    return;
  holders = ofl_holders_find (target, roots);
  for (guint i = 0; i < holders->len; i++)
    {
      const OflHolder *holder = g_ptr_array_index (holders, i);

      if (holder->pid == (guint64) getpid ()
          || (scope == OFL_PREFLIGHT_AROUND && holder->kind == OFL_HOLDER_OPTIFLASH))
        continue;
      held |= holder->weight != OFL_HOLDER_REMARK;
      add_holder (checks, holder);
    }
  if (!held)
    ofl_checks_add (checks, "holder", OFL_CHECK_OK,
                    OFL_SAY (_ ("Nobody is seen to hold the drive, and nothing keeps it from this "
                                "user.")),
                    NULL);
}

void
ofl_preflight_add_unfinished (GPtrArray *checks, const OflTarget *target, const OflSnapshot *drive,
                              const char *state_dir)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (state_dir);
  const OflIdentity *id = drive != NULL ? ofl_snapshot_identity (drive) : NULL;
  gboolean found = FALSE;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);

      if (!ofl_unfinished_is_of (job, id, ofl_target_get_id (target)))
        continue;
      found = TRUE;
      ofl_checks_add (checks, "unfinished", OFL_CHECK_CAUTION,
                      OFL_SENTENCE (ofl_unfinished_describe (job)), NULL)
          ->technical
          = g_strdup (job->path);
    }
  if (!found)
    ofl_checks_add (checks, "unfinished", OFL_CHECK_OK,
                    OFL_SAY (_ ("No earlier write to this drive is unfinished.")), NULL);
}
