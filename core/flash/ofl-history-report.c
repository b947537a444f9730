/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A past job as a text for others. */
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "flash/ofl-history.h"
#include "ofl-config.h"
#include "flash/ofl-mask.h"

/**
 * ofl_past_job_add_secrets:
 * @self: a job
 * @secrets: what ofl_mask_apply() takes
 *
 * Adds the drive's serial as it is, as it stands in a file's name, and as in a string of JSON.
 */
void
ofl_past_job_add_secrets (const OflPastJob *self, GPtrArray *secrets)
{
  const char *serial = self->job->serial;
  g_autofree char *in_name = g_strdup (serial);
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), serial);
  g_autofree char *in_json = json_to_string (node, FALSE);

  for (char *p = in_name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.')
      *p = '-';
  in_json[strlen (in_json) - 1] = '\0';
  ofl_mask_add (secrets, serial);
  ofl_mask_add (secrets, in_name);
  ofl_mask_add (secrets, in_json + 1);
}

/**
 * ofl_past_job_say_damaged:
 * @self: a job
 *
 * Returns: (transfer full): how much of its journal cannot be read; "" when all can
 */
char *
ofl_past_job_say_damaged (const OflPastJob *self)
{
  guint n = self->job->damaged;

  if (n == 0)
    return g_strdup ("");
  return g_strdup_printf (
      ngettext ("%u line of it cannot be read.", "%u lines of it cannot be read.", n), n);
}

/**
 * ofl_past_job_say_backup:
 * @self: a job
 *
 * What a journal names may have been deleted since.
 *
 * Returns: (transfer full): where its backup is, and that it is no longer there; "" where there was
 *   none
 */
char *
ofl_past_job_say_backup (const OflPastJob *self)
{
  const char *path = self->job->backup_path;

  if (*path == '\0' || self->job->backup_there)
    return g_strdup (path);
  /* Translators: %s is a file */
  return g_strdup_printf (_ ("%s, which is no longer there"), path);
}

static void
append_line (GString *text, const char *name, const char *value)
{
  if (*value != '\0')
    g_string_append_printf (text, "%s: %s\n", name, value);
}

/**
 * ofl_past_job_report:
 * @self: a job
 *
 * In English, as journals are: others read it. Blocks: it reads the journal.
 *
 * Returns: (transfer full): all that is known of it, with its journal
 */
char *
ofl_past_job_report (const OflPastJob *self)
{
  GString *text = g_string_new ("Optiflash " OFL_VERSION ", report of a job\n");
  gpointer before = ofl_english_begin ();
  g_autofree char *outcome = ofl_past_job_outcome (self);
  g_autofree char *damaged = ofl_past_job_say_damaged (self);
  g_autofree char *backup = ofl_past_job_say_backup (self);
  g_autofree char *journal = ofl_past_job_read_text (self);

  ofl_english_end (before);
  append_line (text, "Job", self->kind);
  append_line (text, "Began", self->job->began);
  append_line (text, "Ended", self->ended);
  append_line (text, "Drive", self->job->drive);
  append_line (text, "Where", self->job->drive_id);
  append_line (text, "Practice drive", self->place == OFL_PAST_PRACTICE ? "yes" : "");
  append_line (text, "Serial", self->job->serial);
  append_line (text, "Revision", self->job->revision);
  append_line (text, "Image", ofl_past_job_image (self));
  append_line (text, "Image's SHA-256", self->job->image_sha256);
  append_line (text, "Verdict", self->verdict);
  append_line (text, "Outcome", outcome);
  append_line (text, "What happened", self->what);
  append_line (text, "Proof", self->proof);
  append_line (text, "Technical", self->technical);
  append_line (text, "Backup", backup);
  append_line (text, "Evidence", self->evidence);
  append_line (text, "Journal", self->job->path);
  append_line (text, "Damage", damaged);
  g_string_append_printf (text, "\n%s", journal != NULL ? journal : "");
  if (text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}
