/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/encode.h"

#include <string.h>

guint8 *
encode_noise (guint32 seed, gsize n_bytes)
{
  guint8 *data = g_malloc (n_bytes + 1);
  guint32 x = seed;

  for (gsize i = 0; i < n_bytes; i++)
    {
      x = x * 0x41C64E6Du + 0x3039u;
      data[i] = (guint8) (x >> 16);
    }
  return data;
}

GBytes *
encode_noise_bytes (guint32 seed, gsize n_bytes)
{
  return g_bytes_new_take (encode_noise (seed, n_bytes), n_bytes);
}

GBytes *
encode_banked_noise (guint32 seed, gsize n_bytes)
{
  guint8 *data = encode_noise (seed, n_bytes);

  for (gsize i = 0; i < n_bytes; i += 0x10000)
    data[i] = 0x02;
  return g_bytes_new_take (data, n_bytes);
}

/* IMG_Z, or the beginning of it: every byte that is no multiple of four is zero. */
GBytes *
encode_sparse_image (gsize n_bytes)
{
  g_autofree guint8 *noise = encode_noise (0x4242, n_bytes / 4);
  guint8 *data = g_malloc0 (n_bytes);

  for (gsize i = 0; i < n_bytes / 4; i++)
    data[4 * i] = noise[i];
  for (gsize i = 0; i < n_bytes; i += 0x10000)
    data[i] = 0x02;
  return g_bytes_new_take (data, n_bytes);
}

GBytes *
encode_zeros (gsize n_bytes)
{
  return g_bytes_new_take (g_malloc0 (n_bytes), n_bytes);
}

GBytes *
encode_join (GBytes *first, ...)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  va_list args;

  va_start (args, first);
  for (GBytes *bytes = first; bytes != NULL; bytes = va_arg (args, GBytes *))
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (bytes, &length);

      g_byte_array_append (all, data, (guint) length);
    }
  va_end (args);
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}

static guint8 *
make_p2 (gsize n_bytes)
{
  guint8 *data = g_malloc (n_bytes);
  guint32 x = 1;

  for (gsize i = 0; i < n_bytes; i++)
    {
      x = (x * 1103515245u + 12345u) & 0x7FFFFFFF;
      data[i] = (guint8) (x >> 16);
    }
  return data;
}

GBytes *
encode_nec (const EncodeNec *nec)
{
  g_autofree guint8 *data = make_p2 (nec->payload);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint32 sum = 0;

  if (nec->id_inside > 0)
    memcpy (data + nec->id_inside, nec->id, 4);
  if (nec->byte_at_400 > 0)
    data[0x400] = nec->byte_at_400;
  for (gsize i = 0; i + 1 < nec->payload; i += 2)
    sum += data[i] * 256u + data[i + 1];
  g_byte_array_append (all, data, (guint) nec->payload);
  if (nec->with_sum)
    g_byte_array_append (all, (const guint8[]){ (guint8) (sum >> 8), (guint8) sum }, 2);
  if (!nec->without_tail)
    g_byte_array_append (all, (const guint8 *) nec->id, 4);
  if (nec->bootcode != NULL)
    g_byte_array_append (all, (const guint8 *) nec->bootcode, 2);
  return g_byte_array_free_to_bytes (g_steal_pointer (&all));
}
