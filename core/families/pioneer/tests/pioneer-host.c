/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of a Pioneer DVR's update, as pioneer 2 gives it. */
#include "pioneer-host.h"

#include <string.h>

const Case pioneer_cases[PIONEER_N_CASES] = {
  { "dvr104", "DVD-RW  DVR-104 ", "ATA 0003", "0000", "PIONEER DVD-R104", 0, TRUE, 0x10000,
    0x100000 },
  { "dvr107", "DVD-RW  DVR-107 ", "ATA 0007", "0000", "PIONEER  DVR-107", 0x9a782361, FALSE,
    0x10000, 0x100000 },
  { "dvr109", "DVD-RW  DVR-109 ", "ATA 0009", "0000", "PIONEER  DVR-109", 0x5c6a8fe9, FALSE,
    0x20000, 0x128000 },
};

void
pioneer_make_control (const Case *drive, guint8 control[CONTROL])
{
  memset (control, 0, CONTROL);
  memcpy (control, drive->descriptor, 16);
  for (guint i = 0; i < 4; i++)
    control[16 + i] = (guint8) (drive->key >> (24 - 8 * i));
}

/* pioneer 3.5 */
guint8
pioneer_next_byte (guint32 *x)
{
  *x = *x * 0x41c64e6du + 0x3039u;
  return (guint8) (*x >> 16);
}

/* pioneer 3.5: the seed by trial, then the complement of output number 401 */
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

/* Rows a to d of pioneer 2.2; row e only when asked for */
void
pioneer_arm (Wire *wire, gboolean long_response)
{
  guint8 data[0x400];

  g_assert_cmphex (wire_out (wire, NULL, 0, PIONEER_ASK), ==, 0);
  g_assert_cmphex (wire_in (wire, 0x400, PIONEER_CHALLENGE), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, 0x400);
  memset (data, pioneer_respond (wire->in), sizeof data);
  g_assert_cmphex (wire_out (wire, data, 0x100, PIONEER_RESPONSE_1), ==, 0);
  if (long_response)
    g_assert_cmphex (wire_out (wire, data, 0x400, PIONEER_RESPONSE_2), ==, 0);
}

guint32
pioneer_enter (Wire *wire, const Case *drive)
{
  guint8 control[CONTROL];

  pioneer_make_control (drive, control);
  return wire_out (wire, control, CONTROL, PIONEER_ENTER_KERNEL);
}

void
pioneer_enter_well (Wire *wire, const Case *drive)
{
  if (drive->arms)
    pioneer_arm (wire, TRUE);
  g_assert_cmphex (pioneer_enter (wire, drive), ==, 0);
  wire_assert_identity (wire, "PIONEER", drive->product, drive->kernel_revision);
}

guint32
pioneer_send_commit (Wire *wire, const Case *drive)
{
  guint8 control[CONTROL];

  pioneer_make_control (drive, control);
  return wire_out (wire, control, CONTROL, PIONEER_COMMIT);
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
  return wire_send (wire, cdb, sizeof cdb, data + offset, length);
}

/* Sends [0, @size) of a file; the answer of the first chunk that is not taken */
guint32
pioneer_send_part (Wire *wire, guint8 id, const guint8 *data, gsize size)
{
  guint32 sense = 0;

  for (gsize at = 0; at < size && sense == 0; at += CHUNK)
    {
      sense = pioneer_send_chunk (wire, id, data, at, MIN (CHUNK, size - at));
      wire->now_us += G_USEC_PER_SEC / 4;
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

/* After a commit, which has answered when all was burnt */
void
pioneer_wait_for_normal (Wire *wire)
{
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NEW_CODE);
}

/* /practice/SUITE/DRIVE/NAME */
void
pioneer_add_test (const char *suite, const char *name, const Case *drive, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/practice/%s/%s/%s", suite, drive->id, name);

  g_test_add_data_func (path, drive, test);
}
