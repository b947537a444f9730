/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrows between the folders never run back, and every file names its licence. */
#include <gio/gio.h>
#include <string.h>

/* What a folder may include, by the folder of the header. Its own it always may. */
typedef struct {
  const char *folder;
  const char *may[8];
} Rule;

static const Rule rules[] = {
  { "core/scsi", { NULL } },
  { "core/plan", { "scsi", NULL } },
  { "core/drive", { "scsi", NULL } },
  { "core/firmware", { "scsi", NULL } },
  { "core/family", { "scsi", "plan", "drive", "firmware", NULL } },
  { "core/flash", { "scsi", "plan", "drive", "firmware", "family", NULL } },
  { "core/practice", { "scsi", NULL } },
  { "core/service", { "scsi", "plan", "drive", "firmware", "family", "flash", NULL } },
};

/* Of core/scsi a window or a verb needs only the error domain. */
static const char *const scsi_for_users[] = { "scsi/ofl-error.h", NULL };

/* core/ knows no toolkit. */
static const char *const toolkit_headers[] = { "gtk/", "gdk/", "adwaita.h", "gsk/", NULL };

static const Rule *
find_rule (const char *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i].folder, folder) == 0)
      return &rules[i];
  return NULL;
}

static gboolean
is_toolkit (const char *header)
{
  for (guint i = 0; toolkit_headers[i] != NULL; i++)
    if (g_str_has_prefix (header, toolkit_headers[i]))
      return TRUE;
  return FALSE;
}

static gboolean
core_may (const Rule *rule, const char *header)
{
  const char *slash = strchr (header, '/');
  g_autofree char *of = slash != NULL ? g_strndup (header, (gsize) (slash - header)) : NULL;

  if (is_toolkit (header) || g_str_has_prefix (header, "ofl-ui") || strstr (header, "..") != NULL)
    return FALSE;
  if (strcmp (header, "ofl-core.h") == 0)
    return FALSE; /* the front door stands above every folder */
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_strcmp0 (rules[i].folder + strlen ("core/"), of) == 0)
      return &rules[i] == rule || g_strv_contains ((const char *const *) rule->may, of);
  return TRUE; /* a system header, or one of the same folder */
}

/* The folders above core: whatever they like of it, but no commands. */
static gboolean
user_may (const char *folder, const char *header)
{
  if (strstr (header, "../") != NULL)
    return FALSE;
  if (g_str_has_prefix (header, "scsi/"))
    return g_strv_contains (scsi_for_users, header);
  if (strcmp (folder, "ui") == 0 && g_str_has_prefix (header, "practice/"))
    return FALSE;
  return !g_str_has_suffix (header, "-private.h") || strchr (header, '/') == NULL;
}

static gboolean
may_include (const char *folder, const char *header)
{
  const Rule *rule = find_rule (folder);

  if (rule != NULL)
    return core_may (rule, header);
  if (strcmp (folder, "core") == 0)
    return !is_toolkit (header) && !g_str_has_prefix (header, "ofl-ui");
  return user_may (folder, header);
}

static char *
parse_include (const char *line)
{
  g_autoptr (GRegex) regex
      = g_regex_new ("^\\s*#\\s*include\\s*[\"<]([^\">]+)[\">]", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, line, 0, &match))
    return NULL;
  return g_match_info_fetch (match, 1);
}

/* Offences in @text, each "folder/name includes header". */
static void
judge_text (const char *folder, const char *name, const char *text, GPtrArray *offences)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *header = parse_include (lines[i]);

      if (header != NULL && !may_include (folder, header))
        g_ptr_array_add (offences,
                         g_strdup_printf ("%s/%s includes %s", folder, name, header));
    }
}

static char *
source_path (const char *relative)
{
  return g_build_filename (g_getenv ("SOURCE_ROOT"), relative, NULL);
}

static guint
judge_folder (const char *folder, GPtrArray *offences)
{
  g_autofree char *path = source_path (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  const char *name;
  guint files = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *text = NULL;

      if (!g_str_has_suffix (name, ".c") && !g_str_has_suffix (name, ".h"))
        continue;
      g_file_get_contents (file, &text, NULL, &error);
      g_assert_no_error (error);
      judge_text (folder, name, text, offences);
      files++;
    }
  return files;
}

static void
assert_none (GPtrArray *offences)
{
  for (guint i = 0; i < offences->len; i++)
    g_test_message ("%s", (const char *) g_ptr_array_index (offences, i));
  if (offences->len > 0)
    g_test_fail_printf ("%u offences, the first: %s", offences->len,
                        (const char *) g_ptr_array_index (offences, 0));
}

static void
test_folder (gconstpointer data)
{
  const char *folder = data;
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);
  guint files = judge_folder (folder, offences);

  g_assert_cmpuint (files, >, 0);
  assert_none (offences);
}

/* Every folder of core has a rule: a new one can't slip through. */
static void
test_folders_known (void)
{
  g_autofree char *path = source_path ("core");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_strconcat ("core/", name, NULL);
      g_autofree char *file = source_path (folder);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && find_rule (folder) == NULL)
        g_test_fail_printf ("%s has no rule", folder);
    }
}

static guint
count_offences (const char *folder, const char *text)
{
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);

  judge_text (folder, "example.c", text, offences);
  return offences->len;
}

/* The test is worth nothing if it lets a bad arrow pass. */
static void
test_finds_bad_arrows (void)
{
  g_assert_cmpuint (count_offences ("core/scsi", "#include \"family/ofl-family.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core/scsi", "  #  include <gtk/gtk.h>\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core/family", "#include \"flash/ofl-executor.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core/family", "#include \"practice/ofl-practice-drive.h\"\n"),
                    ==, 1);
  g_assert_cmpuint (count_offences ("core/flash", "#include \"practice/ofl-practice-drive.h\"\n"),
                    ==, 1);
  g_assert_cmpuint (count_offences ("core/practice", "#include \"plan/ofl-plan.h\"\n"
                                                     "#include \"family/ofl-family.h\"\n"
                                                     "#include \"flash/ofl-job.h\"\n"),
                    ==, 3);
  g_assert_cmpuint (count_offences ("core/plan", "#include \"../drive/ofl-drive.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core/drive", "#include \"ofl-core.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core", "#include <adwaita.h>\n"), ==, 1);
  g_assert_cmpuint (count_offences ("ui", "#include \"scsi/ofl-transport.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("ui", "#include \"flash/ofl-progress-private.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("app", "#include \"scsi/ofl-command.h\"\n"), ==, 1);
}

static void
test_lets_good_arrows_pass (void)
{
  g_assert_cmpuint (count_offences ("core/family", "#include <string.h>\n"
                                                   "#include \"scsi/ofl-bytes.h\"\n"
                                                   "#include \"family/ofl-family-private.h\"\n"
                                                   "#include \"plan/ofl-plan.h\"\n"),
                    ==, 0);
  g_assert_cmpuint (count_offences ("ui", "#include <adwaita.h>\n"
                                          "#include \"ofl-core.h\"\n"
                                          "#include \"scsi/ofl-error.h\"\n"),
                    ==, 0);
}

/* Licences */

static gboolean
is_built (const char *name)
{
  return g_str_has_prefix (name, "build") || g_str_has_suffix (name, "~")
         || strcmp (name, ".git") == 0 || strcmp (name, "__pycache__") == 0;
}

static gboolean
needs_licence (const char *name)
{
  return strcmp (name, "COPYING") != 0 && !g_str_has_suffix (name, ".png");
}

/* Within three lines: a script's or XML's first line is its own. */
static gboolean
names_licence (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 4);

  for (guint i = 0; i < 3 && lines[i] != NULL; i++)
    if (strstr (lines[i], "SPDX-License-Identifier: GPL-3.0-or-later") != NULL)
      return TRUE;
  return FALSE;
}

static void
look_for_licences (const char *path, GPtrArray *offences, guint *files)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *text = NULL;

      if (is_built (name))
        continue;
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          look_for_licences (child, offences, files);
          continue;
        }
      if (!needs_licence (name) || !g_file_get_contents (child, &text, NULL, NULL))
        continue;
      ++*files;
      if (!names_licence (text))
        g_ptr_array_add (offences, g_steal_pointer (&child));
    }
}

static void
test_licences (void)
{
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);
  guint files = 0;

  look_for_licences (g_getenv ("SOURCE_ROOT"), offences, &files);
  g_assert_cmpuint (files, >, 50);
  assert_none (offences);
}

static void
test_finds_missing_licence (void)
{
  g_assert_false (names_licence ("int main (void);\n\n\n/* SPDX-License-Identifier: "
                                 "GPL-3.0-or-later */\n"));
  g_assert_false (names_licence ("/* SPDX-License-Identifier: MIT */\n"));
  g_assert_true (names_licence ("#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\n"));
}

int
main (int argc, char **argv)
{
  static const char *const others[] = { "core", "ui", "app" };

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("SOURCE_ROOT") == NULL)
    {
      g_test_message ("SOURCE_ROOT is not set: run this through meson test");
      return 77;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *name = g_strconcat ("/arrows/", rules[i].folder, NULL);

      g_test_add_data_func (name, rules[i].folder, test_folder);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *name = g_strconcat ("/arrows/", others[i], NULL);

      g_test_add_data_func (name, others[i], test_folder);
    }
  g_test_add_func ("/arrows/every-folder-has-a-rule", test_folders_known);
  g_test_add_func ("/arrows/finds-bad-ones", test_finds_bad_arrows);
  g_test_add_func ("/arrows/lets-good-ones-pass", test_lets_good_arrows_pass);
  g_test_add_func ("/licences/every-file", test_licences);
  g_test_add_func ("/licences/finds-a-missing-one", test_finds_missing_licence);
  return g_test_run ();
}
