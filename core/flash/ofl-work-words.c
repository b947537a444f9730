/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a job ended, in words: what happened, what it means for the drive, what to do next. */
#include "flash/ofl-work.h"

#include "scsi/ofl-error.h"

static const struct {
  OflVerdict verdict;
  const char *meaning;
  const char *next;
} words[] = {
  { OFL_VERDICT_VERIFIED,
    "The drive holds the new firmware: every byte that was read back equals the image.",
    "The drive is ready to use. If a program still shows the old revision, let it look again." },
  { OFL_VERDICT_CONFIRMED,
    "The drive reports the new firmware. This family cannot be read back, so its bytes were not "
    "compared.",
    "The drive is ready to use. Try a disc that it read well before." },
  { OFL_VERDICT_UNCHANGED,
    "The drive accepted every command and still holds its old firmware. It works as before.",
    "Nothing needs mending. The drive refuses this image silently: look for one that is made for "
    "exactly this model, or try the family's other choices." },
  { OFL_VERDICT_IDENTICAL,
    "The drive already holds exactly this firmware, so nothing was written.",
    "Nothing to do. To write it all the same, ask for a rewrite." },
  { OFL_VERDICT_UNKNOWN,
    "Nobody can tell from here what the drive holds now.",
    "Leave the drive connected, switch its power off and on, and look at its state again." },
  { OFL_VERDICT_CANCELLED,
    "The drive was not changed: the point of no return had not been reached.",
    "If data was already being sent, switch the drive's power off and on before you use it." },
  { OFL_VERDICT_REFUSED, "Nothing was sent that could change the drive.",
    "Mend what the check says, let Optiflash look at the drive again, and try again." },
  { OFL_VERDICT_FAILED_UNTOUCHED,
    "The drive still holds its old firmware: the point of no return had not been reached.",
    "Switch the drive's power off and on, check its connection, and try again." },
  { OFL_VERDICT_FAILED_RECOVERY,
    "The drive's flash does not hold a whole firmware now. Its boot code is usually still there, so "
    "this can usually be mended.",
    "Leave the drive connected or connect it again, switch its power off and on, choose it in the "
    "list and flash it again, with this image or with the backup." },
  { OFL_VERDICT_DONE, "The drive was only read.", "Keep a copy of the backup on another disk." },
  { OFL_VERDICT_DIFFERENT, "The drive was only read.",
    "The drive holds another firmware than this file, or a part of it differs." },
};

/**
 * ofl_work_describe:
 * @self: a job's work
 *
 * Returns: (transfer full): the drive's name for sentences
 */
char *
ofl_work_describe (const OflWork *self)
{
  const OflSnapshot *drive = self->before != NULL ? self->before : self->expected;

  return drive != NULL ? ofl_identity_name (ofl_snapshot_identity (drive))
                       : g_strdup (ofl_target_get_id (self->target));
}

/**
 * ofl_work_end:
 * @self: a job's work
 * @verdict: how it ended
 * @what: what happened, a sentence
 * @technical: (nullable): the command and sense behind it
 *
 * Returns: (transfer full): the result, with the verdict's meaning and next step
 */
OflResult *
ofl_work_end (OflWork *self, OflVerdict verdict, const char *what, const char *technical)
{
  OflResult *result = ofl_result_new (verdict);

  result->what = g_strdup (what);
  result->technical = g_strdup (technical);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].verdict == verdict)
      {
        result->meaning = g_strdup (words[i].meaning);
        result->next = g_strdup (words[i].next);
      }
  if (self->backup != NULL)
    result->backup_path = g_strdup (self->backup->path);
  if (self->journal != NULL)
    result->journal_path = g_strdup (ofl_journal_get_path (self->journal));
  if (self->before != NULL)
    result->revision_before = g_strdup (ofl_snapshot_identity (self->before)->revision);
  if (self->after != NULL)
    result->revision_after = g_strdup (ofl_snapshot_identity (self->after)->revision);
  return result;
}

/**
 * ofl_work_end_error:
 * @self: a job's work
 * @verdict: how it ended
 * @error: its message says what happened
 * @technical: (nullable): the command and sense behind it
 *
 * Returns: (transfer full): the result
 */
OflResult *
ofl_work_end_error (OflWork *self, OflVerdict verdict, const GError *error, const char *technical)
{
  return ofl_work_end (self, verdict,
                       error != NULL ? error->message : "The job failed without a reason.",
                       technical);
}

/**
 * ofl_work_refuse:
 * @self: a job's work
 * @what: the check that said no, a sentence
 * @next: (nullable): what to do about it; %NULL: what fits every check
 *
 * Returns: (transfer full): the result of a refusal
 */
OflResult *
ofl_work_refuse (OflWork *self, const char *what, const char *next)
{
  OflResult *result = ofl_work_end (self, OFL_VERDICT_REFUSED, what, NULL);

  if (next != NULL)
    {
      g_free (result->next);
      result->next = g_strdup (next);
    }
  return result;
}
