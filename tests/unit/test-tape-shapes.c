/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a tape in short: which commands are one group, which are one shape, and what the families'
 * tables call them. */
#include <string.h>

#include "families/ofl-families.h"
#include "updater/ofl-tape-shapes.h"

/* A tape of commands without data, each of them two bytes of its CDB */
static OflTape *
parse_commands (const guint8 (*starts)[2], guint n)
{
  g_autoptr (GString) text = g_string_new (
      "{\"format\":\"optiflash-tape\",\"version\":1,\"program\":\"p\",\"began\":\"\",\"data\":\"hash\","
      "\"drive\":{\"vendor\":\"V\",\"product\":\"P\",\"revision\":\"R\",\"link\":\"\",\"serial\":\"\"}}\n");
  g_autoptr (GError) error = NULL;
  OflTape *tape;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "{\"n\":%u,\"at_ms\":0,\"took_us\":10,\"cdb\":\"%02x %02x 00 00 00 00\","
                            "\"direction\":\"none\",\"length\":0,\"moved\":0,\"timeout_ms\":1000,"
                            "\"host\":0,\"driver\":0,\"outcome\":\"ok\",\"status\":0}\n",
                            i + 1, starts[i][0], starts[i][1]);
  tape = ofl_tape_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  return tape;
}

/* What is alike and has nothing but polls between it is one group. */
static void
test_group_kinds (void)
{
  static const guint8 starts[][2] = { { 0xe0, 1 }, { 0xe0, 1 }, { 0x00, 0 }, { 0x03, 0 },
                                      { 0xe0, 1 }, { 0xe0, 2 }, { 0xe0, 1 }, { 0x00, 0 },
                                      { 0x03, 0 }, { 0x00, 0 }, { 0xe1, 1 } };
  static const OflTapeGroup want[] = { { .first = 0, .last = 4, .commands = 3, .polls = 2 },
                                       { .first = 5, .last = 5, .commands = 1 },
                                       { .first = 6, .last = 6, .commands = 1 },
                                       { .first = 7, .last = 9, .commands = 2, .polls = 1 },
                                       { .first = 10, .last = 10, .commands = 1 } };
  g_autoptr (OflTape) tape = parse_commands (starts, G_N_ELEMENTS (starts));
  g_autoptr (GArray) groups = ofl_tape_list_groups (tape);

  g_assert_cmpuint (groups->len, ==, G_N_ELEMENTS (want));
  for (guint i = 0; i < groups->len; i++)
    {
      const OflTapeGroup *group = &g_array_index (groups, OflTapeGroup, i);

      g_assert_cmpuint (group->first, ==, want[i].first);
      g_assert_cmpuint (group->last, ==, want[i].last);
      g_assert_cmpuint (group->commands, ==, want[i].commands);
      g_assert_cmpuint (group->polls, ==, want[i].polls);
    }
}

/* Eight values of the second byte are eight shapes; a ninth, and it is no part of what is asked for. */
static void
test_shape_kinds (void)
{
  guint8 starts[18][2];

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      starts[i][0] = 0xe9;
      starts[i][1] = (guint8) (i / 2);
    }
  for (guint n = 16; n <= 18; n += 2)
    {
      g_autoptr (OflTape) tape = parse_commands (starts, n);
      g_autoptr (GArray) shapes = ofl_tape_list_unknown (tape);
      const OflTapeShape *first = &g_array_index (shapes, OflTapeShape, 0);

      g_assert_cmpuint (shapes->len, ==, n == 16 ? 8 : 1);
      g_assert_cmpuint (first->count, ==, n == 16 ? 2 : 18);
      g_assert_cmpuint (first->varies, ==, n == 16 ? 0 : 1u << 1);
    }
}

/* A family's name for its maker's command, and whose it is. */
static void
test_names (void)
{
  static const guint8 nec[12] = { 0xcc, 0x00, 0, 0, 0x10, 0 }, read[10] = { 0x3c, 0x02 };
  OflCommand vendor = ofl_command_raw (nec, sizeof nec, OFL_DIR_IN, 8, 1000);
  OflCommand standard = ofl_command_raw (read, sizeof read, OFL_DIR_IN, 8, 1000);
  g_autofree char *of_vendor = ofl_tape_describe_command (&vendor);
  g_autofree char *of_standard = ofl_tape_describe_command (&standard);

  g_assert_nonnull (strstr (of_vendor, "read memory (vendor command CCh)"));
  g_assert_nonnull (strstr (of_vendor, "[nec]"));
  g_assert_cmpstr (of_standard, ==, "READ BUFFER, 8 bytes at 0h");
}

/* What the families' own readers of their tables say; families in their order. */
static char *
describe_by_tables (const OflCommand *command)
{
  g_autofree char *plain = ofl_command_describe (command);

  for (guint i = 0; i < ofl_families_count () && !ofl_command_is_named (command); i++)
    {
      const OflFamily *family = ofl_families_get (i);
      g_autofree char *words = ofl_family_describe_command (family, command);

      if (strcmp (words, plain) != 0 || ofl_family_only_asks (family, command))
        return g_strdup_printf ("%s [%s]", words, ofl_family_id (family));
    }
  return g_steal_pointer (&plain);
}

/* A CDB that a table's pattern means, another opcode's, one byte off, one byte more; in each direction */
static guint
check_pattern (const char *pattern)
{
  g_auto (GStrv) words = g_strsplit (pattern, " ", -1);
  guint n = g_strv_length (words), found = 0;

  for (guint i = 0; i < 4 * 3; i++)
    {
      guint8 cdb[OFL_CDB_MAX] = { 0 };
      guint length = MAX (n + (i / 3 == 3), 6);
      OflCommand command;
      g_autofree char *want = NULL;
      g_autofree char *is = NULL;

      for (guint at = 0; at < n; at++)
        cdb[at] = (guint8) g_ascii_strtoull (g_strdelimit (words[at], ".", '0'), NULL, 16);
      cdb[0] ^= i / 3 == 1 ? 0x10 : 0;
      cdb[n - 1] ^= i / 3 == 2 ? 0x11 : 0;
      command = ofl_command_raw (cdb, (guint8) MIN (length, OFL_CDB_MAX), (OflDirection) (i % 3),
                                 i % 3 == 0 ? 0 : 8, 1000);
      want = describe_by_tables (&command);
      is = ofl_tape_describe_command (&command);
      g_assert_cmpstr (is, ==, want);
      g_assert_true (ofl_tape_is_named (&command)
                     == (ofl_command_is_named (&command) || strchr (want, '[') != NULL));
      found += strchr (want, '[') != NULL;
    }
  return found;
}

/* The tables that are read once say what the families say of each command. */
static void
test_all_names (void)
{
  static const char *const groups[] = { "commands", "only-asks" };
  guint found = 0;

  for (guint i = 0; i < ofl_families_count () * 2; i++)
    {
      GKeyFile *table = ofl_family_table (ofl_families_get (i / 2));
      g_auto (GStrv) keys = g_key_file_get_keys (table, groups[i % 2], NULL, NULL);

      for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
        {
          g_auto (GStrv) words
              = g_key_file_get_string_list (table, groups[i % 2], keys[k], NULL, NULL);

          found += check_pattern (words[0]);
        }
    }
  g_assert_cmpuint (found, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tape-shapes/all-names", test_all_names);
  g_test_add_func ("/tape-shapes/group-kinds", test_group_kinds);
  g_test_add_func ("/tape-shapes/names", test_names);
  g_test_add_func ("/tape-shapes/shape-kinds", test_shape_kinds);
  return g_test_run ();
}
