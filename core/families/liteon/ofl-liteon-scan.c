/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a Lite-On counts the errors that it corrects: commands and answers of its three ways. liteon 7.4 */
#include "families/liteon/ofl-liteon.h"

#include "family/ofl-family-private.h"
#include "scsi/ofl-bytes.h"

#define LONG 0x100
#define SHORT 0x10

/* A damaged place may be tried for long before the drive answers; a begin may wait for the disc to turn. */
#define INTERVAL_MS 120000

#define FRAMES 75
#define CD_MOST 98  /* C1 words of a block */
#define DVD_MOST 13 /* rows of an ECC block, 208, by its 16 sectors */

typedef struct {
  guint8 cdb[12];
  guint8 cdb_len;
  guint16 length;
} Row;

static const Row seek = { { 0x2b }, 10, 0 };

static gboolean
make (const Row *rows, guint n_rows, guint index, guint timeout_ms, OflCommand *command)
{
  if (index >= n_rows)
    return FALSE;
  *command = ofl_command_raw (rows[index].cdb, rows[index].cdb_len,
                              rows[index].length > 0 ? OFL_DIR_IN : OFL_DIR_NONE,
                              rows[index].length, timeout_ms);
  return TRUE;
}

/* Seek, and one question whose data is not used: whether the way is known. */
static gboolean
command_new (const Row *question, OflScanPhase phase, guint index, OflCommand *command)
{
  if (phase == OFL_SCAN_BEGIN && index == 0)
    return make (&seek, 1, index, OFL_TIMEOUT_TRANSFER, command);
  if (phase == OFL_SCAN_BEGIN)
    return make (question, 1, index - 1, OFL_TIMEOUT_TRANSFER, command);
  return phase == OFL_SCAN_INTERVAL && make (question, 1, index, INTERVAL_MS, command);
}

static gboolean
command_cd (OflScanPhase phase, guint index, OflCommand *command)
{
  static const Row question = { { 0xf3, 0x0e }, 12, SHORT };

  return command_new (&question, phase, index, command);
}

static gboolean
command_dvd (OflScanPhase phase, guint index, OflCommand *command)
{
  static const Row question = { { 0xf3, 0x0e, [8] = 0x10 }, 12, SHORT };

  return command_new (&question, phase, index, command);
}

static gboolean
command_cd_old (OflScanPhase phase, guint index, OflCommand *command)
{
  static const Row begin[] = {
    { { 0xdf, 0xa3 }, 12, LONG },          { { 0xdf, 0xa0, [4] = 2 }, 12, LONG },
    { { 0xdf, 0xa0 }, 12, LONG },          { { 0xdf, 0xa0, [4] = 4 }, 12, LONG },
    { { 0xdf, 0xa0, [4] = 2 }, 12, LONG },
  };
  static const Row interval[] = {
    { { 0xdf, 0x82, 0x09 }, 12, LONG }, /* does it */
    { { 0xdf, 0x82, 0x05 }, 12, LONG }, /* what came of it */
    { { 0xdf, 0x97 }, 12, LONG },       /* begins the next */
  };
  static const Row end = { { 0xdf, 0xa3, 0x01 }, 12, LONG };

  switch (phase)
    {
    case OFL_SCAN_BEGIN:
      return make (begin, G_N_ELEMENTS (begin), index, OFL_TIMEOUT_TRANSFER, command);
    case OFL_SCAN_INTERVAL:
      return make (interval, G_N_ELEMENTS (interval), index, INTERVAL_MS, command);
    case OFL_SCAN_END:
    default:
      return make (&end, 1, index, OFL_TIMEOUT_PROBE, command);
    }
}

/* Binary minute, second and frame; nothing is taken off. */
static gboolean
parse_cd (guint index, const guint8 *data, gsize length, OflErrorCount *count)
{
  if (length < 8 || data[2] >= 60 || data[3] >= FRAMES)
    return FALSE;
  count->position = (data[1] * 60u + data[2]) * FRAMES + data[3];
  count->first = ofl_get_be (data + 4, 2);
  count->second = ofl_get_be (data + 6, 2);
  return TRUE;
}

static gboolean
parse_cd_old (guint index, const guint8 *data, gsize length, OflErrorCount *count)
{
  if (index != 1)
    return TRUE;
  if (length < 5)
    return FALSE;
  count->first = ofl_get_be (data, 2);
  count->second = ofl_get_be (data + 2, 2);
  count->uncorrected = data[4];
  return TRUE;
}

static gboolean
parse_dvd (guint index, const guint8 *data, gsize length, OflErrorCount *count)
{
  if (length < 8)
    return FALSE;
  count->position = ofl_get_be (data, 4);
  count->first = ofl_get_be (data + 4, 2);
  count->second = ofl_get_be (data + 6, 2);
  return TRUE;
}

/**
 * ofl_liteon_scan_ways: (skip)
 *
 * The ways in the order in which they are tried: a CD's old one when the new one's first question is
 * refused. liteon 7.4
 *
 * Returns: (array zero-terminated=1): they
 */
const OflScanWay *const *
ofl_liteon_scan_ways (void)
{
  static const OflScanWay cd
      = { .id = "cd-f3", .disc = "CD", .most = CD_MOST, .command = command_cd, .parse = parse_cd };
  static const OflScanWay cd_old = { .id = "cd-df",
                                     .disc = "CD",
                                     .step = FRAMES,
                                     .most = CD_MOST,
                                     .tells_uncorrected = TRUE,
                                     .command = command_cd_old,
                                     .parse = parse_cd_old };
  static const OflScanWay dvd = { .id = "dvd-f3",
                                  .disc = "DVD",
                                  .most = DVD_MOST,
                                  .command = command_dvd,
                                  .parse = parse_dvd };
  static const OflScanWay *const ways[] = { &cd, &cd_old, &dvd, NULL };

  return ways;
}
