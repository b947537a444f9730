/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that every optical drive answers, so that an operating system is content with a
 * practice drive: readiness, tray, events, and as much of a disc as it takes to look at one. */
#include "practice/ofl-practice-private.h"

#define BUFFER_SIZE (2048 * 1024)
#define EVENT_CLASS_MEDIA 4

typedef void (*Handler) (OflPracticeDrive *self, const OflPracticeRequest *request,
                         OflPracticeAnswer *answer);

/* When a command is answered */
typedef enum {
  ALWAYS,
  NOT_BUSY, /* not while the drive works on itself */
  DISC,     /* only with a disc that is ready */
} When;

static void
bad_field (OflPracticeAnswer *answer)
{
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
}

static void
no_data (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
}

static void
start_stop (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  gboolean load_eject = (request->cdb[4] & 0x02) != 0;
  gboolean start = (request->cdb[4] & 0x01) != 0;

  if (load_eject && start)
    common->tray_open = FALSE;
  else if (load_eject && common->locked)
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_REMOVAL_PREVENTED, 2);
  else if (load_eject)
    {
      ofl_practice_drive_set_disc (self, FALSE);
      common->tray_open = TRUE;
    }
  else if (start && !common->disc)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NO_MEDIUM, common->tray_open ? 2 : 1);
}

static void
prevent_allow (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  ofl_practice_common (self)->locked = (request->cdb[4] & 0x01) != 0;
}

static void
report_luns (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 data[16] = { 0, 0, 0, 8 };

  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 6, 4));
}

/* Only polling, only the class of media events (MMC). */
static void
get_event_status (OflPracticeDrive *self, const OflPracticeRequest *request,
                  OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 data[8] = { 0, 2, 0x80, 1u << EVENT_CLASS_MEDIA };
  gsize length = 4;

  if ((request->cdb[1] & 0x01) == 0)
    {
      bad_field (answer);
      return;
    }
  if ((request->cdb[4] & (1u << EVENT_CLASS_MEDIA)) != 0)
    {
      length = 8;
      data[1] = 6;
      data[2] = EVENT_CLASS_MEDIA;
      data[4] = common->media_event;
      data[5] = (guint8) ((common->tray_open ? 0x01 : 0) | (common->disc ? 0x02 : 0));
      common->media_event = 0;
    }
  ofl_practice_send (request, answer, data, length, ofl_get_be (request->cdb + 7, 2));
}

static void
read_buffer_capacity (OflPracticeDrive *self, const OflPracticeRequest *request,
                      OflPracticeAnswer *answer)
{
  gboolean stuck = ofl_practice_faults_is_buffer_stuck (ofl_practice_common (self)->faults);
  guint8 data[12] = { 0, 10 };

  ofl_put_be (data + 4, 4, BUFFER_SIZE);
  ofl_put_be (data + 8, 4, stuck ? BUFFER_SIZE / 2 : BUFFER_SIZE);
  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 7, 2));
}

static void
read_capacity (OflPracticeDrive *self, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 data[8];

  ofl_put_be (data, 4, ofl_practice_is_blank (self) ? 0 : OFL_PRACTICE_DISC_BLOCKS - 1);
  ofl_put_be (data + 4, 4, OFL_PRACTICE_BLOCK_SIZE);
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}

static void
read_format_capacities (OflPracticeDrive *self, const OflPracticeRequest *request,
                        OflPracticeAnswer *answer)
{
  guint8 data[12] = { 0, 0, 0, 8 };

  /* 1: a blank disc; 2: a formatted disc of this size; 3: no disc */
  ofl_put_be (data + 4, 4, ofl_practice_common (self)->disc ? OFL_PRACTICE_DISC_BLOCKS : 0);
  ofl_put_be (data + 8, 4, OFL_PRACTICE_BLOCK_SIZE);
  data[8] = ofl_practice_is_blank (self) ? 1 : ofl_practice_common (self)->disc ? 2 : 3;
  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 7, 2));
}

static const struct {
  guint8 opcode;
  When when;
  Handler handler;
} commands[] = {
  { OP_TEST_UNIT_READY, DISC, no_data },
  { OP_INQUIRY, ALWAYS, ofl_practice_inquiry },
  { OP_MODE_SENSE_6, NOT_BUSY, ofl_practice_mode_sense },
  { OP_MODE_SENSE_10, NOT_BUSY, ofl_practice_mode_sense },
  { OP_START_STOP, NOT_BUSY, start_stop },
  { OP_PREVENT_ALLOW, NOT_BUSY, prevent_allow },
  { OP_READ_FORMAT_CAPACITIES, NOT_BUSY, read_format_capacities },
  { OP_READ_CAPACITY, DISC, read_capacity },
  { OP_READ_10, DISC, ofl_practice_read_blocks },
  { OP_READ_12, DISC, ofl_practice_read_blocks },
  { OP_SEEK_10, DISC, ofl_practice_seek },
  { OP_SYNCHRONIZE_CACHE, DISC, no_data },
  { OP_READ_TOC, DISC, ofl_practice_read_toc },
  { OP_GET_CONFIGURATION, ALWAYS, ofl_practice_get_configuration },
  { OP_GET_EVENT_STATUS, ALWAYS, get_event_status },
  { OP_READ_DISC_INFO, DISC, ofl_practice_read_disc_info },
  { OP_READ_TRACK_INFO, DISC, ofl_practice_read_track_info },
  { OP_READ_BUFFER_CAPACITY, NOT_BUSY, read_buffer_capacity },
  { OP_REPORT_LUNS, ALWAYS, report_luns },
  { OP_REPORT_KEY, NOT_BUSY, ofl_practice_report_key },
  { OP_READ_DISC_STRUCTURE, NOT_BUSY, ofl_practice_read_disc_structure },
  { OP_SET_CD_SPEED, NOT_BUSY, no_data },
};

/* FALSE when it is not the time for the command; the answer then says why. */
static gboolean
is_time (OflPracticeDrive *self, When when, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);
  guint8 busy = OFL_PRACTICE_DRIVE_GET_CLASS (self)->not_ready (self);

  if (when == ALWAYS)
    return TRUE;
  if (busy != 0)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NOT_READY, busy);
  else if (when == DISC && !common->disc)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NO_MEDIUM, common->tray_open ? 2 : 1);
  else
    return TRUE;
  return FALSE;
}

/**
 * ofl_practice_mmc_command: (skip)
 * @self: a practice drive
 * @request: the command
 * @answer: its answer
 *
 * Answers a command as any optical drive does; one that is not known is refused with 05/20/00.
 * Source: SPC, MMC; which commands a flasher needs in scsi 1.
 */
void
ofl_practice_mmc_command (OflPracticeDrive *self, const OflPracticeRequest *request,
                          OflPracticeAnswer *answer)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].opcode == request->cdb[0])
      {
        if (is_time (self, commands[i].when, answer))
          commands[i].handler (self, request, answer);
        return;
      }
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_OPCODE, 0);
}
