/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matshita, device side: what the drive refuses, and what becomes of it when something goes wrong. */
#include "matshita-wire.h"

#include <string.h>

/* What the drive itself looks at */
static void
test_bad_images (void)
{
  static const struct {
    const char *variant;
    guint32 sense;
  } rows[] = { { "wrong-family", SENSE_BAD_DATA },
               { "bad-sum", SENSE_BAD_DATA },
               { "truncated", SENSE_SEQUENCE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", rows[i].variant);
      g_autoptr (GBytes) good = wire_image (ID, "1.03", NULL);

      g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, rows[i].sense);
      g_assert_cmpint (wire->answer.delay_us, <, G_USEC_PER_SEC);
      wire->now_us += BURN_US;
      matshita_assert_untouched (wire);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
      g_assert_cmphex (matshita_send_all (wire, good), ==, 0);
      g_assert_cmphex (wire_in (wire, 0x400, COMMIT_IN), ==, 0);
      matshita_assert_burned (wire, good);
    }
}

/* Each byte of the header before the two unknown words */
static void
test_header (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  for (gsize at = 0; at < HEADER; at++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (image, NULL), SIZE);
      g_autoptr (GBytes) wrong = NULL;

      data[at] ^= 0x01;
      wrong = g_bytes_new (data, SIZE);
      g_assert_cmphex (matshita_send_all (wire, wrong), ==, 0);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, at < 0x28 ? SENSE_BAD_DATA : 0);
      g_assert_true (wire_holds (wire, at < 0x28 ? "1.00" : "1.03"));
    }
}

/* Begins, and then sends one piece that does not belong there. */
static void
assert_refused (gsize at, gsize length, guint32 sense)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  Piece piece;

  matshita_cut (&piece, image, 0, 0x8000);
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
  matshita_cut (&piece, image, at, length);
  g_assert_cmphex (matshita_send (wire, &piece), ==, sense);
  /* the update is forgotten */
  matshita_cut (&piece, image, 0x8000, 0x8000);
  g_assert_cmphex (matshita_send (wire, &piece), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  matshita_assert_untouched (wire);
}

static void
test_order (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  Piece piece, changed;

  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  g_assert_cmphex (matshita_read_back (wire, 0, 0x400), ==, SENSE_SEQUENCE);
  matshita_cut (&piece, image, 0x8000, 0x8000);
  g_assert_cmphex (matshita_send (wire, &piece), ==, SENSE_SEQUENCE);
  /* left out, overlapping, beyond the end, nothing behind the header */
  assert_refused (0x10000, 0x8000, SENSE_BAD_FIELD);
  assert_refused (0x7fff, 0x8000, SENSE_BAD_FIELD);
  assert_refused (0x8000, 0, SENSE_BAD_FIELD);
  /* from the beginning again */
  matshita_cut (&piece, image, 0, 0x8000);
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
  g_assert_true (matshita_is_same (wire, &piece));
  /* not yet there */
  g_assert_cmphex (matshita_read_back (wire, 0x8000, 1), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (matshita_read_back (wire, 0x7fff, 2), ==, SENSE_BAD_FIELD);
  g_assert_cmphex (matshita_read_back (wire, 0, 0), ==, SENSE_BAD_FIELD);
  /* another header in the middle */
  matshita_cut (&changed, image, 0x8000, 0x8000);
  changed.data[0x1b] ^= 0x02;
  g_assert_cmphex (matshita_send (wire, &changed), ==, SENSE_BAD_DATA);
  /* the last piece missing */
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  matshita_assert_untouched (wire);
}

static void
test_resets (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  Piece piece;

  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  ofl_practice_drive_bus_reset (wire->drive, wire->now_us);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_RESET);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
  wire_power_cycle (wire);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  /* a disc, and the command that is named an erasing one */
  g_assert_cmphex (wire_none (wire, "fa 00 00 00 00 00 00 00 00 00 00 00"), ==, SENSE_BAD_OPCODE);
  matshita_cut (&piece, image, 0, 0x8000);
  ofl_practice_drive_set_disc (wire->drive, TRUE);
  wire_ready (wire);
  g_assert_cmphex (matshita_send (wire, &piece), ==, SENSE_BAD_FIELD);
  ofl_practice_drive_set_disc (wire->drive, FALSE);
  matshita_assert_untouched (wire);
}

static void
test_every_byte_counts (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autoptr (Script) script = script_new ();
  g_autofree Piece *pieces = g_new0 (Piece, 26);
  guint commands[] = { 0, 13, 25 };

  for (guint i = 0; i < 26; i++)
    {
      matshita_cut (&pieces[i], image, i * 0x8000u, MIN (0x8000u, PAYLOAD - i * 0x8000u));
      script_add (script, pieces[i].data, HEADER + pieces[i].length, "ea 00 00 %06x %06x 00 00 00",
                  (guint) pieces[i].at, (guint) (HEADER + pieces[i].length));
    }
  script_add (script, NULL, 0, COMMIT);
  script_assert_every_byte_counts (script, ID, image, commands, G_N_ELEMENTS (commands));
}

/* 80 and 00 in the last byte are both good, everything else is not. */
static void
test_commit_bytes (void)
{
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

  for (guint i = 1; i < 12; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        guint8 cdb[12] = { 0xf5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 };
        g_autoptr (Wire) wire = wire_new (ID);
        Piece piece;

        if (i == 11 && bit == 7)
          continue;
        cdb[i] ^= (guint8) (1u << bit);
        matshita_cut (&piece, image, 0, 0x8000);
        g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
        g_assert_cmphex (wire_send (wire, cdb, 12, NULL, 0), ==, SENSE_BAD_FIELD);
        matshita_assert_untouched (wire);
      }
}

/* A bit of the data flips: on the way there it stays in the buffer, on the way back it does not. */
static void
test_buffer_differs (void)
{
  g_autoptr (Wire) wire = wire_new (ID);
  g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);
  g_autofree Piece *piece = g_new0 (Piece, 1);

  matshita_cut (piece, image, 0, 0x8000);
  g_assert_cmphex (matshita_send (wire, piece), ==, 0);
  matshita_add_fault (wire, "flip-once e8 1 77");
  g_assert_cmphex (matshita_read_back (wire, 0, 0x8000), ==, 0);
  g_assert_cmpint (memcmp (wire->in + HEADER, piece->data + HEADER, 0x8000), !=, 0);
  g_assert_true (matshita_is_same (wire, piece));
  matshita_add_fault (wire, "flip-once ea 1 77");
  for (gsize at = 0x8000; at < PAYLOAD; at += 0x8000)
    {
      matshita_cut (piece, image, at, MIN (0x8000, PAYLOAD - at));
      g_assert_cmphex (matshita_send (wire, piece), ==, 0);
      g_assert_true (matshita_is_same (wire, piece) == (at != 0x8000));
    }
  /* who does not compare is refused, nothing is burned */
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_BAD_DATA);
  matshita_assert_untouched (wire);
}

/* The other faults of the frame, through this drive's own commands */
static void
test_faults (void)
{
  static const struct {
    const char *fault;
    guint32 sense;
    gboolean starts, holds;
  } rows[] = { { "hang f5 1", SENSE_HANGS, TRUE, FALSE },
               { "vanish f5 1", SENSE_VANISHED, TRUE, FALSE },
               { "fail f5 1", 0x044400, TRUE, FALSE },
               { "refuse-op f5 1", SENSE_BAD_FIELD, TRUE, FALSE },
               { "silent", 0, TRUE, FALSE },
               { "lie", 0, FALSE, FALSE },
               { "slow 3", 0, TRUE, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

      matshita_add_fault (wire, rows[i].fault);
      g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, rows[i].sense);
      if (rows[i].holds)
        g_assert_cmpint (wire->answer.delay_us, >, BURN_US);
      ofl_practice_drive_clear_faults (wire->drive);
      wire_power_cycle (wire);
      g_assert_true (ofl_practice_drive_holds (wire->drive, image) == rows[i].holds);
      g_assert_true (wire_holds (wire, "1.00") == (rows[i].starts && !rows[i].holds));
      g_assert_cmphex (wire_ready (wire), ==, rows[i].starts ? SENSE_NO_DISC : SENSE_DEAD);
    }
}

/* What counts for the frame as the download of a firmware: EA, and neither reading nor priming. */
static void
test_download_faults (void)
{
  static const struct {
    const char *fault;
    guint32 sense;
    guint n_writes;
  } rows[] = { { "refuse 3", SENSE_BAD_FIELD, 3 },
               { "vanish-byte 65537", SENSE_VANISHED, 2 },
               { "power-loss 4", SENSE_VANISHED, 4 },
               { "hang ea 2", SENSE_HANGS, 2 },
               { "replug ea 5", SENSE_VANISHED, 5 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Wire) wire = wire_new (ID);
      g_autoptr (GBytes) image = wire_image (ID, "1.03", NULL);

      matshita_add_fault (wire, rows[i].fault);
      g_assert_cmphex (wire_in (wire, 0x1000, UNLOCK), ==, 0);
      g_assert_cmphex (matshita_send_all (wire, image), ==, rows[i].sense);
      g_assert_cmpuint (ofl_practice_drive_get_n_writes (wire->drive), ==, rows[i].n_writes);
      wire_power_cycle (wire);
      matshita_assert_untouched (wire);
      g_assert_cmphex (matshita_send_all (wire, image), ==, 0);
      g_assert_cmphex (wire_none (wire, COMMIT), ==, 0);
      matshita_assert_burned (wire, image);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matshita/bad-images", test_bad_images);
  g_test_add_func ("/matshita/header", test_header);
  g_test_add_func ("/matshita/order", test_order);
  g_test_add_func ("/matshita/resets", test_resets);
  g_test_add_func ("/matshita/every-byte-counts", test_every_byte_counts);
  g_test_add_func ("/matshita/commit-bytes", test_commit_bytes);
  g_test_add_func ("/matshita/buffer-differs", test_buffer_differs);
  g_test_add_func ("/matshita/faults", test_faults);
  g_test_add_func ("/matshita/download-faults", test_download_faults);
  return g_test_run ();
}
