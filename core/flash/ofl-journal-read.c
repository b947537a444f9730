/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading journals. A journal is judged line by line: what a crash has left of one line says nothing
 * about the others. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flash/ofl-journal-private.h"
#include "flash/ofl-journal.h"
#include "flash/ofl-one-object.h"

/* A journal of a full write is below 1 MiB. Of a longer file the beginning and the end count: who
 * the job was for stands there, and how far it came. */
#define MOST_HEAD (4 * 1024 * 1024)
#define MOST_TAIL (1024 * 1024)
#define LONGEST_LINE (64 * 1024)
#define MOST_BRACKETS 64 /* our records have one, and what stands in texts */

/* A record's text; NULL when it has none of this name. */
const char *
ofl_journal_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonObject *
parse_line (const char *line, gsize length)
{
  g_autoptr (JsonObject) object = NULL;

  if (length <= LONGEST_LINE)
    object = ofl_parse_one_object (line, length, MOST_BRACKETS);
  if (object == NULL || ofl_journal_string (object, "event") == NULL)
    return NULL;
  return g_steal_pointer (&object);
}

/* Tells @func of each line that is not empty, as far as it wants to go on: of a record, which has an
 * event; of NULL for a line that cannot be read. */
void
ofl_journal_foreach (const GByteArray *content, OflJournalLineFunc func, gpointer data)
{
  const char *at = (const char *) content->data;
  const char *end;
  gboolean more = TRUE;

  if (at == NULL) /* an empty file */
    return;
  end = at + content->len;
  while (at < end && more)
    {
      const char *newline = memchr (at, '\n', (gsize) (end - at));
      const char *stop = newline != NULL ? newline : end;
      JsonObject *object = stop > at ? parse_line (at, (gsize) (stop - at)) : NULL;

      if (stop > at)
        more = func (object, data);
      if (object != NULL)
        json_object_unref (object);
      at = stop + 1;
    }
}

static void
append_part (GByteArray *content, int fd, off_t from, gsize length)
{
  guint at = content->len;

  g_byte_array_set_size (content, at + (guint) length);
  while (length > 0)
    {
      gssize n = pread (fd, content->data + at, length, from);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      at += (guint) n;
      from += n;
      length -= (gsize) n;
    }
  g_byte_array_set_size (content, at);
}

/* A journal's text; NULL when it is none. @running: (out): its job runs, and holds a lock on it. */
GByteArray *
ofl_journal_load (const char *path, gboolean *running)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  GByteArray *content = NULL;
  struct stat st;

  *running = FALSE;
  if (fd < 0)
    return NULL;
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    {
      *running = flock (fd, LOCK_SH | LOCK_NB) != 0;
      content = g_byte_array_new ();
      append_part (content, fd, 0, (gsize) MIN (st.st_size, MOST_HEAD));
      if (st.st_size > MOST_HEAD)
        {
          off_t from = MAX (st.st_size - MOST_TAIL, (off_t) MOST_HEAD);

          g_byte_array_append (content, (const guint8 *) "\n", 1);
          append_part (content, fd, from, (gsize) (st.st_size - from));
        }
    }
  close (fd);
  return content;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* The journals there are, by their names, so the oldest first. */
GPtrArray *
ofl_journal_list (const char *state_dir)
{
  g_autofree char *dir = ofl_journal_dir (state_dir);
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    if (g_str_has_suffix (name, ".jsonl"))
      g_ptr_array_add (paths, g_build_filename (dir, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/**
 * ofl_journal_kind_writes:
 * @kind: (nullable): the kind of a job, as the record "job" has it
 *
 * Returns: whether such a job is there to change what the drive holds
 */
gboolean
ofl_journal_kind_writes (const char *kind)
{
  return g_strcmp0 (kind, "flash") == 0 || g_strcmp0 (kind, "updater") == 0;
}
