/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a tape, in short, and what nobody has a name for. */
#include "updater/ofl-tape-shapes.h"

/* Where the second byte has more values than this it is no part of what is asked for. */
#define MOST_SUBCODES 8
#define N_KINDS 0x30000u /* three directions, two bytes */

static void
grow_group (OflTapeGroup *group, const OflTapeEntry *entry, guint index)
{
  group->last = index;
  group->commands++;
  group->bytes += entry->reply.transferred;
  group->failed += !ofl_reply_ok (&entry->reply);
}

/* Commands that are alike have the same. */
static guint
kind_of (const OflCommand *command)
{
  return (guint) command->dir << 16 | (guint) command->cdb[0] << 8 | command->cdb[1];
}

/* For each command the next one that is alike; their number where there is none. */
static guint *
find_alike (const OflTape *tape)
{
  guint n = ofl_tape_get_n_entries (tape);
  g_autofree guint *seen = g_new (guint, N_KINDS);
  guint *alike = g_new (guint, (gsize) n + 1);

  for (guint i = 0; i < N_KINDS; i++)
    seen[i] = n;
  for (guint i = n; i > 0; i--)
    {
      guint kind = kind_of (&ofl_tape_get_entry (tape, i - 1)->command);

      alike[i - 1] = seen[kind];
      seen[kind] = i - 1;
    }
  return alike;
}

/* For each command the first from there on that is no poll; their number where there is none. */
static guint *
find_no_polls (const OflTape *tape)
{
  guint n = ofl_tape_get_n_entries (tape);
  guint *others = g_new (guint, (gsize) n + 1);

  others[n] = n;
  for (guint i = n; i > 0; i--)
    others[i - 1] = ofl_tape_is_poll (&ofl_tape_get_entry (tape, i - 1)->command) ? others[i]
                                                                                  : i - 1;
  return others;
}

/**
 * ofl_tape_list_groups:
 * @self: a tape
 *
 * Polls in the midst of alike commands do not part them.
 *
 * Returns: (transfer full) (element-type OflTapeGroup): all its commands, in their order
 */
GArray *
ofl_tape_list_groups (const OflTape *self)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (OflTapeGroup));
  g_autofree guint *alike = find_alike (self);
  g_autofree guint *others = find_no_polls (self);
  guint n = ofl_tape_get_n_entries (self), at = 0;

  while (at < n)
    {
      OflTapeGroup group = { .first = at, .last = at };
      guint next = at;

      do
        {
          grow_group (&group, ofl_tape_get_entry (self, next), next);
          at = next + 1;
          next = alike[next];
        }
      while (next < n && others[at] >= next);
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

/* @places: (element-type guint guint): where the shape of each kind is, from 1 */
static OflTapeShape *
find_shape (GArray *shapes, GHashTable *places, const OflCommand *command, gboolean by_subcode)
{
  OflTapeShape shape = { .first = *command, .least = command->length, .most = command->length };
  guint kind = kind_of (command) & (by_subcode ? ~0u : ~0xffu);
  gpointer key = GUINT_TO_POINTER (kind | (guint) command->cdb_len << 24);
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, key));

  if (place == 0)
    {
      g_array_append_val (shapes, shape);
      place = shapes->len;
      g_hash_table_insert (places, key, GUINT_TO_POINTER (place));
    }
  return &g_array_index (shapes, OflTapeShape, place - 1);
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

      if (!ofl_tape_is_named (&entry->command))
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
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  GArray *shapes = g_array_new (FALSE, FALSE, sizeof (OflTapeShape));
  guint subcodes[256] = { 0 };

  count_subcodes (unknown, subcodes);
  for (guint i = 0; i < unknown->len; i++)
    {
      const OflTapeEntry *entry = g_ptr_array_index (unknown, i);
      gboolean by_subcode = subcodes[entry->command.cdb[0]] <= MOST_SUBCODES;

      grow_shape (find_shape (shapes, places, &entry->command, by_subcode), entry);
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
