/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/firmware-encoders/encode.h"

#include <string.h>

#define STEPS 0x400u

static void
append_text (GByteArray *file, const char *text)
{
  g_byte_array_append (file, (const guint8 *) text, (guint) strlen (text) + 1);
}

/* Frame of liteon 11.3, then the directory, then the body. */
GBytes *
encode_xflash (const EncodeXFlash *xflash)
{
  static const guint8 pe[]
      = { 0x50, 0x45, 0x00, 0x00, 0x4C, 0x01, 0x03, 0x00, 0x00, 0x94, 0x35, 0x77 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  gsize body_length;
  const guint8 *body = g_bytes_get_data (xflash->body, &body_length);

  g_byte_array_set_size (file, 0x600);
  memset (file->data, 0, 0x600);
  memcpy (file->data, "MZ", 2);
  memcpy (file->data + 0x80, pe, sizeof pe);
  if (xflash->version != NULL)
    memcpy (file->data + 0x400, xflash->version, xflash->version_length);
  if (xflash->code != NULL)
    memcpy (file->data + 0x480, xflash->code, xflash->code_length);
  if (xflash->tag != NULL)
    memcpy (file->data + 0x4C0, xflash->tag, strlen (xflash->tag));
  append_text (file, xflash->count);
  append_text (file, "JUNK=1");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("BIN_START%u=%010u", i + 1, xflash->start[i]);

      append_text (file, text);
    }
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *text = g_strdup_printf ("BIN_SIZE%u=%010u", i + 1, xflash->size[i]);

      append_text (file, text);
    }
  for (guint i = 0; i < 4; i++)
    {
      const char *revision = xflash->revision[i] != NULL ? xflash->revision[i] : "";
      g_autofree char *label = g_strdup_printf ("NEW_FW%u=", i + 1);
      guint8 field[8] = { 0 };

      memcpy (field, revision, strlen (revision));
      g_byte_array_append (file, (const guint8 *) label, (guint) strlen (label));
      g_byte_array_append (file, field, sizeof field);
    }
  g_byte_array_append (file, body, (guint) body_length);
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

/* Method 1, from the plain image: ends mirrored, the front inverted, a gap put behind the front. */
GBytes *
encode_swapped (GBytes *image, guint inverted, guint gap)
{
  gsize n;
  const guint8 *plain = g_bytes_get_data (image, &n);
  guint8 *stored = g_malloc0 (n + gap);

  for (gsize i = 0; i < n; i++)
    {
      gsize source = i < 0x8000 || i >= n - 0x8000 ? n - 1 - i : i;

      if (i < inverted)
        stored[i] = plain[source] ^ 0xFF;
      else
        stored[i + gap] = plain[source];
    }
  return g_bytes_new_take (stored, n + gap);
}

/* Which of its three values method 2 uses at each step: R revision, N inversion, K key. The
 * numbers are 1, 2, 3, 5, 8, …, from the beginning again after 44 of them. */
char *
encode_fibonacci_classes (void)
{
  char *classes = g_malloc0 (STEPS + 1);
  guint64 numbers[44] = { 1, 2 };

  for (guint i = 2; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = numbers[i - 1] + numbers[i - 2];
  for (guint n = 0; n < STEPS; n++)
    {
      guint64 rest = numbers[n % 44] % 9;

      classes[n] = rest == 1 ? 'R' : rest == 2 ? 'N' : 'K';
    }
  return classes;
}

static guint8
add_revision (const char *revision)
{
  guint sum = 0;

  while (*revision != '\0')
    sum += (guint8) *revision++;
  return (guint8) sum;
}

GBytes *
encode_fibonacci (GBytes *image, GBytes *key, const char *revision)
{
  gsize n_bytes;
  const guint8 *plain = g_bytes_get_data (image, &n_bytes);
  const guint8 *k = g_bytes_get_data (key, NULL);
  g_autofree char *classes = encode_fibonacci_classes ();
  guint8 *out = g_memdup2 (plain, n_bytes);

  for (guint n = 0; n < STEPS; n++)
    {
      guint place = n % 3 == 2 ? k[n] % 8 : n % 3 == 0 ? k[n] % 7 : k[n] % 5;

      out[n * (n_bytes / STEPS) + place] ^= classes[n] == 'R'   ? add_revision (revision)
                                            : classes[n] == 'N' ? 0xFF
                                                                : k[n];
    }
  return g_bytes_new_take (out, n_bytes);
}

GBytes *
encode_mask (GBytes *image, GBytes *key, const char *revision, guint8 mask, guint8 extra)
{
  gsize n_bytes;
  const guint8 *plain = g_bytes_get_data (image, &n_bytes);
  const guint8 *k = g_bytes_get_data (key, NULL);
  guint8 *out = g_memdup2 (plain, n_bytes);

  for (guint n = 0; n < STEPS; n++)
    out[n * (n_bytes / STEPS) + (k[n] & mask)]
        ^= n % 7 == 0 || n % 7 == 2 ? add_revision (revision) ^ extra : k[n];
  return g_bytes_new_take (out, n_bytes);
}

/* The machine code by which method 2 is known: 30 02 EB 2B, 12 bytes, 80 34 02 FF, 25, 30 10. */
const guint8 *
encode_fibonacci_code (gsize *length)
{
  static guint8 code[47];

  memset (code, 0x90, sizeof code);
  memcpy (code, "\x30\x02\xEB\x2B", 4);
  memcpy (code + 16, "\x80\x34\x02\xFF", 4);
  memcpy (code + 45, "\x30\x10", 2);
  *length = sizeof code;
  return code;
}

/* The machine code by which method 3 is known, in its two forms; the mask is 7F. */
const guint8 *
encode_mask_code (gboolean second, gsize *length)
{
  static const guint8 one[] = { 0x0F, 0xB6, 0x04, 0x08, 0x25, 0x7F, 0x00, 0x00,
                                0x80, 0x79, 0x05, 0x48, 0x83, 0xC8, 0x80, 0x40 };
  static const guint8 two[] = { 0x33, 0xC0, 0x8A, 0x04, 0x0A, 0x25, 0x7F, 0x00, 0x00,
                                0x80, 0x79, 0x05, 0x48, 0x83, 0xC8, 0x80, 0x40 };

  *length = second ? sizeof two : sizeof one;
  return second ? two : one;
}
