/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals of jobs that never ended: what was going on, and how to continue. */
#include "flash/ofl-journal.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <sys/file.h>
#include <unistd.h>

#include "scsi/ofl-error.h"

/* A journal of a full write is below 200 KiB; more is not ours. */
#define MAX_JOURNAL (4 * 1024 * 1024)

/**
 * ofl_unfinished_free:
 * @self: (transfer full): an unfinished job
 */
void
ofl_unfinished_free (OflUnfinished *self)
{
  g_free (self->path);
  g_free (self->drive);
  g_free (self->drive_id);
  g_free (self->serial);
  g_free (self->image);
  g_free (self->image_sha256);
  g_free (self->backup_path);
  g_free (self->began);
  g_free (self);
}

/**
 * ofl_unfinished_describe:
 * @self: an unfinished job
 *
 * Returns: (transfer full): what was going on and what to do, in a few sentences
 */
char *
ofl_unfinished_describe (const OflUnfinished *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Writing %s to %s (%s) began at %s and never ended. ", self->image,
                          self->drive, self->drive_id, self->began);
  g_string_append (text, self->danger
                             ? "The writing had begun: the drive may need recovery. Connect it, look "
                               "at its state, and flash it again. "
                             : "The writing had not begun: the drive should still hold its old "
                               "firmware. ");
  if (*self->backup_path != '\0')
    g_string_append_printf (text, "Its backup is %s.", self->backup_path);
  return g_string_free (text, FALSE);
}

static void
take (char **field, JsonObject *object, const char *name)
{
  const char *value = json_object_get_string_member_with_default (object, name, NULL);

  if (value == NULL)
    return;
  g_free (*field);
  *field = g_strdup (value);
}

/* Reads one line; returns FALSE when the job has ended, which makes the rest irrelevant. */
static gboolean
read_line (OflUnfinished *job, const char *line, gboolean *is_write)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;
  const char *event;

  /* the last line may be torn by the crash: that is no reason to forget the job */
  if (!json_parser_load_from_data (parser, line, -1, NULL)
      || json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return TRUE;
  object = json_node_get_object (json_parser_get_root (parser));
  event = json_object_get_string_member_with_default (object, "event", "");
  if (g_str_equal (event, "end"))
    return FALSE;
  if (g_str_equal (event, "job"))
    {
      take (&job->drive, object, "drive");
      take (&job->drive_id, object, "drive_id");
      take (&job->serial, object, "serial");
      take (&job->image, object, "image");
      take (&job->image_sha256, object, "image_sha256");
      take (&job->began, object, "at");
    }
  if (g_str_equal (event, "backup"))
    take (&job->backup_path, object, "path");
  if (g_str_equal (event, "write-begins"))
    *is_write = TRUE;
  if (g_str_equal (event, "point-of-no-return"))
    job->danger = TRUE;
  if (g_str_equal (event, "safe-again"))
    job->danger = FALSE;
  return TRUE;
}

static gboolean
is_running (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean locked;

  if (fd < 0)
    return TRUE;
  locked = flock (fd, LOCK_SH | LOCK_NB) != 0;
  close (fd);
  return locked;
}

static OflUnfinished *
read_journal (const char *path)
{
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  OflUnfinished *job;
  gboolean is_write = FALSE;
  gsize length;

  if (is_running (path) || !g_file_get_contents (path, &content, &length, NULL)
      || length > MAX_JOURNAL || !g_utf8_validate (content, (gssize) length, NULL))
    return NULL;
  job = g_new0 (OflUnfinished, 1);
  job->path = g_strdup (path);
  job->drive = g_strdup ("a drive");
  job->drive_id = g_strdup ("");
  job->serial = g_strdup ("");
  job->image = g_strdup ("a firmware");
  job->image_sha256 = g_strdup ("");
  job->backup_path = g_strdup ("");
  job->began = g_strdup ("");
  lines = g_strsplit (content, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (job, lines[i], &is_write))
      {
        ofl_unfinished_free (job);
        return NULL;
      }
  if (is_write)
    return job;
  ofl_unfinished_free (job);
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * ofl_journal_find_unfinished:
 * @state_dir: (nullable): folder that holds "journal"; the user's own when %NULL
 *
 * Looks for writes that began and never ended, those of running processes left out.
 *
 * Returns: (transfer full) (element-type OflUnfinished): the oldest first
 */
GPtrArray *
ofl_journal_find_unfinished (const char *state_dir)
{
  g_autofree char *dir
      = state_dir != NULL ? g_build_filename (state_dir, "journal", NULL) : ofl_journal_default_dir ();
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) ofl_unfinished_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_suffix (name, ".jsonl"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (dir, g_ptr_array_index (names, i), NULL);
      OflUnfinished *job = read_journal (path);

      if (job != NULL)
        g_ptr_array_add (found, job);
    }
  return found;
}

/**
 * ofl_journal_dismiss:
 * @path: an unfinished job's journal
 * @error: return location
 *
 * Marks it as seen, by an end record; the file stays.
 *
 * Returns: whether that worked
 */
gboolean
ofl_journal_dismiss (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, error);
  static const char record[] = "\n{\"event\":\"end\",\"verdict\":\"dismissed\"}\n";

  return stream != NULL
         && g_output_stream_write_all (G_OUTPUT_STREAM (stream), record, sizeof record - 1, NULL,
                                       NULL, error);
}
