/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a command through a practice drive: faults of the link, unit attentions, the model,
 * and the drive's log. What it answers is the model's (the class methods) and, for the commands
 * that every optical drive knows, ofl-practice-mmc.c. */
#include "practice/ofl-practice-private.h"

#include <string.h>

#include "practice/ofl-practice-random.h"

/* A command without work for the drive: the time on the bus and in its firmware. */
#define ANSWER_US 200
/* High-speed USB moves about 30 MB/s (practice 3). */
#define BYTES_PER_US 30

/**
 * ofl_practice_refuse: (skip)
 * @answer: the answer to fill
 * @key: sense key
 * @asc: additional sense code
 * @ascq: its qualifier
 *
 * Answers with CHECK CONDITION and no data.
 */
void
ofl_practice_refuse (OflPracticeAnswer *answer, guint8 key, guint8 asc, guint8 ascq)
{
  answer->status = 2;
  answer->key = key;
  answer->asc = asc;
  answer->ascq = ascq;
  answer->in_len = 0;
}

/**
 * ofl_practice_send: (skip)
 * @request: the command
 * @answer: its answer
 * @data: (array length=length): the data
 * @length: bytes of it
 * @allocation: the most the command asked for
 *
 * Answers with data, cut to what was asked for and what there is room for.
 */
void
ofl_practice_send (const OflPracticeRequest *request, OflPracticeAnswer *answer, const guint8 *data,
                   gsize length, gsize allocation)
{
  answer->in_len = MIN (MIN (length, allocation), request->in_max);
  if (answer->in_len > 0)
    memcpy (request->in, data, answer->in_len);
}

static void
log_command (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
             const OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  g_autoptr (GString) line = NULL;

  if (common->log == NULL)
    return;
  line = g_string_new (NULL);
  g_string_printf (line, "%" G_GINT64_FORMAT, now_us / 1000);
  for (guint i = 0; i < request->cdb_len; i++)
    g_string_append_printf (line, " %02x", request->cdb[i]);
  g_string_append_printf (line, " out %" G_GSIZE_FORMAT " in %" G_GSIZE_FORMAT " ",
                          request->out_len - answer->residual, answer->in_len);
  if (answer->hang)
    g_string_append (line, "HANG");
  else if (answer->vanish)
    g_string_append (line, "VANISH");
  else if (answer->status == 0)
    g_string_append (line, "ok");
  else
    g_string_append_printf (line, "%02x/%02x/%02x", answer->key, answer->asc, answer->ascq);
  common->log (line->str, common->log_data);
}

/* Commands that can change what the drive keeps. WRITE BUFFER's data and echo modes only fill a
 * buffer that power clears; all its other modes count, because they arm or feed an update. */
static gboolean
can_write (const OflPracticeRequest *request)
{
  switch (request->cdb[0])
    {
    case OP_FORMAT_UNIT:
    case OP_MODE_SELECT_6:
    case OP_MODE_SELECT_10:
    case OP_WRITE_10:
    case OP_WRITE_12:
      return TRUE;
    case OP_WRITE_BUFFER:
      switch (request->cdb[1] & 0x1f)
        {
        case 0x00:
        case OFL_BUFFER_DATA:
        case OFL_BUFFER_ECHO:
          return FALSE;
        default:
          return TRUE;
        }
    default:
      return FALSE;
    }
}

/* INQUIRY, REQUEST SENSE, REPORT LUNS (SPC) and the two status commands of MMC are answered
 * while a unit attention waits, and leave it waiting. */
static gboolean
answers_before_attention (guint8 opcode)
{
  switch (opcode)
    {
    case OP_INQUIRY:
    case OP_REQUEST_SENSE:
    case OP_REPORT_LUNS:
    case OP_GET_CONFIGURATION:
    case OP_GET_EVENT_STATUS:
      return TRUE;
    default:
      return FALSE;
    }
}

/* What there is to say when the last command left no sense: a burn that failed, an attention that
 * waits, that the drive is busy. */
static void
find_sense (OflPracticeDrive *self, guint8 sense[3])
{
  OflPracticeAnswer found = { 0 };
  guint8 busy = OFL_PRACTICE_DRIVE_GET_CLASS (self)->not_ready (self);

  if (ofl_practice_common (self)->burn_failed)
    ofl_practice_refuse (&found, OFL_KEY_HARDWARE_ERROR, ASC_INTERNAL_FAILURE, 0);
  else if (!ofl_practice_take_attention (self, &found) && busy != 0)
    ofl_practice_refuse (&found, OFL_KEY_NOT_READY, ASC_NOT_READY, busy);
  sense[0] = found.key;
  sense[1] = found.asc;
  sense[2] = found.ascq;
}

/* The INFORMATION field of the sense of a drive that is busy with itself, where it has one. */
static gboolean
find_information (OflPracticeDrive *self, guint8 key, guint8 asc, guint32 *information)
{
  OflPracticeDriveClass *klass = OFL_PRACTICE_DRIVE_GET_CLASS (self);

  if (key != OFL_KEY_NOT_READY || asc != ASC_NOT_READY || klass->progress == NULL)
    return FALSE;
  *information = klass->progress (self);
  return TRUE;
}

static void
request_sense (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 data[OFL_PRACTICE_SENSE_SIZE];
  OflPracticeAnswer last = { 0 };
  guint8 sense[3];

  ofl_practice_take_sense (self, sense);
  if (sense[0] == 0)
    find_sense (self, sense);
  last.key = sense[0];
  last.asc = sense[1];
  last.ascq = sense[2];
  last.informed = find_information (self, sense[0], sense[1], &last.information);
  ofl_practice_put_sense (&last, data);
  ofl_practice_send (request, answer, data, sizeof data, request->cdb[4]);
}

/**
 * ofl_practice_put_sense: (skip)
 * @answer: an answer with sense
 * @data: (out caller-allocates): sense data in the fixed form
 *
 * Writes sense as the bus carries it. Source: SPC.
 */
void
ofl_practice_put_sense (const OflPracticeAnswer *answer, guint8 data[OFL_PRACTICE_SENSE_SIZE])
{
  memset (data, 0, OFL_PRACTICE_SENSE_SIZE);
  data[0] = answer->informed ? 0xf0 : 0x70;
  data[2] = answer->key;
  if (answer->informed)
    ofl_put_be (data + 3, 4, answer->information);
  data[7] = OFL_PRACTICE_SENSE_SIZE - 8;
  data[12] = answer->asc;
  data[13] = answer->ascq;
}

/* The command as the drive's firmware sees it, faults of the link already applied. */
static void
run (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
     OflPracticeAnswer *answer)
{
  OflPracticeDriveClass *klass = OFL_PRACTICE_DRIVE_GET_CLASS (self);

  if (request->cdb[0] == OP_REQUEST_SENSE)
    {
      request_sense (self, request, answer);
      return;
    }
  if (!answers_before_attention (request->cdb[0]) && ofl_practice_take_attention (self, answer))
    return;
  if (!klass->command (self, now_us, request, answer))
    ofl_practice_mmc_command (self, request, answer);
  answer->informed = find_information (self, answer->key, answer->asc, &answer->information);
}

/* A copy of the data that was sent, as it arrives through the faults; NULL when it arrives whole. */
static guint8 *
damage_out (const OflPracticeRequest *request, const OflPracticeStrike *strike)
{
  guint8 *copy;

  if (request->out_len == 0 || (!strike->flip && !strike->shorten))
    return NULL;
  copy = g_memdup2 (request->out, request->out_len);
  if (strike->flip)
    copy[strike->flip_at % request->out_len] ^= strike->flip_mask;
  if (strike->shorten)
    memset (copy + request->out_len / 2, 0, request->out_len - request->out_len / 2);
  return copy;
}

static void
damage_in (OflPracticeDrive *self, const OflPracticeRequest *request,
           const OflPracticeStrike *strike, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (strike->shorten)
    answer->in_len /= 2;
  if (strike->flip && answer->in_len > 0)
    request->in[strike->flip_at % answer->in_len] ^= strike->flip_mask;
  if (strike->garble && request->cdb[0] == OP_INQUIRY)
    for (gsize i = 8; i < MIN (answer->in_len, 36); i++)
      if (ofl_practice_random (&common->random) % 3 == 0)
        request->in[i] ^= (guint8) (ofl_practice_random (&common->random) >> 9);
}

static void
run_damaged (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
             const OflPracticeStrike *strike, OflPracticeAnswer *answer)
{
  g_autofree guint8 *copy = damage_out (request, strike);
  OflPracticeRequest arrived = *request;

  guint8 cdb[OFL_CDB_MAX];

  if (copy != NULL)
    arrived.out = copy;
  if (strike->cdb_mask != 0)
    {
      memcpy (cdb, request->cdb, sizeof cdb);
      cdb[strike->cdb_at % MAX (request->cdb_len, 1)] ^= strike->cdb_mask;
      arrived.cdb = cdb;
    }
  answer->delay_us += (gint64) (request->out_len / BYTES_PER_US);
  if (strike->attention)
    ofl_practice_refuse (answer, OFL_KEY_UNIT_ATTENTION, ASC_RESET, 0);
  else if (strike->fail)
    ofl_practice_refuse (answer, OFL_KEY_HARDWARE_ERROR, ASC_INTERNAL_FAILURE, 0);
  else if (strike->refuse)
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
  else
    run (self, now_us, &arrived, answer);
  if (strike->shorten)
    answer->residual = request->out_len - request->out_len / 2;
  damage_in (self, request, strike, answer);
}

/* What the faults leave of a command: nothing, or an answer. */
static void
answer_command (OflPracticeDrive *self, gint64 now_us, const OflPracticeRequest *request,
                OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  OflPracticeDriveClass *klass = OFL_PRACTICE_DRIVE_GET_CLASS (self);
  gboolean writes = can_write (request) || (klass->can_write != NULL && klass->can_write (request));
  OflPracticeStrike strike;

  common->n_writes += writes ? 1 : 0;
  ofl_practice_faults_strike (common->faults, request, writes, &strike);
  if (strike.power_loss)
    {
      ofl_practice_drive_power_off (self, now_us);
      answer->vanish = TRUE;
    }
  else if (strike.vanish)
    {
      answer->vanish = TRUE;
      answer->return_us = strike.return_us;
      /* Without a loss of power it comes back as after a reset of the bus. */
      if (strike.power_cycle)
        ofl_practice_drive_power_cycle (self, now_us);
      else
        ofl_practice_drive_bus_reset (self, now_us);
    }
  else if (strike.hang)
    answer->hang = TRUE;
  else
    run_damaged (self, now_us, request, &strike, answer);
}

/**
 * ofl_practice_drive_execute:
 * @self: a practice drive
 * @now_us: when the command arrives, microseconds on a clock that never goes back
 * @request: the command and its data
 * @answer: (out caller-allocates): what the drive answers, and after what time
 *
 * Lets the drive answer one command. Does not wait: the time the drive needs is in the answer.
 */
void
ofl_practice_drive_execute (OflPracticeDrive *self, gint64 now_us,
                            const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  gboolean lost;

  memset (answer, 0, sizeof *answer);
  answer->delay_us = ANSWER_US;
  ofl_practice_settle (self, now_us);
  if (!common->powered)
    {
      answer->vanish = TRUE;
      return;
    }
  answer_command (self, now_us, request, answer);
  lost = common->powered && common->power_loss_us <= now_us + answer->delay_us;
  if (lost)
    *answer = (OflPracticeAnswer){ .vanish = TRUE, .delay_us = common->power_loss_us - now_us };
  if (request->cdb[0] != OP_REQUEST_SENSE || answer->status != 0)
    {
      common->sense[0] = answer->key;
      common->sense[1] = answer->asc;
      common->sense[2] = answer->ascq;
    }
  log_command (self, now_us, request, answer);
  if (lost)
    ofl_practice_drive_power_off (self, common->power_loss_us);
}
