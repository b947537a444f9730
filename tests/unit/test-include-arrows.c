/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrows between the folders never run back, and every file names its licence. */
#include <gio/gio.h>
#include <string.h>

/* What a folder may include, by the folder of the header. Its own it always may. */
typedef struct {
  const char *folder;
  const char *may[9];
} Rule;

static const Rule rules[] = {
  { "core/scsi", { NULL } },
  { "core/plan", { "scsi", NULL } },
  { "core/drive", { "scsi", NULL } },
  { "core/firmware", { "scsi", NULL } },
  { "core/family", { "scsi", "plan", "drive", "firmware", NULL } },
  { "core/practice", { "scsi", NULL } },
  { "core/families", { "scsi", "plan", "drive", "firmware", "family", "practice", NULL } },
  { "core/link", { "scsi", "plan", "drive", "family", "families", NULL } },
  { "core/flash", { "scsi", "plan", "drive", "firmware", "family", "families", "link", NULL } },
  { "core/doctor", { "scsi", "plan", "drive", "firmware", "family", "families", "flash", NULL } },
  { "core/updater", { "scsi", "plan", "drive", "firmware", "family", "families", "flash", NULL } },
  { "core/service",
    { "scsi", "plan", "drive", "firmware", "family", "families", "flash", "updater", NULL } },
};

/* Of core/scsi a window or a verb needs only the error domain. */
static const char *const scsi_for_users[] = { "scsi/ofl-error.h", NULL };

/* core/ knows no toolkit. */
static const char *const toolkit_headers[] = { "gtk/", "gdk/", "adwaita.h", "gsk/", NULL };

/* Of core/family everybody else knows the frame: what one family does differently is a property of
 * OflFamily. The rooms and their registry know what is behind it. */
static const char *const family_for_others[]
    = { "family/ofl-family.h", "family/ofl-judgement.h", NULL };
static const char *const inside_families[]
    = { "core/family", "core/families", "tests/family", NULL };

/* A room is core/families/ID; its tests are in a folder of their own there. */
#define ROOMS "core/families/"

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
is_inside_families (const char *folder)
{
  return g_strv_contains (inside_families, folder) || g_str_has_prefix (folder, ROOMS);
}

static gboolean
is_within_families (const char *header)
{
  return g_str_has_prefix (header, "family/") && !g_strv_contains (family_for_others, header);
}

/* "nec" of "families/nec/ofl-nec.h" and of "core/families/nec/tests"; %NULL when it is of no room */
static char *
room_of (const char *path, const char *prefix)
{
  const char *rest = g_str_has_prefix (path, prefix) ? path + strlen (prefix) : "";
  const char *slash = strchr (rest, '/');

  if (*rest == '\0' || (slash == NULL && strchr (rest, '.') != NULL))
    return NULL;
  return slash != NULL ? g_strndup (rest, (gsize) (slash - rest)) : g_strdup (rest);
}

/* The device side of a room, by the name of its files. */
static gboolean
is_device_side (const char *file)
{
  const char *slash = strrchr (file, '/');

  return g_str_has_prefix (slash != NULL ? slash + 1 : file, "ofl-practice-");
}

/* A practice drive proves something only as long as it shares nothing with the plan that it is held
 * against: the two sides of a room do not see each other, only the room's tests see both. */
static gboolean
room_file_may (const char *file, const char *header)
{
  static const Rule host = { "", { "scsi", "plan", "drive", "firmware", "family", NULL } };
  static const Rule device = { "", { "scsi", "practice", NULL } };

  if (g_str_has_prefix (header, "families/"))
    return is_device_side (file) == is_device_side (header);
  return core_may (is_device_side (file) ? &device : &host, header);
}

/* What is in a room concerns the room alone: not the registry, not another room, not a test outside. */
static gboolean
may_enter_room (const char *folder, const char *header)
{
  g_autofree char *wanted = room_of (header, "families/");
  g_autofree char *own = room_of (folder, ROOMS);

  return wanted == NULL || g_strcmp0 (wanted, own) == 0;
}

static gboolean
may_include (const char *folder, const char *file, const char *header)
{
  const Rule *rule = find_rule (folder);

  if ((is_within_families (header) && !is_inside_families (folder))
      || !may_enter_room (folder, header))
    return FALSE;
  if (g_str_has_prefix (folder, "tests/") || g_str_has_suffix (folder, "/tests"))
    return TRUE; /* a test may look at anything else */
  if (g_str_has_prefix (folder, ROOMS))
    return room_file_may (file, header);
  if (rule != NULL)
    return core_may (rule, header);
  if (strcmp (folder, "core") == 0)
    return !is_toolkit (header) && !g_str_has_prefix (header, "ofl-ui");
  return user_may (folder, header);
}

static char *
parse_include (const char *line)
{
  g_autoptr (GRegex) regex = g_regex_new ("^\\s*#\\s*include\\s*[\"<]([^\">]+)[\">]", 0, 0, NULL);
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

      if (header != NULL && !may_include (folder, name, header))
        g_ptr_array_add (offences, g_strdup_printf ("%s/%s includes %s", folder, name, header));
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

/* Every room there is, and its tests. */
static void
test_rooms (void)
{
  g_autofree char *path = source_path (ROOMS);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  guint rooms = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *room = g_strconcat (ROOMS, name, NULL);
      g_autofree char *tests = g_strconcat (room, "/tests", NULL);
      g_autofree char *folder = source_path (room);

      if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
        continue;
      g_assert_cmpuint (judge_folder (room, offences), >, 0);
      g_assert_cmpuint (judge_folder (tests, offences), >, 0);
      rooms++;
    }
  g_assert_cmpuint (rooms, >=, 10);
  assert_none (offences);
}

/* Every folder of core that holds code has a rule: a new one can't slip through. */
static void
test_folders_known (void)
{
  g_autofree char *path = source_path ("core");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_strconcat ("core/", name, NULL);
      g_autofree char *file = source_path (folder);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && find_rule (folder) == NULL
          && judge_folder (folder, offences) > 0)
        g_test_fail_printf ("%s has no rule", folder);
    }
}

static guint
count_offences_of (const char *folder, const char *file, const char *text)
{
  g_autoptr (GPtrArray) offences = g_ptr_array_new_with_free_func (g_free);

  judge_text (folder, file, text, offences);
  return offences->len;
}

static guint
count_offences (const char *folder, const char *text)
{
  return count_offences_of (folder, "example.c", text);
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
  g_assert_cmpuint (count_offences ("core/doctor", "#include \"practice/ofl-practice-drive.h\"\n"
                                                   "#include \"service/ofl-client.h\"\n"),
                    ==, 2);
  g_assert_cmpuint (count_offences ("core/practice", "#include \"doctor/ofl-doctor.h\"\n"), ==, 1);
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

/* A family is known by its name only at home. */
static void
test_finds_named_families (void)
{
  static const char *const folders[]
      = { "core",       "core/family",  "core/families", "core/families/nec",
          "core/flash", "core/service", "core/practice", "core/families/nec/tests",
          "ui",         "app",          "tests/unit",    "tests/family" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_cmpuint (count_offences (folders[i], "#include \"families/mt1959/ofl-mt1959.h\"\n"
                                                  "# include <families/mt1959/x.h>\n"),
                      ==, 2);
  g_assert_cmpuint (count_offences ("core/families/mt1959",
                                    "#include \"families/mt1959/ofl-mt1959.h\"\n"),
                    ==, 0);
  g_assert_cmpuint (count_offences ("core/families/mt1959/tests",
                                    "#include \"families/mt1959/ofl-mt1959.h\"\n"),
                    ==, 0);
  g_assert_cmpuint (count_offences ("core/flash", "#include \"families/ofl-families.h\"\n"), ==, 0);
  g_assert_cmpuint (count_offences ("ui", "#include \"family/ofl-judgement.h\"\n"), ==, 0);
  g_assert_cmpuint (count_offences ("ui", "#include \"family/ofl-family-private.h\"\n"), ==, 1);
  g_assert_cmpuint (count_offences ("core/flash", "#include \"family/ofl-family-private.h\"\n"), ==,
                    1);
  g_assert_cmpuint (count_offences ("core/family", "#include \"families/ofl-families.h\"\n"), ==,
                    1);
  g_assert_cmpuint (
      count_offences ("core/practice", "#include \"families/ofl-practice-catalog.h\"\n"), ==, 1);
}

/* The plan side and the device side of a room, each with what the other may not show it. */
static void
test_finds_holes_in_the_wall (void)
{
  static const char device[] = "#include \"families/nec/ofl-nec.h\"\n"
                               "#include \"family/ofl-family-private.h\"\n"
                               "#include \"plan/ofl-plan.h\"\n"
                               "#include \"firmware/ofl-image.h\"\n"
                               "#include \"drive/ofl-snapshot.h\"\n";
  static const char host[] = "#include \"families/nec/ofl-practice-nec.h\"\n"
                             "#include \"practice/ofl-practice-drive.h\"\n"
                             "#include \"flash/ofl-job.h\"\n"
                             "#include <gtk/gtk.h>\n";
  const char *room = "core/families/nec";

  g_assert_cmpuint (count_offences_of (room, "ofl-practice-nec.c", device), ==, 5);
  g_assert_cmpuint (count_offences_of (room, "ofl-practice-nec.h", device), ==, 5);
  g_assert_cmpuint (count_offences_of (room, "ofl-nec-plan.c", host), ==, 4);
  g_assert_cmpuint (count_offences_of (room, "ofl-nec.h", host), ==, 4);
  g_assert_cmpuint (count_offences_of (room, "ofl-practice-nec.c",
                                       "#include \"families/nec/ofl-practice-nec.h\"\n"
                                       "#include \"practice/ofl-practice-kit.h\"\n"
                                       "#include \"scsi/ofl-bytes.h\"\n"),
                    ==, 0);
  g_assert_cmpuint (count_offences_of (room, "ofl-nec-plan.c",
                                       "#include \"families/nec/ofl-nec.h\"\n"
                                       "#include \"family/ofl-family-private.h\"\n"
                                       "#include \"firmware/ofl-container-format.h\"\n"
                                       "#include \"plan/ofl-plan.h\"\n"),
                    ==, 0);
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

/* "obj-…" is what Debian's tools build in. */
static gboolean
is_built (const char *name)
{
  return g_str_has_prefix (name, "build") || g_str_has_prefix (name, "obj-")
         || g_str_has_suffix (name, "~") || strcmp (name, ".git") == 0
         || strcmp (name, "__pycache__") == 0;
}

static gboolean
needs_licence (const char *name)
{
  /* a table that is kept as it was collected has its sources and licences in a README beside it */
  return strcmp (name, "COPYING") != 0 && !g_str_has_suffix (name, ".png")
         && !g_str_has_suffix (name, ".csv");
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
  /* data/debian/build moves it there in its copy of the tree, and adds what Debian's tools write */
  g_autofree char *packaging = g_build_filename (g_getenv ("SOURCE_ROOT"), "debian", NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *text = NULL;

      if (is_built (name) || strcmp (child, packaging) == 0)
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
  static const char *const others[] = { "core",
                                        "ui",
                                        "app",
                                        "tests/adversary",
                                        "tests/bench",
                                        "tests/cli",
                                        "tests/fuzz",
                                        "tests/family",
                                        "tests/firmware-encoders",
                                        "tests/kernel",
                                        "tests/kit",
                                        "tests/practice",
                                        "tests/service",
                                        "tests/unit" };

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
  g_test_add_func ("/arrows/rooms", test_rooms);
  g_test_add_func ("/arrows/every-folder-has-a-rule", test_folders_known);
  g_test_add_func ("/arrows/finds-bad-ones", test_finds_bad_arrows);
  g_test_add_func ("/arrows/finds-named-families", test_finds_named_families);
  g_test_add_func ("/arrows/finds-holes-in-the-wall", test_finds_holes_in_the_wall);
  g_test_add_func ("/arrows/lets-good-ones-pass", test_lets_good_arrows_pass);
  g_test_add_func ("/licences/every-file", test_licences);
  g_test_add_func ("/licences/finds-a-missing-one", test_finds_missing_licence);
  return g_test_run ();
}
