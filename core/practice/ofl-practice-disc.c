/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What players and copiers ask before they read a DVD: the region code and the disc's structure.
 * Source: MMC; practice 6. */
#include "practice/ofl-practice-private.h"

#define KEY_FORMAT_REGION 0x08
#define KEY_FORMAT_LAST_OF_DISC 0x04 /* those up to it need a disc */

#define STRUCTURE_PHYSICAL 0x00
#define STRUCTURE_COPYRIGHT 0x01
#define FIRST_SECTOR 0x030000

static gboolean
has_disc (OflPracticeDrive *self, OflPracticeAnswer *answer)
{
  OflPracticeCommon *common = ofl_practice_common (self);

  if (!common->disc)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NO_MEDIUM, common->tray_open ? 2 : 1);
  return common->disc;
}

/* TRUE when the drive has no DVDs and so does not know the command. */
static gboolean
is_unknown (OflPracticeDrive *self, OflPracticeAnswer *answer)
{
  if (ofl_practice_has_dvd (self))
    return FALSE;
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_OPCODE, 0);
  return TRUE;
}

/**
 * ofl_practice_report_key: (skip)
 * @self: a practice drive
 * @request: REPORT KEY
 * @answer: its answer
 *
 * Tells the region code's state; keys it gives none, for its disc is not protected.
 */
void
ofl_practice_report_key (OflPracticeDrive *self, const OflPracticeRequest *request,
                         OflPracticeAnswer *answer)
{
  const OflPracticeReplies *replies = ofl_practice_replies (self);
  guint8 format = request->cdb[10] & 0x3f;

  if (is_unknown (self, answer))
    return;
  if (request->cdb[7] == 0 && format == KEY_FORMAT_REGION)
    ofl_practice_send (request, answer, replies->region, sizeof replies->region,
                       ofl_get_be (request->cdb + 8, 2));
  else if (format > KEY_FORMAT_LAST_OF_DISC || has_disc (self, answer))
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
}

/**
 * ofl_practice_read_disc_structure: (skip)
 * @self: a practice drive
 * @request: READ DISC STRUCTURE
 * @answer: its answer
 *
 * Without a disc there is none, nor of a CD. The disc is a pressed DVD of one layer without protection.
 */
void
ofl_practice_read_disc_structure (OflPracticeDrive *self, const OflPracticeRequest *request,
                                  OflPracticeAnswer *answer)
{
  guint8 data[4 + 2048] = { 0 };
  gsize length = sizeof data;

  if (is_unknown (self, answer) || !has_disc (self, answer))
    return;
  if (ofl_practice_common (self)->disc_kind != OFL_PRACTICE_PRESSED)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_OTHER_MEDIUM, 2);
      return;
    }
  if ((request->cdb[1] & 0x0f) != 0 || request->cdb[7] > STRUCTURE_COPYRIGHT)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
      return;
    }
  if (request->cdb[7] == STRUCTURE_COPYRIGHT)
    length = 8;
  else
    {
      data[4] = 0x01; /* DVD-ROM, version 1 */
      data[5] = 0x02; /* 120 mm, up to 10.08 Mbit/s */
      data[6] = 0x01; /* one layer, pressed */
      ofl_put_be (data + 8, 4, FIRST_SECTOR);
      ofl_put_be (data + 12, 4, FIRST_SECTOR + OFL_PRACTICE_DISC_BLOCKS - 1);
    }
  ofl_put_be (data, 2, (guint32) length - 2);
  ofl_practice_send (request, answer, data, length, ofl_get_be (request->cdb + 8, 2));
}
