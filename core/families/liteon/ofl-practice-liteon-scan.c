/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice SOHW-812S' error scans: of a CD the old way, and of a DVD (liteon 7.4). What stands
 * there under "not told" is assumed, and the drive's list of assumptions says so. */
#include "families/liteon/ofl-practice-liteon.h"

#include <string.h>

#define OP_OLD 0xdf
#define OP_NEW 0xf3
#define CDB_SIZE 12u

#define OLD_SIZE 0x100u
#define NEW_SIZE 0x10u

#define CD_INTERVAL 75u
#define DVD_INTERVAL 128u /* eight ECC blocks, over which the standard has its limit */

#define N_BEGIN G_N_ELEMENTS (cd_begin)

static const guint8 cd_begin[][CDB_SIZE] = {
  { OP_OLD, 0xa3 },
  { OP_OLD, 0xa0, 0, 0, 0x02 },
  { OP_OLD, 0xa0, 0, 0, 0x00 },
  { OP_OLD, 0xa0, 0, 0, 0x04 },
  { OP_OLD, 0xa0, 0, 0, 0x02 },
};

static const guint8 dvd_interval[CDB_SIZE] = { OP_NEW, 0x0e, [8] = 0x10 };

typedef void (*Handler) (OflPracticeDrive *drive, OflPracticeLiteonScan *scan,
                         const OflPracticeRequest *request, OflPracticeAnswer *answer);

static gboolean
is_cdb (const OflPracticeRequest *request, const guint8 *cdb)
{
  return memcmp (request->cdb, cdb, CDB_SIZE) == 0;
}

/* Refused when there is no disc, or one of another kind, or nothing on it. */
static gboolean
has_disc (OflPracticeDrive *drive, gboolean dvd, OflPracticeAnswer *answer)
{
  const OflPracticeCommon *common = ofl_practice_common (drive);

  if (!common->disc)
    ofl_practice_refuse (answer, OFL_KEY_NOT_READY, ASC_NO_MEDIUM, common->tray_open ? 2 : 1);
  else if (ofl_practice_is_blank (drive) || ofl_practice_has_dvd_in (drive) != dvd)
    ofl_practice_refuse_field (answer);
  else
    return TRUE;
  return FALSE;
}

/* Counts @count blocks and takes the time that the disc needs to pass by. */
static void
measure (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, guint32 count,
         OflPracticeAnswer *answer)
{
  count = MIN (count, OFL_PRACTICE_DISC_BLOCKS - scan->next);
  ofl_practice_drive_count_errors (drive, scan->next, count, &scan->errors);
  answer->delay_us
      += ofl_practice_passing_us (drive, scan->next, (gsize) count * OFL_PRACTICE_BLOCK_SIZE);
  scan->next += count;
}

static void
send_old (OflPracticeLiteonScan *scan, const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  guint8 data[OLD_SIZE] = { 0 };

  if (scan->state == OFL_PRACTICE_LITEON_TOLD)
    {
      ofl_put_be (data, 2, scan->errors.c1);
      ofl_put_be (data + 2, 2, scan->errors.c2);
      data[4] = (guint8) scan->errors.e32;
    }
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}

/* The first question begins anew at any time; another one out of order ends it. */
static void
begin_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
          OflPracticeAnswer *answer)
{
  guint step = scan->kind == OFL_PRACTICE_LITEON_CD ? scan->step : 0;

  if (is_cdb (request, cd_begin[0]))
    step = 0;
  ofl_practice_liteon_forget_scan (scan);
  if (!has_disc (drive, FALSE, answer))
    return;
  if (step == N_BEGIN || !is_cdb (request, cd_begin[step]))
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  scan->kind = OFL_PRACTICE_LITEON_CD;
  scan->step = step + 1;
  scan->n_discs = ofl_practice_common (drive)->n_discs;
  send_old (scan, request, answer);
}

/* DF 82 09, DF 82 05 and DF 97 go round in this order. */
static void
go_on_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
          OflPracticeAnswer *answer, OflPracticeLiteonState before, OflPracticeLiteonState after)
{
  if (!has_disc (drive, FALSE, answer))
    return;
  if (scan->kind != OFL_PRACTICE_LITEON_CD || scan->step != N_BEGIN || scan->state != before)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  if (after == OFL_PRACTICE_LITEON_MEASURED)
    measure (drive, scan, CD_INTERVAL, answer);
  scan->state = after;
  send_old (scan, request, answer);
}

static void
measure_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
            OflPracticeAnswer *answer)
{
  go_on_cd (drive, scan, request, answer, OFL_PRACTICE_LITEON_WAITS, OFL_PRACTICE_LITEON_MEASURED);
}

static void
tell_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
         OflPracticeAnswer *answer)
{
  go_on_cd (drive, scan, request, answer, OFL_PRACTICE_LITEON_MEASURED, OFL_PRACTICE_LITEON_TOLD);
}

static void
reset_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
          OflPracticeAnswer *answer)
{
  go_on_cd (drive, scan, request, answer, OFL_PRACTICE_LITEON_TOLD, OFL_PRACTICE_LITEON_WAITS);
}

/* Taken at any time, for a host sends it after a begin that failed, too. */
static void
end_cd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
        OflPracticeAnswer *answer)
{
  ofl_practice_liteon_forget_scan (scan);
  send_old (scan, request, answer);
}

/* The first question after a SEEK measures nothing and says where the drive stands; the others say
 * the last block that they counted. */
static void
scan_dvd (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
          OflPracticeAnswer *answer)
{
  guint8 data[NEW_SIZE] = { 0 };

  if (!has_disc (drive, TRUE, answer))
    return;
  if (scan->kind != OFL_PRACTICE_LITEON_DVD)
    {
      ofl_practice_refuse_field (answer);
      return;
    }
  if (scan->step++ > 0)
    measure (drive, scan, DVD_INTERVAL, answer);
  ofl_put_be (data, 4, scan->step > 1 ? scan->next - 1 : scan->next);
  ofl_put_be (data + 4, 2, scan->errors.pi);
  ofl_put_be (data + 6, 2, scan->errors.pif);
  ofl_practice_send (request, answer, data, sizeof data, sizeof data);
}

/* On a CD it is a SEEK and no more. */
static void
seek (OflPracticeDrive *drive, OflPracticeLiteonScan *scan, const OflPracticeRequest *request,
      OflPracticeAnswer *answer)
{
  ofl_practice_mmc_command (drive, request, answer);
  if (answer->status != 0 || !ofl_practice_has_dvd_in (drive))
    return;
  ofl_practice_liteon_forget_scan (scan);
  scan->kind = OFL_PRACTICE_LITEON_DVD;
  scan->next = ofl_get_be (request->cdb + 2, 4);
  scan->n_discs = ofl_practice_common (drive)->n_discs;
}

static Handler
find_handler (const OflPracticeRequest *request)
{
  static const struct {
    guint8 cdb[CDB_SIZE];
    Handler handler;
  } others[] = {
    { { OP_OLD, 0x82, 0x09 }, measure_cd },
    { { OP_OLD, 0x82, 0x05 }, tell_cd },
    { { OP_OLD, 0x97 }, reset_cd },
    { { OP_OLD, 0xa3, 0x01 }, end_cd },
  };

  for (guint i = 0; i < N_BEGIN; i++)
    if (is_cdb (request, cd_begin[i]))
      return begin_cd;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (is_cdb (request, others[i].cdb))
      return others[i].handler;
  return is_cdb (request, dvd_interval) ? scan_dvd : NULL;
}

/**
 * ofl_practice_liteon_forget_scan: (skip)
 * @scan: where a scan stands
 *
 * There is none from now on.
 */
void
ofl_practice_liteon_forget_scan (OflPracticeLiteonScan *scan)
{
  *scan = (OflPracticeLiteonScan){ 0 };
}

/**
 * ofl_practice_liteon_is_scan: (skip)
 * @request: a command
 *
 * Returns: whether it is one of those that the drive answers for its scans alone
 */
gboolean
ofl_practice_liteon_is_scan (const OflPracticeRequest *request)
{
  return find_handler (request) != NULL;
}

/**
 * ofl_practice_liteon_scan: (skip)
 * @drive: a SOHW-812S
 * @scan: where its scan stands
 * @request: a command
 * @answer: its answer
 *
 * Answers the commands of a scan, liteon 7.4, and SEEK(10), which begins one of a DVD. A scan does
 * not outlast its disc.
 *
 * Returns: FALSE when it is another command
 */
gboolean
ofl_practice_liteon_scan (OflPracticeDrive *drive, OflPracticeLiteonScan *scan,
                          const OflPracticeRequest *request, OflPracticeAnswer *answer)
{
  Handler handler = request->cdb[0] == OP_SEEK_10 ? seek : find_handler (request);

  if (handler == NULL)
    return FALSE;
  if (ofl_practice_is_busy (drive, answer))
    return TRUE;
  if (scan->n_discs != ofl_practice_common (drive)->n_discs)
    ofl_practice_liteon_forget_scan (scan);
  handler (drive, scan, request, answer);
  return TRUE;
}
