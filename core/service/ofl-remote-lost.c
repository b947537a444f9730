/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service has gone while the job ran, or the job ended and another program dismissed it before this
 * one had read its end: nobody knows more than the journal. Where that has the end, it is the end; else
 * what was last heard of it is a moment old, so only a job that never writes has left the drive
 * untouched. */
#include "service/ofl-remote-lost.h"

#include <glib/gi18n-lib.h>

#include "flash/ofl-history.h"
#include "flash/ofl-journal.h"

/* The service's files are closed with it, but not in the same moment. */
#define JOURNAL_TRIES 20
#define JOURNAL_WAIT_US (100 * 1000)

typedef struct {
  OflRemoteLast last;
  char *technical;
} Lost;

static void
lost_free (Lost *self)
{
  g_free (self->technical);
  g_free (self);
}

/* Microseconds since 1970, 0 where @time tells none. */
static gint64
read_time (const char *time)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 (time, NULL);

  return when == NULL
             ? 0
             : g_date_time_to_unix (when) * G_USEC_PER_SEC + g_date_time_get_microsecond (when);
}

/* Another program's job on this drive, as on its own practice drive of the same name, or a later one of
 * the same service, is not this one: of a service's jobs on a drive one runs at a time, so it is the one
 * that ran when the service said so. */
static gboolean
is_the_one (const OflPastJob *past, const OflRemoteLast *last)
{
  return ofl_journal_is_of_process (past->job->path, last->pid)
         && read_time (past->job->began) <= last->heard && read_time (past->ended) >= last->heard;
}

static OflResult *
find_end (const char *drive, const OflRemoteLast *last)
{
  g_autoptr (GPtrArray) jobs = NULL;
  OflResult *result = NULL;

  if (last->pid == 0 || last->heard == 0)
    return NULL;
  jobs = ofl_history_read (NULL);
  for (guint i = 0; i < jobs->len && result == NULL; i++)
    {
      const OflPastJob *past = g_ptr_array_index (jobs, i);
      OflVerdict verdict;

      if (past->state != OFL_PAST_ENDED || g_strcmp0 (past->job->drive_id, drive) != 0
          || !is_the_one (past, last) || !ofl_verdict_parse (past->verdict, &verdict))
        continue;
      result = ofl_result_new (verdict);
      result->what = g_strdup (past->what);
      result->proof = g_strdup (past->proof);
      result->technical = g_strdup (past->technical);
      result->journal_path = g_strdup (past->job->path);
      if (past->job->backup_path[0] != '\0')
        result->backup_path = g_strdup (past->job->backup_path);
      result->meaning = g_strdup (_ ("The job ended while nothing of it reached this program; how, "
                                     "was read in its journal."));
      result->next
          = g_strdup (_ ("Look at the drive's state again; the journal has the whole job."));
    }
  return result;
}

static OflUnfinished *
find_journal (const char *drive, guint pid)
{
  g_autoptr (GPtrArray) jobs = ofl_journal_find_unfinished (NULL);
  guint found = jobs->len;

  for (guint i = 0; i < jobs->len; i++)
    {
      const OflUnfinished *job = g_ptr_array_index (jobs, i);
      const OflUnfinished *last = found < jobs->len ? g_ptr_array_index (jobs, found) : NULL;

      if (g_strcmp0 (job->drive_id, drive) == 0
          && (pid == 0 || ofl_journal_is_of_process (job->path, pid))
          && (last == NULL || g_strcmp0 (job->began, last->began) > 0))
        found = i;
    }
  return found < jobs->len ? g_ptr_array_steal_index (jobs, found) : NULL;
}

static OflUnfinished *
wait_for_journal (const char *drive, guint pid)
{
  OflUnfinished *job = NULL;

  for (guint i = 0; i < JOURNAL_TRIES && (job = find_journal (drive, pid)) == NULL; i++)
    g_usleep (JOURNAL_WAIT_US);
  return job;
}

static OflResult *
make_result (OflJobKind kind, const OflUnfinished *job, gboolean is_there)
{
  gboolean writes = ofl_job_kind_writes (kind);
  OflResult *result = ofl_result_new (writes ? OFL_VERDICT_UNKNOWN : OFL_VERDICT_FAILED_UNTOUCHED);

  result->what = is_there ? g_strdup (
                     _ ("The Optiflash service has the job no more, and how it ended was found "
                        "in no journal."))
                          : g_strdup (_ ("The Optiflash service ended before the job did."));
  if (job != NULL)
    {
      result->meaning = ofl_unfinished_describe (job);
      result->journal_path = g_strdup (job->path);
      if (job->backup_path[0] != '\0')
        result->backup_path = g_strdup (job->backup_path);
    }
  else
    result->meaning = g_strdup (writes
                                    ? _ ("The job was to write to the drive, and nobody knows how "
                                         "far it got.")
                                    : _ ("The job only reads, so the drive is as it was."));
  result->next = g_strdup (_ ("Leave the drive connected and look at its state again; the journal "
                              "says what was done last."));
  return result;
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Lost *lost = data;
  OflJobKind kind = ofl_job_get_kind (source);
  const char *drive = ofl_job_get_drive (source);
  OflResult *result = find_end (drive, &lost->last);
  OflUnfinished *job = NULL;

  if (result == NULL)
    {
      job = ofl_job_kind_writes (kind) ? wait_for_journal (drive, lost->last.pid) : NULL;
      result = make_result (kind, job, lost->last.is_there);
      result->technical = g_strdup (lost->technical);
      g_clear_pointer (&job, ofl_unfinished_free);
    }
  g_task_return_pointer (task, result, (GDestroyNotify) ofl_result_free);
}

/**
 * ofl_remote_lost_look_async:
 * @job: a job of the service that does not answer any more
 * @last: what was known of the service
 * @technical: why nothing is heard of it
 * @callback: called with what the journal says
 * @user_data: for @callback
 *
 * Looks in the journals for the job's end; where there is none, for the journal of a job that writes, for
 * the two seconds that it may take to be closed.
 */
void
ofl_remote_lost_look_async (OflJob *job, const OflRemoteLast *last, const char *technical,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (job, NULL, callback, user_data);
  Lost *lost = g_new0 (Lost, 1);

  lost->last = *last;
  lost->technical = g_strdup (technical);
  g_task_set_task_data (task, lost, (GDestroyNotify) lost_free);
  g_task_run_in_thread (task, look_thread);
}

/**
 * ofl_remote_lost_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full): how the job ended, as far as anybody knows
 */
OflResult *
ofl_remote_lost_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
