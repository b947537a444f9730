/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/encode.h"

/* One line of bytes with its checksum and line end. */
char *
encode_btc_line (guint16 offset, const guint8 *data, guint n_bytes)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint sum = n_bytes + offset / 256 + offset % 256;

  g_string_append_printf (line, ":%02X%04X00", n_bytes, offset);
  for (guint i = 0; i < n_bytes; i++)
    {
      g_string_append_printf (line, "%02X", data[i]);
      sum += data[i];
    }
  g_string_append_printf (line, "%02X\n", (256 - sum % 256) % 256);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* The text of a whole image; lines of blank flash (FF) are left out, as in BTC's own files. */
GBytes *
encode_btc (GBytes *image, gsize per_line)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (image, &length);
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at < length; at += per_line)
    {
      gboolean blank = TRUE;

      if (at > 0 && at % 0x10000 == 0)
        g_string_append (text, ":00000155AA\n");
      for (gsize i = 0; i < per_line; i++)
        blank = blank && data[at + i] == 0xFF;
      if (!blank)
        {
          g_autofree char *line
              = encode_btc_line ((guint16) (at % 0x10000), data + at, (guint) per_line);

          g_string_append (text, line);
        }
    }
  g_string_append (text, ":00000001FF\n");
  return g_string_free_to_bytes (text);
}
