/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEC and Optiarc: the IDs of the table of drives, by which a file's images are told apart. */
#include <gio/gio.h>
#include <string.h>

#include "families/nec/ofl-nec.h"
#include "family/ofl-family-private.h"

/* How many drive types have each type of flash: nec 3.6. */
static const struct {
  const char *type;
  guint drives;
} types[] = {
  { "640K", 2 },     { "768K", 1 },     { "1M", 5 },        { "1M-K2", 1 },
  { "2M", 17 },      { "2MOpti", 33 },  { "2MOpti2", 32 },  { "2MOpti3", 84 },
  { "2MOpti4", 78 }, { "2MOptiBD", 4 }, { "2MOptiBD2", 4 }, { "2MHDDVD", 1 },
};

static GKeyFile *
load (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("SOURCE_ROOT"), "core/families/nec/nec.ini", NULL);
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
      g_autoptr (OflNecModel) model
          = ofl_nec_model_by_id (&ofl_family_nec, (const guint8 *) ids[i], 0);

      g_assert_cmpuint (strlen (ids[i]), ==, OFL_NEC_ID_LEN);
      g_assert_nonnull (model);
      g_assert_cmpstr (model->layout->name, ==, type);
    }
  return n;
}

static void
test_known (void)
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

/* nec 3.1 */
static void
test_lengths (void)
{
  static const struct {
    const char *id;
    guint32 length;
  } cases[] = {
    { "K100", 634888 },  { "A110", 634888 },  { "L25R", 753668 },  { "K251", 1024004 },
    { "LY5R", 1024004 }, { "K471", 1966086 }, { "Q205", 1835014 }, { "C500", 1901058 },
  };
  static const char *const none[] = { " K10", "\0\0\0\0", "k110" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (OflNecModel) model
          = ofl_nec_model_by_id (&ofl_family_nec, (const guint8 *) cases[i].id, 0);

      g_assert_nonnull (model);
      g_assert_cmpuint (model->layout->length, ==, cases[i].length);
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_null (ofl_nec_model_by_id (&ofl_family_nec, (const guint8 *) none[i], 0));
}

/* What the search says of a type is what the probe makes of its drives. */
static void
test_marks (void)
{
  g_autoptr (GKeyFile) table = load ();
  g_autoptr (GPtrArray) names = ofl_nec_model_names (&ofl_family_nec);

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (OflNecModel) model
          = ofl_nec_model_by_name (&ofl_family_nec, g_ptr_array_index (names, i));

      g_assert_cmpint (model->layout->writes, ==,
                       !g_key_file_has_key (table, model->group, "written", NULL));
      g_assert_cmpint (g_key_file_has_key (table, model->group, "ids", NULL), ==,
                       !g_key_file_has_key (table, model->group, "seen", NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nec-ids/known", test_known);
  g_test_add_func ("/nec-ids/lengths", test_lengths);
  g_test_add_func ("/nec-ids/marks", test_marks);
  g_test_add_func ("/nec-ids/unique", test_unique);
  return g_test_run ();
}
