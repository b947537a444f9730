/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every job that a journal knows. Journals are only read here. */
#include "flash/ofl-history.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "flash/ofl-journal-private.h"

#define PRACTICE_PREFIX "practice:"

/**
 * ofl_past_job_free:
 * @self: (transfer full): a job
 */
void
ofl_past_job_free (OflPastJob *self)
{
  ofl_unfinished_free (self->job);
  g_free (self->kind);
  g_free (self->ended);
  g_free (self->verdict);
  g_free (self->what);
  g_free (self->proof);
  g_free (self->technical);
  g_free (self->evidence);
  g_free (self);
}

/**
 * ofl_past_state_id:
 * @state: whether it ended
 *
 * Returns: its word for machines
 */
const char *
ofl_past_state_id (OflPastState state)
{
  static const char *const ids[] = {
    [OFL_PAST_ENDED] = "ended",           [OFL_PAST_RUNNING] = "running",
    [OFL_PAST_UNFINISHED] = "unfinished", [OFL_PAST_DISMISSED] = "dismissed",
    [OFL_PAST_CLOSED] = "closed",
  };

  return (gsize) state < G_N_ELEMENTS (ids) ? ids[state] : "unknown";
}

/**
 * ofl_past_place_id:
 * @place: what kind of drive it was
 *
 * Returns: its word for machines
 */
const char *
ofl_past_place_id (OflPastPlace place)
{
  static const char *const ids[] = {
    [OFL_PAST_REAL] = "real",
    [OFL_PAST_PRACTICE] = "practice",
    [OFL_PAST_NOWHERE] = "unknown",
  };

  return (gsize) place < G_N_ELEMENTS (ids) ? ids[place] : "unknown";
}

static char *
text_of (JsonObject *record, const char *name)
{
  const char *text = ofl_journal_string (record, name);

  return g_strdup (text != NULL ? text : "");
}

static void
put (char **field, char *text)
{
  g_free (*field);
  *field = text;
}

/* The first end counts: what a user or a later job says of a job that had ended changes nothing. */
static void
take_end (OflPastJob *self, JsonObject *record)
{
  const char *verdict = ofl_journal_string (record, "verdict");

  if (self->state != OFL_PAST_UNFINISHED)
    return;
  put (&self->ended, text_of (record, "at"));
  if (g_strcmp0 (verdict, "dismissed") == 0)
    self->state = OFL_PAST_DISMISSED;
  else if (g_strcmp0 (verdict, "closed-by-a-later-job") == 0)
    self->state = OFL_PAST_CLOSED;
  else
    {
      self->state = OFL_PAST_ENDED;
      put (&self->verdict, text_of (record, "verdict"));
      put (&self->what, text_of (record, "what"));
      put (&self->proof, text_of (record, "proof"));
      put (&self->technical, text_of (record, "technical"));
    }
}

static gboolean
take_line (JsonObject *record, gpointer data)
{
  OflPastJob *self = data;
  const char *event = record != NULL ? ofl_journal_string (record, "event") : NULL;

  if (event == NULL)
    {
      self->job->damaged++;
      return TRUE;
    }
  ofl_unfinished_take_record (self->job, record);
  if (g_str_equal (event, "job"))
    put (&self->kind, text_of (record, "kind"));
  else if (g_str_equal (event, "evidence"))
    put (&self->evidence, text_of (record, "path"));
  else if (g_str_equal (event, "end"))
    take_end (self, record);
  return TRUE;
}

static OflPastPlace
place_of (const OflUnfinished *job)
{
  if (*job->drive_id == '\0')
    return OFL_PAST_NOWHERE;
  return g_str_has_prefix (job->drive_id, PRACTICE_PREFIX) ? OFL_PAST_PRACTICE : OFL_PAST_REAL;
}

static OflPastJob *
read_job (const char *path, guint number)
{
  gboolean running;
  g_autoptr (GByteArray) content = ofl_journal_load (path, &running);
  OflPastJob *self;

  if (content == NULL)
    return NULL;
  self = g_new0 (OflPastJob, 1);
  self->number = number;
  self->state = OFL_PAST_UNFINISHED;
  self->job = ofl_unfinished_new (path);
  self->kind = g_strdup ("");
  self->ended = g_strdup ("");
  self->verdict = g_strdup ("");
  self->what = g_strdup ("");
  self->proof = g_strdup ("");
  self->technical = g_strdup ("");
  self->evidence = g_strdup ("");
  ofl_journal_foreach (content, take_line, self);
  if (running && self->state == OFL_PAST_UNFINISHED)
    self->state = OFL_PAST_RUNNING;
  ofl_unfinished_look_for_backup (self->job);
  self->place = place_of (self->job);
  return self;
}

/**
 * ofl_history_read:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * Reads every journal. What cannot be read of one costs those lines only. Blocks.
 *
 * Returns: (transfer full) (element-type OflPastJob): the oldest first
 */
GPtrArray *
ofl_history_read (const char *state_dir)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_past_job_free);
  g_autoptr (GPtrArray) paths = ofl_journal_list (state_dir);

  for (guint i = 0; i < paths->len; i++)
    {
      OflPastJob *job = read_job (g_ptr_array_index (paths, i), i + 1);

      if (job != NULL)
        g_ptr_array_add (jobs, job);
    }
  return jobs;
}

static const char *
kind_title (const OflPastJob *self)
{
  static const struct {
    const char *kind;
    const char *title;
  } titles[] = {
    { "flash", N_ ("write") },
    { "updater", N_ ("the maker's program") },
    { "backup", N_ ("backup") },
    { "verify", N_ ("comparison") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (self->kind, titles[i].kind))
      return _ (titles[i].title);
  return _ ("job");
}

/**
 * ofl_past_job_title:
 * @self: a job
 *
 * Returns: (transfer full): when, what, and on which drive
 */
char *
ofl_past_job_title (const OflPastJob *self)
{
  g_autofree char *time = ofl_journal_say_time (self->job->began);
  g_autofree char *drive = *self->job->drive_id != '\0'
                               ? g_strdup_printf ("%s (%s)", self->job->drive, self->job->drive_id)
                               : g_strdup (self->job->drive);

  /* Translators: a date or "date not known", then "write", "backup", …, then a drive */
  return g_strdup_printf (_ ("%s: %s, %s"), time != NULL ? time : _ ("date not known"),
                          kind_title (self), drive);
}

/**
 * ofl_past_job_image:
 * @self: a job
 *
 * Returns: what it was to write or to compare with; "" for a job without
 */
const char *
ofl_past_job_image (const OflPastJob *self)
{
  return g_str_equal (self->kind, "backup") ? "" : self->job->image;
}

/**
 * ofl_past_job_writes:
 * @self: a job
 *
 * Returns: whether it was there to change what the drive holds
 */
gboolean
ofl_past_job_writes (const OflPastJob *self)
{
  return ofl_journal_kind_writes (self->kind);
}

static char *
say_unfinished (const OflPastJob *self)
{
  if (ofl_past_job_writes (self) || self->job->stage > OFL_UNFINISHED_READING)
    return ofl_unfinished_describe (self->job);
  return g_strdup (_ ("It never ended. It only read the drive."));
}

/**
 * ofl_past_job_outcome:
 * @self: a job
 *
 * Returns: (transfer full): the verdict's title, or what is known instead
 */
char *
ofl_past_job_outcome (const OflPastJob *self)
{
  OflVerdict verdict;

  switch (self->state)
    {
    case OFL_PAST_RUNNING:
      return g_strdup (_ ("It is running."));
    case OFL_PAST_UNFINISHED:
      return say_unfinished (self);
    case OFL_PAST_DISMISSED:
      return g_strdup (_ ("It never ended. Its user has seen to it."));
    case OFL_PAST_CLOSED:
      return g_strdup (_ ("It never ended. A later job has proved that the drive holds a whole "
                          "firmware."));
    case OFL_PAST_ENDED:
    default:
      return g_strdup (ofl_verdict_parse (self->verdict, &verdict) ? ofl_verdict_title (verdict)
                                                                   : self->verdict);
    }
}

static gboolean
has (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text, -1);

  return strstr (own, folded) != NULL;
}

/**
 * ofl_past_job_matches:
 * @self: a job
 * @text: a drive, or a part of a drive's name, serial, image or verdict; case does not count
 *
 * A text that is a drive's node, as "/dev/sr1", means that one and not "/dev/sr10".
 *
 * Returns: whether it is meant
 */
gboolean
ofl_past_job_matches (const OflPastJob *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  g_autofree char *outcome = ofl_past_job_outcome (self);

  if (g_str_has_prefix (text, "/dev/") || g_str_has_prefix (text, PRACTICE_PREFIX))
    return g_str_equal (self->job->drive_id, text);
  return has (self->job->drive, folded) || has (self->job->drive_id, folded)
         || has (self->job->serial, folded) || has (ofl_past_job_image (self), folded)
         || has (self->job->revision, folded) || has (self->verdict, folded)
         || has (self->kind, folded) || has (ofl_past_state_id (self->state), folded)
         || has (outcome, folded);
}

/**
 * ofl_past_job_read_text:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): the text of its journal, of which only a long one's beginning
 *   and end, as valid UTF-8; %NULL when it is no longer there
 */
char *
ofl_past_job_read_text (const OflPastJob *self)
{
  gboolean running;
  g_autoptr (GByteArray) content = ofl_journal_load (self->job->path, &running);

  if (content == NULL)
    return NULL;
  return g_utf8_make_valid (content->data != NULL ? (const char *) content->data : "",
                            content->data != NULL ? (gssize) content->len : 0);
}
