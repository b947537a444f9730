/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a family's table says of its makers' own commands: which is which, and what it is called. */
#include "family/ofl-family-private.h"

#include <string.h>

static gboolean
matches_digit (char pattern, guint digit)
{
  return pattern == '.' || g_ascii_xdigit_value (pattern) == (int) digit;
}

/**
 * ofl_family_matches_cdb:
 * @pattern: bytes, hexadecimal with blanks: "DF 89 .. 0."; "." is any digit
 * @command: a command
 * @whole: whether @pattern has every byte of the CDB, not only those that it begins with
 *
 * Returns: whether the CDB is one of these
 */
gboolean
ofl_family_matches_cdb (const char *pattern, const OflCommand *command, gboolean whole)
{
  g_auto (GStrv) words = g_strsplit (pattern, " ", -1);
  guint n = g_strv_length (words);

  if (whole ? n != command->cdb_len : n == 0 || n > command->cdb_len)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strlen (words[i]) != 2 || !matches_digit (words[i][0], command->cdb[i] >> 4)
        || !matches_digit (words[i][1], command->cdb[i] & 0x0f))
      return FALSE;
  return TRUE;
}

/**
 * ofl_family_describe_command:
 * @self: (nullable): the family of the drive that it is sent to
 * @command: a command
 *
 * The group "commands" of the table names what no standard names, or what the standard's name would
 * be wrong for: "READ=CC .0;read memory;2;4" is what a CDB begins with, what its source calls it, and
 * where it has an address, in how many bytes.
 *
 * Returns: (transfer full): the command in words, for a log
 */
char *
ofl_family_describe_command (const OflFamily *self, const OflCommand *command)
{
  GKeyFile *table = self != NULL ? ofl_family_table (self) : NULL;
  g_auto (GStrv) keys = table != NULL ? g_key_file_get_keys (table, "commands", NULL, NULL) : NULL;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      gsize n = 0;
      g_auto (GStrv) words = g_key_file_get_string_list (table, "commands", keys[i], &n, NULL);
      guint64 at = n > 2 ? g_ascii_strtoull (words[2], NULL, 10) : 0;
      guint64 width = n > 3 ? g_ascii_strtoull (words[3], NULL, 10) : 0;

      if (n >= 2 && ofl_family_matches_cdb (words[0], command, FALSE))
        return ofl_command_describe_as (command, words[1], (guint) MIN (at, OFL_CDB_MAX),
                                        (guint) MIN (width, OFL_CDB_MAX));
    }
  return ofl_command_describe (command);
}
