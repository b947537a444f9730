/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way of the doctor to a drive: questions that only read, each answer put into a class. */
#include "doctor/ofl-doctor-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One more than may wait (scsi 2.2) */
#define MOST_ATTENTIONS 9

#define WRITES_CDS 0x03
#define WRITES_DVDS 0x30

/**
 * ofl_doctor_may_go_on: (skip)
 * @self: an examination
 *
 * Returns: whether there is still somebody to ask, and somebody who wants to know
 */
gboolean
ofl_doctor_may_go_on (OflDoctor *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    self->found->cancelled = TRUE;
  return !self->found->cancelled && !self->found->silenced;
}

/* What a bridge says of the way to its drive, or either end of the data between them (SPC) */
static gboolean
is_about_link (const OflReply *reply)
{
  static const guint8 codes[] = { 0x05, 0x08, 0x1b, 0x47, 0x48, 0x4b };

  return (ofl_reply_has_key (reply, OFL_KEY_NOT_READY)
          || ofl_reply_has_key (reply, OFL_KEY_HARDWARE_ERROR)
          || ofl_reply_has_key (reply, OFL_KEY_ABORTED))
         && memchr (codes, reply->sense.asc, sizeof codes) != NULL;
}

static OflDoctorAnswer
judge_sense (const OflReply *reply)
{
  if (ofl_reply_no_medium (reply) || ofl_reply_getting_ready (reply))
    return OFL_DOCTOR_NOT_READY;
  if (is_about_link (reply))
    return OFL_DOCTOR_LINK;
  if (ofl_reply_has_key (reply, OFL_KEY_ILLEGAL_REQUEST))
    return OFL_DOCTOR_REFUSED;
  if (ofl_reply_has_key (reply, OFL_KEY_MEDIUM_ERROR))
    return OFL_DOCTOR_MEDIUM;
  return ofl_reply_has_key (reply, OFL_KEY_RECOVERED) ? OFL_DOCTOR_ANSWERED : OFL_DOCTOR_FAILED;
}

/**
 * ofl_doctor_judge_reply: (skip)
 * @reply: an answer
 *
 * Returns: which class of answer it is
 */
OflDoctorAnswer
ofl_doctor_judge_reply (const OflReply *reply)
{
  switch (reply->outcome)
    {
    case OFL_OUTCOME_OK:
      return OFL_DOCTOR_ANSWERED;
    case OFL_OUTCOME_TIMEOUT:
    case OFL_OUTCOME_LOST:
      return OFL_DOCTOR_SILENT;
    case OFL_OUTCOME_SENSE:
      return judge_sense (reply);
    case OFL_OUTCOME_HOST:
    case OFL_OUTCOME_NOT_SENT:
      return OFL_DOCTOR_LINK;
    case OFL_OUTCOME_STATUS:
    default:
      return OFL_DOCTOR_FAILED;
    }
}

/**
 * ofl_doctor_was_interrupted: (skip)
 * @self: an examination
 *
 * A drive that cannot find its starting position (02/06) is not ready either, and that is its failure.
 *
 * Returns: whether the last command did not do its work for a reason that is nobody's failure: the
 *   drive is not ready or busy, or has something else to tell, such as another disc; or the system did
 *   not send it
 */
gboolean
ofl_doctor_was_interrupted (const OflDoctor *self)
{
  const OflReply *reply = &self->reply;

  if (reply->outcome == OFL_OUTCOME_NOT_SENT || ofl_reply_getting_ready (reply))
    return TRUE;
  return ofl_reply_has_key (reply, OFL_KEY_UNIT_ATTENTION)
         || (ofl_reply_has_key (reply, OFL_KEY_NOT_READY) && reply->sense.asc != 0x06
             && !is_about_link (reply));
}

/**
 * ofl_doctor_explain: (skip)
 * @self: an examination
 * @command: the last command, which failed
 *
 * Returns: (transfer full): why, a sentence; a drive without a disc is not told that it should be empty
 */
char *
ofl_doctor_explain (const OflDoctor *self, const OflCommand *command)
{
  g_autoptr (GError) error = NULL;

  if (self->reply.outcome == OFL_OUTCOME_SENSE)
    return g_strdup (ofl_sense_sentence (&self->reply.sense));
  ofl_reply_set_error (&self->reply, command, &error);
  return g_strdup (error != NULL ? ofl_error_text (error) : "");
}

/**
 * ofl_doctor_link_step: (skip)
 *
 * Returns: what to do about a way to the drive that failed; static
 */
const char *
ofl_doctor_link_step (void)
{
  return _ ("Try another cable, port or adapter, then run the doctor again.");
}

/**
 * ofl_doctor_note_silence: (skip)
 * @self: an examination
 *
 * There is nothing more to be learned from a drive that has stopped answering, and each further
 * question would wait for its whole limit.
 */
void
ofl_doctor_note_silence (OflDoctor *self)
{
  self->found->silenced = TRUE;
  ofl_doctor_add (self, OFL_FINDING_BAD, "silence", TRUE,
                  _ ("Switch the drive off and on, try another cable or port, and run the doctor "
                     "again. If it stops at the same place again, the drive itself hangs there."),
                  _ ("The drive stopped answering in the middle of the examination."));
}

static OflDoctorAnswer
note_reply (OflDoctor *self, const OflCommand *command)
{
  OflDoctorAnswer answer = ofl_doctor_judge_reply (&self->reply);

  g_free (self->technical);
  self->technical = ofl_reply_technical (command, &self->reply);
  if (answer == OFL_DOCTOR_SILENT)
    ofl_doctor_note_silence (self);
  return answer;
}

/**
 * ofl_doctor_send: (skip)
 * @self: an examination
 * @command: a command that only reads
 * @data: (nullable): room for its data
 *
 * Sends it; what the drive has to tell of the past is taken first. What the answer was is in
 * @self->reply and @self->technical. A drive that does not answer is noted as a finding.
 *
 * Returns: which class of answer it was
 */
OflDoctorAnswer
ofl_doctor_send (OflDoctor *self, const OflCommand *command, guint8 *data)
{
  g_return_val_if_fail (ofl_command_is_read_only (command), OFL_DOCTOR_REFUSED);
  for (guint i = 0; i < MOST_ATTENTIONS; i++)
    {
      ofl_transport_execute (self->transport, command, data, &self->reply);
      if (!ofl_reply_has_key (&self->reply, OFL_KEY_UNIT_ATTENTION))
        break;
    }
  return note_reply (self, command);
}

/**
 * ofl_doctor_send_listed: (skip)
 * @self: an examination
 * @family: the drive's family
 * @command: a command that its family lists as one that only asks
 * @data: room for its data
 *
 * Sends it once: what the drive has to tell of the past is an answer, too. Otherwise like
 * ofl_doctor_send().
 *
 * Returns: which class of answer it was
 */
OflDoctorAnswer
ofl_doctor_send_listed (OflDoctor *self, const OflFamily *family, const OflCommand *command,
                        guint8 *data)
{
  g_return_val_if_fail (ofl_family_only_asks (family, command), OFL_DOCTOR_REFUSED);
  ofl_transport_execute (self->transport, command, data, &self->reply);
  return note_reply (self, command);
}

/**
 * ofl_doctor_send_last: (skip)
 * @self: an examination
 * @family: the drive's family
 * @command: a command that its family lists as one that only asks
 * @data: room for its data
 *
 * Sends what ends something, whatever happened before it; what is known of that stays.
 *
 * Returns: whether the drive took it
 */
gboolean
ofl_doctor_send_last (OflDoctor *self, const OflFamily *family, const OflCommand *command,
                      guint8 *data)
{
  OflReply reply;

  g_return_val_if_fail (ofl_family_only_asks (family, command), FALSE);
  ofl_transport_execute (self->transport, command, data, &reply);
  return ofl_doctor_judge_reply (&reply) == OFL_DOCTOR_ANSWERED;
}

/**
 * ofl_doctor_again_step: (skip)
 *
 * Returns: what to do about a question that was not answered and is nobody's failure; static
 */
const char *
ofl_doctor_again_step (void)
{
  return _ (
      "Leave the disc in the drive, end other programs that use it, and run the doctor again.");
}

static void
note_failure (OflDoctor *self, const char *id, const OflCommand *command, OflDoctorAnswer answer)
{
  gboolean interrupted = ofl_doctor_was_interrupted (self);
  g_autoptr (GError) error = NULL;

  ofl_reply_set_error (&self->reply, command, &error);
  self->interrupted |= interrupted;
  if (answer == OFL_DOCTOR_LINK)
    {
      self->link += !interrupted;
      ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, id, TRUE,
                      interrupted ? ofl_doctor_again_step () : ofl_doctor_link_step (),
                      /* Translators: a command's name in the standard, and a sentence */
                      _ ("A question did not get through, or its answer did not (%s): %s"),
                      ofl_command_name (command), ofl_error_text (error));
      return;
    }
  self->failed += answer == OFL_DOCTOR_FAILED && !interrupted;
  self->unreadable |= answer == OFL_DOCTOR_MEDIUM;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, id, TRUE, ofl_reply_next_step (&self->reply),
                  /* Translators: a command's name in the standard, and a sentence */
                  _ ("A question was not answered as it should be (%s): %s"),
                  ofl_command_name (command), ofl_error_text (error));
}

/**
 * ofl_doctor_ask: (skip)
 * @self: an examination
 * @id: word for what is asked
 * @cdb: (array length=cdb_len): a command that only reads
 * @cdb_len: its length
 * @length: bytes that are asked for, at most %OFL_DOCTOR_ROOM
 *
 * Asks; the answer is in @self->data and @self->length. That the drive, the disc or the way to the
 * drive failed at it is noted as a finding; that it does not know the question is none.
 *
 * Returns: which class of answer it was; %OFL_DOCTOR_SILENT, without asking, when nobody is to be
 *   asked
 */
OflDoctorAnswer
ofl_doctor_ask (OflDoctor *self, const char *id, const guint8 *cdb, guint cdb_len, guint length)
{
  OflCommand command = ofl_command_raw (cdb, cdb_len, length > 0 ? OFL_DIR_IN : OFL_DIR_NONE,
                                        length, OFL_TIMEOUT_PROBE);
  OflDoctorAnswer answer;

  g_return_val_if_fail (length <= OFL_DOCTOR_ROOM, OFL_DOCTOR_REFUSED);
  self->length = 0;
  memset (self->data, 0, sizeof self->data);
  if (!ofl_doctor_may_go_on (self))
    return OFL_DOCTOR_SILENT;
  answer = ofl_doctor_send (self, &command, self->data);
  if (answer == OFL_DOCTOR_ANSWERED)
    self->length = MIN (self->reply.transferred, length);
  if (answer == OFL_DOCTOR_FAILED || answer == OFL_DOCTOR_MEDIUM || answer == OFL_DOCTOR_LINK)
    note_failure (self, id, &command, answer);
  self->interrupted |= answer == OFL_DOCTOR_NOT_READY && self->disc == OFL_DOCTOR_DISC;
  return answer;
}

/**
 * ofl_doctor_note_nonsense: (skip)
 * @self: an examination
 * @id: word for what was asked
 *
 * Notes that the last answer cannot be right.
 */
void
ofl_doctor_note_nonsense (OflDoctor *self, const char *id)
{
  g_autoptr (GString) line = g_string_new (self->technical);

  g_string_append_printf (line, "; %" G_GSIZE_FORMAT " bytes:", self->length);
  for (gsize i = 0; i < MIN (self->length, 16); i++)
    g_string_append_printf (line, " %02x", self->data[i]);
  g_free (self->technical);
  self->technical = g_string_free (g_steal_pointer (&line), FALSE);
  self->nonsense++;
  ofl_doctor_add (self, OFL_FINDING_DOUBTFUL, id, TRUE,
                  _ ("Try another cable, port or adapter and run the doctor again: a link that "
                     "loses or changes bytes looks like this, too."),
                  _ ("The drive gave an answer that cannot be right: its lengths or numbers "
                     "contradict each other or the standard. Nothing is concluded from it."));
}

/**
 * ofl_doctor_is_cd: (skip)
 * @self: an examination
 *
 * Returns: whether the disc that is in is a CD, by what the drive says
 */
gboolean
ofl_doctor_is_cd (const OflDoctor *self)
{
  return self->profiles.current >= PROFILE_CD_ROM && self->profiles.current <= PROFILE_CD_RW;
}

/**
 * ofl_doctor_is_dvd: (skip)
 * @self: an examination
 *
 * Returns: whether the disc that is in is a DVD, by what the drive says
 */
gboolean
ofl_doctor_is_dvd (const OflDoctor *self)
{
  return self->profiles.current >= PROFILE_DVD_FIRST && self->profiles.current <= PROFILE_DVD_LAST;
}

/**
 * ofl_doctor_writes: (skip)
 * @self: an examination
 *
 * Returns: whether the drive says that it writes discs
 */
gboolean
ofl_doctor_writes (const OflDoctor *self)
{
  return self->has_capabilities && (self->capabilities.writes & (WRITES_CDS | WRITES_DVDS)) != 0;
}
