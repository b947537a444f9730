/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl link: asks a drive the same again and again, and says what came of it. */
#include "ctl-output.h"

#include <glib/gi18n.h>

#include "link/ofl-link.h"

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

  ofl_link_test_async (drive, length, NULL, NULL, on_tested, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ofl_link_test_finish (drive, result, error);
}

static void
print_text (OflDrive *drive, const OflLink *link)
{
  g_autofree char *kernel = ofl_link_describe_kernel (&link->kernel);
  g_autofree char *where
      = ofl_topology_describe (ofl_target_get_topology (ofl_drive_get_target (drive)));

  g_print ("%s\n", ofl_drive_get_name (drive));
  ofl_ctl_print_field (_ ("Where"), where);
  for (guint i = 0; i < link->series->len; i++)
    {
      const OflLinkSeries *series = &g_array_index (link->series, OflLinkSeries, i);
      g_autofree char *text = ofl_link_describe_series (series, link->practice);
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
