/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drive answers some thousand commands a second, and a window shows few of them: a command's words are
 * made when its line is read. */
#include "flash/ofl-log-ring.h"

#include <string.h>

#include "flash/ofl-progress-private.h"

#define FIRST_ROOM 64

/* @text: the line; of a command its answer, NULL for "ok" */
typedef struct {
  guint64 seq;
  gint64 time_us;
  gint64 duration_us;
  OflLogLevel level;
  gboolean is_command;
  char *text;
  const OflFamily *family;
  OflCommand command;
} Entry;

struct _OflLogRing {
  Entry *entries;
  guint room; /* a power of two, OFL_LOG_KEPT in the end */
  guint length;
  guint64 last_seq;
};

/**
 * ofl_log_ring_new:
 *
 * Returns: (transfer full): a log without lines
 */
OflLogRing *
ofl_log_ring_new (void)
{
  OflLogRing *self = g_new0 (OflLogRing, 1);

  self->room = FIRST_ROOM;
  self->entries = g_new0 (Entry, self->room);
  return self;
}

/**
 * ofl_log_ring_free:
 * @self: (transfer full): a log
 */
void
ofl_log_ring_free (OflLogRing *self)
{
  for (guint i = 0; i < self->room; i++)
    g_free (self->entries[i].text);
  g_free (self->entries);
  g_free (self);
}

/* A line's number is its place: before the room has grown to its last size no line falls out, so none
 * that is there moves when it grows. */
static Entry *
entry_of (const OflLogRing *self, guint64 seq)
{
  return &self->entries[(seq - 1) % self->room];
}

static Entry *
next_entry (OflLogRing *self)
{
  Entry *entry;

  if (self->length == self->room && self->room < OFL_LOG_KEPT)
    {
      self->entries = g_renew (Entry, self->entries, self->room * 2);
      memset (self->entries + self->room, 0, self->room * sizeof *self->entries);
      self->room *= 2;
    }
  if (self->length < self->room)
    self->length++;
  entry = entry_of (self, ++self->last_seq);
  g_free (entry->text);
  entry->text = NULL;
  entry->seq = self->last_seq;
  return entry;
}

/**
 * ofl_log_ring_add_text:
 * @self: a log
 * @time_us: when, in microseconds since the job began
 * @level: how loud
 * @text: (transfer full): one line
 *
 * Of too many lines the oldest falls out.
 */
void
ofl_log_ring_add_text (OflLogRing *self, gint64 time_us, OflLogLevel level, char *text)
{
  Entry *entry = next_entry (self);

  entry->time_us = time_us;
  entry->level = level;
  entry->is_command = FALSE;
  entry->text = text;
}

/**
 * ofl_log_ring_add_command:
 * @self: a log
 * @time_us: when it was answered, in microseconds since the job began
 * @family: (nullable): of the drive: names its own commands
 * @command: a command
 * @reply: its answer
 */
void
ofl_log_ring_add_command (OflLogRing *self, gint64 time_us, const OflFamily *family,
                          const OflCommand *command, const OflReply *reply)
{
  Entry *entry = next_entry (self);

  entry->time_us = time_us;
  entry->level = OFL_LOG_COMMAND;
  entry->is_command = TRUE;
  entry->text = ofl_reply_ok (reply) ? NULL : ofl_reply_format (reply);
  entry->duration_us = reply->duration_us;
  entry->family = family;
  entry->command = *command;
}

static void
clear_entry (gpointer data)
{
  g_free (((Entry *) data)->text);
}

/**
 * ofl_log_ring_take:
 * @self: a log
 * @after_seq: number of the last line that the caller has; 0 for all that is kept
 * @max_lines: at most so many
 *
 * Costs little, for it is done while others wait; ofl_log_ring_to_lines() makes the words.
 *
 * Returns: (transfer full): lines in order
 */
GArray *
ofl_log_ring_take (const OflLogRing *self, guint64 after_seq, guint max_lines)
{
  guint64 oldest = self->last_seq - self->length + 1;
  guint64 first = after_seq >= self->last_seq ? self->last_seq + 1 : MAX (after_seq + 1, oldest);
  guint n = (guint) MIN (self->last_seq + 1 - first, max_lines);
  GArray *taken = g_array_sized_new (FALSE, FALSE, sizeof (Entry), n);

  g_array_set_clear_func (taken, clear_entry);
  for (guint i = 0; i < n; i++)
    {
      Entry copy = *entry_of (self, first + i);

      copy.text = g_strdup (copy.text);
      g_array_append_val (taken, copy);
    }
  return taken;
}

static char *
describe (const Entry *entry)
{
  static const OflReply good = { .outcome = OFL_OUTCOME_OK };
  g_autofree char *words = ofl_family_describe_command (entry->family, &entry->command);
  g_autofree char *answer = entry->text != NULL ? g_strdup (entry->text) : ofl_reply_format (&good);
  g_autofree char *cdb = ofl_command_format (&entry->command);

  return g_strdup_printf ("%s: %s, %.1f ms  [%s]", words, answer,
                          (double) entry->duration_us / 1000, cdb);
}

/**
 * ofl_log_ring_to_lines:
 * @taken: (transfer full): lines that ofl_log_ring_take() gave
 *
 * Returns: (transfer full) (element-type OflLogLine): the same in words
 */
GPtrArray *
ofl_log_ring_to_lines (GArray *taken)
{
  GPtrArray *lines = g_ptr_array_new_full (taken->len, (GDestroyNotify) ofl_log_line_free);

  for (guint i = 0; i < taken->len; i++)
    {
      const Entry *entry = &g_array_index (taken, Entry, i);
      g_autofree char *words = entry->is_command ? describe (entry) : g_strdup (entry->text);
      OflLogLine *line = g_new (OflLogLine, 1);

      line->seq = entry->seq;
      line->time_us = entry->time_us;
      line->level = entry->level;
      line->text = g_utf8_make_valid (words, -1);
      g_ptr_array_add (lines, line);
    }
  g_array_unref (taken);
  return lines;
}
