/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small seeded random numbers: the same seed gives the same faults and images everywhere. */
#pragma once

#include <glib.h>

/* xorshift32; a state of 0 would stay 0, so it is moved off. */
static inline guint32
ofl_practice_random (guint32 *state)
{
  guint32 x = *state != 0 ? *state : 0x6b8b4567;

  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *state = x;
  return x;
}

static inline void
ofl_practice_random_fill (guint32 *state, guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (ofl_practice_random (state) >> 11);
}
