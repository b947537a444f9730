/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the families' tables call their makers' commands. A tape may have some hundred thousand commands: the
 * tables are read once. */
#include <string.h>

#include "families/ofl-families.h"
#include "updater/ofl-tape-shapes.h"

/* What a CDB has to be to be called so; as ofl_family_describe_command() and ofl_family_only_asks() */
typedef struct {
  const char *family_id;
  guint8 bits[OFL_CDB_MAX], known[OFL_CDB_MAX]; /* of each byte, and which of them are known */
  guint n;
  gboolean asks;   /* it is the whole CDB, and nothing is sent */
  char *name;      /* NULL: the table has none */
  guint at, width; /* of the address */
} Name;

/* For each opcode the names that it may have, of Name, in the families' order */
typedef struct {
  GPtrArray *of[256];
} Names;

/* "DF 89 .. 0.": FALSE when no CDB can be that */
static gboolean
read_pattern (const char *pattern, Name *name)
{
  g_auto (GStrv) words = g_strsplit (pattern, " ", -1);

  name->n = g_strv_length (words);
  if (name->n == 0 || name->n > OFL_CDB_MAX)
    return FALSE;
  for (guint i = 0; i < name->n; i++)
    {
      if (strlen (words[i]) != 2)
        return FALSE;
      for (guint digit = 0; digit < 2; digit++)
        {
          int value = g_ascii_xdigit_value (words[i][digit]);

          if (value < 0 && words[i][digit] != '.')
            return FALSE;
          name->bits[i] = (guint8) (name->bits[i] << 4 | MAX (value, 0));
          name->known[i] = (guint8) (name->known[i] << 4 | (value < 0 ? 0 : 0x0f));
        }
    }
  return TRUE;
}

/* @name: (transfer full) */
static void
add_name (Names *names, Name *name)
{
  for (guint opcode = 0; opcode < 256; opcode++)
    if ((opcode & name->known[0]) == name->bits[0])
      g_ptr_array_add (names->of[opcode], name);
}

/* The lines of a group of a table, each "KEY=PATTERN", in "commands" with ";NAME;AT;WIDTH" */
static void
read_group (Names *names, const OflFamily *family, const char *group, gboolean asks)
{
  GKeyFile *table = ofl_family_table (family);
  g_auto (GStrv) keys = g_key_file_get_keys (table, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      gsize n = 0;
      g_auto (GStrv) words = g_key_file_get_string_list (table, group, keys[i], &n, NULL);
      Name *name = g_new0 (Name, 1);

      name->family_id = ofl_family_id (family);
      name->asks = asks;
      if (n < (asks ? 1 : 2) || !read_pattern (words[0], name))
        {
          g_free (name);
          continue;
        }
      name->name = asks ? NULL : g_strdup (words[1]);
      name->at = n > 2 ? (guint) MIN (g_ascii_strtoull (words[2], NULL, 10), OFL_CDB_MAX) : 0;
      name->width = n > 3 ? (guint) MIN (g_ascii_strtoull (words[3], NULL, 10), OFL_CDB_MAX) : 0;
      add_name (names, name);
    }
}

static const Names *
get_names (void)
{
  static gsize all = 0;

  if (g_once_init_enter (&all))
    {
      Names *names = g_new0 (Names, 1);

      for (guint i = 0; i < G_N_ELEMENTS (names->of); i++)
        names->of[i] = g_ptr_array_new ();
      for (guint i = 0; i < ofl_families_count (); i++)
        {
          read_group (names, ofl_families_get (i), "commands", FALSE);
          read_group (names, ofl_families_get (i), "only-asks", TRUE);
        }
      g_once_init_leave (&all, (gsize) names);
    }
  return (const Names *) all;
}

static gboolean
is_called (const Name *name, const OflCommand *command)
{
  if (name->asks ? name->n != command->cdb_len || command->dir == OFL_DIR_OUT
                 : name->n > command->cdb_len)
    return FALSE;
  for (guint i = 0; i < name->n; i++)
    if ((command->cdb[i] & name->known[i]) != name->bits[i])
      return FALSE;
  return TRUE;
}

/* The first family whose table has it, and how; NULL when none does */
static const Name *
find_name (const OflCommand *command)
{
  const GPtrArray *names = get_names ()->of[command->cdb[0]];

  for (guint i = 0; i < names->len; i++)
    if (is_called (g_ptr_array_index (names, i), command))
      return g_ptr_array_index (names, i);
  return NULL;
}

/**
 * ofl_tape_is_named:
 * @command: a command
 *
 * Returns: whether a standard has a name for it, or the table of a family knows it
 */
gboolean
ofl_tape_is_named (const OflCommand *command)
{
  return ofl_command_is_named (command) || find_name (command) != NULL;
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
  const Name *name = ofl_command_is_named (command) ? NULL : find_name (command);
  g_autofree char *words = NULL;

  if (name == NULL)
    return ofl_command_describe (command);
  words = name->name != NULL ? ofl_command_describe_as (command, name->name, name->at, name->width)
                             : ofl_command_describe (command);
  return g_strdup_printf ("%s [%s]", words, name->family_id);
}
