/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link test of a drive on a worker thread, and its figures in words. */
#include <glib/gi18n-lib.h>

#include "link/ofl-link.h"

/* What the worker thread needs; it never sees the drive's object. */
typedef struct {
  OflTarget *target;
  OflSnapshot *drive;
  OflLinkLength length;
  OflTally *tally;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  ofl_target_unref (question->target);
  ofl_snapshot_unref (question->drive);
  g_clear_pointer (&question->tally, ofl_tally_unref);
  g_free (question);
}

static void
test_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  GError *error = NULL;
  g_autoptr (OflTransport) transport
      = ofl_target_open (question->target, OFL_OPEN_READ_ONLY, &error);
  OflLink *link = NULL;

  if (transport != NULL)
    {
      ofl_tally_attach (question->tally, transport);
      link = ofl_link_test (transport, question->target, question->drive, question->length,
                            cancellable, &error);
      ofl_transport_close (transport);
    }
  if (link != NULL)
    g_task_return_pointer (task, link, (GDestroyNotify) ofl_link_free);
  else
    g_task_return_error (task, error);
}

/**
 * ofl_link_test_async:
 * @drive: a drive that has been looked at: it has a snapshot
 * @length: how much is asked
 * @tally: (nullable): counts the questions
 * @cancellable: (nullable): ends the test between two questions
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * ofl_link_test() in a worker thread.
 */
void
ofl_link_test_async (OflDrive *drive, OflLinkLength length, OflTally *tally,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (drive, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->target = ofl_target_ref (ofl_drive_get_target (drive));
  question->drive = ofl_snapshot_ref (ofl_drive_get_snapshot (drive));
  question->length = length;
  question->tally = tally != NULL ? ofl_tally_ref (tally) : NULL;
  g_task_set_source_tag (task, ofl_link_test_async);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, test_in_thread);
}

/**
 * ofl_link_test_finish:
 * @drive: the drive
 * @result: what the callback got
 * @error: return location: %G_IO_ERROR_CANCELLED, or an #OflError when it could not be opened
 *
 * Returns: (transfer full): as of ofl_link_test()
 */
OflLink *
ofl_link_test_finish (OflDrive *drive, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, drive), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * ofl_link_describe_series:
 * @series: one kind of question
 * @practice: of a practice drive, whose times mean nothing
 *
 * Returns: (transfer full): what came of it, a phrase
 */
char *
ofl_link_describe_series (const OflLinkSeries *series, gboolean practice)
{
  GString *text = g_string_new (NULL);
  double seconds = (double) series->total_us / G_USEC_PER_SEC;

  if (series->refused)
    g_string_assign (text, _ ("the drive, or a bridge before it, does not know this question"));
  else if (series->broken)
    g_string_assign (text, _ ("does not get through to the drive"));
  else
    {
      g_autofree char *bytes = g_format_size (series->bytes);

      g_string_append_printf (text, ngettext ("%u answer, %s", "%u answers, %s", series->reads),
                              series->reads, bytes);
      /* Translators: goes on after "600 answers, 57.6 kB" */
      g_string_append_printf (text, _ ("; different once: %u, and again: %u"), series->once,
                              series->kept);
      if (!practice && seconds > 0)
        /* Translators: goes on after the counts; seconds, bytes a second, milliseconds */
        g_string_append_printf (text, _ ("; %.1f s, %.0f kB/s, the longest answer %.0f ms"),
                                seconds, (double) series->bytes / seconds / 1000,
                                (double) series->longest_us / 1000);
    }
  return g_string_free (text, FALSE);
}

/**
 * ofl_link_describe_kernel:
 * @kernel: what the kernel counted
 *
 * Returns: (transfer full) (nullable): a phrase that goes on after "The kernel"; %NULL when it does not
 *   count for this drive
 */
char *
ofl_link_describe_kernel (const OflLinkKernel *kernel)
{
  if (!kernel->known)
    return NULL;
  return g_strdup_printf (
      /* Translators: after "The kernel" */
      _ ("counted %u commands of this drive's meanwhile, whoever sent them; %u did not end well, "
         "which a refusal counts as, too, and %u were not answered in time"),
      (guint) kernel->done, (guint) kernel->failed, (guint) kernel->timed_out);
}
