/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scsi/ofl-command.h"
#include "scsi/ofl-sense.h"

G_BEGIN_DECLS

/**
 * OflOutcome:
 * @OFL_OUTCOME_OK: status GOOD, and host and driver status say so too
 * @OFL_OUTCOME_SENSE: CHECK CONDITION (or a driver's sense) with sense data
 * @OFL_OUTCOME_STATUS: another SCSI status (BUSY, RESERVATION CONFLICT …)
 * @OFL_OUTCOME_TIMEOUT: no answer within the command's limit
 * @OFL_OUTCOME_LOST: the drive left the bus
 * @OFL_OUTCOME_HOST: the host adapter or bridge failed
 * @OFL_OUTCOME_NOT_SENT: the kernel refused to send it (see os_error)
 *
 * What became of a command. Only %OFL_OUTCOME_OK is success.
 */
typedef enum {
  OFL_OUTCOME_OK,
  OFL_OUTCOME_SENSE,
  OFL_OUTCOME_STATUS,
  OFL_OUTCOME_TIMEOUT,
  OFL_OUTCOME_LOST,
  OFL_OUTCOME_HOST,
  OFL_OUTCOME_NOT_SENT,
} OflOutcome;

/**
 * OflReply:
 * @outcome: the verdict over the fields below
 * @status: SCSI status byte
 * @host_status: Linux host byte (DID_…), 0 elsewhere
 * @driver_status: Linux driver byte, 0 elsewhere
 * @sense: sense data, if any came
 * @transferred: bytes that really moved in the data phase
 * @residual: bytes asked for and not moved
 * @os_error: errno, where the kernel refused; else 0
 * @duration_us: time from sending to the answer, microseconds
 */
typedef struct {
  OflOutcome outcome;
  guint8 status;
  guint16 host_status;
  guint16 driver_status;
  OflSense sense;
  guint32 transferred;
  guint32 residual;
  int os_error;
  gint64 duration_us;
} OflReply;

gboolean ofl_reply_ok (const OflReply *reply);
gboolean ofl_reply_no_medium (const OflReply *reply);
gboolean ofl_reply_tray_open (const OflReply *reply);
gboolean ofl_reply_getting_ready (const OflReply *reply);
gboolean ofl_reply_has_key (const OflReply *reply, guint8 key);
void ofl_reply_judge_linux (OflReply *reply);
char *ofl_reply_format (const OflReply *reply);
char *ofl_reply_technical (const OflCommand *command, const OflReply *reply);
const char *ofl_reply_next_step (const OflReply *reply);
void ofl_reply_set_error (const OflReply *reply, const OflCommand *command, GError **error);

G_END_DECLS
