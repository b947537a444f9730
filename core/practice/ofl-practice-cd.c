/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a disc says of itself and what stands on it: table of contents, ATIP of a blank CD-R, state,
 * blocks. Source: MMC; practice 7. */
#include "practice/ofl-practice-private.h"

#include <string.h>

#define TOC_ATIP 0x04
#define BLANK_TRACK 0x40
#define NEXT_WRITABLE_VALID 0x01
#define DISC_EMPTY 0x00
#define DISC_FINALISED 0x0e

/* A disc that is spun at one speed passes faster the further out it is read. */
#define INNERMOST_PERCENT 41 /* radius 24 mm of 58 */
#define SPEED_OF_PAGE 8

/* Times on a CD, as minute, second, frame */
#define LEAD_IN_START 97, 0, 0
#define LAST_LEAD_OUT 79, 59, 74

/**
 * ofl_practice_is_blank: (skip)
 * @self: a practice drive
 *
 * Returns: whether the disc that is in is blank; FALSE without one
 */
gboolean
ofl_practice_is_blank (OflPracticeDrive *self)
{
  const OflPracticeCommon *common = ofl_practice_common (self);

  return common->disc && common->disc_kind == OFL_PRACTICE_BLANK_CD_R;
}

static void
bad_field (OflPracticeAnswer *answer)
{
  ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_INVALID_FIELD_IN_CDB, 0);
}

/* What the groove of a CD-R says: written at 4x at the slowest, its code, its length. */
static void
send_atip (const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  static const guint8 data[28]
      = { 0, 26, 0, 0, 0xc0, 0x40, 0x80, 0, LEAD_IN_START, 0, LAST_LEAD_OUT, 0 };

  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 7, 2));
}

/* One data track that fills the disc: in format 0 with its end, in format 1 as the last session's
 * first. */
static void
send_tracks (const OflPracticeRequest *request, OflPracticeAnswer *answer, guint8 format)
{
  guint8 data[20] = { 0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xaa };
  gsize length = sizeof data;

  ofl_put_be (data + 16, 4, OFL_PRACTICE_DISC_BLOCKS);
  if (format == 1)
    {
      data[1] = 10;
      length = 12;
    }
  ofl_practice_send (request, answer, data, length, ofl_get_be (request->cdb + 7, 2));
}

/**
 * ofl_practice_read_toc: (skip)
 * @self: a practice drive with a disc
 * @request: READ TOC/PMA/ATIP
 * @answer: its answer
 *
 * A blank disc has no tracks, and only a CD-R has an ATIP.
 */
void
ofl_practice_read_toc (OflPracticeDrive *self, const OflPracticeRequest *request,
                       OflPracticeAnswer *answer)
{
  guint8 format = request->cdb[2] & 0x0f;

  if (format == 0)
    format = request->cdb[9] >> 6; /* where older hosts say it */
  if (format == TOC_ATIP && ofl_practice_is_blank (self))
    send_atip (request, answer);
  else if (format > 1 || ofl_practice_is_blank (self))
    bad_field (answer);
  else
    send_tracks (request, answer, format);
}

/**
 * ofl_practice_read_disc_info: (skip)
 * @self: a practice drive with a disc
 * @request: READ DISC INFORMATION
 * @answer: its answer
 *
 * A finalised disc of one complete session and one track, or an empty one.
 */
void
ofl_practice_read_disc_info (OflPracticeDrive *self, const OflPracticeRequest *request,
                             OflPracticeAnswer *answer)
{
  guint8 data[34] = { 0, 32, DISC_FINALISED, 1, 1, 1, 1 };
  static const guint8 times[8] = { 0, LEAD_IN_START, 0, LAST_LEAD_OUT };

  if (ofl_practice_is_blank (self))
    {
      data[2] = DISC_EMPTY;
      memcpy (data + 16, times, sizeof times);
    }
  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 7, 2));
}

/**
 * ofl_practice_read_track_info: (skip)
 * @self: a practice drive with a disc
 * @request: READ TRACK INFORMATION
 * @answer: its answer
 *
 * The one track, which on an empty disc is blank and can be written from its begin on.
 */
void
ofl_practice_read_track_info (OflPracticeDrive *self, const OflPracticeRequest *request,
                              OflPracticeAnswer *answer)
{
  guint8 data[36] = { 0, 34, 1, 1, 0, 0x04, 0x01 };

  if (ofl_practice_is_blank (self))
    {
      data[6] |= BLANK_TRACK;
      data[7] = NEXT_WRITABLE_VALID;
      ofl_put_be (data + 16, 4, OFL_PRACTICE_DISC_BLOCKS); /* free blocks */
    }
  ofl_put_be (data + 24, 4, OFL_PRACTICE_DISC_BLOCKS);
  ofl_practice_send (request, answer, data, sizeof data, ofl_get_be (request->cdb + 7, 2));
}

/**
 * ofl_practice_passing_us: (skip)
 * @self: a practice drive with a disc
 * @first: a block
 * @bytes: how much stands from there on
 *
 * Returns: the time that it needs to pass by, by the drive's fastest reading, in microseconds
 */
gint64
ofl_practice_passing_us (OflPracticeDrive *self, guint32 first, gsize bytes)
{
  guint fastest = ofl_get_be (ofl_practice_replies (self)->capabilities + SPEED_OF_PAGE, 2);
  guint percent
      = INNERMOST_PERCENT
        + (guint) ((guint64) first * (100 - INNERMOST_PERCENT) / OFL_PRACTICE_DISC_BLOCKS);

  return (gint64) bytes * 1000 * 100 / (gint64) (MAX (fastest, 1) * (guint64) percent);
}

/**
 * ofl_practice_seek: (skip)
 * @self: a practice drive with a disc
 * @request: SEEK(10)
 * @answer: its answer
 *
 * Takes no time; only refuses what is behind the disc's end.
 */
void
ofl_practice_seek (OflPracticeDrive *self, const OflPracticeRequest *request,
                   OflPracticeAnswer *answer)
{
  if (ofl_practice_is_blank (self) || ofl_get_be (request->cdb + 2, 4) >= OFL_PRACTICE_DISC_BLOCKS)
    ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_LBA_OUT_OF_RANGE, 0);
}

/**
 * ofl_practice_read_blocks: (skip)
 * @self: a practice drive with a disc
 * @request: READ(10) or READ(12)
 * @answer: its answer
 *
 * What is written on the disc are zeros; on a blank one nothing is.
 */
void
ofl_practice_read_blocks (OflPracticeDrive *self, const OflPracticeRequest *request,
                          OflPracticeAnswer *answer)
{
  guint32 first = ofl_get_be (request->cdb + 2, 4);
  guint32 count = request->cdb[0] == OP_READ_10 ? ofl_get_be (request->cdb + 7, 2)
                                                : ofl_get_be (request->cdb + 6, 4);

  if (ofl_practice_is_blank (self) || first > OFL_PRACTICE_DISC_BLOCKS
      || count > OFL_PRACTICE_DISC_BLOCKS - first)
    {
      ofl_practice_refuse (answer, OFL_KEY_ILLEGAL_REQUEST, ASC_LBA_OUT_OF_RANGE, 0);
      return;
    }
  answer->in_len = MIN ((gsize) count * OFL_PRACTICE_BLOCK_SIZE, request->in_max);
  answer->delay_us += ofl_practice_passing_us (self, first, answer->in_len);
  if (ofl_practice_faults_is_unreadable (ofl_practice_common (self)->faults, first, count))
    ofl_practice_refuse (answer, OFL_KEY_MEDIUM_ERROR, ASC_UNREADABLE, 0);
  else if (answer->in_len > 0)
    memset (request->in, 0, answer->in_len);
}
