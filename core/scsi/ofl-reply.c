/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scsi/ofl-reply.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "scsi/ofl-error.h"

#define TRAY_OPEN 0x02 /* of 02/3A: then the tray is the reason, not the disc */

/* SCSI status bytes (SAM) */
#define STATUS_GOOD 0x00
#define STATUS_CHECK_CONDITION 0x02
#define STATUS_BUSY 0x08
#define STATUS_RESERVATION_CONFLICT 0x18

/* Linux host bytes. Those of "target" kind are the kernel's comment on an answer that the drive
 * itself gave; all others mean that no answer came. */
#define HOST_OK 0x00
#define HOST_NO_CONNECT 0x01
#define HOST_TIME_OUT 0x03
#define HOST_BAD_TARGET 0x04
#define HOST_TARGET_FAILURE 0x10
#define HOST_NEXUS_FAILURE 0x11
#define HOST_MEDIUM_ERROR 0x13

/* Linux driver byte: low four bits the result, the rest suggestions of old kernels */
#define DRIVER_RESULT_MASK 0x0f
#define DRIVER_OK 0x00
#define DRIVER_TIMEOUT 0x06
#define DRIVER_SENSE 0x08

/**
 * ofl_reply_ok:
 * @reply: a reply
 *
 * Returns: whether the command succeeded
 */
gboolean
ofl_reply_ok (const OflReply *reply)
{
  return reply->outcome == OFL_OUTCOME_OK;
}

/**
 * ofl_reply_no_medium:
 * @reply: a reply
 *
 * Returns: whether the drive said 02/3A/xx, no disc, to this command (scsi 2.1)
 */
gboolean
ofl_reply_no_medium (const OflReply *reply)
{
  return reply->outcome == OFL_OUTCOME_SENSE && ofl_sense_is_no_medium (&reply->sense);
}

/**
 * ofl_reply_tray_open:
 * @reply: a reply
 *
 * Returns: whether the drive says that there is no disc because its tray is open (02/3A/02)
 */
gboolean
ofl_reply_tray_open (const OflReply *reply)
{
  return ofl_reply_no_medium (reply) && reply->sense.ascq == TRAY_OPEN;
}

/**
 * ofl_reply_getting_ready:
 * @reply: a reply
 *
 * Returns: whether the drive says that it is at work and will be ready later: sense 02/04/xx, or
 *   status BUSY (scsi 2.3)
 */
gboolean
ofl_reply_getting_ready (const OflReply *reply)
{
  return (reply->outcome == OFL_OUTCOME_SENSE && reply->sense.key == OFL_KEY_NOT_READY
          && reply->sense.asc == 0x04)
         || (reply->outcome == OFL_OUTCOME_STATUS && reply->status == STATUS_BUSY);
}

/**
 * ofl_reply_has_key:
 * @reply: a reply
 * @key: sense key
 *
 * Returns: whether the command came back with this sense key, also of a deferred error
 */
gboolean
ofl_reply_has_key (const OflReply *reply, guint8 key)
{
  return reply->outcome == OFL_OUTCOME_SENSE && reply->sense.valid && reply->sense.key == key;
}

static gboolean
drive_answered (const OflReply *reply)
{
  switch (reply->host_status)
    {
    case HOST_OK:
    case HOST_TARGET_FAILURE:
    case HOST_NEXUS_FAILURE:
    case HOST_MEDIUM_ERROR:
      return TRUE;
    default:
      return FALSE;
    }
}

static OflOutcome
judge_unanswered (const OflReply *reply)
{
  switch (reply->host_status)
    {
    case HOST_TIME_OUT:
      return OFL_OUTCOME_TIMEOUT;
    case HOST_NO_CONNECT:
    case HOST_BAD_TARGET: /* what libata says of a port without a drive */
      return OFL_OUTCOME_LOST;
    default:
      return OFL_OUTCOME_HOST;
    }
}

static OflOutcome
judge_answered (const OflReply *reply)
{
  guint driver = reply->driver_status & DRIVER_RESULT_MASK;
  gboolean said_so = reply->status == STATUS_CHECK_CONDITION || driver == DRIVER_SENSE;

  if (said_so && reply->sense.valid)
    return OFL_OUTCOME_SENSE;
  if (reply->status != STATUS_GOOD)
    return OFL_OUTCOME_STATUS;
  if (reply->host_status != HOST_OK || driver != DRIVER_OK)
    return OFL_OUTCOME_HOST;
  return OFL_OUTCOME_OK;
}

/**
 * ofl_reply_judge_linux:
 * @reply: (inout): a reply with every field but @outcome filled in
 *
 * Decides the outcome. The SCSI status comes last: measured on Linux, a command that was never
 * answered and one whose drive was unplugged both carry status GOOD, and only the host byte tells.
 */
void
ofl_reply_judge_linux (OflReply *reply)
{
  if (reply->os_error == ENODEV || reply->os_error == ENXIO)
    reply->outcome = OFL_OUTCOME_LOST;
  else if (reply->os_error != 0)
    reply->outcome = OFL_OUTCOME_NOT_SENT;
  else if (!drive_answered (reply))
    reply->outcome = judge_unanswered (reply);
  else if ((reply->driver_status & DRIVER_RESULT_MASK) == DRIVER_TIMEOUT)
    reply->outcome = OFL_OUTCOME_TIMEOUT;
  else
    reply->outcome = judge_answered (reply);
}

static const char *
status_name (guint8 status)
{
  switch (status)
    {
    case STATUS_GOOD:
      return "good";
    case STATUS_CHECK_CONDITION:
      return "check condition";
    case STATUS_BUSY:
      return "busy";
    case STATUS_RESERVATION_CONFLICT:
      return "reservation conflict";
    default:
      return "unusual";
    }
}

/**
 * ofl_reply_format:
 * @reply: a reply
 *
 * Returns: (transfer full): the outcome in a few words, for a log line: "ok", "02/3A/01 Not ready",
 *   "no answer in time", "drive is gone" …
 */
char *
ofl_reply_format (const OflReply *reply)
{
  switch (reply->outcome)
    {
    case OFL_OUTCOME_OK:
      return g_strdup ("ok");
    case OFL_OUTCOME_SENSE:
      return ofl_sense_format (&reply->sense);
    case OFL_OUTCOME_STATUS:
      return g_strdup_printf ("status %02X %s", (guint) reply->status, status_name (reply->status));
    case OFL_OUTCOME_TIMEOUT:
      return g_strdup ("no answer in time");
    case OFL_OUTCOME_LOST:
      return g_strdup ("drive is gone");
    case OFL_OUTCOME_HOST:
      return g_strdup_printf ("transport failed (host %02X, driver %02X)",
                              (guint) reply->host_status, (guint) reply->driver_status);
    case OFL_OUTCOME_NOT_SENT:
      return g_strdup_printf ("not sent (%s)", ofl_errno_text (reply->os_error));
    default:
      return g_strdup ("unknown outcome");
    }
}

static void
append_sense (GString *line, const OflSense *sense)
{
  g_string_append (line, "; sense");
  if (sense->raw_len == 0)
    g_string_append (line, " none");
  for (guint i = 0; i < sense->raw_len; i++)
    g_string_append_printf (line, " %02x", sense->raw[i]);
}

/**
 * ofl_reply_technical:
 * @command: what was sent
 * @reply: what came
 *
 * Returns: (transfer full): one line for a report: CDB, outcome, every status, sense, bytes, time
 */
char *
ofl_reply_technical (const OflCommand *command, const OflReply *reply)
{
  g_autofree char *cdb = ofl_command_format (command);
  g_autofree char *outcome = ofl_reply_format (reply);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%s: CDB %s; %s; status %02x, host %02x, driver %02x",
                          ofl_command_name (command), cdb, outcome, (guint) reply->status,
                          (guint) reply->host_status, (guint) reply->driver_status);
  append_sense (line, &reply->sense);
  g_string_append_printf (line, "; %u of %u bytes; %.1f ms of %u ms", reply->transferred,
                          command->length, (double) reply->duration_us / 1000, command->timeout_ms);
  if (reply->os_error != 0)
    g_string_append_printf (line, "; errno %d", reply->os_error);
  return g_string_free (line, FALSE);
}

/* 02/3A is no error of a drive that is to be empty. Where it is the reason of a refusal all the
 * same, "There is no disc in the drive" would send the user for one. */
static gboolean
wants_disc (const OflReply *reply)
{
  return ofl_sense_is_no_medium (&reply->sense) && reply->sense.ascq != TRAY_OPEN;
}

static void
set_sense_error (const OflReply *reply, const char *name, GError **error)
{
  g_autofree char *codes = ofl_sense_format (&reply->sense);

  /* Translators: a sentence, what the drive answered, and the command that it answered so:
   * "The drive does not know this command. (05/20/00 Illegal request to WRITE BUFFER)" */
  ofl_set_error (error, OFL_ERROR_REJECTED, _ ("%s (%s to %s)"),
                 wants_disc (reply) ? _ ("The drive refuses the command because no disc is in it, "
                                         "though it has to be empty for this.")
                                    : ofl_sense_sentence (&reply->sense),
                 codes, name);
}

/**
 * ofl_reply_next_step:
 * @reply: why a command was refused
 *
 * Returns: (nullable): what a person can do about the drive's own reason (%OFL_OUTCOME_SENSE);
 *   %NULL when it gave none; static. What fits in the middle of a write is for the caller to say
 */
const char *
ofl_reply_next_step (const OflReply *reply)
{
  if (reply->outcome != OFL_OUTCOME_SENSE)
    return NULL;
  if (wants_disc (reply))
    return _ (
        "Leave the drive empty. Switch it off and on and try again; if it stays so, this drive "
        "does not take this way of flashing. Do not force it.");
  return ofl_sense_next_step (&reply->sense);
}

static void
set_status_error (const OflReply *reply, const char *name, GError **error)
{
  if (reply->status == STATUS_BUSY || reply->status == STATUS_RESERVATION_CONFLICT)
    ofl_set_error (error, OFL_ERROR_BUSY,
                   _ ("The drive is busy with something else and did not take %s. Close other "
                      "programs that use it and try again."),
                   name);
  else
    ofl_set_error (error, OFL_ERROR_REJECTED,
                   _ ("The drive refused %s and does not say why (status %02X)."), name,
                   (guint) reply->status);
}

static void
set_not_sent_error (const OflReply *reply, const char *name, GError **error)
{
  if (reply->os_error == EPERM || reply->os_error == EACCES)
    ofl_set_error (error, OFL_ERROR_NO_ACCESS,
                   _ ("%s was not sent: this way to the drive lets only harmless commands through. "
                      "Nothing reached the drive."),
                   name);
  else if (reply->os_error == EBUSY)
    ofl_set_error (error, OFL_ERROR_BUSY,
                   _ ("%s was not sent because the drive is in use. Nothing reached the drive."),
                   name);
  else
    ofl_set_error (error, OFL_ERROR_FAILED,
                   _ ("%s was not sent: the system refused it (%s). Nothing reached the drive."),
                   name, ofl_errno_words (reply->os_error));
}

/**
 * ofl_reply_set_error:
 * @reply: a reply
 * @command: what was sent
 * @error: return location; left alone when the command succeeded
 *
 * Puts an outcome into words: %OFL_ERROR_REJECTED, %OFL_ERROR_BUSY, %OFL_ERROR_TIMEOUT,
 * %OFL_ERROR_LOST, %OFL_ERROR_NO_ACCESS or %OFL_ERROR_FAILED. What to do about sense data is left
 * to ofl_reply_next_step(): in the middle of a write another advice is right than before it.
 */
void
ofl_reply_set_error (const OflReply *reply, const OflCommand *command, GError **error)
{
  const char *name = ofl_command_name (command);

  switch (reply->outcome)
    {
    case OFL_OUTCOME_OK:
      break;
    case OFL_OUTCOME_SENSE:
      set_sense_error (reply, name, error);
      break;
    case OFL_OUTCOME_STATUS:
      set_status_error (reply, name, error);
      break;
    case OFL_OUTCOME_TIMEOUT:
      ofl_set_error (error, OFL_ERROR_TIMEOUT,
                     _ ("The drive did not answer %s within %.1f s. It may still be working."),
                     name, command->timeout_ms / 1000.0);
      break;
    case OFL_OUTCOME_LOST:
      ofl_set_error (error, OFL_ERROR_LOST,
                     _ ("The drive is no longer connected; it went away at %s. Check its cable and "
                        "its power supply."),
                     name);
      break;
    case OFL_OUTCOME_NOT_SENT:
      set_not_sent_error (reply, name, error);
      break;
    case OFL_OUTCOME_HOST:
    default:
      ofl_set_error (error, OFL_ERROR_FAILED,
                     _ ("The connection to the drive failed at %s (host %02X). Check the cable, or "
                        "use another port or bridge."),
                     name, (guint) reply->host_status);
      break;
    }
}
