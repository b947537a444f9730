/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal as a running job writes it. Who reads it is in ofl-unfinished.c. */
#include "flash/ofl-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "flash/ofl-folder.h"
#include "flash/ofl-journal-private.h"
#include "scsi/ofl-error.h"

/* The journal of a full write is shorter. */
#define MOST_OF_A_WRITE (1024 * 1024)

/* Before a write begins, commands that change nothing may wait in memory for so long, and so many bytes
 * of them. */
#define WAIT_US (100 * 1000)
#define WAIT_BYTES 16384

struct _OflJournal {
  char *path;
  int fd;          /* appends */
  int reserved_fd; /* writes over the room that is reserved at the beginning */
  int broken;      /* errno of the first write that failed: the disk is full or gone */
  gboolean torn;   /* the last line has no end */
  GString *waiting; /* records that are not in the file yet */
  gint64 flushed_us;
  gboolean at_once; /* it was asked for the disk: a write begins, and nothing waits any more */
  OflJournalBrokenFunc broken_func;
  gpointer broken_data;
};

/**
 * ofl_journal_dir:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * Returns: (transfer full): the folder for journals, as an absolute path
 */
char *
ofl_journal_dir (const char *state_dir)
{
  g_autofree char *dir = state_dir != NULL ? g_build_filename (state_dir, "journal", NULL)
                                           : g_build_filename (g_get_user_state_dir (), "optiflash",
                                                               "journal", NULL);

  return g_canonicalize_filename (dir, NULL);
}

static void
set_broken (OflJournal *self, int code)
{
  if (self->broken != 0)
    return;
  self->broken = code != 0 ? code : EIO;
  if (self->broken_func != NULL)
    self->broken_func (self->broken, self->broken_data);
}

/* Puts into the file what waits. A record that was cut off must not swallow the next one: that begins a
 * line of its own. */
static gboolean
flush (OflJournal *self)
{
  const char *p;
  gsize left;
  int code = 0;

  if (self->torn && self->waiting->len > 0)
    g_string_prepend_c (self->waiting, '\n');
  p = self->waiting->str;
  left = self->waiting->len;
  while (left > 0 && code == 0)
    {
      gssize n = write (self->fd, p, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          code = n < 0 ? errno : ENOSPC;
          continue;
        }
      self->torn = p[n - 1] != '\n';
      p += n;
      left -= (gsize) n;
    }
  g_string_truncate (self->waiting, 0);
  self->flushed_us = g_get_monotonic_time ();
  if (code != 0)
    set_broken (self, code);
  return code == 0;
}

/* @text: a record, without the end of its line */
static gboolean
write_line (OflJournal *self, const char *text)
{
  g_string_append (self->waiting, text);
  g_string_append_c (self->waiting, '\n');
  return flush (self);
}

/* @what: (transfer full): what happened */
static OflJournal *
fail (OflJournal *self, OflSentence what, GError **error)
{
  ofl_error_take (error, OFL_ERROR_STORAGE, what);
  if (self != NULL)
    ofl_journal_close (self);
  return NULL;
}

static int
make_file (const char *dir, char **path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");
  int fd = -1;

  for (guint n = 0; fd < 0 && n < 1000; n++)
    {
      g_free (*path);
      *path = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s-%d-%u.jsonl", dir, stamp, (int) getpid (),
                               n);
      fd = open (*path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  return fd;
}

/**
 * ofl_journal_is_of_process:
 * @path: a journal's file
 * @pid: a process
 *
 * Returns: whether that process wrote it, by the name that it gave it
 */
gboolean
ofl_journal_is_of_process (const char *path, guint pid)
{
  g_autofree char *name = g_path_get_basename (path);
  g_auto (GStrv) parts = g_strsplit (name, "-", 3);
  guint64 writer;

  return g_strv_length (parts) == 3
         && g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT, &writer, NULL) && writer == pid;
}

static char *
say_unwritable (const GError *why)
{
  /* Translators: %s is a sentence that says why */
  return g_strdup_printf (_ ("The journal cannot be written: %s Nothing is written to a drive "
                             "without a journal."),
                          ofl_error_text (why));
}

/**
 * ofl_journal_check:
 * @state_dir: (nullable): folder for journals; the user's own when %NULL
 * @error: return location
 *
 * Whether ofl_journal_open() could begin one: its folder, or that in which it would be made, takes a
 * file and bytes in it. Leaves nothing behind.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE
 */
gboolean
ofl_journal_check (const char *state_dir, GError **error)
{
  g_autofree char *dir = ofl_journal_dir (state_dir);
  g_autofree char *at = ofl_folder_nearest (dir);
  g_autoptr (GError) local = NULL;

  if (ofl_folder_try (at, &local))
    return TRUE;
  ofl_error_take (error, OFL_ERROR_STORAGE, OFL_SENTENCE (say_unwritable (local)));
  return FALSE;
}

/**
 * ofl_journal_check_room:
 * @state_dir: (nullable): folder for journals; the user's own when %NULL
 * @taken: bytes of the disk that count as taken though they are free
 * @error: return location
 *
 * Whether there is room for the whole of one. A write whose journal finds none loses the rest of it,
 * and nothing else; before its point of no return it is given up.
 *
 * Returns: %FALSE with %OFL_ERROR_STORAGE
 */
gboolean
ofl_journal_check_room (const char *state_dir, guint64 taken, GError **error)
{
  g_autofree char *dir = ofl_journal_dir (state_dir);
  g_autofree char *at = ofl_folder_nearest (dir);

  return ofl_folder_probe (at, MOST_OF_A_WRITE + taken, error);
}

/**
 * ofl_journal_open:
 * @state_dir: (nullable): folder for journals; the user's own when %NULL
 * @error: return location
 *
 * Starts a new journal file and locks it, so that others can tell a running job's journal from
 * that of a crashed one. Its first line is room for the record of the end, so that a disk that
 * becomes full meanwhile cannot keep the end from being told.
 *
 * Returns: (transfer full): the journal, or %NULL with %OFL_ERROR_STORAGE
 */
OflJournal *
ofl_journal_open (const char *state_dir, GError **error)
{
  g_autofree char *dir = ofl_journal_dir (state_dir);
  g_autoptr (GError) local = NULL;
  OflJournal *self;
  int code;

  if (!ofl_folder_make (dir, &local))
    return fail (NULL, OFL_SENTENCE (say_unwritable (local)), error);
  self = g_new0 (OflJournal, 1);
  self->reserved_fd = -1;
  self->waiting = g_string_sized_new (WAIT_BYTES + 512);
  self->fd = make_file (dir, &self->path);
  if (self->fd >= 0)
    self->reserved_fd = open (self->path, O_WRONLY | O_CLOEXEC);
  if (self->reserved_fd < 0)
    {
      code = errno;
      return fail (self,
                   OFL_SAY (_ ("The journal cannot be written: a file in %s cannot be made: %s. "
                               "Nothing is written to a drive without a journal."),
                            dir, ofl_errno_words (code)),
                   error);
    }
  flock (self->fd, LOCK_EX | LOCK_NB);
  code = ofl_journal_write_reserved (self->reserved_fd, "reserved", NULL, NULL);
  if (code == 0 && fsync (self->fd) != 0)
    code = errno;
  if (code != 0)
    {
      unlink (self->path);
      return fail (self,
                   /* Translators: a file, and why */
                   OFL_SAY (_ ("The journal cannot be written: %s: %s. Nothing is written to a "
                               "drive without a journal."),
                            self->path, ofl_errno_words (code)),
                   error);
    }
  ofl_folder_sync (dir);
  return self;
}

/**
 * ofl_journal_close:
 * @self: (transfer full): a journal
 */
void
ofl_journal_close (OflJournal *self)
{
  flush (self);
  if (self->fd >= 0)
    close (self->fd);
  if (self->reserved_fd >= 0)
    close (self->reserved_fd);
  g_string_free (self->waiting, TRUE);
  g_free (self->path);
  g_free (self);
}

/**
 * ofl_journal_get_path:
 * @self: a journal
 *
 * Returns: its file
 */
const char *
ofl_journal_get_path (OflJournal *self)
{
  return self->path;
}

/**
 * ofl_journal_set_broken_func:
 * @self: a journal
 * @func: told once, when a record cannot be written for the first time
 * @data: for @func
 */
void
ofl_journal_set_broken_func (OflJournal *self, OflJournalBrokenFunc func, gpointer data)
{
  self->broken_func = func;
  self->broken_data = data;
}

/**
 * ofl_journal_get_broken:
 * @self: a journal
 *
 * Returns: 0 as long as every record could be written; otherwise the system's error number
 */
int
ofl_journal_get_broken (OflJournal *self)
{
  return self->broken;
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static char *
end_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/**
 * ofl_journal_time:
 * @when: a time of day, UTC
 *
 * Returns: (transfer full): it as ISO 8601 has it, always with its microseconds: where they are 0,
 *   g_date_time_format_iso8601() leaves them out, and a record would not fit the room that was
 *   measured for it
 */
char *
ofl_journal_time (GDateTime *when)
{
  return g_date_time_format (when, "%Y-%m-%dT%H:%M:%S.%fZ");
}

static char *
make_record (const char *event, va_list args)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = ofl_journal_time (now);
  const char *name;

  json_builder_begin_object (builder);
  add_string (builder, "event", event);
  add_string (builder, "at", time);
  while ((name = va_arg (args, const char *)) != NULL)
    add_string (builder, name, va_arg (args, const char *));
  return end_line (builder);
}

/**
 * ofl_journal_record:
 * @event: what happened
 * @...: pairs of name and value (strings, a %NULL value is left out), ended by %NULL
 *
 * Returns: (transfer full): a journal's line with the time of day, without its end
 */
char *
ofl_journal_record (const char *event, ...)
{
  va_list args;
  char *text;

  va_start (args, event);
  text = make_record (event, args);
  va_end (args);
  return text;
}

static char *
reserved_line (const char *event, const char *verdict, const char *why, const char *room)
{
  return ofl_journal_record (event, "verdict", verdict, "not_appended", why, "room", room, NULL);
}

/**
 * ofl_journal_write_reserved:
 * @fd: a journal's file, open for writing at any place
 * @event: what happened
 * @verdict: (nullable): how the job ended
 * @why: (nullable): why this record does not stand at the journal's end
 *
 * Writes the journal's first line, always of %OFL_JOURNAL_RESERVED bytes and a record like all
 * others: first to reserve the room, and later over itself, which needs no new room.
 *
 * Returns: 0, or the system's error number
 */
int
ofl_journal_write_reserved (int fd, const char *event, const char *verdict, const char *why)
{
  g_autofree char *bare = reserved_line (event, verdict, why, "");
  g_autofree char *line = NULL;
  gsize length = strlen (bare) + 1;
  g_autofree char *room = NULL;

  g_return_val_if_fail (length <= OFL_JOURNAL_RESERVED, EINVAL);
  room = g_strnfill (OFL_JOURNAL_RESERVED - length, ' ');
  g_free (bare);
  bare = reserved_line (event, verdict, why, room);
  line = g_strconcat (bare, "\n", NULL);
  length = strlen (line);
  errno = 0;
  if (length != OFL_JOURNAL_RESERVED || pwrite (fd, line, length, 0) != (gssize) length)
    return errno != 0 ? errno : ENOSPC;
  return 0;
}

/**
 * ofl_journal_write:
 * @self: a journal
 * @event: what happened
 * @...: pairs of name and value (strings, a %NULL value is left out), ended by %NULL
 *
 * Appends a record with the time of day. On the disk only after ofl_journal_sync().
 */
void
ofl_journal_write (OflJournal *self, const char *event, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, event);
  text = make_record (event, args);
  va_end (args);
  write_line (self, text);
}

/* With quotes, and whatever needs it escaped. */
static void
append_json_string (GString *line, const char *value)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
  g_autofree char *text = json_to_string (node, FALSE);

  g_string_append (line, text);
}

/* As json-glib would write it, which takes ten times as long. */
static void
append_command (GString *line, guint step, gint64 time_us, const OflCommand *command,
                const OflReply *reply)
{
  char cdb[OFL_COMMAND_TEXT_MAX];

  ofl_command_print (command, cdb);
  g_string_append_printf (line,
                          "{\"event\":\"command\",\"step\":%u,\"us\":%" G_GINT64_FORMAT
                          ",\"took_us\":%" G_GINT64_FORMAT
                          ",\"cdb\":\"%s\",\"moved\":%u,\"residual\":%u,\"answer\":",
                          step, time_us, reply->duration_us, cdb, reply->transferred,
                          reply->residual);
  if (ofl_reply_ok (reply))
    g_string_append (line, "\"ok\"");
  else
    {
      g_autofree char *answer = ofl_reply_format (reply);

      append_json_string (line, answer);
    }
  g_string_append (line, "}\n");
}

/**
 * ofl_journal_command:
 * @self: a journal
 * @step: number of the plan's step, from 1
 * @time_us: the drive's clock when it was sent
 * @command: the command
 * @reply: its answer
 *
 * Appends a command with its time, status and sense. Once ofl_journal_sync() was called it is in the file
 * when this returns. Before that the same is true, also of all before it, of one that changes something or
 * was not answered with "ok"; others get there at the latest with the first that comes 100 ms after
 * what was written last.
 */
void
ofl_journal_command (OflJournal *self, guint step, gint64 time_us, const OflCommand *command,
                     const OflReply *reply)
{
  append_command (self->waiting, step, time_us, command, reply);
  if (self->at_once || !ofl_reply_ok (reply) || !ofl_command_is_read_only (command)
      || self->waiting->len >= WAIT_BYTES || g_get_monotonic_time () - self->flushed_us >= WAIT_US)
    flush (self);
}

/**
 * ofl_journal_flush:
 * @self: a journal
 *
 * Before a pause: puts into the file what still waits for the next record.
 */
void
ofl_journal_flush (OflJournal *self)
{
  flush (self);
}

/**
 * ofl_journal_sync:
 * @self: a journal
 * @error: return location
 *
 * Returns: whether all that was written so far is on the disk; otherwise %FALSE with
 *   %OFL_ERROR_STORAGE
 */
gboolean
ofl_journal_sync (OflJournal *self, GError **error)
{
  self->at_once = TRUE;
  if (flush (self) && self->broken == 0 && fsync (self->fd) != 0)
    set_broken (self, errno);
  if (self->broken == 0)
    return TRUE;
  ofl_set_error (error, OFL_ERROR_STORAGE,
                 _ ("The journal %s cannot be saved: %s. Nothing is written to a drive without a "
                    "journal."),
                 self->path, ofl_errno_words (self->broken));
  return FALSE;
}

/**
 * ofl_journal_end:
 * @self: a journal
 * @verdict: how the job ended
 * @what: (nullable): in a sentence
 * @proof: (nullable): what was compared
 * @technical: (nullable): the command and sense behind it
 *
 * Writes the record of the end and syncs it. Where nothing can be appended any more it goes into
 * the room that was reserved for it, shorter.
 *
 * Returns: whether the end is on the disk
 */
gboolean
ofl_journal_end (OflJournal *self, const char *verdict, const char *what, const char *proof,
                 const char *technical)
{
  g_autofree char *text = ofl_journal_record ("end", "verdict", verdict, "what", what, "proof",
                                              proof, "technical", technical, NULL);

  if (write_line (self, text) && fsync (self->fd) == 0)
    return TRUE;
  return ofl_journal_write_reserved (self->reserved_fd, "end", verdict,
                                     ofl_errno_text (self->broken != 0 ? self->broken : errno))
             == 0
         && fsync (self->reserved_fd) == 0;
}
