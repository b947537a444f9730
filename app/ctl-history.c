/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl history: every job that a journal knows. */
#include <glib/gi18n.h>
#include <string.h>

#include "ctl-mask.h"
#include "ctl-output.h"
#include "flash/ofl-history.h"
#include "ofl-config.h"

typedef struct {
  OflCtl *ctl;
  GPtrArray *jobs;
  GPtrArray *secrets; /* nothing in it unless serials are to be masked */
} History;

/* As it may be shown. */
static char *
masked (const History *history, const char *text)
{
  char *copy = g_strdup (text);

  ofl_ctl_mask (history->secrets, (guint8 *) copy, strlen (copy));
  return copy;
}

/* A serial as it is, in a name of a file, and in a string of JSON. */
static void
add_secret (GPtrArray *secrets, const char *serial)
{
  g_autofree char *in_name = g_strdup (serial);
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), serial);
  g_autofree char *in_json = json_to_string (node, FALSE);

  for (char *p = in_name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.')
      *p = '-';
  in_json[strlen (in_json) - 1] = '\0';
  ofl_ctl_mask_add (secrets, serial);
  ofl_ctl_mask_add (secrets, in_name);
  ofl_ctl_mask_add (secrets, in_json + 1);
}

static void
print_field (const History *history, const char *name, const char *value)
{
  g_autofree char *shown = masked (history, value);

  ofl_ctl_print_field (name, shown);
}

static void
add_string (const History *history, JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *shown = masked (history, value);

  ofl_ctl_json_string (builder, name, shown);
}

static char *
say_damaged (const OflPastJob *job)
{
  guint n = job->job->damaged;

  if (n == 0)
    return g_strdup ("");
  return g_strdup_printf (
      ngettext ("%u line of it cannot be read.", "%u lines of it cannot be read.", n), n);
}

/* NULL where there was none. What a journal names may have been deleted since. */
static char *
say_backup (const OflPastJob *job)
{
  const char *path = job->job->backup_path;

  if (path == NULL || *path == '\0' || g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup (path);
  /* Translators: %s is a file */
  return g_strdup_printf (_ ("%s, which is no longer there"), path);
}

/* The number comes first: --show takes it. */
static void
print_job (const History *history, const OflPastJob *job)
{
  g_autofree char *title = ofl_past_job_title (job);
  g_autofree char *shown = masked (history, title);
  g_autofree char *outcome = ofl_past_job_outcome (job);
  g_autofree char *backup = say_backup (job);
  g_autofree char *damaged = say_damaged (job);

  g_print ("%u. %s\n", job->number, shown);
  print_field (history, _ ("Serial"), job->job->serial);
  print_field (history, _ ("Image"), ofl_past_job_image (job));
  print_field (history, _ ("Verdict"), outcome);
  print_field (history, _ ("What happened"), job->what);
  print_field (history, _ ("Proof"), job->proof);
  print_field (history, _ ("Backup"), backup);
  print_field (history, _ ("Evidence"), job->evidence);
  print_field (history, _ ("Journal"), damaged);
}

static JsonBuilder *
begin_json (const History *history, const OflPastJob *job)
{
  JsonBuilder *builder = ofl_ctl_json_begin ("past-job");
  const OflUnfinished *about = job->job;
  g_autofree char *outcome = ofl_past_job_outcome (job);

  ofl_ctl_json_int (builder, "number", job->number);
  ofl_ctl_json_string (builder, "place", ofl_past_place_id (job->place));
  ofl_ctl_json_string (builder, "state", ofl_past_state_id (job->state));
  ofl_ctl_json_string (builder, "kind", job->kind);
  ofl_ctl_json_string (builder, "began", about->began);
  ofl_ctl_json_string (builder, "ended", job->ended);
  add_string (history, builder, "name", about->drive);
  add_string (history, builder, "drive", about->drive_id);
  add_string (history, builder, "serial", about->serial);
  add_string (history, builder, "revision", job->revision);
  add_string (history, builder, "image", ofl_past_job_image (job));
  ofl_ctl_json_string (builder, "image_sha256", about->image_sha256);
  ofl_ctl_json_string (builder, "verdict", job->verdict);
  ofl_ctl_json_string (builder, "stage", ofl_unfinished_stage_id (about->stage));
  add_string (history, builder, "outcome", outcome);
  add_string (history, builder, "what", job->what);
  add_string (history, builder, "proof", job->proof);
  add_string (history, builder, "technical", job->technical);
  add_string (history, builder, "backup", about->backup_path);
  if (about->backup_path != NULL && *about->backup_path != '\0')
    ofl_ctl_json_bool (builder, "backup_there",
                       g_file_test (about->backup_path, G_FILE_TEST_EXISTS));
  add_string (history, builder, "evidence", job->evidence);
  add_string (history, builder, "journal", about->path);
  ofl_ctl_json_int (builder, "damaged_lines", about->damaged);
  return builder;
}

static const char *
place_title (OflPastPlace place)
{
  switch (place)
    {
    case OFL_PAST_REAL:
      return _ ("Drives of this computer");
    case OFL_PAST_PRACTICE:
      return _ ("Practice drives");
    case OFL_PAST_NOWHERE:
    default:
      return _ ("Drives that their journal no longer names");
    }
}

static guint
print_place (const History *history, OflPastPlace place, const char *text, guint before)
{
  guint n = 0;

  for (guint i = 0; i < history->jobs->len; i++)
    {
      const OflPastJob *job = g_ptr_array_index (history->jobs, i);

      if (job->place != place || (text != NULL && !ofl_past_job_matches (job, text)))
        continue;
      if (history->ctl->json)
        ofl_ctl_json_end (begin_json (history, job));
      else
        {
          if (n == 0)
            g_print ("%s%s\n\n", before > 0 ? "\n" : "", place_title (place));
          print_job (history, job);
        }
      n++;
    }
  return n;
}

static int
list (const History *history, const char *text)
{
  guint n = 0;

  for (OflPastPlace place = OFL_PAST_REAL; place <= OFL_PAST_NOWHERE; place++)
    n += print_place (history, place, text, n);
  if (n > 0)
    return OFL_EXIT_DONE;
  if (text != NULL && history->jobs->len > 0)
    return ofl_ctl_fail (history->ctl, OFL_EXIT_FAILED, _ ("No job is found by that."),
                         _ ("“optiflashctl history” lists all jobs that a journal knows."));
  if (!history->ctl->json)
    g_print (_ ("No journal knows of a job.\n"));
  return OFL_EXIT_DONE;
}

static void
append_line (GString *text, const char *name, const char *value)
{
  if (*value != '\0')
    g_string_append_printf (text, "%s: %s\n", name, value);
}

/* In English, as journals are: others read it. */
static char *
make_report (const OflPastJob *job)
{
  GString *text = g_string_new ("Optiflash " OFL_VERSION ", report of a job\n");
  gpointer before = ofl_english_begin ();
  g_autofree char *outcome = ofl_past_job_outcome (job);
  g_autofree char *damaged = say_damaged (job);
  g_autofree char *backup = say_backup (job);
  g_autofree char *journal = ofl_past_job_read_text (job);

  ofl_english_end (before);
  append_line (text, "Job", job->kind);
  append_line (text, "Began", job->job->began);
  append_line (text, "Ended", job->ended);
  append_line (text, "Drive", job->job->drive);
  append_line (text, "Where", job->job->drive_id);
  append_line (text, "Practice drive", job->place == OFL_PAST_PRACTICE ? "yes" : "");
  append_line (text, "Serial", job->job->serial);
  append_line (text, "Revision", job->revision);
  append_line (text, "Image", ofl_past_job_image (job));
  append_line (text, "Image's SHA-256", job->job->image_sha256);
  append_line (text, "Verdict", job->verdict);
  append_line (text, "Outcome", outcome);
  append_line (text, "What happened", job->what);
  append_line (text, "Proof", job->proof);
  append_line (text, "Technical", job->technical);
  append_line (text, "Backup", backup);
  append_line (text, "Evidence", job->evidence);
  append_line (text, "Journal", job->job->path);
  append_line (text, "Damage", damaged);
  g_string_append_printf (text, "\n%s", journal != NULL ? journal : "");
  if (text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

static int
show (const History *history, int number)
{
  const OflPastJob *job = NULL;
  g_autofree char *report = NULL;
  g_autofree char *shown = NULL;

  for (guint i = 0; i < history->jobs->len; i++)
    if (((OflPastJob *) g_ptr_array_index (history->jobs, i))->number == (guint) number)
      job = g_ptr_array_index (history->jobs, i);
  if (job == NULL || number < 1)
    return ofl_ctl_fail (history->ctl, OFL_EXIT_USAGE, _ ("There is no job of this number."),
                         _ ("“optiflashctl history” lists all jobs that a journal knows."));
  report = make_report (job);
  shown = masked (history, report);
  if (history->ctl->json)
    {
      JsonBuilder *builder = begin_json (history, job);

      ofl_ctl_json_string (builder, "text", shown);
      ofl_ctl_json_end (builder);
    }
  else
    g_print ("%s", shown);
  return OFL_EXIT_DONE;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, ofl_history_read (data), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **slot = data;

  *slot = g_object_ref (result);
}

static GPtrArray *
read_jobs (OflCtl *ctl)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_read, &result);

  g_task_set_task_data (task, g_strdup (ctl->state_dir), g_free);
  g_task_run_in_thread (task, read_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * ofl_ctl_history:
 * @ctl: the command line
 * @args: a drive or a text to look for, or nothing
 *
 * Lists the jobs that a journal knows, those of practice drives apart; or shows one of them with its
 * journal.
 *
 * Returns: exit status
 */
int
ofl_ctl_history (OflCtl *ctl, char **args)
{
  g_autoptr (GPtrArray) jobs = read_jobs (ctl);
  g_autoptr (GPtrArray) secrets = ofl_ctl_mask_new ();
  const History history = { ctl, jobs, secrets };

  if (ctl->show != OFL_CTL_NO_JOB && args[0] != NULL)
    return ofl_ctl_fail (ctl, OFL_EXIT_USAGE, _ ("--show takes a job's number and nothing else."),
                         _ ("“optiflashctl history” lists the jobs with their numbers."));
  for (guint i = 0; ctl->mask && i < jobs->len; i++)
    add_secret (secrets, ((OflPastJob *) g_ptr_array_index (jobs, i))->job->serial);
  return ctl->show != OFL_CTL_NO_JOB ? show (&history, ctl->show) : list (&history, args[0]);
}
