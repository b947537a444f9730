/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of bytes that were not written by us: nothing is read before it was asked for. */
#pragma once

#include <gio/gio.h>
#include <string.h>

#include "scsi/ofl-bytes.h"

G_BEGIN_DECLS

typedef struct {
  const guint8 *data;
  gsize length;
} OflSlice;

static inline OflSlice
ofl_slice_of_bytes (GBytes *bytes)
{
  OflSlice span;

  span.data = g_bytes_get_data (bytes, &span.length);
  return span;
}

/* Offsets in files are text or 32-bit fields; 64 bits hold every sum of them. */
static inline gboolean
ofl_slice_has (OflSlice span, guint64 offset, guint64 n_bytes)
{
  return offset <= span.length && n_bytes <= span.length - offset;
}

static inline gboolean
ofl_slice_equals (OflSlice span, guint64 offset, const void *bytes, gsize n_bytes)
{
  return ofl_slice_has (span, offset, n_bytes) && memcmp (span.data + offset, bytes, n_bytes) == 0;
}

/* Finds @needle at or after @from; *@at is left alone where there is none. */
static inline gboolean
ofl_slice_find (OflSlice span, gsize from, const void *needle, gsize n_bytes, gsize *at)
{
  const guint8 *hit;

  if (!ofl_slice_has (span, from, n_bytes))
    return FALSE;
  hit = memmem (span.data + from, span.length - from, needle, n_bytes);
  if (hit == NULL)
    return FALSE;
  *at = (gsize) (hit - span.data);
  return TRUE;
}

/* Hostile alignments too: 0 and 1 leave the value as it is. */
static inline guint64
ofl_slice_round_up (guint64 value, guint32 alignment)
{
  return alignment > 1 ? (value + alignment - 1) / alignment * alignment : value;
}

G_END_DECLS
