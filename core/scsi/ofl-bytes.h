/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Big- and little-endian fields of wire and file formats, byte by byte. */
#pragma once

#include <glib.h>

static inline guint32
ofl_get_be (const guint8 *p, guint n_bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value = (value << 8) | p[i];
  return value;
}

static inline void
ofl_put_be (guint8 *p, guint n_bytes, guint32 value)
{
  for (guint i = 0; i < n_bytes; i++)
    p[i] = (guint8) (value >> (8 * (n_bytes - 1 - i)));
}

static inline guint32
ofl_get_le (const guint8 *p, guint n_bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value |= (guint32) p[i] << (8 * i);
  return value;
}

static inline void
ofl_put_le (guint8 *p, guint n_bytes, guint32 value)
{
  for (guint i = 0; i < n_bytes; i++)
    p[i] = (guint8) (value >> (8 * i));
}
