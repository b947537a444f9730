/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a job ended, in words: what happened, what it means for the drive, what to do next. */
#include "flash/ofl-work.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scsi/ofl-error.h"

#define ANY (-1)

/* When a row counts, besides its verdict and the kind of error. */
static gboolean
only_reads (const OflWork *self)
{
  return !ofl_job_kind_writes (self->kind);
}

static gboolean
by_other (const OflWork *self)
{
  return self->kind == OFL_JOB_UPDATER;
}

static gboolean
nothing_sent (const OflWork *self)
{
  return !self->run.wrote;
}

static gboolean
broke_off (const OflWork *self)
{
  return self->run.end == OFL_RUN_FAILED && self->run.danger;
}

/**
 * ofl_work_unanswered:
 * @self: a job's work
 *
 * Returns: whether the command at which the write broke off was not answered by the drive, in time or
 *   because the link failed: whether the drive does what it was told is not known then
 */
gboolean
ofl_work_unanswered (const OflWork *self)
{
  return g_error_matches (self->run.error, OFL_ERROR, OFL_ERROR_TIMEOUT)
         || (self->run.end == OFL_RUN_FAILED && self->run.failed_reply.outcome == OFL_OUTCOME_HOST);
}

static gboolean
unanswered_sending (const OflWork *self)
{
  return ofl_work_unanswered (self) && broke_off (self) && self->write_plan != NULL
         && ofl_plan_get_step (self->write_plan, self->run.failed_step)->stage < OFL_STAGE_VERIFY;
}

static gboolean
broke_off_early (const OflWork *self)
{
  return self->run.end == OFL_RUN_FAILED && !self->run.danger;
}

static gboolean
no_way_back (const OflWork *self)
{
  if (self->family != NULL && ofl_family_keeps_backups (self->family))
    return TRUE;
  return (self->backup == NULL || self->backup->damage.shown != NULL)
         && self->earlier_backup == NULL;
}

static gboolean
gone (const OflWork *self)
{
  return self->after == NULL;
}

static gboolean
unanswered_and_gone (const OflWork *self)
{
  return gone (self) && ofl_work_unanswered (self);
}

static gboolean
gone_without_backup (const OflWork *self)
{
  return gone (self) && no_way_back (self);
}

static gboolean
at_work (const OflWork *self)
{
  return self->after != NULL && ofl_snapshot_identity (self->after)->getting_ready;
}

static gboolean
read_back (const OflWork *self)
{
  return ofl_comparison_get_compared (&self->run.comparison) > 0;
}

/**
 * ofl_work_left_boot:
 * @self: a job's work
 *
 * Returns: whether the drive was in its boot mode before the job and now runs a firmware of the
 *   image's revision, and not whose it is
 */
gboolean
ofl_work_left_boot (const OflWork *self)
{
  g_autofree char *brings = NULL;

  if (self->image == NULL || self->after == NULL
      || ofl_snapshot_get_state (self->before) != OFL_DRIVE_STATE_BOOT
      || ofl_snapshot_get_state (self->after) != OFL_DRIVE_STATE_NORMAL)
    return FALSE;
  brings = ofl_families_image_revision (self->before, self->image);
  return g_strcmp0 (brings, ofl_snapshot_identity (self->after)->revision) == 0;
}

/* Shown through _(); ⟦…⟧ is OFL_DO(), which gettext's tools would not see through. */
#define LEAVE_ON \
  N_ ("Leave the drive connected and switched on, and later ⟦look-again⟧. Switched off now, it " \
      "could be left without a whole firmware.")
#define MAY_BE_AT_WORK \
  N_ ("The drive may still be at work, and nothing here can tell how it will end.")
#define AS_IT_WAS \
  N_ ("The drive holds what it held before this job: the point of no return had not been reached.")
#define ONLY_READ N_ ("The drive was only read: nothing in it was changed.")
#define NEEDS_MENDING \
  N_ ("The drive's flash may not hold a whole firmware now. Its boot code is usually still there, " \
      "so this can usually be mended.")
#define OWN_FOLDER \
  N_ ("Make room in that folder or mend its permissions, and ⟦try-again⟧. The drive is as it was.")

/* The first row that fits counts; the last of each verdict fits always. */
static const struct {
  OflVerdict verdict;
  int code; /* of OFL_ERROR */
  gboolean (*when) (const OflWork *self);
  const char *meaning;
  const char *next;
} words[] = {
  { OFL_VERDICT_VERIFIED, ANY, only_reads, ONLY_READ, N_ ("Nothing needs to be done.") },
  { OFL_VERDICT_VERIFIED, ANY, NULL,
    N_ ("The drive holds the new firmware: every byte that was compared equals the image."),
    N_ ("The drive is ready to use. If a program still shows the old revision, let it look again.") },
  { OFL_VERDICT_CONFIRMED, ANY, NULL,
    N_ ("The drive reports the new revision; its bytes could not be compared."),
    N_ ("Try the drive with discs that it read well before. If it fails there, write a firmware "
        "again.") },
  { OFL_VERDICT_UNCHANGED, ANY, by_other,
    N_ ("What was read back equals what the drive held before."),
    N_ ("The drive is as it was before. Look for a program of its maker that is made for exactly "
        "this model.") },
  { OFL_VERDICT_UNCHANGED, OFL_ERROR_REJECTED, broke_off,
    N_ ("The drive refused what it was sent, and what was read back equals what it held before."),
    N_ ("The drive is as it was before. Look for a firmware that is made for exactly this model, or "
        "try the family's other choices.") },
  { OFL_VERDICT_UNCHANGED, ANY, broke_off,
    N_ ("The drive broke the write off, and what was read back equals what it held before."),
    N_ ("The drive is as it was before. Look for a firmware that is made for exactly this model, or "
        "try the family's other choices.") },
  { OFL_VERDICT_UNCHANGED, ANY, NULL,
    N_ ("The drive accepted every command, and what was read back equals what it held before."),
    N_ ("The drive is as it was before. It did not take this image and gave no reason: look for one "
        "that is made for exactly this model, or try the family's other choices.") },
  { OFL_VERDICT_IDENTICAL, ANY, NULL,
    N_ ("Nothing was written: in everything that was compared the drive holds this firmware "
        "already."),
    N_ ("Nothing needs to be done. To write it all the same, ⟦rewrite⟧.") },

  { OFL_VERDICT_UNKNOWN, OFL_ERROR_STILL_BUSY, NULL, MAY_BE_AT_WORK, LEAVE_ON },
  { OFL_VERDICT_UNKNOWN, ANY, unanswered_and_gone, MAY_BE_AT_WORK, LEAVE_ON },
  { OFL_VERDICT_UNKNOWN, ANY, at_work, MAY_BE_AT_WORK, LEAVE_ON },
  { OFL_VERDICT_UNKNOWN, ANY, gone,
    N_ ("What the drive holds now cannot be told, for it does not answer."),
    N_ ("Leave the drive switched on for some minutes, for it may still be at work, and then "
        "⟦look-again⟧. If it does not come back, check its cable.") },
  { OFL_VERDICT_UNKNOWN, ANY, broke_off_early,
    N_ ("The point of no return had not been reached, but the drive does not show that it holds "
        "what it held before."),
    N_ ("Switch the drive's power off and on, and compare it with the backup.") },
  { OFL_VERDICT_UNKNOWN, ANY, unanswered_sending,
    N_ ("The last command was not answered, but the drive answers again. Whether it has written all "
        "of the image is not known."),
    N_ ("Switch the drive's power off and on, and ⟦look-again⟧. If the drive can be read, compare "
        "it with the file; otherwise look at its revision. If it does not hold the file, "
        "⟦try-again⟧.") },
  { OFL_VERDICT_UNKNOWN, ANY, broke_off,
    N_ ("The image was sent, but not all of it could be read back."),
    N_ ("Compare the drive with the file once more.") },
  { OFL_VERDICT_UNKNOWN, ANY, read_back,
    N_ ("All that the drive is known to need equals the image. Of the bytes that differ no source "
        "says whether the drive keeps its own there."),
    N_ ("To write it once more, ⟦try-again⟧: if the same bytes differ again, they are the drive's "
        "own.") },
  { OFL_VERDICT_UNKNOWN, ANY, ofl_work_left_boot,
    N_ ("The drive runs a firmware of the image's revision. Whether it is this one, or one of the "
        "same revision that it held before, cannot be told from here."),
    N_ ("Try the drive with discs that it read well before. If it fails there, write a firmware "
        "again.") },
  { OFL_VERDICT_UNKNOWN, ANY, NULL,
    N_ ("Whether the drive holds the new firmware or the old one cannot be told from here."),
    N_ ("Switch the drive's power off and on, and ⟦look-again⟧: some drives show a new revision "
        "only then. If the drive does not work as it should, ⟦try-again⟧.") },

  { OFL_VERDICT_CANCELLED, ANY, only_reads, ONLY_READ, N_ ("Nothing needs to be done.") },
  { OFL_VERDICT_CANCELLED, ANY, nothing_sent,
    N_ ("The drive was not changed: nothing was sent that could change it."),
    N_ ("Nothing needs to be done.") },
  { OFL_VERDICT_CANCELLED, ANY, NULL,
    N_ ("The drive was not changed: the point of no return had not been reached."),
    N_ ("Switch the drive's power off and on before you use it: it may have taken a part of the "
        "data.") },
  { OFL_VERDICT_REFUSED, ANY, NULL, N_ ("Nothing was sent that could change the drive."),
    N_ ("Mend what the check says, and ⟦try-again⟧.") },

  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_STORAGE, only_reads, ONLY_READ, OWN_FOLDER },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_NO_BACKUP, only_reads, ONLY_READ, OWN_FOLDER },
  { OFL_VERDICT_FAILED_UNTOUCHED, ANY, only_reads, ONLY_READ,
    N_ ("Check the drive's connection and power, and ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_STORAGE, NULL, AS_IT_WAS, OWN_FOLDER },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_NO_BACKUP, NULL, AS_IT_WAS, OWN_FOLDER },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_NO_ACCESS, NULL, AS_IT_WAS,
    N_ ("Give yourself access to the drive as said above, and ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_BUSY, NULL, AS_IT_WAS,
    N_ ("Close the program that uses the drive, and ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_STILL_BUSY, NULL, AS_IT_WAS,
    N_ ("Wait until the drive is ready, and ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_TIMEOUT, NULL, AS_IT_WAS,
    N_ ("Leave the drive connected and switched on for some minutes, and ⟦look-again⟧. When it "
        "answers, ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, OFL_ERROR_LOST, NULL, AS_IT_WAS,
    N_ ("Connect the drive again, check its cable and power, and ⟦try-again⟧.") },
  { OFL_VERDICT_FAILED_UNTOUCHED, ANY, NULL, AS_IT_WAS,
    N_ ("Switch the drive's power off and on, check its connection, and ⟦try-again⟧.") },

  { OFL_VERDICT_FAILED_RECOVERY, ANY, ofl_work_unanswered, NEEDS_MENDING,
    N_ ("Leave the drive connected and switched on for some minutes, ⟦look-again⟧, and "
        "⟦flash-again⟧, with this image.") },
  { OFL_VERDICT_FAILED_RECOVERY, ANY, gone_without_backup, NEEDS_MENDING,
    N_ ("If the drive still has power, leave it switched on for some minutes: it may be at work "
        "without being seen. Then connect it again, ⟦look-again⟧, and ⟦flash-again⟧, with this "
        "image.") },
  { OFL_VERDICT_FAILED_RECOVERY, ANY, gone, NEEDS_MENDING,
    N_ ("If the drive still has power, leave it switched on for some minutes: it may be at work "
        "without being seen. Then connect it again, ⟦look-again⟧, and ⟦flash-again⟧, with this "
        "image; or ⟦write-backup⟧.") },
  { OFL_VERDICT_FAILED_RECOVERY, ANY, no_way_back, NEEDS_MENDING,
    N_ ("Leave the drive connected or connect it again, switch its power off and on, and "
        "⟦flash-again⟧, with this image.") },
  { OFL_VERDICT_FAILED_RECOVERY, ANY, NULL, NEEDS_MENDING,
    N_ ("Leave the drive connected or connect it again, switch its power off and on, and "
        "⟦flash-again⟧, with this image; or ⟦write-backup⟧.") },
  { OFL_VERDICT_DONE, ANY, NULL, ONLY_READ, N_ ("Keep a copy of the backup on another disk.") },
  { OFL_VERDICT_DIFFERENT, ANY, NULL, ONLY_READ,
    N_ ("If the drive should hold what the file holds, flash it with the file. If it should hold "
        "another firmware, compare it with the file of that one.") },
};

/**
 * ofl_work_get_words:
 * @index: from 0
 * @verdict: (out): how a job ended
 * @next: (out): what may be said then of what to do next
 *
 * All that ends are told with, for a test that reads them.
 *
 * Returns: %FALSE behind the last
 */
gboolean
ofl_work_get_words (guint index, OflVerdict *verdict, const char **next)
{
  if (index >= G_N_ELEMENTS (words))
    return FALSE;
  *verdict = words[index].verdict;
  *next = _ (words[index].next);
  return TRUE;
}

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

static void
find_words (const OflWork *self, int code, OflResult *result)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].verdict == result->verdict && (words[i].code == ANY || words[i].code == code)
        && (words[i].when == NULL || words[i].when (self)))
      {
        result->meaning = g_strdup (_ (words[i].meaning));
        result->next = g_strdup (_ (words[i].next));
        return;
      }
}

static OflResult *
end_with_code (OflWork *self, OflVerdict verdict, int code, OflSentence what, const char *technical)
{
  OflResult *result = ofl_result_new (verdict);

  result->what = what.shown;
  result->record_what = what.english;
  result->technical = g_strdup (technical);
  find_words (self, code, result);
  if (self->backup != NULL && self->backup->damage.shown == NULL)
    result->backup_path = g_strdup (self->backup->path);
  else
    result->backup_path = g_strdup (self->earlier_backup);
  if (self->journal != NULL)
    result->journal_path = g_strdup (ofl_journal_get_path (self->journal));
  if (self->before != NULL)
    result->revision_before = g_strdup (ofl_snapshot_identity (self->before)->revision);
  if (self->after != NULL)
    result->revision_after = g_strdup (ofl_snapshot_identity (self->after)->revision);
  return result;
}

/**
 * ofl_work_end:
 * @self: a job's work
 * @verdict: how it ended
 * @what: (transfer full): what happened
 * @technical: (nullable): the command and sense behind it
 *
 * Returns: (transfer full): the result, with the verdict's meaning and next step
 */
OflResult *
ofl_work_end (OflWork *self, OflVerdict verdict, OflSentence what, const char *technical)
{
  return end_with_code (self, verdict, ANY, what, technical);
}

/**
 * ofl_work_set_next:
 * @result: the result of a job that nobody has seen yet
 * @next: what to do, where that of its verdict does not fit
 */
void
ofl_work_set_next (OflResult *result, const char *next)
{
  g_free (result->next);
  result->next = g_strdup (next);
}

static void
append_sentence (char **text, char *sentence)
{
  char *whole = g_strconcat (*text, " ", sentence, NULL);

  g_free (*text);
  g_free (sentence);
  *text = whole;
}

/**
 * ofl_work_append:
 * @result: the result of a job that nobody has seen yet
 * @sentence: (transfer full): what is to be said behind what happened
 */
void
ofl_work_append (OflResult *result, OflSentence sentence)
{
  append_sentence (&result->what, sentence.shown);
  append_sentence (&result->record_what, sentence.english);
}

/**
 * ofl_work_set_proof:
 * @result: the result of a job that nobody has seen yet
 * @proof: (transfer full): what was compared or seen
 */
void
ofl_work_set_proof (OflResult *result, OflSentence proof)
{
  result->proof = proof.shown;
  result->record_proof = proof.english;
}

/**
 * ofl_work_end_error:
 * @self: a job's work
 * @verdict: how it ended
 * @error: (nullable): its message says what happened, its code what to do next
 * @technical: (nullable): the command and sense behind it
 *
 * Returns: (transfer full): the result
 */
OflResult *
ofl_work_end_error (OflWork *self, OflVerdict verdict, const GError *error, const char *technical)
{
  int code = ANY;

  if (error != NULL && error->domain == OFL_ERROR)
    code = error->code == OFL_ERROR_EXISTS ? OFL_ERROR_STORAGE : error->code;
  else if (error != NULL && (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR))
    code = OFL_ERROR_STORAGE;
  return end_with_code (self, verdict, code,
                        error != NULL ? ofl_work_say_error (error)
                                      : OFL_SAY (_ ("The job failed without a reason.")),
                        technical);
}

/**
 * ofl_work_say_error:
 * @error: an error
 *
 * Returns: (transfer full): what it says
 */
OflSentence
ofl_work_say_error (const GError *error)
{
  return (OflSentence){ g_strdup (error->message), g_strdup (ofl_error_english (error)) };
}

/**
 * ofl_work_refuse:
 * @self: a job's work
 * @what: (transfer full): the check that said no
 * @next: (nullable): what to do about it; %NULL: what fits every check
 *
 * Returns: (transfer full): the result of a refusal
 */
OflResult *
ofl_work_refuse (OflWork *self, OflSentence what, const char *next)
{
  OflResult *result = ofl_work_end (self, OFL_VERDICT_REFUSED, what, NULL);

  if (next != NULL)
    ofl_work_set_next (result, next);
  return result;
}

static gboolean
advises (const OflReply *reply, const char *const *parts)
{
  gpointer before = ofl_english_begin ();
  const char *advice = ofl_reply_next_step (reply);

  ofl_english_end (before);
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (advice, parts[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Said by the verdict's own next step already, or too little to stand beside it. */
static gboolean
adds_nothing (const OflReply *reply)
{
  static const char *const general[] = { /* as an id is compared, in English */ "Try again.",
                                         "Nothing needs", "Wait a moment",
                                         "Unless firmware is just being written", NULL };

  return advises (reply, general);
}

/* Whether its power stays on, and whether it is written again, is the verdict's to say once a drive
 * was written to: the drive's reason knows nothing of that. */
static gboolean
contradicts (const OflReply *reply)
{
  static const char *const parts[] = { /* as an id is compared */ "off and on", "switch it off",
                                       "Unplug", "does not take this way", NULL };

  return advises (reply, parts);
}

static gboolean
may_try_again (const OflReply *reply)
{
  static const char *const parts[]
      = { /* as an id is compared */ "Nothing needs", "Do not force it", NULL };

  return !advises (reply, parts);
}

/**
 * ofl_work_advise:
 * @result: how a job ended
 * @reply: the answer that it failed at, zeroed when there was none
 *
 * What the drive gave as its reason is the best advice there is. An untouched drive needs no other;
 * for one that was written to, the verdict's own next step comes first.
 */
void
ofl_work_advise (OflResult *result, const OflReply *reply)
{
  const char *advice = ofl_reply_next_step (reply);
  char *next;

  if (advice == NULL)
    return;
  if (result->verdict == OFL_VERDICT_FAILED_UNTOUCHED)
    next = may_try_again (reply)
               ? g_strconcat (advice, " ", _ ("To start over, ⟦try-again⟧."), NULL)
               : g_strdup (advice);
  else if (adds_nothing (reply))
    return;
  else if (result->verdict == OFL_VERDICT_UNCHANGED
           || ((result->verdict == OFL_VERDICT_FAILED_RECOVERY
                || result->verdict == OFL_VERDICT_UNKNOWN)
               && !contradicts (reply)))
    next = g_strconcat (result->next != NULL ? result->next : "", " ", advice, NULL);
  else
    return;
  g_free (result->next);
  result->next = next;
}
