/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the table of drives and the list by which files are split are two texts of the
 * same facts (tables/nec.csv); they must agree. */
#include <gio/gio.h>
#include <string.h>

#include "firmware/ofl-nec-ids.h"

/* How many drive types have each type of flash: annex-nec.md 5. */
static const struct {
  const char *type;
  guint drives;
} types[] = {
  { "640K", 2 },     { "768K", 1 },     { "1M", 5 },       { "1M-K2", 1 },
  { "2M", 17 },      { "2MOpti", 33 },  { "2MOpti2", 32 }, { "2MOpti3", 84 },
  { "2MOpti4", 78 }, { "2MOptiBD", 4 }, { "2MOptiBD2", 4 }, { "2MHDDVD", 1 },
};

static GKeyFile *
load (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("SOURCE_ROOT"), "data/drives/nec.ini", NULL);
  GKeyFile *table = g_key_file_new ();

  g_assert_true (g_key_file_load_from_file (table, path, G_KEY_FILE_NONE, NULL));
  return table;
}

static guint
check_ids (GKeyFile *table, const char *group, const char *key, const char *type)
{
  g_auto (GStrv) ids = g_key_file_get_string_list (table, group, key, NULL, NULL);
  guint n = 0;

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++, n++)
    {
      const OflNecType *of_file = ofl_nec_find_type ((const guint8 *) ids[i]);

      g_assert_cmpuint (strlen (ids[i]), ==, 4);
      /* types without a file that could be written, and an ID that only dumps have */
      if (g_str_equal (type, "2MOptiBD2") || g_str_equal (type, "2MHDDVD")
          || g_str_equal (ids[i], "Q380"))
        g_assert_null (of_file);
      else
        g_assert_cmpstr (of_file->name, ==, type);
    }
  return n;
}

static void
test_agree (void)
{
  g_autoptr (GKeyFile) table = load ();
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  guint drives[G_N_ELEMENTS (types)] = { 0 }, on_drives = 0, in_files = 0, nameless = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *type = NULL;
      guint n;

      if (!g_str_has_prefix (groups[i], "drive "))
        continue;
      type = g_key_file_get_string (table, groups[i], "type", NULL);
      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        drives[j] += g_strcmp0 (type, types[j].type) == 0 ? 1 : 0;
      n = check_ids (table, groups[i], "ids", type);
      nameless += n == 0 ? 1 : 0;
      on_drives += n;
      in_files += check_ids (table, groups[i], "file-ids", type);
    }
  for (guint j = 0; j < G_N_ELEMENTS (types); j++)
    g_assert_cmpuint (drives[j], ==, types[j].drives);
  g_assert_cmpuint (nameless, ==, 18);
  g_assert_cmpuint (in_files, ==, 7);
  /* 308 strings are recognised, six of them in files only */
  g_assert_cmpuint (on_drives, ==, 308 - 6);
}

/* No ID stands for two types. */
static void
test_unique (void)
{
  g_autoptr (GKeyFile) table = load ();
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const keys[] = { "ids", "file-ids" };

  for (guint i = 0; groups[i] != NULL; i++)
    for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
      {
        g_auto (GStrv) ids = g_key_file_get_string_list (table, groups[i], keys[k], NULL, NULL);

        for (guint j = 0; ids != NULL && ids[j] != NULL; j++)
          g_assert_true (g_hash_table_add (seen, g_strdup (ids[j])));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nec-ids/agree", test_agree);
  g_test_add_func ("/nec-ids/unique", test_unique);
  return g_test_run ();
}
