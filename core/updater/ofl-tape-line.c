/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a tape. It was written by a stranger: every member is looked at before it is believed,
 * and hashes and sense codes must be those of the bytes beside them. What became of a command is believed:
 * of some ways to a drive no status tells it. */
#include <string.h>

#include "firmware/ofl-hashes.h"
#include "updater/ofl-tape-privacy.h"
#include "updater/ofl-tape-private.h"

#define MOST_NUMBER (G_GINT64_CONSTANT (1) << 53) /* what every reader of JSON can hold */
#define LONGEST_TEXT 1024

gboolean
ofl_tape_get_int (JsonObject *line, const char *name, gint64 least, gint64 most, gint64 *value)
{
  JsonNode *node = json_object_get_member (line, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return *value >= least && *value <= most;
}

/* NULL when it has none, or one that is too long to be shown */
const char *
ofl_tape_get_text (JsonObject *line, const char *name)
{
  JsonNode *node = json_object_get_member (line, name);
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (node);
  return strlen (text) <= LONGEST_TEXT ? text : NULL;
}

static gboolean
get_bool (JsonObject *line, const char *name)
{
  JsonNode *node = json_object_get_member (line, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static JsonObject *
get_object (JsonObject *line, const char *name)
{
  JsonNode *node = json_object_get_member (line, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* "12 00 ff": how many bytes it has; 0 when it is something else, or has more than there is room */
static guint
read_hex (const char *text, guint8 *bytes, guint most)
{
  gsize length = text != NULL ? strlen (text) : 0;
  guint n = (guint) (length + 1) / 3;

  if (length % 3 != 2 || n > most)
    return 0;
  for (guint i = 0; i < n; i++)
    {
      int high = g_ascii_xdigit_value (text[3 * i]), low = g_ascii_xdigit_value (text[3 * i + 1]);

      if (high < 0 || low < 0 || (i + 1 < n && text[3 * i + 2] != ' '))
        return 0;
      bytes[i] = (guint8) (high << 4 | low);
    }
  return n;
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == OFL_TAPE_SHA256_LEN
         && strspn (text, "0123456789abcdef") == OFL_TAPE_SHA256_LEN;
}

static const char *
take_text (JsonObject *from, const char *name, char **to)
{
  const char *text = ofl_tape_get_text (from, name);

  if (text == NULL)
    return name;
  *to = g_strdup (text);
  return NULL;
}

static const char *
take_drive (OflTapeHeader *header, JsonObject *line)
{
  JsonObject *drive = get_object (line, "drive");
  const struct {
    const char *name;
    char **to;
  } members[] = { { "vendor", &header->vendor },
                  { "product", &header->product },
                  { "revision", &header->revision },
                  { "link", &header->link },
                  { "serial", &header->serial } };

  if (drive == NULL)
    return "drive";
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (take_text (drive, members[i].name, members[i].to) != NULL)
      return members[i].name;
  return NULL;
}

/* A tape of a program without a file has none. */
static const char *
take_file (OflTapeHeader *header, JsonObject *line)
{
  JsonObject *file = get_object (line, "file");

  if (!json_object_has_member (line, "file"))
    {
      header->file_name = g_strdup ("");
      header->file_sha256 = g_strdup ("");
      return NULL;
    }
  if (file == NULL)
    return "file";
  if (take_text (file, "name", &header->file_name) != NULL)
    return "name";
  if (!ofl_tape_get_int (file, "length", 0, MOST_NUMBER, &header->file_length))
    return "length";
  if (!is_sha256 (ofl_tape_get_text (file, "sha256")))
    return "sha256";
  return take_text (file, "sha256", &header->file_sha256);
}

/* What it is and which version was looked at before. */
const char *
ofl_tape_take_header (OflTape *self, JsonObject *line)
{
  const char *data = ofl_tape_get_text (line, "data");
  const char *wrong = take_text (line, "program", &self->header.program);

  if (wrong == NULL)
    wrong = take_text (line, "began", &self->header.began);
  if (wrong == NULL && g_strcmp0 (data, "hash") != 0 && g_strcmp0 (data, "whole") != 0)
    wrong = "data";
  self->header.whole = g_strcmp0 (data, "whole") == 0;
  if (wrong == NULL)
    wrong = take_drive (&self->header, line);
  return wrong != NULL ? wrong : take_file (&self->header, line);
}

static const char *
take_command (OflTapeEntry *entry, JsonObject *line)
{
  OflCommand *command = &entry->command;
  int dir = ofl_tape_direction_of (ofl_tape_get_text (line, "direction"));
  gint64 length, timeout, moved;

  command->cdb_len = (guint8) read_hex (ofl_tape_get_text (line, "cdb"), command->cdb, OFL_CDB_MAX);
  if (command->cdb_len < OFL_TAPE_LEAST_CDB)
    return "cdb";
  if (dir < 0)
    return "direction";
  command->dir = (OflDirection) dir;
  if (!ofl_tape_get_int (line, "length", 0, dir == OFL_DIR_NONE ? 0 : OFL_TAPE_MOST_LENGTH,
                         &length))
    return "length";
  command->length = (guint32) length;
  if (!ofl_tape_get_int (line, "timeout_ms", 0, G_MAXUINT32, &timeout))
    return "timeout_ms";
  command->timeout_ms = (guint) timeout;
  if (!ofl_tape_get_int (line, "moved", 0, length, &moved))
    return "moved";
  entry->reply.transferred = (guint32) moved;
  entry->reply.residual = command->length - entry->reply.transferred;
  return NULL;
}

static const char *
take_sense (OflReply *reply, JsonObject *line)
{
  JsonObject *sense = get_object (line, "sense");
  guint8 raw[OFL_SENSE_MAX];
  gint64 key, asc, ascq;
  guint n;

  if (!json_object_has_member (line, "sense"))
    return reply->outcome == OFL_OUTCOME_SENSE ? "sense" : NULL;
  n = sense != NULL ? read_hex (ofl_tape_get_text (sense, "raw"), raw, sizeof raw) : 0;
  if (n == 0)
    return "raw";
  ofl_sense_parse (&reply->sense, raw, n);
  if (!ofl_tape_get_int (sense, "key", 0, 0x0f, &key) || key != reply->sense.key)
    return "key";
  if (!ofl_tape_get_int (sense, "asc", 0, 0xff, &asc) || asc != reply->sense.asc)
    return "asc";
  if (!ofl_tape_get_int (sense, "ascq", 0, 0xff, &ascq) || ascq != reply->sense.ascq)
    return "ascq";
  return reply->outcome == OFL_OUTCOME_SENSE && !reply->sense.valid ? "sense" : NULL;
}

static const char *
take_reply (OflReply *reply, JsonObject *line)
{
  int outcome = ofl_tape_outcome_of (ofl_tape_get_text (line, "outcome"));
  gint64 status, host, driver, took, code = 0;

  if (outcome < 0)
    return "outcome";
  reply->outcome = (OflOutcome) outcome;
  if (!ofl_tape_get_int (line, "status", 0, 0xff, &status))
    return "status";
  if (!ofl_tape_get_int (line, "host", 0, 0xffff, &host))
    return "host";
  if (!ofl_tape_get_int (line, "driver", 0, 0xffff, &driver))
    return "driver";
  if (!ofl_tape_get_int (line, "took_us", 0, OFL_TAPE_MOST_US, &took))
    return "took_us";
  if (json_object_has_member (line, "errno")
      && !ofl_tape_get_int (line, "errno", 1, G_MAXINT, &code))
    return "errno";
  reply->status = (guint8) status;
  reply->host_status = (guint16) host;
  reply->driver_status = (guint16) driver;
  reply->duration_us = took;
  reply->os_error = (int) code;
  return take_sense (reply, line);
}

static const char *
take_whole (const OflTape *self, OflTapeEntry *entry, JsonObject *data, gsize length)
{
  JsonNode *node = json_object_get_member (data, "base64");
  g_autofree guint8 *bytes = NULL;
  char sha256[OFL_TAPE_SHA256_LEN + 1];
  gsize n;

  if (node == NULL)
    return NULL;
  if (!self->header.whole && !ofl_tape_is_harmless (&entry->command, length))
    return "base64"; /* it says of itself that it holds no such data */
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return "base64";
  bytes = g_base64_decode (json_node_get_string (node), &n);
  if (n != length)
    return "base64";
  ofl_sha256_compute (bytes, n, sha256);
  if (strcmp (sha256, entry->sha256) != 0)
    return "base64";
  entry->data = g_bytes_new_take (g_steal_pointer (&bytes), n);
  return NULL;
}

static const char *
take_data (const OflTape *self, OflTapeEntry *entry, JsonObject *line)
{
  JsonObject *data = get_object (line, "data");
  gint64 want = entry->command.dir == OFL_DIR_OUT ? entry->command.length
                                                  : entry->reply.transferred;
  gint64 length;

  if (want == 0 || data == NULL)
    return want != 0 || json_object_has_member (line, "data") ? "data" : NULL;
  if (!ofl_tape_get_int (data, "length", want, want, &length))
    return "length";
  if (!is_sha256 (ofl_tape_get_text (data, "sha256")))
    return "sha256";
  g_strlcpy (entry->sha256, ofl_tape_get_text (data, "sha256"), sizeof entry->sha256);
  entry->masked = get_bool (data, "masked");
  return take_whole (self, entry, data, (gsize) length);
}

static const char *
take_end (OflTape *self, JsonObject *line)
{
  int end = ofl_tape_end_of (ofl_tape_get_text (line, "end"));
  gint64 n;

  if (end < 0 || self->ended_at != NULL)
    return "end";
  if (!ofl_tape_get_int (line, "commands", self->entries->len, self->entries->len, &n))
    return "commands";
  if (take_text (line, "at", &self->ended_at) != NULL)
    return "at";
  self->end = (OflTapeEnd) end;
  return NULL;
}

const char *
ofl_tape_take_line (OflTape *self, JsonObject *line)
{
  gint64 number = self->entries->len + 1;
  OflTapeEntry entry = { 0 };
  const char *wrong;

  if (json_object_has_member (line, "end"))
    return take_end (self, line);
  if (self->ended_at != NULL)
    return "n";
  if (!ofl_tape_get_int (line, "n", number, number, &number))
    return "n";
  if (!ofl_tape_get_int (line, "at_ms", 0, MOST_NUMBER, &entry.at_ms))
    return "at_ms";
  wrong = take_command (&entry, line);
  self->lengths += entry.command.length;
  if (wrong == NULL && self->lengths > OFL_TAPE_MOST_LENGTHS)
    wrong = "length";
  if (wrong == NULL)
    wrong = take_reply (&entry.reply, line);
  if (wrong == NULL)
    wrong = take_data (self, &entry, line);
  if (wrong == NULL)
    g_array_append_val (self->entries, entry);
  return wrong;
}
