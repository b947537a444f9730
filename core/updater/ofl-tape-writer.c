/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tape as it is recorded. Each line goes out in one call, and what a full disk has left of one is cut
 * off again; after the first line that could not be written there is no other, for a tape with a hole
 * would be taken for the conversation. That goes on: a drive is more than its tape. */
#include "updater/ofl-tape-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/ofl-hashes.h"
#include "flash/ofl-folder.h"
#include "flash/ofl-mask.h"
#include "ofl-config.h"
#include "scsi/ofl-error.h"
#include "updater/ofl-tape-privacy.h"
#include "updater/ofl-tape-private.h"

#define SENSE_HEADER 8

struct _OflTapeWriter {
  char *path;
  int fd;
  gsize length; /* of the whole lines */
  int broken;   /* the system's error number of the first line that could not be written */
  gboolean ended;
  gboolean whole;
  GPtrArray *secrets;
  guint n;
  guint64 lengths; /* of all data phases */
  gint64 began_us; /* the drive's clock at the first command */
};

static void
set_broken (OflTapeWriter *self, int code)
{
  if (self->broken != 0)
    return;
  self->broken = code != 0 ? code : EIO;
  if (ftruncate (self->fd, (off_t) self->length) != 0)
    g_info ("the end of %s is cut off: %s", self->path, ofl_errno_text (errno));
}

static gboolean
write_all (OflTapeWriter *self, const char *text, gsize left)
{
  while (left > 0)
    {
      gssize n = write (self->fd, text, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          set_broken (self, n < 0 ? errno : ENOSPC);
          return FALSE;
        }
      text += n;
      left -= (gsize) n;
    }
  return TRUE;
}

/* Ends @builder, whose only object is a line. */
static void
write_line (OflTapeWriter *self, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  gsize n;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  line = g_strconcat (text, "\n", NULL);
  n = strlen (line);
  if (self->broken == 0 && self->length + n > OFL_TAPE_MOST_BYTES)
    set_broken (self, EFBIG);
  if (self->broken == 0 && write_all (self, line, n))
    self->length += n;
}

static void
add_bytes (JsonBuilder *builder, const char *name, const guint8 *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02x", i > 0 ? " " : "", bytes[i]);
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text->str);
  g_string_free (text, TRUE);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* A text of the header, in which a maker, or who named the file, may have put the serial. */
static void
add_masked (OflTapeWriter *self, JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value != NULL ? value : "", -1);

  ofl_mask_apply (self->secrets, (guint8 *) valid, strlen (valid));
  add_string (builder, name, valid);
}

static char *
now_text (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

static void
write_header (OflTapeWriter *self, const OflTapeHeader *header)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *now = now_text ();

  json_builder_begin_object (builder);
  add_string (builder, "format", OFL_TAPE_FORMAT);
  add_int (builder, "version", OFL_TAPE_VERSION);
  add_string (builder, "program",
              header->program != NULL ? header->program : "Optiflash " OFL_VERSION);
  add_string (builder, "began", header->began != NULL ? header->began : now);
  add_string (builder, "data", header->whole ? "whole" : "hash");
  json_builder_set_member_name (builder, "drive");
  json_builder_begin_object (builder);
  add_masked (self, builder, "vendor", header->vendor);
  add_masked (self, builder, "product", header->product);
  add_masked (self, builder, "revision", header->revision);
  add_masked (self, builder, "link", header->link);
  add_masked (self, builder, "serial", header->serial);
  json_builder_end_object (builder);
  if (header->file_name != NULL && *header->file_name != '\0')
    {
      g_autofree char *name = g_path_get_basename (header->file_name);

      json_builder_set_member_name (builder, "file");
      json_builder_begin_object (builder);
      add_masked (self, builder, "name", name);
      add_int (builder, "length", header->file_length);
      add_string (builder, "sha256", header->file_sha256);
      json_builder_end_object (builder);
    }
  write_line (self, builder);
}

static gboolean
check_broken (OflTapeWriter *self, GError **error)
{
  if (self->broken == 0 && fsync (self->fd) != 0)
    set_broken (self, errno);
  if (self->broken == 0)
    return TRUE;
  /* Translators: a file, and why */
  ofl_set_error (error, OFL_ERROR_STORAGE, _ ("The tape %s cannot be written: %s."), self->path,
                 ofl_errno_words (self->broken));
  return FALSE;
}

static OflTapeWriter *
begin (const char *path, int fd, int code, const OflTapeHeader *header)
{
  OflTapeWriter *self = g_atomic_rc_box_new0 (OflTapeWriter);

  self->path = g_strdup (path);
  self->whole = header->whole;
  self->secrets = ofl_mask_new ();
  if (header->serial != NULL)
    ofl_tape_add_serial (self->secrets, header->serial);
  self->fd = fd;
  if (fd < 0)
    self->broken = code;
  else
    write_header (self, header);
  return self;
}

/* Whoever handed it over may have meant any file: what stands in one is not cut off. */
static gboolean
is_fit (int fd)
{
  struct stat st;

  return fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && st.st_size == 0;
}

/**
 * ofl_tape_writer_new_open:
 * @path: its name, for messages
 * @fd: (transfer full): a new file, empty and open to append: of whoever may not make it itself
 * @header: as for ofl_tape_writer_new()
 * @error: return location
 *
 * Begins a tape. Its first line is on the disk when this returns.
 *
 * Returns: (transfer full): the writer; %NULL with %OFL_ERROR_STORAGE
 */
OflTapeWriter *
ofl_tape_writer_new_open (const char *path, int fd, const OflTapeHeader *header, GError **error)
{
  gboolean fit = is_fit (fd);
  OflTapeWriter *self;

  if (!fit)
    close (fd);
  self = begin (path, fit ? fd : -1, EINVAL, header);

  if (!check_broken (self, error))
    g_clear_pointer (&self, ofl_tape_writer_unref);
  return self;
}

/**
 * ofl_tape_writer_new:
 * @path: the file to make; nothing may be there
 * @header: who talks to whom; its serial is masked with every other place where it stands. Without
 *   @program and @began they are this program and now; @file_name may have its folder, and needs the hash
 * @error: return location
 *
 * Begins a tape. Its first line is on the disk when this returns.
 *
 * Returns: (transfer full): the writer; %NULL with %OFL_ERROR_STORAGE
 */
OflTapeWriter *
ofl_tape_writer_new (const char *path, const OflTapeHeader *header, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  OflTapeWriter *self;
  int fd;

  g_return_val_if_fail (header->file_name == NULL || header->file_sha256 != NULL, NULL);
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  self = begin (path, fd, errno, header);
  if (!check_broken (self, error))
    {
      if (self->fd >= 0)
        unlink (path);
      g_clear_pointer (&self, ofl_tape_writer_unref);
      return NULL;
    }
  ofl_folder_sync (folder);
  return self;
}

/**
 * ofl_tape_writer_ref:
 * @self: a writer
 *
 * Returns: (transfer full): @self
 */
OflTapeWriter *
ofl_tape_writer_ref (OflTapeWriter *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
writer_clear (gpointer data)
{
  OflTapeWriter *self = data;

  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->secrets);
  g_free (self->path);
}

/**
 * ofl_tape_writer_unref:
 * @self: (transfer full): a writer; without ofl_tape_writer_end() the tape is one that broke off
 */
void
ofl_tape_writer_unref (OflTapeWriter *self)
{
  g_atomic_rc_box_release_full (self, writer_clear);
}

/* The codes, up to its length, are the standard's; behind them a maker may put anything. The codes on the
 * tape are those of the bytes on the tape. */
static void
add_sense (OflTapeWriter *self, JsonBuilder *builder, const OflSense *sense)
{
  guint8 raw[OFL_SENSE_MAX];
  OflSense masked = { 0 };

  if (sense->raw_len == 0)
    return;
  memcpy (raw, sense->raw, sense->raw_len);
  if (sense->raw_len > SENSE_HEADER)
    ofl_mask_apply (self->secrets, raw + SENSE_HEADER, sense->raw_len - SENSE_HEADER);
  ofl_sense_parse (&masked, raw, sense->raw_len);
  json_builder_set_member_name (builder, "sense");
  json_builder_begin_object (builder);
  add_int (builder, "key", masked.key);
  add_int (builder, "asc", masked.asc);
  add_int (builder, "ascq", masked.ascq);
  add_bytes (builder, "raw", raw, sense->raw_len);
  json_builder_end_object (builder);
}

/* Hash and bytes are those after masking: the hash of a few bytes can be guessed. */
static void
add_data (OflTapeWriter *self, JsonBuilder *builder, const OflCommand *command, const guint8 *data,
          gsize length)
{
  g_autofree guint8 *masked = g_memdup2 (data, length);
  char sha256[OFL_TAPE_SHA256_LEN + 1];

  ofl_mask_apply (self->secrets, masked, length);
  ofl_sha256_compute (masked, length, sha256);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  add_int (builder, "length", (gint64) length);
  add_string (builder, "sha256", sha256);
  if ((self->whole && length <= OFL_TAPE_MOST_WHOLE)
      || ofl_tape_may_keep (self->secrets, command, masked, length))
    {
      g_autofree char *base64 = g_base64_encode (masked, length);

      add_string (builder, "base64", base64);
    }
  if (memcmp (data, masked, length) != 0)
    {
      json_builder_set_member_name (builder, "masked");
      json_builder_add_boolean_value (builder, TRUE);
    }
  json_builder_end_object (builder);
}

static void
add_reply (OflTapeWriter *self, JsonBuilder *builder, const OflReply *reply)
{
  add_string (builder, "outcome", ofl_tape_outcome_id (reply->outcome));
  add_int (builder, "status", reply->status);
  add_int (builder, "host", reply->host_status);
  add_int (builder, "driver", reply->driver_status);
  if (reply->os_error > 0)
    add_int (builder, "errno", reply->os_error);
  add_sense (self, builder, &reply->sense);
}

/* What a transport would send; no other command ever reaches a drive. */
static gboolean
is_sendable (const OflCommand *command, const guint8 *data)
{
  return command->cdb_len >= OFL_TAPE_LEAST_CDB && command->cdb_len <= OFL_CDB_MAX
         && (command->length == 0 || (data != NULL && command->dir != OFL_DIR_NONE));
}

/**
 * ofl_tape_writer_add:
 * @self: a writer whose tape has not ended
 * @sent_us: the drive's clock when it was sent, as ofl_transport_now_us()
 * @command: the command
 * @data: (array) (nullable): its data phase: what was handed over, or what came
 * @reply: its answer
 *
 * Appends a command; one that no transport would send is left out. What cannot be written, or is more than
 * a tape can have, ends the tape (ofl_tape_writer_get_broken()), not the conversation. It is on the disk
 * only after ofl_tape_writer_sync(); a process that is killed loses at most this line.
 */
void
ofl_tape_writer_add (OflTapeWriter *self, gint64 sent_us, const OflCommand *command,
                     const guint8 *data, const OflReply *reply)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint32 moved = MIN (reply->transferred, command->length);
  gsize length = command->dir == OFL_DIR_OUT ? command->length : moved;

  g_return_if_fail (!self->ended);
  if (self->broken != 0 || !is_sendable (command, data))
    return;
  self->lengths += command->length;
  if (command->length > OFL_TAPE_MOST_LENGTH || self->lengths > OFL_TAPE_MOST_LENGTHS)
    {
      set_broken (self, EFBIG);
      return;
    }
  if (self->n++ == 0)
    self->began_us = sent_us;
  if (length > 0)
    ofl_tape_learn_serials (self->secrets, command, data, length);
  json_builder_begin_object (builder);
  add_int (builder, "n", self->n);
  add_int (builder, "at_ms", MAX (sent_us - self->began_us, 0) / 1000);
  add_int (builder, "took_us", CLAMP (reply->duration_us, 0, OFL_TAPE_MOST_US));
  add_bytes (builder, "cdb", command->cdb, command->cdb_len);
  add_string (builder, "direction", ofl_tape_direction_id (command->dir));
  add_int (builder, "length", command->length);
  add_int (builder, "moved", moved);
  add_int (builder, "timeout_ms", command->timeout_ms);
  add_reply (self, builder, reply);
  if (length > 0)
    add_data (self, builder, command, data, length);
  write_line (self, builder);
}

/**
 * ofl_tape_writer_get_broken:
 * @self: a writer
 *
 * Returns: 0 as long as every line could be written; otherwise the system's error number
 */
int
ofl_tape_writer_get_broken (const OflTapeWriter *self)
{
  return self->broken;
}

/**
 * ofl_tape_writer_sync:
 * @self: a writer
 * @error: return location
 *
 * Returns: whether all that was added is on the disk; otherwise %FALSE with %OFL_ERROR_STORAGE
 */
gboolean
ofl_tape_writer_sync (OflTapeWriter *self, GError **error)
{
  return check_broken (self, error);
}

/**
 * ofl_tape_writer_end:
 * @self: a writer whose tape has not ended
 * @end: how the conversation ended
 * @error: return location
 *
 * Writes the last line and syncs the tape; nothing can be added any more. A tape that lacks a line gets
 * no end: it is one that broke off.
 *
 * Returns: whether the whole tape is on the disk; otherwise %FALSE with %OFL_ERROR_STORAGE
 */
gboolean
ofl_tape_writer_end (OflTapeWriter *self, OflTapeEnd end, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *now = now_text ();

  g_return_val_if_fail (!self->ended && ofl_tape_end_of (ofl_tape_end_id (end)) >= 0, FALSE);
  self->ended = TRUE;
  json_builder_begin_object (builder);
  add_string (builder, "end", ofl_tape_end_id (end));
  add_int (builder, "commands", self->n);
  add_string (builder, "at", now);
  write_line (self, builder);
  return check_broken (self, error);
}
