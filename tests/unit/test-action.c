/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A10: what a person is to do stands in the core's sentences without the words of either front end;
 * each of them says it in its own. */
#include <gio/gio.h>
#include <string.h>

#include "plan/ofl-action.h"

static char *
shout (OflAction action, const char *argument)
{
  return g_strdup_printf ("do %s%s%s", ofl_action_id (action), argument != NULL ? "/" : "",
                          argument != NULL ? argument : "");
}

static void
assert_words (const char *text, OflActionWords words, const char *expected)
{
  g_autofree char *got = ofl_action_word (text, words);

  g_assert_cmpstr (got, ==, expected);
}

static void
test_a10_words (void)
{
  assert_words (NULL, shout, NULL);
  assert_words ("Nothing.", shout, "Nothing.");
  assert_words (OFL_DO ("set experimental=yes") " if you want to.", shout,
                "Do set/experimental=yes if you want to.");
  assert_words ("To go on, " OFL_DO ("accept-no-backup") ". " OFL_DO ("rewrite") ".", shout,
                "To go on, do accept-no-backup. Do rewrite.");
  assert_words ("It is known: " OFL_DO ("rewrite"), NULL, "It is known: ask for a rewrite");
  assert_words (OFL_DO ("set enc=no") ".", NULL, "Choose enc=no.");
}

/* A newer service may name an action that is not known here; a file may be called anything. */
static void
test_unknown_stays (void)
{
  assert_words (OFL_DO ("fly") ".", shout, OFL_DO ("fly") ".");
  assert_words ("a ⟦b c", shout, "a ⟦b c");
  assert_words ("⟦" OFL_DO ("rewrite"), shout, "⟦do rewrite");
  assert_words ("{rewrite}.bin", shout, "{rewrite}.bin");
}

static gboolean
is_known (const char *what)
{
  for (guint i = 0; i < OFL_N_ACTIONS; i++)
    {
      const char *id = ofl_action_id (i);
      gsize length = strlen (id);

      if (strncmp (what, id, length) == 0 && (what[length] == '\0' || what[length] == ' '))
        return TRUE;
    }
  return FALSE;
}

/* Every action of a text that stands between @open and @close; returns how many there are. */
static guint
look_at_actions (const char *path, const char *text, const char *open, const char *close)
{
  guint n = 0;

  for (const char *at = strstr (text, open); at != NULL; at = strstr (at + 1, open))
    {
      const char *begin = at + strlen (open);
      const char *end = strstr (begin, close);
      g_autofree char *what = end != NULL ? g_strndup (begin, (gsize) (end - begin)) : NULL;

      g_assert_nonnull (what);
      if (g_str_equal (what, "…")) /* a comment speaks of them */
        continue;
      n++;
      if (!is_known (what))
        g_test_fail_printf ("%s: no action “%s”", path, what);
    }
  return n;
}

/* Every OFL_DO ("…") of a source, and where gettext has to read it, every ⟦…⟧, also of one that
 * goes over the end of a line. */
static guint
look_at_source (const char *path)
{
  g_autoptr (GRegex) breaks = g_regex_new ("\"\\s*\\\\?\\n\\s*\"", 0, 0, NULL);
  g_autofree char *text = NULL;
  g_autofree char *joined = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  joined = g_regex_replace_literal (breaks, text, -1, 0, "", 0, NULL);
  return look_at_actions (path, joined, "OFL_DO (\"", "\"")
         + look_at_actions (path, joined, "⟦", "⟧");
}

static guint
look_at_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        n += look_at_folder (child);
      else if (g_str_has_suffix (name, ".c") && strcmp (name, "ofl-action.c") != 0)
        n += look_at_source (child);
    }
  return n;
}

static void
test_sources_name_known_actions (void)
{
  g_autofree char *core = g_build_filename (g_getenv ("SOURCE_ROOT"), "core", NULL);

  g_assert_cmpuint (look_at_folder (core), >, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/action/a10-words", test_a10_words);
  g_test_add_func ("/action/unknown-stays", test_unknown_stays);
  g_test_add_func ("/action/sources-name-known-actions", test_sources_name_known_actions);
  return g_test_run ();
}
