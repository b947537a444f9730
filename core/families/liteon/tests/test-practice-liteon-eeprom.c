/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EEPROM of the practice SOHW-812S, against liteon 2.2 and 7.2. */
#include "kit/wire.h"

#include <string.h>

#define ID "sohw812s"
#define SIZE 0x400u
#define PIECE 0x80u
#define N_PIECES (SIZE / PIECE)

static void
read_piece (Wire *wire, guint piece)
{
  g_assert_cmphex (wire_in (wire, PIECE, "df 89 00 00 00 00 00 %04x 00 00 00", piece * PIECE), ==,
                   0);
  g_assert_cmpuint (wire->answer.in_len, ==, PIECE);
}

static void
read_all (Wire *wire, guint8 eeprom[SIZE])
{
  for (guint piece = 0; piece < N_PIECES; piece++)
    {
      read_piece (wire, piece);
      memcpy (eeprom + (gsize) piece * PIECE, wire->in, PIECE);
    }
}

static gboolean
has (const guint8 eeprom[SIZE], const void *what, gsize length)
{
  for (gsize i = 0; i + length <= SIZE; i++)
    if (memcmp (eeprom + i, what, length) == 0)
      return TRUE;
  return FALSE;
}

static guint
bits_different (const guint8 *a, const guint8 *b)
{
  guint n = 0;

  for (guint i = 0; i < PIECE; i++)
    for (guint8 left = a[i] ^ b[i]; left != 0; left &= (guint8) (left - 1))
      n++;
  return n;
}

/* Model, maker, serial number and region code are those that the drive tells elsewhere. */
static void
test_contents (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 eeprom[SIZE];
  guint8 serial[24];

  wire_ready (wire);
  read_all (wire, eeprom);
  g_assert_cmphex (wire_in (wire, 36, "12 00 00 00 24 00"), ==, 0);
  g_assert_true (has (eeprom, wire->in + 8, 24));
  g_assert_cmphex (wire_in (wire, 255, "12 01 80 00 ff 00"), ==, 0);
  g_assert_cmpuint (wire->in[3], >=, 12);
  g_assert_cmpuint (wire->in[3], <=, sizeof serial);
  memcpy (serial, wire->in + 4, wire->in[3]);
  g_assert_true (has (eeprom, serial, wire->in[3]));
  g_assert_cmphex (wire_in (wire, 8, "a4 00 00 00 00 00 00 00 00 08 08 00"), ==, 0);
  g_assert_true (has (eeprom, wire->in, 8));
  /* the first 200 bytes, by a sum that stands behind them */
  g_assert_cmphex (fact_be (eeprom + 0x210, 2), ==, fact_sum (eeprom, 0x200, 0));
}

/* 1 KiB, and not a byte more. */
static void
test_end (void)
{
  g_autoptr (Wire) wire = wire_new (ID);

  wire_ready (wire);
  g_assert_cmphex (wire_in (wire, PIECE, "df 89 00 00 00 00 00 03 80 00 00 00"), ==, 0);
  g_assert_cmphex (wire_in (wire, PIECE, "df 89 00 00 00 00 00 03 81 00 00 00"), ==,
                   SENSE_BAD_FIELD);
  g_assert_cmphex (wire_in (wire, PIECE, "df 89 00 00 00 00 00 04 00 00 00 00"), ==,
                   SENSE_BAD_FIELD);
}

static void
test_stable (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 first[SIZE], again[SIZE];

  wire_ready (wire);
  read_all (wire, first);
  for (guint i = 0; i < 3 * N_PIECES; i++)
    {
      guint piece = (i * 5 + 3) % N_PIECES;

      read_piece (wire, piece);
      g_assert_cmpmem (wire->in, PIECE, first + (gsize) piece * PIECE, PIECE);
    }
  wire_power_cycle (wire);
  wire_ready (wire);
  g_assert_true (ofl_practice_drive_put_disc (wire->drive, "cd-rom", NULL));
  wire_ready (wire);
  read_all (wire, again);
  g_assert_cmpmem (first, SIZE, again, SIZE);
}

/* What was measured in the factory is a unit's own. */
static void
test_units (void)
{
  g_autoptr (Wire) one = wire_new_unit (ID, 1);
  g_autoptr (Wire) same = wire_new_unit (ID, 1);
  g_autoptr (Wire) other = wire_new_unit (ID, 2);
  guint8 a[SIZE], b[SIZE], c[SIZE];

  wire_ready (one);
  wire_ready (same);
  wire_ready (other);
  read_all (one, a);
  read_all (same, b);
  read_all (other, c);
  g_assert_cmpmem (a, SIZE, b, SIZE);
  g_assert_cmpint (memcmp (a + 0x80, c + 0x80, 0x100), !=, 0);
}

/* Every third piece has one bit that is not there; the flash is not meant. */
static void
test_unstable (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 good[SIZE], flash[PIECE];

  wire_ready (wire);
  read_all (wire, good);
  g_assert_cmphex (wire_in (wire, PIECE, "df 83 00 00 ff 00 00 40 00 00 00 00"), ==, 0);
  memcpy (flash, wire->in, PIECE);
  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "eeprom-unstable 3", NULL));
  for (guint i = 1; i <= 4 * N_PIECES; i++)
    {
      guint piece = i % N_PIECES;

      read_piece (wire, piece);
      g_assert_cmpuint (bits_different (wire->in, good + (gsize) piece * PIECE), ==,
                        i % 3 == 0 ? 1 : 0);
      g_assert_cmphex (wire_in (wire, PIECE, "df 83 00 00 ff 00 00 40 00 00 00 00"), ==, 0);
      g_assert_cmpmem (wire->in, PIECE, flash, PIECE);
    }
}

static void
test_blank (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  guint8 good[SIZE], read[SIZE];

  wire_ready (wire);
  read_all (wire, good);
  g_assert_true (ofl_practice_drive_add_fault (wire->drive, "eeprom-blank", NULL));
  read_all (wire, read);
  for (guint i = 0; i < SIZE; i++)
    g_assert_cmphex (read[i], ==, 0xff);
  ofl_practice_drive_clear_faults (wire->drive);
  read_all (wire, read);
  g_assert_cmpmem (good, SIZE, read, SIZE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/liteon/eeprom/contents", test_contents);
  g_test_add_func ("/liteon/eeprom/end", test_end);
  g_test_add_func ("/liteon/eeprom/stable", test_stable);
  g_test_add_func ("/liteon/eeprom/units", test_units);
  g_test_add_func ("/liteon/eeprom/unstable", test_unstable);
  g_test_add_func ("/liteon/eeprom/blank", test_blank);
  return g_test_run ();
}
