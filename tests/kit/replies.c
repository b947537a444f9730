/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replies.h"

#include <string.h>

#include "fake-transport.h"

#define OUTCOME_OK "ok"

typedef struct {
  guint8 cdb[OFL_CDB_MAX];
  guint cdb_len;
  char *outcome;
  GByteArray *data;
} Answer;

struct _Replies {
  GHashTable *fields;
  GPtrArray *answers;
};

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->outcome);
  g_byte_array_unref (answer->data);
  g_free (answer);
}

/* Two digits as a byte; -1 when they are none. */
static int
read_byte (const char *text)
{
  if (!g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1]))
    return -1;
  return g_ascii_xdigit_value (text[0]) * 16 + g_ascii_xdigit_value (text[1]);
}

/* "12 00 00 00 60 00": how many bytes it has; @end is behind them. */
static guint
read_cdb (const char *text, guint8 *cdb, const char **end)
{
  guint n = 0;

  while (n < OFL_CDB_MAX && read_byte (text) >= 0 && (text[2] == ' ' || text[2] == '\0'))
    {
      cdb[n++] = (guint8) read_byte (text);
      text += 2;
      if (text[0] != ' ' || read_byte (text + 1) < 0)
        break;
      text++;
    }
  *end = text;
  return n;
}

/* "  12 00 00 00 60 00  ok" */
static gboolean
add_answer (Replies *self, const char *line)
{
  g_autofree guint8 *cdb = g_malloc0 (OFL_CDB_MAX);
  const char *end;
  guint n = read_cdb (line + 2, cdb, &end);
  Answer *answer;

  if (n < 6 || !g_str_has_prefix (end, "  ") || end[2] == '\0')
    return FALSE;
  answer = g_new0 (Answer, 1);
  memcpy (answer->cdb, cdb, n);
  answer->cdb_len = n;
  answer->outcome = g_strdup (end + 2);
  answer->data = g_byte_array_new ();
  g_ptr_array_add (self->answers, answer);
  return TRUE;
}

static gboolean
is_dump (const char *line)
{
  return strlen (line) > 8 && strncmp (line, "  ", 2) == 0 && read_byte (line + 2) >= 0
         && read_byte (line + 4) >= 0 && strncmp (line + 6, "  ", 2) == 0;
}

/* "  0010  42 44 …  BD": the offset is where the data stands, so that no line is missing. */
static gboolean
add_bytes (GByteArray *data, const char *line)
{
  const char *at = line + 7;
  guint n = 0;

  if (g_ascii_strtoull (line + 2, NULL, 16) != data->len)
    return FALSE;
  for (; n < 16 && at[0] == ' ' && read_byte (at + 1) >= 0; n++, at += 3)
    {
      guint8 byte = (guint8) read_byte (at + 1);

      g_byte_array_append (data, &byte, 1);
    }
  return n > 0;
}

static void
add_field (Replies *self, const char *line)
{
  const char *colon = strstr (line, ": ");

  if (colon != NULL)
    g_hash_table_replace (self->fields, g_strndup (line, (gsize) (colon - line)),
                          g_strdup (colon + 2));
}

/* A paragraph begins with its title. Its second line is a command, or it is not for us: what a
 * family keeps is dumped without one. */
static gboolean
add_paragraph (Replies *self, char **lines)
{
  GByteArray *data;

  if (lines[0] == NULL || lines[1] == NULL || is_dump (lines[1]))
    return TRUE;
  if (!add_answer (self, lines[1]))
    return FALSE;
  data = ((Answer *) g_ptr_array_index (self->answers, self->answers->len - 1))->data;
  for (guint i = 2; lines[i] != NULL && lines[i][0] != '\0'; i++)
    if (!is_dump (lines[i]) || !add_bytes (data, lines[i]))
      return FALSE;
  return TRUE;
}

/* Fields up to the first empty line, then paragraphs. */
Replies *
replies_parse (const char *text)
{
  g_autoptr (Replies) self = g_new0 (Replies, 1);
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n\n", -1);

  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  for (guint i = 0; paragraphs[i] != NULL; i++)
    {
      g_auto (GStrv) lines = g_strsplit (paragraphs[i], "\n", -1);

      for (guint k = 0; i == 0 && lines[k] != NULL; k++)
        add_field (self, lines[k]);
      if (i > 0 && !add_paragraph (self, lines))
        return NULL;
    }
  return g_steal_pointer (&self);
}

Replies *
replies_load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".txt", NULL);
  g_autofree char *path
      = g_build_filename (g_getenv ("SOURCE_ROOT"), "tests", "replies", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return replies_parse (text);
}

void
replies_free (Replies *self)
{
  g_hash_table_unref (self->fields);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

guint
replies_count (const Replies *self)
{
  return self->answers->len;
}

guint
replies_count_good (const Replies *self)
{
  guint good = 0;

  for (guint i = 0; i < self->answers->len; i++)
    good += g_str_equal (((Answer *) g_ptr_array_index (self->answers, i))->outcome, OUTCOME_OK);
  return good;
}

const char *
replies_field (const Replies *self, const char *name)
{
  return g_hash_table_lookup (self->fields, name);
}

/* Where a command says how much it asks for */
static const struct {
  guint8 opcode;
  guint8 at, length;
} allocations[] = {
  { 0x12, 3, 2 }, { 0x1a, 4, 1 }, { 0x3c, 6, 3 }, { 0x46, 7, 2 },
  { 0x5a, 7, 2 }, { 0xa4, 8, 2 }, { 0xad, 8, 2 },
};

static gboolean
is_same_question (const guint8 *a, const guint8 *b)
{
  guint8 x[OFL_CDB_MAX], y[OFL_CDB_MAX];

  memcpy (x, a, sizeof x);
  memcpy (y, b, sizeof y);
  for (guint i = 0; i < G_N_ELEMENTS (allocations); i++)
    if (allocations[i].opcode == x[0])
      {
        memset (x + allocations[i].at, 0, allocations[i].length);
        memset (y + allocations[i].at, 0, allocations[i].length);
      }
  return memcmp (x, y, sizeof x) == 0;
}

/* The very command, or else one that asks for another length. */
static const Answer *
find (const Replies *self, const guint8 *cdb)
{
  for (guint i = 0; i < self->answers->len; i++)
    if (memcmp (((Answer *) g_ptr_array_index (self->answers, i))->cdb, cdb, OFL_CDB_MAX) == 0)
      return g_ptr_array_index (self->answers, i);
  for (guint i = 0; i < self->answers->len; i++)
    {
      const Answer *answer = g_ptr_array_index (self->answers, i);

      if (is_same_question (answer->cdb, cdb))
        return answer;
    }
  return NULL;
}

const guint8 *
replies_find (const Replies *self, const char *cdb, gsize *length)
{
  guint8 bytes[OFL_CDB_MAX] = { 0 };
  const char *end;
  const Answer *answer;

  g_assert_cmpuint (read_cdb (cdb, bytes, &end), >=, 6);
  g_assert_cmpstr (end, ==, "");
  answer = find (self, bytes);
  if (answer == NULL || !g_str_equal (answer->outcome, OUTCOME_OK))
    return NULL;
  *length = answer->data->len;
  return answer->data->data;
}

/* "05/24/00 Illegal request"; what is no sense is a host that failed. */
static void
answer_badly (const char *outcome, OflReply *reply)
{
  if (strlen (outcome) >= 8 && outcome[2] == '/' && outcome[5] == '/')
    fake_reply_sense (reply, (guint8) read_byte (outcome), (guint8) read_byte (outcome + 3),
                      (guint8) read_byte (outcome + 6));
  else if (g_str_has_prefix (outcome, "no answer"))
    *reply = (OflReply){ .outcome = OFL_OUTCOME_TIMEOUT };
  else
    *reply = (OflReply){ .outcome = OFL_OUTCOME_HOST };
}

static void
answer_command (guint index, const OflCommand *command, guint8 *data, OflReply *reply,
                gpointer user_data)
{
  const Answer *answer = find (user_data, command->cdb);

  if (command->cdb[0] == 0x00)
    fake_reply_sense (reply, OFL_KEY_NOT_READY, 0x3a, 0x00);
  else if (answer == NULL)
    fake_reply_sense (reply, OFL_KEY_ILLEGAL_REQUEST, 0x20, 0x00);
  else if (!g_str_equal (answer->outcome, OUTCOME_OK))
    answer_badly (answer->outcome, reply);
  else
    {
      reply->transferred = MIN (command->length, answer->data->len);
      if (reply->transferred > 0)
        memcpy (data, answer->data->data, reply->transferred);
    }
}

OflTransport *
replies_transport (Replies *self)
{
  return OFL_TRANSPORT (fake_transport_new (answer_command, self));
}
