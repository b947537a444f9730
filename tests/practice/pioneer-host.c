/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of a Pioneer update, as annex-sequences.md 1 and 2 give it. */
#include "pioneer-host.h"

#include <string.h>

const char pioneer_ask[] = "3b 01 f3 00 00 00 00 00 00 00";
const char pioneer_challenge[] = "3c 01 f2 00 00 00 00 04 00 00";
const char pioneer_response_1[] = "3b 01 f2 00 00 00 00 01 00 00";
const char pioneer_response_2[] = "3b 01 f2 00 00 00 00 04 00 00";
const char pioneer_enter_kernel[] = "3b 04 ff 00 00 00 00 01 00 00";
const char pioneer_commit[] = "3b 05 ff 00 00 00 00 01 00 00";
const char pioneer_identity[] = "3c 02 f1 00 00 00 00 00 30 00";

const Case pioneer_cases[PIONEER_N_CASES] = {
  { "dvr104", "DVD-RW  DVR-104 ", "ATA 0003", "0000", "PIONEER DVD-R104", 0, TRUE, 0x10000,
    0x100000 },
  { "dvr107", "DVD-RW  DVR-107 ", "ATA 0007", "0000", "PIONEER  DVR-107", 0x9a782361, FALSE,
    0x10000, 0x100000 },
  { "dvr109", "DVD-RW  DVR-109 ", "ATA 0009", "0000", "PIONEER  DVR-109", 0x5c6a8fe9, FALSE,
    0x20000, 0x128000 },
  { "bdr", "BD-RW   BDR-209 ", "ATA 0209", "0001", "PIONEER  BDR-209", 0, FALSE, 0x10000,
    0x17f400 },
};

static const char ready[] = "00 00 00 00 00 00";

gboolean
pioneer_is_bd (const Case *drive)
{
  return g_str_equal (drive->id, "bdr");
}

GBytes *
pioneer_make_file (const Case *drive, const char *revision, const char *variant)
{
  g_autoptr (GError) error = NULL;
  GBytes *file = ofl_practice_make_image (drive->id, revision, variant, &error);

  g_assert_no_error (error);
  return file;
}

void
pioneer_make_control (const Case *drive, guint8 control[CONTROL])
{
  memset (control, 0, CONTROL);
  memcpy (control, drive->descriptor, 16);
  for (guint i = 0; i < 4; i++)
    control[16 + i] = (guint8) (drive->key >> (24 - 8 * i));
}

/* annex-containers.md section 0 */
guint8
pioneer_next_byte (guint32 *x)
{
  *x = *x * 0x41c64e6du + 0x3039u;
  return (guint8) (*x >> 16);
}

/* annex-containers.md 7.3: the seed by trial, then the complement of output number 401 */
guint8
pioneer_respond (const guint8 *data)
{
  for (guint32 seed = 0; seed < 0x10000; seed++)
    {
      guint32 x = seed;
      gboolean same = TRUE;

      for (guint i = 0; i < 4 && same; i++)
        same = pioneer_next_byte (&x) == data[i];
      for (guint i = 4; i < 0x400 && same; i++)
        g_assert_cmphex (pioneer_next_byte (&x), ==, data[i]);
      if (same)
        return (guint8) ~pioneer_next_byte (&x);
    }
  g_assert_not_reached ();
}

/* Rows a to d of annex-sequences.md 1.2; row e only when asked for */
void
pioneer_arm (Wire *wire, gboolean long_response)
{
  guint8 data[0x400];

  g_assert_cmphex (wire_out (wire, pioneer_ask, NULL, 0), ==, 0);
  g_assert_cmphex (wire_in (wire, pioneer_challenge, 0x400), ==, 0);
  g_assert_cmpuint (wire->in_len, ==, 0x400);
  memset (data, pioneer_respond (wire->in), sizeof data);
  g_assert_cmphex (wire_out (wire, pioneer_response_1, data, 0x100), ==, 0);
  if (long_response)
    g_assert_cmphex (wire_out (wire, pioneer_response_2, data, 0x400), ==, 0);
}

guint32
pioneer_enter (Wire *wire, const Case *drive)
{
  guint8 control[CONTROL];

  pioneer_make_control (drive, control);
  return wire_out (wire, pioneer_enter_kernel, control, CONTROL);
}

void
pioneer_enter_well (Wire *wire, const Case *drive)
{
  if (drive->arms)
    pioneer_arm (wire, TRUE);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
  wire_assert_inquiry (wire, drive->product, drive->kernel_revision);
}

guint32
pioneer_send_commit (Wire *wire, const Case *drive)
{
  guint8 control[CONTROL];

  pioneer_make_control (drive, control);
  return wire_out (wire, pioneer_commit, control, CONTROL);
}

void
pioneer_chunk_cdb (guint8 cdb[10], guint8 id, gsize offset, gsize length)
{
  const guint8 filled[10] = { 0x3b,
                              0x07,
                              id,
                              (guint8) (offset >> 16),
                              (guint8) (offset >> 8),
                              (guint8) offset,
                              (guint8) (length >> 16),
                              (guint8) (length >> 8),
                              (guint8) length };

  memcpy (cdb, filled, sizeof filled);
}

guint32
pioneer_send_chunk (Wire *wire, guint8 id, const guint8 *data, gsize offset, gsize length)
{
  guint8 cdb[10];

  pioneer_chunk_cdb (cdb, id, offset, length);
  return wire_bytes_out (wire, cdb, data + offset, length);
}

/* Sends [0, @size) of a file; the answer of the first chunk that is not taken */
guint32
pioneer_send_part (Wire *wire, guint8 id, const guint8 *data, gsize size)
{
  guint32 sense = 0;

  for (gsize at = 0; at < size && sense == 0; at += CHUNK)
    {
      sense = pioneer_send_chunk (wire, id, data, at, MIN (CHUNK, size - at));
      wire_pass (wire, WIRE_SECOND / 4);
    }
  return sense;
}

guint32
pioneer_send_normal (Wire *wire, GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return pioneer_send_part (wire, 0xf0, data, size);
}

/* After a commit: until the drive is the new one. */
void
pioneer_wait_for_normal (Wire *wire, const Case *drive)
{
  guint polls = 0;

  if (pioneer_is_bd (drive))
    while (wire_in (wire, ready, 0) == WIRE_BUSY)
      {
        wire_pass (wire, WIRE_SECOND / 2);
        g_assert_cmpuint (++polls, <, 180);
      }
  else
    g_assert_cmphex (wire_in (wire, ready, 0), ==, 0x063f01);
  g_assert_true (pioneer_is_bd (drive) == (polls > 0));
}
