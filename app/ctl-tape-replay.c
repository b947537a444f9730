/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiflashctl tape replay: a tape's conversation with the practice drive that is made from it, or with
 * one that is not. */
#include "ctl-tape.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl-output.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-compare.h"
#include "updater/ofl-tape-drive.h"
#include "updater/ofl-tape-shapes.h"

#define PRACTICE "practice:"
#define MOST_TOLD 10
#define REOPEN_MS 120000

#define OP_REQUEST_SENSE 0x03
#define OP_INQUIRY 0x12
#define OP_GET_CONFIGURATION 0x46
#define OP_GET_EVENT_STATUS 0x4a

typedef struct {
  OflCtl *ctl;
  OflTransport *transport;
  guint8 *data; /* room for the longest data phase */
  guint differences;
  guint64 masked; /* bytes that could not be compared */
  gboolean awake; /* the drive has answered something else than that it was switched on */
} Replay;

static void
tell_difference (Replay *replay, const OflTapeEntry *entry, guint number, const OflReply *reply,
                 OflTapeDifference difference)
{
  g_autofree char *command = NULL;
  g_autofree char *now = NULL;

  if (!replay->ctl->json && replay->differences > MOST_TOLD)
    return;
  command = ofl_ctl_tape_say_entry (entry);
  now = ofl_reply_format (reply);
  if (replay->ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("difference");

      ofl_ctl_json_int (builder, "number", number);
      ofl_ctl_json_string (builder, "command", command);
      ofl_ctl_json_string (builder, "answer", now);
      ofl_ctl_json_string (builder, "difference", ofl_tape_difference_id (difference));
      ofl_ctl_json_end (builder);
      return;
    }
  g_print ("%u  %s\n", number, command);
  /* Translators: a sentence of what differs, and what the drive answered now, as "ok" */
  g_print (_ ("    %s Now: %s.\n"), ofl_tape_difference_title (difference), now);
}

/* On the drive's clock it is sent when it was sent. */
static void
wait_until (OflTransport *transport, gint64 at_us)
{
  gint64 left = (at_us - ofl_transport_now_us (transport)) / 1000;

  while (left > 0)
    {
      ofl_transport_sleep_ms (transport, (guint) MIN (left, G_MAXINT), NULL);
      left -= MIN (left, G_MAXINT);
    }
}

/* By SPC and MMC these are answered while a UNIT ATTENTION is due: that one was is not seen by them. */
static gboolean
passes_attention (const OflCommand *command)
{
  return command->cdb[0] == OP_REQUEST_SENSE || command->cdb[0] == OP_INQUIRY
         || command->cdb[0] == OP_GET_CONFIGURATION || command->cdb[0] == OP_GET_EVENT_STATUS;
}

/* A drive that was just switched on says so to the first command, which it does not carry out; the recorded
 * one had been asked before. It is not a difference of the conversation; later ones are. */
static void
send (Replay *replay, const OflTapeEntry *entry, guint8 *data, OflReply *reply)
{
  ofl_transport_execute (replay->transport, &entry->command, data, reply);
  if (!replay->awake && ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION)
      && !ofl_reply_has_key (&entry->reply, OFL_KEY_UNIT_ATTENTION))
    ofl_transport_execute (replay->transport, &entry->command, data, reply);
  replay->awake |= !passes_attention (&entry->command)
                   && !ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION);
}

static void
play (Replay *replay, const OflTapeEntry *entry, guint number)
{
  const OflCommand *command = &entry->command;
  guint8 *data = replay->data;
  OflTapeDifference difference;
  OflReply reply;
  guint masked;

  memset (data, 0, command->length);
  if (command->dir == OFL_DIR_OUT && entry->data != NULL)
    memcpy (data, g_bytes_get_data (entry->data, NULL), command->length);
  send (replay, entry, data, &reply);
  difference = ofl_tape_compare_answer (entry, &reply, data, &masked);
  replay->masked += masked;
  if (difference != OFL_TAPE_SAME)
    {
      replay->differences++;
      tell_difference (replay, entry, number, &reply, difference);
    }
  if (reply.outcome == OFL_OUTCOME_LOST)
    ofl_transport_reopen (replay->transport, REOPEN_MS, NULL, NULL);
}

static void
tell_masked (guint64 bytes)
{
  gulong n = (gulong) MIN (bytes, G_MAXLONG);

  if (n > 0)
    g_print (ngettext ("%lu byte was not compared, since a serial is masked there.\n",
                       "%lu bytes were not compared, since a serial is masked there.\n", n),
             n);
}

static int
finish (Replay *replay, const OflTape *tape)
{
  guint n = ofl_tape_get_n_entries (tape), answered = n - replay->differences;
  gboolean complete = replay->differences == 0;

  if (replay->ctl->json)
    {
      JsonBuilder *builder = ofl_ctl_json_begin ("replay");

      ofl_ctl_json_bool (builder, "complete", complete);
      ofl_ctl_json_int (builder, "commands", n);
      ofl_ctl_json_int (builder, "answered", answered);
      ofl_ctl_json_int (builder, "not_compared", (gint64) replay->masked);
      ofl_ctl_json_string (builder, "end", ofl_tape_end_id (ofl_tape_get_end (tape)));
      ofl_ctl_json_end (builder);
    }
  else
    {
      if (complete)
        g_print (ngettext ("Complete: %u command was answered as recorded.\n",
                           "Complete: all %u commands were answered as recorded.\n", n),
                 n);
      else
        g_print (_ ("Not complete: %u of %u commands were answered as recorded.\n"), answered, n);
      tell_masked (replay->masked);
      g_print ("%s\n", ofl_tape_end_title (ofl_tape_get_end (tape)));
    }
  return complete ? OFL_EXIT_DONE : OFL_EXIT_FAILED;
}

/* What was sent must be there, as it was, to be sent again. */
static gboolean
check_sendable (const OflTape *tape, GError **error)
{
  int missing = ofl_tape_find_missing (tape, OFL_DIR_OUT);
  const OflTapeEntry *entry;
  g_autofree char *words = NULL;

  if (missing < 0)
    return TRUE;
  entry = ofl_tape_get_entry (tape, (guint) missing);
  words = ofl_tape_describe_command (&entry->command);
  if (entry->masked)
    g_set_error (
        error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
        _ ("This tape cannot be played: in what was sent with command %d, %s, a serial is masked, "
           "and nothing else is sent in its place. The tape can be shown and compared."),
        missing + 1, words);
  else
    g_set_error (
        error, OFL_ERROR, OFL_ERROR_NOT_SUPPORTED,
        _ ("This tape cannot be played: what was sent with command %d, %s, is on it as a hash "
           "only. It takes a tape with whole data, which its owner has to allow."),
        missing + 1, words);
  return FALSE;
}

/* As it left the factory, on a clock on which nobody waits */
static OflTransport *
open_practice (const char *name, GError **error)
{
  g_autoptr (OflDrive) drive = NULL;

  if (!g_str_has_prefix (name, PRACTICE))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is not a practice drive. A tape is played to nothing else."), name);
      return NULL;
    }
  drive = ofl_core_new_practice_drive (name + strlen (PRACTICE), 0, NULL, error);
  if (drive == NULL)
    return NULL;
  return ofl_target_open (ofl_drive_get_target (drive), OFL_OPEN_EXCLUSIVE, error);
}

static gsize
find_longest (const OflTape *tape)
{
  gsize longest = 0;

  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    longest = MAX (longest, ofl_tape_get_entry (tape, i)->command.length);
  return longest;
}

/**
 * ofl_ctl_tape_replay:
 * @ctl: the command line
 * @tape: a tape
 * @practice: (nullable): "practice:ID"; %NULL for the drive that is made from the tape
 *
 * Returns: exit status
 */
int
ofl_ctl_tape_replay (OflCtl *ctl, OflTape *tape, const char *practice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OflTransport) transport = NULL;
  g_autofree guint8 *room = NULL;
  Replay replay = { .ctl = ctl };
  gint64 began;

  if (practice != NULL)
    transport = open_practice (practice, &error);
  else
    transport = (OflTransport *) ofl_tape_drive_new (tape, &error);
  if (transport == NULL || !check_sendable (tape, &error))
    return ofl_ctl_fail_error (ctl, error);
  replay.transport = transport;
  replay.data = room = g_malloc0 (find_longest (tape) + 1);
  began = ofl_transport_now_us (transport);
  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);

      wait_until (transport, began + MIN (entry->at_ms, G_MAXINT32) * 1000);
      play (&replay, entry, i + 1);
    }
  if (!ctl->json && replay.differences > MOST_TOLD)
    g_print (_ ("… and %u more.\n"), replay.differences - MOST_TOLD);
  return finish (&replay, tape);
}
