/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's side of an update of a Pioneer BD writer, as pioneer 2.8 gives it. */
#include "pioneer-bd-host.h"

#include <string.h>

const guint8 bd_own_key[4] = { 0x98, 0x2b, 0x1f, 0xce };
const guint8 bd_universal_key[4] = { 0x9a, 0x78, 0x23, 0x61 };

void
bd_make_control (guint8 control[CONTROL], const guint8 key[4])
{
  memset (control, 0, CONTROL);
  memcpy (control, BD_DESCRIPTOR, 16);
  memcpy (control + 16, key, 4);
}

guint32
bd_enter (Wire *wire)
{
  guint8 control[CONTROL];

  bd_make_control (control, bd_own_key);
  return wire_out (wire, control, CONTROL, ENTER);
}

guint32
bd_commit (Wire *wire)
{
  guint8 control[CONTROL];

  bd_make_control (control, bd_own_key);
  return wire_out (wire, control, CONTROL, COMMIT);
}

guint32
bd_send_piece (Wire *wire, const guint8 *file, gsize at, gsize length)
{
  return wire_out (wire, file + at, length, "3b 07 f0 %02x %02x %02x %02x %02x %02x 00",
                   (guint) (at >> 16), (guint) (at >> 8 & 0xff), (guint) (at & 0xff),
                   (guint) (length >> 16), (guint) (length >> 8 & 0xff), (guint) (length & 0xff));
}

guint32
bd_send_file (Wire *wire, GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  guint32 sense = 0;

  for (gsize at = 0; at < size && sense == 0; at += PIECE)
    sense = bd_send_piece (wire, data, at, MIN (PIECE, size - at));
  return sense;
}

/* As the sources wait: 2 s, then an event and a look each half second, 90 s at most */
void
bd_wait_for_normal (Wire *wire)
{
  guint polls = 0;

  wire->now_us += 2 * G_USEC_PER_SEC;
  do
    {
      wire_in (wire, 8, EVENTS); /* its result is ignored */
      wire->now_us += G_USEC_PER_SEC / 2;
      g_assert_cmpuint (++polls, <, 180);
    }
  while (wire_ready (wire) == SENSE_BURNING);
  g_assert_cmpuint (polls, >, 10);
  g_assert_cmphex (wire_ready (wire), ==, SENSE_NO_DISC);
}

void
bd_assert_revision (Wire *wire, const char *revision)
{
  wire_assert_identity (wire, "PIONEER", PRODUCT, revision);
}
