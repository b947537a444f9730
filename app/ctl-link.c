/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl link: asks a drive the same again and again, and says what came of it. */
#include "ctl-output.h"

#include <glib/gi18n.h>

#include "link/ofl-link.h"

/* What the worker thread needs; it never sees the drive's object. */
typedef struct {
  OflTarget *target;
  OflSnapshot *drive;
  OflLinkLength length;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  ofl_target_unref (question->target);
  ofl_snapshot_unref (question->drive);
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
      link = ofl_link_test (transport, question->target, question->drive, question->length,
                            cancellable, &error);
      ofl_transport_close (transport);
    }
  if (link != NULL)
    g_task_return_pointer (task, link, (GDestroyNotify) ofl_link_free);
  else
    g_task_return_error (task, error);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

static OflLink *
test_link (OflDrive *drive, OflLinkLength length, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (drive, NULL, on_tested, &result);
  Question *question = g_new0 (Question, 1);

  question->target = ofl_target_ref (ofl_drive_get_target (drive));
  question->drive = ofl_snapshot_ref (ofl_drive_get_snapshot (drive));
  question->length = length;
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, test_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
describe_series (const OflLinkSeries *series, gboolean practice)
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

static char *
describe_kernel (const OflLinkKernel *kernel)
{
  if (!kernel->known)
    return NULL;
  return g_strdup_printf (
      /* Translators: after "The kernel" */
      _ ("counted %u commands of this drive's meanwhile, whoever sent them; %u did not end well, "
         "which a refusal counts as, too, and %u were not answered in time"),
      (guint) kernel->done, (guint) kernel->failed, (guint) kernel->timed_out);
}

static void
print_text (OflDrive *drive, const OflLink *link)
{
  g_autofree char *kernel = describe_kernel (&link->kernel);
  g_autofree char *where
      = ofl_topology_describe (ofl_target_get_topology (ofl_drive_get_target (drive)));

  g_print ("%s\n", ofl_drive_get_name (drive));
  ofl_ctl_print_field (_ ("Where"), where);
  for (guint i = 0; i < link->series->len; i++)
    {
      const OflLinkSeries *series = &g_array_index (link->series, OflLinkSeries, i);
      g_autofree char *text = describe_series (series, link->practice);
      g_autofree char *line = g_strdup_printf ("%s: %s", series->what, text);

      ofl_ctl_print_field (i == 0 ? _ ("Asked") : "", line);
    }
  if (link->why_no_stretch != NULL)
    ofl_ctl_print_field (_ ("Left out"), _ (link->why_no_stretch));
  ofl_ctl_print_field (_ ("The kernel"), kernel);
  g_print ("\n%s\n", ofl_link_verdict_title (link->verdict));
  for (guint i = 0; i < link->findings->len; i++)
    ofl_ctl_print_field (i == 0 ? _ ("What was seen") : "",
                         g_array_index (link->findings, OflSentence, i).shown);
  ofl_ctl_print_field (_ ("Next"), link->advice.shown);
  ofl_ctl_print_field (_ ("Technical"), link->technical);
}

static void
add_series (JsonBuilder *builder, const OflLinkSeries *series)
{
  json_builder_begin_object (builder);
  ofl_ctl_json_string (builder, "what", series->what);
  ofl_ctl_json_int (builder, "reads", series->reads);
  ofl_ctl_json_int (builder, "bytes", (gint64) series->bytes);
  ofl_ctl_json_int (builder, "different_once", series->once);
  ofl_ctl_json_int (builder, "different_again", series->kept);
  ofl_ctl_json_int (builder, "host_failures", series->host_failures);
  ofl_ctl_json_int (builder, "stalls", series->stalls);
  ofl_ctl_json_int (builder, "bridge_marks", series->marks);
  ofl_ctl_json_bool (builder, "refused", series->refused);
  ofl_ctl_json_bool (builder, "broken", series->broken);
  ofl_ctl_json_int (builder, "longest_us", series->longest_us);
  ofl_ctl_json_int (builder, "total_us", series->total_us);
  json_builder_end_object (builder);
}

static void
print_json (OflDrive *drive, const OflLink *link, int exit_status)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("link");

  ofl_ctl_json_string (builder, "id", ofl_drive_get_id (drive));
  ofl_ctl_json_string (builder, "verdict", ofl_link_verdict_id (link->verdict));
  ofl_ctl_json_int (builder, "exit", exit_status);
  ofl_ctl_json_bool (builder, "long", link->length == OFL_LINK_LONG);
  json_builder_set_member_name (builder, "series");
  json_builder_begin_array (builder);
  for (guint i = 0; i < link->series->len; i++)
    add_series (builder, &g_array_index (link->series, OflLinkSeries, i));
  json_builder_end_array (builder);
  ofl_ctl_json_string (builder, "left_out",
                       link->why_no_stretch != NULL ? _ (link->why_no_stretch) : NULL);
  ofl_ctl_json_int (builder, "resets", link->resets);
  if (link->kernel.known)
    {
      ofl_ctl_json_int (builder, "kernel_done", (gint64) link->kernel.done);
      ofl_ctl_json_int (builder, "kernel_failed", (gint64) link->kernel.failed);
      ofl_ctl_json_int (builder, "kernel_timed_out", (gint64) link->kernel.timed_out);
    }
  ofl_ctl_json_string (builder, "near_model", link->model);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < link->findings->len; i++)
    json_builder_add_string_value (builder, g_array_index (link->findings, OflSentence, i).shown);
  json_builder_end_array (builder);
  ofl_ctl_json_string (builder, "next", link->advice.shown);
  ofl_ctl_json_string (builder, "technical", link->technical);
  ofl_ctl_json_end (builder);
}

/**
 * ofl_ctl_link_help:
 *
 * Returns: (transfer full): what the verb's --help says below its options
 */
char *
ofl_ctl_link_help (void)
{
  return g_strdup (_ (
      "Only reads: INQUIRY and the descriptors of READ BUFFER; with --long also a stretch of the "
      "flash,\nwhere the drive gives it away without more ado. The short form runs before every "
      "write.\n\n"
      "Exit status: 0 the link is sound, 1 it is doubtful or bad, 2 usage, 6 no permission."));
}

/**
 * ofl_ctl_link:
 * @ctl: the command line
 * @args: the drive
 *
 * Returns: exit status
 */
int
ofl_ctl_link (OflCtl *ctl, char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflDrive) drive = ofl_ctl_find_drive (ctl, args[0], &error);
  g_autoptr (OflLink) link = NULL;
  int exit_status;

  if (drive == NULL)
    return ofl_ctl_fail_error (ctl, error);
  if (!ofl_ctl_check_usable (ctl, drive, &exit_status))
    return exit_status;
  link = test_link (drive, ctl->in_full ? OFL_LINK_LONG : OFL_LINK_SHORT, &error);
  if (link == NULL)
    return ofl_ctl_fail_error (ctl, error);
  exit_status = link->verdict == OFL_LINK_SOUND ? OFL_EXIT_DONE : OFL_EXIT_FAILED;
  if (ctl->json)
    print_json (drive, link, exit_status);
  else
    print_text (drive, link);
  return exit_status;
}
