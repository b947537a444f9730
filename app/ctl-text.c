/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl-text.h"

#include <string.h>

/* A word that is longer than the line stays one piece, on a line of its own. */
#define HANGING 2

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/**
 * ofl_ctl_text_width:
 * @text: UTF-8 without control characters
 *
 * Returns: how many cells of a terminal it takes
 */
guint
ofl_ctl_text_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += char_width (g_utf8_get_char (text));
  return width;
}

/* Control characters of both sets, and those that turn the order of what follows them around. */
static gboolean
is_harmful (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || c == 0x200e || c == 0x200f;
}

/**
 * ofl_ctl_text_escape:
 * @text: what a drive, a file's name or anybody else has contributed to
 * @json: it is JSON
 *
 * What a terminal would obey is made visible: "\x1b". Line ends stay.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
ofl_ctl_text_escape (const char *text, gboolean json)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, json ? "\\u%04x" : "\\x%02x", (guint8) *text++);
          continue;
        }
      if (c == '\n' || (c == '\t' && !json) || !is_harmful (c))
        g_string_append_unichar (out, c);
      else
        g_string_append_printf (out, json || c > 0xff ? "\\u%04x" : "\\x%02x", c);
      text = g_utf8_next_char (text);
    }
  return g_string_free (out, FALSE);
}

static void
end_line (OflCtlWrap *wrap)
{
  wrap->column = 0;
  wrap->indent = 0;
  wrap->blanks = 0;
  wrap->begun = FALSE;
  wrap->gap = FALSE;
}

static void
put_word (OflCtlWrap *wrap, GString *out, const char *word, gsize length)
{
  g_autofree char *copy = g_strndup (word, length);
  guint width = ofl_ctl_text_width (copy);

  if (!wrap->begun)
    wrap->indent = wrap->column + wrap->blanks;
  if (wrap->begun && (wrap->blanks > 0 || wrap->gap)
      && wrap->column + wrap->blanks + width > wrap->columns)
    {
      /* half the line is the least that is left for words */
      guint indent = MIN (wrap->indent + HANGING, wrap->columns / 2);

      g_string_append_printf (out, "\n%*s", (int) indent, "");
      wrap->column = indent;
    }
  else
    {
      g_string_append_printf (out, "%*s", (int) wrap->blanks, "");
      wrap->column += wrap->blanks;
    }
  g_string_append_len (out, word, (gssize) length);
  wrap->column += width;
  wrap->blanks = 0;
  wrap->begun = TRUE;
  wrap->gap = FALSE;
}

/**
 * ofl_ctl_text_wrap:
 * @wrap: where the line stands; its columns are set
 * @text: the next piece, which may have no line end, one, or several
 *
 * Lines that are longer than the terminal is wide go on in the next one, with a deeper indent.
 *
 * Returns: (transfer full): the piece with more line ends
 */
char *
ofl_ctl_text_wrap (OflCtlWrap *wrap, const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 16);

  while (*text != '\0')
    {
      gsize length = strcspn (text, " \n");

      if (length > 0)
        put_word (wrap, out, text, length);
      text += length;
      if (*text == ' ')
        wrap->blanks++;
      else if (*text == '\n')
        {
          end_line (wrap);
          g_string_append_c (out, '\n');
        }
      text += *text != '\0';
    }
  /* a question ends in a blank, and a column may follow */
  if (wrap->blanks > 0)
    {
      g_string_append_printf (out, "%*s", (int) wrap->blanks, "");
      wrap->column += wrap->blanks;
      wrap->blanks = 0;
      wrap->gap = TRUE;
    }
  return g_string_free (out, FALSE);
}

/**
 * ofl_ctl_text_cut:
 * @text: one line
 * @columns: cells that it may take, at least 1
 *
 * What does not fit is left out from its end: whole parts that commas divide, then whole words.
 *
 * Returns: (transfer full): what fits
 */
char *
ofl_ctl_text_cut (const char *text, guint columns)
{
  static const char *const ends[] = { ", ", " " };
  g_autofree char *left = g_strdup (text);
  const char *end = text;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    for (char *at; ofl_ctl_text_width (left) > columns && (at = g_strrstr (left, ends[i])) != NULL
                   && at > left;)
      *at = '\0';
  if (ofl_ctl_text_width (left) <= columns)
    return g_steal_pointer (&left);
  for (guint width = 0; width + char_width (g_utf8_get_char (end)) <= columns;
       end = g_utf8_next_char (end))
    width += char_width (g_utf8_get_char (end));
  return g_strndup (text, (gsize) (end - text));
}

/* What GLib's own table of look-alikes has not. */
static const char *
look_alike (gunichar c)
{
  static const struct {
    gunichar c;
    const char *ascii;
  } table[] = {
    { 0x00a0, " " },  { 0x00a7, "section " }, { 0x00b1, "+/-" }, { 0x00b5, "u" }, { 0x00b7, "." },
    { 0x00d7, "x" },  { 0x2009, " " },        { 0x202f, " " },   { 0x2212, "-" }, { 0x2265, ">=" },
    { 0x2264, "<=" }, { 0x2713, "+" },        { 0x2717, "x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].c == c)
      return table[i].ascii;
  return NULL;
}

static void
append_char (GString *out, const char *c, const char *charset)
{
  const char *like = look_alike (g_utf8_get_char (c));
  g_autofree char *one = g_strndup (c, (gsize) (g_utf8_next_char (c) - c));
  g_autofree char *exact = g_convert (one, -1, charset, "UTF-8", NULL, NULL, NULL);
  g_autofree char *ascii = g_str_to_ascii (one, NULL);

  g_string_append (out, exact != NULL ? exact : like != NULL ? like : ascii);
}

/**
 * ofl_ctl_text_to_charset:
 * @text: UTF-8
 * @charset: what the terminal shows
 *
 * A character that the terminal has not is shown by what comes nearest: plain quotes for curly
 * ones, a blank for one that does not break.
 *
 * Returns: (transfer full): @text for that terminal
 */
char *
ofl_ctl_text_to_charset (const char *text, const char *charset)
{
  char *exact = g_convert (text, -1, charset, "UTF-8", NULL, NULL, NULL);
  GString *out;

  if (exact != NULL)
    return exact;
  out = g_string_sized_new (strlen (text));
  for (; *text != '\0'; text = g_utf8_next_char (text))
    append_char (out, text, charset);
  return g_string_free (out, FALSE);
}
