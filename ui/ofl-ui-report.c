/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ofl-ui-report.h"

#include "ofl-config.h"
#include "ofl-ui-log.h"
#include "ofl-ui-words.h"
#include "scsi/ofl-error.h"

#define REPORT_LOG_LINES 100

static void
add (GString *report, const char *name, const char *value)
{
  g_autofree char *worded = ofl_ui_words (value);

  if (worded != NULL && worded[0] != '\0')
    g_string_append_printf (report, "%s: %s\n", name, worded);
}

static void
add_result (GString *report, const OflResult *result, OflJobKind kind)
{
  g_autofree char *next = ofl_ui_words_of_job (result->next, kind);
  gpointer before = ofl_english_begin ();

  add (report, "Result", ofl_verdict_title (result->verdict));
  ofl_english_end (before);
  add (report, "Result id", ofl_verdict_id (result->verdict));
  add (report, "What happened", result->record_what != NULL ? result->record_what : result->what);
  add (report, "What it means", result->meaning);
  add (report, "What to do", next);
  add (report, "Revision before", result->revision_before);
  add (report, "Revision after", result->revision_after);
  add (report, "Proof", result->record_proof != NULL ? result->record_proof : result->proof);
  add (report, "Backup", result->backup_path);
  add (report, "Journal", result->journal_path);
  add (report, "Technical", result->technical);
}

/**
 * ofl_ui_report_new:
 * @run: a finished job
 *
 * A report for whoever helps, in English on purpose; what a job means and what to do next stand as
 * the user has read them.
 *
 * Returns: (transfer full): lines of text: the program, the drive, the result, the last lines of
 *   the log
 */
char *
ofl_ui_report_new (OflUiRun *run)
{
  GString *report = g_string_new ("Optiflash " OFL_VERSION "\n");
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *log = ofl_ui_log_dup_text (ofl_ui_run_get_log (run), REPORT_LOG_LINES);

  add (report, "System", system);
  add (report, "Drive", ofl_ui_run_get_drive_name (run));
  add (report, "Job", ofl_ui_run_get_title (run));
  add (report, "About", ofl_ui_run_get_drive_line (run));
  if (ofl_ui_run_get_result (run) != NULL)
    add_result (report, ofl_ui_run_get_result (run), ofl_ui_run_get_kind (run));
  if (ofl_ui_run_get_error (run) != NULL)
    add (report, "Not begun", ofl_error_english (ofl_ui_run_get_error (run)));
  g_string_append_printf (report, "\nLog:\n%s", log);
  return g_string_free (report, FALSE);
}
