/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way leads back to a drive whose write broke off. What is known of the drive, of the job and of
 * the files goes in; nothing is sent, and what each family's drives need stands in its table. */
#include "flash/ofl-recovery.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-journal-private.h"

static void
way_free (gpointer data)
{
  OflRecoveryWay *way = data;

  g_free (way->path);
  g_clear_pointer (&way->image, ofl_image_unref);
  g_free (way->sentence);
  g_free (way->remedy);
  g_free (way);
}

/**
 * ofl_recovery_free:
 * @self: (transfer full): what is known of a drive
 */
void
ofl_recovery_free (OflRecovery *self)
{
  g_free (self->seen);
  g_free (self->meaning);
  g_ptr_array_unref (self->ways);
  g_free (self->mends);
  g_free (self->elsewhere);
  g_free (self->never);
  g_free (self);
}

/**
 * ofl_recovery_need_id:
 * @need: what has to be done
 *
 * Returns: its word for machines
 */
const char *
ofl_recovery_need_id (OflRecoveryNeed need)
{
  static const char *const ids[] = { "reach", "close", "mend" };

  return (gsize) need < G_N_ELEMENTS (ids) ? ids[need] : "unknown";
}

/**
 * ofl_recovery_kind_id:
 * @kind: what is written
 *
 * Returns: its word for machines
 */
const char *
ofl_recovery_kind_id (OflRecoveryKind kind)
{
  static const char *const ids[] = { "same-image", "backup", "other-image" };

  return (gsize) kind < G_N_ELEMENTS (ids) ? ids[kind] : "unknown";
}

/* A write that ended, and left the drive in need of something or nobody sure of it. */
static gboolean
ended_badly (const OflPastJob *past)
{
  return past->job->stage > OFL_UNFINISHED_READING
         && (g_str_equal (past->verdict, ofl_verdict_id (OFL_VERDICT_FAILED_RECOVERY))
             || g_str_equal (past->verdict, ofl_verdict_id (OFL_VERDICT_UNKNOWN)));
}

/* How far it came; a part of the journal that cannot be read may have told more. */
static OflUnfinishedStage
stage_of (const OflUnfinished *job)
{
  return job->damaged > 0 ? MAX (job->stage, OFL_UNFINISHED_DANGER) : job->stage;
}

/* After these what an earlier job of this drive left is over, or its user has seen to it. Who dismisses
 * a job that had changed nothing has not seen to an earlier one that had. */
static gboolean
is_over (const OflPastJob *past)
{
  static const OflVerdict successes[]
      = { OFL_VERDICT_VERIFIED, OFL_VERDICT_CONFIRMED, OFL_VERDICT_IDENTICAL };

  if (past->state == OFL_PAST_DISMISSED)
    return stage_of (past->job) >= OFL_UNFINISHED_DANGER;
  if (past->state == OFL_PAST_CLOSED)
    return ofl_past_job_writes (past);
  for (guint i = 0; i < G_N_ELEMENTS (successes); i++)
    if (past->state == OFL_PAST_ENDED && g_str_equal (past->verdict, ofl_verdict_id (successes[i])))
      return TRUE;
  return FALSE;
}

static gboolean
broke_off (const OflPastJob *past)
{
  if (past->state == OFL_PAST_ENDED)
    return ended_badly (past);
  return past->state == OFL_PAST_UNFINISHED
         && (ofl_past_job_writes (past) || past->job->stage > OFL_UNFINISHED_READING);
}

/* A place alone may have been another drive's meanwhile. */
static gboolean
is_same_drive (const OflUnfinished *a, const OflUnfinished *b)
{
  if (*a->serial != '\0' && *b->serial != '\0')
    return g_str_equal (a->serial, b->serial);
  return g_str_equal (a->drive_id, b->drive_id) && g_str_equal (a->drive, b->drive);
}

static gboolean
is_covered (const OflPastJob *past, const GPtrArray *over)
{
  for (guint i = 0; i < over->len; i++)
    if (is_same_drive (((const OflPastJob *) g_ptr_array_index (over, i))->job, past->job))
      return TRUE;
  return FALSE;
}

static gboolean
is_of (const OflUnfinished *job, const OflIdentity *identity, const char *drive_id)
{
  return ofl_unfinished_is_of (job, identity, drive_id)
         || (identity == NULL && *job->serial != '\0' && g_str_equal (job->serial, drive_id));
}

/* The newest that may have changed the drive, else the newest: a later try that broke off before it
 * wrote anything has mended nothing. */
static OflPastJob *
find_broken (const GPtrArray *jobs, const OflIdentity *identity, const char *drive_id)
{
  g_autoptr (GPtrArray) over = g_ptr_array_new ();
  OflPastJob *harmless = NULL;

  for (guint i = jobs->len; i > 0; i--)
    {
      OflPastJob *past = g_ptr_array_index (jobs, i - 1);

      if (!is_of (past->job, identity, drive_id))
        continue;
      if (is_over (past))
        g_ptr_array_add (over, past);
      else if (broke_off (past) && !is_covered (past, over))
        {
          if (stage_of (past->job) >= OFL_UNFINISHED_DANGER)
            return past;
          harmless = harmless != NULL ? harmless : past;
        }
    }
  return harmless;
}

/**
 * ofl_recovery_find_in:
 * @jobs: (element-type OflPastJob): all jobs, the oldest first
 * @identity: (nullable): who a drive says it is; %NULL when it does not answer
 * @drive_id: where it is, or its serial
 *
 * ofl_recovery_find_job() in journals that were read already.
 *
 * Returns: (transfer none) (nullable): that job
 */
const OflPastJob *
ofl_recovery_find_in (const GPtrArray *jobs, const OflIdentity *identity, const char *drive_id)
{
  return find_broken (jobs, identity, drive_id);
}

/**
 * ofl_recovery_is_open:
 * @jobs: (element-type OflPastJob): all jobs, the oldest first
 * @index: which of them
 *
 * Returns: whether it broke off, or ended and left its drive in need of something, and no later job of
 *   the same drive made that good
 */
gboolean
ofl_recovery_is_open (const GPtrArray *jobs, guint index)
{
  const OflPastJob *past = g_ptr_array_index (jobs, index);

  if (is_over (past) || !broke_off (past))
    return FALSE;
  for (guint i = index + 1; i < jobs->len; i++)
    {
      const OflPastJob *later = g_ptr_array_index (jobs, i);

      if (is_over (later) && is_same_drive (later->job, past->job))
        return FALSE;
    }
  return TRUE;
}

/**
 * ofl_recovery_find_job:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 * @identity: (nullable): who a drive says it is; %NULL when it does not answer
 * @drive_id: where it is, or its serial
 * @ended: (out): it has an end: the drive needed something then
 *
 * Looks for the newest write to this drive that broke off past its point of no return, and where there
 * is none for one that broke off before: one that never ended, or one that ended and left the drive in
 * need of recovery, or nobody sure of it, and that no later success of the same drive made good.
 * Blocks: reads files.
 *
 * Returns: (transfer full) (nullable): that job
 */
OflUnfinished *
ofl_recovery_find_job (const char *state_dir, const OflIdentity *identity, const char *drive_id,
                       gboolean *ended)
{
  g_autoptr (GPtrArray) jobs = ofl_history_read (state_dir);
  OflPastJob *past = find_broken (jobs, identity, drive_id);
  OflUnfinished *job;

  if (past == NULL)
    return NULL;
  *ended = past->state == OFL_PAST_ENDED;
  job = past->job;
  past->job = ofl_unfinished_new (job->path);
  return job;
}

static const char *
revision_of (const OflRecoveryCase *about)
{
  return ofl_snapshot_identity (about->drive)->revision;
}

static gboolean
can (const OflRecoveryCase *about, OflCaps what)
{
  return about->drive != NULL && (ofl_snapshot_get_caps (about->drive) & what) != 0;
}

static char *
say_unseen (const OflRecoveryCase *about)
{
  const char *why = about->why != NULL ? about->why : "";

  if (!about->present)
    return g_strdup (_ ("The drive is gone: nothing is connected where it was."));
  switch (about->state)
    {
    case OFL_DRIVE_STATE_GARBLED:
      return g_strdup_printf (_ ("What the drive answers cannot be trusted: %s"), why);
    case OFL_DRIVE_STATE_BUSY:
      return g_strdup_printf (_ ("The drive is in use: %s"), why);
    case OFL_DRIVE_STATE_SILENT:
      return g_strdup_printf (_ ("The drive is there and does not answer: %s"), why);
    case OFL_DRIVE_STATE_NORMAL:
    case OFL_DRIVE_STATE_BOOT:
    case OFL_DRIVE_STATE_UNKNOWN:
    default:
      return g_strdup_printf (_ ("The drive could not be looked at: %s"), why);
    }
}

/* What a drive that was being written may still be doing. */
static const char *
how_to_reach (const OflRecoveryCase *about)
{
  gboolean at_work = about->job != NULL && stage_of (about->job) == OFL_UNFINISHED_DANGER;

  if (about->present && about->state == OFL_DRIVE_STATE_BUSY)
    return _ ("Let the program that has it end or close it, and look again.");
  if (about->present && about->state == OFL_DRIVE_STATE_GARBLED)
    return _ ("Nothing is written over such a link. Replace the cable, try another port or adapter "
              "and other power, and look again.");
  if (at_work)
    return _ (
        "If it has power, leave it switched on for some minutes first: it may still be at work "
        "without being seen. Then switch its power off and on, check its cable, try another "
        "port, and look again.");
  return _ ("Switch its power off and on, check its cable, try another port, and look again.");
}

static void
judge_unseen (const OflRecoveryCase *about, OflRecovery *self)
{
  self->need = OFL_RECOVERY_REACH;
  self->state = about->present ? ofl_drive_state_id (about->state) : "gone";
  self->seen = say_unseen (about);
  self->meaning = g_strdup (how_to_reach (about));
}

/* A command puts some drives into this mode; without power they leave it. */
static gboolean
may_leave_boot (const OflRecoveryCase *about)
{
  return about->job != NULL && stage_of (about->job) < OFL_UNFINISHED_DANGER
         && !g_str_equal (about->job->revision, revision_of (about));
}

static void
judge_boot (const OflRecoveryCase *about, OflRecovery *self)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (about->drive));

  self->need = OFL_RECOVERY_MEND;
  self->seen = g_strdup_printf (
      _ ("Only the drive's boot code answers (boot, kernel or safe mode, revision %s): its firmware "
         "does not run."),
      revision_of (about));
  if (may_leave_boot (about))
    self->meaning
        = g_strdup (_ ("The write broke off before the point of no return, so its firmware "
                       "should be whole: switch its power off and on first, and look again."));
  else if (can (about, OFL_CAP_RECOVER) && family != NULL)
    /* Translators: what a family's knowledge rests on, such as "one source" */
    self->meaning
        = g_strdup_printf (_ ("It can probably be mended: its boot code takes a firmware, by "
                              "a public way (evidence: %s)."),
                           ofl_family_evidence (family));
  else if (can (about, OFL_CAP_WRITE))
    self->meaning = g_strdup (_ ("Whether its boot code takes a firmware no source says; it may."));
  else
    self->meaning = g_strdup (_ ("Nobody knows a public way to write it like this."));
}

/* Whether it names the revision that the image brings, and did not before. */
static gboolean
shows_image (const OflRecoveryCase *about)
{
  const OflUnfinished *job = about->job;

  return *job->image_revision != '\0' && g_str_equal (job->image_revision, revision_of (about))
         && !g_str_equal (job->image_revision, job->revision);
}

static void
close_it (OflRecovery *self, char *meaning)
{
  self->need = OFL_RECOVERY_CLOSE;
  self->meaning = meaning;
}

/* A drive that answers as itself, after the point of no return. */
static void
judge_written (const OflRecoveryCase *about, OflRecovery *self)
{
  gboolean taken = stage_of (about->job) == OFL_UNFINISHED_WRITTEN;
  gboolean readable = can (about, OFL_CAP_READ);

  if (shows_image (about) && !readable)
    close_it (self,
              g_strdup_printf (
                  _ ("It names the image's revision, and before the write it named %s: it runs "
                     "the new firmware. Its bytes cannot be compared."),
                  about->job->revision));
  else if (shows_image (about) && taken)
    close_it (self,
              g_strdup_printf (
                  _ ("It had taken all of the image and names its revision; before the write it "
                     "named %s. A comparison with the file proves it."),
                  about->job->revision));
  else if (shows_image (about))
    self->meaning
        = g_strdup (_ ("It names the image's revision, but the write broke off before the "
                       "drive was safe again. What it holds is read first: nothing is "
                       "written where it holds the image already."));
  else
    self->meaning
        = g_strdup (_ ("The write broke off past the point of no return, and nothing that "
                       "the drive says of itself shows that it holds a whole firmware."));
}

/* A drive whose firmware is broken may still answer, as none of its family would. */
static char *
say_normal (const OflRecoveryCase *about)
{
  g_autofree char *name = ofl_identity_name (ofl_snapshot_identity (about->drive));

  if (about->job != NULL && *about->job->family != '\0'
      && ofl_snapshot_get_family (about->drive) == NULL)
    return g_strdup_printf (_ ("The drive answers, but not as %s any more: it calls itself “%s”, "
                               "revision “%s”."),
                            about->job->drive, name, revision_of (about));
  return g_strdup_printf (_ ("The drive answers as itself: %s, revision %s."), name,
                          revision_of (about));
}

static void
judge_normal (const OflRecoveryCase *about, OflRecovery *self)
{
  const OflUnfinished *job = about->job;
  OflUnfinishedStage stage = job != NULL ? stage_of (job) : OFL_UNFINISHED_READING;

  self->need = OFL_RECOVERY_MEND;
  self->seen = say_normal (about);
  if (job == NULL)
    close_it (self, g_strdup (_ ("No write to it is known that broke off: nothing needs to be "
                                 "mended.")));
  else if (stage == OFL_UNFINISHED_READING)
    close_it (self,
              g_strdup (_ ("The job broke off while the drive was only read, so its firmware is "
                           "what it was: nothing needs to be mended.")));
  else if (stage == OFL_UNFINISHED_BEGUN && g_str_equal (job->revision, revision_of (about)))
    close_it (self, g_strdup (_ ("The job broke off before the point of no return, and the drive "
                                 "names the revision that it had before: nothing needs to be "
                                 "mended.")));
  else if (stage == OFL_UNFINISHED_BEGUN)
    self->meaning = g_strdup_printf (
        _ ("The job broke off before the point of no return, and yet the drive names revision %s; "
           "before the job it named %s. Somebody else has changed it, or its journal has lost its "
           "end."),
        revision_of (about), job->revision);
  else
    judge_written (about, self);
}

static OflRecoveryWay *
add_way (OflRecovery *self, OflRecoveryKind kind, const char *path)
{
  OflRecoveryWay *way = g_new0 (OflRecoveryWay, 1);

  way->kind = kind;
  way->path = g_strdup (path);
  g_ptr_array_add (self->ways, way);
  return way;
}

/* As a write would be: what the checks refuse for good, or what makes no plan, is no way. */
static void
judge_way (const OflRecoveryCase *about, OflRecoveryWay *way, const char *open)
{
  const OflFamily *family = ofl_families_find (ofl_snapshot_get_family (about->drive));
  g_autoptr (OflJudgement) judgement
      = ofl_families_judge (about->drive, way->image, about->choices);
  g_autoptr (OflPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  if (!ofl_judgement_allows (judgement, TRUE))
    {
      const OflReason *worst = ofl_judgement_get_worst (judgement);

      way->sentence = g_strdup (worst->sentence);
      way->remedy = g_strdup (worst->remedy);
      return;
    }
  plan = ofl_family_plan_write (family, judgement, &error);
  way->open = plan != NULL;
  way->sentence = g_strdup (way->open ? open : error->message);
}

static void
add_file (const OflRecoveryCase *about, OflRecovery *self, OflRecoveryKind kind,
          OflRecoveryFile *file, const char *open)
{
  OflRecoveryWay *way = add_way (self, kind, file->path);

  way->own = file->own;
  way->image = g_steal_pointer (&file->image);
  if (way->image != NULL)
    judge_way (about, way, open);
  else
    way->sentence = g_steal_pointer (&file->problem);
}

static void
add_ways (const OflRecoveryCase *about, OflRecovery *self)
{
  g_auto (OflRecoveryFile) image = { 0 };
  g_auto (OflRecoveryFile) backup = { 0 };
  OflRecoveryWay *other;

  if (about->job != NULL)
    {
      ofl_recovery_find_image (about, &image);
      add_file (about, self, OFL_RECOVERY_SAME_IMAGE, &image,
                _ ("The image that was being written is still there, with the same SHA-256."));
    }
  ofl_recovery_find_backup (about, &backup);
  add_file (
      about, self, OFL_RECOVERY_BACKUP, &backup,
      backup.own
          ? _ ("The drive's own backup is there and whole, by size and SHA-256 of every file.")
          : _ ("A backup is there and whole, by size and SHA-256 of every file; whether it is "
               "this very drive's, nothing tells."));
  other = add_way (self, OFL_RECOVERY_OTHER_IMAGE, "");
  other->open = TRUE;
  other->sentence
      = g_strdup (_ ("Any firmware that is made for exactly this model will do, if you have one."));
}

static void
take_family_words (const OflRecoveryCase *about, OflRecovery *self)
{
  const char *id = about->drive != NULL ? ofl_snapshot_get_family (about->drive) : NULL;
  const OflFamily *family;

  if (id == NULL && about->job != NULL)
    id = about->job->family;
  family = id != NULL ? ofl_families_find (id) : NULL;
  if (family == NULL)
    return;
  self->mends = ofl_family_recovery (family, "recovery");
  self->elsewhere = ofl_family_recovery (family, "recovery-elsewhere");
  self->never = ofl_family_recovery (family, "recovery-never");
}

/**
 * ofl_recovery_examine:
 * @about: all that is known of a drive
 *
 * Says in which state the drive is, what that means, and which ways lead back, the best first.
 * Sends nothing. Blocks: reads files, so call it on a worker thread.
 *
 * Returns: (transfer full): what is known
 */
OflRecovery *
ofl_recovery_examine (const OflRecoveryCase *about)
{
  OflRecovery *self = g_new0 (OflRecovery, 1);

  self->ways = g_ptr_array_new_with_free_func (way_free);
  take_family_words (about, self);
  if (about->drive == NULL || !about->present
      || (about->state != OFL_DRIVE_STATE_NORMAL && about->state != OFL_DRIVE_STATE_BOOT))
    {
      judge_unseen (about, self);
      return self;
    }
  self->state = ofl_drive_state_id (about->state);
  if (about->state == OFL_DRIVE_STATE_BOOT)
    judge_boot (about, self);
  else
    judge_normal (about, self);
  if (can (about, OFL_CAP_WRITE))
    add_ways (about, self);
  return self;
}

/**
 * ofl_recovery_get_way:
 * @self: what is known of a drive
 * @kind: what would be written
 *
 * Returns: (nullable): that way, whether or not it can be gone; %NULL when it is none
 */
const OflRecoveryWay *
ofl_recovery_get_way (const OflRecovery *self, OflRecoveryKind kind)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const OflRecoveryWay *way = g_ptr_array_index (self->ways, i);

      if (way->kind == kind)
        return way;
    }
  return NULL;
}

/**
 * ofl_recovery_get_best:
 * @self: what is known of a drive
 *
 * Returns: (nullable): the first way that can be gone with a file that is known
 */
const OflRecoveryWay *
ofl_recovery_get_best (const OflRecovery *self)
{
  for (guint i = 0; i < self->ways->len; i++)
    {
      const OflRecoveryWay *way = g_ptr_array_index (self->ways, i);

      if (way->open && way->image != NULL)
        return way;
    }
  return NULL;
}
