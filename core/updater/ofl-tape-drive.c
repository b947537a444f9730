/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive that plays the drive's part of a tape. The next command has to be the tape's next,
 * byte by byte; only of the questions that a program asks by the clock (ofl_tape_is_poll()) it takes
 * fewer and more. One that stands in a list is asked by others, too: of it this holds for every question
 * (updater 6). */
#include "updater/ofl-tape-drive.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "firmware/ofl-hashes.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-private.h"
#include "updater/ofl-updater-harmless.h"

#define MAX_TRANSFER 0x10000u

/* As a bus of Linux says it, and what a drive says to what it does not know (SPC) */
#define DRIVER_SENSE 0x08
#define STATUS_CHECK_CONDITION 0x02
#define SENSE_LENGTH 18
#define ASC_UNKNOWN_OPCODE 0x20
#define ASC_INVALID_CDB 0x24
#define ASC_INVALID_DATA 0x26
#define ASC_NO_MEDIUM 0x3a

#define OP_TEST_UNIT_READY 0x00
#define OP_INQUIRY 0x12
#define INQUIRY_IDENTITY 8 /* vendor, product and revision stand there */
#define INQUIRY_LENGTH 36

struct _OflTapeDrive {
  OflTransport parent_instance;

  OflTape *tape;
  guint next; /* the tape's next command */
  gint64 now_us;
  guint32 longest;
  guint differences;
  char *difference; /* the first one, in words */
  gboolean listed;
  gboolean closed;
  OflTapeDriveClosedFunc on_closed; /* until it was called */
  gpointer closed_data;
};

G_DEFINE_FINAL_TYPE (OflTapeDrive, ofl_tape_drive, OFL_TYPE_TRANSPORT)

static gboolean
is_question (OflTapeDrive *self, const OflCommand *command)
{
  if (!self->listed)
    return ofl_tape_is_poll (command);
  return ofl_updater_is_harmless (command) || ofl_command_is_read_only (command);
}

/* What Optiflash itself asks of every drive, a maker's questions among it, is no part of the conversation. */
static gboolean
counts (OflTapeDrive *self, const OflCommand *command)
{
  return !self->listed || (command->dir != OFL_DIR_IN && !is_question (self, command));
}

/* @sha256: of the data that came with it; "" without */
static gboolean
is_entry (const OflTapeEntry *entry, const OflCommand *command, const char *sha256)
{
  return ofl_tape_same_command (&entry->command, command)
         && (command->dir != OFL_DIR_OUT || strcmp (entry->sha256, sha256) == 0);
}

/* The next of the tape that is @command, over questions that this run has no need of; -1: none */
static int
find_ahead (OflTapeDrive *self, const OflCommand *command, const char *sha256)
{
  for (guint i = self->next; i < ofl_tape_get_n_entries (self->tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (self->tape, i);

      if (is_entry (entry, command, sha256))
        return (int) i;
      if (!is_question (self, &entry->command))
        break;
    }
  return -1;
}

/* A question that is asked once more than on the tape is answered as it was the last time; -1: never was */
static int
find_behind (OflTapeDrive *self, const OflCommand *command)
{
  for (guint i = self->next; i > 0 && is_question (self, command); i--)
    if (ofl_tape_same_command (&ofl_tape_get_entry (self->tape, i - 1)->command, command))
      return (int) i - 1;
  return -1;
}

static char *
say_command (const OflCommand *command)
{
  g_autofree char *words = ofl_command_describe (command);
  g_autofree char *cdb = ofl_command_format (command);

  return g_strdup_printf ("%s (%s)", words, cdb);
}

/* The command that is waited for: one of a list does not wait for questions. At the end there is none. */
static guint
find_wanted (OflTapeDrive *self)
{
  guint i = self->next;

  while (self->listed && i < ofl_tape_get_n_entries (self->tape)
         && is_question (self, &ofl_tape_get_entry (self->tape, i)->command))
    i++;
  return i;
}

/* The first is remembered: what follows it is mostly its consequence. */
static void
note_difference (OflTapeDrive *self, const OflCommand *command, guint at, gboolean other_data)
{
  g_autofree char *came = say_command (command);
  g_autofree char *wanted = NULL;

  if (self->differences++ > 0)
    return;
  if (at >= ofl_tape_get_n_entries (self->tape))
    {
      self->difference
          = g_strdup_printf (_ ("The tape has come to its end, and one more came: %s."), came);
      return;
    }
  wanted = say_command (&ofl_tape_get_entry (self->tape, at)->command);
  if (other_data)
    self->difference
        = g_strdup_printf (_ ("Command %u of the tape, %s, came with other data."), at + 1, wanted);
  else
    /* Translators: a command's number, what it is, and what came in its place */
    self->difference = g_strdup_printf (_ ("Command %u of the tape is %s. This came instead: %s."),
                                        at + 1, wanted, came);
}

static gboolean
knows_opcode (OflTapeDrive *self, guint8 opcode)
{
  for (guint i = 0; i < ofl_tape_get_n_entries (self->tape); i++)
    if (ofl_tape_get_entry (self->tape, i)->command.cdb[0] == opcode)
      return TRUE;
  return FALSE;
}

static void
put_sense (const OflCommand *command, OflReply *reply, OflSenseKey key, guint8 asc)
{
  guint8 sense[SENSE_LENGTH] = { 0x70, 0, (guint8) key, [7] = SENSE_LENGTH - 8, [12] = asc };

  reply->status = STATUS_CHECK_CONDITION;
  reply->driver_status = DRIVER_SENSE;
  ofl_sense_parse (&reply->sense, sense, sizeof sense);
  reply->residual = command->length;
  ofl_reply_judge_linux (reply);
}

static void
refuse (OflTapeDrive *self, const OflCommand *command, OflReply *reply)
{
  guint at = find_wanted (self);
  const OflTapeEntry *wanted
      = at < ofl_tape_get_n_entries (self->tape) ? ofl_tape_get_entry (self->tape, at) : NULL;
  gboolean other_data = wanted != NULL && ofl_tape_same_command (&wanted->command, command);

  if (counts (self, command))
    note_difference (self, command, at, other_data);
  if (other_data)
    put_sense (command, reply, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_DATA);
  else
    put_sense (command, reply, OFL_KEY_ILLEGAL_REQUEST,
               knows_opcode (self, command->cdb[0]) ? ASC_INVALID_CDB : ASC_UNKNOWN_OPCODE);
}

static void
answer (OflTapeDrive *self, const OflTapeEntry *entry, guint8 *data, OflReply *reply)
{
  *reply = entry->reply;
  self->now_us += entry->reply.duration_us;
  if (entry->command.dir == OFL_DIR_IN && entry->command.length > 0)
    memset (data, 0, entry->command.length);
  if (entry->command.dir == OFL_DIR_IN && entry->data != NULL)
    memcpy (data, g_bytes_get_data (entry->data, NULL), entry->reply.transferred);
}

static gboolean
is_plain_inquiry (const OflCommand *command)
{
  return command->cdb[0] == OP_INQUIRY && command->cdb[1] == 0 && command->cdb[2] == 0
         && command->dir == OFL_DIR_IN;
}

/* What the last INQUIRY before here told of it, whatever its length was, or else the tape's first line */
static void
fill_inquiry (OflTapeDrive *self, guint8 inquiry[INQUIRY_LENGTH])
{
  const OflTapeHeader *header = ofl_tape_get_header (self->tape);
  const guint8 fixed[] = { 0x05, 0x80, 0x00, 0x02, INQUIRY_LENGTH - 5 };
  g_autofree char *text
      = g_strdup_printf ("%-8.8s%-16.16s%-4.4s", header->vendor, header->product, header->revision);

  memset (inquiry, 0, INQUIRY_LENGTH);
  memcpy (inquiry, fixed, sizeof fixed);
  memcpy (inquiry + INQUIRY_IDENTITY, text, INQUIRY_LENGTH - INQUIRY_IDENTITY);
  for (guint i = self->next; i > 0; i--)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (self->tape, i - 1);

      if (!is_plain_inquiry (&entry->command) || entry->reply.transferred < INQUIRY_LENGTH)
        continue;
      memcpy (inquiry + INQUIRY_IDENTITY,
              (const guint8 *) g_bytes_get_data (entry->data, NULL) + INQUIRY_IDENTITY,
              INQUIRY_LENGTH - INQUIRY_IDENTITY);
      return;
    }
}

/* Of a drive that stands in a list: what the standard lets no drive refuse, where the tape has no such
 * question. */
static gboolean
answer_unrecorded (OflTapeDrive *self, const OflCommand *command, guint8 *data, OflReply *reply)
{
  guint8 inquiry[INQUIRY_LENGTH];

  if (!self->listed || !ofl_updater_is_harmless (command))
    return FALSE;
  if (command->cdb[0] == OP_TEST_UNIT_READY)
    {
      put_sense (command, reply, OFL_KEY_NOT_READY, ASC_NO_MEDIUM);
      return TRUE;
    }
  if (!is_plain_inquiry (command))
    return FALSE;
  fill_inquiry (self, inquiry);
  memset (data, 0, command->length);
  reply->transferred = MIN (command->length, (guint32) sizeof inquiry);
  memcpy (data, inquiry, reply->transferred);
  reply->residual = command->length - reply->transferred;
  ofl_reply_judge_linux (reply);
  return TRUE;
}

static void
ofl_tape_drive_execute (OflTransport *transport, const OflCommand *command, guint8 *data,
                        OflReply *reply)
{
  OflTapeDrive *self = OFL_TAPE_DRIVE (transport);
  char sha256[OFL_TAPE_SHA256_LEN + 1] = "";
  int at;

  if (self->closed)
    {
      reply->outcome = OFL_OUTCOME_NOT_SENT;
      reply->os_error = EBADF;
      return;
    }
  if (command->dir == OFL_DIR_OUT && command->length > 0)
    ofl_sha256_compute (data, command->length, sha256);
  at = find_ahead (self, command, sha256);
  if (at >= 0)
    self->next = (guint) at + 1;
  else
    at = find_behind (self, command);
  if (at >= 0)
    answer (self, ofl_tape_get_entry (self->tape, (guint) at), data, reply);
  else if (!answer_unrecorded (self, command, data, reply))
    refuse (self, command, reply);
}

static guint32
ofl_tape_drive_max_transfer (OflTransport *transport)
{
  return MAX (OFL_TAPE_DRIVE (transport)->longest, MAX_TRANSFER);
}

/* What is written to it changes nothing. */
static gboolean
ofl_tape_drive_check_can_flash (OflTransport *transport, GError **error)
{
  return TRUE;
}

static char *
ofl_tape_drive_describe (OflTransport *transport)
{
  const OflTapeHeader *header = ofl_tape_get_header (OFL_TAPE_DRIVE (transport)->tape);

  return g_strdup_printf ("practice drive made from a tape of a %s %s", header->vendor,
                          header->product);
}

/* One that left the bus on the tape is back when the tape goes on. */
static gboolean
ofl_tape_drive_reopen (OflTransport *transport, guint limit_ms, GCancellable *cancellable,
                       GError **error)
{
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gint64
ofl_tape_drive_now_us (OflTransport *transport)
{
  return OFL_TAPE_DRIVE (transport)->now_us;
}

static void
ofl_tape_drive_sleep_ms (OflTransport *transport, guint ms, GCancellable *cancellable)
{
  OFL_TAPE_DRIVE (transport)->now_us += (gint64) ms * 1000;
}

static void
ofl_tape_drive_close (OflTransport *transport)
{
  OflTapeDrive *self = OFL_TAPE_DRIVE (transport);
  OflTapeDriveClosedFunc on_closed = g_steal_pointer (&self->on_closed);

  self->closed = self->listed;
  if (on_closed != NULL)
    on_closed (self, self->closed_data);
}

static void
ofl_tape_drive_dispose (GObject *object)
{
  ofl_tape_drive_close (OFL_TRANSPORT (object));
  G_OBJECT_CLASS (ofl_tape_drive_parent_class)->dispose (object);
}

static void
ofl_tape_drive_finalize (GObject *object)
{
  OflTapeDrive *self = OFL_TAPE_DRIVE (object);

  ofl_tape_unref (self->tape);
  g_free (self->difference);
  G_OBJECT_CLASS (ofl_tape_drive_parent_class)->finalize (object);
}

static void
ofl_tape_drive_class_init (OflTapeDriveClass *klass)
{
  OflTransportClass *transport_class = OFL_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ofl_tape_drive_dispose;
  G_OBJECT_CLASS (klass)->finalize = ofl_tape_drive_finalize;
  transport_class->execute = ofl_tape_drive_execute;
  transport_class->max_transfer = ofl_tape_drive_max_transfer;
  transport_class->check_can_flash = ofl_tape_drive_check_can_flash;
  transport_class->describe = ofl_tape_drive_describe;
  transport_class->reopen = ofl_tape_drive_reopen;
  transport_class->now_us = ofl_tape_drive_now_us;
  transport_class->sleep_ms = ofl_tape_drive_sleep_ms;
  transport_class->close = ofl_tape_drive_close;
}

static void
ofl_tape_drive_init (OflTapeDrive *self)
{
}

/* Of what was sent the hash will do, but not that of data which was masked before: nobody sends that. */
static int
find_masked_out (const OflTape *tape)
{
  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);

      if (entry->command.dir == OFL_DIR_OUT && entry->masked)
        return (int) i;
    }
  return -1;
}

static gboolean
check_playable (const OflTape *tape, GError **error)
{
  int missing = ofl_tape_find_missing (tape, OFL_DIR_IN);
  int masked = find_masked_out (tape);
  g_autofree char *words = NULL;

  if (missing < 0 && masked < 0)
    return TRUE;
  words = ofl_command_describe (
      &ofl_tape_get_entry (tape, (guint) (missing >= 0 ? missing : masked))->command);
  if (missing >= 0)
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("No practice drive can be made from this tape: what the drive answered to "
                      "command %d, %s, is on it as a hash only. It takes a tape with whole data, "
                      "which its owner has to allow."),
                   missing + 1, words);
  else
    ofl_set_error (error, OFL_ERROR_NOT_SUPPORTED,
                   _ ("No practice drive can be made from this tape: in what was sent with command "
                      "%d, %s, a serial is masked, so the drive could not tell it from other data. "
                      "The tape can be shown and compared."),
                   masked + 1, words);
  return FALSE;
}

/**
 * ofl_tape_drive_new:
 * @tape: what it plays
 * @error: return location
 *
 * Makes the drive, before the tape's first command. What came from the real one has to be on the tape
 * whole; of what was sent to it the hash will do, unless a serial was masked in it.
 *
 * Returns: (transfer full): the drive; %NULL with %OFL_ERROR_NOT_SUPPORTED, which names the first
 *   command of which the tape has not what it takes
 */
OflTapeDrive *
ofl_tape_drive_new (OflTape *tape, GError **error)
{
  OflTapeDrive *self;

  if (!check_playable (tape, error))
    return NULL;
  self = g_object_new (OFL_TYPE_TAPE_DRIVE, NULL);
  self->tape = ofl_tape_ref (tape);
  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    self->longest = MAX (self->longest, ofl_tape_get_entry (tape, i)->command.length);
  return self;
}

/**
 * ofl_tape_drive_new_listed:
 * @tape: what it plays
 * @position: how many of the tape's commands lie behind it
 * @closed: called once, when this way to the drive is closed
 * @data: for @closed
 * @error: return location
 *
 * Makes the drive as one of a list, of which Optiflash asks what it asks of every drive. What could change
 * it has to come as recorded. Questions that change nothing may be fewer, more, and in another order; INQUIRY and
 * TEST UNIT READY are answered where the tape has none of them, too: the name is that of the tape's last
 * INQUIRY, or of its first line, and no disc is in it.
 *
 * Returns: (transfer full): the drive; %NULL as ofl_tape_drive_new()
 */
OflTapeDrive *
ofl_tape_drive_new_listed (OflTape *tape, guint position, OflTapeDriveClosedFunc closed,
                           gpointer data, GError **error)
{
  OflTapeDrive *self = ofl_tape_drive_new (tape, error);

  if (self == NULL)
    return NULL;
  self->listed = TRUE;
  self->next = position;
  self->on_closed = closed;
  self->closed_data = data;
  return self;
}

/**
 * ofl_tape_drive_get_position:
 * @self: a drive made from a tape
 *
 * Returns: how many of the tape's commands lie behind it
 */
guint
ofl_tape_drive_get_position (OflTapeDrive *self)
{
  return self->next;
}

/**
 * ofl_tape_drive_is_complete:
 * @self: a drive made from a tape
 *
 * Returns: whether the conversation has come to the tape's end, or only questions are left that a run may do
 *   without
 */
gboolean
ofl_tape_drive_is_complete (OflTapeDrive *self)
{
  for (guint i = self->next; i < ofl_tape_get_n_entries (self->tape); i++)
    if (!is_question (self, &ofl_tape_get_entry (self->tape, i)->command))
      return FALSE;
  return TRUE;
}

/**
 * ofl_tape_drive_get_n_differences:
 * @self: a drive made from a tape
 *
 * Returns: how many commands it refused because they are not the tape's
 */
guint
ofl_tape_drive_get_n_differences (OflTapeDrive *self)
{
  return self->differences;
}

/**
 * ofl_tape_drive_get_difference:
 * @self: a drive made from a tape
 *
 * Returns: (nullable): the first of them, in a sentence; %NULL when there was none
 */
const char *
ofl_tape_drive_get_difference (OflTapeDrive *self)
{
  return self->difference;
}
