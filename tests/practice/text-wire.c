/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice drive at the end of a wire: CDBs as text, time that jumps. */
#include "text-wire.h"

#include <string.h>

/* Takes the UNIT ATTENTION that waits after power came. */
static void
take_attention (Wire *wire)
{
  wire_in (wire, "00 00 00 00 00 00", 0);
}

/**
 * wire_new:
 * @id: a practice drive
 * @seed: which unit of it
 *
 * Returns: (transfer full): the drive, switched on a second ago and quiet
 */
Wire *
wire_new (const char *id, guint32 seed)
{
  Wire *wire = g_new0 (Wire, 1);
  g_autoptr (GError) error = NULL;

  wire->drive = ofl_practice_new (id, seed, &error);
  g_assert_no_error (error);
  wire->now_us = WIRE_SECOND;
  take_attention (wire);
  return wire;
}

void
wire_free (Wire *wire)
{
  g_object_unref (wire->drive);
  g_free (wire);
}

static guint32
run (Wire *wire, const OflPracticeRequest *request)
{
  OflPracticeAnswer answer;

  memset (wire->in, 0xee, sizeof wire->in);
  ofl_practice_drive_execute (wire->drive, wire->now_us, request, &answer);
  wire->took_us = answer.delay_us;
  wire->now_us += answer.delay_us;
  wire->in_len = answer.in_len;
  g_assert_false (answer.hang);
  if (answer.vanish)
    return WIRE_GONE;
  g_assert_true ((answer.status == 0) == (answer.key == 0));
  return (guint32) (answer.key << 16 | answer.asc << 8 | answer.ascq);
}

static guint
parse (const char *text, guint8 cdb[16])
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n = g_strv_length (words);

  g_assert_true (n == 6 || n == 10 || n == 12);
  memset (cdb, 0, 16);
  for (guint i = 0; i < n; i++)
    cdb[i] = (guint8) g_ascii_strtoull (words[i], NULL, 16);
  return n;
}

/**
 * wire_out:
 * @wire: a drive
 * @cdb: hex bytes with blanks between
 * @data: (nullable) (array length=length): goes with it
 * @length: bytes of it
 *
 * Returns: 0, sense or WIRE_GONE
 */
guint32
wire_out (Wire *wire, const char *cdb, const guint8 *data, gsize length)
{
  guint8 bytes[16];
  OflPracticeRequest request = { .cdb = bytes, .dir = OFL_DIR_OUT };

  request.cdb_len = parse (cdb, bytes);
  request.out = data;
  request.out_len = length;
  return run (wire, &request);
}

/* The same for a CDB of ten bytes that was computed. */
guint32
wire_bytes_out (Wire *wire, const guint8 cdb[10], const guint8 *data, gsize length)
{
  guint8 bytes[16] = { 0 };
  OflPracticeRequest request = { .cdb = bytes, .cdb_len = 10, .dir = OFL_DIR_OUT };

  memcpy (bytes, cdb, 10);
  request.out = data;
  request.out_len = length;
  return run (wire, &request);
}

/**
 * wire_in:
 * @wire: a drive
 * @cdb: hex bytes with blanks between
 * @length: room for its data; 0 for a command without
 *
 * Returns: 0, sense or WIRE_GONE; the data is in @wire
 */
guint32
wire_in (Wire *wire, const char *cdb, gsize length)
{
  guint8 bytes[16];
  OflPracticeRequest request = { .cdb = bytes, .in = wire->in, .in_max = length };

  g_assert_cmpuint (length, <=, sizeof wire->in);
  request.cdb_len = parse (cdb, bytes);
  request.dir = length > 0 ? OFL_DIR_IN : OFL_DIR_NONE;
  return run (wire, &request);
}

void
wire_pass (Wire *wire, gint64 us)
{
  wire->now_us += us;
}

void
wire_power_cycle (Wire *wire)
{
  ofl_practice_drive_power_cycle (wire->drive, wire->now_us);
  take_attention (wire);
}

/* The next burn is cut off; the caller sends what starts it, and switches on again. */
void
wire_cut_in_burn (Wire *wire, guint thousandths)
{
  g_autofree char *fault = g_strdup_printf ("power-loss-burn %u", thousandths);
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, fault, &error);
  g_assert_no_error (error);
}

void
wire_assert_inquiry (Wire *wire, const char *product, const char *revision)
{
  g_assert_cmphex (wire_in (wire, "12 00 00 00 60 00", 0x60), ==, 0);
  g_assert_cmpuint (wire->in_len, ==, 0x60);
  g_assert_cmpmem (wire->in + 16, 16, product, strlen (product));
  g_assert_cmpmem (wire->in + 32, 4, revision, strlen (revision));
}
