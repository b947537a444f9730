/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "matshita-wire.h"

#include <string.h>

void
matshita_cut (Piece *piece, GBytes *image, gsize at, gsize length)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (image, &size);

  g_assert_cmpuint (length, <=, 0x8000);
  g_assert_cmpuint (HEADER + at + length, <=, size);
  memcpy (piece->data, data, HEADER);
  memcpy (piece->data + HEADER, data + HEADER + at, length);
  piece->at = at;
  piece->length = length;
}

guint32
matshita_send (Wire *wire, const Piece *piece)
{
  gsize total = HEADER + piece->length;

  return wire_out (wire, piece->data, total, "ea 00 00 %06x %06x 00 00 00", (guint) piece->at,
                   (guint) total);
}

guint32
matshita_read_back (Wire *wire, gsize at, gsize length)
{
  return wire_in (wire, HEADER + length, "e8 00 00 %06x %06x 00 00 00", (guint) at,
                  (guint) (HEADER + length));
}

gboolean
matshita_is_same (Wire *wire, const Piece *piece)
{
  static const guint8 zeros[HEADER] = { 0 };

  g_assert_cmphex (matshita_read_back (wire, piece->at, piece->length), ==, 0);
  g_assert_cmpuint (wire->answer.in_len, ==, HEADER + piece->length);
  g_assert_cmpmem (wire->in, HEADER, zeros, HEADER);
  return memcmp (wire->in + HEADER, piece->data + HEADER, piece->length) == 0;
}

guint32
matshita_send_all (Wire *wire, GBytes *image)
{
  gsize end = g_bytes_get_size (image) - HEADER;
  guint32 sense = 0;

  for (gsize at = 0; at < end && sense == 0; at += 0x8000)
    {
      Piece piece;

      matshita_cut (&piece, image, at, MIN (0x8000, end - at));
      sense = matshita_send (wire, &piece);
    }
  return sense;
}

guint
matshita_send_pairs (Wire *wire, GBytes *image)
{
  gsize length = 0x1f8;
  guint n = 0;

  for (gsize at = 0; at < PAYLOAD; at += length, length = 0x400)
    {
      Piece piece;

      matshita_cut (&piece, image, at, length);
      g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
      g_assert_true (matshita_is_same (wire, &piece));
      n++;
    }
  return n;
}

void
matshita_assert_burned (Wire *wire, GBytes *image)
{
  Piece piece;

  matshita_cut (&piece, image, 0, 0x1f8);
  wire_assert_identity (wire, VENDOR, PRODUCT, "1.00");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_cmphex (matshita_send (wire, &piece), ==, SENSE_SEQUENCE);
  g_assert_cmphex (wire_none (wire, COMMIT), ==, SENSE_SEQUENCE);
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
  wire_power_cycle (wire);
  wire_assert_identity (wire, VENDOR, PRODUCT, "1.03");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (ofl_practice_drive_holds (wire->drive, image));
  g_assert_cmphex (matshita_send (wire, &piece), ==, 0);
}

void
matshita_assert_untouched (Wire *wire)
{
  wire_assert_identity (wire, VENDOR, PRODUCT, "1.00");
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
  g_assert_true (wire_holds (wire, "1.00"));
}

void
matshita_add_fault (Wire *wire, const char *fault)
{
  g_autoptr (GError) error = NULL;

  ofl_practice_drive_add_fault (wire->drive, fault, &error);
  g_assert_no_error (error);
}
