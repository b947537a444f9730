/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The faults that strike one command or one burn: they strike there, once, and nowhere else. */
#include "kit/wire.h"

#include <string.h>

#define INQUIRY "12 00 00 00 24 00"
#define N_INQUIRY 36
#define PIECE 0x8000u

static void
add (Wire *wire, const char *fault)
{
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, fault, &error);
  g_assert_no_error (error);
}

static Wire *
awake (const char *id)
{
  Wire *wire = wire_new (id);

  wire_ready (wire); /* the attention of power on */
  return wire;
}

static guint
bits_different (const guint8 *a, const guint8 *b, gsize length)
{
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    for (guint8 left = a[i] ^ b[i]; left != 0; left &= (guint8) (left - 1))
      n++;
  return n;
}

/* The Nth command of that opcode with data, one bit; commands of another opcode do not count. */
static void
test_flip_once (void)
{
  g_autoptr (Wire) wire = awake ("px716");
  guint8 good[N_INQUIRY];

  wire_in (wire, N_INQUIRY, INQUIRY);
  memcpy (good, wire->in, sizeof good);
  add (wire, "flip-once 12 3 77");
  for (guint i = 1; i <= 6; i++)
    {
      g_assert_cmphex (wire_none (wire, "00 00 00 00 00 00"), ==, SENSE_NO_DISC);
      g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, 0);
      g_assert_cmpuint (bits_different (good, wire->in, sizeof good), ==, i == 3 ? 1 : 0);
    }
}

/* Other seeds hit other bits. */
static void
test_flip_once_seeds (void)
{
  guint8 first[N_INQUIRY];
  guint n_other = 0;

  for (guint seed = 1; seed <= 20; seed++)
    {
      g_autoptr (Wire) wire = awake ("px716");
      g_autofree char *fault = g_strdup_printf ("flip-once 12 1 %u", seed);

      add (wire, fault);
      wire_in (wire, N_INQUIRY, INQUIRY);
      if (seed == 1)
        memcpy (first, wire->in, sizeof first);
      n_other += memcmp (first, wire->in, sizeof first) != 0;
    }
  g_assert_cmpuint (n_other, >=, 15);
}

/* What is sent arrives with one bit changed: the drive's own sum finds it. */
static void
test_damage_cdb (void)
{
  guint n_noticed = 0;

  for (guint seed = 1; seed <= 48; seed++)
    {
      g_autoptr (Wire) wire = awake ("px716");
      g_autofree char *fault = g_strdup_printf ("damage-cdb any 2 %u", seed);
      guint8 good[N_INQUIRY];
      guint32 sense;

      add (wire, fault);
      g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, 0);
      memcpy (good, wire->in, sizeof good);
      sense = wire_in (wire, N_INQUIRY, INQUIRY);
      n_noticed += sense != 0 || wire->answer.in_len != N_INQUIRY
                   || memcmp (good, wire->in, sizeof good) != 0;
      g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, 0);
      g_assert_cmpmem (good, sizeof good, wire->in, sizeof good);
    }
  g_assert_cmpuint (n_noticed, >=, 20);
}

static void
test_fail (void)
{
  g_autoptr (Wire) wire = awake ("px716");

  add (wire, "fail 12 2");
  add (wire, "fail 12 4 2");
  for (guint i = 1; i <= 7; i++)
    g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==,
                     i == 2 || i == 4 || i == 5 ? 0x044400 : 0);
}

/* It leaves, and comes back as a drive that was switched off: with the attention of that. */
static void
test_replug (void)
{
  g_autoptr (Wire) wire = awake ("px716");

  add (wire, "replug 12 1 2500");
  g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, SENSE_VANISHED);
  g_assert_cmpint (wire->answer.return_us, ==, 2500000);
  g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, 0);
  g_assert_cmphex (wire_none (wire, "00 00 00 00 00 00"), ==, SENSE_RESET);
}

/* A question, too, and nothing but what is named. */
static void
test_refuse_op (void)
{
  g_autoptr (Wire) wire = awake ("px716");

  add (wire, "refuse-op 12 2 2");
  for (guint i = 1; i <= 5; i++)
    {
      g_assert_cmphex (wire_none (wire, "00 00 00 00 00 00"), ==, SENSE_NO_DISC);
      g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, i == 2 || i == 3 ? 0x052400 : 0);
    }
}

static void
test_refused_words (void)
{
  static const char *const bad[]
      = { "flip-once 3b",   "flip-once 3b 0",     "damage-cdb",        "fail 3b 0",
          "refuse-op 3c 0", "refuse-op 3c 1 0",   "replug 3b 1 0",     "lie-once 0",
          "silent-once x",  "flip-once 3b 1 2 3", "fail-burn 0",       "unreadable",
          "unreadable 5 0", "stuck-buffer 1",     "eeprom-unstable 0", "eeprom-unstable x",
          "eeprom-blank 1", "scratched 5",        "scratched 5 0",     "scratched 5 1 1" };
  g_autoptr (Wire) wire = wire_new ("px716");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ofl_practice_drive_add_fault (wire->drive, bad[i], &error));
      g_assert_nonnull (error);
    }
}

/* WRITE BUFFER of the standard drive: download with offsets and save: one burn. */
static void
flash_standard (Wire *wire, const char *revision)
{
  g_autoptr (GBytes) image = wire_image ("standard", revision, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);

  for (gsize at = 0; at < size; at += PIECE)
    {
      guint n = (guint) MIN (PIECE, size - at);

      g_assert_cmphex (wire_out (wire, data + at, n, "3b 07 00 %06x %06x 00", (guint) at, n), ==,
                       0);
    }
  wire->now_us += 120 * G_USEC_PER_SEC;
  wire_ready (wire);
}

static gboolean
standard_holds (Wire *wire, const char *revision)
{
  g_autoptr (GBytes) image = wire_image ("standard", revision, NULL);

  return ofl_practice_drive_holds (wire->drive, image);
}

static void
test_silent_once (void)
{
  g_autoptr (Wire) wire = awake ("standard");
  g_autoptr (GBytes) old = ofl_practice_drive_get_flash (wire->drive);
  g_autoptr (GBytes) now = NULL;

  add (wire, "silent-once");
  flash_standard (wire, "1.03");
  now = ofl_practice_drive_get_flash (wire->drive);
  g_assert_true (g_bytes_equal (old, now));
  flash_standard (wire, "1.03");
  g_assert_true (standard_holds (wire, "1.03"));
}

/* The drive is asked with REQUEST SENSE, and a new burn begins anew. */
static void
test_fail_burn (void)
{
  g_autoptr (Wire) wire = awake ("standard");

  add (wire, "fail-burn");
  flash_standard (wire, "1.03");
  g_assert_false (standard_holds (wire, "1.03"));
  wire_in (wire, 18, "03 00 00 00 12 00"); /* the sense of the last command */
  g_assert_cmphex (wire_in (wire, 18, "03 00 00 00 12 00"), ==, 0);
  g_assert_cmpmem (wire->in, 18, "\x70\0\x04\0\0\0\0\x0a\0\0\0\0\x44\0\0\0\0\0", 18);
  flash_standard (wire, "1.03");
  g_assert_true (standard_holds (wire, "1.03"));
  wire_in (wire, 18, "03 00 00 00 12 00");
  g_assert_cmphex (wire_in (wire, 18, "03 00 00 00 12 00"), ==, 0);
  g_assert_cmphex (wire->in[2], !=, 0x04);
}

static void
test_lie_once (void)
{
  g_autoptr (Wire) wire = awake ("standard");

  add (wire, "lie-once 2");
  flash_standard (wire, "1.03");
  g_assert_true (standard_holds (wire, "1.03"));
  flash_standard (wire, "1.04");
  g_assert_false (standard_holds (wire, "1.04"));
  flash_standard (wire, "1.05");
  g_assert_true (standard_holds (wire, "1.05"));
}

/* From the first such block to the last, with whatever command they are read. */
static void
test_unreadable (void)
{
  g_autoptr (Wire) wire = awake ("px716");

  ofl_practice_drive_set_disc (wire->drive, TRUE);
  wire_ready (wire);
  add (wire, "unreadable 4096 16");
  g_assert_cmphex (wire_in (wire, 2048, "28 00 00 00 0f ff 00 00 01 00"), ==, 0);
  g_assert_cmphex (wire_in (wire, 4096, "28 00 00 00 0f ff 00 00 02 00"), ==, 0x031100);
  g_assert_cmpuint (wire->answer.in_len, ==, 0);
  g_assert_cmphex (wire_in (wire, 2048, "a8 00 00 00 10 0f 00 00 00 01 00 00"), ==, 0x031100);
  g_assert_cmphex (wire_in (wire, 2048, "a8 00 00 00 10 10 00 00 00 01 00 00"), ==, 0);
}

static void
test_stuck_buffer (void)
{
  g_autoptr (Wire) wire = awake ("px716");

  g_assert_cmphex (wire_in (wire, 12, "5c 00 00 00 00 00 00 00 0c 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 4, 4), ==, fact_be (wire->in + 8, 4));
  add (wire, "stuck-buffer");
  g_assert_cmphex (wire_in (wire, 12, "5c 00 00 00 00 00 00 00 0c 00"), ==, 0);
  g_assert_cmphex (fact_be (wire->in + 4, 4), ==, 2 * fact_be (wire->in + 8, 4));
}

/* The four blocks of a Plextor's EEPROM, one after the other */
static void
read_eeprom (Wire *wire, guint8 eeprom[0x400])
{
  for (guint block = 0; block < 4; block++)
    {
      g_assert_cmphex (wire_in (wire, 0x100, "f1 01 00 00 00 00 00 %02x 01 00 00 00", block), ==,
                       0);
      g_assert_cmpuint (wire->answer.in_len, ==, 0x100);
      memcpy (eeprom + (gsize) block * 0x100, wire->in, 0x100);
    }
}

/* Pieces are counted, not times: the 5th and 10th of four a time. What it holds stays whole. */
static void
test_eeprom (void)
{
  g_autoptr (Wire) wire = awake ("px716");
  guint8 good[0x400], read[0x400];

  read_eeprom (wire, good);
  add (wire, "eeprom-unstable");
  for (guint time = 0; time < 3; time++)
    {
      read_eeprom (wire, read);
      for (guint block = 0; block < 4; block++)
        g_assert_cmpuint (bits_different (good + block * 0x100, read + block * 0x100, 0x100), ==,
                          time * 4 + block == 4 || time * 4 + block == 9 ? 1 : 0);
    }
  ofl_practice_drive_clear_faults (wire->drive);
  add (wire, "eeprom-blank");
  read_eeprom (wire, read);
  for (guint i = 0; i < sizeof read; i++)
    g_assert_cmphex (read[i], ==, 0xff);
  g_assert_cmphex (wire_in (wire, N_INQUIRY, INQUIRY), ==, 0);
  g_assert_cmpmem (wire->in + 8, 7, "PLEXTOR", 7);
  ofl_practice_drive_clear_faults (wire->drive);
  read_eeprom (wire, read);
  g_assert_cmpmem (good, sizeof good, read, sizeof read);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/faults/flip-once", test_flip_once);
  g_test_add_func ("/practice/faults/flip-once-seeds", test_flip_once_seeds);
  g_test_add_func ("/practice/faults/damage-cdb", test_damage_cdb);
  g_test_add_func ("/practice/faults/fail", test_fail);
  g_test_add_func ("/practice/faults/refuse-op", test_refuse_op);
  g_test_add_func ("/practice/faults/replug", test_replug);
  g_test_add_func ("/practice/faults/silent-once", test_silent_once);
  g_test_add_func ("/practice/faults/fail-burn", test_fail_burn);
  g_test_add_func ("/practice/faults/lie-once", test_lie_once);
  g_test_add_func ("/practice/faults/unreadable", test_unreadable);
  g_test_add_func ("/practice/faults/stuck-buffer", test_stuck_buffer);
  g_test_add_func ("/practice/faults/eeprom", test_eeprom);
  g_test_add_func ("/practice/faults/refused-words", test_refused_words);
  return g_test_run ();
}
