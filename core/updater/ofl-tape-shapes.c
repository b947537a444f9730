/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a tape, in short, and what nobody has a name for. */
#include "updater/ofl-tape-shapes.h"

#include <string.h>

#include "families/ofl-families.h"

/* Where the second byte has more values than this it is no part of what is asked for. */
#define MOST_SUBCODES 8

/* The family whose table names it, and how; NULL when none does. */
static char *
describe_by_family (const OflCommand *command, const char **family_id)
{
  g_autofree char *plain = ofl_command_describe (command);

  for (guint i = 0; i < ofl_families_count (); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *words = ofl_family_describe_command (family, command);

      *family_id = ofl_family_id (family);
      if (strcmp (words, plain) != 0 || ofl_family_only_asks (family, command))
        return g_steal_pointer (&words);
    }
  return NULL;
}

/**
 * ofl_tape_describe_command:
 * @command: a command
 *
 * Returns: (transfer full): in words; of a maker's command as the first family calls it that has a name
 *   for it, with that family's id: "read memory (vendor command CCh), 8 bytes at 0h [nec]"
 */
char *
ofl_tape_describe_command (const OflCommand *command)
{
  const char *family_id = NULL;
  g_autofree char *words
      = ofl_command_is_named (command) ? NULL : describe_by_family (command, &family_id);

  if (words == NULL)
    return ofl_command_describe (command);
  return g_strdup_printf ("%s [%s]", words, family_id);
}

static gboolean
is_alike (const OflCommand *a, const OflCommand *b)
{
  return a->cdb[0] == b->cdb[0] && a->cdb[1] == b->cdb[1] && a->dir == b->dir;
}

static void
grow_group (OflTapeGroup *group, const OflTapeEntry *entry, guint index)
{
  group->last = index;
  group->commands++;
  group->bytes += entry->reply.transferred;
  group->failed += !ofl_reply_ok (&entry->reply);
}

/* Polls in the midst of alike commands do not part them. */
static gboolean
continues (const OflTape *tape, const OflTapeGroup *group, guint *index)
{
  const OflCommand *first = &ofl_tape_get_entry (tape, group->first)->command;

  for (guint i = *index; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflCommand *command = &ofl_tape_get_entry (tape, i)->command;

      if (is_alike (first, command))
        {
          *index = i;
          return TRUE;
        }
      if (!ofl_tape_is_poll (command))
        break;
    }
  return FALSE;
}

/**
 * ofl_tape_list_groups:
 * @self: a tape
 *
 * Returns: (transfer full) (element-type OflTapeGroup): all its commands, in their order
 */
GArray *
ofl_tape_list_groups (const OflTape *self)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (OflTapeGroup));
  guint at = 0;

  while (at < ofl_tape_get_n_entries (self))
    {
      OflTapeGroup group = { .first = at, .last = at };
      guint next = at;

      do
        {
          grow_group (&group, ofl_tape_get_entry (self, next), next);
          at = next + 1;
          next = at;
        }
      while (continues (self, &group, &next));
      group.polls = group.last - group.first + 1 - group.commands;
      g_array_append_val (groups, group);
    }
  return groups;
}

/* How many values the second byte of each opcode has among @unknown. */
static void
count_subcodes (GPtrArray *unknown, guint counts[256])
{
  g_autofree gboolean *seen = g_new0 (gboolean, 0x10000);

  for (guint i = 0; i < unknown->len; i++)
    {
      const guint8 *cdb = ((const OflTapeEntry *) g_ptr_array_index (unknown, i))->command.cdb;

      counts[cdb[0]] += !seen[cdb[0] << 8 | cdb[1]];
      seen[cdb[0] << 8 | cdb[1]] = TRUE;
    }
}

static gboolean
has_shape (const OflTapeShape *shape, const OflCommand *command, gboolean by_subcode)
{
  return shape->first.cdb[0] == command->cdb[0] && shape->first.cdb_len == command->cdb_len
         && shape->first.dir == command->dir
         && (!by_subcode || shape->first.cdb[1] == command->cdb[1]);
}

static OflTapeShape *
find_shape (GArray *shapes, const OflCommand *command, gboolean by_subcode)
{
  OflTapeShape shape = { .first = *command, .least = command->length, .most = command->length };

  for (guint i = 0; i < shapes->len; i++)
    if (has_shape (&g_array_index (shapes, OflTapeShape, i), command, by_subcode))
      return &g_array_index (shapes, OflTapeShape, i);
  g_array_append_val (shapes, shape);
  return &g_array_index (shapes, OflTapeShape, shapes->len - 1);
}

static void
grow_shape (OflTapeShape *shape, const OflTapeEntry *entry)
{
  const OflCommand *command = &entry->command;

  for (guint i = 0; i < command->cdb_len; i++)
    if (command->cdb[i] != shape->first.cdb[i])
      shape->varies |= 1u << i;
  shape->least = MIN (shape->least, command->length);
  shape->most = MAX (shape->most, command->length);
  shape->count++;
  shape->failed += !ofl_reply_ok (&entry->reply);
}

static GPtrArray *
find_unknown (const OflTape *tape)
{
  GPtrArray *unknown = g_ptr_array_new ();

  for (guint i = 0; i < ofl_tape_get_n_entries (tape); i++)
    {
      const OflTapeEntry *entry = ofl_tape_get_entry (tape, i);
      const char *family_id;
      g_autofree char *words = ofl_command_is_named (&entry->command)
                                   ? NULL
                                   : describe_by_family (&entry->command, &family_id);

      if (!ofl_command_is_named (&entry->command) && words == NULL)
        g_ptr_array_add (unknown, (gpointer) entry);
    }
  return unknown;
}

/**
 * ofl_tape_list_unknown:
 * @self: a tape
 *
 * The commands that neither a standard nor the table of a family has a name for. What they have in
 * common is a shape, one an opcode and value of the second byte; where that has many values, one an
 * opcode.
 *
 * Returns: (transfer full) (element-type OflTapeShape): their shapes, in the order in which they came
 */
GArray *
ofl_tape_list_unknown (const OflTape *self)
{
  g_autoptr (GPtrArray) unknown = find_unknown (self);
  GArray *shapes = g_array_new (FALSE, FALSE, sizeof (OflTapeShape));
  guint subcodes[256] = { 0 };

  count_subcodes (unknown, subcodes);
  for (guint i = 0; i < unknown->len; i++)
    {
      const OflTapeEntry *entry = g_ptr_array_index (unknown, i);
      gboolean by_subcode = subcodes[entry->command.cdb[0]] <= MOST_SUBCODES;

      grow_shape (find_shape (shapes, &entry->command, by_subcode), entry);
    }
  return shapes;
}

/**
 * ofl_tape_shape_format:
 * @shape: a shape
 *
 * Returns: (transfer full): its CDB, ".." for a byte that varies: "df 83 00 00 .. .. 00"
 */
char *
ofl_tape_shape_format (const OflTapeShape *shape)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < shape->first.cdb_len; i++)
    if ((shape->varies & 1u << i) != 0)
      g_string_append_printf (text, "%s..", i > 0 ? " " : "");
    else
      g_string_append_printf (text, "%s%02x", i > 0 ? " " : "", shape->first.cdb[i]);
  return g_string_free (text, FALSE);
}
