/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a tape. It comes from a stranger, so one line that is not as the format has it, and the whole
 * is refused: half a conversation would be taken for one. Only the last line may be cut off. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "flash/ofl-one-object.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-private.h"

#define LONGEST_LINE (2u * 1024 * 1024)
#define MOST_BRACKETS 64 /* our lines have three, and what stands in texts */
#define SLICE (256 * 1024)

/* @why: (transfer full) */
static gboolean
refuse (GError **error, OflSentence why)
{
  ofl_error_take (error, OFL_ERROR_BAD_FILE, why);
  return FALSE;
}

static void
entry_clear (gpointer data)
{
  g_clear_pointer (&((OflTapeEntry *) data)->data, g_bytes_unref);
}

static OflTape *
tape_new (void)
{
  OflTape *self = g_atomic_rc_box_new0 (OflTape);

  self->entries = g_array_new (FALSE, FALSE, sizeof (OflTapeEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->end = OFL_TAPE_BROKE_OFF;
  return self;
}

static gboolean
take_first (OflTape *self, JsonObject *object, GError **error)
{
  gint64 version;
  const char *wrong;

  if (object == NULL || g_strcmp0 (ofl_tape_get_text (object, "format"), OFL_TAPE_FORMAT) != 0)
    return refuse (error, OFL_SAY (_ ("This file is not a tape.")));
  if (!ofl_tape_get_int (object, "version", 1, G_MAXINT, &version))
    wrong = "version";
  else if (version != OFL_TAPE_VERSION)
    return refuse (error, OFL_SAY (_ ("The tape is of version %d of its format, and this program "
                                      "reads version %d. A newer Optiflash may read it."),
                                   (int) version, OFL_TAPE_VERSION));
  else
    wrong = ofl_tape_take_header (self, object);
  if (wrong == NULL)
    return TRUE;
  return refuse (error, OFL_SAY (_ ("Line %u of the tape cannot be read: “%s” is missing there, or "
                                    "is not what the format has."),
                                 1u, wrong));
}

static gboolean
take_line (OflTape *self, guint number, const char *line, gsize length, GError **error)
{
  JsonObject *object;
  const char *wrong;
  gboolean taken;

  if (length > LONGEST_LINE)
    return refuse (error, OFL_SAY (_ ("Line %u of the tape is longer than %u bytes."), number,
                                   LONGEST_LINE));
  object = ofl_parse_one_object (line, length, MOST_BRACKETS);
  if (number == 1)
    taken = take_first (self, object, error);
  else if (object == NULL)
    taken = refuse (error, OFL_SAY (_ ("Line %u of the tape cannot be read: it is not one JSON "
                                       "object in UTF-8."),
                                    number));
  else
    {
      wrong = ofl_tape_take_line (self, object);
      taken = wrong == NULL
              || refuse (error, OFL_SAY (_ ("Line %u of the tape cannot be read: “%s” is missing "
                                            "there, or is not what the format has."),
                                         number, wrong));
    }
  if (object != NULL)
    json_object_unref (object);
  return taken;
}

/* Behind the last end of a line: nothing, or what a kill or a loss of power left of a line. */
static gboolean
take_rest (OflTape *self, guint number, const char *rest, gsize length, GError **error)
{
  if (number == 1)
    return take_line (self, number, rest, length, error);
  self->torn = length > 0 && !take_line (self, number, rest, length, NULL);
  return TRUE;
}

/**
 * ofl_tape_parse:
 * @text: (array length=length): a tape
 * @length: its bytes
 * @error: return location
 *
 * Returns: (transfer full): the tape; %NULL with %OFL_ERROR_BAD_FILE, which names the line
 */
OflTape *
ofl_tape_parse (const char *text, gsize length, GError **error)
{
  OflTape *self = tape_new ();
  const char *at = text, *end = text + length;
  guint number = 1;
  gboolean fine = TRUE;

  for (; fine && at < end; number++)
    {
      const char *newline = memchr (at, '\n', (gsize) (end - at));

      if (newline == NULL)
        break;
      fine = take_line (self, number, at, (gsize) (newline - at), error);
      at = newline + 1;
    }
  if (fine)
    fine = take_rest (self, number, at, (gsize) (end - at), error);
  if (!fine)
    g_clear_pointer (&self, ofl_tape_unref);
  return self;
}

static GByteArray *
read_all (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  gsize n = SLICE;

  while (n == SLICE && content->len <= OFL_TAPE_MOST_BYTES)
    {
      guint at = content->len;

      g_byte_array_set_size (content, at + SLICE);
      if (!g_input_stream_read_all (stream, content->data + at, SLICE, &n, cancellable, error))
        return NULL;
      g_byte_array_set_size (content, at + (guint) n);
    }
  return g_steal_pointer (&content);
}

static gboolean
check_kind (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                                  G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("not a file"));
  return FALSE;
}

/**
 * ofl_tape_load:
 * @file: where it is
 * @cancellable: (nullable): ends the reading
 * @error: return location
 *
 * Reads a tape, of which nothing is believed. Blocks on the file.
 *
 * Returns: (transfer full): the tape; %NULL with %OFL_ERROR_BAD_FILE
 */
OflTape *
ofl_tape_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) content = NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *name = g_file_get_parse_name (file);

  if (check_kind (file, cancellable, &local))
    stream = g_file_read (file, cancellable, &local);
  if (stream != NULL)
    content = read_all (G_INPUT_STREAM (stream), cancellable, &local);
  if (content == NULL)
    {
      refuse (error, OFL_SAY (_ ("The file “%s” cannot be read: %s. Choose another file."), name,
                              local->message));
      return NULL;
    }
  if (content->len > OFL_TAPE_MOST_BYTES)
    {
      refuse (error, OFL_SAY (_ ("The file “%s” is larger than a tape can be."), name));
      return NULL;
    }
  return ofl_tape_parse ((const char *) content->data, content->len, error);
}

/**
 * ofl_tape_ref:
 * @self: a tape
 *
 * Returns: (transfer full): @self
 */
OflTape *
ofl_tape_ref (OflTape *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tape_clear (OflTape *self)
{
  OflTapeHeader *header = &self->header;

  g_free (header->program);
  g_free (header->began);
  g_free (header->vendor);
  g_free (header->product);
  g_free (header->revision);
  g_free (header->link);
  g_free (header->serial);
  g_free (header->file_name);
  g_free (header->file_sha256);
  g_free (self->ended_at);
  g_array_unref (self->entries);
}

/**
 * ofl_tape_unref:
 * @self: (transfer full): a tape
 */
void
ofl_tape_unref (OflTape *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) tape_clear);
}

/**
 * ofl_tape_get_header:
 * @self: a tape
 *
 * Returns: who talked to whom
 */
const OflTapeHeader *
ofl_tape_get_header (const OflTape *self)
{
  return &self->header;
}

/**
 * ofl_tape_get_n_entries:
 * @self: a tape
 *
 * Returns: how many commands it has
 */
guint
ofl_tape_get_n_entries (const OflTape *self)
{
  return self->entries->len;
}

/**
 * ofl_tape_get_entry:
 * @self: a tape
 * @index: which, from 0
 *
 * Returns: a command and its answer
 */
const OflTapeEntry *
ofl_tape_get_entry (const OflTape *self, guint index)
{
  g_return_val_if_fail (index < self->entries->len, NULL);
  return &g_array_index (self->entries, OflTapeEntry, index);
}

/**
 * ofl_tape_get_end:
 * @self: a tape
 *
 * Returns: how it ended
 */
OflTapeEnd
ofl_tape_get_end (const OflTape *self)
{
  return self->end;
}

/**
 * ofl_tape_get_ended_at:
 * @self: a tape
 *
 * Returns: when, ISO 8601; "" of a tape that broke off
 */
const char *
ofl_tape_get_ended_at (const OflTape *self)
{
  return self->ended_at != NULL ? self->ended_at : "";
}

/**
 * ofl_tape_is_torn:
 * @self: a tape
 *
 * Returns: whether a piece of a line stood behind the last whole one, which was left out
 */
gboolean
ofl_tape_is_torn (const OflTape *self)
{
  return self->torn;
}

/**
 * ofl_tape_find_missing:
 * @self: a tape
 * @dir: %OFL_DIR_IN or %OFL_DIR_OUT
 *
 * What was sent with a serial in it is not there, either: the asterisks in the serial's place were never
 * sent, and must not be.
 *
 * Returns: the first command of this direction whose data is not on the tape as it was, but for masked
 *   bytes that came, from 0; -1 when there is none
 */
int
ofl_tape_find_missing (const OflTape *self, OflDirection dir)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const OflTapeEntry *entry = &g_array_index (self->entries, OflTapeEntry, i);

      if (entry->command.dir == dir && *entry->sha256 != '\0'
          && (entry->data == NULL || (dir == OFL_DIR_OUT && entry->masked)))
        return (int) i;
    }
  return -1;
}
