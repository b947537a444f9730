/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTC's firmware text: Intel-HEX lines with a mark of their own between 64 KiB banks
 * (btc 3.2). */
#include "families/btc/ofl-btc-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define IMAGE_SIZE 0x100000u
#define BANK_SIZE 0x10000u
#define LAST_BANK 15u
/* The source reads lines in pieces of this many characters; what a longer line has left over is
 * a line of its own. */
#define LONGEST_LINE 79u
#define NEXT_BANK ":00000155AA"
#define LAST_LINE ":00000001FF"

typedef struct {
  OflSlice text;
  gsize at;
  guint8 *image;
  guint bank;
  gboolean ended;
} Reader;

/* The next piece of text, without its line end; FALSE at the end of the file. */
static gboolean
next_line (Reader *self, OflSlice *line, gsize *offset)
{
  gsize left = self->text.length - self->at;
  const guint8 *from = left > 0 ? self->text.data + self->at : NULL;
  gsize length = MIN (left, LONGEST_LINE);
  const guint8 *newline;

  if (left == 0)
    return FALSE;
  newline = memchr (from, '\n', length);
  *offset = self->at;
  self->at += newline != NULL ? (gsize) (newline - from) + 1 : length;
  if (newline != NULL)
    length = (gsize) (newline - from);
  if (length > 0 && from[length - 1] == '\r')
    length--;
  *line = (OflSlice){ from, length };
  return TRUE;
}

/* Hexadecimal pair number @index behind the colon, or -1. */
static int
get_pair (OflSlice line, gsize index)
{
  gsize at = 1 + 2 * index;
  int high, low;

  if (!ofl_slice_has (line, at, 2))
    return -1;
  high = g_ascii_xdigit_value ((char) line.data[at]);
  low = g_ascii_xdigit_value ((char) line.data[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static gboolean
starts_with (OflSlice line, const char *text)
{
  return line.length >= strlen (text)
         && g_ascii_strncasecmp ((const char *) line.data, text, strlen (text)) == 0;
}

static const char *
read_mark (Reader *self, OflSlice line)
{
  if (starts_with (line, LAST_LINE))
    {
      self->ended = TRUE;
      return NULL;
    }
  if (!starts_with (line, NEXT_BANK))
    return N_ ("this line holds no bytes and is neither a change of bank nor the end");
  if (++self->bank > LAST_BANK)
    return N_ ("there are more than 16 banks");
  return NULL;
}

/* A line of bytes; returns what is wrong with it, or NULL. */
static const char *
read_bytes (Reader *self, OflSlice line, guint n_bytes)
{
  int high = get_pair (line, 1), low = get_pair (line, 2), type = get_pair (line, 3);
  int checksum = get_pair (line, 4 + n_bytes);
  guint offset, sum;

  if (high < 0 || low < 0 || type < 0 || checksum < 0)
    return N_ ("this line is too short or holds something other than hexadecimal digits");
  if (type != 0)
    return N_ ("this line is of a type that such files do not have");
  offset = (guint) high * 256 + (guint) low;
  if (offset + n_bytes > BANK_SIZE)
    return N_ ("this line runs over the end of its bank");
  sum = n_bytes + (guint) high + (guint) low;
  for (guint i = 0; i < n_bytes; i++)
    {
      int byte = get_pair (line, 4 + i);

      if (byte < 0)
        return N_ ("this line holds something other than hexadecimal digits");
      sum += (guint) byte;
      self->image[self->bank * BANK_SIZE + offset + i] = (guint8) byte;
    }
  return ((sum + (guint) checksum) & 0xFF) == 0 ? NULL
                                                : N_ ("this line does not fit its own checksum");
}

static const char *
read_line (Reader *self, OflSlice line)
{
  int n_bytes = get_pair (line, 0);

  if (n_bytes < 0)
    return N_ ("this line holds something other than hexadecimal digits");
  return n_bytes == 0 ? read_mark (self, line) : read_bytes (self, line, (guint) n_bytes);
}

static char *
say_damaged (guint64 offset, const char *reason)
{
  /* Translators: the second %s is a clause that says what is wrong */
  return g_strdup_printf (_ ("This BTC firmware text is damaged at offset 0x%" PRIX64 ": %s. "
                             "Download it again, "
                             "or use another file."),
                          offset, reason);
}

static OflUnpacked
read_text (Reader *self, GError **error)
{
  OflSlice line;
  gsize offset;

  while (!self->ended && next_line (self, &line, &offset))
    {
      const char *wrong = NULL;

      if (line.length > 0 && line.data[0] == ':')
        wrong = read_line (self, line);
      if (wrong != NULL)
        return ofl_container_damaged (error, say_damaged, offset, "%s", _ (wrong));
    }
  if (self->bank != LAST_BANK)
    return ofl_container_damaged (error, say_damaged, self->at,
                                  _ ("it ends in bank %u of 16, so a part is missing"),
                                  self->bank + 1);
  return OFL_UNPACKED_DONE;
}

/* Other Intel-HEX files look alike at first. BTC's have the bank mark, or are cut off before the
 * first one; a line of another type or an end before it means another device. */
static gboolean
is_btc (OflSlice text)
{
  Reader reader = { .text = text };
  gboolean any = FALSE;
  OflSlice line;
  gsize offset, mark;

  if (ofl_container_is_program (text, NULL))
    return FALSE;
  if (ofl_slice_find (text, 0, "\n" NEXT_BANK, sizeof NEXT_BANK, &mark))
    return TRUE;
  while (next_line (&reader, &line, &offset))
    {
      if (line.length == 0 || line.data[0] != ':')
        {
          /* A text or a program that merely has a colon somewhere is none. */
          if (!any && offset > 4096)
            return FALSE;
          continue;
        }
      if (get_pair (line, 0) <= 0 || get_pair (line, 1) < 0 || get_pair (line, 2) < 0
          || get_pair (line, 3) != 0)
        return FALSE;
      any = TRUE;
    }
  return any;
}

/**
 * ofl_container_btc:
 * @input: a file
 * @output: the image of 1 MiB is appended
 * @error: return location
 *
 * Reads BTC's firmware text. Bytes that no line sets are FF. Unlike the source a line that runs
 * over the end of its bank is refused.
 *
 * Returns: what came of it
 */
OflUnpacked
ofl_container_btc (const OflContainerInput *input, OflContainerOutput *output, GError **error)
{
  Reader reader = { .text = ofl_slice_of_bytes (input->bytes) };
  g_autofree guint8 *storage = NULL;
  g_autoptr (GBytes) image = NULL;

  if (reader.text.length == IMAGE_SIZE || !is_btc (reader.text))
    return OFL_UNPACKED_NOT_MINE;
  storage = g_malloc (IMAGE_SIZE);
  memset (storage, 0xFF, IMAGE_SIZE);
  reader.image = storage;
  if (read_text (&reader, error) != OFL_UNPACKED_DONE)
    return OFL_UNPACKED_DAMAGED;
  image = g_bytes_new_take (g_steal_pointer (&storage), IMAGE_SIZE);
  ofl_container_add (output, "image", image, NULL, NULL);
  output->title = g_strdup (_ ("BTC firmware text (Intel-HEX)"));
  return OFL_UNPACKED_DONE;
}
