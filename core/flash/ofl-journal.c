/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flash/ofl-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

struct _OflJournal {
  char *path;
  int fd;
  gboolean broken; /* a write failed: the disk is full or gone */
};

/**
 * ofl_journal_default_dir:
 *
 * Returns: (transfer full): the user's folder for journals
 */
char *
ofl_journal_default_dir (void)
{
  return g_build_filename (g_get_user_state_dir (), "optiflash", "journal", NULL);
}

static void
sync_folder (const char *dir)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/**
 * ofl_journal_open:
 * @state_dir: (nullable): folder for journals; the user's own when %NULL
 * @error: return location
 *
 * Starts a new journal file and locks it, so that others can tell a running job's journal from
 * that of a crashed one.
 *
 * Returns: (transfer full): the journal, or %NULL when the folder cannot be written
 */
OflJournal *
ofl_journal_open (const char *state_dir, GError **error)
{
  g_autofree char *dir
      = state_dir != NULL ? g_build_filename (state_dir, "journal", NULL) : ofl_journal_default_dir ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");
  g_autofree char *path = NULL;
  OflJournal *self;
  int fd = -1;

  g_mkdir_with_parents (dir, 0700);
  for (guint n = 0; fd < 0 && n < 1000; n++)
    {
      g_free (path);
      path = g_strdup_printf ("%s/%s-%d-%u.jsonl", dir, stamp, (int) getpid (), n);
      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  if (fd < 0)
    {
      g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
                   "The journal cannot be written to %s: %s. Nothing is written to a drive without "
                   "a journal. Make room there or mend the folder's permissions.",
                   dir, g_strerror (errno));
      return NULL;
    }
  flock (fd, LOCK_EX | LOCK_NB);
  sync_folder (dir);
  self = g_new0 (OflJournal, 1);
  self->fd = fd;
  self->path = g_steal_pointer (&path);
  return self;
}

/**
 * ofl_journal_close:
 * @self: (transfer full): a journal
 */
void
ofl_journal_close (OflJournal *self)
{
  close (self->fd);
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

static void
write_line (OflJournal *self, const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  gsize left = strlen (line);
  const char *p = line;

  while (left > 0)
    {
      gssize n = write (self->fd, p, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          self->broken = TRUE;
          return;
        }
      p += n;
      left -= (gsize) n;
    }
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
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  const char *name;
  va_list args;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  json_builder_set_member_name (builder, "at");
  json_builder_add_string_value (builder, time);
  va_start (args, event);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      const char *value = va_arg (args, const char *);
      g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

      if (value == NULL)
        continue;
      json_builder_set_member_name (builder, name);
      json_builder_add_string_value (builder, valid);
    }
  va_end (args);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  write_line (self, text);
}

/**
 * ofl_journal_command:
 * @self: a journal
 * @step: number of the plan's step, from 1
 * @time_us: the drive's clock when it was sent
 * @command: the command
 * @reply: its answer
 *
 * Appends a command with its time, status and sense.
 */
void
ofl_journal_command (OflJournal *self,
                     guint step,
                     gint64 time_us,
                     const OflCommand *command,
                     const OflReply *reply)
{
  g_autofree char *cdb = ofl_command_format (command);
  g_autofree char *answer = ofl_reply_format (reply);
  g_autofree char *escaped = g_strescape (answer, NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"event\":\"command\",\"step\":%u,\"us\":%" G_GINT64_FORMAT ",\"took_us\":%" G_GINT64_FORMAT
      ",\"cdb\":\"%s\",\"moved\":%u,\"residual\":%u,\"answer\":\"%s\"}",
      step, time_us, reply->duration_us, cdb, reply->transferred, reply->residual, escaped);

  write_line (self, text);
}

/**
 * ofl_journal_sync:
 * @self: a journal
 * @error: return location
 *
 * Returns: whether all that was written so far is on the disk
 */
gboolean
ofl_journal_sync (OflJournal *self, GError **error)
{
  if (!self->broken && fsync (self->fd) == 0)
    return TRUE;
  g_set_error (error, OFL_ERROR, OFL_ERROR_FAILED,
               "The journal %s cannot be saved: %s. Nothing is written to a drive without a "
               "journal. Make room on that disk and try again.",
               self->path, self->broken ? "a write to it failed" : g_strerror (errno));
  return FALSE;
}
