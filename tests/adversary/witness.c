/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sees every command of a job before the drive does, and what must be on disk by then. */
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "trial.h"

/* Comparing the chip at every command would take longer than all else. */
#define LOOK_EVERY 7

static void
blame (Witness *self, const char *what)
{
  if (!self->blamed)
    trial_wrong (self->trial, WRONG_ORDER, "%s", what);
  self->blamed = TRUE;
}

/* The first command that can change the drive has been sent: it may not have been before both. */
static void
check_first_write (Witness *self)
{
  Workbench *bench = self->trial->bench;
  g_autofree char *journal = NULL;

  if (self->first_seen || ofl_practice_drive_get_n_writes (bench->device) == self->before->n_writes)
    return;
  self->first_seen = TRUE;
  journal = workbench_journal (bench);
  if (journal == NULL || strstr (journal, "write-begins") == NULL)
    blame (self, "a command that can change the drive before write-begins is in the journal");
  if (self->backup_due)
    {
      g_autofree char *hash = backups_hash (bench->options->backup_dir, NULL);

      if (hash == NULL)
        trial_wrong (self->trial, WRONG_BACKUP, "%s",
                     "writes without a backup, and without consent");
    }
}

/* The chip may change only when the journal says that there is no way back. */
static void
check_return (Witness *self)
{
  Workbench *bench = self->trial->bench;
  g_autofree char *journal = NULL;
  g_autoptr (GBytes) now = NULL;

  if (self->past_return || self->n_commands % LOOK_EVERY != 0 || !self->first_seen)
    return;
  now = ofl_practice_drive_get_flash (bench->device);
  if (g_bytes_equal (now, self->before->flash))
    return;
  self->past_return = TRUE;
  journal = workbench_journal (bench);
  if (journal == NULL || strstr (journal, "point-of-no-return") == NULL)
    blame (self, "the flash has changed before point-of-no-return is in the journal");
}

/**
 * witness_check_end:
 * @self: what has watched a job that has ended
 *
 * The chip is looked at in few of a job's commands; whether it has changed at all is seen now.
 */
void
witness_check_end (Witness *self)
{
  if (self->trial->schedule->damages)
    return;
  g_assert_true (self->flipped || self->trial->schedule->flipped.length == 0);
  check_first_write (self);
  self->n_commands = 0;
  check_return (self);
}

/* A directed flip strikes what it was directed at. */
static void
count_data (Witness *self, const OflCommand *command)
{
  const Sent *flipped = &self->trial->schedule->flipped;

  if (flipped->length == 0 || command->cdb[0] != flipped->opcode || command->length == 0)
    return;
  if (++self->n_data == flipped->nth)
    self->flipped = command->dir == OFL_DIR_OUT && command->length == flipped->length;
}

/**
 * witness_watch:
 * @command: what is sent
 * @witness: a Witness
 *
 * For ofl_practice_port_set_watch(): checks the order, and does what the schedule has for a person
 * to do at this command.
 */
void
witness_watch (const OflCommand *command, gpointer witness)
{
  Witness *self = witness;
  const Schedule *schedule = self->trial->schedule;
  guint out_at = schedule->unplug_at;

  self->n_commands++;
  count_data (self, command);
  /* a CDB that arrives as another one may do what was never sent */
  if (self->before != NULL && !schedule->damages)
    {
      check_first_write (self);
      check_return (self);
    }
  if (self->n_commands == schedule->kill_at && self->before == NULL)
    raise (SIGKILL);
  if (out_at != 0 && self->n_commands == out_at)
    ofl_practice_port_unplug (self->trial->bench->port);
  if (out_at != 0 && schedule->replug_after != 0
      && self->n_commands == out_at + schedule->replug_after)
    ofl_practice_port_plug (self->trial->bench->port);
  if (self->cancel != NULL && self->n_commands == schedule->cancel_at)
    g_cancellable_cancel (self->cancel);
}

/**
 * witness_check_journal:
 * @trial: a trial whose job has ended
 * @result: how
 *
 * Each line is JSON, and the last one is the end with this verdict.
 */
void
witness_check_journal (const Trial *trial, const OflResult *result)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *verdict = NULL;
  const char *last = "";

  if (result->journal_path == NULL)
    return;
  if (!g_file_get_contents (result->journal_path, &text, NULL, NULL))
    {
      trial_wrong (trial, WRONG_ORDER, "its journal %s cannot be read", result->journal_path);
      return;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();

      if (lines[i][0] == '\0')
        continue;
      trial->campaign->tally.journal_lines++;
      last = lines[i];
      if (!json_parser_load_from_data (parser, last, -1, NULL))
        trial_wrong (trial, WRONG_ORDER, "a journal line is not JSON: %s", last);
    }
  verdict = g_strdup_printf ("\"%s\"", ofl_verdict_id (result->verdict));
  if (strstr (last, "\"event\":\"end\"") == NULL || strstr (last, verdict) == NULL)
    trial_wrong (trial, WRONG_ORDER, "the journal of %s ends with %s", verdict, last);
}
