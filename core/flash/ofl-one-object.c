/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a text may be given to json-glib's parser. It calls itself for every level, and of several
 * values in one text it loses all but the last; a journal that a loss of power tore has such lines. */
#include "flash/ofl-one-object.h"

#include <string.h>

/* What JSON has outside of strings. The parser takes more, as comments and other quotes; in those it would
 * not see the text as it is seen here. */
static gboolean
is_plain (char c)
{
  return g_ascii_isalnum (c) || g_ascii_isspace (c)
         || (c != '\0' && strchr ("{}[]:,.+-\"", c) != NULL);
}

/**
 * ofl_is_one_object:
 * @text: (array length=length): what is to be parsed
 * @length: bytes
 * @most_brackets: how many may be opened in all, those in strings, too
 *
 * Says nothing of what stands between the brackets: the parser does.
 *
 * Returns: whether it is one object of JSON, blanks around it, and not deep enough to cost stack
 */
gboolean
ofl_is_one_object (const char *text, gsize length, guint most_brackets)
{
  gboolean in_string = FALSE, closed = FALSE;
  guint depth = 0, brackets = 0;

  for (gsize i = 0; i < length; i++)
    {
      gboolean opens = text[i] == '{' || text[i] == '[';

      brackets += opens;
      if (in_string)
        {
          if (text[i] == '\\')
            i++; /* what it escapes */
          else
            in_string = text[i] != '"';
          continue;
        }
      if (!is_plain (text[i]) || (depth == 0 && !opens && !g_ascii_isspace (text[i])))
        return FALSE;
      if (closed && opens)
        return FALSE;
      in_string = text[i] == '"';
      depth += opens;
      if (text[i] == '}' || text[i] == ']')
        closed = --depth == 0;
    }
  return closed && brackets <= most_brackets;
}

/**
 * ofl_parse_one_object:
 * @text: (array length=length): what somebody else wrote
 * @length: bytes
 * @most_brackets: how many may be opened in all
 *
 * Returns: (transfer full) (nullable): the object; %NULL when it is not one, in UTF-8, or one that the
 *   parser must not see
 */
JsonObject *
ofl_parse_one_object (const char *text, gsize length, guint most_brackets)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (!g_utf8_validate (text, (gssize) length, NULL)
      || !ofl_is_one_object (text, length, most_brackets))
    return NULL;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root)
             ? json_object_ref (json_node_get_object (root))
             : NULL;
}
